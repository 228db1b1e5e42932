using System.Net;
using System.Net.Http.Json;
using System.Security.Claims;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using Tocsin.Server.Channels;
using Tocsin.Server.Channels.WirelessText;
using Tocsin.Server.Configuration;
using Tocsin.Server.Tests.Messages;

namespace Tocsin.Server.Tests.Cap;

public sealed class WirelessTextChannelTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private readonly FakeTimeProvider _clock = new();

    private WirelessTextChannel Channel() => WirelessTextChannel.Read(ConfigSection.Empty([]), Sample.Context("/nowhere", _clock))!;

    private static Task<WirelessAnswer> Ask(WirelessTextChannel c, string? since = null, double waitS = 0, string? zone = null, string? language = null) =>
        c.ReadAsync(zone, language, since, TimeSpan.FromSeconds(waitS), Stop);

    [Fact]
    public async Task First_all_that_is_open_is_given_then_what_changes()
    {
        await using WirelessTextChannel c = Channel();
        await c.SendAsync(Sample.Message(), Stop);
        await c.SendAsync(Sample.Message(warning: 4), Stop);
        WirelessAnswer all = await Ask(c);
        Assert.True(all.Reset);
        Assert.Equal(["green-zone.20261123T2243Z.W3", "green-zone.20261123T2243Z.W4"], all.Messages.Select(m => m.Identity));
        WirelessMessage first = all.Messages[0];
        Assert.Equal(("raised", "exercise", "Z1", "en", "gsm7", 1), (first.Act, first.Status, first.Zone, first.Language, first.Coding, first.Revision));

        // A repeat and an overtaken message change nothing.
        await c.SendAsync(Sample.Message(2, WarningAct.Updated), Stop);
        await c.SendAsync(Sample.Message(2, WarningAct.Updated), Stop);
        await c.SendAsync(Sample.Message(1), Stop);
        WirelessAnswer next = await Ask(c, all.Cursor);
        Assert.False(next.Reset);
        Assert.Equal(("updated", 2), (Assert.Single(next.Messages).Act, next.Messages[0].Revision));

        await c.SendAsync(Sample.Message(3, WarningAct.Over), Stop);
        Assert.Equal("over", Assert.Single((await Ask(c, next.Cursor)).Messages).Act);
        Assert.Equal("green-zone.20261123T2243Z.W4", Assert.Single((await Ask(c)).Messages).Identity);
        Assert.Empty((await Ask(c, (await Ask(c)).Cursor)).Messages);
    }

    [Fact]
    public async Task A_waiting_caller_is_answered_by_the_next_change_of_its_zone_or_when_its_time_is_over()
    {
        await using WirelessTextChannel c = Channel();
        string cursor = (await Ask(c)).Cursor;
        Task<WirelessAnswer> here = Ask(c, cursor, 30, "Z1"), there = Ask(c, cursor, 30, "Z2");
        Assert.False(here.IsCompleted);
        await c.SendAsync(Sample.Message(), Stop);
        Assert.Single((await here).Messages);
        Assert.False(there.IsCompleted);
        // The other caller goes on waiting; its wait is moved by fake time alone, until it has begun to wait again.
        while (!there.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromSeconds(31));
            await Task.Yield();
        }
        Assert.Empty((await there).Messages);
    }

    [Fact]
    public async Task A_cursor_that_is_not_known_is_answered_with_everything()
    {
        await using WirelessTextChannel before = Channel(), after = Channel();
        await before.SendAsync(Sample.Message(), Stop);
        string old = (await Ask(before)).Cursor;
        await after.BeatAsync(new(Sample.Start, OperationStatus.Exercise, [Sample.Message()]), Stop);
        foreach (string cursor in (string[])[old, "", "x-1", (await Ask(after)).Cursor + "9"])
        {
            WirelessAnswer answer = await Ask(after, cursor, 30);
            Assert.True(answer.Reset);
            Assert.Single(answer.Messages);
        }
    }

    [Fact]
    public async Task What_expires_without_an_end_is_forgotten_and_what_is_open_is_not()
    {
        await using WirelessTextChannel c = Channel();
        await c.SendAsync(Sample.Message(), Stop);
        await c.SendAsync(Sample.Message(warning: 4), Stop);
        await c.BeatAsync(new(Sample.Start.AddSeconds(500), OperationStatus.Exercise, [Sample.Message()]), Stop);
        Assert.Equal("green-zone.20261123T2243Z.W3", Assert.Single((await Ask(c)).Messages).Identity);
    }

    [Fact]
    public async Task The_wanted_language_is_given_and_another_rather_than_none()
    {
        await using WirelessTextChannel c = Channel();
        await c.SendAsync(Sample.Message(), Stop);
        WirelessMessage arabic = (await Ask(c, language: "AR")).Messages[0];
        Assert.Equal(("ar", "ucs2"), (arabic.Language, arabic.Coding));
        Assert.Equal("en", (await Ask(c, language: "tlh")).Messages[0].Language);
        await Assert.ThrowsAsync<InvalidOperationException>(() => c.SendAsync(Sample.Message(warning: 9) with { Status = OperationStatus.Actual }, Stop));
    }

    [Fact]
    public async Task Over_HTTP_it_wants_a_key_and_names_what_is_wrong()
    {
        await using WirelessTextChannel c = Channel();
        await c.SendAsync(Sample.Message(), Stop);
        (WebApplication app, HttpClient client) = await Sample.ServeAsync(a =>
        {
            a.UseAuthentication();
            a.UseAuthorization();
            c.Map(a);
        }, b =>
        {
            b.Services.AddAuthentication("key").AddScheme<AuthenticationSchemeOptions, KeyHandler>("key", null);
            b.Services.AddAuthorizationBuilder().AddPolicy(WirelessTextChannel.Policy, p => p.RequireAuthenticatedUser());
        });
        await using WebApplication _ = app;
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/api/wireless", Stop)).StatusCode);
        client.DefaultRequestHeaders.Add("X-Key", "k");
        WirelessAnswer? answer = await client.GetFromJsonAsync<WirelessAnswer>("/api/wireless?zone=Z1&language=fr", Stop);
        Assert.StartsWith("EXERCICE :", Assert.Single(answer!.Messages).Short90, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/api/wireless?zone=Z9", Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync("/api/wireless?waitS=61", Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync("/api/wireless?waitS=NaN", Stop)).StatusCode);
    }

    private sealed class KeyHandler(IOptionsMonitor<AuthenticationSchemeOptions> options, ILoggerFactory log, UrlEncoder encoder) : AuthenticationHandler<AuthenticationSchemeOptions>(options, log, encoder)
    {
        protected override Task<AuthenticateResult> HandleAuthenticateAsync() => Task.FromResult(Request.Headers.ContainsKey("X-Key")
            ? AuthenticateResult.Success(new(new ClaimsPrincipal(new ClaimsIdentity([], "key")), "key")) : AuthenticateResult.NoResult());
    }
}
