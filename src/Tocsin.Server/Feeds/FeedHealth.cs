using System.Globalization;

namespace Tocsin.Server.Feeds;

/// <summary>How a feed's own run stands.</summary>
/// <param name="HasEnded">It came to its end.</param>
/// <param name="Fault">Why it cannot run; null while it does.</param>
internal readonly record struct FeedRun(bool HasEnded, string? Fault);

/// <summary>What is wrong with a sensor, and what that means.</summary>
/// <param name="Condition">The condition.</param>
/// <param name="Cause">What is the matter: "R1 silent for 12 s"; empty where all is well.</param>
/// <param name="Means">What it means for the people, where that is no blind sector; else empty.</param>
internal readonly record struct SensorHealth(SensorCondition Condition, string Cause, string Means)
{
    /// <summary>All is well.</summary>
    public static SensorHealth Ok { get; } = new(SensorCondition.Ok, "", "");
}

/// <summary>Judges one feed, and its sensors on it, from samples taken again and again. Pure but for its memory of shares; the desk adds the blind sectors.</summary>
internal sealed class FeedHealth(FeedSettings settings, SiteDefinition site)
{
    private const double MemoryS = 10, BadShare = 0.3, MendedShare = 0.1, LeastBad = 8, LeastRejected = 10, DriftPerS = 5e-4, DriftSigmas = 4, DriftSpanS = 8;
    private const double RoundMps = 300, ShortfallShare = 0.2, ShortfallAfterS = 30, SecondsPerHour = 3600;
    private double _atS = double.NaN, _good, _bad, _plots, _rejected, _firstHeardS = double.NaN;
    private long _goodTotal, _badTotal, _plotsTotal, _rejectedTotal;
    private bool _rubbish;
    private FeedSample? _sample;
    private FeedRun _run;

    /// <summary>The newest sample.</summary>
    public FeedSample? Sample => _sample;

    /// <summary>How the feed's run stands, as last noted.</summary>
    public FeedRun Run => _run;

    /// <summary>Takes a sample.</summary>
    public void Note(FeedSample sample, FeedRun run)
    {
        double keep = double.IsNaN(_atS) ? 0 : Math.Exp(-(sample.NowS - _atS) / MemoryS);
        _good = _good * keep + sample.Good - _goodTotal;
        _bad = _bad * keep + sample.Bad - _badTotal;
        _plots = _plots * keep + sample.Plots + sample.Shed - _plotsTotal;
        _rejected = _rejected * keep + sample.Rejected - _rejectedTotal;
        (_goodTotal, _badTotal, _plotsTotal, _rejectedTotal) = (sample.Good, sample.Bad, sample.Plots + sample.Shed, sample.Rejected);
        if (double.IsNaN(_firstHeardS) && sample.Heard) _firstHeardS = sample.NowS;
        double share = _good + _bad > 0 ? _bad / (_good + _bad) : 0;
        _rubbish = _rubbish ? share > MendedShare : share > BadShare && _bad >= LeastBad;
        (_atS, _sample, _run) = (sample.NowS, sample, run);
    }

    /// <summary>Plots a second that the feed brings.</summary>
    public double PlotsPerS => _sample is null ? 0 : _sample.Sensors.Sum(s => s.PlotsPerS);

    /// <summary>What the matter is with the feed as a whole, whatever its sensors are; null where nothing is.</summary>
    public (FeedState State, string Cause, string Means)? OfFeed()
    {
        if (_sample is not { } s) return (FeedState.Waiting, $"{settings.Name} not heard yet", "");
        string name = settings.Name;
        if (_run.HasEnded) return (FeedState.Ended, $"{name} has ended", "");
        if (_run.Fault is { } fault) return (FeedState.Faulty, $"{name} cannot run ({fault})", "");
        if (!s.Heard) return (FeedState.Waiting, $"{name} not heard since it began {Seconds(s.NowS)} ago", "");
        if (s.IsSilent) return (FeedState.Silent, $"{name} silent for {Seconds(s.SilenceS)}", "");
        if (s.RefusesNow)
            return (FeedState.Flooding, $"{name} floods", $"what exceeds {Number(settings.MaxPlotsPerS)} plots a second is refused, so that rounds may be seen late or not at all");
        if (_rubbish)
            return (FeedState.Faulty, $"{name} sends rubbish ({_bad / (_good + _bad):0 %} of what comes)", $"rounds that it alone sees may not be seen; the newest fault: {s.Reason}");
        if (_rejected >= LeastRejected && _plots < 1)
            return (FeedState.Faulty, $"{name} sends nothing that gives a plot", $"what it sees is not used; the newest reason: {s.Reason}");
        double rate = PlotsPerS;
        if (settings.ExpectedPlotsPerS > 0 && s.NowS - _firstHeardS > ShortfallAfterS && rate < ShortfallShare * settings.ExpectedPlotsPerS)
            return (FeedState.Faulty, $"{name} brings {Number(rate)} plots a second where {Number(settings.ExpectedPlotsPerS)} are expected", "rounds may be seen late or not at all");
        return null;
    }

    /// <summary>What the matter is with one sensor as this feed brings it; null where this feed does not bring it.</summary>
    public SensorHealth? OfSensor(int sensor)
    {
        if (_sample is null || Array.Find(_sample.Sensors, x => x.Sensor == sensor) is not { } s) return null;
        string id = site.Sensors[sensor].Id;
        if (_run.HasEnded) return new(SensorCondition.Silent, $"{id} silent, as {settings.Name} has ended", "");
        if (_run.Fault is not null) return new(SensorCondition.Silent, $"{id} silent for {Seconds(s.SilenceS)}, as {settings.Name} cannot run", "");
        if (s.IsSilent) return new(SensorCondition.Silent, $"{id} silent for {Seconds(s.SilenceS)}", "");
        if (s.RefusesNow || s.Floods)
            return new(SensorCondition.Flooding, $"{id} floods with {Number(s.PlotsPerS)} plots a second",
                s.RefusesNow ? "part of them is refused, so that rounds may be seen late or not at all" : "true plots may be lost among them, and false tracks begin");
        if (_rubbish) return new(SensorCondition.Faulty, $"{id} comes with rubbish", "rounds may be seen late or not at all");
        return OfClock(s, id);
    }

    /// <summary>The status that operators see.</summary>
    /// <param name="state">The state, sensors included.</param>
    /// <param name="meaning">What it means.</param>
    public FeedStatus Status(FeedState state, string meaning)
    {
        SensorSample? worst = _sample?.Sensors.Where(s => !double.IsNaN(s.Clock.OffsetS)).MaxBy(s => Math.Abs(s.Clock.OffsetS));
        double delay = _sample?.Sensors.Select(s => s.DelayS).Where(d => !double.IsNaN(d)).DefaultIfEmpty(double.NaN).Max() ?? double.NaN;
        FeedSample? s = _sample;
        return new(settings.Name, Shown(settings), state, Math.Round(PlotsPerS, 1), s?.Plots ?? 0, s?.Rejected ?? 0, s?.Shed ?? 0, s?.Refused ?? 0, s?.KernelDrops ?? 0,
            worst?.Clock.OffsetS, worst?.Clock.SigmaS, double.IsNaN(delay) ? null : delay, s is { Heard: true } ? s.LastHeard : null, meaning, s?.Note ?? "");
    }

    /// <summary>Where a feed listens, as an operator wants to read it.</summary>
    internal static string Shown(FeedSettings settings) => settings.Kind switch
    {
        FeedKind.Http => $"/api/feeds/{settings.Name}/plots",
        FeedKind.StandardInput => "stdin:",
        _ => settings.Uri.ToString(),
    };

    private SensorHealth OfClock(SensorSample s, string id)
    {
        ClockEstimate c = s.Clock;
        double rest = c.OffsetS - s.CorrectionS, off = Math.Abs(rest);
        if (off - 2 * c.SigmaS > settings.ClockLimitS)
        {
            string miss = $"beside other sensors its plots lie {off * RoundMps:0} m off a round at {RoundMps:0} m/s; set its clock, or this machine's";
            if (rest > 0)
                return new(SensorCondition.Faulty, $"{id}'s clock is {Seconds(off)} ahead", $"impacts that rest on it are foretold that much too late, and {miss}");
            if (off > Limits.LatestPlotS)
                return new(SensorCondition.Faulty, $"{id}'s times lie {Seconds(off)} behind", "its plots are too old to be used; set its clock, or mend its link");
            return new(SensorCondition.Late, $"{id}'s times lie {Seconds(off)} behind (its clock, or its link)", $"warnings that rest on it come late by as much where the link is slow, and {miss}");
        }
        if (s.CorrectionS == 0 && Math.Abs(c.DriftPerS) > DriftPerS && Math.Abs(c.DriftPerS) > DriftSigmas * c.DriftSigmaPerS && c.SpanS > DriftSpanS)
            return new(SensorCondition.Late, $"{id}'s clock drifts by {Number(Math.Abs(c.DriftPerS) * SecondsPerHour)} s an hour",
                "what it sees will soon lie beside what other sensors see; mend its time source");
        // Above the least delay seen: NaN, and so not late, where the clock is not watched.
        double queueing = s.DelayS + c.OffsetS - settings.LinkDelayS;
        if (queueing > site.LatenessS + settings.ClockLimitS)
            return new(SensorCondition.Late, $"{id} reports {Seconds(queueing)} late", "warnings that rest on it come that much later");
        return SensorHealth.Ok;
    }

    internal static string Seconds(double s) => s < 10 ? string.Create(CultureInfo.InvariantCulture, $"{s:0.0} s") : string.Create(CultureInfo.InvariantCulture, $"{s:0} s");

    private static string Number(double n) => n >= 10 ? n.ToString("0", CultureInfo.InvariantCulture) : n.ToString("0.#", CultureInfo.InvariantCulture);
}
