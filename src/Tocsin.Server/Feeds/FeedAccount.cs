using System.Buffers;
using Tocsin.Server.Live;

namespace Tocsin.Server.Feeds;

/// <summary>What one feed brings: it counts, holds the feed to its rate, estimates its sensors' clocks, and gives plots on. The hot path of every feed.</summary>
/// <remarks>Feeds call it from their own threads, the desk samples it from its timer: one lock, held for some tens of nanoseconds a plot. Nothing is
/// allocated per plot, and the intake is called outside the lock.</remarks>
internal sealed class FeedAccount : IFeedSink
{
    private readonly Lock _gate = new();
    private readonly SiteDefinition _site;
    private readonly IPlotIntake _intake;
    private readonly SiteClock _siteClock;
    private readonly TimeProvider _clock;
    private readonly FeedMetrics? _metrics;
    private readonly int _index;
    private readonly long _began;
    private readonly bool _watchesClock, _siteGoesByWall;
    private readonly FairBucket _bucket;
    private readonly SensorLine?[] _lines;
    private readonly HabitWatch _words;
    private Instant _lastHeard = Instant.MinValue;
    private long _plots, _rejected, _shed, _refused, _refusedSender, _bytes, _kernelDrops, _good, _bad, _wordsCount;
    private bool _judges;
    private double _refusedS = double.NegativeInfinity;
    private string _note = "", _reason = "";
    private int _rejectionsLeft = FeedLimits.RejectionsPerS;
    private double _rejectionsFilledS;
    private long _rejectionsHeld;

    public FeedAccount(int index, FeedSettings settings, SiteDefinition site, IPlotIntake intake, SiteClock siteClock, TimeProvider clock, FeedMetrics? metrics)
    {
        (_index, Settings, _site, _intake, _siteClock, _clock, _metrics) = (index, settings, site, intake, siteClock, clock, metrics);
        _began = clock.GetTimestamp();
        _watchesClock = !settings.AtOnce;
        _siteGoesByWall = siteClock is WallClock;
        _bucket = new(settings.MaxPlotsPerS, FeedLimits.BurstS, site.Sensors.Length + 1);
        _lines = new SensorLine?[site.Sensors.Length];
        double scan = site.Sensors.Length == 0 ? 1 : site.Sensors.Max(s => s.ScanPeriodS);
        _words = new(settings.Sensors.Length == 0 ? scan : site.Sensors.Where(s => settings.Sensors.Contains(s.Id)).Select(s => s.ScanPeriodS).DefaultIfEmpty(scan).Max(),
            settings.ExpectedPlotsPerS);
    }

    /// <summary>What is set about the feed.</summary>
    public FeedSettings Settings { get; }

    /// <summary>Called with each thing that the feed tells.</summary>
    public Action<string>? OnTold { get; set; }

    /// <summary>Seconds since the desk began, on a clock that never goes back.</summary>
    public double NowS => _clock.GetElapsedTime(_began).TotalSeconds;

    /// <inheritdoc/>
    public bool Take(in Plot plot, Instant received) => Take(plot, received, out _);

    /// <summary>Takes a plot, and says whether it was refused for the feed's rate (true) or shed by the Site (false).</summary>
    public bool Take(in Plot plot, Instant received, out bool refused)
    {
        double difference = ReceivedAtSite(received).SecondsSince(plot.Time), now = NowS;
        Plot given;
        lock (_gate)
        {
            refused = !Admit(plot, now, received, difference, out given);
            if (refused) return false;
        }
        _metrics?.Delay(_index, plot.Sensor, difference);
        if (_intake.Offer(new QueuedPlot(given, received, _index))) return true;
        Shed(1);
        return false;
    }

    /// <inheritdoc/>
    public void Take(ReadOnlySpan<Plot> plots, Instant received)
    {
        // One look at the clocks, one lock and one word to the Site for all: half of what a plot costs here is none of the plot's own.
        Instant atSite = ReceivedAtSite(received);
        double now = NowS;
        QueuedPlot[] given = ArrayPool<QueuedPlot>.Shared.Rent(plots.Length);
        int count = 0;
        lock (_gate)
            foreach (ref readonly Plot plot in plots)
            {
                double difference = atSite.SecondsSince(plot.Time);
                if (!Admit(plot, now, received, difference, out Plot admitted)) continue;
                given[count++] = new(admitted, received, _index);
                _metrics?.Delay(_index, plot.Sensor, difference);
            }
        int taken = _intake.Offer(given.AsSpan(0, count));
        ArrayPool<QueuedPlot>.Shared.Return(given);
        if (taken < count) Shed(count - taken);
    }

    /// <summary>Counts a plot and notes what it says of its sensor; false where it is over the feed's rate. Under the lock.</summary>
    private bool Admit(in Plot plot, double now, Instant received, double difference, out Plot given)
    {
        given = plot;
        bool known = (uint)plot.Sensor < (uint)_lines.Length;
        SensorLine? line = known ? _lines[plot.Sensor] ??= new(_site.Sensors[plot.Sensor]) : null;
        NoteWord(now, received);
        if (!_bucket.TryTake(known ? plot.Sensor : _lines.Length, now))
        {
            _refused++;
            _refusedS = now;
            if (line is not null) (line.Refused, line.RefusedS) = (line.Refused + 1, now);
            return false;
        }
        if (!_judges) _good++;
        _plots++;
        if (line is null) return true;
        line.Note(now, difference);
        if (_watchesClock) line.Clock.Add(now, difference);
        if (line.CorrectionS != 0) given = given with { Time = plot.Time.AddSeconds(-line.CorrectionS) };
        return true;
    }

    private void Shed(int count)
    {
        lock (_gate)
        {
            _shed += count;
            _plots -= count;
        }
    }

    /// <inheritdoc/>
    public void Reject(in Rejection rejection)
    {
        double now = NowS;
        lock (_gate)
        {
            _rejected += rejection.Count;
            if (!_judges) _bad += rejection.Count;
            _reason = Shortened(rejection.Reason);
            if (now >= _rejectionsFilledS + 1) (_rejectionsLeft, _rejectionsFilledS) = (FeedLimits.RejectionsPerS, now);
            if (_rejectionsLeft == 0)
            {
                _rejectionsHeld += rejection.Count;
                return;
            }
            _rejectionsLeft--;
        }
        _intake.Reject(rejection);
    }

    /// <inheritdoc/>
    public void Heard(int bytes)
    {
        Instant wall = WallClock.InstantOf(_clock.GetUtcNow());
        double now = NowS;
        lock (_gate)
        {
            _bytes += bytes;
            NoteWord(now, wall);
        }
    }

    /// <inheritdoc/>
    public void Tell(string what)
    {
        string note = Shortened(what);
        lock (_gate) _note = note;
        OnTold?.Invoke(note);
    }

    /// <summary>Says whether pieces of input (datagrams, lines) were well formed. Once a feed says so, its rejections no longer count as rubbish: a
    /// well-formed record may give no plot.</summary>
    public void Judge(int good, int bad)
    {
        lock (_gate)
        {
            _judges = true;
            _good += good;
            _bad += bad;
        }
    }

    /// <summary>Counts a piece of input that was refused before it was read.</summary>
    /// <param name="senderMayNotSend">True where its sender is not on the list, false where it sends too much.</param>
    public void Refuse(bool senderMayNotSend)
    {
        double now = NowS;
        lock (_gate)
        {
            _refused++;
            if (senderMayNotSend) _refusedSender++;
            else _refusedS = now;
        }
    }

    /// <summary>Notes how many datagrams the kernel has dropped in all.</summary>
    public void Dropped(long total)
    {
        lock (_gate) _kernelDrops = Math.Max(_kernelDrops, total);
    }

    /// <summary>Forgets what is known of the sensors' clocks: this machine's own was moved.</summary>
    public void ForgetClocks()
    {
        lock (_gate)
            foreach (SensorLine? line in _lines) line?.Clock.Clear();
    }

    /// <summary>Brings rates and estimates up to date and gives what is known now.</summary>
    public FeedSample Sample()
    {
        double now = NowS;
        FeedSample sample;
        long held = 0;
        lock (_gate)
        {
            foreach (SensorLine? line in _lines) line?.Update(now, Settings);
            SensorSample[] sensors = [.. _lines.Select((l, i) => (l, i)).Where(p => p.l is not null).Select(p => p.l!.Sample(p.i, now))];
            sample = new(now, _plots, _rejected, _shed, _refused, _refusedSender, _bytes, _kernelDrops, _good, _bad, _wordsCount > 0, _words.IsSilent(now),
                double.IsNaN(_words.LastS) ? 0 : now - _words.LastS, now - _refusedS < SensorLine.RefusedMemoryS, _lastHeard, _note, _reason, sensors);
            if (_rejectionsHeld > 0 && now >= _rejectionsFilledS + 1) (held, _rejectionsHeld) = (_rejectionsHeld, 0);
        }
        if (held > 0) _intake.Reject(new(Settings.Name, $"more input that could not be used; the newest: {sample.Reason}", held, FromFeed: true));
        return sample;
    }

    private void NoteWord(double now, Instant wall)
    {
        _wordsCount++;
        _words.Note(now);
        if (wall > _lastHeard) _lastHeard = wall;
    }

    /// <summary>When the bytes were received by the clock that plot times go by: the wall's for a real site, its own for an exercise.</summary>
    private Instant ReceivedAtSite(Instant received) => _siteGoesByWall
        ? received
        : _siteClock.Now.AddSeconds(-WallClock.InstantOf(_clock.GetUtcNow()).SecondsSince(received) * _siteClock.Speed);

    private static string Shortened(string text) => text.Length <= FeedLimits.NoteCharacters ? text : text[..FeedLimits.NoteCharacters] + "…";
}

/// <summary>One feed at one moment; the counts since the start.</summary>
internal sealed record FeedSample(double NowS, long Plots, long Rejected, long Shed, long Refused, long RefusedSender, long Bytes, long KernelDrops, long Good, long Bad,
    bool Heard, bool IsSilent, double SilenceS, bool RefusesNow, Instant LastHeard, string Note, string Reason, SensorSample[] Sensors);

/// <summary>One sensor on one feed at one moment.</summary>
internal sealed record SensorSample(int Sensor, long Plots, long Refused, bool IsSilent, double SilenceS, double PlotsPerS, bool Floods, bool RefusesNow, double DelayS,
    ClockEstimate Clock, double CorrectionS);

/// <summary>One sensor on one feed: its habit, rate, delay and clock.</summary>
internal sealed class SensorLine(SensorDefinition sensor)
{
    /// <summary>Seconds for which a refusal is held to be going on.</summary>
    public const double RefusedMemoryS = 3;

    private const int DelaysKept = 64;
    private const double SlewPerS = 0.005, KeptSigmaS = 0.05;
    private readonly HabitWatch _habit = new(sensor.ScanPeriodS);
    private readonly double[] _delays = new double[DelaysKept];
    private readonly RateMeter _rate = new();
    private long _plots, _delayCount;
    private double _updatedS = double.NaN, _delayS = double.NaN;
    private bool _correcting;
    private ClockEstimate _estimate = ClockEstimate.Unknown;

    /// <summary>The estimate of its clock.</summary>
    public ClockWatch Clock { get; } = new();

    /// <summary>Plots refused for the feed's rate.</summary>
    public long Refused { get; set; }

    /// <summary>When one was refused last.</summary>
    public double RefusedS { get; set; } = double.NegativeInfinity;

    /// <summary>Seconds taken off its plots' times.</summary>
    public double CorrectionS { get; private set; }

    /// <summary>Notes a plot.</summary>
    public void Note(double nowS, double delayS)
    {
        _plots++;
        _habit.Note(nowS);
        _delays[_delayCount++ % DelaysKept] = delayS;
    }

    /// <summary>Brings what is not kept plot by plot up to date.</summary>
    public void Update(double nowS, FeedSettings settings)
    {
        double dt = double.IsNaN(_updatedS) ? 0 : nowS - _updatedS;
        _updatedS = nowS;
        _rate.Update(_plots + Refused, nowS);
        int n = (int)Math.Min(_delayCount, DelaysKept);
        if (n > 0)
        {
            // The median: one plot with a wild time says nothing about the others.
            Span<double> sorted = stackalloc double[DelaysKept];
            _delays.AsSpan(0, n).CopyTo(sorted);
            sorted[..n].Sort();
            _delayS = sorted[n / 2];
        }
        _estimate = Clock.Estimate();
        if (!double.IsNaN(_estimate.OffsetS)) _estimate = _estimate with { OffsetS = _estimate.OffsetS + settings.LinkDelayS };
        if (settings.CorrectClock) Correct(dt);
    }

    /// <summary>What is known now.</summary>
    public SensorSample Sample(int index, double nowS) => new(index, _plots, Refused, _habit.IsSilent(nowS), nowS - _habit.LastS, _rate.PerS, _rate.Floods(nowS),
        nowS - RefusedS < RefusedMemoryS, _delayS, _estimate, CorrectionS);

    /// <summary>Follows the estimate slowly, so that a track sees no jump; lets go of it where it is no longer sharp.</summary>
    private void Correct(double dt)
    {
        if (!_correcting)
        {
            _correcting = _estimate.IsStable;
            CorrectionS = _correcting ? _estimate.OffsetS : 0;
        }
        else if (!_estimate.IsStable && !(_estimate.SigmaS < KeptSigmaS && _estimate.SpanS > 1)) (_correcting, CorrectionS) = (false, 0);
        else CorrectionS += Math.Clamp(_estimate.OffsetS - CorrectionS, -SlewPerS * dt, SlewPerS * dt);
    }
}

/// <summary>A running rate, and whether it is far above its own habit.</summary>
/// <remarks>A raid multiplies the plots of a radar that sees no clutter, and must never be held for a flood: no rate under <see cref="FloodPlotsPerS"/>
/// is one, which 200 rounds at 4 looks a second stay well below.</remarks>
internal sealed class RateMeter
{
    /// <summary>No rate below this is a flood, in plots a second.</summary>
    public const double FloodPlotsPerS = 2_000;

    private const double FastS = 1, HabitS = 60, FloodFactor = 10, KnownS = 10;
    private double _atS = double.NaN, _habit, _firstS = double.NaN;
    private long _total;

    /// <summary>Plots a second now.</summary>
    public double PerS { get; private set; }

    /// <summary>Notes how many there have been in all.</summary>
    public void Update(long total, double nowS)
    {
        double dt = nowS - _atS;
        if (double.IsNaN(_atS)) (_atS, _total, _firstS) = (nowS, total, nowS);
        if (!(dt > 0)) return;
        double rate = (total - _total) / dt;
        PerS += (rate - PerS) * (1 - Math.Exp(-dt / FastS));
        // Young habits are means; a flood is not learnt as one.
        double gain = Math.Max(1 - Math.Exp(-dt / HabitS), dt / (nowS - _firstS));
        if (!Floods(nowS)) _habit += (rate - _habit) * Math.Min(1, gain);
        (_atS, _total) = (nowS, total);
    }

    /// <summary>Whether it is far above its habit.</summary>
    public bool Floods(double nowS) => nowS - _firstS > KnownS && PerS > Math.Max(FloodPlotsPerS, FloodFactor * _habit);
}
