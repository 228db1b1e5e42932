using Tocsin.Ballistics;
using Tocsin.Geodesy;
using Tocsin.Numerics;
using Tocsin.Simulation.Radar;
using Tocsin.Simulation.Scenarios;

namespace Tocsin.Simulation.Runs;

/// <summary>The figures of one launch, before the one that is solved.</summary>
/// <param name="Round">The round.</param>
/// <param name="From">Where it is launched.</param>
/// <param name="SpeedMps">Its speed at launch in m/s.</param>
/// <param name="ElevationRad">The launch's elevation.</param>
internal readonly record struct LaunchFigures(Round Round, Geodetic From, double SpeedMps, double ElevationRad);

/// <summary>Makes a simulated round fall where its scenario drew it to fall: the boundary problem of one flight.</summary>
/// <remarks>A means of describing incidents by where rounds fell, which is what is known of them, rather than by how they were
/// launched, which is not. Internal to the simulation and its generic rounds; nothing outside can ask it anything.</remarks>
internal static class FallPointSolver
{
    /// <summary>Miss in metres at which a solution is good enough: far below any radar's error.</summary>
    public const double ToleranceM = 0.5;

    // Where both ends of the interval fall short, or both beyond, a bracket is looked for at so many places.
    private const int Intervals = 6;
    private const int MaxIterations = 40;
    private const int MaxSecantSteps = 8;
    private const double SearchTolerance = 1e-6;

    /// <summary>Flies the round that falls on <paramref name="target"/>; null where no value in the interval reaches it.</summary>
    /// <param name="figuresAt">The launch's figures by the unknown's value.</param>
    /// <param name="unknown">The least and the greatest value of the unknown.</param>
    /// <param name="guess">A value in it that falls near, such as a like round's; null for none.</param>
    /// <param name="target">The fall point, at the ground's height.</param>
    /// <param name="environment">What the round flies through.</param>
    /// <returns>The flight and the unknown's value.</returns>
    public static (Trajectory Flight, double Unknown)? Fly(Func<double, LaunchFigures> figuresAt, Interval unknown, double? guess, Geodetic target, FlightEnvironment environment)
    {
        var attempt = new Attempt(figuresAt, target, environment);
        if ((guess is { } near ? Secant(attempt, unknown, near) : null) is { } found) return found;

        double leastMiss = attempt.MissM(unknown.Min), mostMiss = attempt.MissM(unknown.Max);
        if (leastMiss > 0 != mostMiss > 0) return FalsePosition(attempt, unknown.Min, leastMiss, unknown.Max, mostMiss);
        (double low, double lowMiss) = (unknown.Min, leastMiss);
        for (int i = 1; i < Intervals; i++)
        {
            double high = unknown.At(i / (double)Intervals), highMiss = attempt.MissM(high);
            if (lowMiss > 0 != highMiss > 0) return FalsePosition(attempt, low, lowMiss, high, highMiss);
            (low, lowMiss) = (high, highMiss);
        }
        return null;
    }

    // Quick from a good guess, and given up as soon as it leaves the interval. The azimuth is corrected at every flight, here and below.
    private static (Trajectory, double)? Secant(Attempt attempt, Interval unknown, double guess)
    {
        double a = guess, missA = attempt.MissM(a), share = (unknown.Max - unknown.Min) / 20;
        double b = a + share <= unknown.Max ? a + share : a - share;
        for (int i = 0; i < MaxSecantSteps; i++)
        {
            if (!(b >= unknown.Min && b <= unknown.Max)) return null;
            double missB = attempt.MissM(b);
            if (attempt.Hits(missB)) return attempt.Final(b);
            (a, missA, b) = (b, missB, b - missB * (b - a) / (missB - missA));
        }
        return null;
    }

    // The false position by the Illinois rule (Dowell and Jarratt, BIT 11, 1971), which never leaves its bracket.
    private static (Trajectory, double)? FalsePosition(Attempt attempt, double a, double missA, double b, double missB)
    {
        for (int i = 0; i < MaxIterations; i++)
        {
            double x = b - missB * (b - a) / (missB - missA), miss = attempt.MissM(x);
            if (attempt.Hits(miss)) return attempt.Final(x);
            if (miss > 0 != missB > 0) (a, missA) = (b, missB);
            else missA /= 2;
            (b, missB) = (x, miss);
        }
        return null;
    }

    private sealed class Attempt(Func<double, LaunchFigures> figuresAt, Geodetic target, FlightEnvironment environment)
    {
        // What the azimuth to the target needs, and how far beside the line to it the last flight fell.
        private double _turnRad, _acrossM;

        /// <summary>How far beyond the target a flight falls, in metres, negative where short of it.</summary>
        public double MissM(double unknown)
        {
            LaunchFigures figures = figuresAt(unknown);
            var frame = new LocalFrame(figures.From);
            Enu aim = frame.ToEnu(target);
            Enu fall = frame.ToEnu(Launches.EndOf(figures, AzimuthRad(aim), target.HeightM, environment, SearchTolerance));
            double aimM = Math.Sqrt(aim.East * aim.East + aim.North * aim.North), fallM = Math.Sqrt(fall.East * fall.East + fall.North * fall.North);
            double offRad = Angles.Signed(Elementary.Atan2(aim.East, aim.North) - Elementary.Atan2(fall.East, fall.North));
            _acrossM = Math.Abs(offRad) * aimM;
            if (_acrossM > ToleranceM / 4) _turnRad += offRad;
            return fallM - aimM;
        }

        /// <summary>Whether the last flight, that fell so far beyond the target, fell on it.</summary>
        public bool Hits(double missM) => Math.Abs(missM) <= ToleranceM && _acrossM <= ToleranceM;

        public (Trajectory Flight, double Unknown) Final(double unknown)
        {
            LaunchFigures figures = figuresAt(unknown);
            Enu aim = new LocalFrame(figures.From).ToEnu(target);
            return (Launches.Fly(figures, AzimuthRad(aim), target.HeightM, environment), unknown);
        }

        private double AzimuthRad(in Enu aim) => Elementary.Atan2(aim.East, aim.North) + _turnRad;
    }
}

/// <summary>Flies a launch.</summary>
internal static class Launches
{
    /// <summary>Longest flight in seconds.</summary>
    public const double MaxFlightS = 600;

    public static Trajectory Fly(in LaunchFigures figures, double azimuthRad, double groundHeightM, FlightEnvironment environment,
        double relativeTolerance = 1e-9, double maxTimeS = MaxFlightS) =>
        Flight.Fly(figures.Round, figures.From, VelocityMps(figures, azimuthRad), groundHeightM, environment, maxTimeS, relativeTolerance);

    /// <summary>Where the launch's flight ends, and nothing else of it.</summary>
    public static Geodetic EndOf(in LaunchFigures figures, double azimuthRad, double groundHeightM, FlightEnvironment environment, double relativeTolerance) =>
        Flight.EndOf(figures.Round, figures.From, VelocityMps(figures, azimuthRad), groundHeightM, environment, MaxFlightS, relativeTolerance);

    private static Enu VelocityMps(in LaunchFigures figures, double azimuthRad)
    {
        (double sinE, double cosE) = Elementary.SinCos(figures.ElevationRad);
        (double sinA, double cosA) = Elementary.SinCos(azimuthRad);
        return new(figures.SpeedMps * cosE * sinA, figures.SpeedMps * cosE * cosA, figures.SpeedMps * sinE);
    }
}
