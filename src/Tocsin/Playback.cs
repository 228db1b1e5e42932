namespace Tocsin;

/// <summary>Drives a Site by the times of its plots: the clock of every replay, simulation and benchmark.</summary>
/// <remarks>The Site's clock is the largest plot time accepted so far. At the end of the input <see cref="RunOn"/> moves it on
/// until every track has ended and every warning is cleared.</remarks>
public sealed class Playback : IPlotSink
{
    private const double RunOnStepS = 0.5;
    private readonly Site _site;
    private readonly ISiteOutput _output;
    private Instant _now = Instant.MinValue;
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
        if (plot.Time > _now) _now = plot.Time;
        _output.PlotReceived(_now, numbered);
        _site.Accept(numbered);
        _site.Advance(_now, _output);
    }

    /// <summary>Passes on that a decoder rejected input.</summary>
    public void Reject(in Rejection rejection) => _output.InputRejected(_now, rejection);

    /// <summary>Runs the clock on after the last plot, until nothing is left to wait for.</summary>
    public void RunOn()
    {
        if (_count == 0) return;
        while (!_site.IsIdle)
        {
            _now = _now.AddSeconds(RunOnStepS);
            _site.Advance(_now, _output);
        }
        _site.Close(_output);
    }
}
