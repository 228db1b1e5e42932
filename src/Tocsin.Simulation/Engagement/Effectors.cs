using Tocsin.Geodesy;
using Tocsin.Numerics;
using Tocsin.Simulation.Scenarios;

namespace Tocsin.Simulation.Engagement;

/// <summary>What an effector is told to do: a plan made of tracks alone. What comes of it is another matter.</summary>
/// <param name="Effector">Index among the defence's effectors, guns first.</param>
/// <param name="Number">Counted from 1 for each effector.</param>
/// <param name="Track">The track.</param>
/// <param name="OrderS">When it was ordered, seconds from the scenario's start.</param>
/// <param name="PassS">When its last shot will have passed the track.</param>
/// <param name="Burst">A gun's burst; null for an interceptor.</param>
/// <param name="Shells">Shells of the burst.</param>
/// <param name="Point">Where an interceptor is to meet the track, in the site's frame.</param>
/// <param name="Kill">The probability that it neutralises the track, as the fire control reckons.</param>
/// <param name="AvertedHarm">Harm expected to be averted, in people hurt.</param>
/// <param name="CausedHarm">Harm expected to be caused below.</param>
internal sealed record Order(int Effector, int Number, TrackId Track, double OrderS, double PassS, BurstSolution? Burst, int Shells, Enu Point, double Kill,
    double AvertedHarm, double CausedHarm);

/// <summary>What one effector could do against one track now.</summary>
/// <param name="Hold">Why nothing, where it could do nothing.</param>
/// <param name="Kill">The probability that it neutralises the track, as the fire control reckons.</param>
/// <param name="CausedHarm">The harm that it expects below.</param>
/// <param name="PassS">When its last shot will have passed.</param>
/// <param name="BusyUntilS">How long it keeps the effector.</param>
/// <param name="Burst">A gun's burst.</param>
/// <param name="Shells">Its shells.</param>
/// <param name="Point">The meeting.</param>
internal readonly record struct Option(Hold Hold, double Kill = 0, double CausedHarm = 0, double PassS = 0, double BusyUntilS = 0, BurstSolution? Burst = null, int Shells = 0, Enu Point = default)
{
    public static Option None(Hold hold) => new(hold);
}

/// <summary>One effector as the fire control knows it.</summary>
internal abstract class Effector(string id, in Enu muzzle, LineOfFire fire)
{
    public string Id { get; } = id;

    public Enu Muzzle { get; } = muzzle;

    public LineOfFire Fire { get; } = fire;

    /// <summary>From when it can be ordered again.</summary>
    public double FreeS { get; protected set; }

    public int Orders { get; protected set; }

    /// <summary>Whether anything is left to fire.</summary>
    public abstract bool HasStock { get; }

    public abstract Option Consider(HeardTrack track, double nowS, HarmMap map);

    public abstract void Take(in Option option);

    /// <summary>An in-air position's uncertainty in metres, by which a kill probability is reckoned: what a track is known by now, and the share of the impact's ellipse that has grown in by the meeting.</summary>
    protected static double TrackSigmaM(HeardTrack track, double meetingS)
    {
        double ahead = Math.Clamp((meetingS - track.SeenS) / Math.Max(0.1, track.ImpactS!.Value - track.SeenS), 0, 1);
        double grown = ahead * Math.Sqrt(track.Ellipse95.SemiMajorM * track.Ellipse95.SemiMinorM) / 2.45;
        return Math.Sqrt(TrackNowSigmaM * TrackNowSigmaM + grown * grown);
    }

    /// <summary>The harm expected of the pieces of a round that is neutralised at a point: they come down between there and the predicted impact.</summary>
    protected static double DebrisHarm(HeardTrack track, in PredictedPath path, double meetingS, HarmMap map)
    {
        Enu at = path.At(meetingS).Position, down = path.At(track.ImpactS!.Value).Position;
        double sum = 0;
        for (int i = 1; i <= 3; i++)
        {
            double s = DebrisCarry * i / 3;
            sum += map.PeoplePerM2(at.East + s * (down.East - at.East), at.North + s * (down.North - at.North));
        }
        return sum / 3 * Fallout.PiecesOfARound * HarmMap.DebrisHarmM2;
    }

    /// <summary>Sigma of a track's position at its newest plot, metres; chosen, what a filter makes of a radar's errors of some ten metres.</summary>
    private const double TrackNowSigmaM = 3;

    /// <summary>Pieces fly this share of the way to where the round would have come down; chosen: they have more drag.</summary>
    private const double DebrisCarry = 0.8;
}

/// <summary>A gun.</summary>
internal sealed class Gun : Effector
{
    /// <summary>The fewest shells that a burst is worth firing with; chosen.</summary>
    private const int FewestShells = 10;

    /// <summary>A target is looked at only where it could be met; rounds of the raid close at this speed at most, m/s, chosen high.</summary>
    private const double FastestMps = 1_000;

    private readonly GunSettings _gun;
    private readonly GunLaying _laying;
    private readonly double _reachM;
    private Enu _pointing;
    private int _magazine, _spare;

    public Gun(GunSettings gun, GunLaying laying)
        : base(gun.Id, laying.Muzzle, new(gun.MinElevationDeg, gun.NoFireSectors, gun.Masks))
    {
        (_gun, _laying, _magazine, _spare) = (gun, laying, gun.MagazineRounds, gun.Magazines - 1);
        _reachM = laying.Table.At(Degrees.ToRad(45), gun.SelfDestructS).AlongM;
        (double sin, double cos) = Elementary.SinCos(Degrees.ToRad(gun.PointingDeg));
        _pointing = new(sin, cos, 0);
    }

    public override bool HasStock => _magazine > 0;

    /// <summary>Shells left in the magazine, and full magazines beside it.</summary>
    internal (int Magazine, int Spare) Stock => (_magazine, _spare);

    public override Option Consider(HeardTrack track, double nowS, HarmMap map)
    {
        if (_magazine == 0) return Option.None(Hold.Stock);
        if (track.Path is not { } path || path.ImpactS <= nowS) return Option.None(Hold.Reach);
        if (path.At(nowS).Position.Minus(Muzzle).Length() > _reachM + FastestMps * (_gun.SelfDestructS + SlowestTurnS())) return Option.None(Hold.Reach);
        double shotS = nowS + _gun.SettleS;
        FireSolution? first = null;
        // The turn depends on the solution, the solution on when the turn is done.
        for (int i = 0; i < 3; i++)
        {
            first = _laying.Solve(path, shotS);
            if (first is not { } s) return Option.None(Hold.Reach);
            shotS = nowS + _gun.SettleS + TurnS(s.Bore);
        }
        int shells = Math.Min(_gun.BurstRounds, _magazine);
        for (; ; shells /= 2)
        {
            if (shells < Math.Min(FewestShells, _magazine)) return Option.None(Hold.Reach);
            double lengthS = (shells - 1) / _gun.ShellsPerS;
            if (_laying.Solve(path, shotS) is not { } a || _laying.Solve(path, shotS + lengthS / 2) is not { } b || _laying.Solve(path, shotS + lengthS) is not { } c) continue;
            Hold hold = Fire.Check(a.Bore);
            if (hold == Hold.None) hold = Fire.Check(b.Bore);
            if (hold == Hold.None) hold = Fire.Check(c.Bore);
            if (hold != Hold.None) return Option.None(hold);
            double kill = KillProbability(track, b, path, shells);
            double harm = kill * DebrisHarm(track, path, b.MeetingS, map) + shells * _gun.BlindProbability * SpentPeople(b, map) * HarmMap.SpentHarmM2;
            return new(Hold.None, kill, harm, c.MeetingS, shotS + shells / _gun.ShellsPerS, new(a, b, c), shells, b.Meeting);
        }
    }

    public override void Take(in Option option)
    {
        Orders++;
        _pointing = option.Burst!.Value.Last.Bore;
        _magazine -= option.Shells;
        FreeS = option.BusyUntilS;
        if (_magazine > 0 || _spare == 0) return;
        (_magazine, _spare, FreeS) = (_gun.MagazineRounds, _spare - 1, FreeS + _gun.ReloadS);
    }

    private double TurnS(in Enu bore) => _pointing.AngleTo(bore) / Degrees.ToRad(_gun.SlewRateDegPerS);

    private double SlowestTurnS() => 180 / _gun.SlewRateDegPerS;

    // Shells spread about the aim as a Gaussian of all errors; what strikes is a Poisson count of the density there times what the target presents.
    private double KillProbability(HeardTrack track, in FireSolution s, in PredictedPath path, int shells)
    {
        double range = s.Meeting.Minus(Muzzle).Length(), spread = range * 1e-3 * Math.Sqrt(_gun.DispersionMrad * _gun.DispersionMrad + _gun.AimSigmaMrad * _gun.AimSigmaMrad);
        double track2 = TrackSigmaM(track, s.MeetingS), variance = spread * spread + track2 * track2;
        Enu velocity = path.At(s.MeetingS).VelocityMps, way = s.ShellVelocityMps.Minus(velocity).Unit();
        double cos = velocity.Unit().Dot(way), presented = TargetBody.Of(track.Kind).PresentedM2(Math.Sqrt(Math.Max(0, 1 - cos * cos)), cos);
        if (_gun.Fuze == ShellFuze.Impact) return 1 - Elementary.Exp(-shells * Math.Min(1, presented / (2 * Math.PI * variance)));
        (double sin, double cosCone) = Elementary.SinCos(Degrees.ToRad(_gun.ConeHalfAngleDeg));
        double cone = _gun.BurstAheadM * sin / cosCone, within = 1 - Elementary.Exp(-cone * cone / (2 * variance));
        double mean = shells * within * Math.Min(_gun.Fragments, _gun.Fragments * presented / (Math.PI * cone * cone)), term = Elementary.Exp(-mean), fewer = 0;
        for (int i = 0; i < _gun.LethalFragments; term *= mean / ++i) fewer += term;
        return Math.Max(0, 1 - fewer);
    }

    // People on a square metre where shells come down that do not destroy themselves.
    private double SpentPeople(in FireSolution s, HarmMap map)
    {
        ShellTable.Fall fall = _laying.Table.FallOf(s.BoreElevationRad);
        double ground = Math.Sqrt(s.Bore.East * s.Bore.East + s.Bore.North * s.Bore.North);
        if (ground <= 0) return map.PeoplePerM2(Muzzle.East, Muzzle.North);
        double e = Muzzle.East + fall.DistanceM * s.Bore.East / ground, n = Muzzle.North + fall.DistanceM * s.Bore.North / ground;
        double sum = map.PeoplePerM2(e, n);
        for (int i = 0; i < 4; i++) sum += map.PeoplePerM2(e + (i % 2 == 0 ? SpentSpreadM : -SpentSpreadM), n + (i < 2 ? SpentSpreadM : -SpentSpreadM));
        return sum / 5;
    }

    /// <summary>Blind shells spread about so far, in metres; chosen: some milliradians and the drag's spread over kilometres.</summary>
    private const double SpentSpreadM = 60;
}

/// <summary>A launcher of interceptors.</summary>
internal sealed class Launcher : Effector
{
    private readonly InterceptorSettings _settings;
    private int _stock;

    public Launcher(InterceptorSettings settings, in Enu muzzle)
        : base(settings.Id, muzzle, new(settings.MinElevationDeg, settings.NoFireSectors, settings.Masks)) => (_settings, _stock) = (settings, settings.Stock);

    public override bool HasStock => _stock > 0;

    public override Option Consider(HeardTrack track, double nowS, HarmMap map)
    {
        if (_stock == 0) return Option.None(Hold.Stock);
        if (track.Path is not { } path || path.ImpactS <= nowS) return Option.None(Hold.Reach);
        double launchS = nowS + _settings.ReactionS;
        if (MeetingS(path, launchS) is not { } meetingS) return Option.None(Hold.Reach);
        Enu point = path.At(meetingS).Position, line = point.Minus(Muzzle);
        if (line.Length() < _settings.MinRangeM) return Option.None(Hold.Reach);
        Hold hold = Fire.Check(line.Unit());
        if (hold != Hold.None) return Option.None(hold);
        double harm = _settings.SingleShotProbability * DebrisHarm(track, path, meetingS, map) + map.PeoplePerM2(point.East, point.North) * HarmMap.SpentHarmM2;
        return new(Hold.None, _settings.SingleShotProbability, harm, meetingS, nowS + _settings.LaunchIntervalS, null, 0, point);
    }

    public override void Take(in Option option)
    {
        Orders++;
        _stock--;
        FreeS = option.BusyUntilS;
    }

    /// <summary>Distance that an interceptor has flown by a time after its launch; null beyond its fly-out.</summary>
    internal double? DistanceM(double sinceLaunchS)
    {
        FlyOutPoint before = new() { TimeS = 0, DistanceM = 0 };
        foreach (FlyOutPoint after in _settings.FlyOut)
        {
            if (sinceLaunchS <= after.TimeS)
                return before.DistanceM + (sinceLaunchS - before.TimeS) / (after.TimeS - before.TimeS) * (after.DistanceM - before.DistanceM);
            before = after;
        }
        return null;
    }

    // The first time at which the interceptor can be where the track is: looked for in steps, then by halving.
    private double? MeetingS(in PredictedPath path, double launchS)
    {
        double last = Math.Min(path.ImpactS, launchS + _settings.FlyOut[^1].TimeS), before = launchS;
        for (double t = launchS + StepS; before < last; t += StepS)
        {
            double at = Math.Min(t, last);
            if (Ahead(path, launchS, at) >= 0)
            {
                double low = before, high = at;
                for (int i = 0; i < 30; i++)
                {
                    double middle = (low + high) / 2;
                    if (Ahead(path, launchS, middle) >= 0) high = middle;
                    else low = middle;
                }
                return high;
            }
            before = at;
        }
        return null;
    }

    private double Ahead(in PredictedPath path, double launchS, double t) => (DistanceM(t - launchS) ?? 0) - path.At(t).Position.Minus(Muzzle).Length();

    private const double StepS = 0.25;
}
