using System.Globalization;
using Tocsin.Yardstick;

string? command = args.Length > 0 ? args[0] : null;
string? Option(string name)
{
    int i = Array.IndexOf(args, name);
    return i >= 0 && i + 1 < args.Length ? args[i + 1] : null;
}
// The folder is the one word that is neither an option nor an option's value, wherever it stands.
string? Folder()
{
    for (int i = 1; i < args.Length; i++)
    {
        if (!args[i].StartsWith("--", StringComparison.Ordinal)) return args[i];
        if (args[i] is not ("--json" or "--rounds")) i++;
    }
    return null;
}
ulong seed = ulong.Parse(Option("--seed") ?? "1", CultureInfo.InvariantCulture);
bool json = args.Contains("--json", StringComparer.Ordinal);
Action<string>? tell = args.Contains("--rounds", StringComparer.Ordinal) ? Console.Error.WriteLine : null;

switch (command)
{
    case "generate" when Folder() is { } folder:
        Console.Error.WriteLine(Batch.Generate(folder, seed, Option("--set")));
        return 0;
    case "grade" when Option("--events") is { } events && Option("--truth") is { } truth && Option("--site") is { } site:
        {
            Grade grade = Batch.GradeFile(events, truth, site, tell);
            string title = Path.GetFileName(truth);
            bool silent = Batch.Silent(title.Split('-')[0]);
            if (json)
                Console.WriteLine(Report.Json(title, grade, silent));
            else
                Report.Print(Console.Out, title, grade, silent);
            return Report.Verdicts(grade, silent).TrueForAll(v => v.Holds) ? 0 : 1;
        }
    case "all" when Option("--tocsin") is { } tocsin && Folder() is { } folder:
        return Batch.All(tocsin, folder, seed, Option("--set"), json, tell) ? 0 : 1;
    case "repeat" when Option("--tocsin") is { } tocsin && Folder() is { } folder:
        return Batch.Repeats(tocsin, folder, seed, Option("--set")) ? 0 : 1;
    case "ideal" when Option("--events") is { } events && Option("--truth") is { } truth && Option("--site") is { } site:
        {
            (SiteFile place, List<TrueRound> rounds, SecretFile secret) = Batch.Known(truth, site);
            Ideal.Write(events, place, rounds, secret, seed);
            return 0;
        }
    case "ideal" when Folder() is { } folder:
        return Batch.Ideals(folder, seed, Option("--set"));
    case "selfcheck":
        return Selfcheck.Run(Option("--data"));
    default:
        Console.Error.WriteLine("""
            usage: generate DIR [--seed N] [--set NAME,NAME]
                   grade --events FILE --truth FILE --site FILE [--json] [--rounds]
                   all --tocsin PROGRAM [--seed N] [--set NAME,NAME] [--json] [--rounds] DIR
                   repeat --tocsin PROGRAM [--seed N] [--set NAME,NAME] DIR
                   ideal --events FILE --truth FILE --site FILE [--seed N]
                   ideal [--seed N] [--set NAME,NAME] DIR
                   selfcheck [--data FOLDER-OF-SALVO22]
            """);
        return 2;
}
