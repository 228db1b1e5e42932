using Tocsin.Simulation.Measures;
using Tocsin.Simulation.Runs;
using Tocsin.Simulation.Tests.Measures;

namespace Tocsin.Simulation.Tests.Runs;

public sealed class HeldWarningsTests
{
    private static readonly Instant s_start = new(16_000_000_000_000_000);

    private static readonly SiteDefinition s_site = TestRun.Everything().Site;

    private static Warning Warning(int id, double impactS, double nowS) => new()
    {
        Id = new(id),
        Status = OperationStatus.Exercise,
        Zone = 0,
        Probability = 0.9,
        ImpactTime = s_start.AddSeconds(impactS),
        LeadTimeS = impactS - nowS,
        Advice = Advice.Shelter,
        Tracks = [],
    };

    private static RunLog Play(double delayS, Action<ISiteOutput> play)
    {
        var log = new RunLog();
        play(new HeldWarnings(s_site, delayS, log));
        return log;
    }

    private static void Tick(ISiteOutput output, double timeS) => output.TrackEnded(s_start.AddSeconds(timeS), new(1), TrackEnd.Lost);

    [Fact]
    public void AWarningLeavesWhenTheOperatorHasConfirmedIt()
    {
        RunLog log = Play(4, output =>
        {
            output.WarningRaised(s_start, Warning(1, 60, 0));
            for (int t = 1; t < 10; t++) Tick(output, t);
        });
        Assert.Equal(4, Assert.Single(log.Warnings).RaisedTime.SecondsSince(s_start), 1e-6);
        Assert.Equal(56, log.Warnings[0].States[0].LeadTimeS, 1e-6);
    }

    /// <summary>Its people need 10 s here (the site's zone): with an impact in 12 s it is held for 2, with one in 5 s not at all.</summary>
    [Theory]
    [InlineData(12)]
    [InlineData(5)]
    public void AWarningIsNeverHeldPastTheMomentAtWhichItIsNeeded(double impactS)
    {
        RunLog log = Play(30, output =>
        {
            output.WarningRaised(s_start, Warning(1, impactS, 0));
            for (double t = 0.5; t < 40; t += 0.5) Tick(output, t);
        });
        Assert.Equal(Math.Max(0, impactS - s_site.Zones[0].TimeToShelterS), log.Warnings[0].RaisedTime.SecondsSince(s_start), 1e-6);
    }

    [Fact]
    public void AnImpactThatComesSoonerIsToldSooner()
    {
        RunLog log = Play(30, output =>
        {
            output.WarningRaised(s_start, Warning(1, 100, 0));
            output.WarningUpdated(s_start.AddSeconds(3), Warning(1, s_site.Zones[0].TimeToShelterS + 3, 3));
        });
        Assert.Equal(3, Assert.Single(log.Warnings).RaisedTime.SecondsSince(s_start), 1e-6);
    }

    [Fact]
    public void AWarningTakenBackWhileItIsHeldNeverLeaves()
    {
        RunLog log = Play(4, output =>
        {
            output.WarningRaised(s_start, Warning(1, 60, 0));
            output.WarningCleared(s_start.AddSeconds(2), new(1), OperationStatus.Exercise, 0, WarningEnd.Retracted);
            Tick(output, 20);
            output.WarningRaised(s_start.AddSeconds(21), Warning(2, 90, 21));
            Tick(output, 30);
            output.WarningCleared(s_start.AddSeconds(40), new(2), OperationStatus.Exercise, 0, WarningEnd.Over);
        });
        WarningLog left = Assert.Single(log.Warnings);
        Assert.Equal((2, 25.0, 40.0), (left.Id.Number, left.RaisedTime.SecondsSince(s_start), left.ClearedTime!.Value.SecondsSince(s_start)));
    }
}
