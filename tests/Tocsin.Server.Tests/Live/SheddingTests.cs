using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Tocsin.Geodesy;
using Tocsin.Server.Feeds;
using Tocsin.Server.Live;

namespace Tocsin.Server.Tests.Live;

/// <summary>A Site that cannot keep up: what it leaves out, in which order, and that all is counted.</summary>
public class SheddingTests
{
    private const double ScanS = 0.5, MaxRangeM = 12_000, RadPerDegree = Math.PI / 180;

    [Fact]
    public void Plots_that_have_not_waited_are_all_given_to_the_Site()
    {
        var flood = new Flood();
        flood.Offer(Flood.What.Outside, 40, waitedS: 0.01);
        flood.Offer(Flood.What.Clutter, 40, waitedS: 0.01);
        flood.Turn();
        Assert.Equal((0, 0, 0), flood.Shed);
        Assert.Equal(flood.Offered, flood.Runner.Load.Plots);
    }

    [Theory]
    [InlineData(0.2, 30, 0)]
    [InlineData(0.8, 30, 50)]
    public void What_can_begin_nothing_goes_first_then_what_could_and_what_lies_near_a_track_never(double waitedS, int useless, int beginnings)
    {
        var flood = new Flood();
        flood.Offer(Flood.What.NearTrack, 20, waitedS);
        flood.Offer(Flood.What.Outside, 30, waitedS);
        flood.Offer(Flood.What.Clutter, 50, waitedS);
        flood.Offer(Flood.What.NearTrack, 20, waitedS);
        flood.Turn();
        Assert.Equal((useless, beginnings, 0), flood.Shed);
        Assert.Equal(40, flood.GivenNearTrack);
        Assert.Equal(flood.Offered - useless - beginnings, flood.Runner.Load.Plots);
        Assert.Equal(waitedS, flood.Runner.Load.BehindS, 0.05);
    }

    [Fact]
    public void Whatever_comes_in_whatever_order_a_plot_near_a_track_is_never_shed_and_every_plot_is_counted_once() =>
        Gen.Select(Gen.Select(Gen.Int[0, 2], Gen.Int[1, 60]).Array[1, 12], Gen.Double[0, 3]).Sample((mix, waitedS) =>
        {
            var flood = new Flood();
            int near = 0;
            foreach ((int what, int count) in mix)
            {
                flood.Offer((Flood.What)what, count, waitedS);
                if ((Flood.What)what == Flood.What.NearTrack) near += count;
            }
            flood.Turn();
            (long useless, long beginnings, long full) = flood.Shed;
            Assert.Equal(near, flood.GivenNearTrack);
            Assert.Equal(0, full);
            Assert.Equal(flood.Offered, flood.Runner.Load.Plots + useless + beginnings);
            // What could begin a track is never shed while what can begin none is let through.
            if (beginnings > 0) Assert.Equal(mix.Where(m => (Flood.What)m.Item1 == Flood.What.Outside).Sum(m => m.Item2), useless);
        }, iter: 60, threads: 1);

    [Fact]
    public void What_does_not_move_can_begin_nothing_after_four_looks()
    {
        var flood = new Flood();
        for (int look = 0; look < 8; look++)
        {
            // So far behind that not even what could begin a track is let through: no track can begin there and keep the hill for itself.
            flood.Offer(Flood.What.Hill, 1, waitedS: 0.8);
            flood.Turn();
            flood.Pass(ScanS);
        }
        // The first three looks could have been a round's; from the fourth on it is known to stand still.
        Assert.Equal((5, 3, 0), flood.Shed);
    }

    [Fact]
    public void A_track_lives_through_a_flood_that_fills_the_queue_and_plots_without_room_are_counted()
    {
        var flood = new Flood();
        for (int i = 0; i < 8; i++)
        {
            flood.Offer(Flood.What.NearTrack, 1, waitedS: 1);
            flood.Offer(Flood.What.Clutter, 20_000, waitedS: 1);
            flood.TurnUntilEmpty();
            flood.Pass(ScanS);
        }
        Assert.Equal(1, flood.Tracks);
        (long useless, long beginnings, _) = flood.Shed;
        Assert.Equal(flood.Offered, flood.Runner.Load.Plots + useless + beginnings);

        int taken = flood.Offer(Flood.What.Clutter, PlotQueue.Capacity + 100, waitedS: 1);
        Assert.Equal((PlotQueue.Capacity, 100L), (taken, flood.Shed.Full));
        flood.TurnUntilEmpty();
        Assert.Equal(1, flood.Tracks);
    }

    [Fact]
    public async Task A_thread_that_does_not_come_round_is_seen_and_so_is_its_return()
    {
        var flood = new Flood();
        SiteRunner runner = flood.Runner;
        Assert.True(runner.IsWorking);
        runner.Start();
        using var held = new ManualResetEventSlim();
        var begun = new TaskCompletionSource();
        runner.Queue.Post(() =>
        {
            begun.SetResult();
            held.Wait(TestContext.Current.CancellationToken);
        });
        await begun.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        flood.Wall.Advance(TimeSpan.FromSeconds(SiteRunner.HangS * 0.9));
        Assert.False(runner.IsHanging);
        flood.Wall.Advance(TimeSpan.FromSeconds(SiteRunner.HangS * 0.2));
        Assert.True(runner.IsHanging);
        Assert.False(runner.IsWorking);
        held.Set();
        await runner.Ask(_ => true).WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.True(runner.IsWorking);
        runner.Dispose();
    }

    /// <summary>A Site with one track, whose thread is the test.</summary>
    private sealed class Flood : IRunnerOutput
    {
        public enum What
        {
            NearTrack,
            Outside,
            Clutter,
            Hill,
        }

        private readonly SiteDefinition _site;
        private readonly HashSet<int> _tracks = [];
        private readonly double _began;
        private int _drawn;

        public Flood()
        {
            Geodetic at = new(33.3 * RadPerDegree, 44.4 * RadPerDegree, 30);
            _site = new()
            {
                Name = "Flood",
                GroundElevationM = 30,
                Frame = new LocalFrame(at),
                Sensors = [new() { Id = "R1", Position = at, RangeSigmaM = 5, AzimuthSigmaRad = 0.001, ElevationSigmaRad = 0.001, ScanPeriodS = ScanS, MaxRangeM = MaxRangeM, MinElevationRad = 0.5 * RadPerDegree, DetectionProbability = 0.9 }],
            };
            Wall = new(DateTimeOffset.UnixEpoch.AddSeconds(1_800_000_000));
            Runner = new(new Site(_site, OperationStatus.Test), new WallClock(Wall), Wall, this, 0, NullLogger.Instance);
            _began = NowS;
            // An aircraft that flies level: looked at often enough, it is a track.
            while (Tracks == 0 && NowS - _began < 20)
            {
                Offer(What.NearTrack, 1, waitedS: 0);
                Turn();
                Pass(ScanS);
            }
            Assert.Equal(1, Tracks);
            (Offered, GivenNearTrack) = (Runner.Load.Plots, 0);
        }

        public FakeTimeProvider Wall { get; }

        public SiteRunner Runner { get; }

        public long Offered { get; private set; }

        public int GivenNearTrack { get; private set; }

        public int Tracks => _tracks.Count;

        public (long Useless, long Beginnings, long Full) Shed => (Runner.Load.ShedUseless, Runner.Load.ShedBeginnings, Runner.Load.ShedFull);

        private double NowS => (Wall.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds;

        /// <summary>Offers plots that came into the queue some time ago; gives how many found room.</summary>
        public int Offer(What what, int count, double waitedS)
        {
            Instant now = WallClock.InstantOf(Wall.GetUtcNow()), received = now.AddSeconds(-waitedS);
            QueuedPlot[] plots = [.. Enumerable.Range(0, count).Select(_ => new QueuedPlot(new() { Time = received, Sensor = 0, Measurement = Where(what, waitedS) }, received, (int)what))];
            int taken = Runner.Offer(plots);
            Offered += taken;
            return taken;
        }

        public void Turn() => Runner.Turn();

        public void TurnUntilEmpty()
        {
            while (Runner.Load.Queued > 0) Turn();
        }

        /// <summary>Time passes, and the thread comes round as it would.</summary>
        public void Pass(double seconds)
        {
            for (double s = 0; s < seconds; s += 0.05)
            {
                Wall.Advance(TimeSpan.FromSeconds(0.05));
                Turn();
            }
        }

        private Polar Where(What what, double waitedS)
        {
            // Spread evenly, and never the same twice: the fractional parts of multiples of the golden ratio.
            double u = ++_drawn * 0.6180339887498949 % 1, v = _drawn * 0.7548776662466927 % 1;
            return what switch
            {
                What.Outside => new((1.1 + u) * MaxRangeM, 2 * Math.PI * v, 0.2),
                // The aircraft stays in the east; clutter is in the west.
                What.Clutter => new(2_000 + 9_000 * u, (1.1 + 0.8 * v) * Math.PI, 0.02 + 0.5 * (u + v) % 0.5),
                What.Hill => new(7_000, 1.5 * Math.PI, 0.03),
                _ => Aircraft(NowS - waitedS, 0.3 * (u - 0.5), 0.3 * (v - 0.5)),
            };
        }

        private Polar Aircraft(double timeS, double rangeErrorSigmas, double azimuthErrorSigmas)
        {
            double north = -2_000 + 80 * (timeS - _began), east = 5_000, up = 1_000;
            double range = Math.Sqrt(north * north + east * east + up * up);
            return new(range + 5 * rangeErrorSigmas, Math.Atan2(east, north) + 0.001 * azimuthErrorSigmas, Math.Asin(up / range));
        }

        public bool HasNews => false;

        public void PlotReceived(Instant now, in Plot plot)
        {
            if (plot.Measurement.AzimuthRad < Math.PI && plot.Measurement.RangeM < MaxRangeM) GivenNearTrack++;
        }

        public void TrackConfirmed(Instant now, in Track track) => _tracks.Add(track.Id.Number);

        public void TrackEnded(Instant now, TrackId track, TrackEnd reason) => _tracks.Remove(track.Number);

        public void Broken(Instant now, Exception why) => Assert.Fail(why.ToString());

        public void Settle(Instant now, Site site, long plots)
        {
        }

        public void TrackUpdated(Instant now, in Track track)
        {
        }

        public void ImpactPredicted(Instant now, in ImpactPrediction prediction)
        {
        }

        public void WarningRaised(Instant now, in Warning warning)
        {
        }

        public void WarningUpdated(Instant now, in Warning warning)
        {
        }

        public void WarningCleared(Instant now, WarningId warning, OperationStatus status, int zone, WarningEnd reason)
        {
        }

        public void SensorChanged(Instant now, int sensor, SensorCondition condition, string blind)
        {
        }

        public void InputRejected(Instant now, in Rejection rejection)
        {
        }
    }
}
