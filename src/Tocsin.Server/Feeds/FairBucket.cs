namespace Tocsin.Server.Feeds;

/// <summary>A token bucket that several parties share: none can take another's part, and what one leaves the others may use.</summary>
/// <remarks>Each party that is active has a bucket of its own that fills at an equal part of the whole rate; beyond it a party draws on the common
/// bucket, which fills at the whole rate and pays for every draw. A flood of one party so leaves each other party its part. Not safe for two threads.</remarks>
/// <param name="ratePerS">Tokens a second, of all parties together.</param>
/// <param name="burstS">Seconds of that rate that may be drawn at once.</param>
/// <param name="parties">How many parties there are.</param>
internal sealed class FairBucket(double ratePerS, double burstS, int parties)
{
    private const double ActiveS = 10;
    private readonly double[] _own = new double[parties];
    private readonly double[] _filled = new double[parties];
    private readonly double[] _seen = NeverSeen(parties);
    private double _common = ratePerS * burstS, _commonFilled, _nextCount = double.NegativeInfinity;
    private int _active = 1;

    /// <summary>Whether a party has something left to draw on.</summary>
    public bool HasTokens(int party, double nowS)
    {
        Fill(party, nowS);
        return _own[party] >= 1 || _common >= 1;
    }

    /// <summary>Draws tokens for a party.</summary>
    /// <param name="party">Which one.</param>
    /// <param name="nowS">Seconds on a clock that never goes back.</param>
    /// <param name="tokens">How many; a party may go into debt by one draw that is larger than what it has.</param>
    /// <returns>False, and nothing drawn, where nothing is left for it.</returns>
    public bool TryTake(int party, double nowS, double tokens = 1)
    {
        if (!HasTokens(party, nowS)) return false;
        if (_own[party] >= 1) _own[party] -= tokens;
        // The common bucket may go into debt for a party that lives on its own part, so that no surplus is there for the others.
        _common = Math.Max(_common - tokens, -ratePerS * burstS);
        return true;
    }

    private void Fill(int party, double nowS)
    {
        if (_seen[party] < nowS - ActiveS || nowS >= _nextCount)
        {
            // A party that comes back finds its own part full.
            if (_seen[party] < nowS - ActiveS) (_own[party], _filled[party]) = (double.MaxValue, nowS);
            _seen[party] = nowS;
            _nextCount = nowS + 1;
            _active = 0;
            foreach (double seen in _seen)
                if (seen >= nowS - ActiveS) _active++;
        }
        _seen[party] = nowS;
        double part = ratePerS / _active;
        _own[party] = Math.Min(_own[party] + (nowS - _filled[party]) * part, Math.Max(1, part * burstS));
        _common = Math.Min(_common + (nowS - _commonFilled) * ratePerS, Math.Max(1, ratePerS * burstS));
        _filled[party] = _commonFilled = nowS;
    }

    private static double[] NeverSeen(int parties)
    {
        double[] seen = new double[parties];
        Array.Fill(seen, double.NegativeInfinity);
        return seen;
    }
}
