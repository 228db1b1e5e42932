using System.Diagnostics.Metrics;
using Tocsin.Server.Feeds;

namespace Tocsin.Server.Tests.Feeds;

/// <summary>The desk in fake time: each fault of one feed is seen within seconds, with what it means, and the feed beside it stays well.</summary>
public sealed class FeedDeskTests
{
    private static FeedBench Two(Func<FeedSettings, FeedSettings>? north = null) =>
        new(feeds: [(north ?? (s => s))(FeedBench.Settings("north")), FeedBench.Settings("south")]);

    private static async Task<FeedBench> Running(Func<FeedSettings, FeedSettings>? north = null)
    {
        FeedBench bench = Two(north);
        await bench.StartAsync();
        bench.Run(30, _ => Both(bench));
        Assert.Equal([FeedState.Ok, FeedState.Ok], bench.Desk.Statuses().Select(s => s.State));
        Assert.Equal("", bench.Desk.Sight());
        bench.SensorChanges.Clear();
        return bench;
    }

    private static void Both(FeedBench bench)
    {
        bench.Send(0, 0, 5);
        South(bench);
    }

    private static void South(FeedBench bench) => bench.Send(1, 1, 5);

    private static void SouthIsWell(FeedBench bench)
    {
        Assert.Equal((FeedState.Ok, ""), (bench.Of(1).State, bench.Of(1).Meaning));
        Assert.DoesNotContain(bench.SensorChanges, c => c.Sensor == 1);
    }

    [Fact]
    public async Task A_feed_that_stalls_is_silent_within_seconds_and_says_which_rounds_may_not_be_seen()
    {
        await using FeedBench bench = await Running();
        Assert.InRange(bench.Until(() => bench.Of(0).State == FeedState.Silent, _ => South(bench)), 1, 4);
        Assert.Matches("^north silent for [0-9.]+ s: rounds from the west to the east, between [45] and 20 km, may not be seen$", bench.Of(0).Meaning);
        (int sensor, SensorCondition condition, string blind) = Assert.Single(bench.SensorChanges);
        Assert.Equal((0, SensorCondition.Silent), (sensor, condition));
        Assert.Matches("^north radar silent for .* may not be seen$", blind);
        Assert.Matches("^Rounds from the west to the east, .* may not be seen: north radar silent for [0-9.]+ s\\.$", bench.Desk.Sight());
        SouthIsWell(bench);
        Assert.InRange(bench.Until(() => bench.Of(0).State == FeedState.Ok, _ => Both(bench)), 0, 2);
        Assert.Equal("", bench.Desk.Sight());
        Assert.Equal((0, SensorCondition.Ok, ""), bench.SensorChanges[^1]);
    }

    [Fact]
    public async Task When_no_feed_brings_anything_at_all_the_desk_says_so()
    {
        await using FeedBench bench = await Running();
        Assert.InRange(bench.Until(() => bench.Desk.Sight().StartsWith("Nothing can be seen", StringComparison.Ordinal), _ => { }), 1, 4);
        Assert.Equal(2, bench.SensorChanges.Count);
    }

    [Fact]
    public async Task A_feed_that_was_never_heard_waits_and_its_sensor_is_told_as_silent()
    {
        await using FeedBench bench = Two();
        await bench.StartAsync();
        Assert.Equal(FeedState.Waiting, bench.Of(0).State);
        Assert.InRange(bench.Until(() => bench.SensorChanges.Count > 0, _ => South(bench)), 9, 12);
        Assert.Equal((0, SensorCondition.Silent), (bench.SensorChanges[0].Sensor, bench.SensorChanges[0].Condition));
        Assert.Equal(FeedState.Waiting, bench.Of(0).State);
        Assert.Contains("not heard", bench.Desk.Sight(), StringComparison.Ordinal);
        Assert.Null(bench.Of(0).LastHeard);
    }

    [Fact]
    public async Task A_feed_that_ends_is_seen_at_once()
    {
        await using FeedBench bench = await Running();
        bench.Scripted[0].End();
        Assert.InRange(bench.Until(() => bench.Of(0).State == FeedState.Ended, _ => South(bench)), 0, 0.5);
        Assert.StartsWith("north has ended: rounds from", bench.Of(0).Meaning, StringComparison.Ordinal);
        Assert.Equal(SensorCondition.Silent, Assert.Single(bench.SensorChanges).Condition);
        SouthIsWell(bench);
    }

    [Fact]
    public async Task A_feed_that_fails_is_started_again_with_back_off()
    {
        await using FeedBench bench = await Running();
        List<double> gaps = [];
        for (int i = 0; i < 8; i++)
        {
            int runs = bench.Scripted[0].Runs;
            bench.Scripted[0].Fail("address already in use");
            bench.Run(0.25, _ => South(bench));
            Assert.Equal(FeedState.Faulty, bench.Of(0).State);
            Assert.Contains("address already in use", bench.Of(0).Meaning, StringComparison.Ordinal);
            gaps.Add(bench.Until(() => bench.Scripted[0].Runs > runs, _ => South(bench)) + 0.25);
            await bench.Scripted[0].Started();
        }
        Assert.Equal([0.5, 1, 2, 4, 8, 16, 30, 30], gaps.Select(g => Math.Round(g * 2) / 2));
        SouthIsWell(bench);
        Assert.InRange(bench.Until(() => bench.Of(0).State == FeedState.Ok, _ => Both(bench)), 0, 2);
    }

    [Fact]
    public async Task A_flood_beyond_the_largest_rate_is_refused_and_told()
    {
        await using FeedBench bench = await Running(s => s with { MaxPlotsPerS = 400 });
        int before = bench.Intake.Plots.Count(p => p.Feed == 0);
        Assert.InRange(bench.Until(() => bench.Of(0).State == FeedState.Flooding, _ => Flood()), 0, 3);
        bench.Run(10, _ => Flood());
        Assert.Contains("400 plots a second", bench.Of(0).Meaning, StringComparison.Ordinal);
        // At most the largest rate for the time that passed, and one burst.
        int taken = bench.Intake.Plots.Count(p => p.Feed == 0) - before;
        Assert.InRange(taken, 4_000, 400 * 14);
        Assert.True(bench.Of(0).Refused > 10_000);
        Assert.Contains(bench.SensorChanges, c => c is { Sensor: 0, Condition: SensorCondition.Flooding });
        SouthIsWell(bench);
        Assert.InRange(bench.Until(() => bench.Of(0).State == FeedState.Ok, _ => Both(bench)), 0, 8);

        void Flood()
        {
            bench.Send(0, 0, 500);
            South(bench);
        }
    }

    [Fact]
    public async Task A_flood_far_above_the_habit_is_told_and_a_raid_is_not()
    {
        await using FeedBench bench = await Running();
        // 200 rounds seen four times a second, from a radar that saw 20 plots a second.
        bench.Run(10, _ => Raid());
        Assert.Equal(FeedState.Ok, bench.Of(0).State);
        Assert.InRange(bench.Until(() => bench.Of(0).State == FeedState.Flooding, _ => bench.Send(0, 0, 2_000)), 0, 4);

        void Raid()
        {
            bench.Send(0, 0, 205);
            South(bench);
        }
    }

    [Fact]
    public async Task One_sensor_that_floods_a_shared_feed_leaves_the_other_its_part()
    {
        await using FeedBench bench = new(feeds: [FeedBench.Settings("both") with { MaxPlotsPerS = 1_000 }]);
        await bench.StartAsync();
        bench.Run(20, _ =>
        {
            for (int i = 0; i < 20; i++)
            {
                bench.Send(0, 0, 100);
                bench.Send(0, 1, 5);
            }
        });
        int[] taken = [.. Enumerable.Range(0, 2).Select(s => bench.Intake.Plots.Count(p => p.Plot.Sensor == s))];
        Assert.Equal(20 * 4 * 100, taken[1]);
        Assert.InRange(taken[0] + taken[1], 0, 1_000 * 21 + 10);
    }

    [Fact]
    public async Task Rubbish_is_told_and_thinned_out()
    {
        await using FeedBench bench = await Running();
        Assert.InRange(bench.Until(() => bench.Of(0).State == FeedState.Faulty, _ => Rubbish()), 0, 3);
        Assert.Contains("rubbish", bench.Of(0).Meaning, StringComparison.Ordinal);
        Assert.Contains("out of step", bench.Of(0).Meaning, StringComparison.Ordinal);
        bench.Run(5, _ => Rubbish());
        Assert.InRange(bench.Intake.Rejections.Length, 1, 8 * (FeedLimits.RejectionsPerS + 1));
        bench.Run(2, _ => Both(bench));
        Assert.Equal(bench.Of(0).Rejected, bench.Intake.Rejections.Sum(r => r.Count));
        SouthIsWell(bench);

        void Rubbish()
        {
            Both(bench);
            for (int i = 0; i < 100; i++) bench.Scripted[0].Sink.Reject(new("north", "out of step", 1, true));
        }
    }

    [Fact]
    public async Task A_feed_whose_records_are_all_of_an_unknown_sensor_is_faulty_and_says_why()
    {
        await using FeedBench bench = Two();
        await bench.StartAsync();
        Assert.InRange(bench.Until(() => bench.Of(0).State == FeedState.Faulty, _ =>
        {
            bench.Scripted[0].Sink.Heard(50);
            ((FeedAccount)bench.Scripted[0].Sink).Judge(1, 0);
            bench.Scripted[0].Sink.Reject(new("north", "SAC 25 SIC 9 is not a sensor of the site", 1, true));
        }), 0, 5);
        Assert.Contains("SIC 9", bench.Of(0).Meaning, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2.0, FeedState.Faulty, "2.0 s ahead")]
    [InlineData(-2.0, FeedState.Late, "2.0 s behind")]
    [InlineData(-9.0, FeedState.Faulty, "too old to be used")]
    public async Task A_clock_that_was_set_wrongly_is_told_within_seconds(double offsetS, FeedState state, string words)
    {
        await using FeedBench bench = await Running();
        Assert.InRange(bench.Until(() => bench.Of(0).State == state, _ => Wrong()), 0, 8);
        bench.Run(5, _ => Wrong());
        Assert.Contains(words, bench.Of(0).Meaning, StringComparison.Ordinal);
        Assert.Equal(offsetS - 0.02, bench.Of(0).ClockOffsetS!.Value, 0.05);
        Assert.NotEmpty(bench.Desk.Sight());
        SouthIsWell(bench);

        void Wrong()
        {
            bench.Send(0, 0, 5, 0.02 - offsetS);
            South(bench);
        }
    }

    [Fact]
    public async Task A_clock_that_drifts_is_told_before_it_is_off_by_the_limit()
    {
        await using FeedBench bench = await Running();
        double off = 0;
        Assert.InRange(bench.Until(() => bench.Of(0).State == FeedState.Late, t =>
        {
            off = 0.01 * t;
            bench.Send(0, 0, 5, 0.02 - off);
            South(bench);
        }), 1, 40);
        Assert.InRange(off, 0.01, 0.49);
        Assert.Contains("drifts", bench.Of(0).Meaning, StringComparison.Ordinal);
        SouthIsWell(bench);
    }

    [Fact]
    public async Task One_plot_with_a_wild_time_is_no_reason_to_doubt_a_clock()
    {
        await using FeedBench bench = await Running();
        bench.Run(10, t =>
        {
            Both(bench);
            if (t is 1 or 3) bench.Send(0, 0, 1, t == 1 ? -3_600 : 3_600);
        });
        Assert.Equal(FeedState.Ok, bench.Of(0).State);
        Assert.Equal(-0.02, bench.Of(0).ClockOffsetS!.Value, 0.01);
    }

    [Fact]
    public async Task A_clock_is_corrected_only_where_that_is_asked_for()
    {
        await using FeedBench bench = Two(s => s with { CorrectClock = true, LinkDelayS = 0.02 });
        await bench.StartAsync();
        bench.Run(40, _ =>
        {
            bench.Send(0, 0, 5, 0.02 - 1.5);
            bench.Send(1, 1, 5, 0.02 - 0.1);
        });
        Assert.Equal(0.02, Age(0), 0.005);
        Assert.Equal(0.02 - 0.1, Age(1), 1e-6);
        Assert.Equal(FeedState.Ok, bench.Of(0).State);
        Assert.Equal(1.5, bench.Of(0).ClockOffsetS!.Value, 0.005);

        double Age(int feed) => bench.Intake.Plots.Last(p => p.Feed == feed) is var q ? q.Received.SecondsSince(q.Plot.Time) : 0;
    }

    [Fact]
    public async Task When_this_machines_own_clock_is_moved_that_is_told_and_no_sensor_is_blamed()
    {
        await using FeedBench bench = await Running();
        bench.Clock.Moved = TimeSpan.FromSeconds(30);
        bench.Run(1, _ => Both(bench));
        Assert.Contains(bench.Notes, n => n.Contains("own clock was moved by +30 s", StringComparison.Ordinal));
        bench.Run(5, _ => Both(bench));
        Assert.Equal(FeedState.Ok, bench.Of(0).State);
    }

    [Fact]
    public async Task What_the_queue_has_no_room_for_is_shed_and_counted()
    {
        await using FeedBench bench = await Running();
        long before = bench.Of(0).Plots;
        bench.Intake.IsFull = true;
        bench.Run(0.25, _ => bench.Send(0, 0, 7));
        Assert.Equal((7, before), (bench.Of(0).Shed, bench.Of(0).Plots));
    }

    [Fact]
    public async Task A_sensor_that_another_feed_brings_too_is_not_lost_with_one_of_them()
    {
        await using FeedBench bench = new(feeds: [FeedBench.Settings("a"), FeedBench.Settings("b")]);
        await bench.StartAsync();
        bench.Run(20, _ =>
        {
            bench.Send(0, 0, 5);
            bench.Send(1, 0, 5);
            bench.Send(1, 1, 5);
        });
        Assert.InRange(bench.Until(() => bench.Of(0).State == FeedState.Silent, _ =>
        {
            bench.Send(1, 0, 5);
            bench.Send(1, 1, 5);
        }), 1, 4);
        Assert.EndsWith("its sensors come by another feed too", bench.Of(0).Meaning, StringComparison.Ordinal);
        Assert.Equal("", bench.Desk.Sight());
    }

    [Fact]
    public void A_plot_costs_no_allocation()
    {
        var clock = TimeProvider.System;
        var account = new FeedAccount(0, FeedBench.Settings("north") with { MaxPlotsPerS = 1e6, CorrectClock = true }, FeedBench.TwoRadars(), new NoIntake(), new Tocsin.Server.Live.WallClock(clock), clock, null);
        var plot = new Plot { Time = new Tocsin.Server.Live.WallClock(clock).Now, Sensor = 0, Measurement = new(5_000, 1, 0.3) };
        Take(1_000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        Take(10_000);
        // Less than a byte a plot: the runtime itself may allocate a little on any thread.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1_000);

        void Take(int plots)
        {
            for (int i = 0; i < plots; i++)
            {
                account.Heard(50);
                account.Take(plot, plot.Time);
            }
        }
    }

    private sealed class NoIntake : IPlotIntake
    {
        public bool Offer(in QueuedPlot plot) => true;

        public void Reject(in Rejection rejection)
        {
        }
    }

    [Fact]
    public async Task It_stops_even_where_a_feed_does_not()
    {
        var stuck = new StuckFeed();
        FeedBench bench = Two();
        var desk = new FeedDesk(bench.Site, [new(FeedBench.Settings("stuck"), stuck)], bench.Intake, new Tocsin.Server.Live.WallClock(TimeProvider.System), TimeProvider.System,
            Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        desk.Start();
        // The feed would stay for ever: whatever the machine has to do besides, this is an end.
        await desk.StopAsync().WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        stuck.End();
        await bench.DisposeAsync();
    }

    [Fact]
    public async Task The_meter_tells_what_the_status_tells()
    {
        Dictionary<string, double> seen = [];
        await using FeedBench bench = new(feeds: [FeedBench.Settings("metered"), FeedBench.Settings("other")]);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (i, l) =>
        {
            if (i.Meter.Name == "Tocsin.Feeds") l.EnableMeasurementEvents(i);
        };
        listener.SetMeasurementEventCallback<long>((i, v, tags, _) => Note(i, v, tags));
        listener.SetMeasurementEventCallback<double>((i, v, tags, _) => Note(i, v, tags));
        listener.Start();
        await bench.StartAsync();
        bench.Run(10, _ => bench.Send(0, 0, 3));
        listener.RecordObservableInstruments();
        lock (seen)
        {
            Assert.Equal(120, seen["tocsin.feeds.plots metered north radar"]);
            Assert.Equal(6_000, seen["tocsin.feeds.bytes metered"]);
            Assert.Equal(0.02, seen["tocsin.feeds.delay metered north radar"], 1e-6);
            Assert.Equal(-0.02, seen["tocsin.feeds.clock_offset metered north radar"], 0.01);
        }

        void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            lock (seen) seen[string.Join(' ', [instrument.Name, .. tags.ToArray().Select(t => t.Value)])] = value;
        }
    }

    private sealed class StuckFeed() : Feed("stuck", new Uri("http://stuck/"))
    {
        private readonly TaskCompletionSource _end = new();

        public override Task RunAsync(IFeedSink sink, CancellationToken stop) => _end.Task;

        public void End() => _end.SetResult();
    }
}
