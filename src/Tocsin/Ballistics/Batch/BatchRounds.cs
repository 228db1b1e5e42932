namespace Tocsin.Ballistics.Batch;

/// <summary>Rounds to fly together: each quantity an array of its own, a round its place in all of them.</summary>
/// <remarks>Positions and velocities in the east-north-up frame of the <see cref="BatchFlight"/> that flies them: metres and m/s over the ground.
/// A round that has a number that is not finite where it must be, or a ballistic coefficient that is not positive, is not flown
/// (<see cref="FlightEnd.NotFlown"/>).</remarks>
public sealed class BatchRounds
{
    private const int Quantities = 9;
    private readonly double[] _numbers;

    /// <summary>Makes room for rounds; all are at the origin, at rest, without drag and motor.</summary>
    public BatchRounds(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        Capacity = capacity;
        _numbers = new double[Quantities * capacity];
        BallisticCoefficientKgM2.Fill(double.PositiveInfinity);
    }

    /// <summary>How many rounds there is room for.</summary>
    public int Capacity { get; }

    /// <summary>Place of the start to the east of the frame's origin, metres.</summary>
    public Span<double> EastM => Quantity(0);

    /// <summary>Place of the start to the north, metres.</summary>
    public Span<double> NorthM => Quantity(1);

    /// <summary>Place of the start along the frame's upward axis, metres.</summary>
    public Span<double> UpM => Quantity(2);

    /// <summary>Velocity at the start towards the east, m/s.</summary>
    public Span<double> EastMps => Quantity(3);

    /// <summary>Velocity at the start towards the north, m/s.</summary>
    public Span<double> NorthMps => Quantity(4);

    /// <summary>Velocity at the start along the frame's upward axis, m/s.</summary>
    public Span<double> UpMps => Quantity(5);

    /// <summary>Mass over reference area and drag coefficient (<see cref="Round"/>), kg/m2; infinity for no drag.</summary>
    public Span<double> BallisticCoefficientKgM2 => Quantity(6);

    /// <summary>How long the motor burns from the start on, seconds; 0 for none.</summary>
    public Span<double> BoostS => Quantity(7);

    /// <summary>The motor's thrust over mass, along the velocity over the ground, m/s2.</summary>
    public Span<double> BoostMps2 => Quantity(8);

    private Span<double> Quantity(int number) => _numbers.AsSpan(number * Capacity, Capacity);
}
