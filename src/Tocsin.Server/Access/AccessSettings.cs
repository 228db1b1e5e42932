using System.Net;
using Tocsin.Server.Configuration;

namespace Tocsin.Server.Access;

/// <summary>Log-in by an OpenID Connect provider: <c>access.oidc</c>.</summary>
/// <param name="Authority">The provider's address; https, or http on this machine.</param>
/// <param name="ClientId">This server's name at the provider.</param>
/// <param name="ClientSecret">Its secret; null for a public client.</param>
/// <param name="RoleClaim">The claim of the identity token that holds groups.</param>
/// <param name="Roles">Which role a group gives; who is in several has the highest.</param>
public sealed record OidcSettings(Uri Authority, string ClientId, string? ClientSecret, string RoleClaim, IReadOnlyDictionary<string, Role> Roles)
{
    // A record's own text would hold the secret.
    private bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append(Authority);
        return true;
    }
}

/// <summary>Who may do what: the section <c>access</c> of the configuration.</summary>
public sealed record AccessSettings
{
    /// <summary>Where the server listens.</summary>
    public IReadOnlyList<string> Urls { get; init; } = [];

    /// <summary>What the site's output is.</summary>
    public OperationStatus Status { get; init; }

    /// <summary>The role that everybody has without log-in; null where there is log-in. See <see cref="OpenProblem"/>.</summary>
    public Role? Open { get; init; }

    /// <summary>The hosts that requests may name.</summary>
    public IReadOnlyList<string> AllowedHosts { get; init; } = ["*"];

    /// <summary>The proxies whose forwarding headers are believed.</summary>
    public IReadOnlyList<IPNetwork> TrustedProxies { get; init; } = [];

    /// <summary>How long a session lasts without a request.</summary>
    public TimeSpan SessionIdle { get; init; } = TimeSpan.FromHours(12);

    /// <summary>How long a session lasts at most.</summary>
    public TimeSpan SessionLongest { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Requests a second that one address may make for long, and at once.</summary>
    public int RequestsPerS { get; init; } = 2_000;

    /// <summary>Requests that one address may make at once: 5,000 pages may come from one address, some requests each.</summary>
    public int BurstRequests { get; init; } = 40_000;

    /// <summary>OpenID Connect; null where there are local accounts alone.</summary>
    public OidcSettings? Oidc { get; init; }

    /// <summary>The certificate of https; null where no URL is https.</summary>
    public CertificateFile? Certificate { get; init; }

    /// <summary>Origins of map tiles and styles that the page may load from, such as <c>https://tiles.example</c>; from the page's settings.</summary>
    public IReadOnlyList<string> TileOrigins { get; init; } = [];

    /// <summary>Rounds of the hash of passwords; fewer in tests.</summary>
    internal int HashIterations { get; init; } = AccessLimits.HashIterations;

    /// <summary>Why a role without log-in is not allowed here; null where it is.</summary>
    public static string? OpenProblem(IReadOnlyList<string> urls, OperationStatus status)
    {
        if (status == OperationStatus.Actual) return "leave it out: where the status is actual, everybody logs in";
        return urls.Count > 0 && urls.All(Listening.IsLoopback) ? null : "leave it out, or listen on this machine alone, such as http://127.0.0.1:8080";
    }

    /// <summary>Reads <c>access</c>: <c>open</c>, <c>allowedHosts</c>, <c>trustedProxies</c>, <c>sessionIdleS</c>, <c>sessionLongestS</c>, <c>requestsPerS</c>,
    /// <c>burstRequests</c>, <c>oidc</c> {<c>authority</c>, <c>clientId</c>, <c>clientSecret</c>, <c>roleClaim</c>, <c>roles</c>} and <c>tls</c>
    /// {<c>certificate</c>, <c>key</c>, <c>password</c>}.</summary>
    /// <param name="section">The section.</param>
    /// <param name="urls">Where the server listens.</param>
    /// <param name="status">What the site's output is.</param>
    /// <param name="clock">The machine's clock.</param>
    public static AccessSettings Read(ConfigSection section, IReadOnlyList<string> urls, OperationStatus status, TimeProvider clock)
    {
        Role? open = section.Choice<Role?>("open", null, ("viewer", Role.Viewer), ("operator", Role.Operator));
        if (open is not null && OpenProblem(urls, status) is { } problem)
        {
            section.Wrong("open", $"\"{Access.Roles.Of(open.Value)}\"", problem);
            open = null;
        }
        IReadOnlyList<string> hosts = section.Texts("allowedHosts", "give a list of host names without ports, such as \"tocsin.example\", or \"*\"", h => !h.Contains('/', StringComparison.Ordinal));
        List<IPNetwork> proxies = [];
        foreach (string text in section.Texts("trustedProxies", "give a list of addresses or networks, such as \"10.0.0.1\" or \"10.0.0.0/24\"", t => Network(t) is not null)) proxies.Add(Network(text)!.Value);
        AccessSettings settings = new()
        {
            Urls = urls,
            Status = status,
            Open = open,
            AllowedHosts = hosts.Count > 0 ? hosts : Listening.Hosts(urls),
            TrustedProxies = proxies,
            SessionIdle = TimeSpan.FromSeconds(section.Count("sessionIdleS", 43_200, 60, 31_536_000)),
            SessionLongest = TimeSpan.FromSeconds(section.Count("sessionLongestS", 86_400, 60, 31_536_000)),
            RequestsPerS = section.Count("requestsPerS", 2_000, 1, 1_000_000),
            BurstRequests = section.Count("burstRequests", 40_000, 1, 10_000_000),
            Oidc = section.Has("oidc") ? ReadOidc(section.Section("oidc")) : null,
            Certificate = section.Has("tls") ? CertificateFile.Read(section.Section("tls"), clock) : null,
        };
        if (!section.Has("oidc")) section.Section("oidc").End();
        if (!section.Has("tls"))
        {
            section.Section("tls").End();
            if (urls.FirstOrDefault(u => u.StartsWith("https:", StringComparison.OrdinalIgnoreCase)) is { } https)
                section.Wrong("tls", "nothing", $"give the certificate for {https}: \"tls\": {{ \"certificate\": \"server.pem\", \"key\": \"server.key\" }}");
        }
        section.End();
        return settings;
    }

    private static OidcSettings? ReadOidc(ConfigSection section)
    {
        string authority = section.Text("authority", "give the provider's https address", IsAuthority);
        string client = section.Text("clientId", "give the id that the provider knows this server by");
        string? secret = section.OptionalSecret("clientSecret");
        string claim = section.OptionalText("roleClaim") ?? "groups";
        Dictionary<string, Role> roles = new(StringComparer.Ordinal);
        ConfigSection groups = section.Section("roles");
        foreach (string group in groups.Keys)
        {
            if (groups.Choice<Role?>(group, null, ("viewer", Role.Viewer), ("operator", Role.Operator), ("administrator", Role.Administrator)) is { } role) roles[group] = role;
        }
        if (groups.Keys.Count == 0) section.Wrong("roles", "nothing", "say which group has which role: { \"tocsin-operators\": \"operator\" }");
        section.End();
        return authority.Length > 0 && client.Length > 0 ? new(new Uri(authority), client, secret, claim, roles) : null;
    }

    private static bool IsAuthority(string text) => Uri.TryCreate(text, UriKind.Absolute, out Uri? uri)
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback)) && uri.UserInfo.Length == 0;

    private static IPNetwork? Network(string text) => IPNetwork.TryParse(text, out IPNetwork network) ? network
        : IPAddress.TryParse(text, out IPAddress? address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8) : null;
}
