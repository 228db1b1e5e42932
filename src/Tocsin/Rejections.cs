using Tocsin.Numerics;

namespace Tocsin;

/// <summary>Counts input that the Site could not use and tells of it: the first of each sort one by one, then in lots.</summary>
internal sealed class Rejections
{
    private const int Lot = 100;
    private readonly SortedDictionary<(string Source, string Reason), (long Total, long Untold)> _counts = new(Comparer<(string Source, string Reason)>.Create(
        static (a, b) =>
        {
            int c = string.CompareOrdinal(a.Source, b.Source);
            return c != 0 ? c : string.CompareOrdinal(a.Reason, b.Reason);
        }));
    private readonly List<Rejection> _due = [];

    /// <summary>Counts one.</summary>
    public void Add(string source, string reason)
    {
        _counts.TryGetValue((source, reason), out (long Total, long Untold) c);
        c = (c.Total + 1, c.Untold + 1);
        if (c.Total <= Limits.RejectionsToldSingly || c.Untold >= Lot)
        {
            _due.Add(new(source, reason, c.Untold, FromFeed: false));
            c.Untold = 0;
        }
        _counts[(source, reason)] = c;
    }

    /// <summary>Tells what is due.</summary>
    public void Report(Instant now, ISiteOutput output)
    {
        foreach (Rejection r in _due) output.InputRejected(now, r);
        _due.Clear();
    }

    /// <summary>Tells everything not told yet.</summary>
    public void ReportAll(Instant now, ISiteOutput output)
    {
        Report(now, output);
        foreach (((string Source, string Reason) key, (long Total, long Untold) c) in _counts)
            if (c.Untold > 0) output.InputRejected(now, new(key.Source, key.Reason, c.Untold, FromFeed: false));
        _counts.Clear();
    }

    /// <summary>Writes or reads the counts and what is due.</summary>
    public void Exchange(StateExchange x)
    {
        ((string Source, string Reason) Key, (long Total, long Untold) Value)[] counts = [.. _counts.Select(c => (c.Key, c.Value))];
        int count = x.Count(counts.Length);
        if (x.IsLoading) _counts.Clear();
        for (int i = 0; i < count; i++)
        {
            ((string source, string reason), (long total, long untold)) = x.IsLoading ? (("", ""), (0, 0)) : counts[i];
            x.Field(ref source);
            x.Field(ref reason);
            x.Field(ref total);
            x.Field(ref untold);
            if (x.IsLoading) _counts[(source, reason)] = (total, untold);
        }
        int due = x.Count(_due.Count);
        if (x.IsLoading) _due.Clear();
        for (int i = 0; i < due; i++)
        {
            (string source, string reason, long lot, bool fromFeed) = x.IsLoading ? new("", "", 0, false) : _due[i];
            x.Field(ref source);
            x.Field(ref reason);
            x.Field(ref lot);
            x.Field(ref fromFeed);
            if (x.IsLoading) _due.Add(new(source, reason, lot, fromFeed));
        }
    }
}
