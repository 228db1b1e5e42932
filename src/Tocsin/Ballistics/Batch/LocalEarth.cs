using Tocsin.Geodesy;

namespace Tocsin.Ballistics.Batch;

/// <summary>The Earth as an east-north-up frame sees it around its origin, in polynomials: height above the ellipsoid, gravity with J2, rotation.</summary>
/// <remarks>
/// Against <see cref="LocalFrame.HeightM"/>, <see cref="Gravity.GravitationAt"/> and the exact centrifugal acceleration: the height of places near the ground is
/// within 0.1 mm up to 10 km from the origin, 2 mm up to 30 km, 8 cm up to 100 km; acceleration within 4e-7 m/s2 up to 10 km from the origin
/// in all directions, 5e-6 up to 30 km, 5e-5 up to 100 km (tests hold them).
/// </remarks>
internal sealed class LocalEarth
{
    /// <summary>Distance at which the gradient of the small part of gravity is taken, metres: chosen; it has all but its third derivative.</summary>
    private const double GradientStepM = 10_000;

    /// <summary>Makes the polynomials at a place.</summary>
    public LocalEarth(in Geodetic origin)
    {
        LocalAxes axes = LocalAxes.At(origin);
        Ecef place = Wgs84.ToEcef(origin);
        Enu centre = axes.RotateToEnu(place);
        (OriginHeightM, CentreNorthM, CentreUpM) = (origin.HeightM, centre.North, centre.Up);
        double radius2 = place.X * place.X + place.Y * place.Y + place.Z * place.Z;
        InverseRadius2 = 1 / radius2;
        Pull = -Gravity.EarthGm * InverseRadius2 / Math.Sqrt(radius2);
        // The radii of curvature along the parallel and the meridian (Torge and Müller, Geodesy, 4th ed., section 4.1.3).
        double w2 = 1 - Wgs84.EccentricitySquared * axes.SinLatitude * axes.SinLatitude, w = Math.Sqrt(w2);
        double east = Wgs84.SemiMajorAxisM / w + origin.HeightM, north = Wgs84.SemiMajorAxisM * (1 - Wgs84.EccentricitySquared) / (w2 * w) + origin.HeightM;
        (InverseEastM, InverseNorthM) = (1 / east, 1 / north);
        (BendEast, BendNorth, Shrink) = (0.5 / east, 0.5 / north, 2 / (east + north));
        TurnPerM = axes.SinLatitude / (axes.CosLatitude * east);
        (CoriolisSin, CoriolisCos) = (2 * Wgs84.RotationRadPerS * axes.SinLatitude, 2 * Wgs84.RotationRadPerS * axes.CosLatitude);

        // The field is alike to the east and to the west, so that nothing couples east with the two others.
        Enu here = Rest(axes, place, default);
        (RestNorth, RestUp) = (here.North, here.Up);
        const double step = GradientStepM, share = 0.5 / step;
        Enu e1 = Rest(axes, place, new(step, 0, 0)), e0 = Rest(axes, place, new(-step, 0, 0));
        Enu n1 = Rest(axes, place, new(0, step, 0)), n0 = Rest(axes, place, new(0, -step, 0));
        Enu u1 = Rest(axes, place, new(0, 0, step)), u0 = Rest(axes, place, new(0, 0, -step));
        (EastEast, NorthNorth, UpUp) = ((e1.East - e0.East) * share, (n1.North - n0.North) * share, (u1.Up - u0.Up) * share);
        NorthUp = (u1.North - u0.North + n1.Up - n0.Up) * (0.5 * share);
    }

    /// <summary>Height of the origin above the ellipsoid, metres.</summary>
    public double OriginHeightM { get; }

    /// <summary>The origin as the Earth's centre sees it: its north component, metres.</summary>
    public double CentreNorthM { get; }

    /// <summary>Its upward component, metres.</summary>
    public double CentreUpM { get; }

    /// <summary>1 over the square of the origin's distance from the centre.</summary>
    public double InverseRadius2 { get; }

    /// <summary>The point mass's pull at the origin over that distance, negative, 1/s2.</summary>
    public double Pull { get; }

    /// <summary>1 over the radius of curvature along the parallel, the origin's height included.</summary>
    public double InverseEastM { get; }

    /// <summary>1 over that along the meridian.</summary>
    public double InverseNorthM { get; }

    /// <summary>Half of <see cref="InverseEastM"/>: how the ground falls away to the east.</summary>
    public double BendEast { get; }

    /// <summary>Half of <see cref="InverseNorthM"/>.</summary>
    public double BendNorth { get; }

    /// <summary>1 over the mean radius: how the fall shrinks with height.</summary>
    public double Shrink { get; }

    /// <summary>How much the directions east and north turn with each metre to the east.</summary>
    public double TurnPerM { get; }

    /// <summary>Twice the rotation's upward component, rad/s.</summary>
    public double CoriolisSin { get; }

    /// <summary>Twice its northward component, rad/s.</summary>
    public double CoriolisCos { get; }

    /// <summary>J2 and the centrifugal acceleration at the origin, northward, m/s2.</summary>
    public double RestNorth { get; }

    /// <summary>The same, upward.</summary>
    public double RestUp { get; }

    /// <summary>Their gradient: east by east, 1/s2.</summary>
    public double EastEast { get; }

    /// <summary>North by north.</summary>
    public double NorthNorth { get; }

    /// <summary>North by up, and up by north.</summary>
    public double NorthUp { get; }

    /// <summary>Up by up.</summary>
    public double UpUp { get; }

    /// <summary>Height above the ellipsoid in metres; the lanes compute the same.</summary>
    public double HeightM(double east, double north, double up)
    {
        double bend = BendEast * east * east + BendNorth * north * north;
        return OriginHeightM + up + bend * (1 - Shrink * (up + 0.5 * bend));
    }

    /// <summary>How height changes with time, in m/s, and how that changes, in m/s2, for a place, its velocity and its acceleration.</summary>
    public (double Mps, double Mps2) Climb(in Enu place, in Enu velocity, in Enu acceleration)
    {
        double bend = BendEast * place.East * place.East + BendNorth * place.North * place.North;
        double b1 = 2 * (BendEast * place.East * velocity.East + BendNorth * place.North * velocity.North);
        double b2 = 2 * (BendEast * (velocity.East * velocity.East + place.East * acceleration.East)
            + BendNorth * (velocity.North * velocity.North + place.North * acceleration.North));
        double z = place.Up, z1 = velocity.Up, z2 = acceleration.Up;
        return (z1 + b1 - Shrink * (b1 * z + bend * z1 + bend * b1), z2 + b2 - Shrink * (b2 * z + 2 * b1 * z1 + bend * z2 + b1 * b1 + bend * b2));
    }

    /// <summary>What the turning Earth adds to the pull of a point mass, at a place of the frame.</summary>
    private static Enu Rest(in LocalAxes axes, in Ecef origin, in Enu offset)
    {
        const double omega2 = Wgs84.RotationRadPerS * Wgs84.RotationRadPerS;
        Ecef d = axes.RotateToEcef(offset), r = new(origin.X + d.X, origin.Y + d.Y, origin.Z + d.Z), g = Gravity.GravitationAt(r);
        double inverse2 = 1 / (r.X * r.X + r.Y * r.Y + r.Z * r.Z), pull = Gravity.EarthGm * inverse2 * Math.Sqrt(inverse2);
        return axes.RotateToEnu(new(g.X + (pull + omega2) * r.X, g.Y + (pull + omega2) * r.Y, g.Z + pull * r.Z));
    }
}
