using System.Runtime.Intrinsics;
using Tocsin.Numerics;
using Doubles = System.Runtime.Intrinsics.Vector512<double>;
using Longs = System.Runtime.Intrinsics.Vector512<long>;

namespace Tocsin.Tracking;

/// <summary>What one look of one radar means for a track.</summary>
[Flags]
internal enum LookFlags
{
    /// <summary>Nothing: no plot lies near, and no plot was due.</summary>
    None = 0,

    /// <summary>A plot lies within the track's reach.</summary>
    PlotNear = 1,

    /// <summary>The radar sees the track's place and has given it no plot for longer than a scan.</summary>
    MissDue = 2,
}

/// <summary>Track files in an order, with what a look asks of every one of them kept side by side: where it is, how far it may have strayed, and when each radar looked last.</summary>
/// <remarks>
/// A site of ten radars with a raid in clutter has some two thousand files (nearly all tentative) and a thousand looks a second, and each look concerns a handful of files. So a look goes
/// over columns of numbers, a vector at a time, and tells by a flag which files have to be opened at all. The columns repeat what the file says: whoever changes a file's estimate
/// calls <see cref="Note"/>. A file stays in its slot of the columns while it is here; the order is kept apart, and is that of arrival.
/// Each lane does the same operations in the same order whatever the machine has: the results are the same, bit for bit.
/// </remarks>
/// <param name="sensors">Sensors of the site.</param>
/// <param name="gravityMps2">The fall of what is in free flight, m/s2.</param>
internal sealed class TrackTable(int sensors, double gravityMps2)
{
    private const int Width = 8;
    private const long Unseen = 4;
    private const double GateSigmas = 4.3, BoostMps2 = 450, ManoeuvreMps2 = 40, MissScans = 1.25;

    /// <summary>One number of every slot: position, velocity and half the fall; sigmas of position and speed; half the acceleration that it may have had; metres east and north by
    /// which one metre a second of unmeasured wind has moved it (the wind towards the east, towards the north); time of the estimate, in ticks since <see cref="_epoch"/>.</summary>
    private const int X = 0, Y = 1, Z = 2, Vx = 3, Vy = 4, Vz = 5, Fall = 6, Position = 7, Speed = 8, Push = 9, BlownEE = 10, BlownNE = 11, BlownEN = 12, BlownNN = 13, Time = 14, Columns = 15;

    private readonly double[][] _columns = NewColumns(Columns);
    private readonly double[][] _lastLook = NewColumns(sensors);
    private readonly Stack<int> _free = new();
    private TrackFile?[] _files = new TrackFile?[Width];
    private long[] _flags = new long[Width];
    private double[] _reach = new double[Width], _nowX = new double[Width], _nowY = new double[Width], _nowZ = new double[Width];
    private bool[] _dropped = new bool[Width];
    private int[] _order = new int[Width];
    private double[] _plotX = [], _plotY = [], _plotZ = [];
    private int _slots;
    private long? _epoch;
    private bool _anyDropped;

    /// <summary>How many files there are.</summary>
    public int Count { get; private set; }

    /// <summary>A file by its place in the order.</summary>
    public TrackFile this[int index] => _files[_order[index]]!;

    /// <summary>What the newest <see cref="Look"/> means for a file, by its place in the order.</summary>
    public LookFlags FlagsOf(int index) => (LookFlags)_flags[_order[index]];

    /// <summary>Where a file was at the newest <see cref="Look"/> but for drag, and how far from there a plot of it may lie.</summary>
    public (double X, double Y, double Z, double ReachM) Whereabouts(int index)
    {
        int slot = _order[index];
        return (_nowX[slot], _nowY[slot], _nowZ[slot], _reach[slot]);
    }

    /// <summary>Takes a new file in, as the last; every radar counts as having looked at <paramref name="looked"/>.</summary>
    public void Add(TrackFile t, Instant looked)
    {
        Place(t);
        for (int s = 0; s < sensors; s++) _lastLook[s][t.Slot] = TicksOf(looked);
    }

    /// <summary>Takes a file in, as the last, that another table holds until it is swept there.</summary>
    public void Add(TrackFile t, TrackTable from)
    {
        int slot = t.Slot;
        Place(t);
        TakeLooks(t, from, slot);
    }

    /// <summary>Tells what a file's newest estimate says; after every change of it.</summary>
    public void Note(TrackFile t)
    {
        int slot = t.Slot;
        bool falls = t.BallisticLeads;
        ref readonly Estimate e = ref falls ? ref t.Ballistic : ref t.Level;
        _columns[Time][slot] = TicksOf(e.Time);
        for (int i = 0; i < 6; i++) _columns[i][slot] = e.Mean[i];
        _columns[Fall][slot] = falls ? 0.5 * gravityMps2 : 0;
        _columns[Position][slot] = Math.Sqrt(Math.Max(e.Covariance[0, 0], Math.Max(e.Covariance[1, 1], e.Covariance[2, 2])));
        _columns[Speed][slot] = Math.Sqrt(Math.Max(e.Covariance[3, 3], Math.Max(e.Covariance[4, 4], e.Covariance[5, 5])));
        _columns[Push][slot] = 0.5 * (t.HasBallistic && t.BoostProbability > 0 ? BoostMps2 : ManoeuvreMps2);
        _columns[BlownEE][slot] = falls ? t.Wind.East[0] : 0;
        _columns[BlownNE][slot] = falls ? t.Wind.North[0] : 0;
        _columns[BlownEN][slot] = falls ? t.Wind.East[1] : 0;
        _columns[BlownNN][slot] = falls ? t.Wind.North[1] : 0;
    }

    /// <summary>Takes over from a file of another table when each radar looked last.</summary>
    public void TakeLooks(TrackFile t, TrackTable from, TrackFile other) => TakeLooks(t, from, other.Slot);

    /// <summary>A radar has given a file a plot.</summary>
    public void Saw(TrackFile t, int sensor, Instant time)
    {
        ref double last = ref _lastLook[sensor][t.Slot];
        last = Math.Max(last, TicksOf(time));
    }

    /// <summary>A radar has missed a file once: the next miss is due a scan later.</summary>
    public void Missed(TrackFile t, int sensor, double scanPeriodS) => _lastLook[sensor][t.Slot] += Math.Round(scanPeriodS * Instant.TicksPerSecond);

    /// <summary>Marks a file as one that goes at the next <see cref="Sweep"/>.</summary>
    public void Drop(TrackFile t) => _anyDropped = _dropped[t.Slot] = true;

    /// <summary>Takes out what was marked, and gives each of it to <paramref name="gone"/>.</summary>
    public void Sweep(Action<TrackFile> gone)
    {
        if (!_anyDropped) return;
        _anyDropped = false;
        int kept = 0;
        for (int i = 0; i < Count; i++)
        {
            int slot = _order[i];
            if (!_dropped[slot])
            {
                _order[kept++] = slot;
                continue;
            }
            _dropped[slot] = false;
            TrackFile t = _files[slot]!;
            _files[slot] = null;
            // Nothing is near to infinity.
            _columns[X][slot] = double.PositiveInfinity;
            _free.Push(slot);
            gone(t);
        }
        Count = kept;
    }

    /// <summary>Writes or reads the files with their looks.</summary>
    public void Exchange(StateExchange x)
    {
        int count = x.Count(Count);
        if (x.IsLoading)
        {
            for (int i = 0; i < Count; i++) Drop(this[i]);
            Sweep(static _ => { });
        }
        for (int i = 0; i < count; i++)
        {
            TrackFile t = x.IsLoading ? new(sensors) : this[i];
            x.Field(t);
            if (x.IsLoading) Place(t);
            for (int s = 0; s < sensors; s++)
            {
                ref double last = ref _lastLook[s][t.Slot];
                var looked = new Instant((_epoch ?? 0) + (long)last);
                x.Field(ref looked);
                last = TicksOf(looked);
            }
        }
    }

    /// <summary>Looks at every file: whether a plot lies near, and what the look means where none does.</summary>
    /// <remarks>A radar that does not see a file's place counts as having looked: it misses nothing.</remarks>
    /// <param name="view">The radar that looks.</param>
    /// <param name="sensor">Its index.</param>
    /// <param name="time">When.</param>
    /// <param name="plots">What it gave.</param>
    /// <param name="open">Whether only plots count that nobody has taken.</param>
    /// <param name="wind">The wind that nobody measured.</param>
    public void Look(SensorView view, int sensor, Instant time, ReadOnlySpan<SightedPlot> plots, bool open, WindEstimate wind)
    {
        Find(view, time, plots, open, wind);
        double[] lastLook = _lastLook[sensor];
        Doubles now = Vector512.Create(TicksOf(time)), perS = Vector512.Create((double)Instant.TicksPerSecond), missS = Vector512.Create(MissScans * view.Definition.ScanPeriodS);
        Longs uncovered = Vector512.Create(Unseen), due = Vector512.Create((long)LookFlags.MissDue);
        for (int i = 0; i < _slots; i += Width)
        {
            Longs flags = Vector512.Create(_flags, i), unseen = Vector512.Equals(flags & uncovered, uncovered);
            Doubles last = Vector512.ConditionalSelect(unseen.AsDouble(), now, Vector512.Create(lastLook, i));
            last.CopyTo(lastLook, i);
            (Vector512.AndNot(flags, uncovered) | Vector512.GreaterThanOrEqual((now - last) / perS, missS).AsInt64() & due).CopyTo(_flags, i);
        }
    }

    /// <summary>Looks at every file for a plot that comes too late for its look: whether it lies near.</summary>
    public void LookLate(SensorView view, in SightedPlot plot, WindEstimate wind) => Find(view, plot.Plot.Time, new(in plot), open: false, wind);

    private void Find(SensorView view, Instant time, ReadOnlySpan<SightedPlot> plots, bool open, WindEstimate wind)
    {
        int n = TakePlots(plots, open);
        SensorDefinition s = view.Definition;
        Doubles now = Vector512.Create(TicksOf(time));
        Doubles east = Vector512.Create(wind.East), north = Vector512.Create(wind.North), noiseM = Vector512.Create(s.RangeSigmaM), noiseRad = Vector512.Create(Math.Max(s.AzimuthSigmaRad, s.ElevationSigmaRad));
        Doubles px = Vector512.Create(view.Position.East), py = Vector512.Create(view.Position.North), pz = Vector512.Create(view.Position.Up);
        Doubles ux = Vector512.Create(view.Up.East), uy = Vector512.Create(view.Up.North), uz = Vector512.Create(view.Up.Up), sine = Vector512.Create(view.SinMinElevation), farthest2 = Vector512.Create(s.MaxRangeM * s.MaxRangeM);
        Doubles perS = Vector512.Create((double)Instant.TicksPerSecond), gate = Vector512.Create(GateSigmas);
        Longs nearFlag = Vector512.Create((long)LookFlags.PlotNear), uncovered = Vector512.Create(Unseen);
        for (int i = 0; i < _slots; i += Width)
        {
            Doubles x0 = At(X, i), y0 = At(Y, i), z0 = At(Z, i), dt = (now - At(Time, i)) / perS;
            Doubles x = x0 + dt * At(Vx, i), y = y0 + dt * At(Vy, i), z = z0 + dt * At(Vz, i) - At(Fall, i) * dt * dt;
            Doubles rx = x0 - px, ry = y0 - py, rz = z0 - pz;
            Doubles noise = Vector512.Max(noiseM, Vector512.Sqrt(rx * rx + ry * ry + rz * rz) * noiseRad);
            Doubles blown = Vector512.Abs(At(BlownEE, i) * east + At(BlownNE, i) * north) + Vector512.Abs(At(BlownEN, i) * east + At(BlownNN, i) * north);
            Doubles reach = blown + gate * (At(Position, i) + At(Speed, i) * Vector512.Abs(dt) + noise) + At(Push, i) * dt * dt, reach2 = reach * reach;
            Longs near = Longs.Zero;
            for (int p = 0; p < n; p++)
            {
                Doubles dx = Vector512.Create(_plotX[p]) - x, dy = Vector512.Create(_plotY[p]) - y, dz = Vector512.Create(_plotZ[p]) - z;
                near |= Vector512.LessThanOrEqual(dx * dx + dy * dy + dz * dz, reach2).AsInt64();
            }
            Doubles cx = x - px, cy = y - py, cz = z - pz, range2 = cx * cx + cy * cy + cz * cz;
            Longs covered = (Vector512.LessThanOrEqual(range2, farthest2) & Vector512.GreaterThan(cx * ux + cy * uy + cz * uz, sine * Vector512.Sqrt(range2))).AsInt64();
            ((near & nearFlag) | Vector512.AndNot(uncovered, covered)).CopyTo(_flags, i);
            x.CopyTo(_nowX, i);
            y.CopyTo(_nowY, i);
            z.CopyTo(_nowZ, i);
            reach.CopyTo(_reach, i);
        }
    }

    /// <summary>The files in their order.</summary>
    public Enumerator GetEnumerator() => new(this);

    private static double[][] NewColumns(int count)
    {
        var columns = new double[count][];
        for (int i = 0; i < count; i++) columns[i] = new double[Width];
        return columns;
    }

    private void Place(TrackFile t)
    {
        if (!_free.TryPop(out int slot)) slot = _slots++;
        if (slot >= _files.Length) Grow();
        if (Count == _order.Length) Array.Resize(ref _order, 2 * Count);
        _order[Count++] = slot;
        _files[slot] = t;
        t.Slot = slot;
        Note(t);
    }

    private void TakeLooks(TrackFile t, TrackTable from, int slot)
    {
        for (int s = 0; s < sensors; s++) _lastLook[s][t.Slot] = TicksOf(new((from._epoch ?? 0) + (long)from._lastLook[s][slot]));
    }

    // A double holds the ticks of 28 years exactly, and so a difference of two of them is what Instant.SecondsSince makes of them.
    private double TicksOf(Instant time) => time.Ticks - (_epoch ??= time.Ticks);

    private Doubles At(int column, int slot) => Vector512.Create(_columns[column], slot);

    private int TakePlots(ReadOnlySpan<SightedPlot> plots, bool open)
    {
        if (_plotX.Length < plots.Length) (_plotX, _plotY, _plotZ) = (new double[plots.Length], new double[plots.Length], new double[plots.Length]);
        int n = 0;
        foreach (ref readonly SightedPlot plot in plots)
        {
            if (open && plot.Taken) continue;
            (_plotX[n], _plotY[n], _plotZ[n]) = (plot.X, plot.Y, plot.Z);
            n++;
        }
        return n;
    }

    private void Grow()
    {
        int size = 2 * _files.Length;
        for (int c = 0; c < Columns; c++) Array.Resize(ref _columns[c], size);
        for (int s = 0; s < sensors; s++) Array.Resize(ref _lastLook[s], size);
        Array.Resize(ref _files, size);
        Array.Resize(ref _flags, size);
        Array.Resize(ref _dropped, size);
        Array.Resize(ref _nowX, size);
        Array.Resize(ref _nowY, size);
        Array.Resize(ref _nowZ, size);
        Array.Resize(ref _reach, size);
    }

    /// <summary>Goes through the files in their order.</summary>
    public struct Enumerator(TrackTable table)
    {
        private int _index = -1;

        public readonly TrackFile Current => table[_index];

        public bool MoveNext() => ++_index < table.Count;
    }
}
