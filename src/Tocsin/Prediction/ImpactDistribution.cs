using System.Collections.Immutable;

namespace Tocsin.Prediction;

/// <summary>One Gaussian of an impact distribution, in the site's local frame.</summary>
/// <param name="Weight">Its share; all shares sum to 1.</param>
/// <param name="EastM">Mean east in metres.</param>
/// <param name="NorthM">Mean north in metres.</param>
/// <param name="Time">Mean time.</param>
/// <param name="EastEastM2">Variance of east.</param>
/// <param name="EastNorthM2">Covariance of east and north.</param>
/// <param name="NorthNorthM2">Variance of north.</param>
/// <param name="TimeSigmaS">Sigma of the time in seconds.</param>
public readonly record struct ImpactComponent(double Weight, double EastM, double NorthM, Instant Time,
    double EastEastM2, double EastNorthM2, double NorthNorthM2, double TimeSigmaS);

/// <summary>Where and when one object comes down: a weighted mixture of Gaussians on the site's ground.</summary>
/// <param name="Components">The Gaussians; one at first.</param>
public sealed record ImpactDistribution(ImmutableArray<ImpactComponent> Components);
