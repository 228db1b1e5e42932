using System.Diagnostics;

namespace Tocsin.Yardstick;

/// <summary>Whole sets at once: generate, run a tracker, grade.</summary>
internal static class Batch
{
    public static IEnumerable<(string Set, int Number)> Named(string? set)
    {
        foreach ((string name, int seeds) in Raids.Sets)
        {
            for (int number = 1; number <= seeds && (set is null || set.Split(',').Contains(name, StringComparer.Ordinal)); number++)
                yield return (name, number);
        }
    }

    public static string Generate(string folder, ulong seed, string? set)
    {
        int count = 0;
        foreach ((string name, int number) in Named(set))
        {
            RaidFiles.Write(folder, Raids.Make(name, number, seed), seed);
            count++;
        }
        return $"{count} raids in {folder}";
    }

    public static Grade GradeFile(string eventsPath, string truthPath, string sitePath, Action<string>? tell)
    {
        (SiteFile site, List<TrueRound> rounds, SecretFile secret) = Known(truthPath, sitePath);
        string name = Path.GetFileName(truthPath).Replace(".truth.jsonl", "", StringComparison.Ordinal);
        return Grade.Of(name, EventsFile.Read(eventsPath, site), site, rounds, secret, tell);
    }

    public static (SiteFile Site, List<TrueRound> Rounds, SecretFile Secret) Known(string truthPath, string sitePath)
    {
        SiteFile site = SiteFile.Read(sitePath);
        List<TrueRound> rounds = TrueRound.Read(truthPath, site);
        string side = truthPath.Replace(".truth.jsonl", ".secret.jsonl", StringComparison.Ordinal);
        return (site, rounds, side != truthPath && File.Exists(side) ? SecretFile.Read(side, site) : SecretFile.Guess(site, rounds));
    }

    public static bool Silent(string set) => set is "quiet" or "over";

    /// <summary>Generates every raid, runs the tracker on each and grades by set. False where a criterion fails.</summary>
    public static bool All(string tocsin, string folder, ulong seed, string? set, bool json, Action<string>? tell) =>
        Run(folder, seed, set, json, tell, stem => Tracker.Replay(tocsin, stem + ".plots.csv", stem + ".site.geojson", stem + ".events.jsonl"));

    /// <summary>The same for the tracker that cheats: what is left is physics and the grader's own error.</summary>
    public static int Ideals(string folder, ulong seed, string? set) => Run(folder, seed, set, json: false, tell: null, stem =>
    {
        (SiteFile site, List<TrueRound> rounds, SecretFile secret) = Known(stem + ".truth.jsonl", stem + ".site.geojson");
        Ideal.Write(stem + ".events.jsonl", site, rounds, secret, seed);
        return 0;
    }) ? 0 : 1;

    /// <summary>One raid of each set: the same bytes twice, with another compiler setting and one processor, and the same lines up to a cut.</summary>
    public static bool Repeats(string tocsin, string folder, ulong seed, string? set)
    {
        bool good = true;
        foreach ((string name, int number) in Named(set).Where(n => n.Number == 1))
        {
            RaidFiles.Write(folder, Raids.Make(name, number, seed), seed);
            string verdict = Tracker.Repeats(tocsin, Path.Combine(folder, $"{name}-{number}"));
            good &= verdict == "";
            Console.WriteLine($"{name}-{number}: {(verdict == "" ? "the same" : verdict)}");
        }
        return good;
    }

    private static bool Run(string folder, ulong seed, string? set, bool json, Action<string>? tell, Func<string, int> track)
    {
        bool good = true;
        List<(string Criterion, string Set, Verdict Verdict)> table = [];
        foreach (IGrouping<string, (string Set, int Number)> group in Named(set).GroupBy(n => n.Set, StringComparer.Ordinal))
        {
            Grade sum = new();
            double seconds = 0;
            int failed = 0;
            long lines = 0;
            foreach ((string name, int number) in group)
            {
                string stem = Path.Combine(folder, $"{name}-{number}");
                RaidFiles.Write(folder, Raids.Make(name, number, seed), seed);
                long start = Stopwatch.GetTimestamp();
                int status = track(stem);
                seconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
                lines += File.ReadLines(stem + ".plots.csv").Count() - 1;
                if (status == 0)
                    sum.Add(GradeFile(stem + ".events.jsonl", stem + ".truth.jsonl", stem + ".site.geojson", tell));
                failed += status == 0 ? 0 : 1;
            }
            bool silent = Silent(group.Key);
            if (json)
                Console.WriteLine(Report.Json(group.Key, sum, silent));
            else
                Report.Print(Console.Out, group.Key, sum, silent);
            TextWriter aside = json ? Console.Error : Console.Out;
            aside.WriteLine($"   {lines} plots in {seconds:F1} s of wall time, start of the program included{(failed > 0 ? $"; {failed} REPLAYS FAILED" : "")}");
            good &= failed == 0;
            table.AddRange(Report.Verdicts(sum, silent).Select(v => (v.Criterion, group.Key, v)));
        }
        if (!json)
            PrintTable(table);
        return good && table.TrueForAll(t => t.Verdict.Holds);
    }

    private static void PrintTable(List<(string Criterion, string Set, Verdict Verdict)> table)
    {
        string[] sets = [.. table.Select(t => t.Set).Distinct(StringComparer.Ordinal)];
        Console.WriteLine();
        Console.WriteLine($"{"",-30}{string.Concat(sets.Select(s => $"{s,10}"))}");
        foreach (IGrouping<string, (string, string Set, Verdict Verdict)> row in table.GroupBy(t => t.Criterion, StringComparer.Ordinal))
        {
            Dictionary<string, Verdict> cells = row.ToDictionary(r => r.Set, r => r.Verdict, StringComparer.Ordinal);
            Console.WriteLine($"{row.Key,-30}{string.Concat(sets.Select(s => cells.TryGetValue(s, out Verdict v) ? $"{v.Value,9:0.###}{(v.Holds ? ' ' : '!')}" : $"{"",10}"))} {cells.Values.First().Limit}");
        }
        Console.WriteLine("(! fails)");
    }
}
