using System.Runtime.InteropServices;
using Tocsin.Formats.GeoJson;
using Tocsin.Formats.Text;

namespace Tocsin.Formats.Events;

/// <summary>How many lines of an events file were used.</summary>
/// <param name="Used">Lines that were passed on.</param>
/// <param name="PassedOver">Lines of a type that is not known, or in a replay not wanted.</param>
/// <param name="Bad">Lines that could not be read.</param>
/// <param name="FirstProblem">What was wrong with the first of those, with its place; null where there are none.</param>
/// <param name="Sealed">Whether the line that seals the recording was met; <see cref="RecordingSeal"/> checks it.</param>
/// <param name="PreviousSeal">The seal of the recording that this one goes on from; null for none.</param>
public readonly record struct EventCounts(long Used, long PassedOver, long Bad, string? FirstProblem, bool Sealed, string? PreviousSeal);

/// <summary>Reads an events file: either everything, to a site output, or what a Site was fed, to a plot sink. The mirror of <see cref="EventWriter"/>.</summary>
public sealed class EventReader : IDisposable
{
    private readonly LineReader _lines;
    private readonly EventMapper _mapper;
    private readonly string _fileName;
    private readonly RejectionBudget _rejections;
    private long _used, _passedOver, _bad;
    private string? _firstProblem, _previousSeal;
    private bool _sealed, _ended;

    private EventReader(LineReader lines, RecordingHeader header, string name)
    {
        _lines = lines;
        Header = header;
        _mapper = new EventMapper(header.Site.Definition);
        _fileName = Path.GetFileName(name);
        _rejections = new RejectionBudget(_fileName);
    }

    /// <summary>What the first line says.</summary>
    public RecordingHeader Header { get; }

    /// <summary>The Site's clock when the recording was sealed; null where that line has not been met.</summary>
    public Instant? SealTime { get; private set; }

    /// <summary>Whether the recording's seal says that the Site went on in another one.</summary>
    public bool Continued { get; private set; }

    /// <summary>How many lines were used so far, the first not counted.</summary>
    public EventCounts Counts => new(_used, _passedOver, _bad, _firstProblem, _sealed, _previousSeal);

    /// <summary>Opens an events file; an error where it is missing, empty, or does not begin with the line that opens a recording.</summary>
    /// <param name="path">The file; one whose name ends in .gz is unpacked.</param>
    public static InputResult<EventReader> Open(string path)
    {
        try
        {
            return Open(LineReader.OpenFile(path), path);
        }
        catch (Exception e) when (InputError.IsOfInput(e))
        {
            return InputError.Of(path, e);
        }
    }

    /// <summary>Reads events from a stream, which the reader then owns.</summary>
    public static InputResult<EventReader> Open(Stream stream, string name)
    {
        var lines = new LineReader(stream, FormatLimits.EventLineBytes);
        InputResult<RecordingHeader> header = ReadHeader(lines, name);
        if (header.Ok) return new EventReader(lines, header.Value, name);
        lines.Dispose();
        return header.Error;
    }

    /// <summary>Gives every line after the first to <paramref name="output"/>, in order. A line that cannot be read is counted and passed over.</summary>
    public EventCounts ReadAll(ISiteOutput output)
    {
        while (NextLine(out ReadOnlySpan<byte> line, out string? problem))
        {
            EventType type = problem is null ? EventTypes.Of(line) : EventType.Malformed;
            if (problem is null && Skip(type, line, out problem)) continue;
            problem ??= _mapper.Deliver(type, line, output);
            if (problem is null) _used++;
            else NoteBad(problem);
        }
        return Counts;
    }

    /// <summary>Reads the next line and passes on the plot or the rejection by a feed that it holds, if any; false at the end of the file.</summary>
    /// <remarks>One line a call, so that a live demonstration can wait between two plots, and stop: call <see cref="FinishReplay"/> then.
    /// A line that cannot be read is a rejection too: the replay of a damaged recording says so.</remarks>
    public bool ReplayNext(IPlotSink sink)
    {
        if (!NextLine(out ReadOnlySpan<byte> line, out string? problem))
        {
            FinishReplay(sink);
            return false;
        }
        EventType type = problem is null ? EventTypes.Of(line) : EventType.Malformed;
        if (problem is null && Skip(type, line, out problem)) return true;
        bool passedOn = false;
        problem ??= _mapper.DeliverInput(type, line, sink, out passedOn);
        if (problem is not null)
        {
            NoteBad(problem);
            if (_rejections.Take()) sink.Reject(_rejections.OfLine(_lines.LineNumber, problem));
        }
        else if (passedOn) _used++;
        else _passedOver++;
        return true;
    }

    /// <summary>Replays the whole file, or up to the moment when <paramref name="stop"/> is cancelled: gives <paramref name="sink"/> what the Site was
    /// fed when this was recorded, so that a Site of the same site, status and program writes the same lines again.</summary>
    public EventCounts ReplayAll(IPlotSink sink, CancellationToken stop = default)
    {
        while (!stop.IsCancellationRequested)
        {
            if (!ReplayNext(sink)) return Counts;
        }
        FinishReplay(sink);
        return Counts;
    }

    /// <summary>Passes on the count of the lines that were too many to be rejected one by one.</summary>
    public void FinishReplay(IPlotSink sink) => _rejections.Close(sink);

    /// <inheritdoc/>
    public void Dispose() => _lines.Dispose();

    private static InputResult<RecordingHeader> ReadHeader(LineReader lines, string name)
    {
        const string mend = "give a file that tocsin wrote with --events";
        LineStatus status = lines.Next(out ReadOnlySpan<byte> line);
        if (status == LineStatus.End || (status == LineStatus.Line && line.IsEmpty)) return new InputError(name, "", "it is empty", mend);
        if (status == LineStatus.Failed) return new InputError(name, "", lines.Failure, "");
        if (status == LineStatus.TooLong || EventTypes.Of(line) != EventType.RecordingOpened)
            return new InputError(name, "line 1", "this is not the line that opens a recording", mend);
        if (EventMapper.Read(line, EventJson.Default.OpenedLine, out OpenedLine opened) is string problem)
            return new InputError(name, "line 1", problem, mend);
        if (opened.Schema != RecordingHeader.Schema)
            return new InputError(name, "line 1", $"its schema is {opened.Schema}", $"this program reads {RecordingHeader.Schema}");
        InputResult<SiteFile> site = SiteFile.Parse(JsonMarshal.GetRawUtf8Value(opened.Site), name);
        if (!site.Ok) return site.Error with { Place = $"line 1, site, {site.Error.Place}" };
        if (site.Value.Sha256 != opened.SiteSha256)
            return new InputError(name, "line 1", "the site is not the one that was recorded: siteSha256 differs", "use the file as it was written");
        byte[] state = [];
        if (opened.State is not null && (state = RecordingHeader.Unpack(opened.State)!) is null)
            return new InputError(name, "line 1", "the state of the site in it is damaged", "use the file as it was written");
        return new RecordingHeader(site.Value, opened.Status, opened.Seed, opened.Product)
        {
            Live = opened.Clock == "live",
            State = state,
            Opened = opened.Time ?? Instant.MinValue,
        };
    }

    /// <summary>The next line that is not blank; false at the end. A problem where there is a line but no text of it.</summary>
    private bool NextLine(out ReadOnlySpan<byte> line, out string? problem)
    {
        problem = null;
        line = default;
        while (!_ended)
        {
            switch (_lines.Next(out line))
            {
                case LineStatus.Line when line.Trim(" \t"u8).IsEmpty:
                    continue;
                case LineStatus.Line:
                    return true;
                case LineStatus.TooLong:
                    problem = $"longer than {FormatLimits.EventLineBytes >> 20} MiB";
                    return true;
                case LineStatus.Failed:
                    _ended = true;
                    problem = $"the file cannot be read further: {_lines.Failure}";
                    return true;
                default:
                    _ended = true;
                    return false;
            }
        }
        return false;
    }

    /// <summary>Counts and notes what holds nothing to pass on: the seal, and lines of a type that this program does not know.</summary>
    private bool Skip(EventType type, ReadOnlySpan<byte> line, out string? problem)
    {
        problem = null;
        if (type == EventType.Unknown)
        {
            _passedOver++;
            return true;
        }
        if (type != EventType.RecordingSealed) return false;
        problem = EventMapper.Read(line, EventJson.Default.SealedLine, out SealedLine sealedLine);
        if (problem is not null) return false;
        (_sealed, _previousSeal, Continued, SealTime) = (true, sealedLine.Previous, sealedLine.Continued, sealedLine.Time);
        return true;
    }

    private void NoteBad(string problem)
    {
        _bad++;
        _firstProblem ??= InputError.OneLine($"{_fileName} line {_lines.LineNumber}: {problem}");
    }
}
