using Tocsin.Geodesy;
using Tocsin.Simulation.Measures;
using Tocsin.Simulation.Runs;
using Tocsin.Simulation.Tests.Scenarios;

namespace Tocsin.Simulation.Tests.Measures;

public sealed class GroundMeasuresTests
{
    /// <summary>The compound's zones are cut from its outline: what lands in one of them lands in it, and the neighbours' zones hold the others.</summary>
    [Fact]
    public void TheCompoundHoldsWhatItsZonesHold()
    {
        int inside = 0, beside = 0;
        for (int number = 0; number < 3; number++)
        {
            RunResult run = Shipped.Must(RunResult.Of(Shipped.Read("green-zone"), Shipped.ReadSite(Path.Combine(Shipped.Folder, "green-zone.site.geojson")), run: number));
            Enu[] impacts = [.. run.Truth.Rounds.Where(r => r.Impact is not null).Select(r => run.Run.Site.Frame.ToEnu(r.Impact!.Value))];
            int Count(string zones) => impacts.Count(p => run.Run.Site.Zones.Any(z => z.Id.StartsWith(zones, StringComparison.Ordinal) && z.Area.Contains(p.East, p.North)));
            RunMeasure measure = run.Measures.Single(m => m.Column == "rounds_landed_in_compound");
            Assert.Equal(Count("C"), measure.Value);
            inside += Count("C");
            beside += Count("N");
        }
        Assert.True(inside > 0 && beside > 0);
    }
}
