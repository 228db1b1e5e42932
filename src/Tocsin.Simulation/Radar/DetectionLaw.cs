using Tocsin.Numerics;

namespace Tocsin.Simulation.Radar;

/// <summary>The probability that a radar sees an object in one scan, by range.</summary>
/// <remarks>Without a reference range it is one probability at every range. With one, the returned power falls with the fourth
/// power of range and the object's cross-section fluctuates from scan to scan as in Swerling's case 1, for which
/// P = Pfa^(1 / (1 + S)) at a mean signal-to-noise ratio S (Swerling, RAND RM-1217, 1954; Richards, Fundamentals of Radar Signal
/// Processing, 2nd ed., eq. 6.55). S at the reference range follows from the probability given there.</remarks>
public readonly record struct DetectionLaw
{
    private readonly double _probability, _signalToNoise, _referenceRangeM, _logFalseAlarm;

    /// <summary>One probability at every range.</summary>
    public DetectionLaw(double probability) => _probability = probability;

    /// <summary>A probability at a reference range.</summary>
    /// <param name="probability">Probability of detection there, above the false-alarm probability and below 1.</param>
    /// <param name="referenceRangeM">That range in metres.</param>
    /// <param name="falseAlarmProbability">Probability of a false alarm in one resolution cell.</param>
    public DetectionLaw(double probability, double referenceRangeM, double falseAlarmProbability)
    {
        if (!(probability > falseAlarmProbability && probability < 1)) throw new ArgumentException("must lie between the false-alarm probability and 1", nameof(probability));
        _referenceRangeM = referenceRangeM;
        _logFalseAlarm = Elementary.Log(falseAlarmProbability);
        _signalToNoise = _logFalseAlarm / Elementary.Log(probability) - 1;
    }

    /// <summary>The probability of detection.</summary>
    /// <param name="rangeM">Slant range in metres.</param>
    /// <param name="crossSectionRatio">Cross-section relative to the object for which the reference holds; has no effect without a reference range.</param>
    public double At(double rangeM, double crossSectionRatio = 1)
    {
        if (_referenceRangeM == 0) return _probability;
        double q = _referenceRangeM / rangeM, signal = _signalToNoise * crossSectionRatio * q * q * q * q;
        return Elementary.Exp(_logFalseAlarm / (1 + signal));
    }
}
