namespace Tocsin.Server.Feeds;

/// <summary>Runs a feed on a thread of its own, so that a slow disk or a busy thread pool does not hold up the others.</summary>
internal static class FeedThread
{
    /// <summary>Runs <paramref name="body"/>; the task ends as it does, and without a word where it was stopped.</summary>
    /// <param name="name">The feed's name.</param>
    /// <param name="body">What it does.</param>
    /// <param name="mayLinger">Whether the body may wait in a call that nothing can end (a read of standard input): the task does not wait for it then.</param>
    /// <param name="stop">Ends it.</param>
    public static Task RunAsync(string name, Action body, bool mayLinger, CancellationToken stop)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        new Thread(() =>
        {
            try
            {
                body();
                done.TrySetResult();
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                done.TrySetResult();
            }
            catch (Exception e)
            {
                done.TrySetException(e);
            }
        })
        { IsBackground = true, Name = $"feed {name}", Priority = ThreadPriority.AboveNormal }.Start();
        if (mayLinger) stop.Register(() => done.TrySetResult());
        return done.Task;
    }

    /// <summary>Waits on a feed's own thread; by the clock given, so that tests need not wait.</summary>
    /// <exception cref="OperationCanceledException">It was stopped.</exception>
    public static void Wait(TimeSpan time, TimeProvider clock, CancellationToken stop) => Task.Delay(time, clock, stop).GetAwaiter().GetResult();
}
