namespace Tocsin.Ballistics;

/// <summary>A round as a point mass: how it slows down, and how it is driven at first.</summary>
/// <param name="BallisticCoefficientKgM2">Mass over reference area and drag coefficient at the value 1 of <paramref name="Drag"/>:
/// the drag acceleration is density x speed² x curve(Mach) / (2 x this). Infinity for none.</param>
/// <param name="Drag">The drag coefficient by Mach number.</param>
/// <param name="Boost">The rocket motor; null for a round without one.</param>
public sealed record Round(double BallisticCoefficientKgM2, DragCurve Drag, BoostPhase? Boost = null);

/// <summary>A rocket motor that burns from the launch on, with a constant acceleration along the velocity over the ground.</summary>
/// <param name="DurationS">How long it burns, in seconds.</param>
/// <param name="AccelerationMps2">Thrust over mass in m/s2.</param>
public readonly record struct BoostPhase(double DurationS, double AccelerationMps2);

/// <summary>What a round flies through.</summary>
/// <param name="wind">Wind by height.</param>
public sealed class FlightEnvironment(WindProfile wind)
{
    /// <summary>Standard air without wind.</summary>
    public static FlightEnvironment Calm { get; } = new(WindProfile.Calm);

    /// <summary>Wind by height.</summary>
    public WindProfile Wind { get; } = wind;
}
