using Tocsin.Formats.Events;
using Tocsin.Formats.GeoJson;
using Tocsin.Simulation.Measures;

namespace Tocsin.Cli;

/// <summary>One pass of plots through a Site: what it says is written where that was asked for, and logged.</summary>
/// <remarks>The files are opened at the first plot or rejection, unless <see cref="Begin"/> opens them before: an input that
/// cannot be used at all leaves older files as they were. A signal ends the pass at the next plot; disposing it seals the recording however it ended.</remarks>
internal sealed class Pass : IPlotSink, IDisposable
{
    private readonly SiteFile _site;
    private readonly OperationStatus _status;
    private readonly long? _seed;
    private readonly string? _eventsName;
    private readonly Host _host;
    private readonly ISiteOutput[] _others;
    private EventWriter? _events;
    private Playback? _playback;

    /// <summary>Makes a pass that has not begun.</summary>
    /// <param name="site">The site.</param>
    /// <param name="status">What the plots are, and so what the output is marked as.</param>
    /// <param name="seed">The seed of a simulation.</param>
    /// <param name="eventsName">Where to write the events; null for nowhere.</param>
    /// <param name="host">The streams and the signal.</param>
    /// <param name="others">Who else hears what the Site says.</param>
    public Pass(SiteFile site, OperationStatus status, long? seed, string? eventsName, Host host, params ISiteOutput[] others) =>
        (_site, _status, _seed, _eventsName, _host, _others) = (site, status, seed, eventsName, host, others);

    /// <summary>What the Site said.</summary>
    public RunLog Log { get; } = new();

    /// <summary>Opens the files now, where the input is known to be usable.</summary>
    /// <exception cref="UnusableException">One cannot be written.</exception>
    public void Begin() => Open();

    /// <inheritdoc/>
    public void Feed(in Plot plot)
    {
        _host.Stop.ThrowIfCancellationRequested();
        Open().Feed(plot);
    }

    /// <inheritdoc/>
    public void Reject(in Rejection rejection)
    {
        _host.Stop.ThrowIfCancellationRequested();
        Open().Reject(rejection);
    }

    /// <summary>The input has ended: runs the clock on until nothing is left to wait for, and seals the recording.</summary>
    public void Finish()
    {
        Open().RunOn();
        Dispose();
    }

    /// <inheritdoc/>
    public void Dispose() => _events?.Dispose();

    private Playback Open()
    {
        if (_playback is not null) return _playback;
        Log.Status = _status;
        if (_eventsName is not null)
            _events = new EventWriter(OutputFile.Open(_eventsName, _host), new RecordingHeader(_site, _status, _seed));
        ISiteOutput[] outputs = _events is null ? [Log, .. _others] : [_events, Log, .. _others];
        return _playback = new Playback(new Site(_site.Definition, _status), new Broadcast(outputs));
    }
}
