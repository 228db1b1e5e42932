using System.Net;
using System.Text.Json;

namespace Tocsin.Cli.Tests.Live;

/// <summary>What an operator does to warnings of the real program: confirm, retract, all-clear.</summary>
public sealed class OperatorTests : IDisposable
{
    // What is raised anew must come long before the Site ends the first warning, a minute after its impact.
    private const double DeadlineS = 90, LimitS = 6, AgainS = 60;
    private readonly Camp _camp = new(more: string.Create(System.Globalization.CultureInfo.InvariantCulture, $"\"release\":{{\"confirm\":true,\"limitS\":{LimitS}}},"));

    public void Dispose() => _camp.Dispose();

    [Fact]
    public async Task A_warning_waits_for_the_operator_or_its_limit_and_what_is_dismissed_stays_so_until_another_round_comes()
    {
        await using ServedSite site = await _camp.Serve();
        _camp.Begin(Camp.OnBoth, site);
        // Both wait. One is sent when it is confirmed, the other when nobody does anything.
        string confirmed = await Held(site, "A");
        Assert.Equal("clear", (await Camp.PublicZone(site, "A")).GetProperty("state").GetString());
        HttpStatusCode done = await Camp.Act(site, HttpMethod.Post, $"/api/warnings/{confirmed}/confirm");
        Hook.Message first = await _camp.Hook.Until(m => m.Zone == "A" && m.Act == "raised", DeadlineS, () => site.Said);
        double heldS = (first.Time - first.RaisedTime).TotalSeconds;
        // A machine that is so slow that the limit was there first has sent it by itself: then it is no test of the confirmation.
        Assert.SkipWhen(done == HttpStatusCode.Conflict, "the machine was too slow to confirm in time");
        SkipWhereTheSiteEnded(confirmed);
        Assert.Equal(HttpStatusCode.NoContent, done);
        Assert.InRange(heldS, 0.001, LimitS);
        Assert.EndsWith("." + confirmed, first.Identity, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, await Camp.Act(site, HttpMethod.Post, $"/api/warnings/{confirmed}/confirm"));
        Assert.Equal(heldS, await Camp.Figure(site, "tocsin_release_held_seconds_total", "how=\"confirmed\""), 0.1);

        HttpStatusCode retracted = await Camp.Act(site, HttpMethod.Post, $"/api/warnings/{confirmed}/retract");
        SkipWhereTheSiteEnded(confirmed);
        Assert.Equal(HttpStatusCode.NoContent, retracted);
        await _camp.Hook.Until(m => m.Identity == first.Identity && m.Act == "retracted", DeadlineS, () => site.Said);
        JsonElement shown = await Camp.PublicZone(site, "A");
        Assert.Equal(("over", true), (shown.GetProperty("state").GetString(), shown.GetProperty("retracted").GetBoolean()));

        Hook.Message second = await _camp.Hook.Until(m => m.Zone == "B" && m.Act == "raised", DeadlineS, () => site.Said);
        Assert.True((second.Time - second.RaisedTime).TotalSeconds >= LimitS - 0.001, $"{second} left before the limit");
        Assert.True(await Camp.Figure(site, "tocsin_release_held_seconds_total", "how=\"timeout\"") >= LimitS - 0.001);
        Assert.Equal(1, await Camp.Figure(site, "tocsin_release_waited_total", "how=\"timeout\""));

        // The first bomb is still in the air, and another one comes: it is warned of, under an identity of its own.
        _camp.Begin(Camp.OnA, site);
        string again = await Held(site, "A", AgainS);
        SkipWhereTheSiteEnded(confirmed);
        Assert.Equal(confirmed + "-2", again);
        Assert.Equal(HttpStatusCode.NotFound, await Camp.Act(site, HttpMethod.Post, $"/api/warnings/{confirmed}/retract"));
        await Camp.Act(site, HttpMethod.Post, $"/api/warnings/{again}/confirm");
        Hook.Message third = await _camp.Hook.Until(m => m.Zone == "A" && m.Act == "raised" && m.Identity != first.Identity, DeadlineS, () => site.Said);
        Assert.EndsWith("." + again, third.Identity, StringComparison.Ordinal);
        Assert.Equal("warned", (await Camp.PublicZone(site, "A")).GetProperty("state").GetString());

        Assert.Equal(HttpStatusCode.NoContent, await Camp.Act(site, HttpMethod.Post, "/api/all-clear", """{"zone":null}"""));
        foreach (Hook.Message open in (Hook.Message[])[second, third]) await _camp.Hook.Until(m => m.Identity == open.Identity && m.Act == "over", DeadlineS, () => site.Said);
        foreach (string zone in (string[])["A", "B"]) Assert.Equal("over", (await Camp.PublicZone(site, zone)).GetProperty("state").GetString());
        Assert.DoesNotContain(await Camp.Snapshot(site), e => e.GetProperty("type").GetString() is "warning.raised" or "warning.updated" or "release.held");
        Assert.Equal(["raised", "retracted"], _camp.Hook.Heard.Where(m => m.Identity == first.Identity && m.Act != "updated").Select(m => m.Act));

        // What asking cost stands in the incident too.
        using var incidents = JsonDocument.Parse(await site.Http.GetByteArrayAsync("/api/incidents", TestContext.Current.CancellationToken));
        string id = incidents.RootElement[0].GetProperty("id").GetString()!;
        JsonElement[] warnings = [];
        await ServedSite.Until(async () =>
        {
            warnings = [.. JsonDocument.Parse(await site.Http.GetByteArrayAsync("/api/incidents/" + id, TestContext.Current.CancellationToken)).RootElement.GetProperty("warnings").EnumerateArray()];
            return warnings.Length == 3 && warnings.All(w => w.GetProperty("cleared").ValueKind == JsonValueKind.String);
        }, DeadlineS, () => string.Join('\n', warnings.Select(w => w.ToString())));
        Assert.Equal(heldS, warnings.Single(w => w.GetProperty("identity").GetString() == first.Identity).GetProperty("heldS").GetDouble(), 0.01);
    }

    /// <summary>On a machine so busy that plots come seconds late the Site loses its tracks and takes a warning back by itself: then there is nothing left to act on.</summary>
    private void SkipWhereTheSiteEnded(string warning)
    {
        foreach (string file in Directory.GetFiles(Path.Combine(_camp.Data, "recordings"), "*.jsonl"))
        {
            using var lines = new StreamReader(new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
            while (lines.ReadLine() is { } line)
                Assert.SkipWhen(line.StartsWith("{\"type\":\"warning.cleared\"", StringComparison.Ordinal) && line.Contains($"\"warning\":\"{warning}\"", StringComparison.Ordinal),
                    "the machine was too slow: the site itself has ended the warning");
        }
    }

    /// <summary>Waits until a zone's warning waits for an operator, and gives what the page calls it.</summary>
    private static async Task<string> Held(ServedSite site, string zone, double deadlineS = DeadlineS)
    {
        string? held = null;
        await ServedSite.Until(async () =>
        {
            held = (await Camp.Snapshot(site)).Where(e => e.GetProperty("type").GetString() == "release.held" && e.GetProperty("zone").GetString() == zone).Select(e => e.GetProperty("warning").GetString()).LastOrDefault();
            return held is not null;
        }, deadlineS, () => site.Said);
        return held!;
    }
}
