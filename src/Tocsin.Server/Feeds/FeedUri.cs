using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Tocsin.Server.Feeds;

/// <summary>What is wrong with a feed's URI.</summary>
/// <param name="Uri">The URI as given.</param>
/// <param name="Part">Which part of it, and what it holds.</param>
/// <param name="Right">What would be right.</param>
public sealed record FeedUriProblem(string Uri, string Part, string Right)
{
    /// <summary>The problem as one line.</summary>
    public override string ToString() => $"feed {Uri}: {Part} is not right; {Right}";
}

/// <summary>Reads the URIs by which feeds are named: on the command line (<c>--feed URI</c>) and in the configuration.</summary>
/// <remarks>
/// <c>udp://ADDRESS:PORT</c> (an address of this machine, <c>0.0.0.0</c>, <c>[::]</c> or a multicast group; IPv6 in brackets), <c>tcp://HOST:PORT</c>
/// (SAPIENT), <c>http:</c> or <c>http://NAME</c> (posts to this server), <c>file:///PATH</c>, <c>stdin:</c> or <c>-</c>; options after <c>?</c>.
/// Read by hand and not by <see cref="System.Uri"/>, which takes a question mark in a file's URI, a missing port and a mistyped address in its stride.
/// </remarks>
public static class FeedUri
{
    private const string Schemes = "begin with udp://, tcp://, http:, file:/// or stdin:";
    private static readonly string[] s_common = ["name", "sensors", "expectedPlotsPerS", "maxPlotsPerS", "correctClock", "clockLimitS", "linkDelayS"];

    /// <summary>Reads a URI; null, and what is wrong, where it is not right. A name that it does not give is left empty.</summary>
    public static FeedSettings? Parse(string text, out FeedUriProblem? problem)
    {
        problem = null;
        string given = text.Trim();
        int query = given.IndexOf('?', StringComparison.Ordinal);
        string body = query < 0 ? given : given[..query];
        if (body == "-") body = "stdin:";
        int colon = body.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0)
        {
            problem = new(given, "the scheme", File.Exists(body) ? $"for a file write file://{System.IO.Path.GetFullPath(body)}" : Schemes);
            return null;
        }
        string scheme = body[..colon].ToLowerInvariant(), rest = body[(colon + 1)..];
        var fault = new Fault(given);
        FeedSettings? settings = scheme switch
        {
            "udp" => Udp(rest, fault),
            "tcp" => Tcp(rest, fault),
            "http" => Http(rest, fault),
            "file" => OfFile(rest, fault),
            "stdin" => StandardInput(rest, fault),
            _ => fault.Is($"the scheme {scheme}", Schemes),
        };
        if (settings is not null && query >= 0) settings = Options(settings, given[(query + 1)..], fault);
        if (settings is { Kind: FeedKind.Udp, Interface: { } at, Endpoint.Address: { } group })
        {
            if (!IsMulticast(group)) settings = fault.Is($"interface {at}", $"leave it out: {group} is no multicast group");
            else if (IPAddress.TryParse(at, out IPAddress? local) && local.AddressFamily != group.AddressFamily)
                settings = fault.Is($"interface {at}", "give an address of the group's own family, or the interface's name");
        }
        problem = fault.Problem;
        return problem is null ? settings : null;
    }

    /// <summary>Whether an address is that of a multicast group (RFC 5771, RFC 4291).</summary>
    public static bool IsMulticast(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetworkV6 ? address.IsIPv6Multicast : (address.GetAddressBytes()[0] & 0xF0) == 0xE0;

    private static FeedSettings? Udp(string rest, Fault fault)
    {
        const string right = "give an IP address and a port from 1 to 65535, as in udp://239.1.2.3:8600 or udp://[::]:8600";
        if (!HostAndPort(rest, out string host, out string port)) return fault.Is($"{rest}", right);
        if (!int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number is < 1 or > 65_535)
            return fault.Is(port.Length == 0 ? "a missing port" : $"the port {port}", right);
        if (host == "*") host = "[::]";
        if (!IPAddress.TryParse(host.Trim('[', ']'), out IPAddress? address) || (address.AddressFamily == AddressFamily.InterNetwork && host.Count(c => c == '.') != 3))
            return fault.Is(host.Length == 0 ? "a missing address" : $"the address {host}", right);
        var endpoint = new IPEndPoint(address, number);
        return new() { Kind = FeedKind.Udp, Endpoint = endpoint, Uri = new($"udp://{endpoint}") };
    }

    private static FeedSettings? Tcp(string rest, Fault fault)
    {
        const string right = "give a host and a port from 1 to 65535, as in tcp://0.0.0.0:14000";
        if (!HostAndPort(rest, out string host, out string port)) return fault.Is(rest, right);
        if (!int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number is < 1 or > 65_535)
            return fault.Is(port.Length == 0 ? "a missing port" : $"the port {port}", right);
        return host.Length > 0 && Uri.TryCreate($"tcp://{host}:{number}", UriKind.Absolute, out Uri? uri) && Uri.CheckHostName(host.Trim('[', ']')) != UriHostNameType.Unknown
            ? new() { Kind = FeedKind.Tcp, Uri = uri }
            : fault.Is(host.Length == 0 ? "a missing host" : $"the host {host}", right);
    }

    private static FeedSettings? Http(string rest, Fault fault)
    {
        string name = Uri.UnescapeDataString(rest.TrimStart('/').TrimEnd('/'));
        // It stands where a host would, so it is one: no two dots side by side.
        bool right = name.Length == 0 || (FeedSettings.IsName(name) && !name.Contains(' ', StringComparison.Ordinal));
        return right && Uri.TryCreate($"http://{(name.Length > 0 ? name : "plots")}/", UriKind.Absolute, out Uri? uri)
            ? new() { Kind = FeedKind.Http, Name = name, Uri = uri }
            : fault.Is($"the name {name}", "give letters, digits, dots between them, dashes and underscores, as in http://north; plots are posted to /api/feeds/north/plots");
    }

    private static FeedSettings? OfFile(string rest, Fault fault)
    {
        string path = Uri.UnescapeDataString(rest.StartsWith("//", StringComparison.Ordinal) ? rest[2..] : rest);
        if (rest.StartsWith("//", StringComparison.Ordinal) && !path.StartsWith('/'))
            return fault.Is($"the host {path.Split('/')[0]}", "write a full path after three slashes, as in file:///var/plots/salvo.plots.csv");
        if (path.Trim('/').Length == 0) return fault.Is("a missing path", "give one, as in file:///var/plots/salvo.plots.csv");
        if (path.Contains('\0', StringComparison.Ordinal)) return fault.Is("a zero character in the path", "leave %00 out");
        path = System.IO.Path.GetFullPath(path);
        // Escaped part by part: Uri itself takes a path that begins with /\ for the name of a host.
        string escaped = string.Join('/', path.Split(System.IO.Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries).Select(Uri.EscapeDataString));
        return new() { Kind = FeedKind.File, Path = path, Uri = new($"file:///{escaped}") };
    }

    private static FeedSettings? StandardInput(string rest, Fault fault) =>
        rest.Trim('/').Length > 0 ? fault.Is(rest, "write stdin: or -") : new() { Kind = FeedKind.StandardInput, Uri = new("stdin:-") };

    private static bool HostAndPort(string rest, out string host, out string port)
    {
        (host, port) = ("", "");
        if (!rest.StartsWith("//", StringComparison.Ordinal)) return false;
        rest = rest[2..].TrimEnd('/');
        int bracket = rest.IndexOf(']', StringComparison.Ordinal), colon = rest.LastIndexOf(':');
        if (colon <= bracket) colon = -1;
        (host, port) = colon < 0 ? (rest, "") : (rest[..colon], rest[(colon + 1)..]);
        return bracket >= 0 || !host.Contains(':', StringComparison.Ordinal);
    }

    private static FeedSettings? Options(FeedSettings settings, string query, Fault fault)
    {
        string[] special = settings.Kind switch
        {
            FeedKind.Udp => ["interface", "allow", "date", "edition"],
            FeedKind.Tcp => ["allow", "mode"],
            FeedKind.File => ["speed", "follow", "shift", "format", "date", "edition"],
            FeedKind.StandardInput => ["speed", "shift", "format", "date", "edition"],
            _ => [],
        };
        string[] known = [.. special, .. s_common];
        List<string> allow = [], own = [];
        FeedSettings? read = settings;
        foreach (string pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            string key = Uri.UnescapeDataString(equals < 0 ? pair : pair[..equals]), value = equals < 0 ? "" : Uri.UnescapeDataString(pair[(equals + 1)..]);
            if (!known.Contains(key, StringComparer.Ordinal)) return fault.Is($"the option {key}", $"give one of {string.Join(", ", known)}");
            // A SAPIENT feed reads its own options: they stay in its URI.
            if (settings.Kind == FeedKind.Tcp && key is ("allow" or "mode")) own.Add(pair);
            else if (key == "allow") allow.AddRange(value.Split(',', StringSplitOptions.RemoveEmptyEntries));
            else read = Option(read!, key, value, fault);
            if (read is null) return null;
        }
        if (own.Count > 0)
        {
            var uri = new Uri($"{read!.Uri.GetLeftPart(UriPartial.Authority)}?{string.Join('&', own)}");
            if (Sapient.SapientFeed.Problem(uri) is { } unfit) return fault.Is(string.Join('&', own), unfit);
            read = read with { Uri = uri };
        }
        if (allow.Count == 0) return read;
        return SourceList.Of(allow, out string? wrong) is { } list
            ? read! with { Allow = list }
            : fault.Is($"allow {wrong}", "give addresses and networks, as in allow=10.1.2.3,10.2.0.0/16");
    }

    private static FeedSettings? Option(FeedSettings s, string key, string value, Fault fault)
    {
        const string flag = "give true or false";
        switch (key)
        {
            case "name":
                return FeedSettings.IsName(value) ? s with { Name = value } : fault.Is($"name {value}", $"give letters, digits, blanks, dots, dashes and underscores, at most {FeedLimits.NameCharacters}");
            case "sensors":
                return s with { Sensors = [.. value.Split(',', StringSplitOptions.RemoveEmptyEntries)] };
            case "interface":
                return value.Length > 0 ? s with { Interface = value } : fault.Is("interface", "give an address of this machine or an interface's name");
            case "edition":
                return value.Length > 0 ? s with { Edition = value } : fault.Is("edition", "give one, as in edition=1.32");
            case "date":
                return FeedSettings.TryDate(value, out DateOnly date) ? s with { Date = date } : fault.Is($"date {value}", "give a date as 2026-01-31");
            case "follow":
                return bool.TryParse(value, out bool follow) ? s with { Follow = follow } : fault.Is($"follow {value}", flag);
            case "correctClock":
                return bool.TryParse(value, out bool correct) ? s with { CorrectClock = correct } : fault.Is($"correctClock {value}", flag);
            case "speed":
                return value is "1" or "max" ? s with { AtOnce = value == "max" }
                    : fault.Is($"speed {value}", "give 1 or max: plots come by the Site's clock, and a round does not fly faster than it does");
            case "shift":
                return value switch
                {
                    "now" => s with { Shift = TimeShift.Now },
                    "none" => s with { Shift = TimeShift.None },
                    "auto" => s with { Shift = TimeShift.Auto },
                    _ => fault.Is($"shift {value}", "give now, none or auto"),
                };
            case "format":
                return value switch
                {
                    "csv" => s with { Format = FeedFormat.Csv },
                    "jsonl" => s with { Format = FeedFormat.JsonLines },
                    "asterix" => s with { Format = FeedFormat.Asterix },
                    _ => fault.Is($"format {value}", "give csv, jsonl or asterix"),
                };
            case "expectedPlotsPerS":
                return Number(value, 0, 1e6, out double expected) ? s with { ExpectedPlotsPerS = expected } : fault.Is($"{key} {value}", "give a number from 0 to 1000000");
            case "maxPlotsPerS":
                return Number(value, 1, 1e6, out double most) ? s with { MaxPlotsPerS = most } : fault.Is($"{key} {value}", "give a number from 1 to 1000000");
            case "clockLimitS":
                return Number(value, 0.01, 3600, out double limit) ? s with { ClockLimitS = limit } : fault.Is($"{key} {value}", "give seconds from 0.01 to 3600");
            default:
                return Number(value, 0, 60, out double delay) ? s with { LinkDelayS = delay } : fault.Is($"{key} {value}", "give seconds from 0 to 60");
        }
    }

    private static bool Number(string text, double least, double most, out double value) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && value >= least && value <= most;

    /// <summary>Keeps the first thing that was wrong.</summary>
    private sealed class Fault(string uri)
    {
        public FeedUriProblem? Problem { get; private set; }

        public FeedSettings? Is(string part, string right)
        {
            Problem ??= new(uri, part, right);
            return null;
        }
    }
}
