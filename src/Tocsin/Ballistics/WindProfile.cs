using System.Collections.Immutable;

namespace Tocsin.Ballistics;

/// <summary>One level of a wind profile.</summary>
/// <param name="HeightM">Height above the ellipsoid in metres.</param>
/// <param name="EastMps">Speed of the air towards the east.</param>
/// <param name="NorthMps">Speed of the air towards the north.</param>
public readonly record struct WindLevel(double HeightM, double EastMps, double NorthMps);

/// <summary>Horizontal wind by height, linear between levels and constant beyond them.</summary>
public sealed class WindProfile
{
    /// <summary>No wind.</summary>
    public static WindProfile Calm { get; } = new([]);

    /// <summary>Makes a profile of levels with strictly rising heights.</summary>
    /// <exception cref="ArgumentException">Heights do not rise.</exception>
    public WindProfile(ImmutableArray<WindLevel> levels)
    {
        for (int i = 1; i < levels.Length; i++)
            if (!(levels[i].HeightM > levels[i - 1].HeightM)) throw new ArgumentException("heights must rise", nameof(levels));
        Levels = levels;
    }

    /// <summary>The levels, lowest first.</summary>
    public ImmutableArray<WindLevel> Levels { get; }

    /// <summary>The air's velocity in m/s, east and north, at a height above the ellipsoid.</summary>
    public (double EastMps, double NorthMps) At(double heightM)
    {
        if (Levels.IsEmpty) return (0, 0);
        if (heightM <= Levels[0].HeightM) return (Levels[0].EastMps, Levels[0].NorthMps);
        int below = 0, above = Levels.Length;
        // The first level that is not below the height.
        while (above - below > 1)
        {
            int middle = (below + above) / 2;
            if (heightM > Levels[middle].HeightM) below = middle;
            else above = middle;
        }
        // A height that is no number is above everything.
        if (above == Levels.Length || double.IsNaN(heightM)) return (Levels[^1].EastMps, Levels[^1].NorthMps);
        WindLevel a = Levels[above - 1], b = Levels[above];
        double s = (heightM - a.HeightM) / (b.HeightM - a.HeightM);
        return (a.EastMps + s * (b.EastMps - a.EastMps), a.NorthMps + s * (b.NorthMps - a.NorthMps));
    }
}
