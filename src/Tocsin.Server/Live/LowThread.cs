namespace Tocsin.Server.Live;

/// <summary>A thread for what can wait: it does one thing after another, and gives way to every other thread.</summary>
/// <remarks>It is there before anything is to be done: to start one takes as long as the machine lets a thread that gives way wait, and whoever starts it waits for that.</remarks>
internal sealed class LowThread
{
    private readonly object _gate = new();
    private readonly List<(object Subject, Action What)> _waiting = [];
    private readonly Thread _thread;
    private bool _ends;

    /// <summary>Starts the thread.</summary>
    public LowThread(string name)
    {
        _thread = new(Work) { Name = name, IsBackground = true };
        _thread.Start();
    }

    /// <summary>Does something when what came before is done. Of one subject only the newest waits: one that has not begun gives way to it.</summary>
    public void Do(object subject, Action what)
    {
        lock (_gate)
        {
            _waiting.RemoveAll(w => ReferenceEquals(w.Subject, subject));
            _waiting.Add((subject, what));
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>Lets the thread end when everything is done, and waits for that, at most for a while.</summary>
    public Task EndAsync(TimeSpan most)
    {
        lock (_gate)
        {
            _ends = true;
            Monitor.Pulse(_gate);
        }
        return Task.Run(() => _thread.Join(most));
    }

    private void Work()
    {
        Urgency.LowerThisThread();
        while (true)
        {
            Action what;
            lock (_gate)
            {
                while (_waiting.Count == 0 && !_ends) Monitor.Wait(_gate);
                if (_waiting.Count == 0) return;
                what = _waiting[0].What;
                _waiting.RemoveAt(0);
            }
            what();
        }
    }
}
