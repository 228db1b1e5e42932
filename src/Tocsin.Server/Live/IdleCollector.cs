namespace Tocsin.Server.Live;

/// <summary>Has the youngest objects of the heap collected while a Site waits for its next plots, so that the runtime need not do it while a warning is made.</summary>
/// <remarks>A collection holds every thread for some milliseconds, whenever it comes; under load two come in a second. One that comes now puts off the one that would come of itself.</remarks>
internal sealed class IdleCollector(TimeProvider wall)
{
    // Chosen: half of what the runtime gives the youngest objects on small machines (4 MB); and most of the time that a collection takes, as one that ends a little late costs less than one that comes at its own time.
    private const long YoungBytes = 2_000_000;
    private const double PauseS = 0.002, NewsS = 0.01;

    private long _newsAt = wall.GetTimestamp(), _allocated;
    private int _collections;

    /// <summary>A warning has left the Site: the threads that send it must not be held.</summary>
    public void NewsLeft() => _newsAt = wall.GetTimestamp();

    /// <summary>Collects, if that is worth it and there is time.</summary>
    /// <param name="leftS">Seconds until the Site has something to do.</param>
    public void Collect(double leftS)
    {
        long allocated = GC.GetTotalAllocatedBytes();
        int collections = GC.CollectionCount(0);
        if (collections != _collections) (_collections, _allocated) = (collections, allocated);
        else if (allocated - _allocated > YoungBytes && leftS > PauseS && wall.GetElapsedTime(_newsAt).TotalSeconds > NewsS) GC.Collect(0, GCCollectionMode.Forced, blocking: true);
    }
}
