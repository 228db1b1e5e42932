using System.Xml.Linq;
using Tocsin.Geodesy;
using Tocsin.Simulation.Measures;
using Tocsin.Simulation.People;
using static Tocsin.Simulation.Report.Markup;

namespace Tocsin.Simulation.Report;

/// <summary>Writes the report of a run: one HTML file that stands by itself, without script and without the network.</summary>
/// <remarks>No clock: the same run gives the same bytes. The page is well-formed XML too.</remarks>
public static class HtmlReport
{
    // Predictions on the map are those of this many seconds before the impact.
    private const double MapLeadS = 10;

    /// <summary>Writes a run that is judged by truth. The figures are those of <paramref name="score"/> and, where the run has them, of <paramref name="people"/>.</summary>
    public static void Write(TextWriter writer, ReportContext context, SiteDefinition site, RunLog log, Truth truth, ScoreSummary score, PeopleSummary? people = null)
    {
        var picture = new TruthPicture(site, truth);
        var tracks = new PictureMeasures(site, log, picture);
        Markup.Write(writer, Page(context, site, score.Account,
            H("p", A("class", "account"), Narrative.Of(score)),
            ReportTables.Comparison(score),
            H("h2", "Map"), Captioned("map", MapOf(site, picture, tracks, score), $"Zones by what happened, true impacts with their rounds, and the impacts as they were predicted {MapLeadS:0} s before. To scale; north is up."),
            H("h2", "Time line"), TimeLine(site, log, picture, tracks, score),
            H("h2", "Warned in time"), Scroll(ReportTables.Leads(score)), Scroll(ReportTables.Denominators(score)),
            people is null ? null : PeopleSection.Of(people),
            H("h2", "Rounds"), score.RoundList.Count > 0 ? Scroll(ReportTables.Rounds(score)) : H("p", "There was no round."),
            H("h2", "Zones warned or hit"), score.ZoneList.Count > 0 ? Scroll(ReportTables.Zones(score)) : H("p", "No zone was warned or hit."),
            H("h2", "Impact predictions"), Scroll(ReportTables.LeadTimes(score)),
            H("h2", "Tracks"), ReportTables.Tracks(score).Select(Scroll),
            H("h2", "Input"), ReportTables.Input(score.Account).Select(Scroll)));
    }

    /// <summary>Writes the account of what the Site said, where no truth is known.</summary>
    public static void WriteAccount(TextWriter writer, ReportContext context, SiteDefinition site, RunLog log)
    {
        AccountSummary account = Account.Of(site, log);
        Markup.Write(writer, Page(context, site, account,
            H("p", A("class", "account"), Narrative.Of(account)),
            H("h2", "Map"), Captioned("map", AccountFigures.Map(site, log), "Zones that were warned, and the last impact predicted for each track. To scale; north is up."),
            H("h2", "Time line"), AccountFigures.TimeLine(site, log) is { } line ? Scroll(Captioned("time", line.Svg, line.Caption)) : H("p", "Nothing was tracked and nothing was warned."),
            H("h2", "Warnings"), log.Warnings.Count > 0 ? Scroll(ReportTables.Warnings(site, log)) : H("p", "No warning was raised."),
            H("h2", "Tracks"), log.Tracks.Count > 0 ? Scroll(ReportTables.TracksSaid(log)) : H("p", "No track was confirmed."),
            H("h2", "Input"), ReportTables.Input(account).Select(Scroll)));
    }

    private static XElement Page(ReportContext context, SiteDefinition site, AccountSummary account, params object?[] body)
    {
        string mark = context.Status switch
        {
            OperationStatus.Exercise => "EXERCISE: simulated. No real event, no real people.",
            OperationStatus.Test => "TEST: recorded or made-up input. Not a real event.",
            _ => "NOT FOR PUBLICATION: points of impact and predictions can help to correct fire.",
        };
        string about = string.Join(" · ", new[]
        {
            site.Name, context.ScenarioName is { } s ? $"scenario {s}" : null, context.Seed is { } seed ? $"seed {seed}" : null,
            account.FirstTime is { } from ? $"{from} to {account.LastTime}" : null, context.Product,
        }.Where(part => part is not null));
        return H("html", A("lang", "en"),
            H("head", H("meta", A("charset", "utf-8")), H("meta", A("name", "viewport"), A("content", "width=device-width, initial-scale=1")),
                H("meta", A("name", "color-scheme"), A("content", "light dark")),
                H("title", $"{mark[..mark.IndexOf(':', StringComparison.Ordinal)]}: {context.Title}"), H("style", Stylesheet.Text)),
            H("body",
                H("p", A("class", "status"), A("role", "note"), mark),
                H("main", H("h1", context.Title), H("p", A("class", "about"), about), context.Description is { } d ? H("p", d) : null,
                    body, Notes("What is claimed", "Claims, by who makes them. They differ, and nothing here decides between them.", context.Claims),
                    Notes("What was chosen", "Not known, so chosen for this scenario.", context.Chosen), Notes("Sources", null, context.Sources)),
                H("footer", H("h2", "What this is not"),
                    H("p", "Tocsin is not certified life-safety equipment, and this page is no proof that it would warn in earnest. It says where rounds fell and who was warned; it does not say who fired."),
                    H("p", A("class", "note"), "The ground is taken as level. A round's place is its point of impact, without the reach of its fragments. Scores count people by the site file's zones; the section about people, where there is one, follows persons of a model. ",
                        "Warnings count from when the system said them; the delay of sirens and phones comes on top. Definitions and sources of all measures: docs/internals/measures.md."))));
    }

    private static IEnumerable<XElement> Notes(string heading, string? lead, IReadOnlyList<ReportNote> notes)
        => notes.Count == 0 ? [] :
        [
            H("h2", heading), lead is null ? H("p", A("class", "note"), "As the scenario names them.") : H("p", A("class", "note"), lead),
            H("ul", notes.Select(n => H("li", n.Text, n.Source is { } source ? H("span", A("class", "source"), $" ({source})") : null))),
        ];

    private static XElement Captioned(string name, XElement svg, string caption) => H("figure", A("class", name), svg, H("figcaption", caption));

    private static XElement Scroll(XElement content) => H("div", A("class", "scroll"), content);

    private static XElement MapOf(SiteDefinition site, TruthPicture picture, PictureMeasures tracks, ScoreSummary score)
    {
        var outcome = score.ZoneList.ToDictionary(z => z.Zone, z => z.Outcome);
        RoundPath[] flew = [.. picture.Rounds.Where(r => r.CameDown)];
        var predictions = new List<MapPrediction>();
        for (int i = 0; i < flew.Length; i++)
        {
            if (tracks.PredictionAt(flew[i], MapLeadS) is not { } p) continue;
            Enu at = site.Frame.ToEnu(p.Position with { HeightM = site.GroundElevationM });
            predictions.Add(new(flew[i].Round.Id, at.East, at.North, p.Ellipse95, i));
        }
        return SiteMapSvg.Draw(site, new()
        {
            Zones = [.. site.Zones.Select(z => outcome.TryGetValue(z.Id, out string? o) ? (ClassOf(o), ReportTables.OutcomeWords(o)) : ("zone", "quiet"))],
            Impacts = [.. flew.Select(r => new MapImpact(r.Round.Id, r.ImpactPoint.East, r.ImpactPoint.North))],
            Predictions = predictions,
            Legend = [("right", "warned rightly"), ("needless", "warned needlessly"), ("missed", "hit unannounced"), ("zone", "quiet")],
            Description = Narrative.Of(score),
        });
    }

    private static XElement TimeLine(SiteDefinition site, RunLog log, TruthPicture picture, PictureMeasures tracks, ScoreSummary score)
    {
        List<RoundPath> flew = [.. picture.Rounds.Where(r => r.Flew).OrderBy(r => r.EndTime)];
        if (flew.Count == 0)
            return AccountFigures.TimeLine(site, log) is { } said ? Scroll(Captioned("time", said.Svg, said.Caption)) : H("p", "Nothing flew, nothing was tracked and nothing was warned.");
        var rounds = new List<TimeRow>();
        foreach (RoundPath round in flew)
        {
            RoundScore s = score.RoundList[round.Index];
            var spans = new List<TimeSpanMark> { new(round.Round.LaunchTime, round.EndTime, "flight", false) };
            var marks = new List<(Instant, TimeMark)> { (round.Round.LaunchTime, TimeMark.Launch) };
            if (s.FirstTrackLeadS is { } track)
            {
                spans.Add(new(round.ImpactTime.AddSeconds(-track), round.EndTime, "tracked", false));
                marks.Add((round.ImpactTime.AddSeconds(-track), TimeMark.FirstTrack));
            }
            if (s.WarnedLeadS is { } lead)
            {
                Instant raised = round.ImpactTime.AddSeconds(-lead);
                spans.Add(new(raised, round.ImpactTime, "lead", false));
                marks.Add((raised, TimeMark.Raise));
            }
            if (s.FirstPredictionLeadS is { } predicted) marks.Add((round.ImpactTime.AddSeconds(-predicted), TimeMark.FirstPrediction));
            marks.Add((round.EndTime, round.Neutralised ? TimeMark.Neutralised : TimeMark.Impact));
            rounds.Add(new($"{s.Round} {s.Kind}", spans, marks,
                s.WarnedLeadS is { } l ? $"warned {Figure(l, 1)} s ahead" : ReportTables.OutcomeWords(s.Outcome)));
        }
        var outcome = score.ZoneList.ToDictionary(z => z.Zone);
        var zones = new List<TimeRow>();
        for (int z = 0; z < site.Zones.Length; z++)
        {
            if (!outcome.TryGetValue(site.Zones[z].Id, out ZoneScore? s)) continue;
            zones.Add(new(site.Zones[z].Id, [.. AccountFigures.WarningSpans(log, z, ClassOf(s.Outcome))],
                [.. AccountFigures.RaiseMarks(log, z), .. flew.Where(r => r.CameDown && r.LandedIn.Contains(z)).Select(r => (r.ImpactTime, TimeMark.Impact))],
                s.FirstImpactLeadS is { } lead ? $"lead {Figure(lead, 1)} s" : ReportTables.OutcomeWords(s.Outcome)));
        }
        Instant start = flew.Min(r => r.Round.LaunchTime), end = AccountFigures.Padded(start, flew[^1].EndTime);
        return Scroll(Captioned("time", TimeLineSvg.Draw(start, end, [new("Rounds, by impact", rounds), new("Zones warned or hit", zones)], Narrative.Of(score)),
            $"Seconds from {start}. The thick part of a round is the lead of the warning that stood where it landed. Bars of zones that go on to the right edge were cleared later: see the table."));
    }

    private static string ClassOf(string outcome) => outcome switch
    {
        Outcomes.WarnedRightly => "right",
        Outcomes.WarnedNeedlessly => "needless",
        _ => "missed",
    };
}
