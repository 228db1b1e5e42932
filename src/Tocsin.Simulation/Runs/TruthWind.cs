using Tocsin.Ballistics;
using Tocsin.Numerics;
using Tocsin.Simulation.Scenarios;

namespace Tocsin.Simulation.Runs;

/// <summary>The wind of one run: the scenario's mean wind and, where it has any, the wind that no report told of.</summary>
internal static class TruthWind
{
    /// <summary>Height above the ground up to which unmodelled wind is drawn, in metres; above it stays as it is there.</summary>
    private const double TopM = 15_000;

    /// <summary>Levels in one correlation height.</summary>
    private const double LevelsPerCorrelation = 4;

    public static WindProfile Of(Weather weather, double groundElevationM, RunStreams streams)
    {
        var mean = new WindProfile([.. weather.Wind.Select(Level)]);
        if (weather.Unmodelled is not { SigmaMps: > 0 } unmodelled) return mean;

        var heights = new SortedSet<double>(weather.Wind.Select(w => w.HeightM));
        double step = unmodelled.CorrelationHeightM / LevelsPerCorrelation;
        for (double above = 0; above <= TopM; above += step) heights.Add(groundElevationM + above);

        // A first-order autoregression over uneven steps of height: exp(-distance / correlation height) from one level to the next.
        RandomStream draws = streams.Of(Draw.Wind);
        (double east, double north, double last) = (0, 0, double.NegativeInfinity);
        var levels = new List<WindLevel>();
        foreach (double height in heights)
        {
            double keep = double.IsNegativeInfinity(last) ? 0 : Elementary.Exp(-(height - last) / unmodelled.CorrelationHeightM);
            double renew = unmodelled.SigmaMps * Math.Sqrt(1 - keep * keep);
            (east, north, last) = (keep * east + renew * draws.NextNormal(), keep * north + renew * draws.NextNormal(), height);
            (double meanEast, double meanNorth) = mean.At(height);
            levels.Add(new(height, meanEast + east, meanNorth + north));
        }
        return new([.. levels]);
    }

    public static WindLevel Level(WindAtHeight wind)
    {
        (double sin, double cos) = Elementary.SinCos(Degrees.ToRad(wind.FromDeg));
        return new(wind.HeightM, -wind.SpeedMps * sin, -wind.SpeedMps * cos);
    }
}
