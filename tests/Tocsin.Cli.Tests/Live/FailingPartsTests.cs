using System.Diagnostics;
using System.Text.Json;
using Tocsin.TestSupport;

namespace Tocsin.Cli.Tests.Live;

/// <summary>Parts that fail in the middle of a raid, or come late: warnings go out, and the loss is shown.</summary>
public sealed class FailingPartsTests : IDisposable
{
    private const double DeadlineS = 90;
    private readonly Mosquitto _broker = new();
    private readonly Camp _camp;

    public FailingPartsTests() => _camp = new(channels: $$""",{"kind":"mqtt","host":"127.0.0.1","port":{{_broker.Port}},"exercises":true}""");

    public void Dispose()
    {
        _camp.Dispose();
        _broker.Dispose();
    }

    [Fact]
    public async Task A_broker_that_appears_late_is_told_of_the_warning_under_the_identity_that_all_others_know()
    {
        await using ServedSite site = await _camp.Serve();
        _camp.Begin(Camp.OnA, site);
        await _camp.Hook.Until(m => m.Act == "raised", DeadlineS, () => site.Said);
        await ServedSite.Until(async () => (await Camp.Snapshot(site)).Any(e => e.GetProperty("type").GetString() == "channel.state" && e.GetProperty("channel").GetString() == "mqtt"
            && e.GetProperty("state").GetString() == "failing" && e.GetProperty("queued").GetInt32() > 0), DeadlineS, () => site.Said);
        await _broker.StartAsync();
        await using MqttEar ear = await MqttEar.Open(_broker.Port, "tocsin/camp/exercise/zone/+/state");
        await ear.Until("A", s => s.State == "warned" && s.Identity == _camp.Hook.Heard.Last(m => m.Zone == "A" && m.Act == "raised").Identity, DeadlineS);
        await ServedSite.Until(async () => (await Camp.Snapshot(site)).Any(e => e.GetProperty("type").GetString() == "channel.state" && e.GetProperty("channel").GetString() == "mqtt"
            && e.GetProperty("state").GetString() == "ok"), DeadlineS, () => site.Said);
        Assert.Equal(0, await site.Stop(30));
        // On a machine so busy that plots come seconds late the Site takes its warning back and raises another: then there are as many identities as it raised warnings, and no more.
        string[] raised = [.. Directory.GetFiles(Path.Combine(_camp.Data, "recordings"), "*.jsonl*").Where(f => !f.EndsWith(".part", StringComparison.Ordinal)).SelectMany(ServeTests.Lines)
            .Where(l => l.GetProperty("type").GetString() == "warning.raised").Select(l => l.GetProperty("warning").GetString()!).Distinct()];
        string[] identities = [.. _camp.Hook.Heard.Select(m => m.Identity).Distinct()];
        Assert.Equal(raised.Order(StringComparer.Ordinal), identities.Select(i => i[(i.LastIndexOf('.') + 1)..]).Order(StringComparer.Ordinal));
        Assert.Single(identities.Select(i => i[..i.LastIndexOf('.')]).Distinct());
    }

    [Fact]
    public async Task A_disk_that_fills_in_a_raid_keeps_no_warning_back_and_is_written_again_when_there_is_room()
    {
        string recordings = Path.Combine(_camp.Data, "recordings"), filler = Path.Combine(recordings, "filler");
        Directory.CreateDirectory(recordings);
        await using SmallDisk disk = await SmallDisk.MountOrSkip(recordings, megabytes: 1);
        await using ServedSite site = await _camp.Serve();
        await ServedSite.Until(() => Task.FromResult(Directory.GetFiles(recordings, "*.jsonl").Length == 1), DeadlineS, () => site.Said);
        _camp.Begin(Camp.OnBoth, site);
        await ServedSite.Until(async () => await Camp.Figure(site, "tocsin_site_plots_total") > 4, DeadlineS, () => site.Said);
        Fill(filler);
        foreach (string zone in (string[])["A", "B"]) await _camp.Hook.Until(m => m.Zone == zone && m.Act == "raised", DeadlineS, () => site.Said);
        await ServedSite.Until(async () => await Camp.Figure(site, "tocsin_recording_lost") > 0, DeadlineS, () => site.Said);
        await ServedSite.Until(async () => (await Camp.Snapshot(site)).Any(e => e.GetProperty("type").GetString() == "notice" && e.GetProperty("notice").GetString() == "recording"), DeadlineS, () => site.Said);

        File.Delete(filler);
        await ServedSite.Until(async () => !(await Camp.Snapshot(site)).Any(e => e.GetProperty("type").GetString() == "notice" && e.GetProperty("notice").GetString() == "recording"), DeadlineS, () => site.Said);
        Assert.Equal(0, await site.Stop(30));
        // What was written before and after can be read by itself: each file begins with the state, and the last is sealed.
        string[] files = [.. Directory.GetFiles(recordings).Order(StringComparer.Ordinal)];
        Assert.True(files.Length >= 2, string.Join(' ', files));
        JsonElement[] last = ServeTests.Lines(files[^1]);
        Assert.Equal(("recording.opened", "recording.sealed"), (last[0].GetProperty("type").GetString(), last[^1].GetProperty("type").GetString()));
        Assert.All(files, f => Assert.Equal("recording.opened", ServeTests.Lines(f)[0].GetProperty("type").GetString()));
    }

    /// <summary>Writes until the disk takes no more.</summary>
    private static void Fill(string path)
    {
        using FileStream file = new(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        byte[] piece = new byte[4096];
        try
        {
            for (int i = 0; i < 10_000; i++) file.Write(piece);
        }
        catch (IOException)
        {
            return;
        }
        Assert.Fail("the disk did not fill");
    }
}

/// <summary>A disk of its own for a folder, in memory. Where this may not be mounted the test says 'skipped'.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly string _folder;

    private SmallDisk(string folder) => _folder = folder;

    public static async Task<SmallDisk> MountOrSkip(string folder, int megabytes)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "a small disk is mounted, which only root may do");
        Assert.SkipUnless(await Run("mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tocsin-test", folder) == 0, "mounting is not permitted here");
        return new(folder);
    }

    public async ValueTask DisposeAsync() => await Run("umount", "-l", _folder);

    private static async Task<int> Run(string program, params string[] args)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, args) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true })!;
            await process.WaitForExitAsync(CancellationToken.None);
            return process.ExitCode;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return -1;
        }
    }
}
