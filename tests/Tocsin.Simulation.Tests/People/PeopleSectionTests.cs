using System.Xml.Linq;
using Tocsin.Simulation.Measures;
using Tocsin.Simulation.People;
using Tocsin.Simulation.Report;
using Tocsin.Simulation.Tests.Measures;

namespace Tocsin.Simulation.Tests.People;

public class PeopleSectionTests
{
    private static readonly XNamespace s_html = "http://www.w3.org/1999/xhtml";

    [Fact]
    public void The_report_has_a_section_on_the_people_with_the_summarys_figures_where_there_is_one()
    {
        (SiteDefinition site, RunLog log, Truth truth) = TestRun.Everything();
        PeopleSummary people = PeopleBench.Judge(new(), log, PeopleModel.StrikesOf(truth), 1, site);
        Assert.NotEqual(people.NoWarning.Injured, people.ThisRun.Injured);
        XElement section = Page(people);
        XElement table = section.Descendants(s_html + "table").Single(t => t.Element(s_html + "caption")!.Value.StartsWith("The people under", StringComparison.Ordinal));
        string[] hurt = [.. table.Descendants(s_html + "tr").Single(r => r.Value.StartsWith("hurt, the killed", StringComparison.Ordinal)).Elements().Select(c => c.Value)];
        Assert.Equal([people.ThisRun.Injured.ToString("F2"), people.WholeSite.Injured.ToString("F2"), people.NoWarning.Injured.ToString("F2")], hurt[1..]);
        Assert.Contains("A model, not a count", section.Value, StringComparison.Ordinal);
        Assert.DoesNotContain("A model, not a count", Page(null).Value, StringComparison.Ordinal);

        XElement Page(PeopleSummary? summary)
        {
            using var writer = new StringWriter();
            HtmlReport.Write(writer, new() { Title = "t", Status = OperationStatus.Exercise, Product = "p" }, site, log, truth, Score.Compute(site, log, truth), summary);
            return XDocument.Parse(writer.ToString()["<!DOCTYPE html>\n".Length..]).Root!;
        }
    }
}
