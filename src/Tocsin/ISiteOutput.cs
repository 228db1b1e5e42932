namespace Tocsin;

/// <summary>What a sensor's feed looks like now.</summary>
public enum SensorCondition
{
    /// <summary>Plots come as the site file says they should.</summary>
    Ok,
    /// <summary>Plots come, but later than the reorder buffer waits.</summary>
    Late,
    /// <summary>No plots for several scans.</summary>
    Silent,
    /// <summary>More plots than the Site can use.</summary>
    Flooding,
    /// <summary>Plots that cannot be right.</summary>
    Faulty,
}

/// <summary>Input that could not be used: data with a reason, never an exception.</summary>
/// <param name="Source">Where it came from: a sensor's id, or a feed's name and place ("salvo.csv line 12").</param>
/// <param name="Reason">Why, in a sentence with the mend where there is one.</param>
/// <param name="Count">How many pieces of input this stands for.</param>
/// <param name="FromFeed">True where a decoder before the Site rejected it, false where the Site did.</param>
public readonly record struct Rejection(string Source, string Reason, long Count, bool FromFeed);

/// <summary>Receives everything a Site has to say, in order. Each call is one line of an events file.</summary>
/// <remarks>The first argument is the Site's clock when the line was written; it never decreases.</remarks>
public interface ISiteOutput
{
    /// <summary>A plot reached the Site (before anything was done with it).</summary>
    void PlotReceived(Instant now, in Plot plot);

    /// <summary>A track was confirmed.</summary>
    void TrackConfirmed(Instant now, in Track track);

    /// <summary>A confirmed track used a plot.</summary>
    void TrackUpdated(Instant now, in Track track);

    /// <summary>A confirmed track ended.</summary>
    void TrackEnded(Instant now, TrackId track, TrackEnd reason);

    /// <summary>An impact was predicted for a track held to be ballistic.</summary>
    void ImpactPredicted(Instant now, in ImpactPrediction prediction);

    /// <summary>A zone is warned.</summary>
    void WarningRaised(Instant now, in Warning warning);

    /// <summary>A warning changed enough to be told.</summary>
    void WarningUpdated(Instant now, in Warning warning);

    /// <summary>A warning ended.</summary>
    void WarningCleared(Instant now, WarningId warning, OperationStatus status, int zone, WarningEnd reason);

    /// <summary>A sensor's feed changed its condition.</summary>
    /// <param name="now">The Site's clock.</param>
    /// <param name="sensor">Index in <see cref="SiteDefinition.Sensors"/>.</param>
    /// <param name="condition">What it looks like now.</param>
    /// <param name="blind">What cannot be seen now, in a sentence; empty where all can.</param>
    void SensorChanged(Instant now, int sensor, SensorCondition condition, string blind);

    /// <summary>Input could not be used.</summary>
    void InputRejected(Instant now, in Rejection rejection);
}
