using Tocsin.Geodesy;
using Tocsin.Simulation.Runs;
using Tocsin.Simulation.Scenarios;

namespace Tocsin.Simulation.Measures;

/// <summary>How many rounds came down on each piece of ground that the scenario's claims are about: a site's zones are cut for warning, and hold what a claim may leave out.</summary>
internal static class GroundMeasures
{
    public static IEnumerable<RunMeasure> Of(SimulationRun run, Truth truth)
    {
        LocalFrame frame = run.Site.Frame;
        double groundM = run.Site.GroundElevationM;
        foreach (ClaimedGround ground in run.Scenario.Grounds)
        {
            var area = new GroundPolygon([[.. ground.Polygon.Select(c => frame.ToEnu(c.At(groundM))).Select(p => (p.East, p.North))]]);
            int landed = truth.Rounds.Count(r => r.Impact is { } impact && frame.ToEnu(impact with { HeightM = groundM }) is var p && area.Contains(p.East, p.North));
            yield return new($"rounds_landed_in_{ground.Id}", $"Rounds that came down in {ground.Name}.", landed, IsCount: true);
        }
    }
}
