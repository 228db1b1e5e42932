namespace Tocsin.Server.Channels;

/// <summary>What a channel has shown of one track.</summary>
/// <param name="identity">Its identity.</param>
/// <param name="status">Actual, exercise or test.</param>
/// <param name="since">The time of the first estimate that was shown.</param>
internal sealed class ShownTrack(string identity, OperationStatus status, Instant since)
{
    /// <summary>Its identity.</summary>
    public string Identity { get; } = identity;

    /// <summary>Actual, exercise or test.</summary>
    public OperationStatus Status { get; } = status;

    /// <summary>The time of the first estimate that was shown.</summary>
    public Instant Since { get; } = since;

    /// <summary>The newest estimate.</summary>
    public Track Last { get; set; }

    /// <summary>What was last sent of it, as its channel notes it; null for nothing.</summary>
    public (Instant Track, Instant? Impact)? Sent { get; set; }

    /// <summary>The clock's timestamp of the picture that showed it last.</summary>
    public long SeenAt { get; set; }
}

/// <summary>Remembers which tracks a channel has shown, so that each is begun once and ended once though the channel misses pictures.</summary>
/// <remarks>A track ends with the picture that names it as ended, or, where that picture was missed, when none has shown it for
/// <see cref="ForgottenAfterS"/>. Pictures of a drill come beside those of the main Site: what one does not show, the other may.</remarks>
internal sealed class ShownTracks(TimeProvider clock)
{
    /// <summary>Seconds after which a track that no picture shows any more has ended.</summary>
    public const double ForgottenAfterS = 10;

    private readonly Dictionary<string, ShownTrack> _tracks = new(StringComparer.Ordinal);

    /// <summary>Notes that a picture shows a track.</summary>
    /// <param name="track">The track.</param>
    /// <param name="status">The picture's status.</param>
    /// <param name="isFirst">Whether it is new.</param>
    public ShownTrack See(PictureTrack track, OperationStatus status, out bool isFirst)
    {
        isFirst = !_tracks.TryGetValue(track.Identity, out ShownTrack? shown);
        shown ??= _tracks[track.Identity] = new(track.Identity, status, track.Track.ValidTime);
        shown.Last = track.Track;
        shown.SeenAt = clock.GetTimestamp();
        return shown;
    }

    /// <summary>The tracks that have ended by a picture, in the order of their identities; the picture's own tracks must have been seen before.</summary>
    public IReadOnlyList<ShownTrack> Ended(Picture picture)
    {
        var alive = picture.Tracks.Select(t => t.Identity).ToHashSet(StringComparer.Ordinal);
        var named = picture.Ended.ToHashSet(StringComparer.Ordinal);
        long now = clock.GetTimestamp();
        return [.. _tracks.Values
            .Where(t => !alive.Contains(t.Identity) && (named.Contains(t.Identity) || clock.GetElapsedTime(t.SeenAt, now).TotalSeconds > ForgottenAfterS))
            .OrderBy(t => t.Identity, StringComparer.Ordinal)];
    }

    /// <summary>Forgets a track whose end has been told.</summary>
    public void Forget(ShownTrack track) => _tracks.Remove(track.Identity);

    /// <summary>Forgets what was sent, as the other side is a new one.</summary>
    public void SendAllAgain()
    {
        foreach (ShownTrack t in _tracks.Values) t.Sent = null;
    }

    /// <summary>The identity of a track of a given status; null for one that was never shown.</summary>
    public string? Find(TrackId id, OperationStatus status) =>
        _tracks.Values.Where(t => t.Last.Id == id && t.Status == status).Select(t => t.Identity).Order(StringComparer.Ordinal).LastOrDefault();
}
