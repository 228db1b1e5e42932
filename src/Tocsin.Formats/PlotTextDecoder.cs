using Tocsin.Formats.Csv;
using Tocsin.Formats.JsonPlots;

namespace Tocsin.Formats;

/// <summary>The two ways in which plots are written as text.</summary>
public enum PlotTextFormat
{
    /// <summary>Comma-separated values under a header, as in <c>*.plots.csv</c>.</summary>
    Csv,
    /// <summary>One JSON object a line, with the members of the events file's <c>plot</c>.</summary>
    JsonLines,
}

/// <summary>Reads plots from text that comes in pieces: a request's body, a pipe, a file that still grows.</summary>
/// <remarks>It holds at most one line. A line that cannot be used is a rejection with its number, and the reading goes on. Where a CSV header comes
/// again (files sent one after the other), its columns hold from there on. Nothing in the octets makes it throw.</remarks>
public sealed class PlotTextDecoder
{
    private readonly SiteDefinition _site;
    private readonly string _name;
    private readonly RejectionBudget _rejections;
    private readonly JsonPlotLine? _json;
    private readonly byte[] _held = new byte[FormatLimits.PlotLineBytes];
    private PlotCsvLine? _csv;
    private int _heldCount;
    private bool _tooLong;

    /// <summary>Makes a decoder.</summary>
    /// <param name="format">How the plots are written.</param>
    /// <param name="site">The site whose sensors the plots name.</param>
    /// <param name="name">What rejections call the input.</param>
    public PlotTextDecoder(PlotTextFormat format, SiteDefinition site, string name)
    {
        (_site, _name, Format) = (site, name, format);
        _rejections = new RejectionBudget(name);
        if (format == PlotTextFormat.JsonLines) _json = new JsonPlotLine(site);
    }

    /// <summary>How the plots are written.</summary>
    public PlotTextFormat Format { get; }

    /// <summary>Number of the line read last, counted from 1.</summary>
    public long LineNumber { get; private set; }

    /// <summary>Lines that gave a plot.</summary>
    public long Plots { get; private set; }

    /// <summary>Lines that did not, blank ones and headers not counted.</summary>
    public long Rejected => _rejections.Count;

    /// <summary>What is wrong with the header, where a CSV text does not begin with one; its lines cannot be used until one comes.</summary>
    public InputError? HeaderProblem { get; private set; }

    /// <summary>Reads a piece of the text; what follows its last line feed is held for the next piece.</summary>
    public void Push(ReadOnlySpan<byte> piece, IPlotSink sink)
    {
        while (!piece.IsEmpty)
        {
            int end = piece.IndexOf((byte)'\n');
            if (end < 0)
            {
                Hold(piece);
                return;
            }
            if (_heldCount == 0 && !_tooLong && end <= FormatLimits.PlotLineBytes) ReadLine(piece[..end], sink);
            else
            {
                Hold(piece[..end]);
                ReadHeld(sink);
            }
            piece = piece[(end + 1)..];
        }
    }

    /// <summary>Reads what is held as the last line, and passes on what was only counted.</summary>
    public void End(IPlotSink sink)
    {
        if (_heldCount > 0 || _tooLong) ReadHeld(sink);
        Flush(sink);
    }

    /// <summary>Passes on the count of rejected lines that were too many to be told one by one. A live feed calls it now and then.</summary>
    public void Flush(IPlotSink sink) => _rejections.Close(sink);

    private void Hold(ReadOnlySpan<byte> piece)
    {
        if (_tooLong) return;
        if (piece.Length > _held.Length - _heldCount)
        {
            _tooLong = true;
            return;
        }
        piece.CopyTo(_held.AsSpan(_heldCount));
        _heldCount += piece.Length;
    }

    private void ReadHeld(IPlotSink sink)
    {
        int count = _heldCount;
        _heldCount = 0;
        if (!_tooLong)
        {
            ReadLine(_held.AsSpan(0, count), sink);
            return;
        }
        _tooLong = false;
        LineNumber++;
        if (_rejections.Take()) sink.Reject(_rejections.OfLine(LineNumber, $"longer than {FormatLimits.PlotLineBytes} bytes"));
    }

    private void ReadLine(ReadOnlySpan<byte> line, IPlotSink sink)
    {
        LineNumber++;
        if (LineNumber == 1 && line.StartsWith("\uFEFF"u8)) line = line[3..];
        line = line.TrimEnd((byte)'\r');
        if (line.IsEmpty || line.Trim(" \t"u8).IsEmpty) return;
        string? problem = _json is not null ? _json.Parse(line, out Plot plot) : ParseCsv(line, out plot);
        if (problem is null)
        {
            Plots++;
            sink.Feed(plot);
        }
        else if (problem.Length > 0 && _rejections.Take()) sink.Reject(_rejections.OfLine(LineNumber, problem));
    }

    /// <summary>Reads a line of CSV: null where it gave a plot, empty where it is a header, else what is wrong with it.</summary>
    private string? ParseCsv(ReadOnlySpan<byte> line, out Plot plot)
    {
        plot = default;
        PlotCsvFault fault = PlotCsvFault.None;
        if (_csv is not null && (fault = _csv.Parse(line, out plot)) == PlotCsvFault.None) return null;
        if (_csv is null || line.IndexOf("time_s"u8) >= 0)
        {
            InputResult<PlotCsvColumns> columns = PlotCsvColumns.Parse(line, _name, LineNumber);
            if (columns.Ok)
            {
                _csv = new PlotCsvLine(columns.Value, _site);
                HeaderProblem = null;
                return "";
            }
            if (_csv is null)
            {
                HeaderProblem ??= columns.Error;
                return $"{columns.Error.Problem}; {columns.Error.Mend}";
            }
        }
        return _csv.Describe(fault, line);
    }
}
