using Tocsin.Numerics;

namespace Tocsin.Tracking;

/// <summary>Watches whether one sensor still reports: a silence shows by the plots that should have come.</summary>
/// <remarks>A radar without targets or clutter sends nothing and is well, so silence is judged against the sensor's own habit: it is
/// silent when, at its usual rate, <see cref="ExpectedPlots"/> plots should have come and none did (a chance of one in
/// 160,000 for a Poisson stream), over several scans.</remarks>
internal sealed class SensorWatch(SensorDefinition sensor)
{
    /// <summary>Plots that must be missing before a sensor is held to be silent.</summary>
    public const double ExpectedPlots = 12;

    private const double MemoryS = 30, LeastScans = 4, LeastS = 2, LateShare = 0.3, LateMemoryS = 10;
    private double _ratePerS, _lateRatePerS;
    private Instant _first, _last = Instant.MinValue;

    /// <summary>The condition as last told.</summary>
    public SensorCondition Told { get; set; } = SensorCondition.Ok;

    /// <summary>Notes a plot, and whether it came too late for its batch.</summary>
    public void Note(Instant time, bool late)
    {
        if (_last == Instant.MinValue) (_first, _last) = (time, time);
        double dt = Math.Max(0, time.SecondsSince(_last)), keep = Elementary.Exp(-dt / MemoryS), keepLate = Elementary.Exp(-dt / LateMemoryS);
        _ratePerS = _ratePerS * keep + 1 / MemoryS;
        _lateRatePerS = _lateRatePerS * keepLate + (late ? 1 / LateMemoryS : 0);
        if (time > _last) _last = time;
    }

    /// <summary>The condition at a time; null where nothing has come from the sensor yet.</summary>
    public SensorCondition? At(Instant now)
    {
        if (_last == Instant.MinValue) return null;
        double silence = now.SecondsSince(_last), known = Math.Max(1, Math.Min(MemoryS, _last.SecondsSince(_first)));
        // The running rate starts from nothing: it is scaled up to the time that it has seen.
        double rate = _ratePerS / (1 - Elementary.Exp(-known / MemoryS));
        if (silence > Math.Max(LeastS, LeastScans * sensor.ScanPeriodS) && silence * rate > ExpectedPlots) return SensorCondition.Silent;
        return _lateRatePerS > LateShare * rate ? SensorCondition.Late : SensorCondition.Ok;
    }

    /// <summary>What cannot be seen in a condition, as a sentence for people.</summary>
    public string Blind(SensorCondition condition, Instant now) => condition switch
    {
        SensorCondition.Silent => string.Create(null,
            $"{sensor.Id} silent for {now.SecondsSince(_last):0} s: rounds that only it covers, out to {sensor.MaxRangeM / 1000:0.#} km, may not be seen"),
        SensorCondition.Late => string.Create(null, $"{sensor.Id} reports late: tracks and warnings that rest on it lag behind"),
        _ => "",
    };

    /// <summary>Writes or reads the sensor's habit and what was told of it.</summary>
    public void Exchange(StateExchange x)
    {
        int told = (int)Told;
        x.Field(ref told);
        Told = (SensorCondition)told;
        x.Field(ref _ratePerS);
        x.Field(ref _lateRatePerS);
        x.Field(ref _first);
        x.Field(ref _last);
    }
}
