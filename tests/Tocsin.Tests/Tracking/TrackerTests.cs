using Tocsin.Ballistics;
using Tocsin.Geodesy;
using Tocsin.Numerics;

namespace Tocsin.Tests.Tracking;

/// <summary>What the tracker makes of clutter, of rounds in it, of crossings, gaps and other kinds of objects.</summary>
public sealed class TrackerTests
{
    private static readonly SiteDefinition Place = Bench.Place();

    /// <summary>Chance gives three plots in line now and then: one track in ten minutes is the bound, and no impact worth a warning.</summary>
    [Theory]
    [InlineData(20, 600, 1)]
    [InlineData(150, 600, 1)]
    public void Clutter_alone_confirms_hardly_a_track(double perScan, int scans, int most)
    {
        var stream = new RandomStream(41, 0, 0, (uint)perScan);
        var plots = new List<Plot>();
        for (int s = 0; s < scans; s++) Bench.AddClutter(plots, Place, Bench.Start.AddSeconds(s), perScan, ref stream);
        plots.Sort((a, b) => a.Time.CompareTo(b.Time));
        Assert.InRange(SiteTests.Play(plots, runOn: false, Place).Confirmed.Count, 0, most);
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(20, 6)]
    [InlineData(150, 9)]
    public void A_round_in_clutter_is_confirmed_within_a_few_scans_and_has_one_id(double perScan, int scans)
    {
        Trajectory flight = Bench.Fly(Place, new Round(5_000, Bench.ReferenceDrag), new(-5_500, 2_000, 0), new(150, -40, 180));
        for (uint run = 0; run < 3; run++)
        {
            var stream = new RandomStream(42, run, 0, (uint)perScan);
            var plots = new List<Plot>();
            for (int s = 0; s < 40; s++) Bench.AddClutter(plots, Place, Bench.Start.AddSeconds(s - 10), perScan, ref stream);
            AddFlight(plots, flight, 1, ref stream);
            Recorder said = Run(plots);
            List<(Instant Now, Track Track)> on = [.. said.Tracks.Where(t => IsOn(t.Track, flight, 150))];
            Assert.Single(on.Select(t => t.Track.Id).Distinct());
            Assert.InRange(on[0].Track.ValidTime.SecondsSince(Bench.Start), 2, scans);
        }
    }

    [Fact]
    public void Two_rounds_that_cross_keep_their_ids()
    {
        // The second is the first mirrored in the plane between them: they meet at one point at one time.
        var round = new Round(6_000, Bench.ReferenceDrag);
        Trajectory a = Bench.Fly(Place, round, new(-4_000, -900, 0), new(170, 75, 150)), b = Bench.Fly(Place, round, new(-4_000, 900, 0), new(170, -75, 150));
        double nearest = Enumerable.Range(0, 250).Min(i => Bench.Distance(Bench.At(Place, a, 0.1 * i), Bench.At(Place, b, 0.1 * i)));
        Assert.InRange(nearest, 0, 30);
        for (uint run = 0; run < 5; run++)
        {
            var stream = new RandomStream(43, run, 0, 0);
            var plots = new List<Plot>();
            AddFlight(plots, a, 1, ref stream);
            AddFlight(plots, b, 1, ref stream);
            Recorder said = Run(plots);
            Assert.Equal(2, said.Confirmed.Count);
            foreach (Trajectory flight in (Trajectory[])[a, b])
            {
                TrackId early = Assert.Single(said.Tracks.Where(t => After(t.Track) is > 5 and < 8 && IsOn(t.Track, flight, 150)).Select(t => t.Track.Id).Distinct());
                TrackId late = Assert.Single(said.Tracks.Where(t => After(t.Track) > 20 && IsOn(t.Track, flight, 150)).Select(t => t.Track.Id).Distinct());
                Assert.Equal(early, late);
            }
        }
    }

    [Fact]
    public void A_round_that_was_not_seen_for_seconds_comes_back_with_its_id()
    {
        Trajectory flight = Bench.Fly(Place, new Round(5_000, Bench.ReferenceDrag), new(-5_500, 2_000, 0), new(150, -40, 180));
        for (uint run = 0; run < 5; run++)
        {
            var stream = new RandomStream(44, run, 0, 0);
            var plots = new List<Plot>();
            for (int s = 0; s < 30; s++) Bench.AddClutter(plots, Place, Bench.Start.AddSeconds(s), 5, ref stream);
            AddFlight(plots, flight, 1, ref stream);
            plots.RemoveAll(p => p.Time.SecondsSince(Bench.Start) is > 12 and < 17 && p.Measurement.RangeM > 50 && IsNear(p, flight));
            Recorder said = Run(plots);
            List<(Instant Now, Track Track)> on = [.. said.Tracks.Where(t => IsOn(t.Track, flight, 250))];
            Assert.DoesNotContain(on, t => After(t.Track) is > 12.5 and < 16.5);
            Assert.Contains(on, t => After(t.Track) > 18);
            Assert.Single(on.Select(t => t.Track.Id).Distinct());
        }
    }

    [Fact]
    public void An_aircraft_a_bird_and_a_round_come_out_as_such()
    {
        Trajectory flight = Bench.Fly(Place, new Round(5_000, Bench.ReferenceDrag), new(-5_500, 2_000, 0), new(150, -40, 180));
        var stream = new RandomStream(45, 0, 0, 0);
        var plots = new List<Plot>();
        AddFlight(plots, flight, 1, ref stream);
        for (int s = 1; s < 25; s++)
        {
            plots.Add(Bench.Sight(Place, 0, Bench.Start.AddSeconds(s + 0.02), new(3_000 + 110 * s, 4_000 - 20 * s, 1_800), ref stream));
            plots.Add(Bench.Sight(Place, 0, Bench.Start.AddSeconds(s + 0.04), new(1_500 + 9 * s, -1_500 + 9 * s + 10 * Math.Sin(0.5 * s), 180), ref stream));
        }
        Recorder said = Run(plots);
        Assert.All(said.Tracks, t =>
        {
            double sum = 0;
            for (int k = 0; k < KindProbabilities.Count; k++)
            {
                Assert.InRange(t.Track.Kinds[(Kind)k], 0, 1);
                sum += t.Track.Kinds[(Kind)k];
            }
            Assert.Equal(1, sum, 1e-9);
            Assert.Equal(t.Track.Kinds.Likeliest, t.Track.Kind);
        });
        Assert.Equal(3, said.Confirmed.Count);
        Dictionary<TrackId, Track> last = said.Tracks.Where(t => After(t.Track) > 20).GroupBy(t => t.Track.Id).ToDictionary(g => g.Key, g => g.Last().Track);
        Track round = last.Values.Single(t => t.VelocityMps.Up < -50);
        Track aircraft = last.Values.Single(t => Math.Abs(Height(t) - 1_800) < 150), bird = last.Values.Single(t => Math.Abs(Height(t) - 180) < 100 && t.Id != round.Id);
        Assert.InRange(round.Kinds.Ballistic, 0.95, 1);
        Assert.Equal((Kind.Aircraft, Kind.Bird), (aircraft.Kind, bird.Kind));
        Assert.InRange(aircraft.Kinds.Ballistic, 0, 0.05);
        Assert.InRange(bird.Kinds.Ballistic, 0, 0.05);
        // What is not held to be a round is given no impact in the end.
        Assert.All(said.Impacts.Where(p => p.ValidTime.SecondsSince(Bench.Start) > 12), p => Assert.Equal(round.Id, p.Track));

        static double Height(Track t) => t.Position.HeightM - Place.GroundElevationM;
    }

    /// <summary>Two plots of a radar that turns in two seconds begin a track, however often the radar beside it looks somewhere else meanwhile.</summary>
    [Fact]
    public void A_fast_radar_does_not_make_a_slow_one_forget()
    {
        SensorDefinition slow = Bench.Radar(periodS: 2), fast = Bench.Radar("R2", Bench.Origin, periodS: 0.1) with { MaxRangeM = 1_500 };
        SiteDefinition place = Bench.Place([slow, fast]);
        Trajectory flight = Bench.Fly(place, new Round(5_000, Bench.ReferenceDrag), new(-5_500, 2_000, 0), new(150, -40, 180));
        var stream = new RandomStream(46, 0, 0, 0);
        var plots = new List<Plot>();
        for (double t = 2; t < flight.DurationS - 1; t += 2) plots.Add(Bench.Sight(place, 0, Bench.Start.AddSeconds(t), Bench.At(place, flight, t), ref stream));
        // The fast one has something to tell at every look: a bush in the wind.
        for (double t = 0; t < flight.DurationS; t += 0.1) plots.Add(Bench.Sight(place, 1, Bench.Start.AddSeconds(t + 0.03), new(1_000 + 30 * stream.NextNormal(), 400, 20), ref stream));
        plots.Sort((a, b) => a.Time.CompareTo(b.Time));
        Recorder said = SiteTests.Play(plots, runOn: false, place);
        (Instant now, Track track) = said.Tracks.First(t => Bench.Distance(place.Frame.ToEnu(t.Track.Position), Bench.At(place, flight, After(t.Track))) < 200);
        Assert.InRange(now.SecondsSince(Bench.Start), 4, 8);
    }

    private static double After(Track t) => t.ValidTime.SecondsSince(Bench.Start);

    private static Recorder Run(List<Plot> plots)
    {
        plots.Sort((a, b) => a.Time.CompareTo(b.Time));
        return SiteTests.Play(plots, runOn: false, Place);
    }

    private static void AddFlight(List<Plot> plots, Trajectory flight, double fromS, ref RandomStream stream)
    {
        for (double t = fromS; t < flight.DurationS - 0.5; t += 1)
            if (stream.NextUniform() < 0.9 || t < fromS + 3) plots.Add(Bench.Sight(Place, 0, Bench.Start.AddSeconds(t), Bench.At(Place, flight, t), ref stream));
    }

    private static bool IsOn(Track t, Trajectory flight, double withinM) =>
        Bench.Distance(Place.Frame.ToEnu(t.Position), Bench.At(Place, flight, After(t))) < withinM;

    private static bool IsNear(Plot p, Trajectory flight) => Bench.Distance(
        new SensorFrame(Place.Sensors[0].Position, Place.Frame).ToSite(p.Measurement), Bench.At(Place, flight, p.Time.SecondsSince(Bench.Start))) < 200;
}
