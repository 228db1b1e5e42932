namespace Tocsin.Formats.Events;

/// <summary>Takes the input of a live recording with the clock by which it came.</summary>
public interface IClockedSink : IPlotSink
{
    /// <summary>The Site's clock was at <paramref name="time"/> when what follows came.</summary>
    void RunTo(Instant time);

    /// <summary>A feed's health showed a sensor's condition that the Site itself cannot see.</summary>
    void SensorChanged(int sensor, SensorCondition condition, string blind);
}
