namespace Tocsin.Formats;

/// <summary>Passes on the rejections of one file: the first <see cref="FormatLimits.SingleRejections"/> one by one, the rest counted together at the end.</summary>
internal sealed class RejectionBudget(string fileName)
{
    private long _rest;

    /// <summary>Lines rejected so far.</summary>
    public long Count { get; private set; }

    /// <summary>Counts a rejected line; true where it is to be passed on by itself, so that its reason is worth making.</summary>
    public bool Take()
    {
        Count++;
        if (Count <= FormatLimits.SingleRejections) return true;
        _rest++;
        return false;
    }

    /// <summary>The rejection of one line.</summary>
    public Rejection OfLine(long line, string reason) => new($"{fileName} line {line}", InputError.OneLine(reason), 1, FromFeed: true);

    /// <summary>Passes on what was only counted.</summary>
    public void Close(IPlotSink sink)
    {
        if (_rest == 0) return;
        sink.Reject(new Rejection(fileName, $"more bad lines after the first {FormatLimits.SingleRejections}", _rest, FromFeed: true));
        _rest = 0;
    }
}
