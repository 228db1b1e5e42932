using System.Net;
using System.Net.Http.Headers;
using System.Security.Claims;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Tocsin.Server.Access;
using Tocsin.Server.Feeds;
using Tocsin.Server.Live;

namespace Tocsin.Server.Tests.Feeds;

/// <summary>Posts over a real socket to Kestrel, with keys that the test knows by their scopes, judged by the server's own rule.</summary>
public sealed class HttpPlotFeedTests : IAsyncLifetime
{
    private const string Header = "time_s,sensor,range_m,azimuth_deg,elevation_deg\n";
    private readonly FakeTimeProvider _clock = new(FeedBench.Start);
    private readonly KeepingIntake _intake = new();
    private WebApplication _app = null!;
    private FeedDesk _desk = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        SiteDefinition site = FeedBench.TwoRadars();
        FeedSettings[] settings = [FeedBench.Settings("north"), FeedBench.Settings("south") with { MaxPlotsPerS = 100 }];
        _desk = new(site, [.. settings.Select(s => new DeskFeed(s, new HttpPlotFeed(s, site, _clock)))], _intake, new WallClock(_clock), _clock, NullLogger.Instance);
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.WebHost.ConfigureKestrel(k => k.Limits.MaxRequestBodySize = 1_000);
        builder.Services.AddAuthentication("stub").AddScheme<AuthenticationSchemeOptions, Stub>("stub", null);
        builder.Services.AddAuthorization(o => o.AddPolicy(AccessPolicies.Feed, p => p.RequireAuthenticatedUser().RequireAssertion(c => AccessServices.MayFeed(c.User, c.Resource as HttpContext))));
        _app = builder.Build();
        _app.UseAuthentication();
        _app.UseAuthorization();
        _desk.MapPost(_app);
        _desk.Start();
        await _app.StartAsync();
        _client = new() { BaseAddress = new Uri(_app.Urls.First()) };
        // The feed's run begins on the thread pool.
        while ((await Post("north", "*", "text/csv", "")).Status == HttpStatusCode.ServiceUnavailable) await Task.Yield();
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _desk.DisposeAsync();
        await _app.DisposeAsync();
    }

    private async Task<(HttpStatusCode Status, JsonElement Answer)> Post(string feed, string? key, string type, string body) =>
        await Post(feed, key, type, new ByteArrayContent(Encoding.UTF8.GetBytes(body)));

    private async Task<(HttpStatusCode Status, JsonElement Answer)> Post(string feed, string? key, string type, HttpContent content)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/feeds/{feed}/plots") { Content = content };
        content.Headers.ContentType = type.Length == 0 ? null : MediaTypeHeaderValue.Parse(type);
        if (key is not null) request.Headers.Authorization = new("Bearer", key);
        using HttpResponseMessage response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return (response.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement);
    }

    private static string Lines(int count) => string.Concat(Enumerable.Range(0, count).Select(i => $"{1_772_366_400 + i},north radar,1000,{i % 360},2\n"));

    [Fact]
    public async Task Csv_and_json_lines_are_taken_and_bad_lines_named()
    {
        (HttpStatusCode status, JsonElement answer) = await Post("north", "north", "text/csv; charset=utf-8", Header + Lines(3) + "bad\n" + string.Concat(Enumerable.Repeat("1,R9,1,1,1\n", 20)));
        Assert.Equal((HttpStatusCode.OK, 3, 21), (status, answer.GetProperty("accepted").GetInt32(), answer.GetProperty("rejected").GetInt32()));
        Assert.Equal([5L, 6, 7, 8, 9, 10, 11, 12, 13, 14], answer.GetProperty("problems").EnumerateArray().Select(p => p.GetProperty("line").GetInt64()));
        Assert.Contains("bad is not a number", answer.GetProperty("problems")[0].GetProperty("reason").GetString(), StringComparison.Ordinal);

        (status, answer) = await Post("north", "*", "application/x-ndjson", "{\"time_s\":1772366400,\"sensor\":\"south radar\",\"rangeM\":1,\"azimuthDeg\":1,\"elevationDeg\":1}");
        Assert.Equal((HttpStatusCode.OK, 1, 0), (status, answer.GetProperty("accepted").GetInt32(), answer.GetProperty("rejected").GetInt32()));
        Assert.Equal([0, 0, 0, 1], _intake.Plots.Select(p => p.Plot.Sensor));
        Assert.All(_intake.Plots, p => Assert.Equal(WallClock.InstantOf(FeedBench.Start), p.Received));
    }

    [Theory]
    [InlineData("north", null, "text/csv", Header, HttpStatusCode.Unauthorized)]
    [InlineData("north", "south", "text/csv", Header, HttpStatusCode.Forbidden)]
    [InlineData("east", "south", "text/csv", Header, HttpStatusCode.Forbidden)]
    [InlineData("east", "*", "text/csv", Header, HttpStatusCode.NotFound)]
    [InlineData("north", "north", "", Header, HttpStatusCode.UnsupportedMediaType)]
    [InlineData("north", "north", "application/json", "[]", HttpStatusCode.UnsupportedMediaType)]
    [InlineData("north", "north", "text/csv; charset=utf-16", Header, HttpStatusCode.UnsupportedMediaType)]
    [InlineData("north", "north", "text/csv", "hello\n", HttpStatusCode.BadRequest)]
    [InlineData("north", "north", "text/csv", Header + "bad\n", HttpStatusCode.BadRequest)]
    [InlineData("north", "north", "text/csv", Header, HttpStatusCode.OK)]
    public async Task What_cannot_be_taken_is_answered_so(string feed, string? key, string type, string body, HttpStatusCode expected)
    {
        Assert.Equal(expected, (await Post(feed, key, type, body)).Status);
        Assert.Empty(_intake.Plots);
    }

    [Fact]
    public async Task More_than_the_feed_may_bring_is_429_with_what_was_taken()
    {
        (HttpStatusCode status, JsonElement answer) = await Post("south", "south", "text/csv", Header + Lines(5_000));
        Assert.Equal(HttpStatusCode.TooManyRequests, status);
        Assert.Equal(100, answer.GetProperty("accepted").GetInt32());
        Assert.True(answer.GetProperty("shed").GetInt32() > 0);
        // The other feed has its own rate.
        Assert.Equal(HttpStatusCode.OK, (await Post("north", "north", "text/csv", Header + Lines(5_000))).Status);
        _clock.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Equal(50, (await Post("south", "south", "text/csv", Header + Lines(50))).Answer.GetProperty("accepted").GetInt32());
    }

    [Fact]
    public async Task A_body_that_never_ends_is_cut_at_the_limit_and_a_length_beyond_it_refused_at_once()
    {
        // One feed's rate would end it before: the lines are blank.
        (HttpStatusCode status, JsonElement answer) = await Post("north", "north", "application/x-ndjson", new Endless());
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, status);
        Assert.Contains("64 MiB", answer.GetProperty("title").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_beyond_the_limit_is_rejected_and_the_next_taken()
    {
        (_, JsonElement answer) = await Post("north", "north", "text/csv", Header + new string('7', 200_000) + "\n" + Lines(1));
        Assert.Equal((1, 1), (answer.GetProperty("accepted").GetInt32(), answer.GetProperty("rejected").GetInt32()));
    }

    [Fact]
    public async Task Posts_at_the_same_time_are_all_taken()
    {
        Task<(HttpStatusCode Status, JsonElement Answer)>[] posts = [.. Enumerable.Range(0, 4).Select(_ => Post("north", "north", "text/csv", Header + Lines(1_000)))];
        Assert.All(await Task.WhenAll(posts), p => Assert.Equal((HttpStatusCode.OK, 1_000), (p.Status, p.Answer.GetProperty("accepted").GetInt32())));
        Assert.Equal(4_000, _intake.Plots.Length);
    }

    private sealed class Endless : HttpContent
    {
        private static readonly byte[] s_blank = [.. Enumerable.Repeat((byte)'\n', 1 << 16)];

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            try
            {
                for (long sent = 0; sent < 2 * FeedLimits.PostOctets; sent += s_blank.Length) await stream.WriteAsync(s_blank);
            }
            catch (IOException)
            {
                // The server has had enough.
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    private sealed class Stub(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory log, UrlEncoder encoder) : AuthenticationHandler<AuthenticationSchemeOptions>(options, log, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync()
        {
            string key = Request.Headers.Authorization.ToString();
            if (key.Length == 0) return Task.FromResult(AuthenticateResult.NoResult());
            var who = new ClaimsPrincipal(new ClaimsIdentity([new Claim(AccessClaims.Scope, "feed:" + key["Bearer ".Length..])], "stub"));
            return Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(who, "stub")));
        }
    }
}
