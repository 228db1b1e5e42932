using Tocsin.Ballistics;
using Tocsin.Geodesy;
using Tocsin.Numerics;

namespace Tocsin.Tests;

/// <summary>The whole pipeline as a driver sees it: order, repeats, lateness, cuts, and the sentence of one Advance.</summary>
public sealed class SiteTests
{
    internal static readonly SiteDefinition Place = Bench.Place(zones: [Bench.Zone("A", 0, 0, 1_200), Bench.Zone("B", 2_000, 2_000, 300)]);
    internal static readonly List<Plot> Raid = MakeRaid();

    [Fact]
    public void Plots_in_any_order_within_the_lateness_give_the_same_lines()
    {
        List<string> expected = Drive([.. Raid.Select(p => (p.Time, p))]).Lines;
        Assert.Contains(expected, l => l.StartsWith("warning", StringComparison.Ordinal));
        var stream = new RandomStream(21, 0, 0, 0);
        for (int i = 0; i < 3; i++)
        {
            var late = new List<(Instant Arrival, Plot Plot)>();
            foreach (Plot p in Raid) late.Add((p.Time.AddSeconds(stream.NextUniform(0, 0.14)), p));
            late.Sort((a, b) => a.Arrival.CompareTo(b.Arrival));
            Assert.NotEqual(Raid, late.Select(a => a.Plot));
            Assert.Equal(expected, Drive(late).Lines);
        }
    }

    [Fact]
    public void Repeated_plots_change_nothing_and_are_counted()
    {
        Recorder once = Drive([.. Raid.Select(p => (p.Time, p))]);
        Recorder twice = Drive([.. Raid.SelectMany(p => new[] { (p.Time, p), (p.Time, p) })]);
        Assert.Equal(once.Lines, twice.Lines.Where(l => !l.StartsWith("rejected", StringComparison.Ordinal)));
        Assert.Empty(once.Rejections);
        Assert.Equal(Raid.Count, twice.Rejections.Sum(r => r.Count));
        Assert.All(twice.Rejections, r => Assert.Equal(("R1", false), (r.Source, r.FromFeed)));
        // The first ones one by one, then in lots.
        Assert.InRange(twice.Rejections.Count, Limits.RejectionsToldSingly, Limits.RejectionsToldSingly + Raid.Count / 100 + 1);
    }

    [Fact]
    public void A_cut_input_gives_the_first_lines_of_the_whole()
    {
        List<string> whole = Play(Raid, runOn: false).Lines;
        foreach (double share in (double[])[0.3, 0.6, 0.9])
        {
            List<string> cut = Play(Raid[..(int)(share * Raid.Count)], runOn: false).Lines;
            Assert.Equal(whole.Take(cut.Count), cut);
            Assert.InRange(cut.Count, 0.1 * share * whole.Count, whole.Count);
        }
        Assert.Equal(whole, Play(Raid, runOn: false).Lines);
    }

    [Fact]
    public void At_the_end_of_the_input_the_clock_runs_on_until_nothing_is_left()
    {
        var said = new Recorder();
        var site = new Site(Place, OperationStatus.Test);
        var playback = new Playback(site, said);
        foreach (Plot p in Raid) playback.Feed(p);
        Assert.False(site.IsIdle);
        playback.RunOn();
        Assert.True(site.IsIdle);
        Assert.NotEmpty(said.Confirmed);
        Assert.Equal(said.Confirmed.Order(Comparer<TrackId>.Create((a, b) => a.Number - b.Number)), said.Ended.Select(e => e.Track).Order(Comparer<TrackId>.Create((a, b) => a.Number - b.Number)));
        Assert.NotEmpty(said.Raised);
        Assert.Equal(said.Raised.Count, said.Cleared.Count);
        new Playback(new Site(Place, OperationStatus.Test), said).RunOn();
    }

    [Fact]
    public void Every_advance_reads_as_the_same_sentence()
    {
        var site = new Site(Place, OperationStatus.Exercise);
        var said = new Recorder();
        string[] order = ["track", "ended", "warning", "rejected"];
        for (int i = 0; i < Raid.Count; i++)
        {
            site.Accept(Raid[i]);
            if (i % 50 == 0) site.Accept(Raid[i]);
            said.Words.Clear();
            site.Advance(Raid[i].Time, said);
            int[] places = [.. said.Words.Select(w => Array.IndexOf(order, w))];
            Assert.DoesNotContain(-1, places);
            Assert.Equal(places.Order(), places);
        }
        Assert.NotEmpty(said.Rejections);
        Assert.Equal(said.Tracks.Select(t => t.Now), said.Tracks.Select(t => t.Now).Order());
        Assert.All(said.Tracks, t => Assert.True(t.Track.ValidTime <= t.Now));
        // A prediction is for a track that has been told of, and comes after it.
        Assert.All(said.Impacts, p => Assert.Contains(p.Track, said.Confirmed));
        Assert.Equal(said.Confirmed.Distinct(), said.Confirmed);
        Assert.All(said.Raised, w => Assert.Equal(OperationStatus.Exercise, w.Warning.Status));
    }

    [Fact]
    public void A_sensor_that_the_site_does_not_know_is_counted_and_changes_nothing()
    {
        var strange = new List<(Instant, Plot)>();
        foreach (Plot p in Raid)
        {
            strange.Add((p.Time, p with { Sensor = Plot.UnknownSensor }));
            strange.Add((p.Time, p with { Sensor = 7 }));
            strange.Add((p.Time, p));
        }
        Recorder said = Drive(strange);
        Assert.Equal(Drive([.. Raid.Select(p => (p.Time, p))]).Lines, said.Lines.Where(l => !l.StartsWith("rejected", StringComparison.Ordinal)));
        Assert.Equal(2 * Raid.Count, said.Rejections.Sum(r => r.Count));
    }

    [Fact]
    public void A_clock_that_runs_backwards_moves_nothing_back()
    {
        var site = new Site(Place, OperationStatus.Test);
        var said = new Recorder();
        foreach (Plot p in Raid)
        {
            site.Accept(p);
            site.Advance(p.Time, said);
            site.Advance(p.Time.AddSeconds(-100), said);
            Assert.Equal(p.Time, site.Now);
        }
        Assert.NotEmpty(said.Raised);
        Assert.Equal(said.Tracks.Select(t => t.Now), said.Tracks.Select(t => t.Now).Order());
    }

    [Fact]
    public void Plots_that_come_up_to_three_seconds_late_still_help_and_older_ones_are_counted()
    {
        double with = 0, without = 0;
        for (uint run = 0; run < 24; run++)
        {
            var stream = new RandomStream(31, run, 0, 0);
            Trajectory flight = Bench.Fly(Place, new Round(5_000, Bench.ReferenceDrag), new(-5_000, 3_000, 0), new(130, -70, 160));
            var all = new List<(Instant Arrival, Plot Plot)>();
            var timely = new List<(Instant Arrival, Plot Plot)>();
            for (double t = 2; t < 22; t += 1)
            {
                Plot p = Bench.Sight(Place, 0, Bench.Start.AddSeconds(t), Bench.At(Place, flight, t), ref stream, (long)t);
                bool late = t > 3 && stream.NextUniform() < 0.7 && t < 19;
                all.Add((late ? p.Time.AddSeconds(stream.NextUniform(1, 3)) : p.Time, p));
                if (!late) timely.Add((p.Time, p));
            }
            all.Sort((a, b) => a.Arrival.CompareTo(b.Arrival));
            Enu truth = Place.Frame.ToEnu(flight.Impact);
            with += Error(Drive(all, runOnS: 0.5), truth);
            without += Error(Drive(timely, runOnS: 0.5), truth);
        }
        Assert.InRange(with, 0, 0.95 * without);

        Recorder stale = Drive([.. Raid.Select(p => (p.Time, p)), (Raid[^1].Time, Raid[0] with { Measurement = new(5_000, 1, 0.3) })]);
        Assert.StartsWith("too late", Assert.Single(stale.Rejections).Reason, StringComparison.Ordinal);

        static double Error(Recorder said, Enu truth)
        {
            Assert.Single(said.Confirmed);
            return Math.Pow(Bench.Distance(truth, Place.Frame.ToEnu(said.Impacts[^1].Position)), 2);
        }
    }

    /// <summary>Accepts plots as they arrive and advances every tenth of a second, as a live loop would.</summary>
    internal static Recorder Drive(IReadOnlyList<(Instant Arrival, Plot Plot)> arrivals, double runOnS = 3)
    {
        var site = new Site(Place, OperationStatus.Test);
        var said = new Recorder();
        int next = 0;
        Instant end = arrivals.Max(a => a.Arrival).AddSeconds(runOnS);
        for (Instant now = new(arrivals.Min(a => a.Arrival.Ticks) / 1_000_000 * 1_000_000); now <= end; now = now.AddSeconds(0.1))
        {
            while (next < arrivals.Count && arrivals[next].Arrival <= now) site.Accept(arrivals[next++].Plot);
            site.Advance(now, said);
        }
        site.Close(said);
        return said;
    }

    internal static Recorder Play(IEnumerable<Plot> plots, bool runOn = true, SiteDefinition? place = null)
    {
        var said = new Recorder();
        var playback = new Playback(new Site(place ?? Place, OperationStatus.Test), said);
        foreach (Plot p in plots) playback.Feed(p);
        if (runOn) playback.RunOn();
        return said;
    }

    /// <summary>Four rounds and a little clutter over 25 seconds; each plot a time of its own.</summary>
    private static List<Plot> MakeRaid()
    {
        var plots = new List<Plot>();
        var stream = new RandomStream(20, 0, 0, 0);
        for (int r = 0; r < 4; r++)
        {
            Trajectory flight = Bench.Fly(Place, new Round(4_000 + 1_000 * r, Bench.ReferenceDrag), new(-4_200 - 100 * r, 300 * r, 0), new(170, -10 * r, 150));
            for (double t = 1 + 0.03 * r; t < flight.DurationS - 1; t += 1)
                if (stream.NextUniform() < 0.9) plots.Add(Bench.Sight(Place, 0, Bench.Start.AddSeconds(t + 0.5 * r), Bench.At(Place, flight, t), ref stream));
        }
        for (int scan = 0; scan < 28; scan++) Bench.AddClutter(plots, Place, Bench.Start.AddSeconds(scan + 0.4), 4, ref stream);
        plots.Sort((a, b) => a.Time.CompareTo(b.Time));
        return [.. plots.Select((p, i) => p with { Number = i + 1 })];
    }
}
