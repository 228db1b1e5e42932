namespace Tocsin;

/// <summary>What a track is held to be.</summary>
public enum Kind
{
    /// <summary>Not decided, or clutter.</summary>
    Unknown,
    /// <summary>A rocket: a boost phase, then ballistic flight.</summary>
    Rocket,
    /// <summary>An artillery shell: ballistic, fast, little drag.</summary>
    Artillery,
    /// <summary>A mortar bomb: ballistic, subsonic, steep.</summary>
    Mortar,
    /// <summary>An aircraft or drone: holds itself up.</summary>
    Aircraft,
    /// <summary>A bird: slow, low, wandering.</summary>
    Bird,
}

/// <summary>A probability for each <see cref="Kind"/>, in the order of the enumeration; they sum to 1.</summary>
[System.Runtime.CompilerServices.InlineArray(Count)]
public struct KindProbabilities
{
    /// <summary>The number of kinds.</summary>
    public const int Count = 6;

    private double _first;

    /// <summary>The probability of <paramref name="kind"/>.</summary>
    public double this[Kind kind]
    {
        readonly get => this[(int)kind];
        set => this[(int)kind] = value;
    }

    /// <summary>The probability that the object is ballistic: rocket, artillery or mortar.</summary>
    public readonly double Ballistic => this[Kind.Rocket] + this[Kind.Artillery] + this[Kind.Mortar];

    /// <summary>The likeliest kind; the first of the enumeration's order where two are equal.</summary>
    public readonly Kind Likeliest
    {
        get
        {
            int best = 0;
            for (int i = 1; i < Count; i++)
                if (this[i] > this[best]) best = i;
            return (Kind)best;
        }
    }
}
