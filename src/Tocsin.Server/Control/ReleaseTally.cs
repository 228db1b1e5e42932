namespace Tocsin.Server.Control;

/// <summary>What asking operators has cost: how many warnings waited and for how long, by how their waiting ended. One thread counts, any may ask.</summary>
public sealed class ReleaseTally
{
    private static readonly ReleaseWay[] s_ways = [ReleaseWay.Confirmed, ReleaseWay.Timeout, ReleaseWay.Withdrawn];
    private readonly Lock _gate = new();
    private readonly SortedDictionary<ReleaseWay, (long Count, double HeldS)> _ended = [];

    /// <summary>Counts a warning whose waiting is over.</summary>
    public void Count(ReleaseWay way, double heldS)
    {
        lock (_gate)
        {
            (long count, double sum) = _ended.GetValueOrDefault(way);
            _ended[way] = (count + 1, sum + heldS);
        }
    }

    /// <summary>For each way in which waiting ends: its name, how many warnings, and the seconds that they waited in all.</summary>
    public IReadOnlyList<(string Way, long Count, double HeldS)> All
    {
        get
        {
            lock (_gate) return [.. s_ways.Select(w => (Name(w), _ended.GetValueOrDefault(w).Count, _ended.GetValueOrDefault(w).HeldS))];
        }
    }

    /// <summary>How a way is written.</summary>
    public static string Name(ReleaseWay way) => way switch
    {
        ReleaseWay.Automatic => "automatic",
        ReleaseWay.Confirmed => "confirmed",
        ReleaseWay.Timeout => "timeout",
        _ => "withdrawn",
    };
}
