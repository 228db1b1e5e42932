using System.Globalization;
using Tocsin.Yardstick;

string? command = args.Length > 0 ? args[0] : null;
string? Option(string name)
{
    int i = Array.IndexOf(args, name);
    return i >= 0 && i + 1 < args.Length ? args[i + 1] : null;
}
ulong seed = ulong.Parse(Option("--seed") ?? "1", CultureInfo.InvariantCulture);

switch (command)
{
    case "generate" when args.Length > 1:
        Console.Error.WriteLine(Batch.Generate(args[1], seed, Option("--set")));
        return 0;
    default:
        Console.Error.WriteLine("""
            usage: generate DIR [--seed N] [--set NAME]
            """);
        return 2;
}
