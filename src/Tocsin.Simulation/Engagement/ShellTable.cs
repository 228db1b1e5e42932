using Tocsin.Ballistics;
using Tocsin.Numerics;
using Tocsin.Simulation.Runs;
using Tocsin.Simulation.Scenarios;

namespace Tocsin.Simulation.Engagement;

/// <summary>Where a shell of a gun is, by the elevation of its bore and the time since it was fired, in standard air without wind.</summary>
/// <remarks>A plane flight: point mass, drag, gravity that points down. Rows by elevation are computed once by Runge-Kutta steps and joined by quadratics in
/// elevation and cubics in time. Against the core's integrator, which knows the Earth's turning too, a test keeps it within 0.4 m at the end of a shell's life; the Coriolis
/// acceleration alone moves a shell of 1000 m/s by up to 0.07 t² metres.</remarks>
internal sealed class ShellTable
{
    private const double LowestDeg = -20, StepDeg = 5;
    private const int Rows = 23;

    // Falls bend more at low elevations than shells do in their short lives, so they have rows of their own.
    private const double FallStepDeg = 2;
    private const int FallRows = 56;
    private const double StepS = 0.05, FallStepS = 0.1, LongestFallS = 180;

    private readonly int _steps;
    private readonly Sample[] _samples;
    private readonly Fall[] _falls;

    /// <summary>Along the bore's line and below it, in metres, with their rates.</summary>
    private readonly record struct Sample(double AlongM, double BelowM, double AlongMps, double BelowMps);

    /// <summary>Where a shell that does not destroy itself comes down.</summary>
    /// <param name="DistanceM">Distance over the ground in metres.</param>
    /// <param name="TimeS">Seconds from the shot.</param>
    /// <param name="SpeedMps">Speed there.</param>
    internal readonly record struct Fall(double DistanceM, double TimeS, double SpeedMps);

    /// <summary>Computes the table of a gun.</summary>
    /// <param name="gun">The gun.</param>
    /// <param name="muzzleHeightM">Height of its muzzle above the ellipsoid.</param>
    /// <param name="sinLatitude">Sine of the latitude, for gravity.</param>
    public ShellTable(GunSettings gun, double muzzleHeightM, double sinLatitude)
    {
        (MuzzleHeightM, SinLatitude, LifeS) = (muzzleHeightM, sinLatitude, gun.SelfDestructS);
        _steps = (int)Math.Ceiling(gun.SelfDestructS / StepS) + 1;
        _samples = new Sample[Rows * (_steps + 1)];
        _falls = new Fall[FallRows];
        var flight = new PlaneFlight(DragShapes.Of(gun.Drag), gun.BallisticCoefficientKgPerM2, muzzleHeightM, sinLatitude);
        for (int row = 0; row < Rows; row++)
        {
            (double sin, double cos) = Elementary.SinCos(Degrees.ToRad(LowestDeg + row * StepDeg));
            PlaneState s = new(0, 0, gun.MuzzleVelocityMps * cos, gun.MuzzleVelocityMps * sin);
            for (int i = 0; i <= _steps; i++, s = flight.Step(s, StepS))
            {
                // Resolved along the bore and square to it: both are smooth in the elevation.
                _samples[row * (_steps + 1) + i] = new(s.X * cos + s.Y * sin, s.X * sin - s.Y * cos, s.Vx * cos + s.Vy * sin, s.Vx * sin - s.Vy * cos);
            }
        }
        for (int row = 0; row < FallRows; row++) _falls[row] = FallFrom(flight, gun, Degrees.ToRad(LowestDeg + row * FallStepDeg));
    }

    private static Fall FallFrom(PlaneFlight flight, GunSettings gun, double elevationRad)
    {
        (double sin, double cos) = Elementary.SinCos(elevationRad);
        PlaneState s = new(0, 0, gun.MuzzleVelocityMps * cos, gun.MuzzleVelocityMps * sin);
        double time = 0;
        while (time < LongestFallS)
        {
            PlaneState next = flight.Step(s, FallStepS);
            if (next.Y <= -gun.HeightAboveGroundM && next.Vy < 0)
            {
                double share = Math.Clamp((s.Y + gun.HeightAboveGroundM) / (s.Y - next.Y), 0, 1);
                return new(s.X + share * (next.X - s.X), time + share * FallStepS, Math.Sqrt(next.Vx * next.Vx + next.Vy * next.Vy));
            }
            (s, time) = (next, time + FallStepS);
        }
        return new(s.X, time, Math.Sqrt(s.Vx * s.Vx + s.Vy * s.Vy));
    }

    public double MuzzleHeightM { get; }

    public double SinLatitude { get; }

    /// <summary>Seconds after which a shell destroys itself.</summary>
    public double LifeS { get; }

    /// <summary>Metres along the bore's line and below it at a time, and their rates in m/s.</summary>
    public (double AlongM, double BelowM, double AlongMps, double BelowMps) At(double boreElevationRad, double timeS)
    {
        (int row, double a, double b, double c) = Weights(boreElevationRad, StepDeg, Rows);
        double cell = Math.Clamp(timeS / StepS, 0, _steps);
        int i = Math.Min((int)cell, _steps - 1);
        double u = cell - i;
        Sample p = In(row, i, u), q = In(row + 1, i, u), r = In(row + 2, i, u);
        return (a * p.AlongM + b * q.AlongM + c * r.AlongM, a * p.BelowM + b * q.BelowM + c * r.BelowM,
            a * p.AlongMps + b * q.AlongMps + c * r.AlongMps, a * p.BelowMps + b * q.BelowMps + c * r.BelowMps);
    }

    /// <summary>Where a shell comes down that does not destroy itself.</summary>
    public Fall FallOf(double boreElevationRad)
    {
        (int row, double a, double b, double c) = Weights(boreElevationRad, FallStepDeg, FallRows);
        Fall p = _falls[row], q = _falls[row + 1], r = _falls[row + 2];
        return new(Math.Max(0, a * p.DistanceM + b * q.DistanceM + c * r.DistanceM), Math.Max(0, a * p.TimeS + b * q.TimeS + c * r.TimeS), a * p.SpeedMps + b * q.SpeedMps + c * r.SpeedMps);
    }

    // Lagrange's quadratic through the three rows nearest.
    private static (int Row, double A, double B, double C) Weights(double elevationRad, double stepDeg, int rows)
    {
        double cell = Math.Clamp((Degrees.FromRad(elevationRad) - LowestDeg) / stepDeg, 0, rows - 1);
        int row = Math.Clamp((int)Math.Round(cell) - 1, 0, rows - 3);
        double u = cell - row;
        return (row, (u - 1) * (u - 2) / 2, -u * (u - 2), u * (u - 1) / 2);
    }

    // The cubic that has the positions and speeds of both ends (Hermite), and its derivative.
    private Sample In(int row, int i, double u)
    {
        ref readonly Sample p = ref _samples[row * (_steps + 1) + i], q = ref _samples[row * (_steps + 1) + i + 1];
        double u2 = u * u, h01 = u2 * (3 - 2 * u), h00 = 1 - h01, h10 = u * (1 - u) * (1 - u) * StepS, h11 = (u2 * u - u2) * StepS;
        double d01 = 6 * u * (1 - u) / StepS, d10 = (1 - u) * (1 - 3 * u), d11 = u * (3 * u - 2);
        return new(h00 * p.AlongM + h01 * q.AlongM + h10 * p.AlongMps + h11 * q.AlongMps,
            h00 * p.BelowM + h01 * q.BelowM + h10 * p.BelowMps + h11 * q.BelowMps,
            d01 * (q.AlongM - p.AlongM) + d10 * p.AlongMps + d11 * q.AlongMps,
            d01 * (q.BelowM - p.BelowM) + d10 * p.BelowMps + d11 * q.BelowMps);
    }
}

/// <summary>A point in a vertical plane: forward and up in metres from the start, with its speeds.</summary>
internal readonly record struct PlaneState(double X, double Y, double Vx, double Vy);

/// <summary>The flight of a point mass in a vertical plane of still standard air: drag and gravity (McCoy, Modern Exterior Ballistics, 2nd ed., ch. 5).</summary>
internal sealed class PlaneFlight(DragCurve drag, double ballisticCoefficientKgM2, double startHeightM, double sinLatitude)
{
    /// <summary>The state one step later, by the classical Runge-Kutta method of order 4.</summary>
    public PlaneState Step(in PlaneState s, double h)
    {
        (double ax1, double ay1) = Acceleration(s.Y, s.Vx, s.Vy);
        double vx2 = s.Vx + h / 2 * ax1, vy2 = s.Vy + h / 2 * ay1;
        (double ax2, double ay2) = Acceleration(s.Y + h / 2 * s.Vy, vx2, vy2);
        double vx3 = s.Vx + h / 2 * ax2, vy3 = s.Vy + h / 2 * ay2;
        (double ax3, double ay3) = Acceleration(s.Y + h / 2 * vy2, vx3, vy3);
        double vx4 = s.Vx + h * ax3, vy4 = s.Vy + h * ay3;
        (double ax4, double ay4) = Acceleration(s.Y + h * vy3, vx4, vy4);
        return new(s.X + h / 6 * (s.Vx + 2 * (vx2 + vx3) + vx4), s.Y + h / 6 * (s.Vy + 2 * (vy2 + vy3) + vy4),
            s.Vx + h / 6 * (ax1 + 2 * (ax2 + ax3) + ax4), s.Vy + h / 6 * (ay1 + 2 * (ay2 + ay3) + ay4));
    }

    private (double X, double Y) Acceleration(double y, double vx, double vy)
    {
        double height = startHeightM + y, speed = Math.Sqrt(vx * vx + vy * vy);
        (double density, double sound) = AtmosphereTable.At(height);
        double k = -0.5 * density * speed * drag.At(speed / sound) / ballisticCoefficientKgM2;
        return (k * vx, k * vy - Gravity.NormalMps2(sinLatitude, height));
    }
}
