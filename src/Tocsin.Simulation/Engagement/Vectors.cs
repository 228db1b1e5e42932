using Tocsin.Geodesy;

namespace Tocsin.Simulation.Engagement;

/// <summary>Arithmetic of vectors in the site's local frame.</summary>
internal static class Vectors
{
    public static Enu Plus(this in Enu a, in Enu b) => new(a.East + b.East, a.North + b.North, a.Up + b.Up);

    public static Enu Minus(this in Enu a, in Enu b) => new(a.East - b.East, a.North - b.North, a.Up - b.Up);

    public static Enu Times(this in Enu a, double factor) => new(a.East * factor, a.North * factor, a.Up * factor);

    /// <summary>a + factor b.</summary>
    public static Enu PlusTimes(this in Enu a, double factor, in Enu b) => new(a.East + factor * b.East, a.North + factor * b.North, a.Up + factor * b.Up);

    public static double Dot(this in Enu a, in Enu b) => a.East * b.East + a.North * b.North + a.Up * b.Up;

    public static Enu Cross(this in Enu a, in Enu b) => new(a.North * b.Up - a.Up * b.North, a.Up * b.East - a.East * b.Up, a.East * b.North - a.North * b.East);

    public static double Length(this in Enu a) => Math.Sqrt(a.Dot(a));

    /// <summary>The vector of length 1 in the same direction; straight up for no vector at all.</summary>
    public static Enu Unit(this in Enu a)
    {
        double length = a.Length();
        return length > 0 ? a.Times(1 / length) : new(0, 0, 1);
    }

    /// <summary>Two unit vectors across a unit vector: one level, one in its vertical plane.</summary>
    public static (Enu Level, Enu Steep) Across(this in Enu direction)
    {
        double ground = Math.Sqrt(direction.East * direction.East + direction.North * direction.North);
        Enu level = ground > 1e-9 ? new(direction.North / ground, -direction.East / ground, 0) : new(1, 0, 0);
        return (level, level.Cross(direction));
    }

    /// <summary>The angle between two directions in radians.</summary>
    public static double AngleTo(this in Enu a, in Enu b) => Numerics.Elementary.Atan2(a.Cross(b).Length(), a.Dot(b));
}
