using Tocsin.Geodesy;
using Tocsin.Numerics;
using Tocsin.Simulation.Radar;
using Tocsin.Simulation.Scenarios;

namespace Tocsin.Simulation.Engagement;

/// <summary>Why a shot that would have served was not fired.</summary>
internal enum Hold
{
    /// <summary>Nothing held it.</summary>
    None,
    /// <summary>Out of reach, too near, or nothing ready in time.</summary>
    Reach,
    /// <summary>No shells or interceptors left.</summary>
    Stock,
    /// <summary>Below the lowest elevation.</summary>
    Elevation,
    /// <summary>A no-fire sector.</summary>
    Sector,
    /// <summary>Something stands in the way.</summary>
    Mask,
    /// <summary>An aircraft is near the line of fire.</summary>
    Aircraft,
    /// <summary>The harm expected below exceeds the harm expected to be averted.</summary>
    People,
}

/// <summary>Where one effector may fire: its lowest elevation, its no-fire sectors and what stands in its way.</summary>
internal sealed class LineOfFire(double minElevationDeg, IReadOnlyList<Sector> noFire, IReadOnlyList<MaskAngle> masks)
{
    /// <summary>What forbids a direction, given as a unit vector; nothing where it is free.</summary>
    public Hold Check(in Enu direction)
    {
        double elevationDeg = Degrees.FromRad(Elementary.Atan2(direction.Up, Math.Sqrt(direction.East * direction.East + direction.North * direction.North)));
        if (elevationDeg < minElevationDeg) return Hold.Elevation;
        double azimuthDeg = Degrees.FromRad(Angles.Turn(Elementary.Atan2(direction.East, direction.North)));
        foreach (Sector sector in noFire)
        {
            double width = Turn(sector.ToDeg - sector.FromDeg);
            // From one end to the same is the whole turn, as it is for a radar.
            if (width == 0 || Turn(azimuthDeg - sector.FromDeg) <= width) return Hold.Sector;
        }
        return elevationDeg < MaskDeg(azimuthDeg) ? Hold.Mask : Hold.None;
    }

    /// <summary>The elevation that must be cleared at an azimuth, degrees.</summary>
    internal double MaskDeg(double azimuthDeg)
    {
        if (masks.Count == 0) return -90;
        int after = 0;
        while (after < masks.Count && masks[after].AzimuthDeg <= azimuthDeg) after++;
        MaskAngle a = masks[(after + masks.Count - 1) % masks.Count], b = masks[after % masks.Count];
        double span = Turn(b.AzimuthDeg - a.AzimuthDeg);
        return span == 0 ? a.ElevationDeg : a.ElevationDeg + Turn(azimuthDeg - a.AzimuthDeg) / span * (b.ElevationDeg - a.ElevationDeg);
    }

    private static double Turn(double deg) => deg - 360 * Math.Floor(deg / 360);
}
