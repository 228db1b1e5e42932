using System.Globalization;
using Tocsin.Bench;

const int DefaultPasses = 9;

int passes = DefaultPasses;
string? only = null, write = null;
List<string> files = [];
for (int i = 0; i < args.Length; i++)
{
    if (args[i] == "--passes" && i + 1 < args.Length && int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out passes) && passes > 0) i++;
    else if (args[i] == "--only" && i + 1 < args.Length) only = args[++i];
    else if (args[i] == "--write" && i + 1 < args.Length) write = args[++i];
    else if (!args[i].StartsWith('-')) files.Add(args[i]);
    else return Usage();
}
if (files.Count is not (0 or 2)) return Usage();

using Recording recording = files.Count == 2 ? Recording.Open(files[0], files[1]) : Recording.OfThousandRounds();
Stages stages = new(recording);
RunStages runs = new();
if (write is not null)
{
    Directory.CreateDirectory(write);
    stages.Write(write);
    runs.Write(write);
    return 0;
}
Report.Head(Console.Out, recording, passes);
List<(string Name, Measurement Measured)> rows = [];
foreach ((string name, Func<long> pass) in stages.All.Concat(runs.All))
{
    if (only is not null && name != only) continue;
    rows.Add((name, Measurement.Of(pass, passes)));
    Report.Row(Console.Out, rows[^1].Name, rows[^1].Measured);
}
if (only is null) Report.Foot(Console.Out, rows);
return 0;

static int Usage()
{
    Console.Error.WriteLine("usage: [FILE.plots.csv SITE.geojson] [--passes N] [--only STAGE] [--write FOLDER]");
    return 2;
}
