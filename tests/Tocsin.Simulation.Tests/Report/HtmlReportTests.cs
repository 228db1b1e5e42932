using System.Globalization;
using System.Xml.Linq;
using Tocsin.Simulation.Measures;
using Tocsin.Simulation.Report;
using Tocsin.Simulation.Tests.Measures;

namespace Tocsin.Simulation.Tests.Report;

public class HtmlReportTests
{
    private static readonly XNamespace s_html = "http://www.w3.org/1999/xhtml", s_svg = "http://www.w3.org/2000/svg";

    private static ReportContext Context(OperationStatus status = OperationStatus.Exercise) => new()
    {
        Title = "A raid & its <report>",
        Status = status,
        ScenarioName = "made \"up\"",
        Seed = 42,
        Product = "Tocsin 0.1.0",
        Claims = [new("21 rounds", "one <side>"), new("8 rounds", "another")],
        Chosen = [new("Launch points")],
        Sources = [new("A newspaper")],
    };

    private static string Scored(SiteDefinition site, RunLog log, Truth truth, OperationStatus status = OperationStatus.Exercise)
    {
        using var writer = new StringWriter();
        HtmlReport.Write(writer, Context(status), site, log, truth, Score.Compute(site, log, truth));
        return writer.ToString();
    }

    private static string AccountOf(SiteDefinition site, RunLog log, OperationStatus status = OperationStatus.Actual)
    {
        using var writer = new StringWriter();
        HtmlReport.WriteAccount(writer, Context(status), site, log);
        return writer.ToString();
    }

    private static XElement Parse(string page)
    {
        Assert.StartsWith("<!DOCTYPE html>\n", page, StringComparison.Ordinal);
        return XDocument.Parse(page["<!DOCTYPE html>\n".Length..]).Root!;
    }

    [Fact]
    public void The_page_is_well_formed_self_contained_and_says_the_same_twice()
    {
        (SiteDefinition site, RunLog log, Truth truth) = TestRun.Everything();
        foreach (string page in (string[])[Scored(site, log, truth), AccountOf(site, log)])
        {
            XElement root = Parse(page);
            Assert.Empty(root.Descendants(s_html + "script").Concat(root.Descendants(s_html + "link")).Concat(root.Descendants(s_html + "img")));
            // Names of namespaces are not fetched; nothing else may look like an address.
            Assert.Equal(0, page.Replace(s_html.NamespaceName, "", StringComparison.Ordinal).Replace(s_svg.NamespaceName, "", StringComparison.Ordinal).Split("://").Length - 1);
            Assert.Single(root.Descendants(s_html + "title"));
            Assert.Single(root.Descendants(s_html + "h1"));
            Assert.All(root.Descendants(s_html + "table"), t => Assert.NotEmpty(t.Elements(s_html + "caption")));
            Assert.All(root.Descendants(s_svg + "svg"), s => Assert.Equal(["title", "desc"], s.Elements().Take(2).Select(e => e.Name.LocalName)));
            Assert.Equal(2, root.Descendants(s_svg + "svg").Count());
            // An id that stands twice would break the labels of the drawings.
            string[] ids = [.. root.Descendants().Attributes("id").Select(a => a.Value)];
            Assert.Equal(ids.Length, ids.Distinct().Count());
        }
        Assert.Equal(Scored(site, log, truth), Scored(site, log, truth));
    }

    [Fact]
    public void No_element_that_html_wants_closed_is_written_short()
    {
        (SiteDefinition site, RunLog log, Truth truth) = TestRun.Everything();
        string[] shortened = [.. Scored(site, log, truth).Split('<').Where(t => t.Contains("/>", StringComparison.Ordinal)).Select(t => t.Split(' ', '/')[0]).Distinct()];
        Assert.Superset(new HashSet<string>(shortened), new HashSet<string>(["meta", "path", "rect", "circle", "ellipse"]));
    }

    [Fact]
    public void Names_are_escaped_and_what_xml_cannot_hold_is_replaced()
    {
        (SiteDefinition site, RunLog log, Truth truth) = TestRun.Everything();
        site = site with { Zones = site.Zones.SetItem(0, site.Zones[0] with { Name = "</td><script>alert(1)</script>\u0001\uD800é😀" }) };
        string page = Scored(site, log, truth);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        XElement root = Parse(page);
        Assert.Contains(root.Descendants(s_html + "td"), td => td.Value == "</td><script>alert(1)</script>\uFFFD\uFFFDé😀");
        Assert.Contains("A raid & its <report>", root.Descendants(s_html + "h1").Single().Value, StringComparison.Ordinal);
        Assert.Contains(root.Descendants(s_html + "th"), th => th.Value == "R<1>");
        Assert.Contains(root.Descendants(s_html + "li"), li => li.Value == "21 rounds (one <side>)");
    }

    [Fact]
    public void Tables_hold_the_figures_of_the_summary()
    {
        (SiteDefinition site, RunLog log, Truth truth) = TestRun.Everything();
        ScoreSummary score = Score.Compute(site, log, truth);
        XElement root = Parse(Scored(site, log, truth));
        string[] Row(string head) => [.. root.Descendants(s_html + "tr").First(tr => tr.Element(s_html + "th")?.Value == head).Elements().Skip(1).Select(e => e.Value)];
        static string F(double? value, int decimals) => value!.Value.ToString("F" + decimals, CultureInfo.InvariantCulture);

        Assert.Equal(["2", "4", "0"], Row("zones alarmed"));
        Assert.Equal([$"{score.Needless.NeedlessZones} (50 %)", $"{score.OneSiren!.NeedlessZones} (50 %)", "0"], Row("of them needlessly (no impact within 100 m)"));
        Assert.Equal(["2", "1", "1", "1", "1", "1", "1"], Row("rounds in a zone"));
        Assert.Equal([F(score.Rounds.Fired, 0)], Row("fired"));
        Assert.Equal(["no effector in this run"], Row("neutralised"));
        LeadTimeRow ten = score.ByLeadTime.Single(r => r.LeadTimeS == 10);
        Assert.Equal(["3", "1", F(ten.ErrorRmsM, 1), F(ten.ErrorMedianM, 1), F(ten.ErrorMaxM, 1), "100 %", F(ten.SemiMajorMedianM, 1), F(ten.TimeErrorRmsS, 2), F(ten.TimeErrorMeanS, 2)], Row("10 s"));
        Assert.Equal(["rocket", "T1, T2", "A", "warned", "22:13:50.0", "25.0", "22.0", "20.0", "10.0"], Row("R<1>"));
        Assert.Equal(["mortar", "–", "B", "missed", "22:13:52.0", "–", "–", "–", "–"], Row("R2"));
        Assert.Equal(["Zone D", "warned needlessly", "400", "22:13:32.0", "23.0", "1", "0", "0", "–"], Row("D"));
        XElement account = root.Descendants(s_html + "p").Single(p => (string?)p.Attribute("class") == "account");
        Assert.Equal("4 rounds were fired; 1 never flew and 3 did. 1 of the 3 that flew was tracked, and for 1 an impact was predicted before it came. " +
            "2 landed inside a zone (2 in one or near enough to harm people in it). For 1 of these the zone had been warned, with a median lead of 20.0 s; 1 with 5 s or more. " +
            "1 came down unannounced. 2 zones were warned (500 people), 1 of them needlessly (400 people). " +
            "One siren for the whole site would have alarmed 4 zones (1,000 people), 2 of them needlessly (700 people).", account.Value);
    }

    [Fact]
    public void What_the_run_is_stands_at_the_top_and_in_the_title()
    {
        (SiteDefinition site, RunLog log, Truth truth) = TestRun.Everything();
        foreach ((OperationStatus status, string mark) in ((OperationStatus, string)[])[(OperationStatus.Exercise, "EXERCISE"), (OperationStatus.Test, "TEST"), (OperationStatus.Actual, "NOT FOR PUBLICATION")])
        {
            XElement root = Parse(Scored(site, log, truth, status));
            Assert.StartsWith(mark, root.Descendants(s_html + "title").Single().Value, StringComparison.Ordinal);
            Assert.StartsWith(mark, root.Element(s_html + "body")!.Elements().First().Value, StringComparison.Ordinal);
        }
        Assert.DoesNotContain("EXERCISE", AccountOf(site, log), StringComparison.Ordinal);
    }

    [Fact]
    public void The_map_is_to_scale_with_north_up()
    {
        (SiteDefinition site, RunLog log, Truth truth) = TestRun.Everything();
        XElement map = Parse(Scored(site, log, truth)).Descendants(s_svg + "svg").First();
        // Zone A is a square of 400 m, and zone B begins where it ends.
        (double X, double Y)[] a = Corners("Zone A"), b = Corners("Zone B");
        double side = a.Max(p => p.X) - a.Min(p => p.X);
        Assert.Equal(side, a.Max(p => p.Y) - a.Min(p => p.Y), 0.25);
        Assert.Equal(a.Max(p => p.X), b.Min(p => p.X), 0.11);
        // Corners run from the south-west: the first lies lowest on the page.
        Assert.Equal(a.Max(p => p.Y), a[0].Y);
        Assert.Equal(a.Min(p => p.X), a[0].X);
        // The scale bar's words and length agree with the zone's.
        XElement bar = map.Descendants(s_svg + "text").Single(t => t.Value is "500 m" or "200 m" or "100 m" or "1 km");
        double metres = bar.Value == "1 km" ? 1000 : double.Parse(bar.Value[..^2], CultureInfo.InvariantCulture);
        string[] path = bar.Parent!.Element(s_svg + "path")!.Attribute("d")!.Value.Split('M', 'V', 'H', ' ');
        Assert.Equal(metres / 400 * side, double.Parse(path[4], CultureInfo.InvariantCulture) - double.Parse(path[1], CultureInfo.InvariantCulture), 0.5);

        (double, double)[] Corners(string zone)
            => [.. map.Descendants(s_svg + "path").Single(p => p.Element(s_svg + "title")?.Value.StartsWith(zone, StringComparison.Ordinal) == true)
                .Attribute("d")!.Value.Trim('M', 'Z').Split('L').Select(c => c.Split(' ')).Select(c => (double.Parse(c[0], CultureInfo.InvariantCulture), double.Parse(c[1], CultureInfo.InvariantCulture)))];
    }

    [Fact]
    public void A_run_in_which_nothing_happens_and_a_site_without_zones_have_a_page()
    {
        SiteDefinition site = TestRun.Site() with { Zones = [] };
        var log = new RunLog();
        Assert.Contains("No round was fired. No zone was warned.", Scored(site, log, new([], [])), StringComparison.Ordinal);
        Assert.Contains("No warning was raised.", AccountOf(site, log), StringComparison.Ordinal);
        Parse(Scored(site, log, new([TestRun.Round("R", 0, 30, 0, 0)], [])));
        (_, RunLog other, _) = TestRun.Everything();
        // Warnings of zones that this site does not have are not drawn, and do no harm.
        Parse(AccountOf(site, other));
        Parse(Scored(site, other, new([], [])));
    }

    [Fact]
    public void The_salvo_makes_a_page_that_agrees_with_its_summary()
    {
        (SiteDefinition site, Truth truth) = SalvoData.ReadOrSkip("salvo22");
        RunLog log = SalvoData.MakeUp(site, truth);
        ScoreSummary score = Score.Compute(site, log, truth);
        Assert.Equal(22, score.Tracks.RoundsTracked);
        Assert.Equal((0, 0), (score.Tracks.Ghosts, score.Tracks.False));
        string page = Scored(site, log, truth);
        Parse(page);
        Assert.Contains($"{score.Rounds.LandedInZone} landed inside a zone", page, StringComparison.Ordinal);
        // A folder to look at the pages in: TOCSIN_REPORT_DIR=/tmp/reports.
        if (Environment.GetEnvironmentVariable("TOCSIN_REPORT_DIR") is not { } folder) return;
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "salvo.html"), page);
        File.WriteAllText(Path.Combine(folder, "salvo.json"), SummaryJson.Of(score));
        File.WriteAllText(Path.Combine(folder, "account.html"), AccountOf(site, log));
        (SiteDefinition small, RunLog all, Truth some) = TestRun.Everything();
        File.WriteAllText(Path.Combine(folder, "everything.html"), Scored(small, all, some));
    }
}
