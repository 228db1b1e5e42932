using CsCheck;
using Tocsin.Server.Channels;

namespace Tocsin.Server.Tests.Channels;

public sealed class MessageQueueTests
{
    private static WarningMessage M(int warning, int revision, WarningAct act) => ChannelSamples.Message(warning, revision, act);

    private static string[] Drain(MessageQueue queue)
    {
        List<string> sent = [];
        while (queue.Take(again: true) is { } w)
        {
            sent.Add($"{w.Message.Warning}.{w.Message.Revision}");
            queue.Tried(w, acknowledged: true);
        }
        Assert.Equal(0, queue.Count);
        return [.. sent];
    }

    [Fact]
    public void An_update_gives_way_to_what_is_newer_and_a_raise_and_an_end_give_way_to_nothing()
    {
        MessageQueue queue = new(100);
        List<WarningMessage> shed = [];
        foreach (WarningMessage m in new[] { M(1, 1, WarningAct.Raised), M(1, 2, WarningAct.Updated), M(2, 1, WarningAct.Raised), M(1, 3, WarningAct.Updated), M(2, 2, WarningAct.Updated), M(2, 3, WarningAct.Over) })
            queue.Add(m, 0, 1000, shed);
        Assert.Equal(["W1.1", "W2.1", "W1.3", "W2.3"], Drain(queue));
        Assert.Empty(shed);
    }

    [Fact]
    public void A_raise_overtakes_what_is_said_of_other_warnings_and_never_its_own() =>
        Gen.Select(Gen.Int[1, 6], Gen.Int[0, 2]).Array[1, 40].Sample(offers =>
        {
            MessageQueue queue = new(1_000);
            Dictionary<int, int> revisions = [];
            foreach ((int warning, int act) in offers)
            {
                int revision = revisions[warning] = revisions.GetValueOrDefault(warning) + 1;
                queue.Add(M(warning, revision, revision == 1 ? WarningAct.Raised : act == 0 ? WarningAct.Over : WarningAct.Updated), 0, 1000, []);
            }
            List<(int Warning, int Revision)> sent = [];
            while (queue.Take(again: true) is { } w)
            {
                sent.Add((w.Message.Warning.Number, w.Message.Revision));
                queue.Tried(w, acknowledged: true);
            }
            // Nothing was tried before: all raises come first, in the order in which they were made.
            int raises = offers.Select(o => o.Item1).Distinct().Count();
            Assert.Equal(offers.Select(o => o.Item1).Distinct(), sent.Take(raises).Select(s => s.Warning));
            Assert.All(sent.Take(raises), s => Assert.Equal(1, s.Revision));
            Assert.All(sent.GroupBy(s => s.Warning), g => Assert.Equal(g.Select(s => s.Revision).Order(), g.Select(s => s.Revision)));
        });

    [Fact]
    public void What_has_failed_waits_its_turn_behind_what_is_new_and_then_goes_round()
    {
        MessageQueue queue = new(100);
        List<string> tries = [];
        for (int w = 1; w <= 3; w++) queue.Add(M(w, 1, WarningAct.Raised), 0, 1000, []);
        for (int i = 0; i < 7; i++)
        {
            if (i == 4) queue.Add(M(4, 1, WarningAct.Raised), 0, 1000, []);
            WaitingMessage w = queue.Take(again: true)!;
            tries.Add($"{w.Message.Warning}");
            queue.Tried(w, acknowledged: false);
        }
        Assert.Equal(["W1", "W2", "W3", "W1", "W4", "W2", "W3"], tries);
        Assert.Null(queue.Take(again: false));
    }

    [Fact]
    public void A_full_queue_sheds_updates_then_warnings_that_are_over_and_unheard_of_and_never_an_open_raise()
    {
        MessageQueue queue = new(4);
        List<WarningMessage> shed = [];
        queue.Add(M(1, 1, WarningAct.Raised), 0, 1000, shed);
        queue.Add(M(1, 2, WarningAct.Updated), 0, 1000, shed);
        queue.Add(M(2, 1, WarningAct.Raised), 0, 1000, shed);
        queue.Add(M(2, 2, WarningAct.Over), 0, 1000, shed);
        queue.Add(M(3, 1, WarningAct.Raised), 0, 1000, shed);
        Assert.Equal([(1, 2)], shed.Select(m => (m.Warning.Number, m.Revision)));
        queue.Add(M(4, 1, WarningAct.Raised), 0, 1000, shed);
        Assert.Equal([(1, 2), (2, 1), (2, 2)], shed.Select(m => (m.Warning.Number, m.Revision)));
        for (int w = 5; w < 50; w++) queue.Add(M(w, 1, WarningAct.Raised), 0, 1000, shed);
        Assert.Equal(3, shed.Count);
        Assert.Equal(48, queue.Count);
    }

    [Fact]
    public void Past_what_is_held_at_most_even_raises_go_and_the_newest_are_kept()
    {
        MessageQueue queue = new(16);
        List<WarningMessage> shed = [];
        for (int w = 1; w <= ChannelLimits.HeldMessages; w++)
        {
            queue.Add(M(w, 1, WarningAct.Raised), 0, 1000, shed);
            // The first is being tried: it is never shed.
            if (w == 1) Assert.NotNull(queue.Take(again: true));
        }
        Assert.Empty(shed);
        queue.Add(M(1, 2, WarningAct.Over), 0, 1000, shed);
        queue.Add(M(900_000, 1, WarningAct.Raised), 0, 1000, shed);
        queue.Add(M(900_001, 1, WarningAct.Raised), 0, 1000, shed);
        // The end that waited goes before any raise does, then the oldest raise.
        Assert.Equal([(1, 2), (2, 1), (3, 1)], shed.Select(m => (m.Warning.Number, m.Revision)));
        Assert.Equal(ChannelLimits.HeldMessages, queue.Count);
    }

    [Fact]
    public void A_raise_lives_as_long_as_its_warning_and_an_end_is_tried_at_least_once()
    {
        MessageQueue queue = new(100);
        List<WarningMessage> expired = [];
        queue.Add(M(1, 1, WarningAct.Raised), 0, 100, []);
        queue.Add(M(1, 2, WarningAct.Updated), 0, 200, []);
        Fail(queue);
        queue.TakeExpired(150, expired);
        Assert.Empty(expired);
        Assert.Equal(200, queue.NextExpiry);
        queue.Add(M(1, 3, WarningAct.Over), 0, 120, []);
        queue.TakeExpired(150, expired);
        Assert.Equal([1], expired.Select(m => m.Revision));
        queue.TakeExpired(10_000, expired);
        Assert.Single(expired);
        Fail(queue);
        queue.TakeExpired(10_000, expired);
        Assert.Equal([1, 3], expired.Select(m => m.Revision));
        Assert.Equal(0, queue.Count);

        static void Fail(MessageQueue queue) => queue.Tried(queue.Take(again: true)!, acknowledged: false);
    }

    [Fact]
    public void Whatever_comes_and_fails_each_warning_goes_out_in_order_with_its_raise_and_its_end()
    {
        // Each step offers the next message of one of six warnings, or makes a try that fails or succeeds.
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 5]).Array[10, 120].Sample(steps =>
        {
            MessageQueue queue = new(12);
            int[] revision = new int[6];
            bool[] over = new bool[6];
            List<WarningMessage> shed = [], offered = [], sent = [];
            foreach ((int warning, int what) in steps)
            {
                if (what <= 3 && !over[warning])
                {
                    WarningAct act = revision[warning] == 0 ? WarningAct.Raised : what == 3 ? WarningAct.Over : WarningAct.Updated;
                    over[warning] = act == WarningAct.Over;
                    WarningMessage m = M(warning, ++revision[warning], act);
                    offered.Add(m);
                    queue.Add(m, 0, 1000, shed);
                    queue.Add(m, 0, 1000, shed);
                }
                else if (queue.Take(again: true) is { } w)
                {
                    queue.Tried(w, acknowledged: what == 5);
                    if (what == 5) sent.Add(w.Message);
                }
                Assert.Equal(queue.Pending.Length, queue.Count);
                // Six raises and six ends fit, so updates are all that is ever shed.
                Assert.True(queue.Count <= 12);
            }
            while (queue.Take(again: true) is { } w)
            {
                queue.Tried(w, acknowledged: true);
                sent.Add(w.Message);
            }
            foreach (IGrouping<string, WarningMessage> warning in sent.GroupBy(m => m.Identity))
                Assert.Equal(warning.Select(m => m.Revision).Order().Distinct(), warning.Select(m => m.Revision));
            Assert.Empty(offered.Where(m => m.Act != WarningAct.Updated).Except(sent));
            Assert.DoesNotContain(shed, m => m.Act != WarningAct.Updated);
            // The newest word on every warning is the last that its receiver has, unless it was an update that had to be shed.
            foreach (IGrouping<string, WarningMessage> warning in offered.GroupBy(m => m.Identity))
                if (!shed.Contains(warning.Last())) Assert.Same(warning.Last(), sent.Last(m => m.Identity == warning.Key));
        }, iter: 1_000);
    }
}
