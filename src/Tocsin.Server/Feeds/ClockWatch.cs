namespace Tocsin.Server.Feeds;

/// <summary>What is known of a sensor's clock against this machine's.</summary>
/// <param name="OffsetS">Sensor's clock minus this machine's in seconds, positive where it is ahead; NaN where nothing is known. One-way traffic
/// cannot tell a slow clock from a slow link: the least delay of the link counts as a clock that is behind.</param>
/// <param name="SigmaS">Sigma of the estimate in seconds, the link's least delay left out.</param>
/// <param name="DriftPerS">How fast the offset changes, in seconds a second; 0 where no change shows above the noise.</param>
/// <param name="DriftSigmaPerS">Sigma of that.</param>
/// <param name="SpanS">Over how many seconds it was watched.</param>
/// <param name="IsStable">Whether it was watched long enough, and is sharp enough, to correct times by.</param>
internal readonly record struct ClockEstimate(double OffsetS, double SigmaS, double DriftPerS, double DriftSigmaPerS, double SpanS, bool IsStable)
{
    /// <summary>Nothing known.</summary>
    public static ClockEstimate Unknown { get; } = new(double.NaN, double.NaN, 0, double.NaN, 0, false);
}

/// <summary>Estimates a sensor's clock offset and drift from receipt minus sensor time of its plots.</summary>
/// <remarks>
/// The network only adds delay, so the smallest differences tell the clock: the least delay bounds the error (Cristian, Distributed
/// Computing 3, 1989), and a minimum over a window filters the rest (NTP's clock filter, RFC 5905, section 10). Drift tilts that floor: the
/// line below all points with the least sum of distances is the edge of their lower convex hull above their mean time (Moon, Skelly and
/// Towsley, "Estimation and removal of clock skew from network delay measurements", INFOCOM 1999). Here the points are the least
/// difference of each second; the slope is used only where it stands out of the noise, else the floor is level.
/// A step of the clock, or of the link, is believed when several seconds agree on it; one plot with a wild time is not. Not safe for two threads.
/// </remarks>
internal sealed class ClockWatch
{
    private const int Bins = 120, LeastBinsForSlope = 4, StepBins = 4, StepSamples = 4, StableBins = 20;
    private const double BinS = 1, OldestS = 600, StepS = 0.25, StableSigmaS = 0.02, FloorSigmaS = 0.0005, SlopeSigmas = 3;

    private readonly double[] _time = new double[Bins];
    private readonly double[] _least = new double[Bins];
    private readonly int[] _hull = new int[Bins];
    private int _count, _below, _notBelow, _risen;
    private double _belowTime, _belowLeast, _binStart, _last;

    // The floor as estimated last: its height at a time, and its slope.
    private double _floor = double.NaN, _floorTime, _slope, _noise;

    /// <summary>Forgets everything: the machine's own clock was moved.</summary>
    public void Clear()
    {
        _count = _below = _notBelow = _risen = 0;
        _floor = double.NaN;
    }

    /// <summary>Takes one plot.</summary>
    /// <param name="receivedS">When it was received, in seconds on this machine's clock from any fixed moment.</param>
    /// <param name="differenceS">Receipt minus sensor time in seconds.</param>
    public void Add(double receivedS, double differenceS)
    {
        if (!double.IsNaN(_floor) && differenceS < FloorAt(receivedS) - StepS)
        {
            TakeBelow(receivedS, differenceS);
            return;
        }
        _notBelow++;
        _last = receivedS;
        if (_count > 0 && receivedS < _binStart + BinS)
        {
            if (differenceS < _least[_count - 1]) (_time[_count - 1], _least[_count - 1]) = (receivedS, differenceS);
            return;
        }
        CloseBin();
        if (_count == Bins || (_count > 0 && receivedS - _time[0] > OldestS)) Drop(1);
        (_time[_count], _least[_count], _binStart) = (receivedS, differenceS, receivedS);
        _count++;
    }

    /// <summary>The offset and drift as they are known now.</summary>
    public ClockEstimate Estimate()
    {
        if (_count == 0) return ClockEstimate.Unknown;
        Fit();
        double last = _last, span = _time[_count - 1] - _time[0], root = Math.Sqrt(_count), mean = MeanTime();
        double sigma = Math.Max(FloorSigmaS, _noise / root * (_slope != 0 ? 1 + 3 * (last - mean) / Math.Max(span, BinS) : 1));
        double slopeSigma = SlopeSigma(span);
        bool stable = _count >= StableBins && sigma < StableSigmaS;
        return new(-FloorAt(last), _count == 1 ? Math.Max(sigma, StepS) : sigma, -_slope, slopeSigma, span, stable);
    }

    private double FloorAt(double time) => _floor + _slope * (time - _floorTime);

    private double SlopeSigma(double span) => 4 * Math.Max(_noise, FloorSigmaS) / (Math.Sqrt(_count) * Math.Max(span, BinS));

    private double MeanTime()
    {
        double sum = 0;
        for (int i = 0; i < _count; i++) sum += _time[i] - _time[0];
        return _time[0] + sum / _count;
    }

    /// <summary>A time that is further ahead than any before: one is a bad plot, several that outnumber the others are a clock that was set.</summary>
    private void TakeBelow(double receivedS, double differenceS)
    {
        if (_below == 0 || receivedS - _belowTime > StepBins * BinS) (_below, _notBelow, _belowTime, _belowLeast) = (0, 0, receivedS, differenceS);
        _below++;
        _belowLeast = Math.Min(_belowLeast, differenceS);
        if (_below < StepSamples || _below <= _notBelow) return;
        Clear();
        (_time[0], _least[0], _count) = (receivedS, _belowLeast, 1);
        _binStart = _last = receivedS;
        Fit();
    }

    /// <summary>The newest second is over: several in a row well above the floor mean that the clock or the link has stepped.</summary>
    private void CloseBin()
    {
        if (_count == 0) return;
        Fit(_count - 1);
        bool risen = _count > 1 && _least[_count - 1] > FloorAt(_time[_count - 1]) + Math.Max(StepS, 8 * _noise);
        _risen = risen ? _risen + 1 : 0;
        if (_risen >= StepBins) Drop(_count - StepBins);
        if (_risen >= StepBins) _risen = 0;
        Fit();
    }

    private void Drop(int count)
    {
        _count -= count;
        Array.Copy(_time, count, _time, 0, _count);
        Array.Copy(_least, count, _least, 0, _count);
    }

    private void Fit() => Fit(_risen > 0 ? Math.Max(1, _count - _risen) : _count);

    /// <summary>Lays the floor under the first <paramref name="count"/> points.</summary>
    private void Fit(int count)
    {
        if (count == 0) return;
        double least = double.PositiveInfinity, sum = 0, times = 0;
        for (int i = 0; i < count; i++)
        {
            least = Math.Min(least, _least[i]);
            sum += _least[i];
            times += _time[i] - _time[0];
        }
        (_floor, _floorTime, _slope, _noise) = (least, _time[count - 1], 0, sum / count - least);
        double span = _time[count - 1] - _time[0];
        if (count < LeastBinsForSlope || span <= 0) return;
        (int a, int b) = EdgeAbove(_time[0] + times / count, count);
        double slope = (_least[b] - _least[a]) / (_time[b] - _time[a]), noise = 0;
        for (int i = 0; i < count; i++) noise += _least[i] - (_least[a] + slope * (_time[i] - _time[a]));
        noise = Math.Max(0, noise / count);
        double sigma = 4 * Math.Max(noise, FloorSigmaS) / (Math.Sqrt(count) * span);
        if (Math.Abs(slope) < SlopeSigmas * sigma) return;
        (_floor, _floorTime, _slope, _noise) = (_least[a], _time[a], slope, noise);
    }

    /// <summary>The edge of the lower convex hull (Andrew's monotone chain) that spans a time.</summary>
    private (int A, int B) EdgeAbove(double time, int count)
    {
        int n = 0;
        for (int i = 0; i < count; i++)
        {
            while (n >= 2 && Turn(_hull[n - 2], _hull[n - 1], i) <= 0) n--;
            _hull[n++] = i;
        }
        int at = 1;
        while (at < n - 1 && _time[_hull[at]] < time) at++;
        return (_hull[at - 1], _hull[at]);
    }

    private double Turn(int a, int b, int c) => (_time[b] - _time[a]) * (_least[c] - _least[a]) - (_least[b] - _least[a]) * (_time[c] - _time[a]);
}
