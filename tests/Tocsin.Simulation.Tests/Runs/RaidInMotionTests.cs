using Tocsin.Simulation.Measures;
using Tocsin.Simulation.Radar;
using Tocsin.Simulation.Runs;
using Tocsin.Simulation.Scenarios;
using Tocsin.Simulation.Tests.Radar;
using Tocsin.Simulation.Tests.Scenarios;

namespace Tocsin.Simulation.Tests.Runs;

public sealed class RaidInMotionTests
{
    private static SimulationRun Run() => Bench.Run(Bench.Empty(60, new RadarSettings { Sensor = "R1", Clutter = new() { MeanPerScan = 4 }, Delivery = new() { LatencyS = new(0, 0.3) } }) with
    {
        Salvos = [Bench.Salvo(4, 100, 60)],
    });

    /// <summary>Ends one round at one time, and writes down when it was moved on and when it heard anything.</summary>
    private sealed class OneShot(int round, Instant at) : IDefence
    {
        public List<Instant> Advanced { get; } = [];

        public bool HeardLater { get; private set; }

        public int Finished { get; private set; }

        public void Advance(Instant now, RaidInMotion raid)
        {
            if (now >= at && raid.Flies(round, at)) raid.Neutralise(round, at, "G");
            Advanced.Add(now);
        }

        public void Finish(RaidInMotion raid) => Finished++;

        private void Heard(Instant now) => HeardLater |= Advanced.Count > 0 && now > Advanced[^1].AddSeconds(1);

        public void PlotReceived(Instant now, in Plot plot) => Heard(now);

        public void TrackConfirmed(Instant now, in Track track) => Heard(now);

        public void TrackUpdated(Instant now, in Track track) => Heard(now);

        public void TrackEnded(Instant now, TrackId track, TrackEnd reason) { }

        public void ImpactPredicted(Instant now, in ImpactPrediction prediction) { }

        public void WarningRaised(Instant now, in Warning warning) { }

        public void WarningUpdated(Instant now, in Warning warning) { }

        public void WarningCleared(Instant now, WarningId warning, OperationStatus status, int zone, WarningEnd reason) { }

        public void SensorChanged(Instant now, int sensor, SensorCondition condition, string blind) { }

        public void InputRejected(Instant now, in Rejection rejection) { }
    }

    [Fact]
    public void WithoutADefenceNothingChanges()
    {
        SimulationRun run = Run();
        RaidInMotion raid = run.Begin();
        Assert.Equal(run.Plots, raid.Plots);
        Assert.Same(run.Truth, raid.Truth);
        Assert.Equal(run.Truth.Rounds.OrderBy(r => r.ImpactTime).Select(r => r.Id), raid.Strikes.Select(s => s.Source));
    }

    /// <summary>A round that is neutralised gives no later plot, has no impact, and moves nothing else.</summary>
    [Fact]
    public void ANeutralisedRoundEndsAndNothingElseMoves()
    {
        SimulationRun run = Run();
        TruthRound second = run.Truth.Rounds[1];
        Instant end = second.ImpactTime!.Value.AddSeconds(-4);
        var defence = new OneShot(1, end);
        var log = new RunLog { Status = OperationStatus.Exercise };
        RaidInMotion raid = run.Begin(defence);
        SimulatedPlot[] plots = [.. raid.Plots];
        Assert.Equal(run.Plots.Where(p => p.Source != second.Id || p.Plot.Time < end), plots);
        Assert.True(plots.Length < run.Plots.Count);
        Assert.Equal(run.Plots.Select(p => p.ArrivalTime).Distinct(), defence.Advanced);

        TruthRound gone = raid.Truth.Rounds[1];
        Assert.Null(gone.Impact);
        Assert.Null(gone.ImpactTime);
        Assert.Equal(new Neutralisation(end, "G", second.ImpactTime.Value, second.Impact!.Value), gone.Neutralised);
        Assert.Equal(run.Truth.Rounds.Where((_, i) => i != 1), raid.Truth.Rounds.Where((_, i) => i != 1));
        Assert.Equal(run.Truth.States.Where(s => s.Round != 1 || s.Time < end), raid.Truth.States);
        Assert.Equal(["A-01", "A-03", "A-04"], raid.Strikes.Select(s => s.Source).Order(StringComparer.Ordinal));
        _ = raid.Strikes;
        Assert.Equal(1, defence.Finished);

        // Played to a Site, it is neither missed nor fallen anywhere, and the four denominators say so.
        RaidInMotion played = run.Play(run.Begin(new OneShot(1, end)), log);
        ScoreSummary score = Score.Compute(run.Site, log, played.Truth);
        Assert.Equal((4, 4, 1), (score.Rounds.Fired, score.Rounds.Flew, score.Rounds.Neutralised));
        Assert.Equal(Outcomes.Neutralised, score.RoundList[1].Outcome);
        Assert.Null(score.RoundList[1].ImpactTime);
    }

    [Fact]
    public void TheTruthFileKeepsANeutralisation()
    {
        SimulationRun run = Run();
        RaidInMotion raid = run.Begin(new OneShot(2, run.Truth.Rounds[2].ImpactTime!.Value.AddSeconds(-3)));
        foreach (SimulatedPlot _ in raid.Plots) { }
        using var stream = new MemoryStream();
        TruthFile.Write(stream, raid.Truth);
        using var written = new MemoryStream(stream.ToArray());
        Truth read = Shipped.Must(TruthFile.Read(written, "t"));
        Neutralisation was = raid.Truth.Rounds[2].Neutralised!, now = read.Rounds[2].Neutralised!;
        Assert.Equal((was.By, was.Time.ToString(), was.AvertedImpactTime), (now.By, now.Time.ToString(), now.AvertedImpactTime));
        Assert.Equal(was.AvertedImpact.LatitudeRad, now.AvertedImpact.LatitudeRad, 1e-10);
        Assert.Equal(raid.Truth.States.Count, read.States.Count);
        Assert.All(read.Rounds.Where((_, i) => i != 2), r => Assert.Null(r.Neutralised));
    }
}
