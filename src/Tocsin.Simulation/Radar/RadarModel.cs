using Tocsin.Geodesy;
using Tocsin.Numerics;
using Tocsin.Simulation.Runs;
using Tocsin.Simulation.Scenarios;

namespace Tocsin.Simulation.Radar;

/// <summary>A plot with when it reaches the site and what it came from.</summary>
/// <param name="ArrivalTime">When it reaches the site.</param>
/// <param name="Plot">The plot.</param>
/// <param name="Source">Id of the round or object that it is of; null for clutter.</param>
public readonly record struct SimulatedPlot(Instant ArrivalTime, Plot Plot, string? Source);

/// <summary>Turns what is in the air into the plots of one radar.</summary>
/// <remarks>Each pair of radar and object has random streams of its own, and each look at an object in flight takes the same number of
/// draws whether it is seen or not: nothing that is added to a scenario moves what was there.</remarks>
internal sealed class RadarModel
{
    private readonly int _index;
    private readonly RadarSettings _settings;
    private readonly RunStreams _streams;
    private readonly DetectionLaw _law;
    private readonly double _periodS, _rangeSigmaM, _azimuthSigmaRad, _elevationSigmaRad, _rangeRateSigmaMps;
    private readonly Quantisation _steps;
    private readonly RadarBias _bias;
    private readonly DeliverySettings _delivery;

    private RadarModel(SensorDefinition sensor, int index, RadarSettings settings, DetectionLaw law, double groundElevationM, RunStreams streams)
    {
        _index = index;
        _settings = settings;
        _streams = streams;
        _law = law;
        Coverage = new RadarCoverage(sensor, settings, groundElevationM);
        _periodS = settings.ScanPeriodS ?? sensor.ScanPeriodS;
        RadarNoise noise = settings.Noise ?? new();
        _rangeSigmaM = noise.RangeSigmaM ?? sensor.RangeSigmaM;
        _azimuthSigmaRad = noise.AzimuthSigmaDeg is { } a ? Degrees.ToRad(a) : sensor.AzimuthSigmaRad;
        _elevationSigmaRad = noise.ElevationSigmaDeg is { } e ? Degrees.ToRad(e) : sensor.ElevationSigmaRad;
        _rangeRateSigmaMps = noise.RangeRateSigmaMps ?? sensor.RangeRateSigmaMps;
        _steps = settings.Quantisation ?? new();
        _bias = settings.Bias ?? new();
        _delivery = settings.Delivery ?? new();
    }

    /// <summary>What it could see.</summary>
    public RadarCoverage Coverage { get; }

    /// <summary>How surely it sees what it covers, in one scan.</summary>
    public DetectionLaw Law => _law;

    /// <summary>Makes the radar of one entry of a scenario, or says why the site's sensor does not suit it.</summary>
    public static Loaded<RadarModel> Make(SiteDefinition site, RadarSettings settings, string at, RunStreams streams)
    {
        int index = -1;
        for (int i = 0; i < site.Sensors.Length; i++)
            if (site.Sensors[i].Id == settings.Sensor) index = i;
        if (index < 0)
        {
            string known = string.Join(", ", site.Sensors.Select(s => s.Id));
            return Loaded<RadarModel>.Failed($"{at}.sensor '{settings.Sensor}' is not a sensor of the site '{site.Name}'; it has: {known}");
        }
        SensorDefinition sensor = site.Sensors[index];
        if (!((settings.MaxRangeM ?? sensor.MaxRangeM) > settings.MinRangeM))
            return Loaded<RadarModel>.Failed($"{at}.minRangeM is not below the sensor's farthest range; lower it");
        if (!(settings.MaxElevationDeg > (settings.MinElevationDeg ?? Degrees.FromRad(sensor.MinElevationRad))))
            return Loaded<RadarModel>.Failed($"{at}.maxElevationDeg is not above the sensor's lowest elevation; raise it");
        DetectionSettings detection = settings.Detection ?? new();
        double probability = detection.Probability ?? sensor.DetectionProbability;
        if (detection.ReferenceRangeM is { } reference && !(probability > detection.FalseAlarmProbability && probability < 1))
            return Loaded<RadarModel>.Failed($"{at}.detection: the site's probability of {probability} cannot hold at a reference range; give 'probability' below 1");
        DetectionLaw law = detection.ReferenceRangeM is { } range ? new(probability, range, detection.FalseAlarmProbability) : new(probability);
        return Loaded<RadarModel>.Of(new(sensor, index, settings, law, site.GroundElevationM, streams));
    }

    /// <summary>Adds every plot of this radar, in no order that matters.</summary>
    /// <param name="objects">What is in the air.</param>
    /// <param name="start">The scenario's start.</param>
    /// <param name="durationS">How long the radar runs from there.</param>
    /// <param name="plots">Where the plots go.</param>
    public void Observe(IReadOnlyList<AirObject> objects, Instant start, double durationS, List<SimulatedPlot> plots)
    {
        int scans = Math.Max(0, (int)Math.Ceiling((durationS - _settings.FirstScanS) / _periodS));
        foreach (AirObject seen in objects) ObserveObject(seen, scans, start, durationS, plots);
        if (_settings.Clutter is { MeanPerScan: > 0 } clutter) AddClutter(clutter, scans, start, durationS, plots);
    }

    private void ObserveObject(AirObject seen, int scans, Instant start, double durationS, List<SimulatedPlot> plots)
    {
        RandomStream errors = _streams.Of(Draw.Measurement, _settings.Sensor, seen.Id);
        RandomStream delivery = _streams.Of(Draw.Delivery, _settings.Sensor, seen.Id);
        int first = Math.Max(0, (int)Math.Floor((seen.StartS - _settings.FirstScanS) / _periodS) - 1);
        for (int scan = first; scan < scans; scan++)
        {
            double scanS = _settings.FirstScanS + scan * _periodS;
            if (scanS > seen.EndS) break;
            if (Look(seen, scanS) is not { } look) continue;
            (double timeS, Polar truth, double rate, double heightM) = look;
            if (timeS < seen.StartS || timeS > seen.EndS || timeS >= durationS) continue;

            double luck = errors.NextUniform();
            double range = errors.NextNormal(), azimuth = errors.NextNormal(), elevation = errors.NextNormal(), doppler = errors.NextNormal();
            if (!Coverage.Covers(truth, heightM) || luck >= _law.At(truth.RangeM, seen.CrossSectionRatio)) continue;
            Polar measured = new(
                truth.RangeM + _bias.RangeM + _rangeSigmaM * range,
                truth.AzimuthRad + Degrees.ToRad(_bias.AzimuthDeg) + _azimuthSigmaRad * azimuth,
                truth.ElevationRad + Degrees.ToRad(_bias.ElevationDeg) + _elevationSigmaRad * elevation);
            Deliver(start.AddSeconds(timeS), measured, rate + _rangeRateSigmaMps * doppler, seen.Id, ref delivery, plots);
        }
    }

    // A turning beam meets an object when it points at it; the object moves meanwhile, so the time is found by repetition, which
    // converges where an object turns about the radar slowly compared with the beam. One that passes north as the scan begins may be
    // behind the beam then and ahead of it at the scan's end: it is not met.
    private (double TimeS, Polar Measurement, double RangeRateMps, double HeightM)? Look(AirObject seen, double scanS)
    {
        double timeS = scanS;
        for (int i = 0; ; i++)
        {
            (Ecef position, Ecef velocity) = seen.StateAt(timeS);
            (Polar measurement, double rate) = Coverage.Measure(position, velocity);
            double meetS = _settings.Scan == ScanMode.Rotating ? scanS + measurement.AzimuthRad / Math.Tau * _periodS : scanS;
            if (meetS == timeS || (i == BeamRepetitions && Math.Abs(meetS - timeS) <= BeamWidthInTurns * _periodS))
                return (timeS, measurement, rate, Wgs84.Vertical(position).HeightM);
            if (i == BeamRepetitions) return null;
            timeS = meetS;
        }
    }

    private void AddClutter(ClutterSettings clutter, int scans, Instant start, double durationS, List<SimulatedPlot> plots)
    {
        RandomStream draws = _streams.Of(Draw.Clutter, _settings.Sensor);
        RandomStream delivery = _streams.Of(Draw.Delivery, _settings.Sensor);
        for (int scan = 0; scan < scans; scan++)
        {
            double scanS = _settings.FirstScanS + scan * _periodS;
            int count = draws.NextPoisson(clutter.MeanPerScan);
            for (int i = 0; i < count; i++)
            {
                double range = Coverage.MinRangeM + draws.NextUniform() * (Coverage.MaxRangeM - Coverage.MinRangeM);
                double azimuth = Coverage.AzimuthAt(draws.NextUniform());
                double elevation = ClutterElevation(clutter, draws.NextUniform());
                double rate = 2 * MaxClutterRangeRateMps * (draws.NextUniform() - 0.5);
                double timeS = _settings.Scan == ScanMode.Rotating ? scanS + azimuth / Math.Tau * _periodS : scanS;
                if (timeS < durationS)
                    Deliver(start.AddSeconds(timeS), new(range, azimuth, elevation), double.IsNaN(_rangeRateSigmaMps) ? double.NaN : rate, null, ref delivery, plots);
            }
        }
    }

    private double ClutterElevation(ClutterSettings clutter, double share)
    {
        double height = Coverage.MaxElevationRad - Coverage.MinElevationRad;
        if (clutter.Spread == ClutterSpread.Uniform) return Coverage.MinElevationRad + share * height;
        // The exponential distribution cut off at the highest elevation, by inversion.
        double scale = Degrees.ToRad(clutter.NearGroundScaleDeg);
        return Coverage.MinElevationRad - scale * Elementary.Log(1 - share * (1 - Elementary.Exp(-height / scale)));
    }

    private void Deliver(Instant time, Polar measured, double rangeRateMps, string? source, ref RandomStream draws, List<SimulatedPlot> plots)
    {
        var plot = new Plot { Time = time, Sensor = _index, Measurement = Reported(measured), RangeRateMps = rangeRateMps };
        plots.Add(new(time.AddSeconds(Delay(ref draws)), plot, source));
        bool twice = draws.NextUniform() < _delivery.DuplicateProbability;
        double again = Delay(ref draws);
        if (twice) plots.Add(new(time.AddSeconds(again), plot, source));
    }

    private double Delay(ref RandomStream draws)
    {
        double latency = _delivery.LatencyS.At(draws.NextUniform());
        bool late = draws.NextUniform() < _delivery.LateProbability;
        double by = _delivery.LateByS.At(draws.NextUniform());
        return late ? latency + by : latency;
    }

    private Polar Reported(in Polar measured)
    {
        (double azimuth, double elevation) = (measured.AzimuthRad, measured.ElevationRad);
        // Noise may carry a plot across the zenith: there the elevation falls again on the other side.
        if (elevation > Math.PI / 2) (azimuth, elevation) = (azimuth + Math.PI, Math.PI - elevation);
        return new(
            Math.Max(0, Stepped(measured.RangeM, _steps.RangeM)),
            Angles.Turn(Stepped(azimuth, Degrees.ToRad(_steps.AzimuthDeg))),
            Stepped(elevation, Degrees.ToRad(_steps.ElevationDeg)));
    }

    private static double Stepped(double value, double step) => step > 0 ? Math.Round(value / step) * step : value;

    /// <summary>Repetitions by which a turning beam finds an object: enough for any that does not circle the radar as fast as the beam.</summary>
    private const int BeamRepetitions = 8;

    /// <summary>How nearly the beam must point at what it sees, in turns: 0.7 degrees, less than any such beam's width.</summary>
    private const double BeamWidthInTurns = 0.002;

    /// <summary>Range rate that clutter shows at most, in m/s: chosen, wide enough to lie among aircraft and rounds.</summary>
    private const double MaxClutterRangeRateMps = 300;
}
