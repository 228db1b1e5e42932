namespace Tocsin.Yardstick;

/// <summary>One radar: its place, accuracy, sweep, and what it does to its own plots.</summary>
internal sealed record Radar(string Id, Vec3 Position)
{
    public double RangeSigmaM { get; init; } = 15;
    public double AngleSigmaRad { get; init; } = 0.003;
    public double RangeRateSigmaMps { get; init; } = double.NaN;
    public double PeriodS { get; init; } = 0.5;
    public double PhaseS { get; init; }

    /// <summary>Whether the beam turns, so that a plot's time depends on its azimuth; otherwise all plots of a scan share a time.</summary>
    public bool Rotating { get; init; }

    public double MaxRangeM { get; init; } = 14_000;
    public double MinElevationDeg { get; init; } = 1;
    public double Detection { get; init; } = 0.9;
    public double Clutter { get; init; } = 20;
    public double RangeQuantumM { get; init; }
    public double AngleQuantumRad { get; init; }
    public double DelayS { get; init; }

    /// <summary>Share of plots that come late by 0.1 to 3 s.</summary>
    public double LateShare { get; init; }

    /// <summary>Share of plots that come twice.</summary>
    public double RepeatShare { get; init; }

    public double RangeVariance => RangeSigmaM * RangeSigmaM + RangeQuantumM * RangeQuantumM / 12;

    public double AngleVariance => AngleSigmaRad * AngleSigmaRad + AngleQuantumRad * AngleQuantumRad / 12;

    /// <summary>Range, azimuth, elevation and range rate of a point of the site's frame, as this radar would see it.</summary>
    public static Polar Look(Frame site, Frame radar, Vec3 p, Vec3 v)
    {
        Vec3 q = radar.FromEcef(site.ToEcef(p));
        Vec3 w = radar.RotateFromEcef(site.RotateToEcef(v));
        double range = q.Length;
        double azimuth = Math.Atan2(q.X, q.Y);
        return new(range, azimuth < 0 ? azimuth + 2 * Math.PI : azimuth, Math.Asin(q.Z / range), q.Dot(w) / range);
    }

    public bool Covers(Polar look) => look.RangeM <= MaxRangeM && look.ElevationRad >= MinElevationDeg * Math.PI / 180;
}

internal readonly record struct Polar(double RangeM, double AzimuthRad, double ElevationRad, double RangeRateMps);

/// <summary>One line of a plots file, with when it arrives and which object it came from (none for clutter).</summary>
internal readonly record struct PlotLine(double ArrivalS, double TimeS, int Radar, Polar Seen, string? Source, ulong Shuffle);

/// <summary>Looks at a raid with its radars.</summary>
internal static class Observation
{
    private delegate (Vec3 P, Vec3 V) Path(double timeS);

    public static List<PlotLine> Observe(Raid raid, ulong seed)
    {
        List<PlotLine> lines = [];
        for (int r = 0; r < raid.Radars.Count; r++)
        {
            Radar radar = raid.Radars[r];
            Frame frame = new(raid.World.Frame.ToGeodetic(radar.Position));
            foreach (Round round in raid.Rounds)
            {
                Draws draws = new(seed, $"{raid.Name}/{radar.Id}/{round.Id}");
                Follow(raid, r, frame, draws, lines, round.Id, round.Flight.StartS, round.Flight.ImpactS, radar.Detection, round.Flight.At);
            }
            foreach (Mover mover in raid.Movers)
            {
                Draws draws = new(seed, $"{raid.Name}/{radar.Id}/{mover.Id}");
                Follow(raid, r, frame, draws, lines, mover.Id, mover.StartS, mover.EndS, mover.Detection, mover.At);
            }
            AddClutter(raid, r, new(seed, $"{raid.Name}/{radar.Id}/clutter"), lines);
        }
        return [.. lines.OrderBy(l => l.ArrivalS).ThenBy(l => l.Radar).ThenBy(l => l.Shuffle)];
    }

    private static void Follow(Raid raid, int index, Frame frame, Draws draws, List<PlotLine> lines, string source,
        double fromS, double toS, double detection, Path path)
    {
        Radar radar = raid.Radars[index];
        for (int scan = (int)Math.Floor((fromS - radar.PhaseS) / radar.PeriodS) - 1; ; scan++)
        {
            double start = radar.PhaseS + scan * radar.PeriodS, time = start;
            if (start >= Math.Min(toS, raid.DurationS))
                return;
            // A turning beam meets the object when the beam's azimuth is the object's; three turns settle to microseconds.
            for (int k = 0; radar.Rotating && k < 3; k++)
            {
                (Vec3 p, Vec3 v) = path(time);
                time = start + radar.PeriodS * Radar.Look(raid.World.Frame, frame, p, v).AzimuthRad / (2 * Math.PI);
            }
            time = Math.Round(time, 3);
            if (time < Math.Max(fromS, 0) || time >= toS || time > raid.DurationS)
                continue;
            (Vec3 position, Vec3 velocity) = path(time);
            Polar look = Radar.Look(raid.World.Frame, frame, position, velocity);
            if (radar.Covers(look) && draws.Chance(detection))
                Add(raid, index, draws, lines, time, source, Noisy(radar, look, draws));
        }
    }

    private static Polar Noisy(Radar radar, Polar look, Draws draws) => new(
        look.RangeM + radar.RangeSigmaM * draws.Normal(),
        look.AzimuthRad + radar.AngleSigmaRad * draws.Normal(),
        look.ElevationRad + radar.AngleSigmaRad * draws.Normal(),
        double.IsNaN(radar.RangeRateSigmaMps) ? double.NaN : look.RangeRateMps + radar.RangeRateSigmaMps * draws.Normal());

    private static void AddClutter(Raid raid, int index, Draws draws, List<PlotLine> lines)
    {
        Radar radar = raid.Radars[index];
        for (int scan = 0; radar.PhaseS + scan * radar.PeriodS <= raid.DurationS; scan++)
        {
            double start = radar.PhaseS + scan * radar.PeriodS;
            for (int n = draws.Poisson(radar.Clutter); n > 0; n--)
            {
                double azimuth = draws.Uniform(0, 2 * Math.PI);
                Polar seen = new(draws.Uniform(300, radar.MaxRangeM), azimuth, draws.Uniform(1, 85) * Math.PI / 180,
                    double.IsNaN(radar.RangeRateSigmaMps) ? double.NaN : draws.Uniform(-300, 300));
                double time = radar.Rotating ? Math.Round(start + radar.PeriodS * azimuth / (2 * Math.PI), 3) : start;
                Add(raid, index, draws, lines, time, null, seen);
            }
        }
    }

    private static void Add(Raid raid, int index, Draws draws, List<PlotLine> lines, double timeS, string? source, Polar seen)
    {
        Radar radar = raid.Radars[index];
        seen = seen with
        {
            RangeM = Quantised(seen.RangeM, radar.RangeQuantumM),
            AzimuthRad = Quantised(seen.AzimuthRad, radar.AngleQuantumRad),
            ElevationRad = Quantised(seen.ElevationRad, radar.AngleQuantumRad),
        };
        double arrival = timeS + radar.DelayS + (draws.Chance(radar.LateShare) ? draws.Uniform(0.1, 3) : 0);
        PlotLine line = new(arrival, timeS, index, seen, source, draws.Bits());
        lines.Add(line);
        if (draws.Chance(radar.RepeatShare))
            lines.Add(line with { ArrivalS = arrival + draws.Uniform(0, 1), Shuffle = draws.Bits() });
    }

    private static double Quantised(double value, double quantum) => quantum == 0 ? value : Math.Round(value / quantum) * quantum;
}
