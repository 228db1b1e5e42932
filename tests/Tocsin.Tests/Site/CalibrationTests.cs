using Tocsin.Ballistics;
using Tocsin.Geodesy;
using Tocsin.Numerics;

namespace Tocsin.Tests;

/// <summary>The criteria in small: rounds whose drag the tracker does not know, in a wind that nobody told it.</summary>
public sealed class CalibrationTests
{
    /// <summary>A drag curve of another make than the tracker's: an earlier, sharper rise to twice the subsonic value, a quick fall.</summary>
    private static readonly DragCurve Strange = new([(0, 1.05), (0.7, 0.97), (0.88, 1.1), (0.97, 1.7), (1.08, 2.05), (1.3, 1.9), (1.8, 1.5), (2.5, 1.25)]);

    [Fact]
    public void Ten_seconds_ahead_the_ellipses_hold_what_they_say_and_the_errors_are_small()
    {
        const int rounds = 60;
        SiteDefinition place = Bench.Place();
        int predicted = 0, held = 0, timely = 0;
        double squares = 0, expected = 0;
        for (uint run = 0; run < rounds; run++)
        {
            var stream = new RandomStream(51, run, 0, 0);
            double azimuth = stream.NextUniform(0, 2 * Math.PI), elevation = stream.NextUniform(0.6, 1.05), speed = stream.NextUniform(220, 420);
            double distance = stream.NextUniform(4_000, 7_000), turn = azimuth + Math.PI + stream.NextUniform(-0.4, 0.4);
            var wind = new WindProfile([new(0, 2 * stream.NextNormal(), 2 * stream.NextNormal())]);
            var round = new Round(Math.Exp(8.7 + 0.4 * stream.NextNormal()), Strange);
            Trajectory flight = Bench.Fly(place, round, new(distance * Math.Sin(turn), distance * Math.Cos(turn), 0),
                new(speed * Math.Cos(elevation) * Math.Sin(azimuth), speed * Math.Cos(elevation) * Math.Cos(azimuth), speed * Math.Sin(elevation)), wind);
            Assert.True(flight.DurationS > 18);
            var plots = new List<Plot>();
            for (double t = 1.5; t < flight.DurationS - 0.5; t += 1)
                if (stream.NextUniform() < 0.9) plots.Add(Bench.Sight(place, 0, Bench.Start.AddSeconds(t), Bench.At(place, flight, t), ref stream));
            Recorder said = SiteTests.Play(plots, runOn: false, place);
            ImpactPrediction? last = null;
            foreach (ImpactPrediction p in said.Impacts)
                if (flight.DurationS - p.ValidTime.SecondsSince(Bench.Start) >= 10) last = p;
            if (last is not { } at) continue;
            predicted++;
            Enu truth = place.Frame.ToEnu(flight.Impact), mean = place.Frame.ToEnu(at.Position);
            double e = truth.East - mean.East, n = truth.North - mean.North, s = Math.Sin(at.Ellipse95.OrientationRad), c = Math.Cos(at.Ellipse95.OrientationRad);
            double along = (e * s + n * c) / at.Ellipse95.SemiMajorM, across = (e * c - n * s) / at.Ellipse95.SemiMinorM;
            if (along * along + across * across <= 1) held++;
            if (Math.Abs(at.ImpactTime.SecondsSince(Bench.Start) - flight.DurationS) < 3 * at.TimeSigmaS) timely++;
            squares += e * e + n * n;
            expected += (at.Ellipse95.SemiMajorM * at.Ellipse95.SemiMajorM + at.Ellipse95.SemiMinorM * at.Ellipse95.SemiMinorM) / 5.991;
        }
        Assert.InRange(predicted, 0.95 * rounds, rounds);
        // 95 %, give or take three sigmas of sixty rounds.
        Assert.InRange(held / (double)predicted, 0.85, 1);
        Assert.InRange(timely / (double)predicted, 0.9, 1);
        // A radar of 15 m and 3 mrad at some 5 km, a dozen plots: tens of metres; and the errors are as large as the filter thinks.
        Assert.InRange(Math.Sqrt(squares / predicted), 5, 60);
        Assert.InRange(Math.Sqrt(squares / expected), 0.6, 1.35);
    }
}
