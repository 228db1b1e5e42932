using System.Net;
using Microsoft.AspNetCore.Http;

namespace Tocsin.Server.Access;

/// <summary>Where the server listens, as far as access depends on it.</summary>
internal static class Listening
{
    /// <summary>The address of a URL as Kestrel reads it; null where Kestrel could not.</summary>
    public static BindingAddress? Parse(string url)
    {
        try
        {
            return BindingAddress.Parse(url);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>Whether a URL can be reached from this machine alone. A name other than localhost counts as reachable: Kestrel then listens everywhere.</summary>
    public static bool IsLoopback(string url) => Parse(url) is { IsUnixPipe: false } a
        && (a.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(a.Host.Trim('[', ']'), out IPAddress? ip) && IPAddress.IsLoopback(ip)));

    /// <summary>The hosts that requests may name, where the configuration does not say: those of the URLs, or all where a URL names none.</summary>
    public static IReadOnlyList<string> Hosts(IReadOnlyList<string> urls)
    {
        List<string> hosts = ["localhost", "127.0.0.1", "[::1]"];
        foreach (string url in urls)
        {
            if (IsLoopback(url) && Parse(url) is { } local) hosts.Add(local.Host);
            else if (Parse(url) is { } a && IPAddress.TryParse(a.Host.Trim('[', ']'), out IPAddress? ip) && !ip.Equals(IPAddress.Any) && !ip.Equals(IPAddress.IPv6Any)) hosts.Add(a.Host);
            else return ["*"];
        }
        return [.. hosts.Distinct(StringComparer.OrdinalIgnoreCase)];
    }
}

/// <summary>Whether a request comes from this machine, judged by its connection: headers can only speak against it.</summary>
internal static class ConnectionOrigin
{
    private static readonly object s_key = new();
    private static readonly string[] s_forwarding = ["X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "Forwarded", "Via", "X-Real-IP"];

    /// <summary>Notes the connection's own address, before forwarding headers of a proxy change it.</summary>
    public static void Note(HttpContext context) => context.Items[s_key] = (context.Connection.RemoteIpAddress, s_forwarding.Any(context.Request.Headers.ContainsKey));

    /// <summary>Whether the connection is this machine's own, and no proxy speaks through it for somebody else.</summary>
    public static bool IsLocal(HttpContext context, AccessSettings settings)
    {
        if (context.Items[s_key] is not (IPAddress address, bool forwarded) || !IPAddress.IsLoopback(Plain(address))) return false;
        // A proxy on this machine looks like this machine: what it sends, or might, is not local.
        return !forwarded && !settings.TrustedProxies.Any(p => p.Contains(Plain(address)));
    }

    /// <summary>An address without the wrapping of IPv4 in IPv6.</summary>
    public static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
