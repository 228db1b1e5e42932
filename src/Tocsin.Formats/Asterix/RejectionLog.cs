namespace Tocsin.Formats.Asterix;

/// <summary>Passes rejections on without flooding: the first few of each reason one by one, the rest as one with a count.</summary>
internal sealed class RejectionLog(IPlotSink sink, string source)
{
    private readonly Dictionary<string, int> _byReason = new(StringComparer.Ordinal);
    private readonly List<(string Reason, long Told, long Held)> _reasons = [];

    /// <summary>Tells of one piece of input that could not be used, or holds it back.</summary>
    public void Reject(string reason, long offset)
    {
        if (!_byReason.TryGetValue(reason, out int at))
        {
            if (_reasons.Count == AsterixLimits.RejectionReasons) reason = "further reasons";
            if (!_byReason.TryGetValue(reason, out at))
            {
                at = _reasons.Count;
                _byReason.Add(reason, at);
                _reasons.Add((reason, 0, 0));
            }
        }
        (string text, long told, long held) = _reasons[at];
        bool single = told < AsterixLimits.SingleRejections;
        _reasons[at] = single ? (text, told + 1, held) : (text, told, held + 1);
        if (single) sink.Reject(new Rejection($"{source} byte {offset}", text, 1, FromFeed: true));
    }

    /// <summary>Tells of those held back, in the order in which their reasons first came.</summary>
    public void Flush()
    {
        for (int i = 0; i < _reasons.Count; i++)
        {
            (string reason, long told, long held) = _reasons[i];
            if (held > 0) sink.Reject(new Rejection(source, reason, held, FromFeed: true));
            _reasons[i] = (reason, told, 0);
        }
    }
}
