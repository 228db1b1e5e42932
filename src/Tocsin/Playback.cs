namespace Tocsin;

/// <summary>Drives a Site by the times of its plots: the clock of every replay, simulation and benchmark.</summary>
/// <remarks>
/// The Site's clock is the largest plot time accepted so far. One plot with a wrong time far ahead would push that clock past every plot
/// to come, so a jump of more than <see cref="Limits.ClockJumpS"/> is believed only when the next plot confirms it; until then the plot
/// is held. At the end of the input <see cref="RunOn"/> moves the clock on until every track has ended and every warning is cleared.
/// </remarks>
public sealed class Playback : IPlotSink
{
    private const double RunOnStepS = 0.5;
    private readonly Site _site;
    private readonly ISiteOutput _output;
    private Instant _now = Instant.MinValue;
    private Plot? _suspect;
    private long _count;

    /// <summary>Makes a driver of <paramref name="site"/> that sends everything to <paramref name="output"/>.</summary>
    public Playback(Site site, ISiteOutput output)
    {
        _site = site;
        _output = output;
    }

    /// <summary>The clock; <see cref="Instant.MinValue"/> before the first plot.</summary>
    public Instant Now => _now;

    /// <summary>Gives the Site its next plot, in the order of arrival.</summary>
    public void Feed(in Plot plot)
    {
        Plot numbered = plot with { Number = ++_count };
        if (_suspect is { } held)
        {
            _suspect = null;
            if (numbered.Time.SecondsSince(held.Time) > -Limits.ClockJumpS) Give(held);
            else
            {
                if (_now == Instant.MinValue) _now = numbered.Time;
                Refuse(held);
            }
        }
        if (_now == Instant.MinValue || numbered.Time.SecondsSince(_now) > Limits.ClockJumpS) _suspect = numbered;
        else Give(numbered);
    }

    /// <summary>Passes on that a decoder rejected input.</summary>
    public void Reject(in Rejection rejection) => _output.InputRejected(_now, rejection);

    /// <summary>Runs the clock on after the last plot, until nothing is left to wait for.</summary>
    public void RunOn()
    {
        if (_suspect is { } held)
        {
            // The only plot there is stands for itself; a last one that nothing confirmed does not.
            if (_now == Instant.MinValue) Give(held);
            else Refuse(held);
            _suspect = null;
        }
        if (_count == 0) return;
        _site.EndInput();
        while (!_site.IsIdle)
        {
            _now = _now.AddSeconds(RunOnStepS);
            _site.Advance(_now, _output);
        }
        _site.Close(_output);
    }

    private void Give(in Plot plot)
    {
        if (plot.Time > _now) _now = plot.Time;
        _output.PlotReceived(_now, plot);
        _site.Accept(plot);
        _site.Advance(_now, _output);
    }

    private void Refuse(in Plot plot)
    {
        _output.PlotReceived(_now, plot);
        string source = plot.Sensor >= 0 && plot.Sensor < _site.Definition.Sensors.Length ? _site.Definition.Sensors[plot.Sensor].Id : "plots";
        _output.InputRejected(_now, new(source, $"a time of {plot.Time}, far from those before and after it: check the sensor's clock", 1, FromFeed: false));
    }
}
