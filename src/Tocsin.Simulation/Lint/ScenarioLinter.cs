using Tocsin.Simulation.Scenarios;

namespace Tocsin.Simulation.Lint;

/// <summary>Looks a scenario and its site over before anything runs.</summary>
/// <remarks>Pure and quick: no run is drawn, one typical round of each salvo is flown. What the readers of the two files refuse never comes here.</remarks>
public static class ScenarioLinter
{
    /// <summary>Looks at a scenario that <see cref="ScenarioFile"/> has read, and the site that it names.</summary>
    public static LintReport Check(Scenario scenario, SiteDefinition site, LintFiles? files = null)
    {
        var context = new LintContext(scenario, site, files ?? new());
        RadarRules.Make(context);
        RaidRules.Fly(context);
        ClutterRule.Check(context);
        CoverageRule.Check(context);
        WarningTimeRule.Check(context);
        RadarRules.Check(context);
        RaidRules.Check(context);
        PlaceRules.Check(context);
        SiteMembers.Check(context);
        return new(context.Findings, context.Coverage, [.. context.Salvos.Select(s => WarningTimeRule.Outlook(context, s))]);
    }
}
