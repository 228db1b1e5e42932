using Tocsin.Geodesy;

namespace Tocsin;

/// <summary>An ellipse on the ground.</summary>
/// <param name="SemiMajorM">Semi-major axis in metres.</param>
/// <param name="SemiMinorM">Semi-minor axis in metres.</param>
/// <param name="OrientationRad">Direction of the major axis, clockwise from true north, in [0, pi).</param>
public readonly record struct GroundEllipse(double SemiMajorM, double SemiMinorM, double OrientationRad);

/// <summary>Where and when a track is predicted to come down: the distribution of its impact, given at one estimate.</summary>
public readonly record struct ImpactPrediction
{
    /// <summary>The track.</summary>
    public required TrackId Track { get; init; }

    /// <summary>The time of the newest plot that the prediction has used.</summary>
    public required Instant ValidTime { get; init; }

    /// <summary>Mean time of the impact.</summary>
    public required Instant ImpactTime { get; init; }

    /// <summary>Sigma of the impact's time in seconds.</summary>
    public required double TimeSigmaS { get; init; }

    /// <summary>Mean impact point, at the height of the site's ground.</summary>
    public required Geodetic Position { get; init; }

    /// <summary>The smallest ellipse that holds 95 % of a Gaussian with the distribution's mean and covariance.</summary>
    public required GroundEllipse Ellipse95 { get; init; }

    /// <summary>The distribution itself, in the site's local frame.</summary>
    public Prediction.ImpactDistribution? Distribution { get; init; }
}
