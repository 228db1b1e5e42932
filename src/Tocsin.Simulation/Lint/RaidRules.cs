namespace Tocsin.Simulation.Lint;

/// <summary>The raid as it is described: whether it can be flown, is seen to its end, and flies through air that somebody could meet.</summary>
internal static class RaidRules
{
    private const string Rule = "raid", Air = "weather";

    /// <summary>Flies a typical round of each salvo; those that cannot be flown are errors.</summary>
    public static void Fly(LintContext context)
    {
        for (int i = 0; i < context.Scenario.Salvos.Count; i++)
        {
            if (context.Scenario.Salvos[i].Count == 0) continue;
            if (TypicalSalvo.Of(context.Scenario.Salvos[i], i, context.Site, context.Air).Succeeded(out TypicalSalvo? salvo, out string? problem)) context.Salvos.Add(salvo);
            else context.Error(Rule, $"$.salvos[{i}]", problem);
        }
    }

    public static void Check(LintContext context)
    {
        double durationS = context.Scenario.DurationS;
        foreach (TypicalSalvo salvo in context.Salvos)
            if (salvo.LastImpactS > durationS)
                context.Warn(Rule, "$.durationS",
                    $"the radars stop {LintText.Seconds(durationS)} from the start, but rounds of salvo {salvo.Salvo.Id} fall until about {LintText.Seconds(salvo.LastImpactS)}: nobody is warned of the last; make durationS {LintText.Number(Math.Ceiling(salvo.LastImpactS / 5) * 5)} or more");
        if (context.Salvos.Count > 0 && context.Scenario.Weather.Unmodelled is not { SigmaMps: > 0 })
            context.Warn(Air, "$.weather.unmodelled",
                "the air holds no wind that nobody told of: predictions come out better than any real ones; add {\"sigmaMps\": 1.5}, or read the results as ideal");
        if (context.Salvos.Count > 0 && context.Zones.Count > 0 && !context.Salvos.Exists(s => context.Zones.Any(s.Reaches)))
            context.Warn(Rule, "$.salvos", "no salvo falls on any zone: nobody is ever in danger; move an aim, or the site's zones");
    }
}
