using Tocsin.Formats.Events;
using Tocsin.Formats.GeoJson;
using Tocsin.Simulation.Measures;

namespace Tocsin.Cli;

/// <summary>One pass of plots through a Site: what it says is written where that was asked for, and logged.</summary>
/// <remarks>The files are opened at the first plot or rejection, unless <see cref="Begin"/> opens them before: an input that
/// cannot be used at all leaves older files as they were. A signal ends the pass at the next plot; disposing it seals the recording however it ended.</remarks>
internal sealed class Pass : IClockedSink, IDisposable
{
    private readonly RecordingHeader _header;
    private readonly string? _eventsName;
    private readonly Host _host;
    private readonly ISiteOutput[] _others;
    private EventWriter? _events;
    private Playback? _playback;
    private ClockDrive? _drive;

    /// <summary>Makes a pass that has not begun.</summary>
    /// <param name="site">The site.</param>
    /// <param name="status">What the plots are, and so what the output is marked as.</param>
    /// <param name="seed">The seed of a simulation.</param>
    /// <param name="eventsName">Where to write the events; null for nowhere.</param>
    /// <param name="host">The streams and the signal.</param>
    /// <param name="others">Who else hears what the Site says.</param>
    public Pass(SiteFile site, OperationStatus status, long? seed, string? eventsName, Host host, params ISiteOutput[] others)
        : this(new RecordingHeader(site, status, seed), eventsName, host, others)
    {
    }

    /// <summary>Makes a pass of what a recording holds; one of a live server goes by the clock that it recorded, from the state that it began with.</summary>
    public Pass(RecordingHeader header, string? eventsName, Host host, params ISiteOutput[] others) =>
        (_header, _eventsName, _host, _others) = (header, eventsName, host, others);

    /// <summary>What the Site said, as it was heard.</summary>
    public RunLog Log { get; } = new();

    /// <summary>What stands between the Site and those who hear it, for the log alone: the recording holds what the Site itself said.</summary>
    public Func<ISiteOutput, ISiteOutput> Hearing { get; init; } = log => log;

    /// <summary>Opens the files now, where the input is known to be usable.</summary>
    /// <exception cref="UnusableException">One cannot be written.</exception>
    public void Begin() => Open();

    /// <inheritdoc/>
    public void Feed(in Plot plot)
    {
        _host.Stop.ThrowIfCancellationRequested();
        Open();
        if (_drive is not null) _drive.Feed(plot, _drive.Now);
        else _playback!.Feed(plot);
    }

    /// <inheritdoc/>
    public void RunTo(Instant time)
    {
        _host.Stop.ThrowIfCancellationRequested();
        Open();
        _drive?.RunTo(time);
    }

    /// <inheritdoc/>
    public void SensorChanged(int sensor, SensorCondition condition, string blind)
    {
        Open();
        if (_drive is not null) _events?.FeedSensorChanged(_drive.Now, sensor, condition, blind);
    }

    /// <inheritdoc/>
    public void Reject(in Rejection rejection)
    {
        _host.Stop.ThrowIfCancellationRequested();
        Open();
        if (_drive is not null) _drive.Reject(rejection, _drive.Now);
        else _playback!.Reject(rejection);
    }

    /// <summary>The input has ended: runs the clock on until nothing is left to wait for, and seals the recording.</summary>
    /// <param name="sealTime">Where a live recording was sealed.</param>
    /// <param name="continued">Whether the Site went on in another recording: then this one ends where that begins.</param>
    /// <param name="previousSeal">The seal of the recording that the one read goes on from.</param>
    public void Finish(Instant? sealTime = null, bool continued = false, string? previousSeal = null)
    {
        Open();
        if (_events is not null) _events.PreviousSeal = previousSeal;
        if (_drive is null) _playback!.RunOn();
        else
        {
            if (sealTime is { } end) _drive.RunTo(end);
            if (!continued) _drive.RunOn();
            _events?.Seal(_drive.Now, continued);
        }
        Dispose();
    }

    /// <inheritdoc/>
    public void Dispose() => _events?.Dispose();

    private void Open()
    {
        if (_playback is not null || _drive is not null) return;
        Log.Status = _header.Status;
        if (_eventsName is not null)
            _events = new EventWriter(OutputFile.Open(_eventsName, _host), _header with { Product = RecordingHeader.ThisProduct });
        ISiteOutput heard = Hearing(Log);
        ISiteOutput[] outputs = _events is null ? [heard, .. _others] : [_events, heard, .. _others];
        var output = new Broadcast(outputs);
        if (!_header.Live) _playback = new Playback(new Site(_header.Site.Definition, _header.Status), output);
        else _drive = new ClockDrive(Begin(_header), output, _header.Opened);
    }

    private static Site Begin(RecordingHeader header)
    {
        if (header.State.IsEmpty) return new(header.Site.Definition, header.Status);
        try
        {
            return Site.Load(header.Site.Definition, header.Status, header.State.ToArray());
        }
        catch (FormatException e)
        {
            throw new UnusableException($"the recording begins with a state that this program cannot load ({e.Message}); replay it with the program that wrote it: {header.Product}");
        }
    }
}
