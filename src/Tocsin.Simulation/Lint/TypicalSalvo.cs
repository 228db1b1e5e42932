using Tocsin.Ballistics;
using Tocsin.Geodesy;
using Tocsin.Numerics;
using Tocsin.Simulation.Runs;
using Tocsin.Simulation.Scenarios;

namespace Tocsin.Simulation.Lint;

/// <summary>A salvo with the flight of its typical round, and the ground on which its rounds fall.</summary>
internal sealed class TypicalSalvo
{
    /// <summary>Sigmas of its dispersion within which a salvo reaches a zone. Chosen: one round in 90 falls beyond 3 sigmas of a plane Gaussian.</summary>
    private const double ReachSigmas = 3;

    /// <summary>Least sigma in metres, so that a salvo on one point has some width: half the harm radius that sites have by default. Chosen.</summary>
    private const double LeastSigmaM = 25;

    private readonly Enu _impact;
    private readonly (double East, double North) _along;
    private readonly double _sigmaAlongM, _sigmaAcrossM;

    private TypicalSalvo(Salvo salvo, int index, Trajectory flight, LocalFrame frame, double groundM, (double AlongM, double AcrossM) sigma)
    {
        (Salvo, Index, Flight, GroundM) = (salvo, index, flight, groundM);
        _impact = frame.ToEnu(flight.Impact);
        Enu from = frame.ToEnu(flight.StateAt(0).Position);
        double east = _impact.East - from.East, north = _impact.North - from.North, length = Math.Sqrt(east * east + north * north);
        _along = length > 0 ? (east / length, north / length) : (0, 1);
        (_sigmaAlongM, _sigmaAcrossM) = (Math.Max(LeastSigmaM, sigma.AlongM), Math.Max(LeastSigmaM, sigma.AcrossM));
    }

    public Salvo Salvo { get; }

    /// <summary>Its place in the scenario's list.</summary>
    public int Index { get; }

    public Trajectory Flight { get; }

    /// <summary>The ground's height above the ellipsoid in metres.</summary>
    public double GroundM { get; }

    public double CrossSectionRatio => Decibels.Ratio(Salvo.CrossSectionDb);

    /// <summary>Flies a salvo's typical round, or says why its rounds cannot fall where they should.</summary>
    public static Loaded<TypicalSalvo> Of(Salvo salvo, int index, SiteDefinition site, FlightEnvironment air)
    {
        Loaded<Trajectory> Fly(Salvo s) => new SalvoFlights(s, site.GroundElevationM, air, new RunStreams(0, 0)).Typical();
        if (!Fly(salvo).Succeeded(out Trajectory? flight, out string? problem)) return Loaded<TypicalSalvo>.Failed(problem);
        if (salvo.Aim is { } aim)
            return Loaded<TypicalSalvo>.Of(new(salvo, index, flight, site.Frame, site.GroundElevationM, (aim.SigmaAlongM, aim.SigmaAcrossM)));

        // Without an aim the ends of the figures' ranges say how far the falls spread; what lies between them is within 3 sigmas.
        double[] reach =
        [
            .. from elevation in (double[])[salvo.ElevationDeg.Min, salvo.ElevationDeg.Max]
               from speed in (double[])[salvo.SpeedMps.Min, salvo.SpeedMps.Max]
               let end = Fly(salvo with { ElevationDeg = new(elevation, elevation), SpeedMps = new(speed, speed) }).Value
               where end is not null
               select Distance(end),
        ];
        double spread = reach.Length > 0 ? reach.Max() - reach.Min() : 0;
        double halfTurn = Math.Min(Math.PI, Degrees.ToRad(salvo.AzimuthDeg!.Max - salvo.AzimuthDeg.Min) / 2);
        return Loaded<TypicalSalvo>.Of(new(salvo, index, flight, site.Frame, site.GroundElevationM,
            (spread / ReachSigmas, Distance(flight) * halfTurn / ReachSigmas)));
    }

    /// <summary>Whether its rounds may well fall in a zone.</summary>
    public bool Reaches(ZoneShape zone)
    {
        if (zone.Zone.Area.Contains(_impact.East, _impact.North)) return true;
        foreach ((double east, double north) in zone.Points)
        {
            double e = east - _impact.East, n = north - _impact.North;
            double along = (e * _along.East + n * _along.North) / _sigmaAlongM, across = (e * _along.North - n * _along.East) / _sigmaAcrossM;
            if (along * along + across * across <= ReachSigmas * ReachSigmas) return true;
        }
        return false;
    }

    /// <summary>Height above the ground in metres so long before the impact.</summary>
    public double HeightBeforeImpactM(double secondsBefore) => Math.Max(0, Flight.StateAt(Flight.DurationS - secondsBefore).Position.HeightM - GroundM);

    /// <summary>Seconds from the scenario's start to the salvo's last impact, late by two sigmas of what is drawn.</summary>
    public double LastImpactS
    {
        get
        {
            LaunchTimes times = Salvo.LaunchTimes;
            int waits = Math.Max(0, Salvo.Count - 1);
            double launch = times.StartS + (times.WindowS ?? (times.IntervalS is { } i ? waits * i.Middle + 2 * (i.Max - i.Min) * Math.Sqrt(waits / 12.0) : 0));
            return launch + Flight.DurationS;
        }
    }

    private static double Distance(Trajectory flight)
    {
        Enu fall = new LocalFrame(flight.StateAt(0).Position).ToEnu(flight.Impact);
        return Math.Sqrt(fall.East * fall.East + fall.North * fall.North);
    }
}
