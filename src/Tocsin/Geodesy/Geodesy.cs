namespace Tocsin.Geodesy;

/// <summary>A position on or above the WGS-84 ellipsoid.</summary>
/// <param name="LatitudeRad">Geodetic latitude in radians, north positive.</param>
/// <param name="LongitudeRad">Longitude in radians, east positive.</param>
/// <param name="HeightM">Height above the ellipsoid in metres.</param>
public readonly record struct Geodetic(double LatitudeRad, double LongitudeRad, double HeightM);

/// <summary>A position or a vector in the Earth-centred, Earth-fixed frame, metres.</summary>
/// <param name="X">Towards latitude 0, longitude 0.</param>
/// <param name="Y">Towards latitude 0, longitude 90 degrees east.</param>
/// <param name="Z">Towards the north pole.</param>
public readonly record struct Ecef(double X, double Y, double Z);

/// <summary>A position or a vector in a local east-north-up frame (see <see cref="LocalFrame"/>).</summary>
/// <param name="East">East component.</param>
/// <param name="North">North component.</param>
/// <param name="Up">Up component.</param>
public readonly record struct Enu(double East, double North, double Up);

/// <summary>A position as a sensor measures it.</summary>
/// <param name="RangeM">Slant range in metres.</param>
/// <param name="AzimuthRad">Clockwise from true north at the sensor, in [0, 2 pi).</param>
/// <param name="ElevationRad">Above the local horizontal of the ellipsoid at the sensor.</param>
public readonly record struct Polar(double RangeM, double AzimuthRad, double ElevationRad);
