using Microsoft.Extensions.Logging;
using Tocsin.Formats.Sapient;
using Tocsin.Formats.Sapient.Wire;
using Tocsin.Server.Configuration;
using Tocsin.Server.Live;
using Task = System.Threading.Tasks.Task;

namespace Tocsin.Server.Channels.SapientOut;

/// <summary>Where the SAPIENT output goes and what it says.</summary>
/// <param name="Host">The other system's address.</param>
/// <param name="Port">Its port.</param>
/// <param name="NodeId">The UUID of this node; null for the one made from the site's key.</param>
/// <param name="Period">How often tracks are sent.</param>
/// <param name="Alerts">Whether warnings are sent as alerts.</param>
/// <param name="AlertAck">How long an alert's acknowledgement is waited for; zero for not at all.</param>
/// <param name="RegistrationAck">How long the registration's acknowledgement is waited for.</param>
public sealed record SapientOutSettings(string Host, int Port, string? NodeId, TimeSpan Period, bool Alerts, TimeSpan AlertAck, TimeSpan RegistrationAck);

/// <summary>Tracks with their predicted impacts, and warnings, for a command and control system that speaks SAPIENT (BSI Flex 335 v2).</summary>
/// <remarks>
/// This side connects and registers as a fusion node; it connects anew in whatever call comes after a loss. A track is a detection report whose
/// <c>prediction_location</c> is the predicted impact; a warning is an alert, cleared when it ends. Tasks are always declined. Exercises and tests: see <see cref="SapientReports"/>.
/// </remarks>
public sealed class SapientOutChannel : Channel
{
    private static readonly TimeSpan s_connectLimit = TimeSpan.FromSeconds(5), s_sendLimit = TimeSpan.FromSeconds(5), s_goodbyeLimit = TimeSpan.FromSeconds(1);
    private readonly SapientOutSettings _settings;
    private readonly ChannelContext _context;
    private readonly SapientReports _reports;
    private readonly ShownTracks _shown;
    private SapientLink? _link;
    private bool _statusIsNew = true;

    /// <summary>Makes the channel.</summary>
    public SapientOutChannel(string name, SapientOutSettings settings, ChannelContext context) : base(name)
    {
        _settings = settings;
        _context = context;
        _reports = new(context.SiteKey, context.Site.Definition.Name, settings.NodeId);
        _shown = new(context.Clock);
    }

    /// <summary>Reads the channel's section of the configuration; null where the section is wrong, which it notes itself.</summary>
    /// <remarks>Keys: <c>name</c>, <c>host</c>, <c>port</c>, <c>nodeId</c>, <c>periodS</c>, <c>alerts</c>, <c>alertAckS</c>, <c>registrationAckS</c>.</remarks>
    public static SapientOutChannel? Read(ConfigSection section, ChannelContext context)
    {
        string name = section.OptionalText("name") ?? "sapient";
        string host = section.Text("host", "give a host or an address such as \"192.0.2.10\"", t => Uri.CheckHostName(t) != UriHostNameType.Unknown);
        int port = section.Count("port", -1, 1, 65_535);
        if (!section.Has("port")) section.Wrong("port", "nothing", "give the other system's port, a whole number from 1 to 65535");
        string? nodeId = section.OptionalText("nodeId", "give a UUID such as \"3f2a9c1e-5b7d-4e8f-9a01-2c3d4e5f6a7b\"", t => Guid.TryParseExact(t, "D", out _));
        double periodS = section.Number("periodS", 1, 0.1, 60);
        bool alerts = section.Flag("alerts", true);
        double alertAckS = section.Number("alertAckS", 0, 0, 60), registrationAckS = section.Number("registrationAckS", 10, 1, 120);
        section.End();
        if (host.Length == 0 || port < 0) return null;
        return new(name, new(host, port, nodeId?.ToLowerInvariant(), TimeSpan.FromSeconds(periodS), alerts, TimeSpan.FromSeconds(alertAckS), TimeSpan.FromSeconds(registrationAckS)), context);
    }

    /// <inheritdoc/>
    public override TimeSpan? PictureEvery => _settings.Period;

    /// <summary>Sends a warning as an alert, and waits for its acknowledgement where the configuration says so.</summary>
    /// <remarks>Without waiting, success means that the machine's network took it. An acknowledgement that rejects it is a failure with the other side's reason.</remarks>
    public override async Task SendAsync(WarningMessage message, CancellationToken stop)
    {
        if (!_settings.Alerts) return;
        SapientLink link = await LinkAsync(stop);
        SapientMessage alert = AlertOf(message, message.Tracks.Select(t => _shown.Find(t, message.Status)).OfType<string>());
        if (_settings.AlertAck == TimeSpan.Zero)
        {
            await WriteAsync(link, SapientReader.Frame(alert), stop);
            return;
        }
        Task<AlertAck> waiting = link.Expect(alert.Alert.AlertId);
        await WriteAsync(link, SapientReader.Frame(alert), stop);
        AlertAck ack = await Within(waiting, _settings.AlertAck, "the alert was not acknowledged", stop);
        if (ack.AlertAckStatus == AlertAck.Types.AlertAckStatus.Rejected) throw new IOException($"the other system rejected the alert: {Reasons(ack.Reason)}");
    }

    /// <inheritdoc/>
    public override void Rehearse(WarningMessage message, Picture picture)
    {
        SapientReader.Frame(AlertOf(message, picture.Tracks.Select(t => t.Identity)));
        foreach (PictureTrack t in picture.Tracks) SapientReader.Frame(_reports.Detection(t.Identity, t.Track, t.Impact, picture.Status));
    }

    /// <summary>Sends a status report.</summary>
    public override async Task BeatAsync(Beat beat, CancellationToken stop)
    {
        SapientLink link = await LinkAsync(stop);
        await WriteAsync(link, SapientReader.Frame(_reports.Status(Now, beat.Status, _statusIsNew)), stop);
        _statusIsNew = false;
    }

    /// <summary>Sends every track that has changed since it was last sent, and the ends of those that ended.</summary>
    public override async Task ShowAsync(Picture picture, CancellationToken stop)
    {
        SapientLink link = await LinkAsync(stop);
        using var frames = new MemoryStream();
        List<(ShownTrack Track, (Instant, Instant?) Sent)> sent = [];
        foreach (PictureTrack t in picture.Tracks)
        {
            ShownTrack shown = _shown.See(t, picture.Status, out _);
            (Instant, Instant?) state = (t.Track.ValidTime, t.Impact?.ValidTime);
            if (shown.Sent == state) continue;
            frames.Write(SapientReader.Frame(_reports.Detection(t.Identity, t.Track, t.Impact, picture.Status)));
            sent.Add((shown, state));
        }
        IReadOnlyList<ShownTrack> ended = _shown.Ended(picture);
        foreach (ShownTrack t in ended) frames.Write(SapientReader.Frame(_reports.Lost(Later(picture.Time, t.Last.ValidTime), t.Identity, t.Last, t.Status)));
        if (frames.Length > 0) await WriteAsync(link, frames.GetBuffer().AsMemory(0, (int)frames.Length), stop);
        foreach ((ShownTrack track, (Instant, Instant?) state) in sent) track.Sent = state;
        foreach (ShownTrack t in ended) _shown.Forget(t);
    }

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        if (_link is { IsAlive: true } link)
        {
            try
            {
                using var limit = new CancellationTokenSource(s_goodbyeLimit, _context.Clock);
                await link.WriteAsync(SapientReader.Frame(_reports.Goodbye(Now, _context.Status)), limit.Token);
            }
            catch (Exception e) when (e is IOException or OperationCanceledException)
            {
                // It is gone anyway.
            }
        }
        if (_link is not null) await _link.DisposeAsync();
        _link = null;
        await base.DisposeAsync();
    }

    private Instant Now => WallClock.InstantOf(_context.Clock.GetUtcNow());

    private SapientMessage AlertOf(WarningMessage message, IEnumerable<string> tracks)
    {
        WarningText? text = message.Texts.FirstOrDefault(t => t.Language.StartsWith("en", StringComparison.OrdinalIgnoreCase)) ?? message.Texts.FirstOrDefault();
        string description = text is null ? $"{(message.IsEnd ? "Over" : "Warning")}: {message.Zone.Name}" : $"{text.Headline} {text.Instruction}".Trim();
        return _reports.Alert(Now, message.Identity, message.Zone.Id, description, message.Probability, message.IsEnd, message.Status, tracks);
    }

    private static Instant Later(Instant a, Instant b) => a > b ? a : b;

    private static string Reasons(IEnumerable<string> reasons) => SapientText.Shown(string.Join("; ", reasons));

    /// <summary>The connection, made and registered where there is none.</summary>
    private async Task<SapientLink> LinkAsync(CancellationToken stop)
    {
        if (_link is { IsAlive: true } alive) return alive;
        if (_link is not null) await _link.DisposeAsync();
        _link = null;
        using var limit = new CancellationTokenSource(s_connectLimit, _context.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        SapientLink link;
        try
        {
            link = await SapientLink.ConnectAsync(_settings.Host, _settings.Port, Answer, either.Token);
        }
        catch (OperationCanceledException e) when (!stop.IsCancellationRequested)
        {
            throw new IOException($"{_settings.Host}:{_settings.Port} does not answer", e);
        }
        try
        {
            await WriteAsync(link, SapientReader.Frame(_reports.Registration(Now, _context.Status, BeatEvery)), stop);
            RegistrationAck ack = await Within(link.Registered, _settings.RegistrationAck, "the registration was not acknowledged", stop);
            if (!ack.Acceptance) throw new IOException($"the other system refused the registration: {Reasons(ack.AckResponseReason)}");
        }
        catch
        {
            await link.DisposeAsync();
            throw;
        }
        _link = link;
        _statusIsNew = true;
        _shown.SendAllAgain();
        return link;
    }

    /// <summary>Answers what the other side asks: a task is declined, an error is noted.</summary>
    private SapientMessage? Answer(SapientMessage message)
    {
        switch (message.ContentCase)
        {
            case SapientMessage.ContentOneofCase.Task:
                return _reports.Decline(Now, message.NodeId, message.Task);
            case SapientMessage.ContentOneofCase.Error when _context.Log.IsEnabled(LogLevel.Warning):
                SapientOutLog.ErrorReported(_context.Log, Name, Reasons(message.Error.ErrorMessage), null);
                return null;
            default:
                return null;
        }
    }

    private async Task WriteAsync(SapientLink link, ReadOnlyMemory<byte> frames, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(s_sendLimit, _context.Clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, limit.Token);
        try
        {
            await link.WriteAsync(frames, either.Token);
        }
        catch (OperationCanceledException e)
        {
            // Half a message may have left: nothing that follows it could be read.
            await link.DisposeAsync();
            stop.ThrowIfCancellationRequested();
            throw new IOException("the other system does not read what is sent", e);
        }
    }

    private async Task<T> Within<T>(Task<T> task, TimeSpan limit, string otherwise, CancellationToken stop)
    {
        try
        {
            return await task.WaitAsync(limit, _context.Clock, stop);
        }
        catch (TimeoutException e)
        {
            throw new IOException($"{otherwise} within {limit.TotalSeconds:0.#} s", e);
        }
    }
}

/// <summary>What the channel logs.</summary>
internal static class SapientOutLog
{
    /// <summary>The other system could not use a message.</summary>
    public static readonly Action<ILogger, string, string, Exception?> ErrorReported = LoggerMessage.Define<string, string>(
        LogLevel.Warning, new EventId(1, "SapientError"), "Channel {Channel}: the other system could not use a message: {Reason}");
}
