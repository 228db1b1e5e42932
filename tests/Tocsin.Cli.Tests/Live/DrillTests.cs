using System.Net;
using System.Text.Json;
using Tocsin.TestSupport;

namespace Tocsin.Cli.Tests.Live;

/// <summary>A drill through the real program, and what becomes of it when it becomes real.</summary>
public sealed class DrillTests : IDisposable
{
    private const double DeadlineS = 90;
    private readonly Mosquitto _broker = new();
    private readonly Camp _camp;

    public DrillTests() => _camp = new(channels: $$""",{"kind":"mqtt","host":"127.0.0.1","port":{{_broker.Port}},"exercises":true}""");

    public void Dispose()
    {
        _camp.Dispose();
        _broker.Dispose();
    }

    [Fact]
    public async Task A_drill_leaves_on_every_channel_marked_and_a_real_raid_cancels_it_on_every_channel()
    {
        await _broker.StartAsync();
        await using MqttEar ear = await MqttEar.Open(_broker.Port, "tocsin/camp/exercise/zone/+/state");
        await using ServedSite site = await _camp.Serve();
        using (var drills = JsonDocument.Parse(await site.Http.GetByteArrayAsync("/api/drills", TestContext.Current.CancellationToken)))
        {
            Assert.Equal([Camp.OnBoth], drills.RootElement.GetProperty("raids").EnumerateArray().Select(r => r.GetProperty("id").GetString()));
            // What lies in the site's own folder and is no raid for it is named, and why.
            string why = Assert.Single(drills.RootElement.GetProperty("passedOver").EnumerateArray().ToArray()).GetString()!;
            Assert.Contains("elsewhere.json", why, StringComparison.Ordinal);
            Assert.Contains("is not the one that is served", why, StringComparison.Ordinal);
        }
        using (HttpResponseMessage unknown = await Camp.Ask(site, HttpMethod.Post, "/api/drills", """{"raid":"elsewhere"}"""))
        {
            Assert.Equal(HttpStatusCode.BadRequest, unknown.StatusCode);
            Assert.Contains("is not the one that is served", await unknown.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }
        Assert.Equal(HttpStatusCode.Created, await Camp.Act(site, HttpMethod.Post, "/api/drills", $$"""{"raid":"{{Camp.OnBoth}}"}"""));
        Assert.Equal(HttpStatusCode.Conflict, await Camp.Act(site, HttpMethod.Post, "/api/drills", $$"""{"raid":"{{Camp.OnBoth}}"}"""));

        Hook.Message[] drilled = [];
        foreach (string zone in (string[])["A", "B"])
        {
            Hook.Message raised = await _camp.Hook.Until(m => m.Zone == zone && m.Act == "raised", DeadlineS, () => site.Said);
            Assert.Equal("exercise", raised.Status);
            drilled = [.. drilled, raised];
            await ear.Until(zone, s => s.Identity == raised.Identity && s.State == "warned" && s.Status == "exercise", DeadlineS);
            JsonElement shown = await Camp.PublicZone(site, zone);
            Assert.Equal(("warned", "exercise", true), (shown.GetProperty("state").GetString(), shown.GetProperty("status").GetString(), shown.GetProperty("drill").GetBoolean()));
        }

        _camp.Begin(Camp.OnBoth, site);
        foreach (Hook.Message drill in drilled)
        {
            Hook.Message real = await _camp.Hook.Until(m => m.Zone == drill.Zone && m.Act == "raised" && m.Status == "test", DeadlineS, () => site.Said);
            Assert.NotEqual(drill.Identity, real.Identity);
            await _camp.Hook.Until(m => m.Identity == drill.Identity && m.Act == "retracted", DeadlineS, () => site.Said);
            await ear.Until(drill.Zone, s => s.Identity == real.Identity && s.State == "warned" && s.Status == "test", DeadlineS);
            JsonElement shown = await Camp.PublicZone(site, drill.Zone);
            Assert.Equal(("warned", "test", false), (shown.GetProperty("state").GetString(), shown.GetProperty("status").GetString(), shown.GetProperty("drill").GetBoolean()));
        }
        // Nothing of the drill sounds after its end, and none can begin while people are warned in earnest.
        await ServedSite.Until(async () => !(await site.Http.GetStringAsync("/api/drills", TestContext.Current.CancellationToken)).Contains("\"drill\"", StringComparison.Ordinal), DeadlineS, () => site.Said);
        foreach (Hook.Message drill in drilled) Assert.Equal("retracted", _camp.Hook.Heard.Last(m => m.Identity == drill.Identity).Act);
        Assert.Equal(HttpStatusCode.Conflict, await Camp.Act(site, HttpMethod.Post, "/api/drills", $$"""{"raid":"{{Camp.OnBoth}}"}"""));
        JsonElement[] snapshot = await Camp.Snapshot(site);
        Assert.Contains(snapshot, e => e.GetProperty("type").GetString() == "notice" && e.GetProperty("notice").GetString() == "drill");
        Assert.Contains(snapshot, e => e.GetProperty("type").GetString() == "drill.state" && e.GetProperty("state").GetString() == "preempted");
        Assert.DoesNotContain(snapshot, e => e.TryGetProperty("drill", out JsonElement drill) && drill.ValueKind == JsonValueKind.True);
    }
}
