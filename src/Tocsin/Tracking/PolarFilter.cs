using Tocsin.Numerics;

namespace Tocsin.Tracking;

/// <summary>The measurement side of the extended Kalman filter: how likely a plot is under an estimate, and the estimate after it.</summary>
internal static class PolarFilter
{
    private const double HalfLogTwoPi = 0.91893853320467274178;

    /// <summary>Logarithm of the likelihood of a plot (density per cubic metre across the line of sight, times per m/s where it has a
    /// range rate) under an estimate at the plot's time, with the squared Mahalanobis distance of its position.</summary>
    public static double LogLikelihood(in Estimate e, in SightedPlot plot, SensorView sensor, double x, double y, double z,
        out double distance2)
    {
        sensor.Innovate(plot, x, y, z, out Innovation d);
        // Position covariance turned into the three directions of the innovation.
        double pxx = e.Covariance[0], pxy = e.Covariance[1], pxz = e.Covariance[2];
        double pyy = e.Covariance[9], pyz = e.Covariance[10], pzz = e.Covariance[18];
        double rx = pxx * d.Rx + pxy * d.Ry + pxz * d.Rz, ry = pxy * d.Rx + pyy * d.Ry + pyz * d.Rz, rz = pxz * d.Rx + pyz * d.Ry + pzz * d.Rz;
        double ax = pxx * d.Ax + pxy * d.Ay + pxz * d.Az, ay = pxy * d.Ax + pyy * d.Ay + pyz * d.Az, az = pxz * d.Ax + pyz * d.Ay + pzz * d.Az;
        double ex = pxx * d.Ex + pxy * d.Ey + pxz * d.Ez, ey = pxy * d.Ex + pyy * d.Ey + pyz * d.Ez, ez = pxz * d.Ex + pyz * d.Ey + pzz * d.Ez;
        double s00 = rx * d.Rx + ry * d.Ry + rz * d.Rz + d.RangeVariance;
        double s10 = ax * d.Rx + ay * d.Ry + az * d.Rz, s11 = ax * d.Ax + ay * d.Ay + az * d.Az + d.AzimuthVariance;
        double s20 = ex * d.Rx + ey * d.Ry + ez * d.Rz, s21 = ex * d.Ax + ey * d.Ay + ez * d.Az;
        double s22 = ex * d.Ex + ey * d.Ey + ez * d.Ez + d.ElevationVariance;
        // S = L D L'.
        double l10 = s10 / s00, l20 = s20 / s00;
        double d1 = s11 - l10 * s10, l21 = (s21 - l20 * s10) / d1, d2 = s22 - l20 * s20 - l21 * l21 * d1;
        double y1 = d.Azimuth - l10 * d.Range, y2 = d.Elevation - l20 * d.Range - l21 * y1;
        distance2 = d.Range * d.Range / s00 + y1 * y1 / d1 + y2 * y2 / d2;
        double log = -0.5 * (distance2 + Elementary.Log(s00 * d1 * d2)) - 3 * HalfLogTwoPi;
        if (!double.IsNaN(plot.RangeRateSigmaMps)) log += RangeRateLog(e, plot, d);
        return log;
    }

    /// <summary>Brings a plot into an estimate at the plot's time.</summary>
    public static void Update(ref Estimate e, in SightedPlot plot, SensorView sensor)
    {
        WindEffect none = default;
        Update(ref e, ref none, null, plot, sensor);
    }

    /// <summary>The same; what a bias of the wind has done to the estimate shrinks with it, and the bias learns where it is given.</summary>
    public static void Update(ref Estimate e, ref WindEffect effect, WindEstimate? wind, in SightedPlot plot, SensorView sensor)
    {
        sensor.Innovate(plot, e.Mean[0], e.Mean[1], e.Mean[2], out Innovation d);
        Vector7 row = default, before = e.Mean;
        SetPositionRow(ref row, d.Rx, d.Ry, d.Rz);
        UpdateScalar(ref e, ref effect, wind, before, row, d.Range, d.RangeVariance);
        SetPositionRow(ref row, d.Ax, d.Ay, d.Az);
        UpdateScalar(ref e, ref effect, wind, before, row, d.Azimuth, d.AzimuthVariance);
        SetPositionRow(ref row, d.Ex, d.Ey, d.Ez);
        UpdateScalar(ref e, ref effect, wind, before, row, d.Elevation, d.ElevationVariance);
        if (double.IsNaN(plot.RangeRateSigmaMps)) return;
        RangeRateRow(before, d, ref row, out double expected);
        UpdateScalar(ref e, ref effect, wind, before, row, plot.Plot.RangeRateMps - expected, plot.RangeRateSigmaMps * plot.RangeRateSigmaMps);
    }

    /// <summary>Brings a plot of an earlier time into an estimate, through the estimate carried back to that time.</summary>
    /// <remarks>Bar-Shalom, "Update with out-of-sequence measurements in tracking", IEEE TAES 38(3), 2002, algorithm B, with the
    /// process noise between the two times counted as noise of the measurement: a little cautious, never overconfident.</remarks>
    /// <param name="e">The estimate, later than the plot.</param>
    /// <param name="effect">What a bias of the wind has done to it.</param>
    /// <param name="back">The same carried back to the plot's time.</param>
    /// <param name="transition">How a deviation of <paramref name="e"/> becomes one of <paramref name="back"/>.</param>
    /// <param name="plot">The plot.</param>
    /// <param name="sensor">Its sensor.</param>
    public static void UpdateLate(ref Estimate e, ref WindEffect effect, in Estimate back, in Matrix7 transition, in SightedPlot plot, SensorView sensor)
    {
        sensor.Innovate(plot, back.Mean[0], back.Mean[1], back.Mean[2], out Innovation d);
        Vector7 before = e.Mean, row = default, carried = default;
        Matrix7 own = e.Covariance;
        Span<(double Residual, double Variance)> parts =
            [(d.Range, d.RangeVariance), (d.Azimuth, d.AzimuthVariance), (d.Elevation, d.ElevationVariance)];
        for (int i = 0; i < 3; i++)
        {
            if (i == 0) SetPositionRow(ref row, d.Rx, d.Ry, d.Rz);
            else if (i == 1) SetPositionRow(ref row, d.Ax, d.Ay, d.Az);
            else SetPositionRow(ref row, d.Ex, d.Ey, d.Ez);
            double noise = 0;
            for (int j = 0; j < Matrix7.Size; j++)
            {
                double s = 0;
                for (int k = 0; k < 3; k++) s += row[k] * transition[k, j];
                carried[j] = s;
            }
            // The part of the carried-back variance that the transition does not explain is process noise; what earlier scalars have taught is not.
            for (int j = 0; j < 3; j++)
                for (int k = 0; k < 3; k++)
                    noise += row[j] * back.Covariance[j, k] * row[k];
            noise = Math.Max(0, noise - Quadratic(own, carried));
            UpdateScalar(ref e, ref effect, null, before, carried, parts[i].Residual, parts[i].Variance + noise);
        }
    }

    private static double Quadratic(in Matrix7 p, in Vector7 v)
    {
        double sum = 0;
        for (int i = 0; i < Matrix7.Size; i++)
            for (int j = 0; j < Matrix7.Size; j++)
                sum += v[i] * p[i, j] * v[j];
        return sum;
    }

    private static void SetPositionRow(ref Vector7 row, double x, double y, double z)
    {
        row = default;
        row[0] = x;
        row[1] = y;
        row[2] = z;
    }

    private static void RangeRateRow(in Vector7 s, in Innovation d, ref Vector7 row, out double expected)
    {
        expected = s[3] * d.Rx + s[4] * d.Ry + s[5] * d.Rz;
        double inverse = 1 / d.ExpectedRangeM;
        row = default;
        row[0] = (s[3] - expected * d.Rx) * inverse;
        row[1] = (s[4] - expected * d.Ry) * inverse;
        row[2] = (s[5] - expected * d.Rz) * inverse;
        row[3] = d.Rx;
        row[4] = d.Ry;
        row[5] = d.Rz;
    }

    private static double RangeRateLog(in Estimate e, in SightedPlot plot, in Innovation d)
    {
        Vector7 row = default;
        RangeRateRow(e.Mean, d, ref row, out double expected);
        double s = Quadratic(e.Covariance, row) + plot.RangeRateSigmaMps * plot.RangeRateSigmaMps;
        double y = plot.Plot.RangeRateMps - expected;
        return -0.5 * (y * y / s + Elementary.Log(s)) - HalfLogTwoPi;
    }

    /// <summary>One scalar of the measurement. The residual was taken at <paramref name="before"/>; what earlier scalars have moved
    /// since is taken off.</summary>
    private static void UpdateScalar(ref Estimate e, ref WindEffect effect, WindEstimate? wind, in Vector7 before, in Vector7 row, double residual, double variance)
    {
        Vector7 ph = default;
        double s = variance;
        for (int i = 0; i < Matrix7.Size; i++)
        {
            double sum = 0;
            for (int j = 0; j < 6; j++) sum += e.Covariance[i * Matrix7.Stride + j] * row[j];
            sum += e.Covariance[i * Matrix7.Stride + 6] * row[6];
            ph[i] = sum;
            s += sum * row[i];
            residual -= row[i] * (e.Mean[i] - before[i]);
        }
        double inverse = 1 / s, east = 0, north = 0;
        for (int i = 0; i < Matrix7.Size; i++)
        {
            east += row[i] * effect.East[i];
            north += row[i] * effect.North[i];
        }
        wind?.Learn(residual, s, east, north);
        for (int i = 0; i < Matrix7.Size; i++)
        {
            double gain = ph[i] * inverse;
            e.Mean[i] += gain * residual;
            effect.East[i] -= gain * east;
            effect.North[i] -= gain * north;
        }
        Matrix7.Downdate(ref e.Covariance, ph, inverse);
    }
}
