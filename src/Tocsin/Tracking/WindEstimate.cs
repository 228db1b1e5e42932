using Tocsin.Numerics;

namespace Tocsin.Tracking;

/// <summary>How much a bias of one metre a second in the wind, east and north, has moved a state by now.</summary>
internal struct WindEffect
{
    /// <summary>Effect of wind towards the east, and towards the north.</summary>
    public Vector7 East, North;
}

/// <summary>What the raid itself tells of the wind that nobody measured: one bias for the site, learnt from every ballistic track.</summary>
/// <remarks>
/// Friedland's separate-bias estimation (IEEE Trans. Automatic Control 14(4), 1969): each track's filter runs as if the wind were the
/// one the site file gives; how the bias would have moved its state is carried along (<see cref="WindEffect"/>), and what its
/// innovations say of the bias is gathered here. That is the same as one large filter of all tracks with two states in common, at the cost of
/// two columns a track. A state and its covariance are corrected when they are used. The bias drifts, so that it follows the weather and never
/// becomes surer than one layer of wind can be of another.
/// </remarks>
internal sealed class WindEstimate
{
    /// <summary>Sigma of the unmeasured wind before any round has flown, each direction, m/s. Chosen: the error of a forecast.</summary>
    public const double PriorSigmaMps = 3;

    private const double DriftVariancePerS = 0.08;

    private Instant _time = Instant.MinValue;

    /// <summary>The bias, m/s.</summary>
    public double East { get; private set; }

    /// <inheritdoc cref="East"/>
    public double North { get; private set; }

    /// <summary>Its covariance.</summary>
    public double EastEast { get; private set; } = PriorSigmaMps * PriorSigmaMps;

    /// <inheritdoc cref="EastEast"/>
    public double EastNorth { get; private set; }

    /// <inheritdoc cref="EastEast"/>
    public double NorthNorth { get; private set; } = PriorSigmaMps * PriorSigmaMps;

    /// <summary>Lets the bias drift up to a time, back towards nothing known.</summary>
    public void Predict(Instant to)
    {
        if (_time != Instant.MinValue && to > _time)
        {
            // A first-order Gauss-Markov process: without rounds it returns to the prior.
            double dt = to.SecondsSince(_time), keep = Elementary.Exp(-dt * DriftVariancePerS / (2 * PriorSigmaMps * PriorSigmaMps));
            double added = PriorSigmaMps * PriorSigmaMps * (1 - keep * keep);
            East *= keep;
            North *= keep;
            EastEast = EastEast * keep * keep + added;
            EastNorth *= keep * keep;
            NorthNorth = NorthNorth * keep * keep + added;
        }
        if (to > _time) _time = to;
    }

    /// <summary>Learns from one scalar innovation of one track.</summary>
    /// <param name="residual">The innovation as the track's own filter sees it.</param>
    /// <param name="variance">Its variance there.</param>
    /// <param name="east">What a wind of 1 m/s towards the east adds to the innovation.</param>
    /// <param name="north">The same towards the north.</param>
    public void Learn(double residual, double variance, double east, double north)
    {
        double pe = EastEast * east + EastNorth * north, pn = EastNorth * east + NorthNorth * north;
        double s = variance + pe * east + pn * north, inverse = 1 / s;
        double y = residual - east * East - north * North;
        // One innovation that fits nothing must not bend the wind for every track.
        if (y * y > 9 * s) return;
        East += pe * inverse * y;
        North += pn * inverse * y;
        EastEast -= pe * pe * inverse;
        EastNorth -= pe * pn * inverse;
        NorthNorth -= pn * pn * inverse;
    }

    /// <summary>Corrects an estimate that a track's own filter made.</summary>
    public void Correct(ref Estimate e, in WindEffect v)
    {
        for (int i = 0; i < Matrix7.Size; i++) e.Mean[i] += v.East[i] * East + v.North[i] * North;
        for (int i = 0; i < Matrix7.Size; i++)
        {
            double me = EastEast * v.East[i] + EastNorth * v.North[i], mn = EastNorth * v.East[i] + NorthNorth * v.North[i];
            for (int j = 0; j < Matrix7.Size; j++) e.Covariance[i, j] += me * v.East[j] + mn * v.North[j];
        }
    }

    /// <summary>Writes or reads what is known.</summary>
    public void Exchange(StateExchange x)
    {
        Span<double> v = [East, North, EastEast, EastNorth, NorthNorth];
        x.Field(ref _time);
        x.Fields(v);
        (East, North, EastEast, EastNorth, NorthNorth) = (v[0], v[1], v[2], v[3], v[4]);
    }
}
