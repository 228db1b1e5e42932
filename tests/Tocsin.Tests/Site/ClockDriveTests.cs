using CsCheck;

namespace Tocsin.Tests;

/// <summary>A Site driven by a clock does the same whenever its driver wakes, so that what was live can be replayed.</summary>
public sealed class ClockDriveTests
{
    [Fact]
    public void Waking_more_often_changes_nothing()
    {
        (List<(Plot Plot, Instant At)> arrivals, Instant end) = Arrivals(7);
        List<string> plain = Run(arrivals, end, (_, _) => { });
        Assert.Contains(plain, l => l.StartsWith("warning", StringComparison.Ordinal));
        Gen.Int[1, 400].Array[20, 60].Sample(steps =>
        {
            int k = 0;
            List<string> woken = Run(arrivals, end, (drive, until) =>
            {
                for (Instant t = drive.Now.AddSeconds(steps[k % steps.Length] / 1000.0); t < until; t = t.AddSeconds(steps[++k % steps.Length] / 1000.0)) drive.RunTo(t);
            });
            return plain.SequenceEqual(woken);
        }, iter: 6);
    }

    [Fact]
    public void A_site_taken_over_in_between_goes_on_as_if_nothing_had_happened()
    {
        (List<(Plot Plot, Instant At)> arrivals, Instant end) = Arrivals(3);
        List<string> whole = Run(arrivals, end, (_, _) => { });
        foreach (double share in (double[])[0.2, 0.5, 0.8])
        {
            int cut = (int)(share * arrivals.Count);
            var said = new Recorder();
            var site = new Site(SiteTests.Place, OperationStatus.Test);
            var drive = new ClockDrive(site, said, arrivals[0].At);
            foreach ((Plot plot, Instant at) in arrivals[..cut]) drive.Feed(plot, at);
            Site taken = Site.Load(site.Definition, OperationStatus.Test, site.Save());
            drive = new ClockDrive(taken, said, drive.Now);
            foreach ((Plot plot, Instant at) in arrivals[cut..]) drive.Feed(plot, at);
            drive.RunTo(end);
            Assert.Equal(whole, said.Lines);
        }
    }

    [Fact]
    public void No_plot_is_held_for_longer_than_the_sites_lateness()
    {
        (List<(Plot Plot, Instant At)> arrivals, _) = Arrivals(11);
        var site = new Site(SiteTests.Place, OperationStatus.Test);
        var said = new Recorder();
        var drive = new ClockDrive(site, said, arrivals[0].At);
        foreach ((Plot plot, Instant at) in arrivals)
        {
            drive.Feed(plot, at);
            if (site.Due is { } due) Assert.True(due.SecondsSince(plot.Time) <= site.Definition.LatenessS + 1e-6 || due <= at);
        }
        // What the tracks show is never older than the hold, a tick and the time to the plot's arrival.
        foreach ((Instant now, Track track) in said.Tracks) Assert.InRange(now.SecondsSince(track.ValidTime), 0, site.Definition.LatenessS + 0.2);
    }

    [Fact]
    public void A_plot_from_the_future_is_refused_and_named()
    {
        var site = new Site(SiteTests.Place, OperationStatus.Test);
        var said = new Recorder();
        var drive = new ClockDrive(site, said, Bench.Start);
        drive.Feed(SiteTests.Raid[0] with { Time = Bench.Start.AddSeconds(Limits.PlotAheadS + 0.1) }, Bench.Start);
        Rejection rejection = Assert.Single(said.Rejections);
        Assert.Contains("clock", rejection.Reason, StringComparison.Ordinal);
        Assert.Null(site.Due);
    }

    /// <summary>The raid's plots, each with a delay on its way: they arrive in that order.</summary>
    private static (List<(Plot Plot, Instant At)> Arrivals, Instant End) Arrivals(int seed)
    {
        var delay = new Tocsin.Numerics.RandomStream((ulong)seed, 0, 0, 0);
        List<(Plot Plot, Instant At)> arrivals = [];
        foreach (Plot plot in SiteTests.Raid) arrivals.Add((plot, plot.Time.AddSeconds(delay.NextUniform(0.005, 0.15))));
        arrivals = [.. arrivals.OrderBy(a => a.At).Select((a, i) => (a.Plot with { Number = i + 1 }, a.At))];
        return (arrivals, arrivals[^1].At.AddSeconds(90));
    }

    private static List<string> Run(List<(Plot Plot, Instant At)> arrivals, Instant end, Action<ClockDrive, Instant> wake)
    {
        var said = new Recorder();
        var drive = new ClockDrive(new Site(SiteTests.Place, OperationStatus.Test), said, arrivals[0].At);
        foreach ((Plot plot, Instant at) in arrivals)
        {
            wake(drive, at);
            drive.Feed(plot, at);
        }
        wake(drive, end);
        drive.RunTo(end);
        return said.Lines;
    }
}
