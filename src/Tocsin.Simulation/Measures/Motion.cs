using Tocsin.Geodesy;

namespace Tocsin.Simulation.Measures;

/// <summary>A position and a velocity in the site's local frame, metres and m/s.</summary>
internal readonly record struct Motion(Enu Position, Enu Velocity)
{
    /// <summary>Turns a position and a velocity over the ground there into the site's frame.</summary>
    public static Motion Of(LocalFrame frame, in Geodetic position, in Enu velocityMps)
    {
        // East, north and up lean away from the site's by a milliradian for every 6.4 km.
        Ecef velocity = new LocalFrame(position).RotateToEcef(velocityMps);
        return new(frame.ToEnu(position), frame.RotateToEnu(velocity));
    }

    /// <summary>The position after <paramref name="seconds"/> at this velocity and under an upward acceleration.</summary>
    public Enu After(double seconds, double upAccelerationMps2)
        => new(Position.East + Velocity.East * seconds, Position.North + Velocity.North * seconds,
            Position.Up + Velocity.Up * seconds + upAccelerationMps2 * seconds * seconds / 2);

    /// <summary>The position at the share <paramref name="s"/> of the way to <paramref name="end"/>, <paramref name="durationS"/> away:
    /// the cubic that has both positions and both velocities (Hermite).</summary>
    public Enu Between(in Motion end, double durationS, double s)
    {
        double s2 = s * s, s3 = s2 * s;
        double p0 = 2 * s3 - 3 * s2 + 1, v0 = (s3 - 2 * s2 + s) * durationS, p1 = 3 * s2 - 2 * s3, v1 = (s3 - s2) * durationS;
        return new(
            p0 * Position.East + v0 * Velocity.East + p1 * end.Position.East + v1 * end.Velocity.East,
            p0 * Position.North + v0 * Velocity.North + p1 * end.Position.North + v1 * end.Velocity.North,
            p0 * Position.Up + v0 * Velocity.Up + p1 * end.Position.Up + v1 * end.Velocity.Up);
    }
}

/// <summary>A motion at a time.</summary>
internal readonly record struct TimedMotion(Instant Time, Motion Motion)
{
    /// <summary>Index of the last of <paramref name="sorted"/> at or before <paramref name="time"/>; -1 where all are later.</summary>
    public static int LastAtOrBefore(IReadOnlyList<TimedMotion> sorted, Instant time)
    {
        int low = 0, high = sorted.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (sorted[middle].Time <= time) low = middle + 1;
            else high = middle;
        }
        return low - 1;
    }
}
