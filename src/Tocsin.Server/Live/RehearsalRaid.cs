using Tocsin.Ballistics;
using Tocsin.Geodesy;

namespace Tocsin.Server.Live;

/// <summary>A few rounds on a site's first zones as its sensors would see them, each without error: enough for a warning, and nothing to judge one by.</summary>
internal static class RehearsalRaid
{
    // Chosen: a round as a mortar's, some 2.5 km and 20 s: slow enough for any radar that sees rounds at all, and long enough in the air for one that turns slowly.
    private const double SpeedMps = 130, ClimbMps = 105, LongestFlightS = 60, SpacingS = 0.5;
    private const int MostZones = 3, Directions = 8;
    private static readonly Round s_round = new(5_000, DragCurve.Reference);

    /// <summary>What the site's sensors would see of one round on each of the first zones, by time.</summary>
    public static IReadOnlyList<Plot> Plots(SiteDefinition site, Instant start)
    {
        SensorFrame[] sensors = [.. site.Sensors.Select(s => new SensorFrame(s.Position, site.Frame))];
        List<Plot> plots = [];
        foreach ((int i, ZoneDefinition zone) in site.Zones.Take(MostZones).Index())
        {
            // From where most is seen of it.
            List<Plot> best = [];
            for (int d = 0; d < Directions; d++)
            {
                List<Plot> seen = Seen(site, sensors, FlightTo(site, Inside(zone.Area), d * Math.Tau / Directions), start.AddSeconds(i * SpacingS));
                if (seen.Count > best.Count) best = seen;
            }
            plots.AddRange(best);
        }
        return [.. plots.OrderBy(p => p.Time)];
    }

    private static List<Plot> Seen(SiteDefinition site, SensorFrame[] sensors, Trajectory flight, Instant start)
    {
        List<Plot> plots = [];
        for (int s = 0; s < sensors.Length; s++)
        {
            SensorDefinition sensor = site.Sensors[s];
            for (double t = sensor.ScanPeriodS; t < flight.DurationS; t += sensor.ScanPeriodS)
            {
                (Geodetic at, Enu velocity) = flight.StateAt(t);
                Enu place = site.Frame.ToEnu(at);
                Polar seen = sensors[s].Measure(place);
                if (seen.RangeM > sensor.MaxRangeM || seen.ElevationRad < sensor.MinElevationRad) continue;
                plots.Add(new()
                {
                    Time = start.AddSeconds(t),
                    Sensor = s,
                    Measurement = seen,
                    // The velocity's axes are those of the round's own place: over some kilometres that is nothing here.
                    RangeRateMps = double.IsNaN(sensor.RangeRateSigmaMps) ? double.NaN : sensors[s].RangeRateMps(place, velocity),
                });
            }
        }
        return plots;
    }

    /// <summary>A flight to a point of the ground from a direction (clockwise from north, in radians).</summary>
    private static Trajectory FlightTo(SiteDefinition site, (double East, double North) target, double from)
    {
        (double sin, double cos) = Math.SinCos(from);
        Enu velocity = new(-sin * SpeedMps, -cos * SpeedMps, ClimbMps);
        Trajectory Fly(double east, double north)
        {
            Geodetic start = site.Frame.ToGeodetic(new Enu(east, north, 0)) with { HeightM = site.GroundElevationM };
            return Flight.Fly(s_round, start, velocity, site.GroundElevationM, FlightEnvironment.Calm, LongestFlightS);
        }
        // As far short of the point as a flight from there goes.
        Enu impact = site.Frame.ToEnu(Fly(target.East, target.North).Impact);
        return Fly(2 * target.East - impact.East, 2 * target.North - impact.North);
    }

    /// <summary>A point of the ground inside a polygon: its middle, or where that lies outside a corner.</summary>
    private static (double East, double North) Inside(GroundPolygon area)
    {
        (double east, double north) = ((area.MinEastM + area.MaxEastM) / 2, (area.MinNorthM + area.MaxNorthM) / 2);
        return area.Contains(east, north) ? (east, north) : area.Rings[0][0];
    }
}
