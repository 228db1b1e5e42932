using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Tocsin.Formats.Cap;
using Tocsin.Server.Configuration;
using Tocsin.Server.Messages;

namespace Tocsin.Server.Channels.Cap;

/// <summary>Warnings as CAP 1.2 messages with an Atom feed of them, for everybody, and pushed to those who are configured.</summary>
/// <remarks>
/// The messages are files under <c>cap</c> in the data folder, so a restart loses none. A message that comes again is the same file: its identifier is its
/// identity and revision. What is served names a zone and its state, never a track or a point.
/// </remarks>
public sealed class CapChannel : Channel
{
    /// <summary>Where the messages are served.</summary>
    public const string Path = "/cap";

    private const int LeastAlerts = 10, MostAlerts = 10_000, DefaultAlerts = 500;
    private static readonly TimeSpan FeedSettles = TimeSpan.FromSeconds(2);
    private readonly ChannelContext _context;
    private readonly CapIdentity _identity;
    private readonly CapCertificate? _certificate;
    private readonly CapArchive _archive;
    private readonly string? _base;
    private readonly ImmutableArray<Uri> _push;
    private readonly string? _pushToken;
    private readonly TimeSpan _pushTimeout;
    private readonly HttpClient _http;
    private readonly ConcurrentDictionary<(string Identifier, Uri To), bool> _pushed = new();
    private readonly DateTimeOffset _began;
    private long _changedTicks;
    private Feed? _feed;

    private CapChannel(string name, ChannelContext context, CapIdentity identity, CapCertificate? certificate, int maxAlerts, PushSettings push) : base(name)
    {
        (_context, _identity, _certificate) = (context, identity, certificate);
        (_push, _pushToken, _pushTimeout) = (push.To, push.Token, push.Timeout);
        _base = identity.Web?.TrimEnd('/');
        _began = context.Clock.GetUtcNow();
        _changedTicks = _began.UtcTicks;
        _archive = new(System.IO.Path.Combine(context.DataFolder, "cap"), maxAlerts, context.Log);
        // A redirect could carry the token to another host.
        _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) }) { Timeout = Timeout.InfiniteTimeSpan };
    }

    private sealed record PushSettings(ImmutableArray<Uri> To, string? Token, TimeSpan Timeout);

    private sealed record Feed(ImmutableList<CapDocument> Of, byte[] Bytes, string ETag);

    /// <summary>Messages that are kept.</summary>
    public int Count => _archive.Documents.Count;

    /// <summary>Messages that are served but could not be written yet.</summary>
    public int Unsaved => _archive.Unsaved;

    /// <summary>Makes the channel from its section; null where the section is wrong, which its problems then say. The keys are in <c>docs/channels/cap.md</c>.</summary>
    public static CapChannel? Read(ConfigSection section, ChannelContext context)
    {
        string name = section.OptionalText("name") ?? "cap";
        string sender = section.Text("sender", "give a name that is the only one in the world, such as warning@camp.example.org; no spaces, commas, < or &",
            static s => !s.Any(c => char.IsWhiteSpace(c) || c is ',' or '<' or '&'));
        string? source = section.OptionalText("source"), contact = section.OptionalText("contact");
        string? web = section.OptionalText("web", "give an address such as https://warnings.example.org", static s => IsHttp(s));
        int maxAlerts = section.Count("maxAlerts", DefaultAlerts, LeastAlerts, MostAlerts);
        bool named = section.Has("certificateFile");
        CapCertificate? certificate = CapCertificate.Read(section, context.Clock.GetUtcNow());
        PushSettings push = new(
            [.. section.Texts("pushUrls", "give addresses such as https://gateway.example.org/cap", static s => IsHttp(s)).Select(static s => new Uri(s))],
            section.OptionalSecret("pushToken"),
            TimeSpan.FromSeconds(section.Number("pushTimeoutS", 5, 0.1, 60)));
        section.End();
        if (sender.Length == 0 || (named && certificate is null)) return null;
        return new(name, context, new(sender, source, web, contact), certificate, maxAlerts, push);
    }

    /// <inheritdoc/>
    public override async Task SendAsync(WarningMessage message, CancellationToken stop)
    {
        CapDocument? document = _archive.Find(CapMessages.IdentifierOf(message));
        if (document is null)
        {
            document = Make(message);
            Interlocked.Exchange(ref _changedTicks, _context.Clock.GetUtcNow().UtcTicks);
            _archive.Add(document);
        }
        await PushAsync(document, stop);
    }

    /// <inheritdoc/>
    public override void Rehearse(WarningMessage message, Picture picture) => Make(message);

    /// <inheritdoc/>
    public override Task BeatAsync(Beat beat, CancellationToken stop)
    {
        _archive.Save();
        // What some receiver never took is not remembered for longer than the message itself.
        foreach ((string Identifier, Uri To) key in _pushed.Keys.Where(k => _archive.Find(k.Identifier) is null)) _pushed.TryRemove(key, out _);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public override void Map(IEndpointRouteBuilder routes)
    {
        routes.MapMethods(Path + "/atom.xml", ["GET", "HEAD"], (HttpContext http) => ServeFeed(http))
            .AllowAnonymous().WithName("CapFeed").WithTags("Public").WithSummary("The newest warnings as an Atom feed of CAP messages.");
        routes.MapMethods(Path + "/{identifier}.xml", ["GET", "HEAD"], (string identifier, HttpContext http) => Serve(identifier, http))
            .AllowAnonymous().WithName("CapMessage").WithTags("Public").WithSummary("One CAP message.");
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _certificate?.Dispose();
        await base.DisposeAsync();
    }

    private CapDocument Make(WarningMessage message)
    {
        CapAlert alert = CapMessages.Map(message, _identity, MessageCatalog.Embedded);
        // A warning that breaks a rule is better than none; the log says what is wrong with it.
        foreach (CapProblem problem in CapRules.Check(alert)) CapLog.Rule(_context.Log, alert.Identifier, problem.ToString());
        byte[] bytes = CapWriter.Write(alert);
        return new(alert, _certificate is null ? bytes : CapSignature.Sign(bytes, _certificate.Own, _certificate.Chain));
    }

    private async Task PushAsync(CapDocument document, CancellationToken stop)
    {
        if (_push.IsEmpty) return;
        string?[] failures = await Task.WhenAll(_push.Where(to => !_pushed.ContainsKey((document.Alert.Identifier, to))).Select(to => PushAsync(document, to, stop)));
        if (failures.OfType<string>().ToArray() is { Length: > 0 } failed) throw new HttpRequestException(string.Join("; ", failed));
        // All have it: what is remembered of it is only needed for a retry, and a repeat after that is harmless.
        foreach (Uri to in _push) _pushed.TryRemove((document.Alert.Identifier, to), out _);
    }

    private async Task<string?> PushAsync(CapDocument document, Uri to, CancellationToken stop)
    {
        using var timeout = new CancellationTokenSource(_pushTimeout, _context.Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stop);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, to) { Content = new ByteArrayContent(document.Bytes) };
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(CapWriter.ContentType);
            if (_pushToken is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _pushToken);
            using HttpResponseMessage answer = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, both.Token);
            if (!answer.IsSuccessStatusCode) return $"{to.Host} answered {(int)answer.StatusCode}";
            _pushed[(document.Alert.Identifier, to)] = true;
            return null;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return $"{to.Host} did not answer within {_pushTimeout.TotalSeconds} s";
        }
        catch (HttpRequestException e)
        {
            return $"{to.Host} could not be reached: {e.HttpRequestError}";
        }
    }

    private Results<FileContentHttpResult, NotFound> Serve(string identifier, HttpContext http) =>
        _archive.Find(identifier) is { } document
            ? Answer(http, document.Bytes, CapWriter.ContentType, document.ETag, document.Alert.Sent.Value)
            : TypedResults.NotFound();

    private FileContentHttpResult ServeFeed(HttpContext http)
    {
        ImmutableList<CapDocument> documents = _archive.Documents;
        Feed? feed = _feed;
        if (feed is null || !ReferenceEquals(feed.Of, documents)) _feed = feed = MakeFeed(documents);
        // A date has whole seconds: two changes in one would look like one to those who ask by date, so a fresh feed has none (RFC 9110, 8.8.2.2).
        DateTimeOffset changed = new(Interlocked.Read(ref _changedTicks), TimeSpan.Zero);
        return Answer(http, feed.Bytes, AtomFeed.ContentType, feed.ETag, _context.Clock.GetUtcNow() - changed >= FeedSettles ? changed : null);
    }

    private FileContentHttpResult Answer(HttpContext http, byte[] bytes, string type, string tag, DateTimeOffset? modified)
    {
        http.Response.Headers.CacheControl = "no-cache";
        http.Response.Headers.XContentTypeOptions = "nosniff";
        // RFC 9110, 8.8.2.1: never later than now, as an exercise's clock may be.
        DateTimeOffset now = _context.Clock.GetUtcNow();
        return TypedResults.Bytes(bytes, type, lastModified: modified > now ? now : modified, entityTag: Microsoft.Net.Http.Headers.EntityTagHeaderValue.Parse(tag));
    }

    private Feed MakeFeed(ImmutableList<CapDocument> documents)
    {
        DateTimeOffset updated = documents.IsEmpty ? _began : documents.Max(d => d.Alert.Sent.Value);
        byte[] bytes = new AtomFeed
        {
            Id = Urn(_identity.Sender),
            Title = $"Warnings of {_context.Site.Definition.Name}",
            Author = _identity.Sender,
            Self = _base is null ? null : $"{_base}{Path}/atom.xml",
            Updated = new Instant(updated.UtcTicks - DateTimeOffset.UnixEpoch.Ticks),
            Entries = [.. documents.Reverse().Select(Entry)],
        }.Write();
        return new(documents, bytes, CapArchive.ETagOf(bytes));
    }

    private AtomEntry Entry(CapDocument document)
    {
        CapAlert alert = document.Alert;
        CapInfo? info = alert.Infos.IsDefaultOrEmpty ? null : alert.Infos[0];
        return new(Urn(alert.Reference.ToString()), info?.Headline ?? info?.Event ?? alert.Identifier, alert.Sent.Instant,
            $"{_base}{Path}/{alert.Identifier}.xml", $"{alert.Status} {alert.MsgType}: {info?.Description}", info?.Language ?? "en");
    }

    /// <summary>An IRI that is always the same for the same text and never for another (RFC 9562, version 8).</summary>
    private static string Urn(string text)
    {
        Span<byte> bytes = SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x80);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return "urn:uuid:" + new Guid(bytes, bigEndian: true);
    }

    private static bool IsHttp(string text) => Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp);
}
