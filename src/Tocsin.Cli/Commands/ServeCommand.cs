using System.CommandLine;
using Tocsin.Cli.Serve;
using Tocsin.Formats.GeoJson;
using Tocsin.Server;

namespace Tocsin.Cli.Commands;

/// <summary><c>tocsin serve</c>: one site for real.</summary>
internal static class ServeCommand
{
    private const string DefaultUrl = "http://127.0.0.1:8080";

    /// <summary>Makes the command.</summary>
    public static Command Make(Host host)
    {
        var site = new Option<string>("--site") { Description = "The site file (*.site.geojson).", Required = true, HelpName = "SITE" };
        var feed = new Option<string[]>("--feed") { Description = "Where plots come from: udp://…, tcp://…, http://NAME, file:///…, or - for standard input. May be given several times.", HelpName = "URI" };
        var data = new Option<string>("--data") { Description = "Where everything is kept (tocsin-data).", HelpName = "DIR", DefaultValueFactory = _ => "tocsin-data" };
        var urls = new Option<string>("--urls") { Description = $"Where to listen, with semicolons between ({DefaultUrl}).", HelpName = "URL", DefaultValueFactory = _ => DefaultUrl };
        var config = new Option<string?>("--config") { Description = "The configuration (DIR/tocsin.json).", HelpName = "FILE" };
        var command = new Command("serve", "Run a site live: feeds in, warnings out, and its page.") { site, feed, data, urls, config };
        command.SetAction(parsed => Run(parsed.GetValue(site)!, parsed.GetValue(feed) ?? [], parsed.GetValue(data)!, parsed.GetValue(urls)!, parsed.GetValue(config), host));
        return command;
    }

    private static int Run(string site, string[] feeds, string data, string urls, string? config, Host host)
    {
        InputFile.RefuseFolder(site);
        var options = new ServeOptions
        {
            Site = SiteFile.Read(site).OrThrow(),
            Feeds = feeds,
            DataFolder = Path.GetFullPath(data),
            Urls = urls.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
            ConfigFile = config,
            Raids = new SimulatedRaids(host),
            Log = host.Error,
        };
        return RunServer(options, host, static async (server, h) =>
        {
            foreach (string address in server.Addresses) h.Error.WriteLine($"listening on {address}");
            await Task.Delay(Timeout.Infinite, h.Stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return Host.Done;
        });
    }

    /// <summary>Runs a server for as long as <paramref name="during"/> takes, and stops it whatever happens.</summary>
    /// <exception cref="UnusableException">The configuration is not right, or an address cannot be listened on.</exception>
    public static int RunServer(ServeOptions options, Host host, Func<TocsinServer, Host, Task<int>> during) => RunServerAsync(options, host, during).GetAwaiter().GetResult();

    private static async Task<int> RunServerAsync(ServeOptions options, Host host, Func<TocsinServer, Host, Task<int>> during)
    {
        List<string> problems = [];
        await using TocsinServer? server = TocsinServer.Make(options, problems);
        if (server is null)
        {
            foreach (string problem in problems.SkipLast(1)) host.Error.WriteLine(Host.OneLine("tocsin: " + problem));
            throw new UnusableException(problems[^1]);
        }
        try
        {
            await server.StartAsync();
        }
        catch (IOException e)
        {
            throw new UnusableException($"cannot listen on {string.Join(", ", options.Urls)} ({e.Message}); stop what uses it, or give another address with --urls");
        }
        try
        {
            return await during(server, host);
        }
        finally
        {
            await server.StopAsync();
        }
    }
}
