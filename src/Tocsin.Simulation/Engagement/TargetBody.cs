using Tocsin.Geodesy;

namespace Tocsin.Simulation.Engagement;

/// <summary>The part of a round that must be struck to neutralise it: a cylinder along its flight.</summary>
/// <param name="LengthM">Its length in metres.</param>
/// <param name="DiameterM">Its diameter in metres.</param>
internal readonly record struct TargetBody(double LengthM, double DiameterM)
{
    /// <summary>The body of a kind of round. Chosen: generic sizes of a charge, of no particular round.</summary>
    public static TargetBody Of(Kind kind) => kind switch
    {
        Kind.Artillery => new(0.6, 0.15),
        Kind.Mortar => new(0.45, 0.11),
        _ => new(0.8, 0.12),
    };

    /// <summary>Its silhouette in m² seen along a direction that makes an angle with its axis: a rectangle with half an ellipse at each end.</summary>
    public double PresentedM2(double sinAngle, double cosAngle) => LengthM * DiameterM * sinAngle + Math.PI / 4 * DiameterM * DiameterM * Math.Abs(cosAngle);

    /// <summary>Whether something small that passes its middle by <paramref name="miss"/>, square to their relative velocity, strikes it.</summary>
    /// <param name="axis">Unit vector of its axis.</param>
    /// <param name="along">Unit vector of the relative velocity.</param>
    /// <param name="miss">From its middle to the nearest point of the other's path.</param>
    public bool IsStruck(in Enu axis, in Enu along, in Enu miss)
    {
        double cos = axis.Dot(along), radius = DiameterM / 2;
        Enu seen = axis.PlusTimes(-cos, along);
        double sin = seen.Length();
        // In the plane of the silhouette: lengthwise and across. Seen end on it is a disc, and any direction is lengthwise.
        Enu lengthwise = sin > 1e-9 ? seen.Times(1 / sin) : along.Across().Level;
        double u = Math.Abs(miss.Dot(lengthwise)), across2 = Math.Max(0, miss.Dot(miss) - u * u);
        if (across2 > radius * radius) return false;
        return u <= LengthM / 2 * sin + Math.Abs(cos) * Math.Sqrt(radius * radius - across2);
    }
}
