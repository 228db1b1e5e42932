namespace Tocsin.Yardstick;

/// <summary>Whole sets at once.</summary>
internal static class Batch
{
    public static IEnumerable<(string Set, int Number)> Named(string? set)
    {
        foreach ((string name, int seeds) in Raids.Sets)
        {
            for (int number = 1; number <= seeds && (set is null || set == name); number++)
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
}
