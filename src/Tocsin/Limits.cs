namespace Tocsin;

/// <summary>Every limit of the core, by name. What exceeds one is dropped, counted and reported.</summary>
public static class Limits
{
    /// <summary>Plots that the reorder buffer holds at once.</summary>
    public const int ReorderBufferPlots = 65_536;

    /// <summary>Tracks, tentative ones included, that a Site keeps at once.</summary>
    public const int Tracks = 16_384;

    /// <summary>Sensors of one site.</summary>
    public const int Sensors = 64;

    /// <summary>Zones of one site.</summary>
    public const int Zones = 8_192;
}
