using System.Xml.Linq;
using Tocsin.Geodesy;
using Tocsin.Simulation.Measures;

namespace Tocsin.Simulation.Report;

/// <summary>Map and time line of what a Site said, without truth.</summary>
internal static class AccountFigures
{
    public static XElement Map(SiteDefinition site, RunLog log)
    {
        var warned = new HashSet<int>(log.Warnings.Select(w => w.Zone));
        var predictions = new List<MapPrediction>();
        foreach (TrackLog track in log.Tracks)
        {
            if (track.Predictions.Count == 0) continue;
            ImpactPrediction last = track.Predictions[^1].Prediction;
            Enu at = site.Frame.ToEnu(last.Position with { HeightM = site.GroundElevationM });
            if (double.IsFinite(at.East + at.North)) predictions.Add(new(track.Id.ToString(), at.East, at.North, last.Ellipse95, -1));
        }
        return SiteMapSvg.Draw(site, new()
        {
            Zones = [.. site.Zones.Select((_, z) => warned.Contains(z) ? ("right", "warned") : ("zone", "quiet"))],
            Impacts = [],
            Predictions = predictions,
            Legend = [("right", "warned"), ("zone", "quiet")],
            Description = Narrative.Of(Account.Of(site, log)),
        });
    }

    /// <summary>Tracks and warnings over time; null where there was neither.</summary>
    public static (XElement Svg, string Caption)? TimeLine(SiteDefinition site, RunLog log)
    {
        TrackLog[] ballistic = [.. log.Tracks.Where(t => t.EverBallistic)];
        TrackLog[] shown = ballistic.Length > 0 ? ballistic : [.. log.Tracks];
        if (shown.Length == 0 && log.Warnings.Count == 0) return null;
        var tracks = new List<TimeRow>();
        Instant start = new(long.MaxValue), end = Instant.MinValue;
        foreach (TrackLog track in shown)
        {
            Instant last = track.EndedTime ?? (track.Points.Count > 0 ? track.Points[^1].Time : track.FirstTime);
            var marks = new List<(Instant, TimeMark)> { (track.FirstTime, TimeMark.FirstTrack) };
            if (track.Predictions.Count > 0)
            {
                marks.Add((track.Predictions[0].Time, TimeMark.FirstPrediction));
                marks.Add((track.Predictions[^1].Prediction.ImpactTime, TimeMark.PredictedImpact));
                last = Later(last, track.Predictions[^1].Prediction.ImpactTime);
            }
            tracks.Add(new($"{track.Id} {Words.Of(track.LastKind)}", [new(track.FirstTime, last, "tracked", false)], marks,
                track.EndReason switch { TrackEnd.Impact => "ended: impact", TrackEnd.Lost => "ended: lost", TrackEnd.Left => "ended: left", _ => "" }));
            (start, end) = (Earlier(start, track.FirstTime), Later(end, last));
        }
        var zones = new List<TimeRow>();
        for (int z = 0; z < site.Zones.Length; z++)
        {
            TimeSpanMark[] spans = [.. WarningSpans(log, z, "right")];
            if (spans.Length == 0) continue;
            zones.Add(new(site.Zones[z].Id, spans, [.. RaiseMarks(log, z)],
                log.Warnings.Any(w => w.Zone == z && w.ClearReason == WarningEnd.Retracted) ? "retracted" : ""));
            (start, end) = (Earlier(start, spans[0].From), Later(end, spans[0].From));
        }
        return (TimeLineSvg.Draw(start, Padded(start, end), [new("Tracks", tracks), new("Zones warned", zones)], Narrative.Of(Account.Of(site, log))),
            $"Seconds from {start}. Bars of zones that go on to the right edge were cleared later: see the table.");
    }

    public static IEnumerable<TimeSpanMark> WarningSpans(RunLog log, int zone, string style)
        => log.Warnings.Where(w => w.Zone == zone).Select(w => new TimeSpanMark(w.RaisedTime, w.ClearedTime ?? log.LastTime ?? w.RaisedTime, style, true));

    public static IEnumerable<(Instant, TimeMark)> RaiseMarks(RunLog log, int zone)
        => log.Warnings.Where(w => w.Zone == zone).Select(w => (w.RaisedTime, TimeMark.Raise));

    /// <summary>An end a little after the last thing to show.</summary>
    public static Instant Padded(Instant start, Instant end) => end.AddSeconds(Math.Max(1, 0.04 * end.SecondsSince(start)));

    private static Instant Earlier(Instant a, Instant b) => a < b ? a : b;

    private static Instant Later(Instant a, Instant b) => a > b ? a : b;
}
