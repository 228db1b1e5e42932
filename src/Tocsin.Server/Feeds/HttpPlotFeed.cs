using System.Buffers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Tocsin.Formats;
using Tocsin.Server.Access;
using Tocsin.Server.Live;

namespace Tocsin.Server.Feeds;

/// <summary>One bad line of a post.</summary>
/// <param name="Line">Its number, counted from 1.</param>
/// <param name="Reason">What is wrong with it.</param>
public sealed record PostProblem(long Line, string Reason);

/// <summary>The answer to a post of plots.</summary>
/// <param name="Accepted">Plots taken.</param>
/// <param name="Rejected">Lines that gave no plot.</param>
/// <param name="Shed">Plots that the Site had no room for, or that exceeded the feed's rate.</param>
/// <param name="Problems">The first bad lines.</param>
/// <param name="Title">Why the post was not taken whole; null where it was.</param>
public sealed record PostAnswer(long Accepted, long Rejected, long Shed, IReadOnlyList<PostProblem> Problems, string? Title = null);

/// <summary>Plots that are posted to this server: <c>POST /api/feeds/{name}/plots</c>, CSV or JSON lines.</summary>
/// <remarks>The body is read as it comes, line by line, so that a radar may send one long request. Whoever posts needs a key for this feed or for all
/// (<see cref="AccessPolicies.Feed"/>), which is judged before the name: a key for one feed must not learn which others there are. Requests of one feed share one sink, one piece of a body at a time.</remarks>
public sealed class HttpPlotFeed : Feed
{
    private const int PieceOctets = 1 << 14;
    private readonly SiteDefinition _site;
    private readonly TimeProvider _clock;
    private readonly Lock _gate = new();
    private IFeedSink? _sink;
    private int _posts;

    /// <summary>Makes a feed.</summary>
    public HttpPlotFeed(FeedSettings settings, SiteDefinition site, TimeProvider clock) : base(settings.Name, settings.Uri) => (_site, _clock) = (site, clock);

    /// <inheritdoc/>
    public override async Task RunAsync(IFeedSink sink, CancellationToken stop)
    {
        lock (_gate) _sink = sink;
        try
        {
            await Task.Delay(Timeout.Infinite, stop);
        }
        catch (OperationCanceledException)
        {
            // That is how it ends.
        }
        finally
        {
            lock (_gate) _sink = null;
        }
    }

    /// <summary>Maps <c>POST /api/feeds/{name}/plots</c> for all feeds that are posted to.</summary>
    public static IEndpointConventionBuilder MapPost(IEndpointRouteBuilder routes, IReadOnlyList<HttpPlotFeed> feeds)
    {
        Dictionary<string, HttpPlotFeed> byName = feeds.ToDictionary(f => f.Name, StringComparer.Ordinal);
        return routes.MapPost("/api/feeds/{name}/plots", async Task<IResult> (string name, HttpContext context) => byName.TryGetValue(name, out HttpPlotFeed? feed)
                ? await feed.ReceiveAsync(context)
                : Results.Json(new { title = $"there is no feed {name} to post to" }, statusCode: 404))
            .RequireAuthorization(AccessPolicies.Feed)
            .WithName("postPlots")
            .WithSummary("Plots of a feed, as CSV under a header or as JSON lines")
            .Accepts<string>("text/csv", "application/x-ndjson")
            .Produces<PostAnswer>()
            .Produces<PostAnswer>(StatusCodes.Status400BadRequest)
            .Produces<PostAnswer>(StatusCodes.Status413PayloadTooLarge)
            .Produces<PostAnswer>(StatusCodes.Status415UnsupportedMediaType)
            .Produces<PostAnswer>(StatusCodes.Status429TooManyRequests);
    }

    private static IResult Refused(int status, string title) => Results.Json(new PostAnswer(0, 0, 0, [], title), statusCode: status);

    private async Task<IResult> ReceiveAsync(HttpContext context)
    {
        if (FormatOf(context.Request.ContentType) is not { } format) return Refused(415, "send text/csv or application/x-ndjson, in UTF-8");
        if (context.Request.Headers.ContentEncoding is { Count: > 0 } packed && packed != "identity") return Refused(415, "send the body unpacked");
        if (context.Request.ContentLength > FeedLimits.PostOctets) return Refused(413, $"send at most {FeedLimits.PostOctets >> 20} MiB in one request");
        // The limit is this one's own, so that the answer can say how far it came.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size) size.MaxRequestBodySize = null;
        if (Interlocked.Increment(ref _posts) > FeedLimits.PostsAtOnce)
        {
            Interlocked.Decrement(ref _posts);
            context.Response.Headers.RetryAfter = "1";
            return Refused(429, $"at most {FeedLimits.PostsAtOnce} posts to one feed at once");
        }
        byte[] piece = ArrayPool<byte>.Shared.Rent(PieceOctets);
        try
        {
            return await ReadAsync(context, new PlotTextDecoder(format, _site, Name), piece);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(piece);
            Interlocked.Decrement(ref _posts);
        }
    }

    private async Task<IResult> ReadAsync(HttpContext context, PlotTextDecoder decoder, byte[] piece)
    {
        var post = new Post(this, decoder);
        long octets = 0;
        (int status, string? title) = (200, null);
        try
        {
            int count;
            do
            {
                count = await context.Request.Body.ReadAsync(piece.AsMemory(0, PieceOctets), context.RequestAborted);
                octets += count;
                if (octets > FeedLimits.PostOctets) (status, title) = (413, $"send at most {FeedLimits.PostOctets >> 20} MiB in one request; what came before was taken");
                else if (!post.Push(piece.AsSpan(0, count))) (status, title) = (503, "the feed does not run now");
                else if (decoder.HeaderProblem is { } header) (status, title) = (400, $"{header.Problem}; {header.Mend}");
                else if (post.Refused > 0) (status, title) = (429, "more plots than this feed may bring; send what is left later");
            }
            while (count > 0 && status == 200);
        }
        catch (BadHttpRequestException e)
        {
            (status, title) = (e.StatusCode, "the body broke off, or came too slowly");
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            (status, title) = (400, "the body broke off");
        }
        post.Finish();
        if (status == 200 && post.Accepted == 0 && decoder.Rejected > 0) (status, title) = (400, "no line gave a plot");
        if (status == 429) context.Response.Headers.RetryAfter = "1";
        return Results.Json(new PostAnswer(post.Accepted, decoder.Rejected, post.Shed + post.Refused, post.Problems, title), statusCode: status);
    }

    private static PlotTextFormat? FormatOf(string? contentType)
    {
        if (contentType is null || !Microsoft.Net.Http.Headers.MediaTypeHeaderValue.TryParse(contentType, out var type)) return null;
        if (type.Charset.HasValue && !type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase) && !type.Charset.Equals("us-ascii", StringComparison.OrdinalIgnoreCase)) return null;
        if (type.MediaType.Equals("text/csv", StringComparison.OrdinalIgnoreCase)) return PlotTextFormat.Csv;
        return type.MediaType.Equals("application/x-ndjson", StringComparison.OrdinalIgnoreCase) || type.MediaType.Equals("application/jsonl", StringComparison.OrdinalIgnoreCase)
            ? PlotTextFormat.JsonLines
            : null;
    }

    /// <summary>One request while it is read.</summary>
    private sealed class Post(HttpPlotFeed feed, PlotTextDecoder decoder) : IPlotSink
    {
        private readonly List<PostProblem> _problems = [];
        private IFeedSink? _sink;
        private Instant _received;

        public long Accepted { get; private set; }

        public long Shed { get; private set; }

        public long Refused { get; private set; }

        public IReadOnlyList<PostProblem> Problems => _problems;

        /// <summary>Reads a piece of the body, or the end where it is empty; false where the feed does not run.</summary>
        public bool Push(ReadOnlySpan<byte> piece)
        {
            lock (feed._gate)
            {
                if ((_sink = feed._sink) is null) return false;
                _received = WallClock.InstantOf(feed._clock.GetUtcNow());
                _sink.Heard(piece.Length);
                if (piece.IsEmpty) decoder.End(this);
                else decoder.Push(piece, this);
                return true;
            }
        }

        /// <summary>Passes on what was only counted, however the request ended.</summary>
        public void Finish()
        {
            lock (feed._gate)
                if ((_sink = feed._sink) is not null) decoder.Flush(this);
        }

        public void Feed(in Plot plot)
        {
            bool refused = false;
            bool taken = _sink is FeedAccount account ? account.Take(plot, _received, out refused) : _sink!.Take(plot, _received);
            if (taken) Accepted++;
            else if (refused) Refused++;
            else Shed++;
        }

        public void Reject(in Rejection rejection)
        {
            if (_problems.Count < FeedLimits.ProblemsTold) _problems.Add(new(decoder.LineNumber, rejection.Reason));
            _sink!.Reject(rejection);
        }
    }
}
