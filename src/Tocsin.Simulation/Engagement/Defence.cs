using Tocsin.Ballistics;
using Tocsin.Geodesy;
using Tocsin.Numerics;
using Tocsin.Simulation.Runs;
using Tocsin.Simulation.Scenarios;

namespace Tocsin.Simulation.Engagement;

/// <summary>A simulated defence at work: the fire control decides from what the Site says, and here its orders meet the truth.</summary>
/// <remarks>The two halves are kept apart: <see cref="FireControl"/> hears and decides, and is told nothing back. Time moves in steps of <see cref="StepS"/> on a grid of
/// the scenario's own, so that no plot more or less shifts a decision that it does not bear on.</remarks>
internal sealed class Defence : IDefence
{
    /// <summary>Seconds from one moment of decision to the next; chosen, short against every reaction.</summary>
    public const double StepS = 0.1;

    /// <summary>A shot is at the round nearest to its meeting point, within this distance; beyond it, it is at nothing. Chosen: the gate by which tracks are judged.</summary>
    private const double GateM = 200;

    private readonly SimulationRun _run;
    private readonly DefenceSettings _settings;
    private readonly Fallout _fallout;
    private readonly GunLaying[] _laying;
    private readonly Engaged?[] _engaged;
    private readonly List<Kill> _kills = [];
    private readonly List<Order> _orders = [];
    private readonly List<double> _nearest = [];
    private long _step = long.MinValue;
    private int _atNothing, _shells, _bursts, _interceptors;
    private double _expected, _averted, _caused;

    private sealed class Engaged
    {
        public TrackId Track { get; set; }

        public int Times { get; set; }
    }

    private readonly record struct Kill(double TimeS, int Round, int Effector);

    public Defence(SimulationRun run, DefenceSettings settings)
    {
        (_run, _settings) = (run, settings);
        Fire = new(run.Site, settings, run.Scenario.StartTime);
        _fallout = new(run.Site, run.Environment, run.Streams, run.Scenario.StartTime);
        _engaged = new Engaged?[run.Truth.Rounds.Count];
        double sinLatitude = Elementary.Sin(run.Site.Frame.Origin.LatitudeRad), frameHeight = run.Site.Frame.Origin.HeightM;
        _laying = [.. settings.Guns.Select((g, i) => new GunLaying(ShellTables.Of(g, run.Site.GroundElevationM + g.HeightAboveGroundM, sinLatitude), g.MuzzleVelocityMps,
            Fire.Effectors[i].Muzzle, g.MinRangeM, run.Site.Wind, frameHeight))];
    }

    /// <summary>The deciding half.</summary>
    public FireControl Fire { get; }

    /// <summary>Every order given, in order.</summary>
    public IReadOnlyList<Order> Orders => _orders;

    /// <inheritdoc/>
    public void Advance(Instant now, RaidInMotion raid)
    {
        double nowS = now.SecondsSince(_run.Scenario.StartTime);
        long last = (long)Math.Floor(nowS / StepS + 1e-9);
        if (_step == long.MinValue || !Fire.IsWatchful)
        {
            Settle(nowS, raid);
            _step = Math.Max(_step, last);
            return;
        }
        while (_step < last)
        {
            double at = ++_step * StepS;
            Settle(at, raid);
            foreach (Order order in Fire.Decide(at)) Execute(order, raid);
        }
        Settle(nowS, raid);
    }

    /// <inheritdoc/>
    public void Finish(RaidInMotion raid) => Settle(double.PositiveInfinity, raid);

    /// <inheritdoc/>
    public EngagementSummary Summary(RaidInMotion raid)
    {
        int engaged = 0, neutralised = 0, believed = 0, survived = 0, unknown = 0, wrongDead = 0, wrongAlive = 0;
        for (int i = 0; i < _engaged.Length; i++)
        {
            bool gone = raid.EndOf(i) is not null;
            if (gone) neutralised++;
            if (BeliefOf(i) is not { } belief) continue;
            engaged++;
            if (belief == KillBelief.Unknown) unknown++;
            else if (belief == KillBelief.Neutralised) believed++;
            else survived++;
            if (belief == KillBelief.Neutralised && !gone) wrongDead++;
            if (belief == KillBelief.Survived && gone) wrongAlive++;
        }
        HeardTrack[] threats = [.. Fire.Tracks.Where(t => t.Threatened)], untouched = [.. threats.Where(t => t.Engagements == 0)];
        // One reason each, the strongest: people before aircraft before what the ground forbids before what was out of reach.
        var held = new int[Enum.GetValues<Hold>().Length];
        foreach (HeardTrack track in untouched)
            for (int hold = held.Length - 1; hold > 0; hold--)
                if (track.Held[hold])
                {
                    held[hold]++;
                    break;
                }
        double Weight(StrikeKind kind) => raid.StrikesSoFar.Where(s => s.Kind == kind).Sum(s => s.Weight);
        return new()
        {
            HasEffectors = true,
            Engaged = engaged,
            Neutralised = neutralised,
            BelievedNeutralised = believed,
            BelievedSurvived = survived,
            Unknown = unknown,
            WronglyBelievedNeutralised = wrongDead,
            WronglyBelievedSurvived = wrongAlive,
            ThreateningTracks = threats.Length,
            EngagedTracks = threats.Count(t => t.Engagements > 0),
            EngagementsOfNothing = _atNothing,
            Bursts = _bursts,
            Shells = _shells,
            Interceptors = _interceptors,
            NearestPassMedianM = Measures.Statistics.Median(_nearest),
            ExpectedNeutralised = _expected,
            ExpectedAverted = _averted,
            ExpectedCaused = _caused,
            HeldForPeople = held[(int)Hold.People],
            HeldForAircraft = held[(int)Hold.Aircraft],
            HeldForSector = held[(int)Hold.Sector],
            HeldForSight = held[(int)Hold.Mask] + held[(int)Hold.Elevation],
            OutOfStock = held[(int)Hold.Stock],
            OutOfReach = held[(int)Hold.Reach],
            NeverConsidered = untouched.Length - held.Sum(),
            BlindShells = Weight(StrikeKind.SpentRound) - _interceptors,
            FallenFragments = Weight(StrikeKind.Fragment),
            DebrisPieces = Weight(StrikeKind.Debris),
            Footprint = ZoneFootprint.Of(_run.Site, raid.StrikesSoFar),
        };
    }

    /// <inheritdoc/>
    public KillBelief? BeliefOf(int round) => _engaged[round] is { } engaged
        ? Fire.Tracks.First(t => t.Id == engaged.Track).Belief(double.PositiveInfinity, _settings.LookS) : null;

    private void Execute(Order order, RaidInMotion raid)
    {
        _orders.Add(order);
        _expected += order.Kill;
        _averted += order.AvertedHarm;
        _caused += order.CausedHarm;
        if (order.Burst is { } burst) ExecuteBurst(order, burst, raid);
        else ExecuteInterceptor(order, raid);
    }

    private void ExecuteBurst(Order order, in BurstSolution burst, RaidInMotion raid)
    {
        GunSettings gun = _settings.Guns[order.Effector];
        GunLaying laying = _laying[order.Effector];
        (_bursts, _shells) = (_bursts + 1, _shells + order.Shells);
        int round = Nearest(burst.Middle.MeetingS, burst.Middle.Meeting, raid);
        if (round < 0)
        {
            _atNothing++;
        }
        else
        {
            Note(round, order.Track);
            Enu point = burst.Middle.Meeting;
            double frameHeight = _run.Site.Frame.Origin.HeightM;
            Enu error = GunLaying.Wind(_run.Environment.Wind, laying.Muzzle, point, frameHeight).Minus(laying.BelievedWind(point));
            RandomStream aim = _run.Streams.Of(Draw.GunAim, gun.Id, Fallout.Number(order.Number)), draws = _run.Streams.Of(Draw.Shell, gun.Id, Fallout.Number(order.Number));
            BurstOutcome outcome = BurstFlight.Fly(gun, laying.Muzzle, burst, order.Shells, TargetBody.Of(_run.Truth.Rounds[round].Kind), t => StateAt(round, t), error, ref aim, ref draws);
            if (double.IsFinite(outcome.NearestM)) _nearest.Add(outcome.NearestM);
            if (outcome.KillS is { } killS) _kills.Add(new(killS, round, order.Effector));
        }
        _fallout.OfBurst(gun, laying, order, s => raid.Add(s));
    }

    private void ExecuteInterceptor(Order order, RaidInMotion raid)
    {
        InterceptorSettings launcher = _settings.Interceptors[order.Effector - _settings.Guns.Count];
        _interceptors++;
        int round = Nearest(order.PassS, order.Point, raid);
        RandomStream draws = _run.Streams.Of(Draw.Interceptor, launcher.Id, Fallout.Number(order.Number));
        bool kills = draws.NextUniform() < launcher.SingleShotProbability;
        if (round < 0) _atNothing++;
        else
        {
            Note(round, order.Track);
            if (kills) _kills.Add(new(order.PassS, round, order.Effector));
        }
        double distance = order.Point.Minus(Fire.Effectors[order.Effector].Muzzle).Length(), flightS = Math.Max(0.1, order.PassS - order.OrderS - launcher.ReactionS);
        Enu velocity = order.Point.Minus(Fire.Effectors[order.Effector].Muzzle).Unit().Times(distance / flightS);
        _fallout.OfInterceptor(launcher, order.PassS, order.Point, velocity, s => raid.Add(s));
    }

    private void Note(int round, TrackId track)
    {
        Engaged engaged = _engaged[round] ??= new();
        (engaged.Track, engaged.Times) = (track, engaged.Times + 1);
    }

    // Ends the rounds whose time has come.
    private void Settle(double nowS, RaidInMotion raid)
    {
        if (_kills.Count == 0) return;
        foreach (Kill kill in _kills.Where(k => k.TimeS <= nowS).OrderBy(k => k.TimeS).ToArray())
        {
            _kills.Remove(kill);
            Instant time = _run.Scenario.StartTime.AddSeconds(kill.TimeS);
            if (!raid.Flies(kill.Round, time)) continue;
            raid.Neutralise(kill.Round, time, Fire.Effectors[kill.Effector].Id);
            TruthRound round = _run.Truth.Rounds[kill.Round];
            (Geodetic position, Enu velocity) = _run.Flights[kill.Round]!.StateAt(time.SecondsSince(round.LaunchTime));
            _fallout.OfRound(round, kill.TimeS, position, velocity, s => raid.Add(s));
        }
    }

    private int Nearest(double timeS, in Enu point, RaidInMotion raid)
    {
        Instant time = _run.Scenario.StartTime.AddSeconds(timeS);
        int best = -1;
        double nearest = GateM;
        for (int i = 0; i < _engaged.Length; i++)
        {
            if (!raid.Flies(i, time)) continue;
            double distance = StateAt(i, timeS).Position.Minus(point).Length();
            if (distance < nearest) (best, nearest) = (i, distance);
        }
        return best;
    }

    private (Enu Position, Enu VelocityMps) StateAt(int round, double timeS)
    {
        Trajectory flight = _run.Flights[round]!;
        (Ecef position, Ecef velocity) = flight.EcefStateAt(timeS - _run.Truth.Rounds[round].LaunchTime.SecondsSince(_run.Scenario.StartTime));
        return (_run.Site.Frame.ToEnu(position), _run.Site.Frame.RotateToEnu(velocity));
    }

    /// <inheritdoc/>
    public void TrackConfirmed(Instant now, in Track track) => Fire.Confirmed(now, track);

    /// <inheritdoc/>
    public void TrackUpdated(Instant now, in Track track) => Fire.Updated(track);

    /// <inheritdoc/>
    public void TrackEnded(Instant now, TrackId track, TrackEnd reason) => Fire.Ended(track);

    /// <inheritdoc/>
    public void ImpactPredicted(Instant now, in ImpactPrediction prediction) => Fire.Predicted(prediction);

    /// <inheritdoc/>
    public void PlotReceived(Instant now, in Plot plot) { }

    /// <inheritdoc/>
    public void WarningRaised(Instant now, in Warning warning) { }

    /// <inheritdoc/>
    public void WarningUpdated(Instant now, in Warning warning) { }

    /// <inheritdoc/>
    public void WarningCleared(Instant now, WarningId warning, OperationStatus status, int zone, WarningEnd reason) { }

    /// <inheritdoc/>
    public void SensorChanged(Instant now, int sensor, SensorCondition condition, string blind) { }

    /// <inheritdoc/>
    public void InputRejected(Instant now, in Rejection rejection) { }
}
