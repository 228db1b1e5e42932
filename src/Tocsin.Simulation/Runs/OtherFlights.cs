using Tocsin.Ballistics;
using Tocsin.Geodesy;
using Tocsin.Numerics;
using Tocsin.Simulation.Radar;
using Tocsin.Simulation.Scenarios;

namespace Tocsin.Simulation.Runs;

/// <summary>Birds, aircraft and machine-gun shots: what is in the air and is no round.</summary>
/// <param name="groundElevationM">Height of the site's ground.</param>
/// <param name="environment">What shots fly through.</param>
/// <param name="streams">The run's random streams.</param>
/// <param name="durationS">How long the scenario lasts.</param>
internal sealed class OtherFlights(double groundElevationM, FlightEnvironment environment, RunStreams streams, double durationS)
{
    /// <summary>A gun's muzzle stands so high above the ground, in metres.</summary>
    private const double MuzzleHeightM = 2;

    private int Samples => Math.Max(2, (int)Math.Ceiling(durationS / SampledPath.StepS) + 1);

    /// <summary>Every bird of a flock.</summary>
    public IEnumerable<AirObject> Birds(Flock flock)
    {
        for (int i = 1; i <= flock.Count; i++)
        {
            string id = $"{flock.Id}-{i:00}";
            yield return new(id, Decibels.Ratio(flock.CrossSectionDb), Wander(flock, streams.Of(Draw.Path, id)));
        }
    }

    private SampledPath Wander(Flock flock, RandomStream draws)
    {
        var frame = new LocalFrame(flock.Centre.At(groundElevationM));
        double heightM = groundElevationM + flock.HeightAboveGroundM.At(draws.NextUniform()), speed = flock.SpeedMps.At(draws.NextUniform());
        double fromCentre = flock.RadiusM * Math.Sqrt(draws.NextUniform());
        (double sin, double cos) = Elementary.SinCos(Math.Tau * draws.NextUniform());
        (double east, double north, double heading) = (fromCentre * sin, fromCentre * cos, Math.Tau * draws.NextUniform());
        double restlessRad = Degrees.ToRad(flock.TurnSigmaDegPerS) * Math.Sqrt(SampledPath.StepS);
        var at = new Ecef[Samples];
        for (int i = 0; i < at.Length; i++)
        {
            at[i] = Wgs84.ToEcef(frame.ToGeodetic(new(east, north, 0)) with { HeightM = heightM });
            heading += restlessRad * draws.NextNormal();
            // Beyond its place a bird turns back, as fast as a bird circles.
            if (east * east + north * north > flock.RadiusM * flock.RadiusM)
                heading += Math.Clamp(Angles.Signed(Elementary.Atan2(-east, -north) - heading), -HomingRadPerS * SampledPath.StepS, HomingRadPerS * SampledPath.StepS);
            (sin, cos) = Elementary.SinCos(heading);
            (east, north) = (east + speed * SampledPath.StepS * sin, north + speed * SampledPath.StepS * cos);
        }
        return new(0, at);
    }

    private const double HomingRadPerS = 0.35;

    /// <summary>An aircraft from its first way point to its last, or to the end of the scenario; null where it is gone before the beginning.</summary>
    public AirObject? Aircraft(AircraftRoute route)
    {
        SampledPath path = Follow(route);
        return path.EndS > 0 ? new(route.Id, Decibels.Ratio(route.CrossSectionDb), path) : null;
    }

    // It always steers at the next way point, as fast as it can turn, and takes the one after that where turning would carry it past.
    private SampledPath Follow(AircraftRoute route)
    {
        var frame = new LocalFrame(route.Route[0].Position with { HeightM = 0 });
        Enu[] way = [.. route.Route.Select(p => frame.ToEnu(p.Ground.At(0)))];
        double stepM = route.SpeedMps * SampledPath.StepS, turnRad = Degrees.ToRad(route.TurnRateDegPerS) * SampledPath.StepS;
        double turnRadiusM = route.SpeedMps / Degrees.ToRad(route.TurnRateDegPerS);
        double east = 0, north = 0, heightM = route.Route[0].HeightM, heading = Elementary.Atan2(way[1].East, way[1].North);
        var at = new List<Ecef>();
        double lastDistance = double.PositiveInfinity;
        int next = 1;
        for (double timeS = route.StartS; timeS < durationS + SampledPath.StepS || at.Count < 2; timeS += SampledPath.StepS)
        {
            at.Add(Wgs84.ToEcef(frame.ToGeodetic(new(east, north, 0)) with { HeightM = heightM }));
            double toEast = way[next].East - east, toNorth = way[next].North - north, distance = Math.Sqrt(toEast * toEast + toNorth * toNorth);
            if (next == way.Length - 1)
            {
                // At the end of the route, or as near to it as its turns allow.
                if (distance < stepM || (distance < turnRadiusM && distance > lastDistance)) break;
            }
            else if (distance < Math.Max(stepM, turnRadiusM))
            {
                next++;
                (toEast, toNorth) = (way[next].East - east, way[next].North - north);
                distance = Math.Sqrt(toEast * toEast + toNorth * toNorth);
            }
            lastDistance = distance;
            heading += Math.Clamp(Angles.Signed(Elementary.Atan2(toEast, toNorth) - heading), -turnRad, turnRad);
            (double sin, double cos) = Elementary.SinCos(heading);
            (east, north) = (east + stepM * sin, north + stepM * cos);
            heightM += (route.Route[next].HeightM - heightM) * Math.Min(1, stepM / Math.Max(distance, stepM));
        }
        if (at.Count < 2) at.Add(at[0]);
        return new(route.StartS, [.. at]);
    }

    /// <summary>Every shot of a gun.</summary>
    public IEnumerable<AirObject> Shots(Gunfire gun)
    {
        RandomStream bursts = streams.Of(Draw.Burst, gun.Id);
        double burstS = gun.StartS;
        int number = 0;
        for (int burst = 0; burst < gun.Bursts; burst++)
        {
            double azimuthDeg = gun.AzimuthDeg.At(bursts.NextUniform()), elevationDeg = gun.ElevationDeg.At(bursts.NextUniform());
            for (int shot = 0; shot < gun.ShotsPerBurst; shot++)
            {
                string id = $"{gun.Id}-{++number:000}";
                double firedS = Math.Round(burstS + shot / gun.ShotsPerS, 3);
                if (firedS < durationS) yield return Shot(gun, id, firedS, azimuthDeg, elevationDeg);
            }
            burstS += gun.ShotsPerBurst / gun.ShotsPerS + gun.PauseS.At(bursts.NextUniform());
        }
    }

    private AirObject Shot(Gunfire gun, string id, double firedS, double azimuthDeg, double elevationDeg)
    {
        RandomStream draws = streams.Of(Draw.Shot, id);
        double azimuth = Degrees.ToRad(azimuthDeg + gun.SpreadSigmaDeg * draws.NextNormal()), elevation = Degrees.ToRad(elevationDeg + gun.SpreadSigmaDeg * draws.NextNormal());
        double speed = gun.SpeedMps.At(draws.NextUniform()), coefficient = gun.BallisticCoefficientKgPerM2.At(draws.NextUniform());
        var figures = new LaunchFigures(new Round(coefficient, DragShapes.Of(DragShape.Supersonic)), gun.Position.At(groundElevationM + MuzzleHeightM), speed, elevation);
        Trajectory flight = Launches.Fly(figures, azimuth, groundElevationM, environment, maxTimeS: gun.LifeS);
        return new(id, Decibels.Ratio(gun.CrossSectionDb), firedS, flight, gun.LifeS);
    }
}
