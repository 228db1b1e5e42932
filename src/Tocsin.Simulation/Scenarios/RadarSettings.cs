namespace Tocsin.Simulation.Scenarios;

/// <summary>One radar at work: how it looks, errs and reports. What is left out comes from the site's sensor of that id.</summary>
public sealed record RadarSettings
{
    /// <summary>The id of the site's sensor.</summary>
    public required string Sensor { get; init; }

    /// <summary>How it scans.</summary>
    public ScanMode Scan { get; set; } = ScanMode.Staring;

    /// <summary>Time between two looks at the same place, in seconds.</summary>
    public double? ScanPeriodS { get; set; }

    /// <summary>The first scan's beginning, in seconds from the scenario's start.</summary>
    public double FirstScanS { get; set; }

    /// <summary>The azimuths that it covers; all where empty.</summary>
    public IReadOnlyList<Sector> Sectors { get; set; } = [];

    /// <summary>Lowest elevation in degrees.</summary>
    public double? MinElevationDeg { get; set; }

    /// <summary>Highest elevation in degrees.</summary>
    public double MaxElevationDeg { get; set; } = 90;

    /// <summary>Nearest range in metres.</summary>
    public double MinRangeM { get; set; } = 100;

    /// <summary>Farthest range in metres.</summary>
    public double? MaxRangeM { get; set; }

    /// <summary>What it really errs by, where that is not what the site believes.</summary>
    public RadarNoise? Noise { get; set; }

    /// <summary>What it errs by always; nothing where left out.</summary>
    public RadarBias? Bias { get; set; }

    /// <summary>How surely it sees; the site's probability at every range where left out.</summary>
    public DetectionSettings? Detection { get; set; }

    /// <summary>The steps in which it reports; none where left out.</summary>
    public Quantisation? Quantisation { get; set; }

    /// <summary>Plots of nothing; none where left out.</summary>
    public ClutterSettings? Clutter { get; set; }

    /// <summary>How plots travel; at once and once each where left out.</summary>
    public DeliverySettings? Delivery { get; set; }
}

/// <summary>How a radar scans.</summary>
public enum ScanMode
{
    /// <summary>Looks everywhere at once, at the scan's beginning.</summary>
    Staring,
    /// <summary>Turns clockwise, north at the scan's beginning.</summary>
    Rotating,
}

/// <summary>A range of azimuths, clockwise from the one to the other.</summary>
public sealed record Sector
{
    /// <summary>Where it begins, degrees clockwise from true north.</summary>
    public required double FromDeg { get; init; }

    /// <summary>Where it ends, degrees clockwise from true north.</summary>
    public required double ToDeg { get; init; }
}

/// <summary>Sigmas of a radar's random errors; the site's where left out.</summary>
public sealed record RadarNoise
{
    /// <summary>Sigma of range in metres.</summary>
    public double? RangeSigmaM { get; set; }

    /// <summary>Sigma of azimuth in degrees.</summary>
    public double? AzimuthSigmaDeg { get; set; }

    /// <summary>Sigma of elevation in degrees.</summary>
    public double? ElevationSigmaDeg { get; set; }

    /// <summary>Sigma of range rate in m/s; a radar without one, here and in the site, reports no range rate.</summary>
    public double? RangeRateSigmaMps { get; set; }
}

/// <summary>A radar's steady errors.</summary>
public sealed record RadarBias
{
    /// <summary>Added to every range, metres.</summary>
    public double RangeM { get; set; }

    /// <summary>Added to every azimuth, degrees.</summary>
    public double AzimuthDeg { get; set; }

    /// <summary>Added to every elevation, degrees.</summary>
    public double ElevationDeg { get; set; }
}

/// <summary>How surely a radar sees an object in one scan.</summary>
/// <remarks>With a reference range, the power that comes back falls with the fourth power of range and the object fluctuates as
/// Swerling's case 1; see <see cref="Radar.DetectionLaw"/>.</remarks>
public sealed record DetectionSettings
{
    /// <summary>Probability of detection in one scan, at the reference range or, without one, at every range.</summary>
    public double? Probability { get; set; }

    /// <summary>The range in metres at which <see cref="Probability"/> holds.</summary>
    public double? ReferenceRangeM { get; set; }

    /// <summary>Probability of a false alarm in one resolution cell: how steeply detection falls with range.</summary>
    public double FalseAlarmProbability { get; set; } = 1e-6;
}

/// <summary>The steps in which a radar reports; 0 for none.</summary>
public sealed record Quantisation
{
    /// <summary>Step of range in metres.</summary>
    public double RangeM { get; set; }

    /// <summary>Step of azimuth in degrees.</summary>
    public double AzimuthDeg { get; set; }

    /// <summary>Step of elevation in degrees.</summary>
    public double ElevationDeg { get; set; }
}

/// <summary>Where plots of nothing lie.</summary>
public enum ClutterSpread
{
    /// <summary>Evenly in range, azimuth and elevation, over the radar's coverage.</summary>
    Uniform,
    /// <summary>Evenly in range and azimuth, exponentially less with elevation.</summary>
    NearGround,
}

/// <summary>Plots of nothing: their number in a scan is a Poisson variate.</summary>
public sealed record ClutterSettings
{
    /// <summary>Mean number in a scan.</summary>
    public required double MeanPerScan { get; init; }

    /// <summary>Where they lie.</summary>
    public ClutterSpread Spread { get; set; } = ClutterSpread.Uniform;

    /// <summary>Mean elevation in degrees above the lowest, near the ground.</summary>
    public double NearGroundScaleDeg { get; set; } = 4;
}

/// <summary>How plots travel from the radar to the site.</summary>
public sealed record DeliverySettings
{
    /// <summary>Delay of every plot in seconds, drawn uniformly: a range lets one overtake another.</summary>
    public Interval LatencyS { get; set; } = Interval.Zero;

    /// <summary>Probability that a plot is late.</summary>
    public double LateProbability { get; set; }

    /// <summary>What a late plot is late by, in seconds, drawn uniformly.</summary>
    public Interval LateByS { get; set; } = Interval.Zero;

    /// <summary>Probability that a plot comes twice, the second time by a draw of its own.</summary>
    public double DuplicateProbability { get; set; }
}
