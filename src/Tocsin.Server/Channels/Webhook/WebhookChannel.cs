using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using Tocsin.Server.Configuration;

namespace Tocsin.Server.Channels.Webhook;

/// <summary>Posts each message, signed, to one URL.</summary>
/// <remarks>2xx is delivered; anything else is tried again by the runner. Redirects are not followed and no proxy is used: what was
/// configured is where it goes. The answer's body is not read, and the URL's path and query, which often hold a key, are never shown.</remarks>
public sealed class WebhookChannel : Channel
{
    /// <summary>Characters of the shortest secret: 128 bits in hexadecimal.</summary>
    public const int LeastSecretCharacters = 32;

    private readonly Uri _url;
    private readonly string _secret;
    private readonly bool _includeTracks;
    private readonly TimeProvider _clock;
    private readonly HttpClient _http;

    /// <summary>Makes the channel.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="url">Where to post.</param>
    /// <param name="secret">The secret that the receiver shares.</param>
    /// <param name="includeTracks">Whether the ids of the tracks behind a warning are sent.</param>
    /// <param name="clock">The machine's clock, for the time-stamp.</param>
    public WebhookChannel(string name, Uri url, string secret, bool includeTracks, TimeProvider clock) : base(name)
    {
        (_url, _secret, _includeTracks, _clock) = (url, secret, includeTracks, clock);
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            MaxResponseHeadersLength = 16,
            // The receiver's answer is not read: a connection with a long one is closed instead.
            MaxResponseDrainSize = 4096,
            ResponseDrainTimeout = TimeSpan.FromMilliseconds(200),
        })
        {
            // The runner's own limit ends a try.
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("Tocsin", typeof(WebhookChannel).Assembly.GetName().Version?.ToString(3)));
    }

    /// <summary>Reads the keys <c>url</c>, <c>allowPlain</c>, <c>secret</c> and <c>includeTracks</c>.</summary>
    public static Channel? Read(ConfigSection section, ChannelContext context)
    {
        string name = ChannelKinds.NameIn(section, "webhook");
        bool allowPlain = section.Flag("allowPlain", false);
        Uri? url = null;
        string given = section.Text("url", "give an address that begins with https://", text => Uri.TryCreate(text, UriKind.Absolute, out url) && url.Scheme is "https" or "http");
        bool right = given.Length > 0 && url is not null;
        if (right && url!.Scheme == "http" && !url.IsLoopback && !allowPlain)
        {
            section.Wrong("url", $"http to {url.Host}", "give an https address, or set allowPlain where the network between is your own");
            right = false;
        }
        if (right && url!.UserInfo.Length > 0)
        {
            section.Wrong("url", $"an address at {url.Host} that holds a user or password", "leave it out; the receiver knows us by the signature");
            right = false;
        }
        string? secret = section.OptionalSecret("secret");
        if (secret is null || secret.Length < LeastSecretCharacters)
        {
            section.Wrong("secret", secret is null ? "nothing" : "what it holds", $"give a secret of at least {LeastSecretCharacters} characters (openssl rand -hex 32), or its file as secretFile");
            right = false;
        }
        bool includeTracks = section.Flag("includeTracks", false);
        section.End();
        return right ? new WebhookChannel(name, url!, secret!, includeTracks, context.Clock) : null;
    }

    /// <inheritdoc/>
    public override async Task SendAsync(WarningMessage message, CancellationToken stop)
    {
        using HttpRequestMessage request = RequestOf(message);
        try
        {
            using HttpResponseMessage response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop).ConfigureAwait(false);
            if ((int)response.StatusCode is < 200 or > 299) throw new ChannelException($"{_url.Host} answered {(int)response.StatusCode}{Meaning(response.StatusCode)}");
        }
        catch (HttpRequestException e)
        {
            throw new ChannelException($"{_url.Host} cannot be reached: {Reason(e)}", e);
        }
    }

    /// <inheritdoc/>
    public override void Rehearse(WarningMessage message, Picture picture) => RequestOf(message).Dispose();

    /// <inheritdoc/>
    public override ValueTask DisposeAsync()
    {
        _http.Dispose();
        return base.DisposeAsync();
    }

    /// <summary>What tells one delivery from another: identity and revision, with what a header cannot hold percent-encoded.</summary>
    internal static string Delivery(WarningMessage message)
    {
        var text = new StringBuilder();
        foreach (byte b in Encoding.UTF8.GetBytes(message.Identity))
        {
            if (b is > 0x20 and < 0x7F and not (byte)'%') text.Append((char)b);
            else text.Append(CultureInfo.InvariantCulture, $"%{b:X2}");
        }
        return text.Append('.').Append(message.Revision.ToString(CultureInfo.InvariantCulture)).ToString();
    }

    private HttpRequestMessage RequestOf(WarningMessage message)
    {
        byte[] body = WarningMessageJson.Write(message, _includeTracks);
        long timestampS = _clock.GetUtcNow().ToUnixTimeSeconds();
        var request = new HttpRequestMessage(HttpMethod.Post, _url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add(WebhookSignature.TimestampHeader, timestampS.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add(WebhookSignature.SignatureHeader, WebhookSignature.Of(_secret, timestampS, body));
        request.Headers.Add(WebhookSignature.DeliveryHeader, Delivery(message));
        return request;
    }

    private static string Meaning(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => ": it refuses us; check the secret and the clocks on both sides",
        HttpStatusCode.NotFound => ": nothing is at that address",
        HttpStatusCode.Gone => ": it says that nobody is there any more; set enabled to false if that is so",
        >= HttpStatusCode.MultipleChoices and < HttpStatusCode.BadRequest => ": redirects are not followed; give the final address",
        HttpStatusCode.TooManyRequests => ": too many requests",
        _ => "",
    };

    private static string Reason(HttpRequestException e) => e.InnerException switch
    {
        SocketException s => s.SocketErrorCode switch
        {
            SocketError.ConnectionRefused => "connection refused",
            SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "its name is not known",
            SocketError.HostUnreachable or SocketError.NetworkUnreachable => "no way to it",
            _ => s.SocketErrorCode.ToString(),
        },
        AuthenticationException => "its certificate is not trusted",
        _ => e.HttpRequestError.ToString(),
    };
}
