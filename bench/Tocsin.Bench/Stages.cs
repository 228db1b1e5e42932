using System.Runtime.InteropServices;
using Tocsin.Formats.Csv;
using Tocsin.Formats.Events;
using Tocsin.Formats.GeoJson;
using Tocsin.Prediction;
using Tocsin.Tracking;

namespace Tocsin.Bench;

/// <summary>The whole of a replay, and each of its stages alone. Every pass begins anew and gives its count of items.</summary>
internal sealed class Stages
{
    /// <summary>The stage's names, as the report and <c>--only</c> use them.</summary>
    public const string Replay = "replay", Silent = "site", Tracking = "tracking", Decoding = "decode", Writing = "events", Predicting = "predict", ManyRadars = "radars";

    private readonly Recording _recording;
    private readonly Lazy<Said> _said;
    private readonly Lazy<(Estimate Own, WindEffect Effect)[]> _states;
    private readonly FlightModel _flight;
    private readonly WindEstimate _wind = new();
    private readonly Lazy<(SiteFile Site, Plot[] Plots)> _radars = new(RadarsRecording.Make);

    public Stages(Recording recording)
    {
        _recording = recording;
        _flight = new(recording.Site.Definition);
        _said = new(Listen);
        _states = new(Estimates);
    }

    public IEnumerable<(string Name, Func<long> Pass)> All =>
    [
        (Replay, PassReplay), (Silent, PassSilent), (Tracking, () => Track(null)), (Decoding, PassDecoding), (Writing, PassWriting), (Predicting, PassPredicting), (ManyRadars, PassManyRadars),
    ];

    /// <summary>Writes what a replay says, and what the Site says of many radars' plots, for a comparison of two builds.</summary>
    public void Write(string folder)
    {
        foreach ((string name, SiteFile site, Plot[] plots) in ((string, SiteFile, Plot[])[])[(Replay, _recording.Site, _recording.Plots), (ManyRadars, _radars.Value.Site, _radars.Value.Plots)])
        {
            using FileStream file = File.Create(Path.Combine(folder, name + ".events.jsonl"));
            using EventWriter events = new(file, new RecordingHeader(site, OperationStatus.Test));
            Play(site.Definition, plots, events);
        }
    }

    /// <summary>What a replay says.</summary>
    private Said Listen()
    {
        var said = new Said();
        Play(_recording.Site.Definition, _recording.Plots, said);
        return said;
    }

    /// <summary>The estimates that a replay predicts from.</summary>
    private (Estimate Own, WindEffect Effect)[] Estimates()
    {
        List<(Estimate, WindEffect)> states = [];
        Track(t =>
        {
            if (t.BallisticLeads) states.Add((t.Ballistic, t.Wind));
        });
        return [.. states];
    }

    /// <summary>What <c>tocsin replay --events</c> does with a file: decode, track, predict, judge, write.</summary>
    private long PassReplay()
    {
        using EventWriter events = new(_recording.OpenEvents(), new RecordingHeader(_recording.Site, OperationStatus.Test));
        var playback = new Playback(new Site(_recording.Site.Definition, OperationStatus.Test), events);
        using (PlotCsvReader reader = _recording.OpenReader()) reader.ReadAll(playback);
        playback.RunOn();
        return _recording.Plots.Length;
    }

    /// <summary>The Site alone: plots decoded before, nothing written.</summary>
    private long PassSilent() => Play(_recording.Site.Definition, _recording.Plots, new Deaf());

    /// <summary>The Site alone, with the plots of ten radars that see the same 200 rounds.</summary>
    private long PassManyRadars() => Play(_radars.Value.Site.Definition, _radars.Value.Plots, new Deaf());

    private static long Play(SiteDefinition site, Plot[] plots, ISiteOutput output)
    {
        var playback = new Playback(new Site(site, OperationStatus.Test), output);
        foreach (ref readonly Plot plot in plots.AsSpan()) playback.Feed(plot);
        playback.RunOn();
        return plots.Length;
    }

    private long PassDecoding()
    {
        var sink = new Uncounted();
        using PlotCsvReader reader = _recording.OpenReader();
        reader.ReadAll(sink);
        return sink.Plots;
    }

    private long PassWriting()
    {
        using EventWriter events = new(_recording.OpenEvents(), new RecordingHeader(_recording.Site, OperationStatus.Test));
        foreach (Said.Line line in _said.Value.Lines) line.Tell(_said.Value, events);
        return _recording.Plots.Length;
    }

    private long PassPredicting()
    {
        var predictor = new ImpactPredictor(_flight);
        foreach (ref readonly (Estimate Own, WindEffect Effect) state in _states.Value.AsSpan()) predictor.Predict(state.Own, state.Effect, _wind);
        return _states.Value.Length;
    }

    /// <summary>The tracker alone, driven as the Site drives it: reorder buffer, repeats, batches, then its four steps a batch.</summary>
    private long Track(Action<TrackFile>? look)
    {
        const double batchS = 0.05;
        SiteDefinition site = _recording.Site.Definition;
        var tracker = new Tracker(site);
        var buffer = new ReorderBuffer();
        var batch = new List<Plot>();
        foreach (ref readonly Plot plot in _recording.Plots.AsSpan())
        {
            while (buffer.Count > 0 && buffer.Earliest.AddSeconds(batchS) <= plot.Time.AddSeconds(-site.LatenessS)) TakeIn(tracker, buffer, batch, look);
            buffer.TryAdd(plot);
        }
        while (buffer.Count > 0) TakeIn(tracker, buffer, batch, look);
        return _recording.Plots.Length;

        static void TakeIn(Tracker tracker, ReorderBuffer buffer, List<Plot> batch, Action<TrackFile>? look)
        {
            batch.Clear();
            Instant end = buffer.Earliest.AddSeconds(batchS);
            int sensor = buffer.EarliestSensor;
            while (buffer.Count > 0 && buffer.Earliest <= end && buffer.EarliestSensor == sensor)
            {
                Plot plot = buffer.Take();
                if (!buffer.IsRepeat(plot)) batch.Add(plot);
            }
            if (batch.Count == 0) return;
            tracker.Associate(sensor, CollectionsMarshal.AsSpan(batch));
            tracker.Update();
            tracker.Initiate();
            foreach (TrackFile t in tracker.Updated)
            {
                // Tracks end when their impact is past, so they need one; the vacuum's costs nothing and is a second or two early.
                t.PredictedImpact = t.BallisticLeads ? VacuumImpact(t.Ballistic, tracker.Flight) : null;
                look?.Invoke(t);
            }
            tracker.Delete(end);
        }
    }

    private static Instant VacuumImpact(in Estimate e, FlightModel flight)
    {
        double height = flight.HeightM(e.Mean[0], e.Mean[1], e.Mean[2]) - flight.GroundHeightM, vz = e.Mean[Estimate.Vz], g = flight.GravityMps2;
        return e.Time.AddSeconds((vz + Math.Sqrt(Math.Max(0, vz * vz + 2 * g * Math.Max(0, height)))) / g);
    }

    private sealed class Uncounted : IPlotSink
    {
        public long Plots { get; private set; }

        public void Feed(in Plot plot) => Plots++;

        public void Reject(in Rejection rejection) => throw new InvalidDataException(rejection.Reason);
    }
}
