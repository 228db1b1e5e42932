using Tocsin.Ballistics;
using Tocsin.Geodesy;
using Tocsin.Numerics;
using Tocsin.Simulation.Scenarios;

namespace Tocsin.Simulation.Runs;

/// <summary>A round that was drawn: when it was, or should have been, launched, and its flight where it flew.</summary>
internal sealed record DrawnRound(string Id, Kind Kind, double LaunchS, Trajectory? Flight, double CrossSectionRatio);

/// <summary>Draws and flies the rounds of one salvo.</summary>
internal sealed class SalvoFlights(Salvo salvo, double groundElevationM, FlightEnvironment environment, RunStreams streams)
{
    /// <summary>Draws of a round's figures before its fall point is drawn anew: the ends of ranges may not go together.</summary>
    private const int FiguresPerFallPoint = 6;

    /// <summary>Fall points drawn for a round. Where a salvo cannot reach, the tail of its dispersion is cut off.</summary>
    private const int FallPoints = 20;

    /// <summary>Tries to hit a polygon within its bounding box, before its middle is taken.</summary>
    private const int PointTries = 1_000;

    /// <summary>The rounds, or why they cannot fall where they should.</summary>
    public Loaded<List<DrawnRound>> Draw()
    {
        double? middle = null;
        if (salvo is { Aim: { } aim, Count: > 0 } && (middle = MiddleUnknown(aim)) is null) return Loaded<List<DrawnRound>>.Failed(CannotReach);
        HashSet<int> failed = DrawFailures();
        var rounds = new List<DrawnRound>(salvo.Count);
        double last = 0;
        for (int i = 0; i < salvo.Count; i++)
        {
            string id = Id(i);
            last = LaunchTimeS(i, id, last);
            Trajectory? flight = failed.Contains(i) ? null : FlightOf(id, middle);
            if (flight is null && !failed.Contains(i)) return Loaded<List<DrawnRound>>.Failed(CannotReach);
            if (flight is { ReachedGround: false })
                return Loaded<List<DrawnRound>>.Failed($"salvo '{salvo.Id}': round {id} does not come down within {Launches.MaxFlightS} s; lower speedMps or boost");
            rounds.Add(new(id, salvo.Kind, last, flight, Decibels.Ratio(salvo.CrossSectionDb)));
        }
        return Loaded<List<DrawnRound>>.Of(rounds);
    }

    /// <summary>The flight of a typical round: with the middle of all figures, from the middle of the launch area to the middle of the aim.</summary>
    public Loaded<Trajectory> Typical()
    {
        Figures middle = Figures.Middle(salvo);
        Geodetic from = MiddleOf(salvo.LaunchArea).At(LaunchHeightM);
        Trajectory? flight = salvo.Aim is { } aim
            ? Solve(middle, from, aim.Centre.At(groundElevationM), null)?.Flight
            : Launches.Fly(middle.From(from), Degrees.ToRad(salvo.AzimuthDeg!.Middle), groundElevationM, environment);
        return flight is null ? Loaded<Trajectory>.Failed(CannotReach)
            : flight.ReachedGround ? Loaded<Trajectory>.Of(flight)
            : Loaded<Trajectory>.Failed($"salvo '{salvo.Id}': a typical round does not come down within {Launches.MaxFlightS} s; lower speedMps or boost");
    }

    private string CannotReach =>
        $"salvo '{salvo.Id}' cannot reach its aim with its figures; widen {(salvo.SolveFor == SolveFor.Elevation ? "elevationDeg" : salvo.Boost is null ? "speedMps" : "boost.accelerationMps2")}, or move launchArea or aim";

    private string Id(int index) => $"{salvo.Id}-{index + 1:00}";

    private HashSet<int> DrawFailures() =>
    [
        .. Enumerable.Range(0, salvo.Count)
            .OrderBy(i => streams.Of(Runs.Draw.LaunchFailure, Id(i)).NextUniform()).ThenBy(i => i)
            .Take(salvo.FailToLaunch),
    ];

    private double LaunchTimeS(int index, string id, double lastS)
    {
        double share = streams.Of(Runs.Draw.LaunchTime, id).NextUniform();
        LaunchTimes times = salvo.LaunchTimes;
        double timeS = times.WindowS is { } window ? times.StartS + share * window
            : index == 0 ? times.StartS
            : lastS + times.IntervalS!.At(share);
        // To the millisecond, as files print it.
        return Math.Round(timeS, 3);
    }

    private Trajectory? FlightOf(string id, double? guess)
    {
        RandomStream point = streams.Of(Runs.Draw.LaunchPoint, id), figures = streams.Of(Runs.Draw.LaunchFigures, id), fall = streams.Of(Runs.Draw.FallPoint, id);
        if (salvo.Aim is not { } aim)
        {
            Figures drawn = Figures.Of(salvo, ref figures);
            return Launches.Fly(drawn.From(LaunchPoint(ref point)), Degrees.ToRad(salvo.AzimuthDeg!.At(figures.NextUniform())), groundElevationM, environment);
        }
        for (int i = 0; i < FallPoints; i++)
        {
            Geodetic target = FallPoint(aim, ref fall);
            for (int j = 0; j < FiguresPerFallPoint; j++)
                if (Solve(Figures.Of(salvo, ref figures), LaunchPoint(ref point), target, guess) is { } solved) return solved.Flight;
        }
        return null;
    }

    // With the middle of everything: a salvo whose aim is out of reach is a slip of the pen, not a tail to be cut off. What is found is
    // near what its rounds need.
    private double? MiddleUnknown(Aim aim) =>
        Solve(Figures.Middle(salvo), MiddleOf(salvo.LaunchArea).At(LaunchHeightM), aim.Centre.At(groundElevationM), null)?.Unknown;

    private (Trajectory Flight, double Unknown)? Solve(Figures figures, Geodetic from, Geodetic target, double? guess)
    {
        (Func<double, Figures> with, Interval unknown) = salvo switch
        {
            { SolveFor: SolveFor.Elevation } => ((Func<double, Figures>)(x => figures with { ElevationDeg = x }), salvo.ElevationDeg),
            { Boost: { } boost } => (x => figures with { ThrustMps2 = x }, boost.AccelerationMps2),
            _ => (x => figures with { SpeedMps = x }, salvo.SpeedMps),
        };
        return FallPointSolver.Fly(x => with(x).From(from), unknown, guess, target, environment);
    }

    private Geodetic FallPoint(Aim aim, ref RandomStream draws)
    {
        double along = aim.SigmaAlongM * draws.NextNormal(), across = aim.SigmaAcrossM * draws.NextNormal();
        var frame = new LocalFrame(aim.Centre.At(groundElevationM));
        Enu back = frame.ToEnu(MiddleOf(salvo.LaunchArea).At(groundElevationM));
        double distance = Math.Sqrt(back.East * back.East + back.North * back.North);
        (double east, double north) = distance > 0 ? (-back.East / distance, -back.North / distance) : (0, 1);
        // The frame's plane leaves the ground by millimetres over a dispersion; the height is set back to the ground's.
        return frame.ToGeodetic(new(along * east + across * north, along * north - across * east, 0)) with { HeightM = groundElevationM };
    }

    private double LaunchHeightM => salvo.LaunchArea.HeightM ?? groundElevationM;

    private Geodetic LaunchPoint(ref RandomStream draws)
    {
        if (salvo.LaunchArea.Polygon is { } corners) return PointIn(corners, ref draws).At(LaunchHeightM);
        double radius = salvo.LaunchArea.RadiusM!.Value * Math.Sqrt(draws.NextUniform());
        (double sin, double cos) = Elementary.SinCos(Math.Tau * draws.NextUniform());
        var frame = new LocalFrame(salvo.LaunchArea.Centre!.At(LaunchHeightM));
        return frame.ToGeodetic(new(radius * sin, radius * cos, 0)) with { HeightM = LaunchHeightM };
    }

    private static LonLat PointIn(IReadOnlyList<LonLat> corners, ref RandomStream draws)
    {
        // Degrees serve as plane coordinates here: the even-odd rule does not mind that they differ in length.
        var area = new GroundPolygon([[.. corners.Select(c => (c.LongitudeDeg, c.LatitudeDeg))]]);
        for (int i = 0; i < PointTries; i++)
        {
            double lon = area.MinEastM + draws.NextUniform() * (area.MaxEastM - area.MinEastM), lat = area.MinNorthM + draws.NextUniform() * (area.MaxNorthM - area.MinNorthM);
            if (area.Contains(lon, lat)) return new(lon, lat);
        }
        return MiddleOf(corners);
    }

    private static LonLat MiddleOf(GroundArea area) => area.Centre ?? MiddleOf(area.Polygon!);

    private static LonLat MiddleOf(IReadOnlyList<LonLat> corners) => new(corners.Average(c => c.LongitudeDeg), corners.Average(c => c.LatitudeDeg));

    /// <summary>What is drawn for one launch, in the file's units.</summary>
    private readonly record struct Figures(DragShape Drag, double CoefficientKgPerM2, double ElevationDeg, double SpeedMps, double BurnS, double ThrustMps2)
    {
        public static Figures Of(Salvo salvo, ref RandomStream draws) => new(salvo.Drag,
            salvo.BallisticCoefficientKgPerM2.At(draws.NextUniform()), salvo.ElevationDeg.At(draws.NextUniform()), salvo.SpeedMps.At(draws.NextUniform()),
            salvo.Boost?.DurationS.At(draws.NextUniform()) ?? 0, salvo.Boost?.AccelerationMps2.At(draws.NextUniform()) ?? 0);

        public static Figures Middle(Salvo salvo) => new(salvo.Drag,
            salvo.BallisticCoefficientKgPerM2.Middle, salvo.ElevationDeg.Middle, salvo.SpeedMps.Middle,
            salvo.Boost?.DurationS.Middle ?? 0, salvo.Boost?.AccelerationMps2.Middle ?? 0);

        public LaunchFigures From(Geodetic point) => new(
            new Round(CoefficientKgPerM2, DragShapes.Of(Drag), BurnS > 0 ? new BoostPhase(BurnS, ThrustMps2) : null), point, SpeedMps, Degrees.ToRad(ElevationDeg));
    }
}

/// <summary>Decibels of power.</summary>
internal static class Decibels
{
    public static double Ratio(double db) => Elementary.Pow(10, db / 10);
}
