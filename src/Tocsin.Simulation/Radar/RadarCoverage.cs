using Tocsin.Geodesy;
using Tocsin.Simulation.Scenarios;

namespace Tocsin.Simulation.Radar;

/// <summary>What a radar could see if it never missed: its place, its sectors, and what the Earth hides.</summary>
internal sealed class RadarCoverage
{
    /// <summary>Mean radius of the Earth in metres (IUGG); the horizon needs no better.</summary>
    private const double EarthRadiusM = 6_371_009;

    /// <summary>Height in metres above the ground up to which <see cref="LowestVisibleM"/> looks; chosen: above it no round of such raids flies.</summary>
    private const double LookUpM = 30_000;

    private const double LookUpToleranceM = 0.1;

    private readonly (double FromRad, double WidthRad)[] _sectors;
    private readonly LocalFrame _frame;
    private readonly Ecef _position;
    private readonly double _groundM, _ownHorizonM;

    public RadarCoverage(SensorDefinition sensor, RadarSettings settings, double groundElevationM)
    {
        _frame = new LocalFrame(sensor.Position);
        _position = Wgs84.ToEcef(sensor.Position);
        _groundM = groundElevationM;
        _ownHorizonM = HorizonM(sensor.Position.HeightM);
        MinRangeM = settings.MinRangeM;
        MaxRangeM = settings.MaxRangeM ?? sensor.MaxRangeM;
        MinElevationRad = settings.MinElevationDeg is { } lowest ? Degrees.ToRad(lowest) : sensor.MinElevationRad;
        MaxElevationRad = Degrees.ToRad(settings.MaxElevationDeg);
        _sectors = settings.Sectors.Count == 0 ? [(0, Math.Tau)] : [.. settings.Sectors.Select(Turned)];
        WidthRad = _sectors.Sum(s => s.WidthRad);
    }

    public double MinRangeM { get; }

    public double MaxRangeM { get; }

    public double MinElevationRad { get; }

    public double MaxElevationRad { get; }

    /// <summary>All sectors together, in radians.</summary>
    public double WidthRad { get; }

    /// <summary>Range, azimuth, elevation and range rate in m/s of an object, without error.</summary>
    public (Polar Measurement, double RangeRateMps) Measure(in Ecef position, in Ecef velocityMps)
    {
        Ecef line = new(position.X - _position.X, position.Y - _position.Y, position.Z - _position.Z);
        Polar seen = _frame.RotateToEnu(line).ToPolar();
        // The radar stands still in the Earth's frame, so the object's velocity there is their relative one.
        double rate = (line.X * velocityMps.X + line.Y * velocityMps.Y + line.Z * velocityMps.Z) / seen.RangeM;
        return (seen, rate);
    }

    /// <summary>Whether something at <paramref name="seen"/> and a height above the ellipsoid is in coverage and not behind the Earth.</summary>
    /// <remarks>Rays are straight, here as in the measurement: over the ranges of such radars refraction lifts less than their errors.</remarks>
    public bool Covers(in Polar seen, double heightM) =>
        seen.RangeM >= MinRangeM && seen.RangeM <= MaxRangeM
        && seen.ElevationRad >= MinElevationRad && seen.ElevationRad <= MaxElevationRad
        && InSector(seen.AzimuthRad)
        && seen.RangeM <= _ownHorizonM + HorizonM(heightM);

    /// <summary>The lowest height above the ellipsoid, in metres, at which something over a place on the ground is in coverage; infinity for none.</summary>
    /// <param name="ground">The place, at the ground's height.</param>
    /// <remarks>What hides from below (lowest elevation, nearest range, the Earth's curve) hides all that is lower, so the edge is found by halving;
    /// what is above it may still be out of the sector, of the range, or too steep.</remarks>
    public double LowestVisibleM(in Geodetic ground)
    {
        double low = ground.HeightM, high = low + LookUpM;
        Geodetic place = ground;
        (Polar Seen, double HeightM) At(double heightM) => (Measure(Wgs84.ToEcef(place with { HeightM = heightM }), default).Measurement, heightM);
        bool Hidden((Polar Seen, double HeightM) at) =>
            at.Seen.ElevationRad < MinElevationRad || at.Seen.RangeM < MinRangeM || at.Seen.RangeM > _ownHorizonM + HorizonM(at.HeightM);

        if (Hidden(At(high))) return double.PositiveInfinity;
        if (Hidden(At(low)))
            while (high - low > LookUpToleranceM)
            {
                double middle = (low + high) / 2;
                if (Hidden(At(middle))) low = middle;
                else high = middle;
            }
        else high = low;
        (Polar seen, double lowest) = At(high);
        return Covers(seen, lowest) ? lowest : double.PositiveInfinity;
    }

    /// <summary>The azimuth at a share of the way through all sectors, share in [0, 1).</summary>
    public double AzimuthAt(double share)
    {
        double along = share * WidthRad;
        foreach ((double from, double width) in _sectors)
        {
            if (along < width) return Angles.Turn(from + along);
            along -= width;
        }
        return _sectors[0].FromRad;
    }

    private bool InSector(double azimuthRad)
    {
        foreach ((double from, double width) in _sectors)
            if (Angles.Turn(azimuthRad - from) <= width) return true;
        return false;
    }

    // From one end to the same is the whole turn, and so is 0 to 360.
    private static (double FromRad, double WidthRad) Turned(Sector sector)
    {
        double width = Angles.Turn(Degrees.ToRad(sector.ToDeg - sector.FromDeg));
        return (Degrees.ToRad(sector.FromDeg), width == 0 ? Math.Tau : width);
    }

    private double HorizonM(double heightM) => Math.Sqrt(2 * EarthRadiusM * Math.Max(0, heightM - _groundM));
}

/// <summary>Angles of a whole turn.</summary>
internal static class Angles
{
    /// <summary>The same direction in [0, 2 pi).</summary>
    public static double Turn(double rad)
    {
        double turned = rad - Math.Tau * Math.Floor(rad / Math.Tau);
        return turned < Math.Tau ? turned : 0;
    }

    /// <summary>The same direction in [-pi, pi).</summary>
    public static double Signed(double rad) => Turn(rad + Math.PI) - Math.PI;
}
