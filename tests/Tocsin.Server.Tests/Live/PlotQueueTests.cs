using Tocsin.Server.Feeds;
using Tocsin.Server.Live;

namespace Tocsin.Server.Tests.Live;

/// <summary>The bounded queue before a Site.</summary>
public class PlotQueueTests
{
    [Fact]
    public void What_goes_in_comes_out_in_order_over_many_turns_of_the_ring()
    {
        var queue = new PlotQueue();
        var entries = new PlotQueue.Entry[1000];
        List<Action> commands = [];
        long put = 0, taken = 0;
        while (taken < PlotQueue.Capacity * 3L)
        {
            for (int i = 0; i < 1500 && queue.Offer(Plot(put)); i++) put++;
            int n = queue.Drain(entries, commands);
            foreach (PlotQueue.Entry e in entries.AsSpan(0, n)) Assert.Equal(taken++, e.Plot.Plot.Number);
        }
        Assert.Equal(put - taken, queue.Count);
    }

    [Fact]
    public void A_full_queue_refuses_and_counts_and_keeps_what_it_has()
    {
        var queue = new PlotQueue();
        for (int i = 0; i < PlotQueue.Capacity; i++) Assert.True(queue.Offer(Plot(i)));
        Assert.False(queue.Offer(Plot(-1)));
        Assert.False(queue.Offer(new Rejection("radar", "no such thing", 1, FromFeed: true)));
        Assert.Equal((2, PlotQueue.Capacity), (queue.Shed, queue.Count));
        var entries = new PlotQueue.Entry[PlotQueue.Capacity + 1];
        Assert.Equal(PlotQueue.Capacity, queue.Drain(entries, []));
        Assert.Equal((0, PlotQueue.Capacity - 1), (entries[0].Plot.Plot.Number, entries[PlotQueue.Capacity - 1].Plot.Plot.Number));
        Assert.True(queue.Offer(Plot(7)));
    }

    [Fact]
    public void Rejections_keep_their_place_among_plots_and_commands_do_not_wait_behind_them()
    {
        var queue = new PlotQueue();
        queue.Offer(Plot(1));
        queue.Offer(new Rejection("radar", "no such thing", 1, FromFeed: true));
        queue.Offer(Plot(2));
        bool ran = false;
        queue.Post(() => ran = true);
        var one = new PlotQueue.Entry[1];
        List<Action> commands = [];
        Assert.Equal(1, queue.Drain(one, commands));
        Assert.Single(commands)();
        Assert.True(ran);
        Assert.Null(one[0].Rejection);
        queue.Drain(one, commands);
        Assert.Equal("no such thing", one[0].Rejection?.Reason);
        queue.Drain(one, commands);
        Assert.Equal(2, one[0].Plot.Plot.Number);
        Assert.Single(commands);
    }

    [Fact]
    public async Task Who_waits_is_woken_by_a_plot_and_by_a_command()
    {
        var queue = new PlotQueue();
        foreach (Action put in (Action[])[() => queue.Offer(Plot(1)), () => queue.Post(() => { })])
        {
            var waiting = Task.Run(() => queue.Wait(TimeSpan.FromMinutes(5)), TestContext.Current.CancellationToken);
            put();
            await waiting.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            queue.Drain(new PlotQueue.Entry[4], []);
        }
    }

    private static QueuedPlot Plot(long number) => new(new() { Time = default, Sensor = 0, Measurement = default, Number = number }, default, 0);
}
