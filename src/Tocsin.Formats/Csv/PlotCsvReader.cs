using Tocsin.Formats.Text;

namespace Tocsin.Formats.Csv;

/// <summary>How many lines of a plot file were used.</summary>
/// <param name="Plots">Lines that gave a plot.</param>
/// <param name="Rejected">Lines that did not, blank ones not counted.</param>
/// <param name="Complete">Whether the end of the file was reached.</param>
public readonly record struct PlotCsvCounts(long Plots, long Rejected, bool Complete);

/// <summary>Reads plots from a CSV file (<c>*.plots.csv</c>, also <c>.gz</c>), line by line, in the order of the file.</summary>
/// <remarks>Times are read exactly to 100 ns and angles to 1e-9 degrees, both straight from their decimal digits, so that a plot
/// written to a recording and read again is the same plot. A line that cannot be used becomes a rejection and the reading goes on.</remarks>
public sealed class PlotCsvReader : IDisposable
{
    private readonly LineReader _lines;
    private readonly PlotCsvLine _line;
    private readonly RejectionBudget _rejections;
    private readonly byte[] _first;
    private LineStatus? _firstStatus;
    private long _plots;
    private bool _ended;

    private PlotCsvReader(LineReader lines, PlotCsvColumns columns, SiteDefinition site, string name, LineStatus firstStatus, byte[] first)
    {
        _lines = lines;
        _line = new PlotCsvLine(columns, site);
        _rejections = new RejectionBudget(Path.GetFileName(name));
        (_firstStatus, _first) = (firstStatus, first);
    }

    /// <summary>How many lines were used so far.</summary>
    public PlotCsvCounts Counts => new(_plots, _rejections.Count, _ended);

    /// <summary>Opens a plot file; an error where it is missing, empty, without a header that is recognised, or without a line after it.</summary>
    /// <param name="path">The file; one whose name ends in .gz is unpacked.</param>
    /// <param name="site">The site whose sensors the plots name.</param>
    public static InputResult<PlotCsvReader> Open(string path, SiteDefinition site)
    {
        try
        {
            return Open(LineReader.OpenFile(path), path, site);
        }
        catch (Exception e) when (InputError.IsOfInput(e))
        {
            return InputError.Of(path, e);
        }
    }

    /// <summary>Reads plots from a stream, which the reader then owns.</summary>
    /// <param name="stream">The text.</param>
    /// <param name="name">What errors and rejections call it.</param>
    /// <param name="site">The site whose sensors the plots name.</param>
    public static InputResult<PlotCsvReader> Open(Stream stream, string name, SiteDefinition site)
    {
        var lines = new LineReader(stream, FormatLimits.PlotLineBytes);
        InputResult<PlotCsvReader> opened = ReadHeader(lines, name, site);
        if (!opened.Ok) lines.Dispose();
        return opened;
    }

    /// <summary>Reads on until a line gives a plot or a rejection, and passes that on; false at the end of the file.</summary>
    /// <remarks>One line a call, so that a live demonstration can wait between two plots, and stop: call <see cref="Finish"/> then.</remarks>
    public bool ReadNext(IPlotSink sink)
    {
        while (!_ended)
        {
            LineStatus status = NextLine(out ReadOnlySpan<byte> line);
            switch (status)
            {
                case LineStatus.Line when line.IsEmpty || line.Trim(" \t"u8).IsEmpty:
                    continue;
                case LineStatus.Line:
                    PlotCsvFault fault = _line.Parse(line, out Plot plot);
                    if (fault == PlotCsvFault.None)
                    {
                        _plots++;
                        sink.Feed(plot);
                    }
                    else if (_rejections.Take()) sink.Reject(_rejections.OfLine(_lines.LineNumber, _line.Describe(fault, line)));
                    return true;
                case LineStatus.TooLong:
                    if (_rejections.Take()) sink.Reject(_rejections.OfLine(_lines.LineNumber, _line.Describe(PlotCsvFault.TooLong, line)));
                    return true;
                case LineStatus.Failed:
                    if (_rejections.Take()) sink.Reject(_rejections.OfLine(_lines.LineNumber + 1, $"the file cannot be read further: {_lines.Failure}"));
                    break;
            }
            _ended = true;
            Finish(sink);
        }
        return false;
    }

    /// <summary>Reads the whole file, or up to the moment when <paramref name="stop"/> is cancelled, and passes on every plot and rejection.</summary>
    public PlotCsvCounts ReadAll(IPlotSink sink, CancellationToken stop = default)
    {
        while (!stop.IsCancellationRequested)
        {
            if (!ReadNext(sink)) return Counts;
        }
        Finish(sink);
        return Counts;
    }

    /// <summary>Passes on the count of the lines that were too many to be rejected one by one.</summary>
    public void Finish(IPlotSink sink) => _rejections.Close(sink);

    /// <inheritdoc/>
    public void Dispose() => _lines.Dispose();

    /// <summary>Reads the header and the first line after it, since a file without one holds no plots and cannot be used.</summary>
    private static InputResult<PlotCsvReader> ReadHeader(LineReader lines, string name, SiteDefinition site)
    {
        LineStatus status = NextText(lines, out ReadOnlySpan<byte> header);
        if (status == LineStatus.End) return new InputError(name, "", "it is empty", "give a header and plots");
        if (status == LineStatus.Failed) return new InputError(name, "", lines.Failure, "");
        if (status == LineStatus.TooLong) return new InputError(name, "line 1", "this is no header of a plot file", "give a CSV file of plots");
        InputResult<PlotCsvColumns> columns = PlotCsvColumns.Parse(header, name, lines.LineNumber);
        if (!columns.Ok) return columns.Error;
        long headerLine = lines.LineNumber;
        status = NextText(lines, out ReadOnlySpan<byte> first);
        return status switch
        {
            LineStatus.End => new InputError(name, $"line {headerLine}", "no plots: nothing follows the header", "add a line for each plot"),
            LineStatus.Failed => new InputError(name, $"line {headerLine}", lines.Failure, ""),
            _ => new PlotCsvReader(lines, columns.Value, site, name, status, first.ToArray()),
        };
    }

    private static LineStatus NextText(LineReader lines, out ReadOnlySpan<byte> line)
    {
        LineStatus status;
        do status = lines.Next(out line);
        while (status == LineStatus.Line && line.Trim(" \t"u8).IsEmpty);
        return status;
    }

    /// <summary>The line that opening the file has read already, then the lines after it.</summary>
    private LineStatus NextLine(out ReadOnlySpan<byte> line)
    {
        if (_firstStatus is not LineStatus status) return _lines.Next(out line);
        line = _first;
        _firstStatus = null;
        return status;
    }
}
