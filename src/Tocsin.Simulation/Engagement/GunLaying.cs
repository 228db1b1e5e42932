using Tocsin.Ballistics;
using Tocsin.Geodesy;
using Tocsin.Numerics;

namespace Tocsin.Simulation.Engagement;

/// <summary>How a gun must point so that a shell meets a path.</summary>
/// <param name="ShotS">When it is fired, seconds from the scenario's start.</param>
/// <param name="FlightS">Seconds to the meeting.</param>
/// <param name="Bore">The bore's direction.</param>
/// <param name="BoreElevationRad">Its elevation.</param>
/// <param name="Meeting">Where they meet, in the site's frame.</param>
/// <param name="ShellVelocityMps">The shell's velocity there.</param>
/// <param name="LagS">By how much longer the flight took than it would have without drag: what wind acts for (Didion's rule).</param>
internal readonly record struct FireSolution(double ShotS, double FlightS, Enu Bore, double BoreElevationRad, Enu Meeting, Enu ShellVelocityMps, double LagS)
{
    public double MeetingS => ShotS + FlightS;
}

/// <summary>Lays one gun: from a predicted path to the direction of fire, by its shell table and the wind that the site believes in.</summary>
/// <remarks>Wind moves a shell by its speed times the lag of the flight behind one in vacuum: Didion's rule (McCoy, Modern Exterior Ballistics, 2nd ed., ch. 7), exact for a
/// steady crosswind and used for all of the wind.</remarks>
internal sealed class GunLaying(ShellTable table, double muzzleVelocityMps, Enu muzzle, double minRangeM, WindProfile wind, double frameHeightM)
{
    private const int MaxIterations = 20;
    private const double ToleranceM = 1e-3, SlowestClosingMps = 30;

    public ShellTable Table { get; } = table;

    public Enu Muzzle { get; } = muzzle;

    /// <summary>The wind between the muzzle and a point, as the site believes it to be.</summary>
    public Enu BelievedWind(in Enu point) => Wind(wind, Muzzle, point, frameHeightM);

    /// <summary>The wind halfway between two points of the site's frame.</summary>
    public static Enu Wind(WindProfile wind, in Enu from, in Enu to, double frameHeightM)
    {
        (double east, double north) = wind.At(frameHeightM + (from.Up + to.Up) / 2);
        return new(east, north, 0);
    }

    /// <summary>The solution for a shot at a time; null where the shell's life is too short, or the target too near or down before.</summary>
    public FireSolution? Solve(in PredictedPath path, double shotS)
    {
        double flight = path.At(shotS).Position.Minus(Muzzle).Length() / muzzleVelocityMps;
        double elevation = 0;
        for (int i = 0; i < MaxIterations; i++)
        {
            (Enu target, Enu velocity) = path.At(shotS + flight);
            (double along, double below, double alongMps, double belowMps) = Table.At(elevation, flight);
            double lag = flight - along / muzzleVelocityMps;
            Enu line = target.PlusTimes(-lag, BelievedWind(target)).Minus(Muzzle);
            double ground = Math.Sqrt(line.East * line.East + line.North * line.North), range = line.Length(), reach = Math.Sqrt(along * along + below * below);
            double before = elevation;
            elevation = Elementary.Atan2(line.Up, ground) + (i == 0 ? 0 : Elementary.Atan2(below, along));
            if (Math.Abs(range - reach) < ToleranceM && Math.Abs(elevation - before) < 1e-7 && i > 1)
            {
                if (flight > Table.LifeS || shotS + flight > path.ImpactS || range < minRangeM) return null;
                return Made(shotS, flight, elevation, line, ground, target, alongMps, belowMps, lag);
            }
            double closing = (along * alongMps + below * belowMps) / Math.Max(1, reach) - line.Dot(velocity) / Math.Max(1, range);
            if (i > 0 && closing < SlowestClosingMps) return null;
            flight += (range - reach) / Math.Max(SlowestClosingMps, closing);
            if (!(flight > 0) || flight > 2 * Table.LifeS) return null;
        }
        return null;
    }

    private static FireSolution Made(double shotS, double flight, double elevation, in Enu line, double ground, in Enu target, double alongMps, double belowMps, double lag)
    {
        (double sin, double cos) = Elementary.SinCos(elevation);
        (double east, double north) = ground > 0 ? (line.East / ground, line.North / ground) : (0, 1);
        Enu bore = new(cos * east, cos * north, sin), normal = new(-sin * east, -sin * north, cos);
        return new(shotS, flight, bore, elevation, target, bore.Times(alongMps).PlusTimes(-belowMps, normal), lag);
    }
}
