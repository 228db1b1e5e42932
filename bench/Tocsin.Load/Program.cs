using System.Runtime.InteropServices;
using Tocsin.Load;

const int UnloadedRounds = 20;

if (LoadOptions.Read(args) is not { } options)
{
    Console.Error.WriteLine(LoadOptions.Usage);
    return 2;
}
Console.WriteLine($"tocsin load, {DateTime.UtcNow:yyyy-MM-dd HH:mm} UTC, {Environment.ProcessorCount} processors, {RuntimeInformation.OSArchitecture}, .NET {Environment.Version}, load average {Phase.LoadAverage()}");
Console.WriteLine("This program, the broker and the server share these processors. Times are of one clock, that of this machine.");
if (options.Only != "loaded") await new Phase(options, "unloaded", UnloadedRounds, 0).RunAsync();
if (options.Only != "unloaded") await new Phase(options, "loaded", options.Rounds, options.PlotsPerS).RunAsync();
return 0;
