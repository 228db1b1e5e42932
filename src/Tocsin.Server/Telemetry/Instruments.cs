using System.Diagnostics.Metrics;
using Tocsin.Server.Channels;
using Tocsin.Server.Control;
using Tocsin.Server.Live;
using Tocsin.Server.Page;
using Tocsin.Server.Storage;

namespace Tocsin.Server.Telemetry;

/// <summary>The server's own figures, for Prometheus and OTLP; feeds have a meter of their own.</summary>
internal static class Instruments
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Tocsin.Server";

    /// <summary>Makes the instruments; they live as long as the returned meter.</summary>
    public static Meter Of(LiveSite site, ReleaseTally released, LiveRecorder recorder, ChannelDesk channels, PublicBoard board, OperatorStream stream, Journal journal)
    {
        var meter = new Meter(MeterName);
        meter.CreateObservableCounter("tocsin.site.plots", () => site.Runner.Load.Plots, "{plot}", "Plots given to the Site.");
        meter.CreateObservableCounter("tocsin.site.shed", () => new Measurement<long>[]
        {
            new(site.Runner.Load.ShedUseless, new KeyValuePair<string, object?>("worth", "neither")),
            new(site.Runner.Load.ShedBeginnings, new KeyValuePair<string, object?>("worth", "could_begin")),
            new(site.Runner.Load.ShedFull, new KeyValuePair<string, object?>("worth", "queue_full")),
        }, "{plot}", "Plots shed because the Site could not keep up, by what they were worth.");
        meter.CreateObservableGauge("tocsin.site.queued", () => site.Runner.Load.Queued, "{plot}", "Plots that wait for the Site.");
        meter.CreateObservableGauge("tocsin.site.behind", () => site.Runner.Load.BehindS, "s", "How long the oldest plot taken had waited.");
        meter.CreateObservableGauge("tocsin.site.tracks", () => site.TrackCount, "{track}", "Confirmed tracks.");
        meter.CreateObservableGauge("tocsin.site.warnings", () => site.OpenWarnings.Length, "{warning}", "Warnings that are out.");
        meter.CreateObservableCounter("tocsin.release.waited", () => released.All.Select(r => new Measurement<long>(r.Count, new KeyValuePair<string, object?>("how", r.Way))), "{warning}",
            "Warnings that waited for an operator, by how that ended.");
        meter.CreateObservableCounter("tocsin.release.held", () => released.All.Select(r => new Measurement<double>(r.HeldS, new KeyValuePair<string, object?>("how", r.Way))), "s",
            "How long they waited in all: what asking has cost.");
        meter.CreateObservableGauge("tocsin.site.broken", () => site.Runner.IsBroken ? 1 : 0, description: "1 where the Site has stopped because of a fault.");
        meter.CreateObservableGauge("tocsin.site.hanging", () => site.Runner.IsHanging ? 1 : 0, description: "1 while nothing has come from the Site's thread for two seconds.");
        meter.CreateObservableGauge("tocsin.site.snapshot", () => site.SnapshotS, "s", "How long the Site's thread stood still for the newest snapshot.");
        meter.CreateObservableCounter("tocsin.recording.lost", () => recorder.State.LostLines, "{line}", "Lines of the recording that could not be kept.");
        meter.CreateObservableCounter("tocsin.journal.lost", () => journal.State.Lost, "{entry}", "Entries of the journal that could not be kept.");
        meter.CreateObservableGauge("tocsin.page.viewers", () => new Measurement<int>[]
        {
            new(board.Viewers, new KeyValuePair<string, object?>("page", "public")),
            new(stream.Broadcaster.Viewers, new KeyValuePair<string, object?>("page", "operator")),
        }, "{viewer}", "Pages connected.");
        meter.CreateObservableCounter("tocsin.channel.sent", () => channels.States.Select(s => new Measurement<long>(s.Sent, new KeyValuePair<string, object?>("channel", s.Channel))), "{message}", "Messages acknowledged.");
        meter.CreateObservableCounter("tocsin.channel.failed", () => channels.States.Select(s => new Measurement<long>(s.Failed, new KeyValuePair<string, object?>("channel", s.Channel))), "{message}", "Messages given up.");
        meter.CreateObservableGauge("tocsin.channel.queued", () => channels.States.Select(s => new Measurement<int>(s.Queued, new KeyValuePair<string, object?>("channel", s.Channel))), "{message}", "Messages that wait.");
        meter.CreateObservableGauge("tocsin.channel.delay", () => channels.States.Where(s => s.DelayS is not null).Select(s => new Measurement<double>(s.DelayS!.Value, new KeyValuePair<string, object?>("channel", s.Channel))),
            "s", "Delay of the newest message.");
        return meter;
    }
}
