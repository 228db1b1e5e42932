namespace Tocsin.Yardstick;

/// <summary>Drag against Mach number: knots joined by straight lines, scaled by nobody.</summary>
internal sealed class Curve(string name, double[] mach, double[] drag)
{
    public string Name { get; } = name;

    public ReadOnlySpan<double> Mach => mach;

    public ReadOnlySpan<double> Drag => drag;

    public double At(double m)
    {
        if (m <= mach[0])
            return drag[0];
        for (int i = 1; i < mach.Length; i++)
        {
            if (m < mach[i])
                return drag[i - 1] + (drag[i] - drag[i - 1]) * (m - mach[i - 1]) / (mach[i] - mach[i - 1]);
        }
        return drag[^1];
    }

    /// <summary>The same shape with a mean of one between Mach 0.4 and <paramref name="top"/>, so that a ballistic coefficient
    /// (kg/m2, mass over drag coefficient times area) means the same for every shape.</summary>
    public Curve Normalised(double top)
    {
        double sum = 0;
        const int Steps = 64;
        for (int i = 0; i < Steps; i++)
            sum += At(0.4 + (Math.Max(top, 0.5) - 0.4) * (i + 0.5) / Steps);
        return new(Name, [.. mach], [.. drag.Select(d => d * Steps / sum)]);
    }
}

/// <summary>Shapes of drag curves, from blunt to slender. The knots are rough readings: what counts is that they differ.</summary>
internal static class Curves
{
    public static readonly Curve Constant = new("constant", [0], [1]);

    /// <summary>A flat-based blunt bullet, such as the G1 reference projectile.</summary>
    public static readonly Curve G1 = new("g1", [0, 0.5, 0.7, 0.8, 0.875, 0.925, 0.975, 1, 1.05, 1.1, 1.2, 1.4, 1.6, 2, 2.5],
        [0.26, 0.203, 0.217, 0.255, 0.313, 0.37, 0.44, 0.48, 0.543, 0.588, 0.639, 0.663, 0.648, 0.593, 0.54]);

    /// <summary>A long boat-tail, such as G7.</summary>
    public static readonly Curve G7 = new("g7", [0, 0.6, 0.8, 0.875, 0.925, 0.95, 0.975, 1, 1.025, 1.05, 1.1, 1.25, 1.5, 2, 2.5],
        [0.12, 0.119, 0.124, 0.135, 0.166, 0.205, 0.299, 0.38, 0.402, 0.404, 0.4, 0.38, 0.344, 0.298, 0.27]);

    /// <summary>A short boat-tail, such as G5.</summary>
    public static readonly Curve G5 = new("g5", [0, 0.5, 0.75, 0.85, 0.9, 0.95, 1, 1.05, 1.1, 1.2, 1.4, 1.8, 2.5],
        [0.17, 0.161, 0.167, 0.189, 0.217, 0.29, 0.372, 0.41, 0.43, 0.441, 0.423, 0.372, 0.31]);

    /// <summary>A finned mortar bomb: low drag below 0.8, a late and steep rise.</summary>
    public static readonly Curve Finned = new("finned", [0, 0.4, 0.6, 0.75, 0.85, 0.92, 0.97, 1.03, 1.1, 1.3, 2],
        [0.125, 0.122, 0.12, 0.132, 0.17, 0.27, 0.38, 0.43, 0.44, 0.42, 0.36]);

    /// <summary>A blunt-nosed rocket with fins: drag high everywhere, strongly peaked at Mach 1.1.</summary>
    public static readonly Curve Blunt = new("blunt", [0, 0.6, 0.8, 0.9, 0.97, 1.03, 1.1, 1.2, 1.4, 1.7, 2.2],
        [0.42, 0.42, 0.46, 0.56, 0.78, 0.96, 1.04, 1.02, 0.92, 0.8, 0.68]);

    /// <summary>A slender rocket whose supersonic drag falls away quickly.</summary>
    public static readonly Curve Slender = new("slender", [0, 0.7, 0.9, 1, 1.08, 1.15, 1.3, 1.6, 2, 2.6],
        [0.31, 0.3, 0.34, 0.47, 0.55, 0.54, 0.47, 0.39, 0.32, 0.27]);

    /// <summary>A sphere.</summary>
    public static readonly Curve Sphere = new("sphere", [0, 0.4, 0.6, 0.8, 0.95, 1.1, 1.3, 1.6, 2, 2.5],
        [0.47, 0.49, 0.53, 0.63, 0.76, 0.86, 0.94, 1, 0.99, 0.97]);

    public static readonly Curve[] Rockets = [G1, G7, G5, Blunt, Slender, Sphere, Constant];

    public static readonly Curve[] Mortars = [Finned, G5, G7, Sphere, Constant];
}
