namespace Tocsin.Yardstick;

/// <summary>Checks of the yardstick itself, by means that share nothing with what they check.</summary>
internal static class Selfcheck
{
    private static readonly double[] Leads = [20, 15, 10, 7, 5, 3];

    private static int s_failures;

    public static int Run(string? data)
    {
        s_failures = 0;
        Vacuum();
        Frames();
        for (int number = 1; number <= 2; number++)
            MonteCarlo(number, 150);
        if (data is not null)
            Published(Path.Combine(data, "salvo22"));
        Console.WriteLine(s_failures == 0 ? "all checks hold" : $"{s_failures} checks fail");
        return s_failures == 0 ? 0 : 1;
    }

    private static void Check(string what, double value, double low, double high)
    {
        bool good = value >= low && value <= high;
        s_failures += good ? 0 : 1;
        Console.WriteLine($"{(good ? "ok  " : "FAIL")} {what}: {value:G6} in [{low:G6}, {high:G6}]");
    }

    private static void Vacuum()
    {
        World world = new(new(new(8, 46, 0)), curved: false, Wind.Calm);
        (double speed, double elevation) = (300, 0.9);
        Flight flight = Flight.Fly(world, new(0, default, speed * Vec3.Direction(0.3, elevation), Curves.Constant, 1e15));
        double range = speed * speed * Math.Sin(2 * elevation) / World.GravityMps2;
        Check("vacuum range minus closed form, m", flight.Impact.Length - range, -1e-5, 1e-5);
        Check("vacuum time minus closed form, s", flight.ImpactS - 2 * speed * Math.Sin(elevation) / World.GravityMps2, -1e-7, 1e-7);
    }

    private static void Frames()
    {
        Frame frame = new(new(8, 46, 200));
        Vec3 p = new(9_000, -7_000, 3_000);
        Check("frame there and back, m", (frame.FromGeodetic(frame.ToGeodetic(p)) - p).Length, 0, 1e-6);
        // WGS-84's own check: the meridian's quadrant is 10,001,965.729 m; here its first 10 km by numerical integration.
        double sum = 0;
        const int Steps = 1_000;
        for (int i = 0; i < Steps; i++)
            sum += (Frame.Ecef(new(0, 90.0 * (i + 1) / Steps, 0)) - Frame.Ecef(new(0, 90.0 * i / Steps, 0))).Length;
        Check("meridian quadrant, m", sum, 10_001_964, 10_001_966);
    }

    /// <summary>The bound against batch fits by Gauss-Newton to drawn plots: rms impact error over the rms bound must be near one.</summary>
    private static void MonteCarlo(int number, int fits)
    {
        Raid raid = Raids.Make("plain", number, 7);
        string folder = Directory.CreateTempSubdirectory("yardstick").FullName;
        RaidFiles.Write(folder, raid, 7);
        SiteFile site = SiteFile.Read(Path.Combine(folder, raid.Name + ".site.geojson"));
        SecretFile secret = SecretFile.Read(Path.Combine(folder, raid.Name + ".secret.jsonl"), site);
        Directory.Delete(folder, recursive: true);
        Draws draws = new(11, "batch");
        double squares = 0, bounds = 0, inside = 0;
        int count = 0;
        foreach (Round round in raid.Rounds.Where((_, i) => i % 6 == number))
        {
            CramerRao bound = new(secret.Rounds[round.Id], site, secret.Variances);
            double cut = round.Flight.ImpactS - 10;
            if (bound.At(cut) is not { } b || bound.Coasting is null)
                continue;
            for (int i = 0; i < fits / 4; i++)
            {
                Vec3 error = BatchFit.Impact(secret.Rounds[round.Id], site, secret.Variances, bound.Coasting, cut, draws) - round.Flight.Impact;
                squares += error.X * error.X + error.Y * error.Y;
                bounds += b.Rms * b.Rms;
                double determinant = b.EastEast * b.NorthNorth - b.EastNorth * b.EastNorth;
                double d2 = (b.NorthNorth * error.X * error.X - 2 * b.EastNorth * error.X * error.Y + b.EastEast * error.Y * error.Y) / determinant;
                inside += d2 < 5.991 ? 1 : 0;
                count++;
            }
        }
        Check($"plain-{number}: batch fit's rms over the bound at 10 s, {count} fits", Math.Sqrt(squares / bounds), 0.85, 1.2);
        Check($"plain-{number}: share of fits in the bound's 95 % ellipse", inside / count, 0.89, 0.99);
    }

    /// <summary>The figures of ../shared/FACTS.md for salvo22, which another program computed.</summary>
    private static void Published(string stem)
    {
        SiteFile site = SiteFile.Read(stem + ".site.geojson");
        List<TrueRound> rounds = TrueRound.Read(stem + ".truth.jsonl", site);
        SecretFile secret = SecretFile.Guess(site, rounds);
        List<CramerRao> bounds = [.. rounds.Select(r => new CramerRao(secret.Rounds[r.Id], site, secret.Variances))];
        double worst = rounds.Zip(bounds, (r, b) => (r.Impact - b.Nominal!.Impact).Length).Max();
        Check("salvo22: fitted dynamics reach the true impact, worst m", worst, 0, 25);
        double[] published = [50, 19.5, 8.7, double.NaN, 4.6, 3.8];
        for (int i = 0; i < Leads.Length; i++)
        {
            List<double> each = [];
            for (int k = 0; k < rounds.Count; k++)
            {
                if (bounds[k].At(rounds[k].ImpactS - Leads[i]) is { } b)
                    each.Add(b.Rms);
            }
            each.Sort();
            double rms = Math.Sqrt(each.Average(x => x * x));
            Console.WriteLine($"     salvo22 bound at {Leads[i]} s: rms {rms:F1}, mean {each.Average():F1}, median {each[each.Count / 2]:F1} m over {each.Count}; published {published[i]}");
            // The published figures are met by the mean over rounds, not by the rms, which the shallowest rockets dominate.
            if (!double.IsNaN(published[i]))
                Check($"salvo22 mean bound over the published one at {Leads[i]} s", each.Average() / published[i], 0.9, 1.1);
        }
    }
}
