namespace Tocsin.Formats.Asterix;

/// <summary>Gives tracks the 16-bit numbers of I062/040: one for each identity, none of them twice while it is alive or not long ended.</summary>
/// <remarks>A track asks for the number that follows from its own id, so that after a restart most tracks have their old one; where it
/// is taken (a drill beside the main Site counts its tracks from 1 too) the next free one is given. 0 is never given.</remarks>
public sealed class TrackNumbers
{
    private readonly int _numbers;
    private readonly Dictionary<string, int> _byIdentity = new(StringComparer.Ordinal);
    private readonly HashSet<int> _taken = [];
    private readonly Queue<int> _resting = new();
    private readonly int _rest;

    /// <summary>Makes an empty book of numbers.</summary>
    /// <param name="numbers">How many numbers there are, from 1.</param>
    /// <param name="rest">How many numbers of ended tracks are kept back, the latest ones, so that a receiver never takes a new track for an old one.</param>
    public TrackNumbers(int numbers = ushort.MaxValue, int rest = 4_096)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(numbers);
        (_numbers, _rest) = (numbers, rest);
    }

    /// <summary>How many identities are alive.</summary>
    public int Count => _byIdentity.Count;

    /// <summary>The number of an identity that is alive; 0 for none.</summary>
    public int Find(string identity) => _byIdentity.GetValueOrDefault(identity);

    /// <summary>The number of an identity, given now where it has none.</summary>
    /// <returns>0 where all numbers are taken.</returns>
    public int Of(string identity, TrackId id)
    {
        if (_byIdentity.TryGetValue(identity, out int number)) return number;
        while (_resting.Count > 0 && (_resting.Count > _rest || _taken.Count >= _numbers)) _taken.Remove(_resting.Dequeue());
        if (_taken.Count >= _numbers) return 0;
        number = (int)(((uint)id.Number + (uint)_numbers - 1) % (uint)_numbers) + 1;
        while (!_taken.Add(number)) number = number % _numbers + 1;
        _byIdentity.Add(identity, number);
        return number;
    }

    /// <summary>Ends an identity: its number rests.</summary>
    public void End(string identity)
    {
        if (_byIdentity.Remove(identity, out int number)) _resting.Enqueue(number);
    }
}
