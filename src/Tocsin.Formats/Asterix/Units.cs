namespace Tocsin.Formats.Asterix;

/// <summary>The units of ASTERIX in metres (both exact by definition).</summary>
internal static class Units
{
    /// <summary>Metres in an international nautical mile.</summary>
    public const double MetresPerNauticalMile = 1852;

    /// <summary>Metres in an international foot.</summary>
    public const double MetresPerFoot = 0.3048;
}
