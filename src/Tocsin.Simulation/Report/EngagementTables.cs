using System.Xml.Linq;
using Tocsin.Simulation.Engagement;
using Tocsin.Simulation.Measures;
using static Tocsin.Simulation.Report.Markup;
using static Tocsin.Simulation.Report.ReportPage;

namespace Tocsin.Simulation.Report;

/// <summary>The part of a report about a simulated defence.</summary>
internal static class EngagementTables
{
    public static IEnumerable<XElement> Of(EngagementSummary e, RoundCounts rounds)
    {
        yield return H("h2", "The simulated defence");
        yield return H("p", A("class", "note"), "Every figure of its effectors was chosen (see below), so nothing here says what a real one would do. Its fire control saw tracks and impact predictions only.");
        yield return Scroll(Table("What it did, what came of it, and what it believes from its tracks.", ["measure", "figure"], 1,
        [
            ["rounds fired at the site", Count(rounds.Fired)], ["of them threatening", Count(rounds.Threatening)],
            ["engaged", Count(e.Engaged)], ["neutralised", Count(e.Neutralised)], ["neutralised, as it expected by its own kill probabilities", Figure(e.ExpectedNeutralised, 1)],
            ["believed neutralised (wrongly)", $"{Count(e.BelievedNeutralised)} ({Count(e.WronglyBelievedNeutralised)})"],
            ["believed to have survived (wrongly)", $"{Count(e.BelievedSurvived)} ({Count(e.WronglyBelievedSurvived)})"], ["unknown", Count(e.Unknown)],
            ["bursts", Count(e.Bursts)], ["shells", Count(e.Shells)], ["interceptors", Count(e.Interceptors)], ["engagements of nothing", Count(e.EngagementsOfNothing)],
            ["nearest shell of a burst, median, m", Figure(e.NearestPassMedianM, 1)],
            ["harm it expected to avert, people", Figure(e.ExpectedAverted, 1)], ["harm it expected to cause below, people", Figure(e.ExpectedCaused, 2)],
        ]));
        yield return Scroll(Table("Tracks that threatened, as it saw them, and why some were never engaged: one reason each, the strongest.", ["tracks", "count"], 1,
        [
            ["threatening", Count(e.ThreateningTracks)], ["engaged", Count(e.EngagedTracks)],
            ["not, for the people below: more harm expected than averted", Count(e.HeldForPeople)], ["not, for an aircraft near the line of fire", Count(e.HeldForAircraft)],
            ["not, for a no-fire sector", Count(e.HeldForSector)], ["not, for what stands in the way or too low", Count(e.HeldForSight)],
            ["not, as nothing was left to fire", Count(e.OutOfStock)], ["not, as never within reach of what was ready", Count(e.OutOfReach)], ["not, as nothing was free in time", Count(e.NeverConsidered)],
        ]));
        if (e.Footprint.Count > 0)
            yield return Scroll(Table("What it let fall, in expectation, by zone. Shells are sampled, so these are means; the harm that they do is the people's model's to say.",
                ["zone", "people", "spent shells and interceptors", "pieces of rounds", "shell fragments"], 1,
                e.Footprint.Select(f => (IReadOnlyList<object>)[f.Zone ?? "in no zone", f.Zone is null ? NoFigure : Count(f.People), Figure(f.SpentRounds, 2), Count(f.DebrisPieces), Count(Math.Round(f.Fragments))])));
    }
}
