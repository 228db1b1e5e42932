using Tocsin.Ballistics;
using Tocsin.Geodesy;
using Tocsin.Numerics;
using Tocsin.Simulation.Radar;

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

    private const int Intervals = 6;
    private const int MaxIterations = 40;
    private const double SearchTolerance = 1e-6;

    /// <summary>Flies the round that falls on <paramref name="target"/>; null where no value in the interval reaches it.</summary>
    /// <param name="figuresAt">The launch's figures by the unknown's value.</param>
    /// <param name="least">The least value of the unknown.</param>
    /// <param name="most">The greatest.</param>
    /// <param name="target">The fall point, at the ground's height.</param>
    /// <param name="environment">What the round flies through.</param>
    public static Trajectory? Fly(Func<double, LaunchFigures> figuresAt, double least, double most, Geodetic target, FlightEnvironment environment)
    {
        var attempt = new Attempt(figuresAt, target, environment);
        double leastMiss = attempt.MissM(least), mostMiss = attempt.MissM(most);
        if (leastMiss > 0 != mostMiss > 0) return Close(attempt, least, leastMiss, most, mostMiss);

        // Both ends fall short, or both beyond: the target may still lie between, where the reach has its maximum inside.
        (double low, double lowMiss) = (least, leastMiss);
        for (int i = 1; i < Intervals; i++)
        {
            double high = least + (most - least) * i / Intervals, highMiss = attempt.MissM(high);
            if (lowMiss > 0 != highMiss > 0) return Close(attempt, low, lowMiss, high, highMiss);
            (low, lowMiss) = (high, highMiss);
        }
        return null;
    }

    // The false position by the Illinois rule (Dowell and Jarratt, BIT 11, 1971). The azimuth is corrected at every flight.
    private static Trajectory? Close(Attempt attempt, double a, double missA, double b, double missB)
    {
        double x = Math.Abs(missA) < Math.Abs(missB) ? a : b;
        for (int i = 0; i < MaxIterations; i++)
        {
            double miss = attempt.MissM(x);
            if (Math.Abs(miss) <= ToleranceM && attempt.AcrossM <= ToleranceM) return attempt.Final(x);
            if (i > 0)
            {
                if (miss > 0 != missB > 0) (a, missA) = (b, missB);
                else missA /= 2;
                (b, missB) = (x, miss);
            }
            x = b - missB * (b - a) / (missB - missA);
        }
        return null;
    }

    private sealed class Attempt(Func<double, LaunchFigures> figuresAt, Geodetic target, FlightEnvironment environment)
    {
        private double _turnRad;

        /// <summary>How far beside the line to the target the last flight fell, in metres.</summary>
        public double AcrossM { get; private set; } = double.PositiveInfinity;

        /// <summary>How far beyond the target a flight falls, in metres, negative where short of it.</summary>
        public double MissM(double unknown)
        {
            LaunchFigures figures = figuresAt(unknown);
            var frame = new LocalFrame(figures.From);
            Enu aim = frame.ToEnu(target);
            Enu fall = frame.ToEnu(Launch(figures, frame, SearchTolerance).Impact);
            double aimM = Math.Sqrt(aim.East * aim.East + aim.North * aim.North), fallM = Math.Sqrt(fall.East * fall.East + fall.North * fall.North);
            double offRad = Angles.Signed(Elementary.Atan2(aim.East, aim.North) - Elementary.Atan2(fall.East, fall.North));
            AcrossM = Math.Abs(offRad) * aimM;
            if (AcrossM > ToleranceM / 4) _turnRad += offRad;
            return fallM - aimM;
        }

        public Trajectory Final(double unknown)
        {
            LaunchFigures figures = figuresAt(unknown);
            return Launch(figures, new LocalFrame(figures.From), 1e-9);
        }

        private Trajectory Launch(in LaunchFigures figures, LocalFrame frame, double tolerance)
        {
            Enu aim = frame.ToEnu(target);
            double azimuth = Elementary.Atan2(aim.East, aim.North) + _turnRad;
            return Launches.Fly(figures, azimuth, target.HeightM, environment, tolerance);
        }
    }
}

/// <summary>Flies a launch.</summary>
internal static class Launches
{
    /// <summary>Longest flight in seconds.</summary>
    public const double MaxFlightS = 600;

    public static Trajectory Fly(in LaunchFigures figures, double azimuthRad, double groundHeightM, FlightEnvironment environment,
        double relativeTolerance = 1e-9, double maxTimeS = MaxFlightS)
    {
        (double sinE, double cosE) = Elementary.SinCos(figures.ElevationRad);
        (double sinA, double cosA) = Elementary.SinCos(azimuthRad);
        Enu velocity = new(figures.SpeedMps * cosE * sinA, figures.SpeedMps * cosE * cosA, figures.SpeedMps * sinE);
        return Flight.Fly(figures.Round, figures.From, velocity, groundHeightM, environment, maxTimeS, relativeTolerance);
    }
}
