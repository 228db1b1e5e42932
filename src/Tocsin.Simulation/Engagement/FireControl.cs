using Tocsin.Geodesy;
using Tocsin.Simulation.Measures;
using Tocsin.Simulation.Scenarios;

namespace Tocsin.Simulation.Engagement;

/// <summary>The deciding half of a simulated defence: from what a Site says to orders. It knows the site, the defence's own figures and stocks, and nothing of the truth.</summary>
/// <remarks>Not linked into anything live: its orders go to <see cref="Defence"/>, which plays them against the simulated truth.</remarks>
internal sealed class FireControl
{
    private readonly SiteDefinition _site;
    private readonly DefenceSettings _settings;
    private readonly Instant _start;
    private readonly HarmMap _map;
    private readonly Effector[] _effectors;
    private readonly List<HeardTrack> _tracks = [];
    private readonly Dictionary<TrackId, HeardTrack> _byId = [];
    private readonly List<HeardTrack> _candidates = [];
    private readonly List<int> _free = [];

    public FireControl(SiteDefinition site, DefenceSettings settings, Instant start)
    {
        (_site, _settings, _start) = (site, settings, start);
        _map = new(site, settings.Assets);
        double frameHeight = site.Frame.Origin.HeightM, sinLatitude = Numerics.Elementary.Sin(site.Frame.Origin.LatitudeRad);
        _effectors =
        [
            .. settings.Guns.Select(g =>
            {
                Geodetic at = g.Position.At(site.GroundElevationM + g.HeightAboveGroundM);
                var laying = new GunLaying(ShellTables.Of(g, at.HeightM, sinLatitude), g.MuzzleVelocityMps, site.Frame.ToEnu(at), g.MinRangeM, site.Wind, frameHeight);
                return new Gun(g, laying);
            }),
            .. settings.Interceptors.Select(i => (Effector)new Launcher(i, site.Frame.ToEnu(i.Position.At(site.GroundElevationM + i.HeightAboveGroundM)))),
        ];
    }

    /// <summary>The tracks heard of, in the order of confirmation.</summary>
    public IReadOnlyList<HeardTrack> Tracks => _tracks;

    /// <summary>The effectors, guns first.</summary>
    public IReadOnlyList<Effector> Effectors => _effectors;

    /// <summary>Whether any track might have to be engaged: where not, time may pass without a decision.</summary>
    public bool IsWatchful => _tracks.Exists(t => !t.Ended && t.ImpactS is not null);

    public void Confirmed(Instant now, in Track track)
    {
        var heard = new HeardTrack(track.Id, now.SecondsSince(_start));
        _tracks.Add(heard);
        _byId[track.Id] = heard;
        Updated(track);
    }

    public void Updated(in Track track)
    {
        if (!_byId.TryGetValue(track.Id, out HeardTrack? heard)) return;
        Motion motion = Motion.Of(_site.Frame, track.Position, track.VelocityMps);
        heard.See(track.ValidTime.SecondsSince(_start), motion.Position, motion.Velocity, track.Kind);
    }

    public void Ended(TrackId track)
    {
        if (_byId.TryGetValue(track, out HeardTrack? heard)) heard.Ended = true;
    }

    public void Predicted(in ImpactPrediction prediction)
    {
        if (!_byId.TryGetValue(prediction.Track, out HeardTrack? heard)) return;
        heard.Predict(prediction.ImpactTime.SecondsSince(_start), _site.Frame.ToEnu(prediction.Position), prediction.Ellipse95);
    }

    /// <summary>The orders of one moment, seconds from the scenario's start.</summary>
    public IReadOnlyList<Order> Decide(double nowS)
    {
        _candidates.Clear();
        _free.Clear();
        for (int e = 0; e < _effectors.Length; e++)
            if (_effectors[e].FreeS <= nowS) _free.Add(e);
        // What threatens is noted even where nothing is free: it may be let pass for that.
        foreach (HeardTrack track in _tracks)
            if (MayBeEngaged(track, nowS)) _candidates.Add(track);
        return _free.Count == 0 || _candidates.Count == 0 ? [] : Assign(nowS);
    }

    private bool MayBeEngaged(HeardTrack track, double nowS)
    {
        if (track.Ended || track.ImpactS is not { } impact || impact <= nowS || nowS < track.ConfirmedS + _settings.ReactionS) return false;
        if (track.Threat(_map, _settings.ThreatProbability).Probability < _settings.ThreatProbability) return false;
        if (track.Engagements == 0) return true;
        track.PassS.RemoveAll(p => p <= nowS);
        if (Room(track) <= 0) return false;
        if (track.PassS.Count > 0) return true;
        // All shots have passed: what is seen again is engaged again, what is silent is waited for and then given up.
        return track.Belief(nowS, _settings.LookS) == KillBelief.Survived;
    }

    private int Room(HeardTrack track) => (_settings.Doctrine == Doctrine.Salvo ? _settings.SalvoSize : 1) - track.PassS.Count;

    private List<Order> Assign(double nowS)
    {
        int targets = _candidates.Count;
        var options = new Option[_free.Count * targets];
        var kill = new double[options.Length];
        var cost = new double[options.Length];
        var worth = new double[targets];
        var room = new int[targets];
        for (int t = 0; t < targets; t++) (worth[t], room[t]) = (_candidates[t].Threat(_map, 0).Harm, Room(_candidates[t]));
        for (int e = 0; e < _free.Count; e++)
        {
            for (int t = 0; t < targets; t++)
            {
                int i = e * targets + t;
                Option option = options[i] = Checked(_effectors[_free[e]], _candidates[t], nowS, worth[t]);
                if (option.Hold != Hold.None) _candidates[t].Held[(int)option.Hold] = true;
                else (kill[i], cost[i]) = (option.Kill, _settings.HarmRatio * option.CausedHarm);
            }
        }
        int[] targetOf = WeaponTargetAssignment.Solve(worth, kill, cost, room);
        var orders = new List<Order>();
        for (int e = 0; e < targetOf.Length; e++)
        {
            if (targetOf[e] is not (>= 0 and int t)) continue;
            Option option = options[e * targets + t];
            Effector effector = _effectors[_free[e]];
            effector.Take(option);
            _candidates[t].Engage(option.PassS);
            orders.Add(new(_free[e], effector.Orders, _candidates[t].Id, nowS, option.PassS, option.Burst, option.Shells, option.Point, option.Kill,
                worth[t] * option.Kill, option.CausedHarm));
        }
        return orders;
    }

    private Option Checked(Effector effector, HeardTrack track, double nowS, double worth)
    {
        Option option = effector.Consider(track, nowS, _map);
        if (option.Hold != Hold.None) return option;
        if (NearAircraft(effector, option, nowS)) return Option.None(Hold.Aircraft);
        return worth * option.Kill <= _settings.HarmRatio * option.CausedHarm ? Option.None(Hold.People) : option;
    }

    // At any distance: shells fly on beyond the meeting, and where an aircraft will be in seconds is not known better.
    private bool NearAircraft(Effector effector, in Option option, double nowS)
    {
        double margin = Degrees.ToRad(_settings.AircraftMarginDeg);
        foreach (HeardTrack other in _tracks)
        {
            if (other.Ended || other.Kind != Kind.Aircraft) continue;
            if (option.Burst is not { } burst)
            {
                if (Angle(effector, other, option.PassS, option.Point.Minus(effector.Muzzle)) < margin) return true;
            }
            else if (Angle(effector, other, burst.First.ShotS, burst.First.Bore) < margin || Angle(effector, other, burst.Middle.MeetingS, burst.Middle.Bore) < margin
                || Angle(effector, other, burst.Last.MeetingS, burst.Last.Bore) < margin)
            {
                return true;
            }
        }
        return false;
    }

    private static double Angle(Effector effector, HeardTrack aircraft, double timeS, in Enu direction) =>
        aircraft.PositionAt(timeS).Minus(effector.Muzzle).AngleTo(direction);
}
