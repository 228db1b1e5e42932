using System.Collections.Immutable;
using Microsoft.Extensions.Time.Testing;
using Tocsin.Server.Channels;

namespace Tocsin.Server.Tests.Channels;

public sealed class ChannelRunnerTests
{
    private static readonly CancellationToken s_stop = TestContext.Current.CancellationToken;
    private readonly FakeTimeProvider _clock = new();
    private readonly FakeChannelLog _log;

    public ChannelRunnerTests() => _log = new FakeChannelLog(_clock);

    private static WarningMessage M(int warning, int revision = 1, WarningAct act = WarningAct.Raised, OperationStatus status = OperationStatus.Actual, double lifeS = 60) =>
        ChannelSamples.Message(warning, revision, act, status: status, lifeS: lifeS);

    private ChannelRunner Run(FakeChannel channel, ChannelRunnerOptions? options = null)
    {
        var runner = new ChannelRunner(channel, "fake", options ?? new(), _clock, _log);
        runner.Start();
        return runner;
    }

    /// <summary>Advances the clock in small steps, each after the runner has done all it could before.</summary>
    private async Task AdvanceAsync(ChannelRunner runner, double seconds)
    {
        for (double s = 0; s < seconds - 1e-9; s += 0.05)
        {
            await runner.WhenParkedAsync().WaitAsync(TimeSpan.FromSeconds(60), s_stop);
            _clock.Advance(TimeSpan.FromSeconds(0.05));
        }
        await runner.WhenParkedAsync().WaitAsync(TimeSpan.FromSeconds(60), s_stop);
    }

    private static Beat Beat(OperationStatus status = OperationStatus.Actual) => new(ChannelSamples.Start, status, []);

    private static Picture Picture(params string[] ended) => new(ChannelSamples.Start, OperationStatus.Actual, "Camp", [], [.. ended]);

    [Fact]
    public async Task A_message_is_sent_and_its_delay_is_from_the_offer_to_the_acknowledgement()
    {
        TaskCompletionSource answer = new(), called = new();
        var channel = new FakeChannel(_clock, (_, _) =>
        {
            called.SetResult();
            return answer.Task;
        });
        await using ChannelRunner runner = Run(channel);
        runner.Offer(M(3));
        await called.Task;
        _clock.Advance(TimeSpan.FromMilliseconds(250));
        Assert.Equal(M(3).Identity, Assert.Single(runner.Pending).Identity);
        answer.SetResult();
        await runner.WhenParkedAsync();
        Assert.Equal(["fake sent W3.1 after 0.25"], _log.Lines);
        Assert.Empty(runner.Pending);
        Assert.Equal(0.25, runner.State.DelayS!.Value, 6);
    }

    [Fact]
    public async Task A_failing_channel_is_tried_again_with_doubling_waits_until_the_message_expires()
    {
        var channel = new FakeChannel(_clock, (_, _) => throw new ChannelException("connection refused"));
        await using ChannelRunner runner = Run(channel);
        runner.Offer(M(1, lifeS: 40));
        await AdvanceAsync(runner, 45);
        double[] waits = [.. channel.Calls.Zip(channel.Calls.Skip(1), (a, b) => b.AtS - a.AtS)];
        for (int i = 0; i < waits.Length; i++)
        {
            // Uniform in the upper half of a wait that doubles from 0.2 s to 10 s; the test's clock goes by 0.05 s.
            double whole = Math.Min(10, 0.2 * Math.Pow(2, i));
            Assert.InRange(waits[i], whole / 2 - 0.051, whole + 0.051);
        }
        Assert.InRange(channel.Calls.Length, 8, 14);
        Assert.True(channel.Calls[^1].AtS < 40);
        Assert.Equal(["fake failed W1.1: expired before it could be sent: connection refused"], _log.Lines);
        Assert.Equal((1, 0, 0), ((int)runner.State.Failed, (int)runner.State.Sent, runner.State.Queued));
    }

    [Fact]
    public void Back_off_draws_are_each_channels_own_and_the_same_each_time()
    {
        double[] a = Draws("mqtt"), b = Draws("webhook");
        Assert.Equal(a, Draws("mqtt"));
        Assert.NotEqual(a, b);
        Assert.All(a.Concat(b), w => Assert.InRange(w, ChannelLimits.LeastBackOffS, ChannelLimits.MostBackOffS));

        static double[] Draws(string name)
        {
            BackOff backOff = new(name);
            return [.. Enumerable.Range(1, 40).Select(backOff.AfterS)];
        }
    }

    [Fact]
    public async Task A_newer_warning_does_not_wait_behind_one_that_fails_and_a_success_lets_the_others_follow()
    {
        bool down = true;
        var channel = new FakeChannel(_clock, (_, _) => down ? throw new ChannelException("down") : Task.CompletedTask);
        await using ChannelRunner runner = Run(channel);
        runner.Offer(M(1));
        await AdvanceAsync(runner, 8);
        int before = channel.Calls.Length;
        down = false;
        // The first is some seconds from its next try; the second goes at once and takes the first with it.
        runner.Offer(M(2));
        await runner.WhenParkedAsync();
        Assert.Equal(["W2.1", "W1.1"], channel.Names[before..]);
        Assert.Equal(ChannelHealth.Ok, runner.State.State);
    }

    [Fact]
    public async Task A_try_that_hangs_is_cut_short_and_other_warnings_go_on()
    {
        var channel = new FakeChannel(_clock, (m, stop) => m.Warning.Number == 1 ? Task.Delay(Timeout.Infinite, stop) : Task.CompletedTask);
        await using ChannelRunner runner = Run(channel, new ChannelRunnerOptions(TryTimeoutS: 2));
        runner.Offer(M(1));
        await channel.Waits.UntilAsync(() => channel.Calls.Length > 0);
        runner.Offer(M(2));
        _clock.Advance(TimeSpan.FromSeconds(2));
        await _log.Waits.UntilAsync(() => _log.Lines.Contains("fake sent W2.1 after 2"));
        Assert.Equal(["W1.1", "W2.1"], channel.Names[..2]);
    }

    [Fact]
    public async Task One_channel_that_hangs_delays_no_other()
    {
        var stuck = new FakeChannel(_clock, (_, _) => new TaskCompletionSource().Task, "stuck");
        var quick = new FakeChannel(_clock, name: "quick");
        await using var desk = new ChannelDesk([new(stuck, "fake", new(), _clock, _log), new(quick, "fake", new(), _clock, _log)], _clock, ChannelSamples.Context(_clock).Log);
        desk.Start(() => Beat(), () => Picture());
        for (int w = 1; w <= 5; w++) desk.Offer(M(w));
        await desk.Runners[1].WhenParkedAsync();
        Assert.Equal(5, quick.Names.Count(n => n != "beat"));
        Assert.Equal(5, desk.Pending.Count(p => p.Channel == "stuck"));
        // Closing it takes no longer than its limits, though it heeds nothing.
        Task stopped = desk.StopAsync();
        while (!stopped.IsCompleted)
        {
            _clock.Advance(TimeSpan.FromSeconds(0.5));
            await Task.Yield();
        }
    }

    [Fact]
    public async Task Beats_and_pictures_go_only_when_no_warning_waits_and_only_the_newest()
    {
        bool down = true;
        var channel = new FakeChannel(_clock, (_, _) => down ? throw new ChannelException("down") : Task.CompletedTask);
        await using ChannelRunner runner = Run(channel);
        runner.Offer(M(1));
        runner.Offer(Beat());
        runner.Offer(Picture("a"));
        runner.Offer(Picture("b"));
        await AdvanceAsync(runner, 3);
        Assert.All(channel.Names, n => Assert.Equal("W1.1", n));
        down = false;
        await AdvanceAsync(runner, 10);
        Assert.Equal(["W1.1", "beat", "picture"], channel.Names[^3..]);
        Assert.Equal(["a", "b"], Assert.Single(channel.Shown).Ended);
    }

    [Fact]
    public async Task What_a_failed_picture_said_has_ended_is_said_by_the_next()
    {
        var channel = new FakeChannel(_clock) { OnShow = p => p.Ended.Contains("b") ? Task.CompletedTask : throw new ChannelException("down") };
        await using ChannelRunner runner = Run(channel);
        runner.Offer(Picture("a"));
        await runner.WhenParkedAsync();
        runner.Offer(Picture("b"));
        await runner.WhenParkedAsync();
        runner.Offer(Picture("b"));
        await runner.WhenParkedAsync();
        Assert.Equal(["a", "a b", "b"], channel.Shown.Select(p => string.Join(' ', p.Ended)));
    }

    [Fact]
    public async Task Exercises_go_out_only_where_the_configuration_says_so_and_real_warnings_always()
    {
        var closed = new FakeChannel(_clock);
        var open = new FakeChannel(_clock);
        await using ChannelRunner without = Run(closed), with = Run(open, new ChannelRunnerOptions(Exercises: true));
        foreach (ChannelRunner runner in new[] { without, with })
        {
            runner.Offer(M(1, status: OperationStatus.Exercise));
            runner.Offer(M(2, status: OperationStatus.Test));
            runner.Offer(M(3));
            runner.Offer(Beat(OperationStatus.Exercise));
            await runner.WhenParkedAsync();
        }
        Assert.Equal(["W3.1"], closed.Names);
        Assert.Equal(["W1.1", "W2.1", "W3.1", "beat"], open.Names);
        Assert.Equal(2, without.State.Skipped);
        Assert.Contains("2 messages of exercises or tests were not sent", without.State.Note, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_of_health_is_told_at_once_and_other_changes_once_a_second()
    {
        bool down = false;
        var channel = new FakeChannel(_clock, (_, _) => down ? throw new ChannelException("down") : Task.CompletedTask);
        await using ChannelRunner runner = Run(channel);
        for (int w = 1; w <= 100; w++)
        {
            runner.Offer(M(w));
            await AdvanceAsync(runner, 0.05);
        }
        // Five seconds of a hundred messages.
        Assert.InRange(_log.States.Length, 4, 7);
        Assert.All(_log.States, s => Assert.Equal(ChannelHealth.Ok, s.State.State));
        down = true;
        int told = _log.States.Length;
        double now = _clock.GetUtcNow().Subtract(new FakeTimeProvider().GetUtcNow()).TotalSeconds;
        runner.Offer(M(101));
        await runner.WhenParkedAsync();
        Assert.Equal(ChannelHealth.Failing, _log.States[told].State.State);
        Assert.Equal(now, _log.States[told].AtS, 6);
        Assert.Equal("1 message waits: down", _log.States[told].State.Note);
    }

    [Fact]
    public async Task A_channel_that_answers_late_is_behind()
    {
        TaskCompletionSource answer = new();
        var channel = new FakeChannel(_clock, (_, _) => answer.Task);
        await using ChannelRunner runner = Run(channel);
        runner.Offer(M(1));
        await channel.Waits.UntilAsync(() => channel.Calls.Length > 0);
        for (int i = 0; i < 25; i++) _clock.Advance(TimeSpan.FromSeconds(0.1));
        Assert.Equal(ChannelHealth.Behind, _log.States[^1].State.State);
        answer.SetResult();
        await runner.WhenParkedAsync();
        Assert.Equal(ChannelHealth.Ok, _log.States[^1].State.State);
    }

    [Fact]
    public async Task Percentiles_are_of_the_last_thousand_delays_by_nearest_rank()
    {
        TaskCompletionSource called = new(), answer = new();
        var channel = new FakeChannel(_clock, (_, _) =>
        {
            TaskCompletionSource a = answer;
            called.SetResult();
            return a.Task;
        });
        await using ChannelRunner runner = Run(channel);
        // 500 slow ones that will be forgotten, then 1 ms to 1,000 ms.
        for (int i = 1; i <= 1500; i++)
        {
            runner.Offer(M(i));
            await called.Task;
            (called, TaskCompletionSource now) = (new(), answer);
            answer = new();
            _clock.Advance(TimeSpan.FromMilliseconds(i <= 500 ? 3000 : i - 500));
            now.SetResult();
            await runner.WhenParkedAsync();
        }
        Assert.Equal((0.5, 0.99, 1.0), (Math.Round(runner.State.P50S!.Value, 6), Math.Round(runner.State.P99S!.Value, 6), Math.Round(runner.State.DelayS!.Value, 6)));
    }

    [Fact]
    public async Task Stopping_sends_what_can_be_sent_and_gives_back_the_rest()
    {
        var channel = new FakeChannel(_clock, (m, _) => m.Warning.Number == 2 ? throw new ChannelException("no") : Task.CompletedTask);
        ChannelRunner runner = new(channel, "fake", new(), _clock, _log);
        for (int w = 1; w <= 3; w++) runner.Offer(M(w));
        runner.Start();
        Task<ImmutableArray<WarningMessage>> stopping = runner.StopAsync();
        double began = 0, tookS = 0;
        while (!stopping.IsCompleted)
        {
            await Task.WhenAny(stopping, runner.WhenParkedAsync());
            if (stopping.IsCompleted) break;
            _clock.Advance(TimeSpan.FromSeconds(0.1));
            tookS += 0.1;
        }
        Assert.Equal([2], (await stopping).Select(m => m.Warning.Number));
        Assert.Equal(["W1.1", "W2.1", "W3.1"], channel.Names[..3]);
        Assert.InRange(tookS - began, ChannelLimits.DrainS - 0.2, ChannelLimits.DrainS + 2.5);
        Assert.Equal(ChannelHealth.Off, runner.State.State);
    }

    [Fact]
    public async Task What_was_pending_when_the_process_died_is_sent_after_it_with_the_same_identity_and_revision()
    {
        var dead = new FakeChannel(_clock, (_, _) => throw new ChannelException("down"));
        ImmutableArray<byte[]> kept;
        await using (ChannelRunner first = Run(dead))
        {
            first.Offer(M(1));
            first.Offer(M(1, 2, WarningAct.Updated));
            first.Offer(M(2));
            await first.WhenParkedAsync();
            kept = [.. first.Pending.Select(m => WarningMessageJson.Write(m))];
        }
        var alive = new FakeChannel(_clock);
        await using ChannelRunner second = Run(alive);
        foreach (byte[] json in kept) second.Offer(WarningMessageJson.Read(json, out _)!, TimeSpan.FromSeconds(5));
        await second.WhenParkedAsync();
        Assert.Equal(["W1.1", "W1.2", "W2.1"], alive.Names.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task What_is_older_than_its_life_is_not_sent_after_a_restart_unless_it_ends_a_warning()
    {
        var channel = new FakeChannel(_clock);
        ChannelRunner runner = new(channel, "fake", new(), _clock, _log);
        runner.Offer(M(1, lifeS: 60), TimeSpan.FromSeconds(61));
        runner.Offer(M(2, 4, WarningAct.Over, lifeS: 60), TimeSpan.FromSeconds(61));
        runner.Start();
        await runner.WhenParkedAsync();
        Assert.Equal(["W2.4"], channel.Names);
        Assert.Equal(1, runner.State.Failed);
        await runner.DisposeAsync();
    }

    [Fact]
    public async Task A_log_that_throws_stops_nothing()
    {
        var channel = new FakeChannel(_clock);
        await using ChannelRunner runner = new(channel, "fake", new(), _clock, new ThrowingLog());
        runner.Start();
        runner.Offer(M(1));
        runner.Offer(M(2));
        await runner.WhenParkedAsync();
        Assert.Equal(["W1.1", "W2.1"], channel.Names);
    }

    [Fact]
    public async Task Raises_that_wait_go_together_and_what_failed_together_is_tried_again_one_by_one()
    {
        TaskCompletionSource first = new(), called = new();
        bool refuses = true;
        var channel = new FakeChannel(_clock, (m, _) =>
        {
            if (m.Warning.Number == 1 && m.Revision == 1)
            {
                called.TrySetResult();
                return first.Task;
            }
            return refuses && m.Warning.Number == 3 ? throw new ChannelException("refused") : Task.CompletedTask;
        })
        { TakesTogether = 3 };
        await using ChannelRunner runner = Run(channel);
        runner.Offer(M(1));
        await called.Task;
        // What waits meanwhile: four raises and an update of the first, which is no raise.
        runner.Offer(M(1, 2, WarningAct.Updated));
        for (int w = 2; w <= 5; w++) runner.Offer(M(w));
        first.SetResult();
        await runner.WhenParkedAsync();
        Assert.Equal(["W1.1", "W2.1+W3.1+W4.1", "W5.1", "W1.2"], channel.Names.Take(4));
        await AdvanceAsync(runner, 2);
        Assert.DoesNotContain(channel.Names.Skip(4), n => n.Contains('+', StringComparison.Ordinal));
        Assert.Contains("W2.1", channel.Names);
        Assert.Contains("W4.1", channel.Names);
        Assert.Equal(3, Assert.Single(runner.Pending).Warning.Number);
        refuses = false;
        await AdvanceAsync(runner, 20);
        Assert.Empty(runner.Pending);
    }

    private sealed class ThrowingLog : IChannelLog
    {
        public void Sent(string channel, WarningMessage m, double delayS) => throw new IOException("disk full");

        public void Failed(string channel, WarningMessage m, string reason) => throw new IOException("disk full");

        public void StateChanged(ChannelState s) => throw new IOException("disk full");

        public void Told(string channel, string what) => throw new IOException("disk full");
    }
}
