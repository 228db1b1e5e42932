using CsCheck;
using Tocsin.Geodesy;
using Tocsin.Tracking;

namespace Tocsin.Tests.Tracking;

public sealed class PlotGateTests
{
    private static readonly Gen<double[]> Offset = Gen.Double[-1, 1].Array[3];

    // What the gate refuses, the filters themselves must refuse: else a plot would be lost.
    [Fact]
    public void What_it_refuses_lies_outside_every_gate_of_the_track() =>
        Gen.Select(Gen.Double[-6_000, 6_000].Array[2], Gen.Double[100, 3_000], Offset, Gen.Double[0, 700], Offset, Gen.Double[0, 400], Gen.Double[0.1, 1.2]).Sample(
            (ground, height, heading, speed, off, farM, gapS) =>
            {
                SiteDefinition site = Bench.Place();
                var view = new SensorView(site, 0);
                var flight = new FlightModel(site);
                var hypotheses = new Hypotheses(flight);
                var first = new Enu(ground[0], ground[1], height);
                Enu Then(double s) => new(first.East + heading[0] * speed * s, first.North + heading[1] * speed * s, first.Up + heading[2] * speed * s);
                SightedPlot Seen(double s, Enu at) => view.Sight(Bench.Sight(site, 0, Bench.Start.AddSeconds(s), at, 1 + (long)(10 * s)));
                var t = new TrackFile(1);
                hypotheses.Begin(t, Seen(0, first), Seen(gapS, Then(gapS)));
                Enu next = Then(2 * gapS);
                SightedPlot plot = Seen(2 * gapS, new(next.East + off[0] * farM, next.North + off[1] * farM, next.Up + off[2] * farM));
                if (new PlotGate(flight, hypotheses.Wind).MayHold(t, plot)) return;
                hypotheses.Predict(t, plot.Plot.Time);
                Assert.Equal(double.NegativeInfinity, Hypotheses.LogLikelihood(t, plot, view));
            }, iter: 20_000);
}
