using System.Diagnostics;
using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Tocsin.Server.Channels;
using Tocsin.Server.Channels.Webhook;

namespace Tocsin.Server.Tests.Channels.Webhook;

public sealed class WebhookChannelTests : IAsyncLifetime
{
    private const string Secret = "0123456789abcdef0123456789abcdef";
    private static readonly CancellationToken s_stop = TestContext.Current.CancellationToken;
    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2027, 1, 15, 8, 0, 0, TimeSpan.Zero));
    private readonly List<(Dictionary<string, string> Headers, byte[] Body)> _received = [];
    private WebApplication? _receiver;
    private Func<HttpContext, int, Task> _answer = (_, _) => Task.CompletedTask;
    private Uri _url = new("http://localhost/");

    public async ValueTask InitializeAsync()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        _receiver = builder.Build();
        _receiver.MapPost("/hook", async context =>
        {
            var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            int n;
            lock (_received)
            {
                _received.Add((context.Request.Headers.ToDictionary(h => h.Key, h => h.Value.ToString(), StringComparer.OrdinalIgnoreCase), body.ToArray()));
                n = _received.Count;
            }
            await _answer(context, n);
        });
        await _receiver.StartAsync();
        _url = new Uri(_receiver.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First() + "/hook");
    }

    public async ValueTask DisposeAsync() => await _receiver!.DisposeAsync();

    private WebhookChannel Channel(bool tracks = false) => new("hook", _url, Secret, tracks, _clock);

    [Fact]
    public async Task What_arrives_is_the_message_with_a_signature_that_openssl_agrees_with()
    {
        WarningMessage sent = ChannelSamples.Message(3, 2, WarningAct.Updated, status: OperationStatus.Exercise);
        await using (WebhookChannel channel = Channel()) await channel.SendAsync(sent, s_stop);
        (Dictionary<string, string> headers, byte[] body) = Assert.Single(_received);
        Assert.Equal("application/json", headers["Content-Type"]);
        Assert.Equal(sent.Identity + ".2", headers["X-Tocsin-Delivery"]);
        Assert.Equal("1800000000", headers["X-Tocsin-Timestamp"]);
        WarningMessage read = WarningMessageJson.Read(body, out _)!;
        Assert.Equal((sent.Identity, 2, OperationStatus.Exercise), (read.Identity, read.Revision, read.Status));
        Assert.Empty(read.Tracks);
        Assert.Equal(sent.Texts.ToArray(), read.Texts.ToArray());
        Assert.Equal("v1=" + await OpensslAsync([.. Encoding.ASCII.GetBytes("1800000000."), .. body]), headers["X-Tocsin-Signature"]);
    }

    [Fact]
    public void The_signature_is_that_of_the_written_out_algorithm()
    {
        // RFC 2104 by hand: H(K xor opad, H(K xor ipad, text)) with blocks of 64 bytes.
        byte[] key = Encoding.UTF8.GetBytes(Secret), body = Encoding.UTF8.GetBytes("{\"a\":\"ü\"}"), text = [.. Encoding.ASCII.GetBytes("17."), .. body];
        byte[] inner = new byte[64], outer = new byte[64];
        for (int i = 0; i < 64; i++) (inner[i], outer[i]) = ((byte)((i < key.Length ? key[i] : 0) ^ 0x36), (byte)((i < key.Length ? key[i] : 0) ^ 0x5C));
        byte[] hash = System.Security.Cryptography.SHA256.HashData([.. outer, .. System.Security.Cryptography.SHA256.HashData([.. inner, .. text])]);
        Assert.Equal("v1=" + Convert.ToHexString(hash).ToLowerInvariant(), WebhookSignature.Of(Secret, 17, body));
    }

    [Fact]
    public async Task Tracks_are_named_only_where_the_configuration_says_so()
    {
        await using (WebhookChannel channel = Channel(tracks: true)) await channel.SendAsync(ChannelSamples.Message(3, 1, WarningAct.Raised), s_stop);
        Assert.Equal([new TrackId(7)], WarningMessageJson.Read(Assert.Single(_received).Body, out _)!.Tracks.ToArray());
    }

    [Fact]
    public async Task A_refused_delivery_is_repeated_with_the_same_key_and_a_new_time_stamp_until_it_is_accepted()
    {
        int[] answers = [500, 429, 410, 204];
        _answer = (context, n) =>
        {
            context.Response.StatusCode = answers[Math.Min(n, answers.Length) - 1];
            return context.Response.StatusCode == 204 ? Task.CompletedTask : context.Response.WriteAsync("a body with secrets of the receiver");
        };
        var log = new FakeChannelLog(_clock);
        await using var runner = new ChannelRunner(Channel(), "webhook", new(), _clock, log);
        runner.Start();
        runner.Offer(ChannelSamples.Message(3, 1, WarningAct.Raised));
        HashSet<string> notes = [];
        while (!log.Lines.Any(l => l.StartsWith("hook sent", StringComparison.Ordinal)))
        {
            await runner.WhenParkedAsync().WaitAsync(TimeSpan.FromSeconds(60), s_stop);
            notes.Add(runner.State.Note);
            _clock.Advance(TimeSpan.FromSeconds(1.5));
        }
        Assert.Equal(4, _received.Count);
        Assert.Single(_received.Select(r => r.Headers["X-Tocsin-Delivery"]).Distinct());
        Assert.Equal(_received.Select(r => long.Parse(r.Headers["X-Tocsin-Timestamp"])).Order().Distinct().Count(), _received.Count);
        Assert.Contains(notes, n => n.Contains("127.0.0.1 answered 410: it says that nobody is there any more", StringComparison.Ordinal));
        Assert.DoesNotContain(notes, n => n.Contains("secrets", StringComparison.Ordinal) || n.Contains("/hook", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_redirect_is_not_followed()
    {
        _answer = (context, _) =>
        {
            context.Response.Redirect(_url.ToString());
            return Task.CompletedTask;
        };
        await using WebhookChannel channel = Channel();
        ChannelException e = await Assert.ThrowsAsync<ChannelException>(() => channel.SendAsync(ChannelSamples.Message(3, 1, WarningAct.Raised), s_stop));
        Assert.Contains("answered 302: redirects are not followed", e.Message, StringComparison.Ordinal);
        Assert.Single(_received);
    }

    [Fact]
    public async Task A_receiver_that_does_not_answer_is_cut_short()
    {
        TaskCompletionSource arrived = new();
        _answer = (context, _) =>
        {
            arrived.TrySetResult();
            return Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        };
        var log = new FakeChannelLog(_clock);
        await using var runner = new ChannelRunner(Channel(), "webhook", new ChannelRunnerOptions(TryTimeoutS: 3), _clock, log);
        runner.Start();
        runner.Offer(ChannelSamples.Message(3, 1, WarningAct.Raised));
        await arrived.Task;
        _clock.Advance(TimeSpan.FromSeconds(3));
        await runner.WhenParkedAsync();
        Assert.Equal("1 message waits: no answer within 3 s", runner.State.Note);
    }

    [Fact]
    public async Task Nobody_there_is_said_in_words()
    {
        Uri url = _url;
        await _receiver!.StopAsync(s_stop);
        await using WebhookChannel channel = new("hook", url, Secret, false, _clock);
        ChannelException e = await Assert.ThrowsAsync<ChannelException>(() => channel.SendAsync(ChannelSamples.Message(3, 1, WarningAct.Raised), s_stop));
        Assert.Equal("127.0.0.1 cannot be reached: connection refused", e.Message);
    }

    [Fact]
    public void A_delivery_key_fits_into_a_header() => Assert.Equal("caf%C3%A9%20%25.W3.4",
        WebhookChannel.Delivery(ChannelSamples.Message(3, 4, WarningAct.Over) with { Identity = "café %.W3" }));

    private static async Task<string> OpensslAsync(byte[] text)
    {
        Process? openssl = null;
        try
        {
            openssl = Process.Start(new ProcessStartInfo("openssl", ["dgst", "-sha256", "-hmac", Secret, "-r"]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true });
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("openssl is not here");
        }
        await openssl!.StandardInput.BaseStream.WriteAsync(text, s_stop);
        openssl.StandardInput.Close();
        string answer = await openssl.StandardOutput.ReadToEndAsync(s_stop);
        await openssl.WaitForExitAsync(s_stop);
        return answer.Split(' ')[0];
    }
}
