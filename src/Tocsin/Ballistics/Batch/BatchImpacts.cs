namespace Tocsin.Ballistics.Batch;

/// <summary>How a flight of a batch ended.</summary>
public enum FlightEnd : byte
{
    /// <summary>The round's numbers were not finite or not positive where they must be: it was not flown, and its results are NaN.</summary>
    NotFlown,

    /// <summary>It came down to the ground's height.</summary>
    Ground,

    /// <summary>It had not come down after the longest time; the results are where it was then.</summary>
    TimeLimit,

    /// <summary>No step was short enough, since the equations are not finite or far too quick there; the results are where it was then.</summary>
    NoStep,
}

/// <summary>Where and when the rounds of a batch came down, in the frame of the <see cref="BatchFlight"/> that flew them.</summary>
public sealed class BatchImpacts
{
    private const int Quantities = 7;
    private readonly double[] _numbers;
    private readonly FlightEnd[] _ends;

    /// <summary>Makes room for the results of rounds.</summary>
    public BatchImpacts(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(capacity);
        Capacity = capacity;
        _numbers = new double[Quantities * capacity];
        _ends = new FlightEnd[capacity];
    }

    /// <summary>How many rounds there is room for.</summary>
    public int Capacity { get; }

    /// <summary>How each flight ended.</summary>
    public ReadOnlySpan<FlightEnd> Ends => _ends;

    /// <summary>Seconds from the start to the end of the flight.</summary>
    public ReadOnlySpan<double> TimeS => Quantity(0);

    /// <summary>Place of the end to the east of the frame's origin, metres.</summary>
    public ReadOnlySpan<double> EastM => Quantity(1);

    /// <summary>Place of the end to the north, metres.</summary>
    public ReadOnlySpan<double> NorthM => Quantity(2);

    /// <summary>Place of the end along the frame's upward axis, metres: the ground leaves the frame's plane as the Earth bends.</summary>
    public ReadOnlySpan<double> UpM => Quantity(3);

    /// <summary>Velocity over the ground at the end towards the east, m/s.</summary>
    public ReadOnlySpan<double> EastMps => Quantity(4);

    /// <summary>Velocity at the end towards the north, m/s.</summary>
    public ReadOnlySpan<double> NorthMps => Quantity(5);

    /// <summary>Velocity at the end along the frame's upward axis, m/s.</summary>
    public ReadOnlySpan<double> UpMps => Quantity(6);

    /// <summary>Notes how a round ended, when, where and how fast.</summary>
    internal void Set(int round, FlightEnd end, double timeS, double east, double north, double up, double eastMps, double northMps, double upMps)
    {
        _ends[round] = end;
        ReadOnlySpan<double> numbers = [timeS, east, north, up, eastMps, northMps, upMps];
        for (int i = 0; i < Quantities; i++) _numbers[i * Capacity + round] = numbers[i];
    }

    private Span<double> Quantity(int number) => _numbers.AsSpan(number * Capacity, Capacity);
}
