using System.Collections.Immutable;
using Tocsin.Formats.Events;
using Tocsin.Formats.GeoJson;
using Tocsin.Server.Channels;
using Tocsin.Server.Page;

namespace Tocsin.Server.Live;

/// <summary>The tracks of one Site as operators and channels see them: the newest estimate of each, and the newest prediction of its impact.</summary>
/// <remarks>Belongs to the Site's thread. A track may be updated a hundred times a second; a page is told ten times. So an update is kept here, and its line is made when it is sent:
/// <see cref="Tell"/>. Beginnings and ends are told at once.</remarks>
internal sealed class TrackBoard(SiteFile site, OperationStatus status, string prefix, string drill, EventLine lines, OperatorStream stream)
{
    private sealed class Shown(string identity, string subject, string impactSubject)
    {
        public readonly string Identity = identity, Subject = subject, ImpactSubject = impactSubject;
        public Track Track;
        public ImpactPrediction? Impact;
        public bool TrackChanged, ImpactChanged;
    }

    // New tracks have the highest numbers, so that adding costs nothing.
    private readonly SortedList<int, Shown> _tracks = [];
    private bool _changed;

    /// <summary>Whether anything has changed since <see cref="Take"/>.</summary>
    public bool HasChanged { get; private set; }

    /// <summary>How many tracks there are.</summary>
    public int Count => _tracks.Count;

    /// <summary>A track began.</summary>
    public void Confirmed(Instant now, in Track track)
    {
        Shown shown = Of(track);
        shown.TrackChanged = false;
        stream.Add(shown.Subject, lines.Of(static (w, t, x) => w.TrackConfirmed(t, x), now, track));
    }

    /// <summary>A track used a plot.</summary>
    public void Updated(in Track track) => Of(track).TrackChanged = _changed = true;

    /// <summary>An impact was predicted; true for the first one of its track.</summary>
    public bool Predicted(in ImpactPrediction prediction)
    {
        if (!_tracks.TryGetValue(prediction.Track.Number, out Shown? shown)) return false;
        bool first = shown.Impact is null;
        shown.Impact = prediction;
        shown.ImpactChanged = _changed = HasChanged = true;
        return first;
    }

    /// <summary>A track ended; gives its identity, null where it was not shown.</summary>
    public string? Ended(Instant now, TrackId track, TrackEnd reason)
    {
        stream.End(lines.Of(static (w, t, x) => w.TrackEnded(t, x.track, x.reason), now, (track, reason)), SubjectOf(track), ImpactSubjectOf(track));
        HasChanged = true;
        return _tracks.Remove(track.Number, out Shown? gone) ? gone.Identity : null;
    }

    /// <summary>Takes every track off the page: the end of a drill.</summary>
    public void EndAll(Instant now)
    {
        foreach (int t in _tracks.Keys) stream.End(lines.Of(static (w, at, x) => w.TrackEnded(at, x, TrackEnd.Left), now, new TrackId(t)), SubjectOf(new(t)), ImpactSubjectOf(new(t)));
    }

    /// <summary>Gives the page the newest lines of what has changed.</summary>
    public void Tell(Instant now)
    {
        if (!_changed) return;
        _changed = false;
        foreach (Shown shown in _tracks.Values)
        {
            if (shown.TrackChanged) stream.Add(shown.Subject, lines.Of(static (w, t, x) => w.TrackUpdated(t, x), now, shown.Track));
            if (shown.ImpactChanged) stream.Add(shown.ImpactSubject, lines.Of(static (w, t, x) => w.ImpactPredicted(t, x), now, shown.Impact!.Value));
            shown.TrackChanged = shown.ImpactChanged = false;
        }
    }

    /// <summary>The tracks now, for channels that show them.</summary>
    public ImmutableArray<PictureTrack> Take()
    {
        HasChanged = false;
        return [.. _tracks.Values.Select(t => new PictureTrack(t.Identity, t.Track, t.Impact))];
    }

    /// <summary>Takes back what operators saw before a restart: a track that coasts is not told again by the Site, and would be missing on every channel that shows tracks.</summary>
    /// <exception cref="InvalidDataException">What was shown cannot be read.</exception>
    public void Restore(IEnumerable<ShownEvent> shown)
    {
        using var bytes = new MemoryStream();
        using (var header = new EventWriter(bytes, new RecordingHeader(site, status)))
        {
            // The first line opens the recording that the reader asks for; the seal that comes when the writer is closed is cut off.
            header.InputRejected(new(0), new("", "", 0, FromFeed: false));
            header.Flush();
            bytes.SetLength(Array.IndexOf(bytes.GetBuffer(), (byte)'\n') + 1);
            foreach (ShownEvent s in shown.Where(s => s.Subject.StartsWith("1track:", StringComparison.Ordinal) || s.Subject.StartsWith("2impact:", StringComparison.Ordinal)).OrderBy(s => s.Subject, StringComparer.Ordinal))
            {
                bytes.Write(s.Json);
                bytes.WriteByte((byte)'\n');
            }
            Formats.InputResult<EventReader> opened = EventReader.Open(new MemoryStream(bytes.ToArray()), "the snapshot");
            if (!opened.Ok) throw new InvalidDataException(opened.Error.ToString());
            using EventReader reader = opened.Value;
            reader.ReadAll(new Restored(this));
        }
        foreach (Shown s in _tracks.Values) s.TrackChanged = s.ImpactChanged = false;
        _changed = false;
    }

    private Shown Of(in Track track)
    {
        HasChanged = true;
        if (!_tracks.TryGetValue(track.Id.Number, out Shown? shown))
            _tracks[track.Id.Number] = shown = new($"{prefix}.{track.Id}", SubjectOf(track.Id), ImpactSubjectOf(track.Id));
        shown.Track = track;
        return shown;
    }

    private string SubjectOf(TrackId track) => $"{drill}1track:{track}";

    private string ImpactSubjectOf(TrackId track) => $"{drill}2impact:{track}";

    /// <summary>Hears the lines of a snapshot; there are no others among them than of tracks and impacts.</summary>
    private sealed class Restored(TrackBoard board) : ISiteOutput
    {
        public void TrackConfirmed(Instant now, in Track track) => board.Updated(track);

        public void TrackUpdated(Instant now, in Track track) => board.Updated(track);

        public void ImpactPredicted(Instant now, in ImpactPrediction prediction) => board.Predicted(prediction);

        public void PlotReceived(Instant now, in Plot plot) { }

        public void TrackEnded(Instant now, TrackId track, TrackEnd reason) { }

        public void WarningRaised(Instant now, in Warning warning) { }

        public void WarningUpdated(Instant now, in Warning warning) { }

        public void WarningCleared(Instant now, WarningId warning, OperationStatus status, int zone, WarningEnd reason) { }

        public void SensorChanged(Instant now, int sensor, SensorCondition condition, string blind) { }

        public void InputRejected(Instant now, in Rejection rejection) { }
    }
}
