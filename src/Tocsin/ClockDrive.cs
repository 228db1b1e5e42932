namespace Tocsin;

/// <summary>Drives a Site by a clock: the live server by its own, and a replay by the one that a live server recorded.</summary>
/// <remarks>
/// What a Site does depends on when it is advanced, so those moments must come back in a replay. They follow from the times at which the plots came:
/// before anything happens at a time, the Site is advanced at every tenth of a second up to it and at every moment at which held plots became due
/// (<see cref="Site.Due"/>). Whether the clock was looked at often or seldom in between makes no difference.
/// </remarks>
public sealed class ClockDrive
{
    private const long TickTicks = Instant.TicksPerSecond / 10;
    private readonly Site _site;
    private readonly ISiteOutput _output;

    /// <summary>Makes a driver of <paramref name="site"/> that begins at <paramref name="start"/> and sends everything to <paramref name="output"/>.</summary>
    public ClockDrive(Site site, ISiteOutput output, Instant start)
    {
        ArgumentNullException.ThrowIfNull(site);
        _site = site;
        _output = output;
        Now = start > site.Now ? start : site.Now;
    }

    /// <summary>The clock.</summary>
    public Instant Now { get; private set; }

    /// <summary>When the Site has something to do next, if nothing comes before.</summary>
    public Instant Next
    {
        get
        {
            Instant tick = new((Now.Ticks / TickTicks + 1) * TickTicks);
            return _site.Due is { } due && due < tick ? (due > Now ? due : Now) : tick;
        }
    }

    /// <summary>Runs the clock on to <paramref name="now"/>; a time before the clock's own changes nothing.</summary>
    public void RunTo(Instant now)
    {
        while (true)
        {
            Instant next = Next;
            if (next > now) break;
            bool due = next == Now;
            Now = next;
            _site.Advance(next, _output);
            // Plots that are due and stay held would be due for ever: a Site that holds to its word has none.
            if (due && _site.Due is { } still && still <= next) throw new InvalidOperationException("the Site holds plots that are due");
        }
        if (now > Now) Now = now;
    }

    /// <summary>Gives the Site a plot that came at <paramref name="now"/>; the plot bears the number of its arrival.</summary>
    public void Feed(in Plot plot, Instant now)
    {
        RunTo(now);
        _output.PlotReceived(Now, plot);
        if (plot.Time.SecondsSince(Now) > Limits.PlotAheadS)
        {
            string source = plot.Sensor >= 0 && plot.Sensor < _site.Definition.Sensors.Length ? _site.Definition.Sensors[plot.Sensor].Id : "plots";
            _output.InputRejected(Now, new(source, "a time ahead of the site's clock: check the sensor's clock", 1, FromFeed: false));
        }
        else _site.Accept(plot);
    }

    /// <summary>Passes on that a decoder rejected input at <paramref name="now"/>.</summary>
    public void Reject(in Rejection rejection, Instant now)
    {
        RunTo(now);
        _output.InputRejected(Now, rejection);
    }

    /// <summary>Runs the clock on after the last plot, until nothing is left to wait for, and closes the Site.</summary>
    public void RunOn()
    {
        _site.EndInput();
        while (!_site.IsIdle) RunTo(Next);
        _site.Close(_output);
    }
}
