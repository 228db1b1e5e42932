namespace Tocsin.Tracking;

/// <summary>Track files that nobody needs any more, for the next tentative tracks: in clutter a plot that nothing takes begins several, and a file is some 4 kB.</summary>
/// <param name="sensors">Sensors of the site.</param>
internal sealed class TrackFilePool(int sensors)
{
    private readonly Stack<TrackFile> _free = new();

    /// <summary>A file as good as new.</summary>
    public TrackFile Take() => _free.TryPop(out TrackFile? t) ? t : new(sensors);

    /// <summary>Takes a file back that nothing refers to any more.</summary>
    public void Return(TrackFile t)
    {
        if (_free.Count >= Limits.TentativeTracks) return;
        t.Renew();
        _free.Push(t);
    }
}
