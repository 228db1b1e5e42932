using Tocsin.Formats.Text;
using Tocsin.Geodesy;

namespace Tocsin.Formats.Events;

/// <summary>Writes an events file: everything a Site says, a line each, between the line that opens the recording and the one that seals it.</summary>
/// <remarks>Allocates nothing for plots, tracks and predictions. The first line's time is that of the line after it, so it waits for that; so do
/// rejections that come before the first instant. A plot is written so that reading gives it back bit for bit, if it is canonical (<see cref="CanonicalPlot"/>).</remarks>
public sealed class EventWriter : ISiteOutput, IDisposable
{
    private const int LonLatDecimals = 8;
    private const int MetreDecimals = 2;
    private const int SpeedDecimals = 3;
    private const int SecondDecimals = 3;
    private const int ProbabilityDecimals = 6;
    private const int OrientationDecimals = 3;
    private const long HalfTurn = 180_000;

    private readonly Stream _stream;
    private readonly RecordingHeader _header;
    private readonly JsonLineBuffer _out;
    private readonly byte[][] _sensorIds;
    private readonly byte[][] _zoneIds;
    private readonly List<Rejection> _held = [];
    private Instant _last = Instant.MinValue;
    private long _heldTogether;
    private readonly bool _between;
    private bool _opened, _sealed, _disposed;

    /// <summary>Makes a writer to a stream, which it owns.</summary>
    /// <param name="stream">Where the lines go.</param>
    /// <param name="header">What the first line says.</param>
    /// <param name="between">Whether it writes only the lines between the first and the last, which another writer gets by <see cref="Append"/>: for a thread that has no
    /// time for a large state and for the hash.</param>
    public EventWriter(Stream stream, RecordingHeader header, bool between = false)
    {
        _stream = stream;
        _header = header;
        _between = _opened = between;
        Lines = between ? 1 : 0;
        _out = new JsonLineBuffer(stream, hashed: !between);
        _sensorIds = [.. header.Site.Definition.Sensors.Select(s => JsonLineBuffer.Quoted(s.Id))];
        _zoneIds = [.. header.Site.Definition.Zones.Select(z => JsonLineBuffer.Quoted(z.Id))];
    }

    /// <summary>The seal of the recording that this one goes on from; null for none. Set it before the sealing.</summary>
    public string? PreviousSeal { get; set; }

    /// <summary>Lines written so far; the first line counts, whoever writes it.</summary>
    public long Lines { get; private set; }

    /// <summary>The time of the newest line.</summary>
    public Instant LastTime => _last;

    /// <inheritdoc/>
    public void PlotReceived(Instant now, in Plot plot)
    {
        Begin(now, "{\"type\":\"plot\",\"time\":"u8);
        _out.Raw(",\"plotTime\":"u8);
        _out.Time(plot.Time);
        _out.Raw(",\"sensor\":"u8);
        if (plot.Sensor == Plot.UnknownSensor) _out.Raw("null"u8);
        else _out.Long(_sensorIds[plot.Sensor]);
        _out.Raw(",\"rangeM\":"u8);
        _out.Shortest(plot.Measurement.RangeM);
        _out.Raw(",\"azimuthDeg\":"u8);
        Angle(plot.Measurement.AzimuthRad, wrap: true);
        _out.Raw(",\"elevationDeg\":"u8);
        Angle(plot.Measurement.ElevationRad, wrap: false);
        if (double.IsFinite(plot.RangeRateMps))
        {
            _out.Raw(",\"rangeRateMps\":"u8);
            _out.Shortest(plot.RangeRateMps);
        }
        if (double.IsFinite(plot.SnrDb))
        {
            _out.Raw(",\"snrDb\":"u8);
            _out.Shortest(plot.SnrDb);
        }
        if (double.IsFinite(plot.ElevationSigmaRad))
        {
            _out.Raw(",\"elevationSigmaDeg\":"u8);
            Angle(plot.ElevationSigmaRad, wrap: false);
        }
        _out.Raw(",\"plot\":"u8);
        _out.Integer(plot.Number);
        End();
    }

    /// <inheritdoc/>
    public void TrackConfirmed(Instant now, in Track track)
    {
        Begin(now, "{\"type\":\"track.confirmed\",\"time\":"u8);
        WriteTrack(track);
    }

    /// <inheritdoc/>
    public void TrackUpdated(Instant now, in Track track)
    {
        Begin(now, "{\"type\":\"track.updated\",\"time\":"u8);
        WriteTrack(track);
    }

    /// <inheritdoc/>
    public void TrackEnded(Instant now, TrackId track, TrackEnd reason)
    {
        Begin(now, "{\"type\":\"track.ended\",\"time\":"u8);
        _out.Raw(",\"track\":"u8);
        Id('T', track.Number);
        _out.Raw(",\"reason\":"u8);
        _out.Raw(EventNames<TrackEnd>.Of((int)reason));
        End();
    }

    /// <inheritdoc/>
    public void ImpactPredicted(Instant now, in ImpactPrediction prediction)
    {
        Begin(now, "{\"type\":\"impact.predicted\",\"time\":"u8);
        _out.Raw(",\"track\":"u8);
        Id('T', prediction.Track.Number);
        _out.Raw(",\"validTime\":"u8);
        _out.Time(prediction.ValidTime);
        _out.Raw(",\"impactTime\":"u8);
        _out.Time(prediction.ImpactTime);
        _out.Raw(",\"timeSigmaS\":"u8);
        _out.Fixed(prediction.TimeSigmaS, SecondDecimals);
        _out.Raw(",\"position\":["u8);
        LonLat(prediction.Position);
        _out.Raw("],\"ellipse95\":{\"semiMajorM\":"u8);
        _out.Fixed(prediction.Ellipse95.SemiMajorM, MetreDecimals);
        _out.Raw(",\"semiMinorM\":"u8);
        _out.Fixed(prediction.Ellipse95.SemiMinorM, MetreDecimals);
        _out.Raw(",\"orientationDeg\":"u8);
        double orientationDeg = prediction.Ellipse95.OrientationRad * CanonicalAngle.DegreesPerRad;
        // An axis just short of half a turn would round to 180, which is the same as 0 and outside [0, 180).
        if (Math.Round(orientationDeg * NumberText.PowerOfTen(OrientationDecimals)) == HalfTurn) orientationDeg = 0;
        _out.Fixed(orientationDeg, OrientationDecimals);
        _out.Raw("}"u8);
        End();
    }

    /// <inheritdoc/>
    public void WarningRaised(Instant now, in Warning warning)
    {
        Begin(now, "{\"type\":\"warning.raised\",\"time\":"u8);
        WriteWarning(warning);
    }

    /// <inheritdoc/>
    public void WarningUpdated(Instant now, in Warning warning)
    {
        Begin(now, "{\"type\":\"warning.updated\",\"time\":"u8);
        WriteWarning(warning);
    }

    /// <inheritdoc/>
    public void WarningCleared(Instant now, WarningId warning, OperationStatus status, int zone, WarningEnd reason)
    {
        Begin(now, "{\"type\":\"warning.cleared\",\"time\":"u8);
        WarningHead(warning, status, zone);
        _out.Raw(",\"reason\":"u8);
        _out.Raw(EventNames<WarningEnd>.Of((int)reason));
        End();
    }

    /// <inheritdoc/>
    public void SensorChanged(Instant now, int sensor, SensorCondition condition, string blind) => WriteSensor(now, sensor, condition, blind, fromFeed: false);

    private void WriteSensor(Instant now, int sensor, SensorCondition condition, string blind, bool fromFeed)
    {
        Begin(now, "{\"type\":\"sensor.state\",\"time\":"u8);
        _out.Raw(",\"sensor\":"u8);
        _out.Long(_sensorIds[sensor]);
        _out.Raw(",\"state\":"u8);
        _out.Raw(EventNames<SensorCondition>.Of((int)condition));
        _out.Raw(",\"blind\":"u8);
        _out.Text(blind);
        if (fromFeed) _out.Raw(",\"feed\":true"u8);
        End();
    }

    /// <inheritdoc/>
    public void InputRejected(Instant now, in Rejection rejection)
    {
        if (!_opened && now == Instant.MinValue) Hold(rejection);
        else WriteRejection(now, rejection);
    }

    /// <summary>A channel has told of a warning: who was told, and when.</summary>
    /// <param name="now">The Site's clock.</param>
    /// <param name="channel">The channel's name.</param>
    /// <param name="warning">The warning.</param>
    /// <param name="delayS">Seconds from the warning's line to the channel's acknowledgement.</param>
    public void ChannelSent(Instant now, string channel, WarningId warning, double delayS)
    {
        BeginChannel(now, "{\"type\":\"channel.sent\",\"time\":"u8, channel, warning);
        _out.Raw(",\"delayS\":"u8);
        _out.Fixed(delayS, SecondDecimals);
        End();
    }

    /// <summary>A channel could not tell of a warning.</summary>
    public void ChannelFailed(Instant now, string channel, WarningId warning, string reason)
    {
        BeginChannel(now, "{\"type\":\"channel.failed\",\"time\":"u8, channel, warning);
        _out.Raw(",\"reason\":"u8);
        _out.Text(reason);
        End();
    }

    /// <summary>An operator did something; <paramref name="warning"/> is null where it concerns no single warning.</summary>
    public void OperatorActed(Instant now, string who, string act, WarningId? warning)
    {
        Begin(now, "{\"type\":\"operator.acted\",\"time\":"u8);
        _out.Raw(",\"who\":"u8);
        _out.Text(who);
        _out.Raw(",\"act\":"u8);
        _out.Text(act);
        _out.Raw(",\"warning\":"u8);
        if (warning is { } w) Id('W', w.Number);
        else _out.Raw("null"u8);
        End();
    }

    /// <summary>A feed's health shows a sensor's condition that the Site itself cannot see: too many plots, or ones that cannot be right.</summary>
    public void FeedSensorChanged(Instant now, int sensor, SensorCondition condition, string blind) => WriteSensor(now, sensor, condition, blind, fromFeed: true);

    /// <summary>Writes the first line now, where it would else wait for the next one: for a recording whose header says when it was opened.</summary>
    public void Open()
    {
        if (!_opened) Open(_header.Opened);
    }

    /// <summary>Writes what another writer has handed over, and counts the lines that end in it: a long line may come in pieces.</summary>
    public void Append(ReadOnlySpan<byte> lines, int count)
    {
        Open();
        _out.Lines(lines);
        Lines += count;
    }

    /// <summary>Hands all lines so far to the stream and flushes it: for a file that somebody follows.</summary>
    public void Flush()
    {
        _out.Drain();
        _stream.Flush();
    }

    /// <summary>Writes the last line, which says how many lines stand before it and their hash, and gives that hash. Nothing can be written after it.</summary>
    /// <exception cref="InvalidOperationException">The recording is sealed already.</exception>
    /// <param name="now">The Site's clock where the recording ends; the last line's time where it is left out.</param>
    /// <param name="continued">Whether the Site goes on in another recording: a replay then stops here and runs nothing on.</param>
    public string Seal(Instant? now = null, bool continued = false)
    {
        if (_sealed) throw new InvalidOperationException("the recording is sealed already");
        if (!_opened) Open(new Instant(0));
        string hash = _out.HashSoFar();
        long lines = Lines;
        Begin(now is { } end && end > _last ? end : _last, "{\"type\":\"recording.sealed\",\"time\":"u8);
        _out.Raw(",\"lines\":"u8);
        _out.Integer(lines);
        _out.Raw(",\"sha256\":"u8);
        _out.Text(hash);
        _out.Raw(",\"previous\":"u8);
        if (PreviousSeal is string previous) _out.Text(previous);
        else _out.Raw("null"u8);
        if (continued) _out.Raw(",\"continued\":true"u8);
        End();
        _sealed = true;
        Flush();
        return hash;
    }

    /// <summary>Seals the recording if that was not done, and closes the stream. A recording whose stream has failed is left without a seal.</summary>
    public void Dispose()
    {
        if (_disposed) return;
        _disposed = true;
        try
        {
            if (!_sealed && !_between && !_out.StreamFailed) Seal();
        }
        finally
        {
            _out.Dispose();
            _stream.Dispose();
        }
    }

    private void BeginChannel(Instant now, ReadOnlySpan<byte> head, string channel, WarningId warning)
    {
        Begin(now, head);
        _out.Raw(",\"channel\":"u8);
        _out.Text(channel);
        _out.Raw(",\"warning\":"u8);
        Id('W', warning.Number);
    }

    /// <summary>Writes the line that opens the recording, then what was held back until there was a time.</summary>
    private void Open(Instant now)
    {
        _opened = true;
        if (_header.Opened != Instant.MinValue) now = _header.Opened;
        Begin(now, "{\"type\":\"recording.opened\",\"time\":"u8);
        _out.Raw(",\"schema\":\"tocsin.events/1\",\"product\":"u8);
        _out.Text(_header.Product);
        _out.Raw(",\"status\":"u8);
        _out.Raw(EventNames<OperationStatus>.Of((int)_header.Status));
        if (_header.Seed is long seed)
        {
            _out.Raw(",\"seed\":"u8);
            _out.Integer(seed);
        }
        if (_header.Live) _out.Raw(",\"clock\":\"live\""u8);
        if (!_header.State.IsEmpty)
        {
            _out.Raw(",\"state\":"u8);
            RecordingHeader.Pack(_header.State.Span, _out);
        }
        _out.Raw(",\"siteSha256\":"u8);
        _out.Text(_header.Site.Sha256);
        _out.Raw(",\"site\":"u8);
        _out.Long(_header.Site.CanonicalUtf8.Span);
        End();
        foreach (Rejection rejection in _held) WriteRejection(now, rejection);
        if (_heldTogether > 0) WriteRejection(now, Together(_heldTogether));
        _held.Clear();
    }

    private void Hold(in Rejection rejection)
    {
        if (_held.Count < FormatLimits.HeldRejections) _held.Add(rejection);
        else _heldTogether += rejection.Count;
    }

    /// <summary>What stands for the rejections that were too many to hold; a replay holds and counts it again and so writes the same line.</summary>
    private static Rejection Together(long count) => new("input", "more rejections before the first plot", count, FromFeed: true);

    private void WriteRejection(Instant now, in Rejection rejection)
    {
        Begin(now, "{\"type\":\"input.rejected\",\"time\":"u8);
        _out.Raw(",\"source\":"u8);
        _out.Text(rejection.Source);
        _out.Raw(",\"reason\":"u8);
        _out.Text(rejection.Reason);
        _out.Raw(",\"count\":"u8);
        _out.Integer(rejection.Count);
        // A replay takes these from the recording; those of the Site it finds again by itself.
        if (rejection.FromFeed) _out.Raw(",\"feed\":true"u8);
        End();
    }

    private void WriteTrack(in Track track)
    {
        _out.Raw(",\"track\":"u8);
        Id('T', track.Id.Number);
        _out.Raw(",\"validTime\":"u8);
        _out.Time(track.ValidTime);
        _out.Raw(",\"position\":["u8);
        LonLat(track.Position);
        _out.Raw(","u8);
        _out.Fixed(track.Position.HeightM, MetreDecimals);
        _out.Raw("],\"velocity\":["u8);
        Enu v = track.VelocityMps;
        _out.Fixed(v.East, SpeedDecimals);
        _out.Raw(","u8);
        _out.Fixed(v.North, SpeedDecimals);
        _out.Raw(","u8);
        _out.Fixed(v.Up, SpeedDecimals);
        _out.Raw("],\"kind\":"u8);
        _out.Raw(EventNames<Kind>.Of((int)track.Kind));
        _out.Raw(",\"kinds\":{\"rocket\":"u8);
        _out.Fixed(track.Kinds[Kind.Rocket], ProbabilityDecimals);
        _out.Raw(",\"artillery\":"u8);
        _out.Fixed(track.Kinds[Kind.Artillery], ProbabilityDecimals);
        _out.Raw(",\"mortar\":"u8);
        _out.Fixed(track.Kinds[Kind.Mortar], ProbabilityDecimals);
        _out.Raw(",\"aircraft\":"u8);
        _out.Fixed(track.Kinds[Kind.Aircraft], ProbabilityDecimals);
        _out.Raw(",\"bird\":"u8);
        _out.Fixed(track.Kinds[Kind.Bird], ProbabilityDecimals);
        _out.Raw(",\"unknown\":"u8);
        _out.Fixed(track.Kinds[Kind.Unknown], ProbabilityDecimals);
        _out.Raw("}"u8);
        if (track.Plot != 0)
        {
            _out.Raw(",\"plot\":"u8);
            _out.Integer(track.Plot);
        }
        End();
    }

    private void WriteWarning(in Warning warning)
    {
        WarningHead(warning.Id, warning.Status, warning.Zone);
        _out.Raw(",\"probability\":"u8);
        _out.Fixed(warning.Probability, ProbabilityDecimals);
        _out.Raw(",\"impactTime\":"u8);
        _out.Time(warning.ImpactTime);
        _out.Raw(",\"leadTimeS\":"u8);
        _out.Fixed(warning.LeadTimeS, SecondDecimals);
        _out.Raw(",\"advice\":"u8);
        _out.Raw(EventNames<Advice>.Of((int)warning.Advice));
        _out.Raw(",\"tracks\":["u8);
        for (int i = 0; i < warning.Tracks.Count; i++)
        {
            _out.Reserve();
            if (i > 0) _out.Raw(","u8);
            Id('T', warning.Tracks[i].Number);
        }
        _out.Raw("]"u8);
        End();
    }

    private void WarningHead(WarningId warning, OperationStatus status, int zone)
    {
        _out.Raw(",\"warning\":"u8);
        Id('W', warning.Number);
        _out.Raw(",\"status\":"u8);
        _out.Raw(EventNames<OperationStatus>.Of((int)status));
        _out.Raw(",\"zone\":"u8);
        _out.Long(_zoneIds[zone]);
    }

    private void Begin(Instant now, ReadOnlySpan<byte> head)
    {
        if (_sealed) throw new InvalidOperationException("the recording is sealed");
        if (!_opened) Open(now);
        // A rejection may come without a time when others have come with one.
        if (now != Instant.MinValue) _last = now;
        _out.Reserve();
        _out.Raw(head);
        _out.Time(_last);
    }

    private void End()
    {
        _out.Raw("}\n"u8);
        Lines++;
    }

    private void Id(char letter, int number)
    {
        ReadOnlySpan<byte> start = [(byte)'"', (byte)letter];
        _out.Raw(start);
        _out.Integer(number);
        _out.Raw("\""u8);
    }

    private void LonLat(in Geodetic position)
    {
        _out.Fixed(position.LongitudeRad * CanonicalAngle.DegreesPerRad, LonLatDecimals);
        _out.Raw(","u8);
        _out.Fixed(position.LatitudeRad * CanonicalAngle.DegreesPerRad, LonLatDecimals);
    }

    private void Angle(double rad, bool wrap)
    {
        if (double.IsFinite(rad)) _out.Steps(wrap ? CanonicalAngle.Wrap(CanonicalAngle.FromRad(rad)) : CanonicalAngle.FromRad(rad), CanonicalAngle.Decimals);
        else _out.Raw("null"u8);
    }
}
