using Tocsin.Numerics;

namespace Tocsin.Tracking;

/// <summary>Tells cheaply that a plot cannot lie within the gate of a tentative track, so that the track need not be carried to the batch to find that out.</summary>
/// <remarks>
/// For any direction n the squared Mahalanobis distance is at least (n·y)² / n·S n. Taken along the residual itself, with a mean that lacks drag (what it could
/// have done is taken off the residual) and a sigma that is surely too large (sigmas of parts are added, not their squares), it is a lower bound. <see cref="Margin"/> covers what
/// the lines across the line of sight leave out. A track for which it says no would have found no plot: the results are the same, bit for bit.
/// </remarks>
/// <param name="flight">The equations of motion.</param>
/// <param name="wind">The wind that nobody measured.</param>
internal sealed class PlotGate(FlightModel flight, WindEstimate wind)
{
    private const double Margin = 1.4, NearestRange = 10, PropagationShare = 1.06, SlackM = 1;
    // Near the zenith the filter's own directions across the line of sight degenerate: it judges there itself.
    private const double SteepestRad = 1.3;
    private const double SeaLevelDensityKgM3 = 1.4, HighestDrag = 1.8;

    /// <summary>Whether a plot may lie within the gate of any of a file's hypotheses.</summary>
    public bool MayHold(TrackFile t, in SightedPlot plot)
    {
        if (plot.Plot.Measurement.ElevationRad > SteepestRad || t.HasBallistic && MayHoldBallistic(t, plot)) return true;
        if (!t.HasLevel) return false;
        double dt = plot.Plot.Time.SecondsSince(t.Level.Time);
        return MayHold(t.Level, plot, dt, 0, 0, 0, 0, SlackM, Math.Sqrt(Hypotheses.LevelAcrossDensity * Math.Abs(dt * dt * dt) / 3));
    }

    private bool MayHoldBallistic(TrackFile t, in SightedPlot plot)
    {
        ref readonly Estimate e = ref t.Ballistic;
        double dt = plot.Plot.Time.SecondsSince(e.Time), h = dt * dt / 2, speed = e.SpeedMps + 30;
        double dragged = 0.5 * SeaLevelDensityKgM3 * HighestDrag * speed * speed * Elementary.Exp(-e.Mean[Estimate.LogBeta]) * h;
        double east = Length(t.Wind.East), north = Length(t.Wind.North);
        double blown = 2 * (east * Math.Abs(wind.East) + north * Math.Abs(wind.North)), gusty = 2 * (east * Math.Sqrt(wind.EastEast) + north * Math.Sqrt(wind.NorthNorth));
        double slack = SlackM + dragged + blown, sigma = SlackM + dragged * (Math.Sqrt(Math.Max(0, e.Covariance[6, 6])) + 0.5) + gusty, fall = flight.GravityMps2 * h;
        if (MayHold(e, plot, dt, 0, 0, 0, fall, slack, sigma)) return true;
        if (!(t.BoostProbability > 0)) return false;
        double push = Hypotheses.BoostMeanMps2 * h / Math.Max(1, e.SpeedMps);
        return MayHold(e, plot, dt, push * e.Mean[Estimate.Vx], push * e.Mean[Estimate.Vy], push * e.Mean[Estimate.Vz], fall, slack,
            sigma + Hypotheses.BoostSigmaMps2 * h + Math.Sqrt(Hypotheses.BoostAcrossDensity * Math.Abs(dt * dt * dt) / 3));
    }

    private static bool MayHold(in Estimate e, in SightedPlot plot, double dt, double pushX, double pushY, double pushZ, double fall, double slackM, double sigmaM)
    {
        double x = plot.X - (e.Mean[0] + dt * e.Mean[3] + pushX), y = plot.Y - (e.Mean[1] + dt * e.Mean[4] + pushY), z = plot.Z - (e.Mean[2] + dt * e.Mean[5] + pushZ - fall);
        double distance2 = x * x + y * y + z * z, distance = Math.Sqrt(distance2), range = plot.Plot.Measurement.RangeM;
        if (!(distance > slackM && range > NearestRange * distance)) return true;
        double inverse = 1 / distance, nx = x * inverse, ny = y * inverse, nz = z * inverse;
        double own = Along(e.Covariance, 0, 0, nx, ny, nz) + 2 * dt * Along(e.Covariance, 0, 3, nx, ny, nz) + dt * dt * Along(e.Covariance, 3, 3, nx, ny, nz);
        double sigma = PropagationShare * Math.Sqrt(Math.Max(0, own)) + sigmaM;
        double radial = nx * plot.Ux + ny * plot.Uy + nz * plot.Uz, radial2 = radial * radial;
        double across2 = range * range * (plot.AzimuthSigmaRad * plot.AzimuthSigmaRad + plot.ElevationSigmaRad * plot.ElevationSigmaRad);
        double variance = sigma * sigma + radial2 * plot.RangeSigmaM * plot.RangeSigmaM + (1 - radial2) * across2, left = distance - slackM;
        return !(left * left > Margin * Hypotheses.Gate * variance);
    }

    // n' C n for the 3 by 3 block of a covariance at a row and a column.
    private static double Along(in Matrix7 p, int i, int j, double nx, double ny, double nz) =>
        nx * (p[i, j] * nx + p[i, j + 1] * ny + p[i, j + 2] * nz) + ny * (p[i + 1, j] * nx + p[i + 1, j + 1] * ny + p[i + 1, j + 2] * nz)
        + nz * (p[i + 2, j] * nx + p[i + 2, j + 1] * ny + p[i + 2, j + 2] * nz);

    // How far one metre a second of wind has moved it, and what its velocity adds within a scan or two.
    private static double Length(in Vector7 v) => Math.Sqrt(v[0] * v[0] + v[1] * v[1] + v[2] * v[2]) + 2 * Math.Sqrt(v[3] * v[3] + v[4] * v[4] + v[5] * v[5]) + 0.05;
}
