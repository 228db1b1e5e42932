using System.Xml.Linq;
using Tocsin.Simulation.People;
using static Tocsin.Simulation.Report.Markup;

namespace Tocsin.Simulation.Report;

/// <summary>What the warnings did to the people, in a section of its own.</summary>
internal static class PeopleSection
{
    public static IEnumerable<XElement> Of(PeopleSummary people)
    {
        yield return H("h2", "People");
        yield return H("p", Sentence(people));
        yield return ReportPage.Scroll(Comparison(people));
        if (people.AtFirstBurst.Count > 0) yield return ReportPage.Scroll(States(people));
        yield return H("p", A("class", "note"),
            $"A model, not a count: {Count(people.Sample)} persons stand for {Count(people.Population)} people as they may be at {TimeText(people.HourOfDay)} local time; {Percent(people.Response)} of those alarmed act. ",
            "All three columns have the same persons, the same reaction times and the same impacts. Hurt and killed are expected numbers for a generic round; people hurt by acting are an order of magnitude. ",
            "Every assumption with its source, or the word 'chosen': docs/internals/people.md.");
    }

    private static string Sentence(PeopleSummary people)
    {
        WayOfWarning run = people.ThisRun, site = people.WholeSite, none = people.NoWarning;
        string danger = people.InDanger > 0
            ? $"Of {Whole(people.InDanger)} people who had a burst near them, {Whole(run.WarnedInTime)} were warned in time to do what they were told, and {Whole(run.Protected)} were under some cover when it came ({Whole(none.Protected)} would have been without any warning, for a first burst warns too). "
            : "Nobody had a burst near them. ";
        string harm = none.Injured > 0 ? $"The warnings spared an expected {Figure(none.Injured - run.Injured, 2)} of {Figure(none.Injured, 2)} hurt; one alarm for the whole site would have spared {Figure(none.Injured - site.Injured, 2)}. " : "";
        return danger + harm + $"{Whole(run.AlarmedNeedlessly)} people were alarmed for nothing, and {Whole(site.AlarmedNeedlessly)} would have been by the one alarm.";
    }

    private static XElement Comparison(PeopleSummary people)
    {
        IReadOnlyList<object> Row(string what, Func<WayOfWarning, string> figure) => [what, figure(people.ThisRun), figure(people.WholeSite), figure(people.NoWarning)];
        return Table($"The people under this run's warnings, under one alarm for the whole site by the same sirens and devices, and without any. In danger: {Whole(people.InDanger)} people with a burst within its harm radius.",
            ["people", "this run", "one alarm", "no warning"], 1,
            [
                Row("alarmed", w => Whole(w.Alarmed)),
                Row("of them for nothing (no burst within 100 m of them)", w => Whole(w.AlarmedNeedlessly)),
                Row("time in needless alarms, person-hours", w => Figure(w.NeedlessAlarmPersonS / 3600, 1)),
                Row("in danger, alarmed before the first burst near them", w => Whole(w.Warned)),
                Row("of them with time to do what they were told", w => Whole(w.WarnedInTime)),
                Row("in danger, under some cover then", w => Whole(w.Protected)),
                Row("hurt, the killed among them", w => Figure(w.Injured, 2)),
                Row("killed", w => Figure(w.Killed, 2)),
                Row("hurt by falling pieces, among the hurt", w => Figure(w.InjuredByPieces, 3)),
                Row("hurt by acting on the alarm (order of magnitude)", w => Figure(w.HurtByActing, 3)),
                Row("spared: hurt without warning less hurt with it and by acting", w => ReferenceEquals(w, people.NoWarning) ? NoFigure : Figure(people.SparedNet(w), 2)),
            ]);
    }

    private static XElement States(PeopleSummary people) =>
        Table("What people do when the first round bursts.", ["where", "this run", "one alarm", "no warning"], 1,
            people.AtFirstBurst.Select(s => (IReadOnlyList<object>)[s.State, Whole(s.ThisRun), Whole(s.WholeSite), Whole(s.NoWarning)]));

    private static string Whole(double people) => Count(Math.Round(people));

    private static string TimeText(double hour)
    {
        int minutes = (int)(hour * 60);
        return $"{minutes / 60:00}:{minutes % 60:00}";
    }
}
