using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Xml.Linq;
using CsCheck;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Tocsin.Formats.Cap;
using Tocsin.Server.Channels;
using Tocsin.Server.Channels.Cap;
using Tocsin.Server.Configuration;
using Tocsin.Server.Messages;
using Tocsin.Server.Tests.Messages;

namespace Tocsin.Server.Tests.Cap;

public sealed class CapChannelTests
{
    private static readonly XNamespace Atom = "http://www.w3.org/2005/Atom";
    private static readonly CapIdentity Identity = new("warning@camp.example.org", "Tocsin", "https://w.example.org/", "Duty officer");
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static FakeTimeProvider Clock => new(new DateTimeOffset(2026, 11, 23, 23, 0, 0, TimeSpan.Zero));

    private static CapChannel Channel(string folder, string more = "", OperationStatus status = OperationStatus.Exercise, TimeProvider? clock = null)
    {
        List<ConfigProblem> problems = [];
        CapChannel? channel = CapChannel.Read(Sample.Section($$"""{"sender":"warning@camp.example.org","web":"https://w.example.org/"{{more}}}""", problems), Sample.Context(folder, clock ?? Clock, status));
        Assert.Empty(problems);
        return channel!;
    }

    [Fact]
    public void Every_message_keeps_every_rule_of_CAP() =>
        Gen.Select(Gen.Enum<WarningAct>(), Gen.Enum<OperationStatus>(), Gen.Int[1, 300], Gen.Double[0, 1], Gen.Int[-5, 400]).Sample((act, status, revision, p, expiresS) =>
        {
            WarningMessage m = Sample.Message(act == WarningAct.Raised ? 1 : revision, act, status, languages: Sample.Signed("en", "ar", "he")) with { Probability = p, Expires = Sample.Start.AddSeconds(expiresS) };
            CapAlert alert = CapMessages.Map(m, Identity, MessageCatalog.Embedded);
            Assert.Empty(CapRules.Check(alert));
            Assert.Equal(status.ToString(), alert.Status.ToString());
            Assert.Equal(status != OperationStatus.Actual, alert.Note is not null);
            Assert.Equal(3, alert.Infos.Length);
            string text = Encoding.UTF8.GetString(CapWriter.Write(alert));
            // Nothing of tracks, and no second of precision on where or how likely, leaves without log-in.
            Assert.DoesNotContain("T7", text, StringComparison.Ordinal);
            Assert.DoesNotContain("robab", text, StringComparison.Ordinal);
            Assert.DoesNotContain("<circle", text, StringComparison.Ordinal);
            // CAP 1.2, 3.2.2: likely is above a half, possible is up to it; unlikely is what is no longer expected.
            if (act is WarningAct.Raised or WarningAct.Updated) Assert.Equal(p > 0.5, alert.Infos[0].Certainty is CapCertainty.Likely or CapCertainty.Observed);
            if (act == WarningAct.Retracted) Assert.Equal(CapCertainty.Unlikely, alert.Infos[0].Certainty);
            Assert.Equal(m.IsEnd, alert.Infos[0].ResponseTypes.Contains(CapResponseType.AllClear));
        }, iter: 100);

    [Fact]
    public void An_update_and_a_cancel_refer_to_the_very_messages_that_were_sent()
    {
        CapAlert[] all = [.. new[] { WarningAct.Raised, WarningAct.Updated, WarningAct.Over }.Select((act, n) => CapMessages.Map(Sample.Message(n + 1, act), Identity, MessageCatalog.Embedded))];
        Assert.Equal([CapMsgType.Alert, CapMsgType.Update, CapMsgType.Cancel], all.Select(a => a.MsgType));
        Assert.Equal([all[0].Reference.ToString()], all[1].References);
        Assert.Equal([all[0].Reference.ToString(), all[1].Reference.ToString()], all[2].References);
        Assert.Equal("green-zone.20261123T2243Z.W3.1", all[0].Identifier);
        // The zone's outer ring, latitude first; its hole is not a place in CAP.
        Assert.Equal([new CapPoint(33.3, 44.38), new(33.3, 44.4), new(33.32, 44.4), new(33.3, 44.38)], Assert.Single(all[0].Infos[0].Areas[0].Polygons));
    }

    [Fact]
    public async Task What_is_sent_is_served_with_a_feed_and_both_survive_a_restart()
    {
        using var folder = new TempFolder();
        string[] first = await Served();
        string[] second = await Served();
        Assert.Equal(first, second);

        async Task<string[]> Served()
        {
            FakeTimeProvider clock = Clock;
            await using CapChannel channel = Channel(folder.Path, clock: clock);
            foreach (int revision in (int[])[1, 2, 1, 2]) await channel.SendAsync(Sample.Message(revision, revision == 1 ? WarningAct.Raised : WarningAct.Updated), Stop);
            Assert.Equal((2, 0), (channel.Count, channel.Unsaved));
            (WebApplication app, HttpClient client) = await Sample.ServeAsync(channel.Map);
            await using WebApplication _ = app;
            // A second message of the same second must not hide behind the date of the first.
            using (HttpResponseMessage fresh = await client.GetAsync("/cap/atom.xml", Stop)) Assert.Null(fresh.Content.Headers.LastModified);
            clock.Advance(TimeSpan.FromSeconds(3));
            string feed = await client.GetStringAsync("/cap/atom.xml", Stop);
            string[] links = [.. XElement.Parse(feed).Elements(Atom + "entry").Select(e => (string)e.Element(Atom + "link")!.Attribute("href")!)];
            Assert.Equal(["https://w.example.org/cap/green-zone.20261123T2243Z.W3.2.xml", "https://w.example.org/cap/green-zone.20261123T2243Z.W3.1.xml"], links);

            string path = new Uri(links[0]).AbsolutePath;
            using HttpResponseMessage answer = await client.GetAsync(path, Stop);
            byte[] bytes = await answer.Content.ReadAsByteArrayAsync(Stop);
            Assert.Equal("application/cap+xml", answer.Content.Headers.ContentType!.MediaType);
            Assert.Equal(CapMsgType.Update, CapParser.Parse(bytes).Alert!.MsgType);
            await Unchanged(client, path);
            await Unchanged(client, "/cap/atom.xml");
            foreach (string missing in (string[])["/cap/nothing.xml", "/cap/..%2f..%2fsecret.xml", "/cap/%2e%2e.xml"])
                Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(missing, Stop)).StatusCode);
            return [feed, Encoding.UTF8.GetString(bytes)];
        }
    }

    private static async Task Unchanged(HttpClient client, string path)
    {
        using HttpResponseMessage whole = await client.GetAsync(path, Stop);
        Assert.NotNull(whole.Headers.ETag);
        Assert.NotNull(whole.Content.Headers.LastModified);
        using HttpRequestMessage byTag = new(HttpMethod.Get, path), byTime = new(HttpMethod.Get, path), other = new(HttpMethod.Get, path);
        byTag.Headers.IfNoneMatch.Add(whole.Headers.ETag);
        byTime.Headers.IfModifiedSince = whole.Content.Headers.LastModified;
        other.Headers.IfNoneMatch.Add(new("\"other\""));
        Assert.Equal(HttpStatusCode.NotModified, (await client.SendAsync(byTag, Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.NotModified, (await client.SendAsync(byTime, Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.SendAsync(other, Stop)).StatusCode);
    }

    [Fact]
    public async Task Only_the_newest_are_kept_in_memory_and_on_the_disk()
    {
        using var folder = new TempFolder();
        await using CapChannel channel = Channel(folder.Path, ""","maxAlerts":10""");
        for (int w = 1; w <= 14; w++)
        {
            WarningMessage m = Sample.Message(warning: w);
            // Each is older by its own clock than the one before, as a drill's may be: what came last is kept all the same.
            await channel.SendAsync(m with { Time = m.Time.AddSeconds(-w) }, Stop);
        }
        Assert.Equal(10, channel.Count);
        Assert.Equal(Enumerable.Range(5, 10).Select(w => $"green-zone.20261123T2243Z.W{w}.1.xml").Order(StringComparer.Ordinal), Directory.GetFiles(System.IO.Path.Combine(folder.Path, "cap")).Select(System.IO.Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_disk_that_takes_nothing_does_not_stop_a_warning()
    {
        using var folder = new TempFolder();
        string place = System.IO.Path.Combine(folder.Path, "cap");
        await File.WriteAllTextAsync(place, "not a folder", Stop);
        await using CapChannel channel = Channel(folder.Path);
        await channel.SendAsync(Sample.Message(), Stop);
        Assert.Equal((1, 1), (channel.Count, channel.Unsaved));
        File.Delete(place);
        await channel.BeatAsync(new(Sample.Start, OperationStatus.Exercise, []), Stop);
        Assert.Equal(0, channel.Unsaved);
        Assert.Single(Directory.GetFiles(place));
    }

    [Fact]
    public async Task Rubbish_in_the_folder_is_left_alone_and_a_half_written_file_goes()
    {
        using var folder = new TempFolder();
        string place = Directory.CreateDirectory(System.IO.Path.Combine(folder.Path, "cap")).FullName;
        await File.WriteAllTextAsync(System.IO.Path.Combine(place, "a.xml"), "<alert", Stop);
        await File.WriteAllBytesAsync(System.IO.Path.Combine(place, "b.xml"), CapWriter.Write(CapMessages.Map(Sample.Message(), Identity, MessageCatalog.Embedded)), Stop);
        await File.WriteAllTextAsync(System.IO.Path.Combine(place, "c.xml.tmp"), "", Stop);
        await using CapChannel channel = Channel(folder.Path);
        Assert.Equal(0, channel.Count);
        Assert.Equal(2, Directory.GetFiles(place).Length);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task With_a_certificate_messages_are_signed(bool pfx)
    {
        using var folder = new TempFolder();
        using RSA rsa = RSA.Create(2048);
        using X509Certificate2 certificate = new CertificateRequest("CN=camp", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(Clock.GetUtcNow().AddDays(-1), Clock.GetUtcNow().AddDays(9));
        string path = System.IO.Path.Combine(folder.Path, pfx ? "c.pfx" : "c.pem");
        if (pfx) await File.WriteAllBytesAsync(path, certificate.Export(X509ContentType.Pfx, "hunter2"), Stop);
        else await File.WriteAllTextAsync(path, certificate.ExportCertificatePem() + "\n" + rsa.ExportPkcs8PrivateKeyPem(), Stop);
        await using CapChannel channel = Channel(folder.Path, $$""","certificateFile":{{JsonSerializer.Serialize(path)}}{{(pfx ? ",\"password\":\"hunter2\"" : "")}}""");
        await channel.SendAsync(Sample.Message(), Stop);
        byte[] file = await File.ReadAllBytesAsync(System.IO.Path.Combine(folder.Path, "cap/green-zone.20261123T2243Z.W3.1.xml"), Stop);
        Assert.Equal(CapSignatureState.Trusted, CapSignature.Verify(file, [certificate], Clock.GetUtcNow()).State);

        List<ConfigProblem> problems = [];
        Assert.Null(CapChannel.Read(Sample.Section($$"""{"sender":"a@b","certificateFile":{{JsonSerializer.Serialize(path)}},"password":"hunter3"}""", problems), Sample.Context(folder.Path, Clock)));
        ConfigProblem p = Assert.Single(problems);
        Assert.Equal("certificateFile", p.Key);
        Assert.DoesNotContain("hunter", p.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "sender")]
    [InlineData("""{"sender":"a b"}""", "sender")]
    [InlineData("""{"sender":"a@b","certificateFile":"/nowhere.pem"}""", "certificateFile")]
    [InlineData("""{"sender":"a@b","maxAlerts":1}""", "maxAlerts")]
    [InlineData("""{"sender":"a@b","pushUrls":["ftp://x"]}""", "pushUrls[0]")]
    [InlineData("""{"sender":"a@b","sendr":"c"}""", "sendr")]
    public void A_wrong_setting_is_named(string json, string key)
    {
        using var folder = new TempFolder();
        List<ConfigProblem> problems = [];
        CapChannel.Read(Sample.Section(json, problems), Sample.Context(folder.Path, Clock));
        Assert.Equal(key, Assert.Single(problems).Key);
    }

    [Fact]
    public async Task An_actual_warning_in_unsigned_words_is_refused()
    {
        using var folder = new TempFolder();
        await using CapChannel channel = Channel(folder.Path, status: OperationStatus.Actual);
        await Assert.ThrowsAsync<InvalidOperationException>(() => channel.SendAsync(Sample.Message() with { Status = OperationStatus.Actual }, Stop));
        Assert.Equal(0, channel.Count);
    }

    [Fact]
    public async Task A_push_is_made_again_only_to_those_who_did_not_take_it()
    {
        ConcurrentQueue<(string Path, string? Token, byte[] Body)> got = new();
        int refusals = 1;
        (WebApplication app, HttpClient client) = await Sample.ServeAsync(a => a.MapPost("/{to}", async (string to, HttpRequest r) =>
        {
            using var body = new MemoryStream();
            await r.Body.CopyToAsync(body);
            if (to == "b" && Interlocked.Decrement(ref refusals) >= 0) return Results.StatusCode(503);
            got.Enqueue((to, r.Headers.Authorization, body.ToArray()));
            return Results.Ok();
        }));
        await using WebApplication _ = app;
        using var folder = new TempFolder();
        await using CapChannel channel = Channel(folder.Path, $$""","pushUrls":["{{client.BaseAddress}}a","{{client.BaseAddress}}b"],"pushToken":"hunter2" """);
        HttpRequestException e = await Assert.ThrowsAsync<HttpRequestException>(() => channel.SendAsync(Sample.Message(), Stop));
        Assert.Contains("503", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", e.ToString(), StringComparison.Ordinal);
        await channel.SendAsync(Sample.Message(), Stop);
        Assert.Equal(["a", "b"], got.Select(g => g.Path));
        Assert.All(got, g => Assert.Equal("Bearer hunter2", g.Token));
        Assert.All(got, g => Assert.Equal("green-zone.20261123T2243Z.W3.1", CapParser.Parse(g.Body).Alert!.Identifier));
    }
}
