using Tocsin.Ballistics;
using Tocsin.Simulation.Scenarios;

namespace Tocsin.Simulation.Runs;

/// <summary>The drag curves of the truth: generic, of no particular round, and none of them the curve that the tracker assumes.</summary>
/// <remarks>Chosen by this project between what open references show of standard shapes: a drag coefficient level below Mach 0.8, a rise by
/// 2 to 3.5 times through Mach 1, and a fall with growing Mach number beyond (McCoy, Modern Exterior Ballistics, 2nd ed., ch. 4).</remarks>
internal static class DragShapes
{
    private static readonly DragCurve s_subsonic = new(
        [(0, 1), (0.5, 1), (0.7, 1.02), (0.8, 1.1), (0.87, 1.3), (0.92, 1.65), (0.97, 2.2), (1.02, 2.7), (1.1, 2.95), (1.3, 2.8), (2, 2.2), (4, 1.4)]);

    private static readonly DragCurve s_transonic = new(
        [(0, 1), (0.6, 0.99), (0.8, 1.01), (0.9, 1.12), (0.96, 1.45), (1.0, 1.8), (1.06, 2.1), (1.15, 2.2), (1.35, 2.1), (1.7, 1.87), (2.2, 1.62), (3, 1.32), (5, 1.02)]);

    private static readonly DragCurve s_supersonic = new(
        [(0, 1), (0.6, 1), (0.83, 1.05), (0.9, 1.25), (0.95, 1.8), (1.0, 2.75), (1.05, 3.2), (1.15, 3.3), (1.35, 3.15), (1.7, 2.85), (2.2, 2.5), (3, 2.05), (5, 1.5)]);

    public static DragCurve Of(DragShape shape) => shape switch
    {
        DragShape.Subsonic => s_subsonic,
        DragShape.Transonic => s_transonic,
        _ => s_supersonic,
    };
}
