using System.Diagnostics;
using System.Text.Json;

namespace Tocsin.Yardstick;

/// <summary>The program under test, run as anybody would run it.</summary>
internal static class Tracker
{
    private const double CutShare = 0.6;

    public static int Replay(string tocsin, string plots, string site, string events, params (string Name, string Value)[] environment)
    {
        ProcessStartInfo start = new(tocsin) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (string argument in (string[])["replay", plots, "--site", site, "--events", events])
            start.ArgumentList.Add(argument);
        foreach ((string name, string value) in environment)
            start.Environment[name] = value;
        File.Delete(events);
        using Process process = Process.Start(start)!;
        Task<string> said = process.StandardOutput.ReadToEndAsync();
        string complaint = process.StandardError.ReadToEnd();
        said.Wait();
        process.WaitForExit();
        if (process.ExitCode != 0)
            Console.Error.WriteLine($"{plots}: exit status {process.ExitCode}: {complaint.Trim()}");
        return process.ExitCode;
    }

    /// <summary>Empty where a second run repeats the first and a cut input repeats its lines; else what differs.</summary>
    public static string Repeats(string tocsin, string stem)
    {
        string plots = stem + ".plots.csv", site = stem + ".site.geojson", first = stem + ".events.jsonl", second = stem + ".again.jsonl", cut = stem + ".cut.plots.csv";
        int failures = Replay(tocsin, plots, site, first)
            + Replay(tocsin, plots, site, second, ("DOTNET_TieredCompilation", "0"), ("DOTNET_PROCESSOR_COUNT", "1"));
        string[] lines = File.ReadAllLines(plots);
        string[] kept = lines[..(int)(lines.Length * CutShare)];
        File.WriteAllText(cut, string.Join('\n', kept) + "\n");
        if (failures + Replay(tocsin, cut, site, stem + ".cut.events.jsonl") != 0)
            return "a replay failed";
        string[] whole = File.ReadAllLines(first), again = File.ReadAllLines(second), part = File.ReadAllLines(stem + ".cut.events.jsonl");
        if (Difference(whole, again) is { } where)
            return $"a second run differs at line {where}";
        double until = kept.Skip(1).Max(l => double.Parse(l.Split(',')[Array.IndexOf(lines[0].Split(','), "time_s")])) - RaidFiles.EpochS;
        string[] before = [.. whole.TakeWhile(l => Written(l) < until)];
        return Difference(before, part.Length < before.Length ? part : part[..before.Length]) is { } at ? $"the cut input differs at line {at} of {before.Length}" : "";
    }

    private static double Written(string line)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        return document.RootElement.TryGetProperty("time", out _) ? document.RootElement.Time("time") : double.NegativeInfinity;
    }

    private static int? Difference(string[] a, string[] b)
    {
        int same = a.Zip(b).TakeWhile(p => p.First == p.Second).Count();
        return same == a.Length && same == b.Length ? null : same + 1;
    }
}
