using Tocsin.Geodesy;
using Tocsin.Simulation.Radar;
using Tocsin.Simulation.Runs;
using Tocsin.Simulation.Scenarios;
using Tocsin.Simulation.Tests.Radar;
using Tocsin.Simulation.Tests.Scenarios;

namespace Tocsin.Simulation.Tests.Runs;

public sealed class SimulationRunTests
{
    private static Scenario Busy() => Bench.Empty(40, new RadarSettings { Sensor = "R1", Clutter = new() { MeanPerScan = 4 }, Delivery = new() { LatencyS = new(0, 0.3) } }) with
    {
        Salvos = [Bench.Salvo(5, 100, 60)],
        Birds = [new() { Id = "B", Count = 3, Centre = new LonLat(8.01, 46.01), RadiusM = 800, HeightAboveGroundM = new(100, 300), SpeedMps = new(8, 15) }],
        Aircraft = [Bench.Aircraft()],
        Gunfire = [Gun()],
        Weather = new() { Wind = [new() { HeightM = 0, FromDeg = 270, SpeedMps = 5 }], Unmodelled = new() { SigmaMps = 2 } },
    };

    private static Gunfire Gun() => new()
    {
        Id = "G",
        Position = new LonLat(8.03, 46),
        StartS = 5,
        Bursts = 3,
        ShotsPerBurst = 6,
        ShotsPerS = 8,
        PauseS = new(1, 3),
        AzimuthDeg = new(0, 60),
        ElevationDeg = new(5, 20),
        SpeedMps = new(800, 880),
        BallisticCoefficientKgPerM2 = new(1100, 1500),
    };

    private static byte[] Bytes(Truth truth)
    {
        using var stream = new MemoryStream();
        TruthFile.Write(stream, truth);
        return stream.ToArray();
    }

    [Fact]
    public void TheSameSeedGivesTheSameBytes()
    {
        SimulationRun a = Bench.Run(Busy()), b = Bench.Run(Busy());
        Assert.Equal(Bytes(a.Truth), Bytes(b.Truth));
        Assert.Equal(a.Plots, b.Plots);
        SimulationRun shipped = Shipped.Run("kidal"), again = Shipped.Run("kidal");
        Assert.Equal(Bytes(shipped.Truth), Bytes(again.Truth));
        Assert.Equal(shipped.Plots, again.Plots);
    }

    [Theory]
    [InlineData(8L, 0)]
    [InlineData(7L, 1)]
    public void AnotherSeedOrRunIsAnotherRaid(long seed, int run)
    {
        SimulationRun a = Bench.Run(Busy(), seed: 7), b = Bench.Run(Busy(), seed: seed, run: run);
        foreach ((TruthRound x, TruthRound y) in a.Truth.Rounds.Zip(b.Truth.Rounds)) Assert.NotEqual(x.Impact, y.Impact);
        Assert.DoesNotContain(b.Plots.Where(p => p.Source is null).Select(p => p.Plot.Measurement).Take(20), p => a.Plots.Any(q => q.Plot.Measurement == p));
    }

    [Fact]
    public void AddingARadarMovesNoRoundAndNoPlot()
    {
        Scenario one = Busy(), two = one with { Radars = [new() { Sensor = "R2", Clutter = new() { MeanPerScan = 9 } }, one.Radars[0]] };
        SimulationRun a = Bench.Run(one), b = Bench.Run(two);
        Assert.Equal(a.Truth.Rounds, b.Truth.Rounds);
        Assert.Equal(a.Truth.Others, b.Truth.Others);
        Assert.Equal(a.Truth.States.Select(s => s with { Visible = true }), b.Truth.States.Select(s => s with { Visible = true }));
        Assert.Equal(a.Plots, b.Plots.Where(p => p.Plot.Sensor == 0));
        Assert.Contains(b.Plots, p => p.Plot.Sensor == 1);
    }

    [Fact]
    public void AddingWhatFliesMovesNothingThatFlew()
    {
        Scenario more = Busy() with { Salvos = [Bench.Salvo(9, 100, 60), Bench.Salvo(2, id: "Z")], Aircraft = [Bench.Aircraft(), Bench.Aircraft(5000, id: "D")] };
        SimulationRun a = Bench.Run(Busy()), b = Bench.Run(more);
        Assert.Equal(a.Truth.Rounds, b.Truth.Rounds.Take(5));
        HashSet<string> old = [.. a.Plots.Select(p => p.Source ?? "")];
        Assert.Equal(a.Plots, b.Plots.Where(p => old.Contains(p.Source ?? "")));
    }

    /// <summary>Without dispersion every round falls on the aim, whatever its launch's figures, wind included.</summary>
    [Theory]
    [InlineData(SolveFor.Elevation, false)]
    [InlineData(SolveFor.Speed, false)]
    [InlineData(SolveFor.Speed, true)]
    public void RoundsFallWhereTheyAreDrawnTo(SolveFor solveFor, bool boosted)
    {
        Salvo salvo = Bench.Salvo(12) with
        {
            SolveFor = solveFor,
            SpeedMps = boosted ? new(20, 30) : solveFor == SolveFor.Speed ? new(200, 420) : new(310, 340),
            Boost = boosted ? new() { DurationS = new(0.9, 1.1), AccelerationMps2 = new(200, 460) } : null,
            ElevationDeg = solveFor == SolveFor.Speed ? new(30, 55) : new(12, 42),
        };
        SimulationRun run = Bench.Run(Busy() with { Salvos = [salvo] });
        Geodetic aim = salvo.Aim!.Centre.At(Bench.GroundM);
        var frame = new LocalFrame(aim);
        foreach (TruthRound round in run.Truth.Rounds)
        {
            Enu miss = frame.ToEnu(round.Impact!.Value);
            Assert.InRange(Math.Sqrt(miss.East * miss.East + miss.North * miss.North), 0, 1.5);
            Assert.InRange(miss.Up, -0.05, 0.05);
        }
        // They fly differently, or the draws did nothing.
        Assert.Equal(12, run.Truth.Rounds.Select(r => r.ImpactTime!.Value.SecondsSince(r.LaunchTime)).Distinct().Count());
    }

    /// <summary>Impacts have the mean and the covariance of the aim, in its own axes along and across the line of fire.</summary>
    [Fact]
    public void RoundsAreDispersedAsTheAimSays()
    {
        const int count = 250;
        const double along = 120, across = 40;
        Salvo salvo = Bench.Salvo(count, along, across) with { LaunchArea = new() { Centre = new LonLat(8.05, 46.04), RadiusM = 0 } };
        SimulationRun run = Bench.Run(Bench.Empty(1, Bench.Perfect()) with { Salvos = [salvo] });
        var frame = new LocalFrame(salvo.Aim!.Centre.At(Bench.GroundM));
        Enu back = frame.ToEnu(salvo.LaunchArea.Centre!.At(Bench.GroundM));
        double length = Math.Sqrt(back.East * back.East + back.North * back.North), e = -back.East / length, n = -back.North / length;
        (double Along, double Across)[] misses = [.. run.Truth.Rounds.Select(r => frame.ToEnu(r.Impact!.Value)).Select(p => ((p.East * e + p.North * n) / along, (p.East * n - p.North * e) / across))];
        double mean = 4 / Math.Sqrt(count), spread = 4 * Math.Sqrt(2.0 / count);
        Assert.InRange(misses.Average(m => m.Along), -mean, mean);
        Assert.InRange(misses.Average(m => m.Across), -mean, mean);
        Assert.InRange(misses.Average(m => m.Along * m.Along), 1 - spread, 1 + spread);
        Assert.InRange(misses.Average(m => m.Across * m.Across), 1 - spread, 1 + spread);
        Assert.InRange(misses.Average(m => m.Along * m.Across), -mean, mean);
    }

    [Fact]
    public void LaunchesComeFromTheirAreaInTheirTime()
    {
        LonLat[] corners = [new(8.04, 46.03), new(8.05, 46.03), new(8.05, 46.04), new(8.045, 46.032)];
        Salvo salvo = Bench.Salvo(20) with { LaunchArea = new() { Polygon = corners }, LaunchTimes = new() { StartS = 3, WindowS = 4 }, FailToLaunch = 6 };
        SimulationRun run = Bench.Run(Bench.Empty(30, Bench.Perfect()) with { Salvos = [salvo] });
        var area = new GroundPolygon([[.. corners.Select(c => (c.LongitudeDeg, c.LatitudeDeg))]]);
        Assert.Equal(6, run.Truth.Rounds.Count(r => r.ImpactTime is null && r.Impact is null));
        Assert.All(run.Truth.Rounds, r => Assert.InRange(r.LaunchTime.SecondsSince(Bench.Start), 3, 7));
        foreach (var flight in run.Truth.States.GroupBy(s => s.Round))
        {
            // Back along the first state's velocity to the launch; half a second of flight bends little.
            TruthState first = flight.First();
            double since = first.Time.SecondsSince(run.Truth.Rounds[first.Round].LaunchTime);
            Assert.InRange(since, 0, 0.5);
            var frame = new LocalFrame(first.Position);
            Geodetic from = frame.ToGeodetic(new(-first.VelocityMps.East * since, -first.VelocityMps.North * since, 0));
            Assert.InRange(area.DistanceM(from.LongitudeRad * 180 / Math.PI, from.LatitudeRad * 180 / Math.PI), 0, 2e-4);
        }
        // Those that failed left no state.
        Assert.DoesNotContain(run.Truth.States, s => run.Truth.Rounds[s.Round].Impact is null);
    }

    [Fact]
    public void ASalvoWithADirectionOnlyFliesThere()
    {
        Salvo salvo = Bench.Salvo(10) with { Aim = null, AzimuthDeg = new(80, 100) };
        SimulationRun run = Bench.Run(Bench.Empty(30, Bench.Perfect()) with { Salvos = [salvo] });
        var frame = new LocalFrame(salvo.LaunchArea.Centre!.At(Bench.GroundM));
        foreach (TruthRound round in run.Truth.Rounds)
        {
            Enu fall = frame.ToEnu(round.Impact!.Value);
            Assert.InRange(fall.East, 3000, 10_000);
            Assert.InRange(Math.Atan2(fall.East, fall.North) * 180 / Math.PI, 75, 105);
        }
    }

    [Fact]
    public void AnAimOutOfReachIsAProblemWithItsMend()
    {
        Scenario scenario = Bench.Empty(30, Bench.Perfect()) with { Salvos = [Bench.Salvo(3) with { SpeedMps = new(100, 110) }] };
        Assert.False(SimulationRun.Prepare(scenario, Bench.Site("R1")).Succeeded(out _, out string? problem));
        Assert.Contains("salvo 'A' cannot reach its aim", problem, StringComparison.Ordinal);
        Assert.Contains("elevationDeg", problem, StringComparison.Ordinal);
    }

    /// <summary>Wind that no report told of: the impacts of one run move together, from run to run at random.</summary>
    [Fact]
    public void UnmodelledWindHasItsSigmaAndItsCorrelation()
    {
        Weather weather = new() { Wind = [new() { HeightM = 0, FromDeg = 270, SpeedMps = 10 }], Unmodelled = new() { SigmaMps = 3, CorrelationHeightM = 1000 } };
        const int runs = 600;
        var at = new List<(double East0, double North0, double East1)>();
        for (int run = 0; run < runs; run++)
        {
            var wind = TruthWind.Of(weather, Bench.GroundM, new RunStreams(1, (uint)run));
            (double east, double north) = wind.At(Bench.GroundM);
            at.Add((east - 10, north, wind.At(Bench.GroundM + 1000).EastMps - 10));
        }
        Assert.Equal(0, at.Average(w => w.East0), 4 * 3 / Math.Sqrt(runs));
        Assert.Equal(9, at.Average(w => w.East0 * w.East0), 9 * 4 * Math.Sqrt(2.0 / runs));
        Assert.Equal(9, at.Average(w => w.North0 * w.North0), 9 * 4 * Math.Sqrt(2.0 / runs));
        Assert.Equal(9 / Math.E, at.Average(w => w.East0 * w.East1), 9 * 4 / Math.Sqrt(runs));
    }

    [Fact]
    public void BirdsStayAboutTheirPlaceAndAircraftOnTheirRoute()
    {
        Scenario scenario = Bench.Empty(600, Bench.Perfect()) with
        {
            Birds = Busy().Birds,
            Aircraft = [new() { Id = "C", SpeedMps = 60, Route = [new(new LonLat(8, 46), 500), new(new LonLat(8.1, 46), 900), new(new LonLat(8.1, 46.1), 900)] }],
        };
        SimulationRun run = Bench.Run(scenario);
        var nest = new LocalFrame(new LonLat(8.01, 46.01).At(Bench.GroundM));
        foreach (TruthObjectState s in run.Truth.OtherStates)
        {
            double speed = Math.Sqrt(s.VelocityMps.East * s.VelocityMps.East + s.VelocityMps.North * s.VelocityMps.North);
            if (run.Truth.Others[s.Object].Cause == TruthCause.Bird)
            {
                Enu p = nest.ToEnu(s.Position);
                Assert.InRange(Math.Sqrt(p.East * p.East + p.North * p.North), 0, 1100);
                Assert.InRange(s.Position.HeightM, Bench.GroundM + 99, Bench.GroundM + 301);
                Assert.InRange(speed, 4, 15.5);
                continue;
            }
            Assert.InRange(speed, 55, 60.5);
            Assert.InRange(s.Position.HeightM, 499, 901);
            // On the first leg or the second, but for the corner that it cuts.
            double lon = s.Position.LongitudeRad * 180 / Math.PI, lat = s.Position.LatitudeRad * 180 / Math.PI;
            Assert.True(Math.Abs(lat - 46) < 0.006 || Math.Abs(lon - 8.1) < 0.016, $"{lon} {lat}");
        }
        TruthObjectState[] flown = [.. run.Truth.OtherStates.Where(s => run.Truth.Others[s.Object].Cause == TruthCause.Aircraft)];
        Assert.Equal(900, flown[^1].Position.HeightM, 5.0);
        Assert.Equal(46.1, flown[^1].Position.LatitudeRad * 180 / Math.PI, 0.001);
    }

    [Fact]
    public void ShotsAreObjectsAndSoonGone()
    {
        SimulationRun run = Bench.Run(Bench.Empty(60, Bench.Perfect()) with { Gunfire = [Gun()] });
        Assert.Empty(run.Truth.Rounds);
        Assert.Equal(18, run.Truth.Others.Count);
        foreach (var shot in run.Truth.OtherStates.GroupBy(s => s.Object))
            Assert.InRange(shot.Max(s => s.Time).SecondsSince(shot.Min(s => s.Time)), 0, 8);
    }

    [Fact]
    public void PlayFeedsASiteEveryPlotInTheOrderOfArrival()
    {
        SimulationRun run = Bench.Run(Busy());
        var seen = new PlotsOnly();
        run.Play(seen);
        Assert.Equal(run.Plots.Select((p, i) => p.Plot with { Number = i + 1 }), seen.Plots);
    }

    private sealed class PlotsOnly : ISiteOutput
    {
        public List<Plot> Plots { get; } = [];

        public void PlotReceived(Instant now, in Plot plot) => Plots.Add(plot);

        public void TrackConfirmed(Instant now, in Track track) { }

        public void TrackUpdated(Instant now, in Track track) { }

        public void TrackEnded(Instant now, TrackId track, TrackEnd reason) { }

        public void ImpactPredicted(Instant now, in ImpactPrediction prediction) { }

        public void WarningRaised(Instant now, in Warning warning) { }

        public void WarningUpdated(Instant now, in Warning warning) { }

        public void WarningCleared(Instant now, WarningId warning, OperationStatus status, int zone, WarningEnd reason) { }

        public void SensorChanged(Instant now, int sensor, SensorCondition condition, string blind) { }

        public void InputRejected(Instant now, in Rejection rejection) { }
    }
}
