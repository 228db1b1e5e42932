using Tocsin.Geodesy;
using Tocsin.Numerics;

namespace Tocsin.Ballistics;

/// <summary>Collects the steps of one flight and finds its apex and its end.</summary>
internal sealed class FlightRecorder
{
    /// <summary>Halvings that take a step of any length below the resolution of its time.</summary>
    private const int Halvings = 60;

    /// <summary>Shares of a step below which a crossing is found: less than rounding leaves of its height.</summary>
    private const double ThetaResolution = 1e-14;

    private readonly bool _keep;
    private readonly double _groundHeightM, _burnS, _maxTimeS;
    private readonly List<double> _stepEndS = [];
    private readonly List<DensePolynomial> _steps = [];
    private double _apexHeightM, _downS;
    private bool _climbing;

    /// <summary>Begins the record of a flight; where nothing is kept of it but its end, there is no apex either.</summary>
    /// <exception cref="ArgumentException">An argument is not finite or not positive where it must be.</exception>
    public FlightRecorder(Round round, in Geodetic start, in Enu velocityMps, double groundHeightM, double maxTimeS, bool keep = true)
    {
        _keep = keep;
        bool finite = double.IsFinite(start.LatitudeRad) && double.IsFinite(start.LongitudeRad) && double.IsFinite(start.HeightM)
            && double.IsFinite(velocityMps.East) && double.IsFinite(velocityMps.North) && double.IsFinite(velocityMps.Up)
            && double.IsFinite(groundHeightM);
        if (!finite) throw new ArgumentException("start, velocity and ground must be finite", nameof(start));
        if (!(maxTimeS > 0 && double.IsFinite(maxTimeS))) throw new ArgumentException("the longest time must be positive", nameof(maxTimeS));
        if (!(round.BallisticCoefficientKgM2 > 0)) throw new ArgumentException("the ballistic coefficient must be positive", nameof(round));
        if (round.Boost is { } b && !(b.DurationS >= 0 && b.AccelerationMps2 >= 0 && double.IsFinite(b.AccelerationMps2)))
            throw new ArgumentException("the boost must not be negative", nameof(round));
        if (round.Boost is not null && velocityMps is { East: 0, North: 0, Up: 0 })
            throw new ArgumentException("thrust along the velocity needs a velocity", nameof(velocityMps));

        Launch = Wgs84.ToEcef(start);
        Ecef v = LocalAxes.At(start).RotateToEcef(velocityMps);
        State = [0, 0, 0, v.X, v.Y, v.Z];
        (_groundHeightM, _burnS, _maxTimeS) = (groundHeightM, round.Boost?.DurationS ?? 0, maxTimeS);
        (_apexHeightM, _climbing) = (start.HeightM, velocityMps.Up > 0);
        if (start.HeightM <= groundHeightM && velocityMps.Up < 0) EndAtLaunch();
    }

    /// <summary>The launch point.</summary>
    public Ecef Launch { get; }

    /// <summary>The time reached, in seconds since the launch.</summary>
    public double Time { get; private set; }

    /// <summary>Where it came down, or its last place.</summary>
    public Ecef End { get; private set; }

    /// <summary>The state reached.</summary>
    public double[] State { get; private set; }

    /// <summary>Whether the round is down.</summary>
    public bool Down { get; private set; }

    /// <summary>The phases of the flight: when each ends and whether the motor burns in it. Steps must not cross their borders.</summary>
    public IEnumerable<(double EndS, bool Burning)> Phases
    {
        get
        {
            if (_burnS > 0) yield return (Math.Min(_burnS, _maxTimeS), true);
            if (_burnS < _maxTimeS) yield return (_maxTimeS, false);
        }
    }

    /// <summary>Adds a step that ends at a time and in a state.</summary>
    public void Add(double endS, double[] state, DensePolynomial dense)
    {
        double start = Time;
        if (_keep)
        {
            _steps.Add(dense);
            _stepEndS.Add(endS);
        }
        (Time, State, End) = (endS, state, At(dense, 1));
        (double height, double climb) = Vertical(dense, 1);
        if (_keep && _climbing && climb <= 0) _apexHeightM = Math.Max(_apexHeightM, Vertical(dense, FirstTheta(dense, apex: true)).HeightM);
        (_climbing, _apexHeightM) = (climb > 0, Math.Max(_apexHeightM, height));
        if (height > _groundHeightM || climb > 0) return;

        // Height has one maximum in a step, so "low and descending" is false up to the impact and true from there on.
        double theta = FirstTheta(dense, apex: false);
        _downS = start + theta * (endS - start);
        End = At(dense, theta);
        Down = true;
    }

    /// <summary>The flight as recorded.</summary>
    public Trajectory ToTrajectory() => new(Launch, [.. _stepEndS], [.. _steps], Down ? _downS : Time, Down, _apexHeightM);

    private void EndAtLaunch()
    {
        var dense = new DensePolynomial(FlightDynamics.Dimension);
        for (int i = 0; i < FlightDynamics.Dimension; i++) dense.SetHermite(i, State[i], State[i], 0, 0, 0);
        _steps.Add(dense);
        _stepEndS.Add(0);
        End = Launch;
        Down = true;
    }

    /// <summary>Where in a step the round stops climbing, or comes down to the ground.</summary>
    private double FirstTheta(DensePolynomial dense, bool apex)
    {
        double before = 0, after = 1, atBefore = Above(dense, 0, apex).Value, atAfter = Above(dense, 1, apex).Value;
        // The false position by the Illinois rule (Dowell and Jarratt, BIT 11, 1971), where the step begins above; halving elsewhere.
        bool straight = atBefore > 0 && atAfter <= 0;
        int side = 0;
        for (int i = 0; i < Halvings; i++)
        {
            double theta = straight && i < Halvings / 2 ? Math.Clamp(before + (after - before) * atBefore / (atBefore - atAfter), before, after) : (before + after) / 2;
            (double value, bool past) = Above(dense, theta, apex);
            double moved = past ? after - theta : theta - before;
            // Twice on one side: the end that stands still counts half.
            if (past) (after, atAfter, atBefore, side) = (theta, value, side > 0 ? atBefore / 2 : atBefore, 1);
            else (before, atBefore, atAfter, side) = (theta, value, side < 0 ? atAfter / 2 : atAfter, -1);
            if (after - before <= ThetaResolution || straight && moved <= ThetaResolution) return theta;
        }
        return after;
    }

    /// <summary>How far a round still is above the ground in metres, or how fast it climbs; and whether it is past the crossing.</summary>
    private (double Value, bool Past) Above(DensePolynomial dense, double theta, bool apex)
    {
        (double height, double climb) = Vertical(dense, theta);
        return apex ? (climb, climb <= 0) : (height - _groundHeightM, height <= _groundHeightM && climb <= 0);
    }

    private Ecef At(DensePolynomial p, double theta) => new(Launch.X + p.At(0, theta), Launch.Y + p.At(1, theta), Launch.Z + p.At(2, theta));

    private (double HeightM, double ClimbMps) Vertical(DensePolynomial p, double theta)
    {
        (double height, LocalAxes axes) = Wgs84.Vertical(At(p, theta));
        return (height, axes.RotateToEnu(new(p.At(3, theta), p.At(4, theta), p.At(5, theta))).Up);
    }
}
