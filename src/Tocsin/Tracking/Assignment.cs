using System.Runtime.InteropServices;

namespace Tocsin.Tracking;

/// <summary>One plot that one track could take, and what it gains by it.</summary>
/// <param name="Track">Index of the track.</param>
/// <param name="Plot">Index of the plot.</param>
/// <param name="Gain">Log-likelihood ratio of taking it over going without; positive.</param>
internal readonly record struct Candidate(int Track, int Plot, double Gain);

/// <summary>Global nearest neighbour: gives each track at most one plot and each plot to at most one track so that the sum of the gains
/// is greatest.</summary>
/// <remarks>Tracks and plots that compete are separated into groups first; each group is solved exactly by shortest augmenting paths
/// (Jonker and Volgenant, Computing 38, 1987), in the order of its smallest track.</remarks>
internal sealed class Assignment
{
    /// <summary>Tracks of a group above which it is solved by taking the greatest gain first.</summary>
    public const int LargestExactGroup = 150;

    private int[] _parent = [];
    private readonly List<Candidate> _sorted = [];
    private readonly List<int> _tracks = [], _plots = [];
    private double[] _cost = [], _u = [], _v = [], _shortest = [];
    private int[] _match = [], _way = [];
    private bool[] _used = [];
    private readonly Comparison<Candidate> _byGroup;

    public Assignment() => _byGroup = CompareByGroup;

    /// <summary>Solves for <paramref name="trackCount"/> tracks; result[t] is the plot of track t or -1.</summary>
    public void Solve(List<Candidate> candidates, int trackCount, int plotCount, int[] result)
    {
        Array.Fill(result, -1, 0, trackCount);
        if (candidates.Count == 0) return;
        int nodes = trackCount + plotCount;
        if (_parent.Length < nodes) _parent = new int[Math.Max(nodes, 2 * _parent.Length)];
        for (int i = 0; i < nodes; i++) _parent[i] = i;
        foreach (Candidate c in candidates) Join(c.Track, trackCount + c.Plot);
        _sorted.Clear();
        _sorted.AddRange(candidates);
        // By group, then by track and plot: a strict order, so that the solution does not depend on how the candidates came.
        _sorted.Sort(_byGroup);
        ReadOnlySpan<Candidate> all = CollectionsMarshal.AsSpan(_sorted);
        for (int start = 0; start < all.Length;)
        {
            int root = Root(all[start].Track), end = start + 1;
            while (end < all.Length && Root(all[end].Track) == root) end++;
            SolveGroup(all[start..end], result);
            start = end;
        }
    }

    private void SolveGroup(ReadOnlySpan<Candidate> group, int[] result)
    {
        if (group.Length == 1)
        {
            result[group[0].Track] = group[0].Plot;
            return;
        }
        _tracks.Clear();
        _plots.Clear();
        foreach (Candidate c in group)
        {
            if (_tracks.Count == 0 || _tracks[^1] != c.Track) _tracks.Add(c.Track);
            int at = _plots.BinarySearch(c.Plot);
            if (at < 0) _plots.Insert(~at, c.Plot);
        }
        if (_tracks.Count > LargestExactGroup) TakeGreatestFirst(group, result);
        else ShortestPaths(group, result);
    }

    private static void TakeGreatestFirst(ReadOnlySpan<Candidate> group, int[] result)
    {
        Candidate[] byGain = group.ToArray();
        Array.Sort(byGain, (a, b) =>
        {
            int g = b.Gain.CompareTo(a.Gain);
            if (g != 0) return g;
            g = a.Track.CompareTo(b.Track);
            return g != 0 ? g : a.Plot.CompareTo(b.Plot);
        });
        var taken = new HashSet<int>();
        foreach (Candidate c in byGain)
            if (result[c.Track] < 0 && taken.Add(c.Plot)) result[c.Track] = c.Plot;
    }

    private void ShortestPaths(ReadOnlySpan<Candidate> group, int[] result)
    {
        // Rows are tracks; columns are plots, then one 'no plot' column a track at cost 0. Costs are minus the gains.
        int n = _tracks.Count, p = _plots.Count, m = p + n;
        const double never = 1e12;
        Reserve(n, m);
        Array.Fill(_cost, never, 0, n * m);
        for (int i = 0; i < n; i++) _cost[i * m + p + i] = 0;
        foreach (Candidate c in group) _cost[_tracks.BinarySearch(c.Track) * m + _plots.BinarySearch(c.Plot)] = -c.Gain;
        Array.Clear(_u, 0, n + 1);
        Array.Clear(_v, 0, m + 1);
        Array.Clear(_match, 0, m + 1);
        for (int i = 1; i <= n; i++)
        {
            _match[0] = i;
            int j0 = 0;
            Array.Fill(_shortest, double.PositiveInfinity, 0, m + 1);
            Array.Clear(_used, 0, m + 1);
            do
            {
                _used[j0] = true;
                int i0 = _match[j0], j1 = 0;
                double delta = double.PositiveInfinity;
                for (int j = 1; j <= m; j++)
                {
                    if (_used[j]) continue;
                    double reduced = _cost[(i0 - 1) * m + j - 1] - _u[i0] - _v[j];
                    if (reduced < _shortest[j]) { _shortest[j] = reduced; _way[j] = j0; }
                    if (_shortest[j] < delta) { delta = _shortest[j]; j1 = j; }
                }
                for (int j = 0; j <= m; j++)
                {
                    if (_used[j]) { _u[_match[j]] += delta; _v[j] -= delta; }
                    else _shortest[j] -= delta;
                }
                j0 = j1;
            }
            while (_match[j0] != 0);
            do
            {
                int j1 = _way[j0];
                _match[j0] = _match[j1];
                j0 = j1;
            }
            while (j0 != 0);
        }
        for (int j = 1; j <= p; j++)
            if (_match[j] > 0 && _cost[(_match[j] - 1) * m + j - 1] < never) result[_tracks[_match[j] - 1]] = _plots[j - 1];
    }

    private void Reserve(int n, int m)
    {
        if (_cost.Length < n * m) _cost = new double[n * m];
        if (_u.Length < n + 1) _u = new double[n + 1];
        if (_v.Length >= m + 1) return;
        _v = new double[m + 1];
        _shortest = new double[m + 1];
        _match = new int[m + 1];
        _way = new int[m + 1];
        _used = new bool[m + 1];
    }

    private int CompareByGroup(Candidate a, Candidate b)
    {
        int g = Root(a.Track).CompareTo(Root(b.Track));
        if (g != 0) return g;
        g = a.Track.CompareTo(b.Track);
        return g != 0 ? g : a.Plot.CompareTo(b.Plot);
    }

    private int Root(int i)
    {
        while (_parent[i] != i) i = _parent[i] = _parent[_parent[i]];
        return i;
    }

    private void Join(int a, int b)
    {
        a = Root(a);
        b = Root(b);
        // The smaller index leads, so that a group is known by its first track.
        if (a < b) _parent[b] = a;
        else _parent[a] = b;
    }
}
