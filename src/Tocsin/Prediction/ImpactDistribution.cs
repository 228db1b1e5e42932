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
/// <remarks>A value: a mixture of one, the usual case, takes no memory of its own.</remarks>
public readonly record struct ImpactDistribution
{
    private readonly ImpactComponent _first;
    private readonly ImmutableArray<ImpactComponent> _others;

    /// <summary>A mixture of one.</summary>
    public ImpactDistribution(in ImpactComponent only)
    {
        _first = only;
        _others = [];
    }

    /// <summary>A mixture of several, whose weights sum to 1.</summary>
    /// <exception cref="ArgumentException">No component.</exception>
    public ImpactDistribution(ReadOnlySpan<ImpactComponent> components)
    {
        if (components.IsEmpty) throw new ArgumentException("a mixture needs a component", nameof(components));
        _first = components[0];
        _others = [.. components[1..]];
    }

    /// <summary>The number of Gaussians.</summary>
    public int Count => 1 + (_others.IsDefault ? 0 : _others.Length);

    /// <summary>One of the Gaussians.</summary>
    public ImpactComponent this[int index] => index == 0 ? _first : _others[index - 1];
}
