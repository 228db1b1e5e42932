using System.Globalization;

namespace Tocsin.Tests;

/// <summary>Keeps every line that a Site says, as text that shows every bit.</summary>
internal sealed class Recorder : ISiteOutput
{
    public List<string> Lines { get; } = [];

    /// <summary>The first word of each line of the present Advance (cleared by whoever asks).</summary>
    public List<string> Words { get; } = [];

    public List<(Instant Now, Track Track)> Tracks { get; } = [];

    public List<TrackId> Confirmed { get; } = [];

    public List<(TrackId Track, TrackEnd Reason)> Ended { get; } = [];

    public List<ImpactPrediction> Impacts { get; } = [];

    public List<(Instant Now, Warning Warning)> Raised { get; } = [];

    public List<(Instant Now, Warning Warning)> Updated { get; } = [];

    public List<(Instant Now, WarningId Id, WarningEnd Reason)> Cleared { get; } = [];

    public List<Rejection> Rejections { get; } = [];

    public void PlotReceived(Instant now, in Plot plot) => Say("plot", now, $"{plot.Number} {plot.Time.Ticks}");

    public void TrackConfirmed(Instant now, in Track track)
    {
        Confirmed.Add(track.Id);
        Tracks.Add((now, track));
        Say("track", now, "confirmed " + Text(track));
    }

    public void TrackUpdated(Instant now, in Track track)
    {
        Tracks.Add((now, track));
        Say("track", now, Text(track));
    }

    public void TrackEnded(Instant now, TrackId track, TrackEnd reason)
    {
        Ended.Add((track, reason));
        Say("ended", now, $"{track} {reason}");
    }

    public void ImpactPredicted(Instant now, in ImpactPrediction prediction)
    {
        Impacts.Add(prediction);
        Say("track", now, string.Create(CultureInfo.InvariantCulture,
            $"impact {prediction.Track} {prediction.ValidTime.Ticks} {prediction.ImpactTime.Ticks} {prediction.TimeSigmaS:R} {prediction.Position} {prediction.Ellipse95}"));
    }

    public void WarningRaised(Instant now, in Warning warning)
    {
        Raised.Add((now, warning));
        Say("warning", now, "raised " + Text(warning));
    }

    public void WarningUpdated(Instant now, in Warning warning)
    {
        Updated.Add((now, warning));
        Say("warning", now, Text(warning));
    }

    public void WarningCleared(Instant now, WarningId warning, OperationStatus status, int zone, WarningEnd reason)
    {
        Cleared.Add((now, warning, reason));
        Say("warning", now, $"cleared {warning} {status} {zone} {reason}");
    }

    public void SensorChanged(Instant now, int sensor, SensorCondition condition, string blind) => Say("sensor", now, $"{sensor} {condition} {blind}");

    public void InputRejected(Instant now, in Rejection rejection)
    {
        Rejections.Add(rejection);
        Say("rejected", now, rejection.ToString());
    }

    private void Say(string word, Instant now, string rest)
    {
        Words.Add(word);
        Lines.Add($"{word} {now.Ticks} {rest}");
    }

    private static string Text(in Track t)
    {
        string kinds = string.Join(' ', Enumerable.Range(0, KindProbabilities.Count).Select(Probability(t.Kinds)));
        return $"{t.Id} {t.ValidTime.Ticks} {t.Position} {t.VelocityMps} {t.Kind} {t.Plot} {kinds}";
    }

    private static Func<int, string> Probability(KindProbabilities kinds) => i => kinds[(Kind)i].ToString("R", CultureInfo.InvariantCulture);

    private static string Text(in Warning w) => string.Create(CultureInfo.InvariantCulture,
        $"{w.Id} {w.Status} {w.Zone} {w.Probability:R} {w.ImpactTime.Ticks} {w.LeadTimeS:R} {w.Advice} {string.Join(',', w.Tracks)}");
}
