using System.Text;
using Tocsin.Formats.Text;

namespace Tocsin.Formats.Inspect;

/// <summary>Counts what a plot file or an events file holds, line by line.</summary>
internal sealed class TextInspection
{
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);
    private readonly ProblemList _problems = new();
    private readonly List<string> _records = [];
    private long _lines;
    private string? _first, _last;

    public static InputResult<InspectReport> Run(string path, FileKind kind, InspectOptions options)
    {
        try
        {
            var inspection = new TextInspection();
            using (var lines = new LineReader(LineReader.OpenFile(path), FormatLimits.EventLineBytes))
            {
                if (kind == FileKind.Events) inspection.CountEvents(lines, options.Limit);
                else inspection.CountPlots(lines, options.Limit);
                if (lines.Failure.Length > 0) inspection._problems.Add(lines.Failure, lines.LineNumber, 0);
            }
            return new InspectReport
            {
                File = path,
                Kind = kind == FileKind.Events ? "events" : "plots",
                Bytes = new FileInfo(path).Length,
                Lines = inspection._lines,
                Types = kind == FileKind.Events ? inspection._counts : null,
                Sensors = kind == FileKind.Plots ? inspection._counts : null,
                FirstTime = inspection._first,
                LastTime = inspection._last,
                Problems = inspection._problems.ToList(),
                Records = inspection._records,
            };
        }
        catch (Exception e) when (InputError.IsOfInput(e))
        {
            return InputError.Of(path, e);
        }
    }

    private void CountEvents(LineReader lines, int limit)
    {
        while (Next(lines, out ReadOnlySpan<byte> line))
        {
            if (line.IsEmpty) continue;
            _lines++;
            if (!JsonLine.TryRead(line, out JsonLine read) || read.Type.Length == 0)
            {
                _problems.Add(lines.LineWasEnded ? "line that is no JSON object with a type" : "last line that is cut", lines.LineNumber, line.Length);
                continue;
            }
            Count(read.Type, line, limit);
            // RFC 3339 in UTC sorts as text.
            if (read.Time.Length > 0) Span(read.Time, string.CompareOrdinal(read.Time, _first) < 0, string.CompareOrdinal(read.Time, _last) > 0);
        }
    }

    private void CountPlots(LineReader lines, int limit)
    {
        if (!Next(lines, out ReadOnlySpan<byte> header)) return;
        string[] columns = Columns(header);
        int time = Array.IndexOf(columns, "time_s"), sensor = Array.IndexOf(columns, "sensor");
        double first = double.PositiveInfinity, last = double.NegativeInfinity;
        while (Next(lines, out ReadOnlySpan<byte> line))
        {
            if (line.IsEmpty) continue;
            _lines++;
            string[] values = Columns(line);
            if (values.Length != columns.Length || time < 0 || !double.TryParse(values[time], out double seconds) || !double.IsFinite(seconds))
            {
                _problems.Add("line that does not fit its header or has no time", lines.LineNumber, line.Length);
                continue;
            }
            Count(sensor < 0 ? "" : values[sensor], line, limit);
            if (Math.Abs(seconds) < CaptureInspection.LatestSeconds)
                Span(new Instant(0).AddSeconds(seconds).ToString(), seconds < first, seconds > last);
            (first, last) = (Math.Min(first, seconds), Math.Max(last, seconds));
        }
    }

    private bool Next(LineReader lines, out ReadOnlySpan<byte> line)
    {
        while (true)
        {
            switch (lines.Next(out line))
            {
                case LineStatus.Line: return true;
                case LineStatus.TooLong:
                    _problems.Add("line that is too long", lines.LineNumber, 0);
                    continue;
                default: return false;
            }
        }
    }

    private static string[] Columns(ReadOnlySpan<byte> line) => Encoding.UTF8.GetString(line).Split(',', StringSplitOptions.TrimEntries);

    private void Count(string name, ReadOnlySpan<byte> line, int limit)
    {
        _counts[name] = _counts.GetValueOrDefault(name) + 1;
        if (_records.Count < limit) _records.Add(InputError.OneLine(Encoding.UTF8.GetString(line)));
    }

    private void Span(string time, bool earlier, bool later)
    {
        if (_first is null || earlier) _first = time;
        if (_last is null || later) _last = time;
    }
}

/// <summary>Counts problems by reason, in the order in which they first came.</summary>
internal sealed class ProblemList
{
    private readonly Dictionary<string, int> _byReason = new(StringComparer.Ordinal);
    private readonly List<InspectProblem> _problems = [];

    public void Add(string reason, long place, long octets)
    {
        if (_byReason.TryGetValue(reason, out int at))
        {
            InspectProblem p = _problems[at];
            _problems[at] = p with { Count = p.Count + 1, Octets = p.Octets + octets };
            return;
        }
        _byReason.Add(reason, _problems.Count);
        _problems.Add(new(reason, 1, place, octets));
    }

    public List<InspectProblem> ToList() => _problems;
}
