using Tocsin.Numerics;

namespace Tocsin.Simulation.Measures;

internal static class Ellipses
{
    /// <summary>Whether the point that lies <paramref name="eastM"/> and <paramref name="northM"/> from the centre is within the ellipse.</summary>
    public static bool Contains(in GroundEllipse ellipse, double eastM, double northM)
    {
        (double sin, double cos) = Elementary.SinCos(ellipse.OrientationRad);
        double along = (eastM * sin + northM * cos) / ellipse.SemiMajorM, across = (eastM * cos - northM * sin) / ellipse.SemiMinorM;
        return along * along + across * across <= 1;
    }
}
