using System.Data.Common;
using System.Net.Sockets;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Tocsin.Server.Live;

namespace Tocsin.Server.Storage;

/// <summary>How the journal is.</summary>
/// <param name="Ok">Whether what is recorded reaches the database.</param>
/// <param name="FailingSince">Since when it does not, by the machine's clock; null where it does.</param>
/// <param name="Queued">Entries that wait.</param>
/// <param name="Lost">Entries that will never be in the database, since the start.</param>
/// <param name="Note">What an operator should know, in a sentence; empty where all is well.</param>
public sealed record JournalState(bool Ok, DateTimeOffset? FailingSince, int Queued, long Lost, string Note);

/// <summary>Writes to the database from the side: whoever records never waits for it and never hears of its troubles.</summary>
/// <remarks>Entries wait in a bounded queue, in order. One task writes them in batches, each a transaction, and tries again with back-off while the database is
/// broken. What the queue cannot hold is lost and counted; warnings and recordings do not depend on it. An entry that the database refuses for what it
/// holds is passed over, counted, and does not keep the others.</remarks>
public sealed partial class Journal : IHostedService, IAsyncDisposable
{
    // Serialization failures and deadlocks aside, PostgreSQL's classes 22 (data) and 23 (constraints) are the entry's fault, not the server's.
    private static readonly string[] s_dataClasses = ["22", "23"];
    private static readonly TimeSpan s_firstDelay = TimeSpan.FromSeconds(0.5), s_longestDelay = TimeSpan.FromSeconds(15), s_pruneEvery = TimeSpan.FromDays(1);
    private static readonly TimeSpan s_gather = TimeSpan.FromMilliseconds(200);
    private readonly Store _store;
    private readonly TimeProvider _clock;
    private readonly ILogger<Journal> _log;
    private readonly Channel<Queued> _queue;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private Task _writing = Task.CompletedTask;
    private long _lost;
    private int _inHand;
    private bool _working = true;
    private int _disposed;
    private readonly ManualResetEventSlim _hurry = new();
    private volatile bool _closing;
    private DateTimeOffset? _failingSince;
    private string _reason = "";
    private string _lostReason = "";
    private DateTimeOffset _pruned = DateTimeOffset.MinValue;

    /// <summary>Makes a journal; <see cref="StartAsync"/> begins to write. Entries may be recorded before.</summary>
    public Journal(Store store, TimeProvider clock, ILogger<Journal> log) : this(store, clock, log, StorageLimits.QueuedEntries)
    {
    }

    internal Journal(Store store, TimeProvider clock, ILogger<Journal> log, int capacity)
    {
        (_store, _clock, _log) = (store, clock, log);
        _queue = Channel.CreateBounded<Queued>(new BoundedChannelOptions(capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    }

    private readonly record struct Queued(Guid Key, JournalEntry? Entry, TaskCompletionSource? Reached);

    /// <summary>How it is. Cheap; from any thread.</summary>
    public JournalState State
    {
        get
        {
            int queued = _queue.Reader.Count + Volatile.Read(ref _inHand);
            long lost = Interlocked.Read(ref _lost);
            lock (_gate)
            {
                string note = (_failingSince, lost) switch
                {
                    (null, 0) => "",
                    (null, _) => $"The database is written, but {Entries(lost)} never reached it: {_lostReason}.",
                    ({ } since, 0) => $"The database has not been written since {WallClock.InstantOf(since)}: {_reason}. {Waiting(queued)}; warnings are sent all the same.",
                    ({ } since, _) => $"The database has not been written since {WallClock.InstantOf(since)}: {_reason}. {Waiting(queued)}, {Entries(lost)} lost; warnings are sent all the same.",
                };
                return new(_failingSince is null, _failingSince, queued, lost, note);
            }
        }
    }

    /// <summary>Takes an entry. Never waits and never throws; where the queue is full the entry is lost and counted.</summary>
    public void Record(JournalEntry entry)
    {
        if (!_queue.Writer.TryWrite(new(Guid.NewGuid(), entry, null))) Lose("more came than the queue holds");
    }

    /// <summary>Waits until everything recorded before is in the database or lost.</summary>
    public async Task FlushAsync(CancellationToken stop)
    {
        TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _hurry.Set();
        await _queue.Writer.WriteAsync(new(default, null, reached), stop);
        await reached.Task.WaitAsync(stop);
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        // SQLite works on the caller's thread: a thread of its own keeps a slow disk away from the pool that serves pages and channels.
        _writing = Task.Factory.StartNew(() => WriteUntilStopped(_stop.Token), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        return Task.CompletedTask;
    }

    /// <summary>How long a stop waits for what is still to be written (chosen): whoever stops a server wants it to end.</summary>
    internal TimeSpan DrainAtStop { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Writes what waits, for a few seconds at most, and stops.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        _queue.Writer.TryComplete();
        _closing = true;
        _hurry.Set();
        try
        {
            await _writing.WaitAsync(DrainAtStop, cancellationToken);
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            await _stop.CancelAsync();
            await _writing.WaitAsync(DrainAtStop, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        int left = _queue.Reader.Count + Volatile.Read(ref _inHand);
        if (left > 0) Unwritten(left);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // A container that knows it as two services disposes of it twice.
        if (Interlocked.Exchange(ref _disposed, 1) != 0) return;
        _queue.Writer.TryComplete();
        _closing = true;
        _hurry.Set();
        await _stop.CancelAsync();
        await _writing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _hurry.Dispose();
    }

    private void WriteUntilStopped(CancellationToken stop)
    {
        List<Queued> batch = [];
        TimeSpan delay = s_firstDelay;
        try
        {
            // A failure with nothing in hand was the pruning's: it is tried again too, as the journal stays failing until something succeeds.
            while (batch.Count > 0 || !_working || _queue.Reader.WaitToReadAsync(stop).AsTask().GetAwaiter().GetResult())
            {
                // In a raid entries come by the dozen, and a transaction costs more than what is in it: they are gathered for a moment, unless somebody waits for them.
                if (batch.Count == 0 && !_closing && _queue.Reader.Count < StorageLimits.BatchEntries && _hurry.Wait(s_gather, stop)) _hurry.Reset();
                while (batch.Count < StorageLimits.BatchEntries && _queue.Reader.TryRead(out Queued q)) batch.Add(q);
                Volatile.Write(ref _inHand, batch.Count);
                _working = TryWrite(batch, stop);
                if (_working)
                {
                    delay = s_firstDelay;
                    continue;
                }
                Task.Delay(delay, _clock, stop).GetAwaiter().GetResult();
                delay = delay * 2 < s_longestDelay ? delay * 2 : s_longestDelay;
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
        }
    }

    /// <summary>Writes a batch, or what of it can be written; false where the database is broken and what is left must be tried again.</summary>
    private bool TryWrite(List<Queued> batch, CancellationToken stop)
    {
        try
        {
            try
            {
                Write(batch, stop).GetAwaiter().GetResult();
                Done(batch);
            }
            catch (Exception e) when (batch.Count > 1 && !IsStorage(e) && !stop.IsCancellationRequested)
            {
                OneByOne(batch, stop);
            }
            catch (Exception e) when (batch.Count == 1 && !IsStorage(e) && !stop.IsCancellationRequested)
            {
                Refuse(batch, e);
            }
            Working();
            Prune(stop);
            return true;
        }
        catch (Exception e) when (!stop.IsCancellationRequested)
        {
            Failing(Reason(e));
            _store.Distrust();
            return false;
        }
    }

    private void OneByOne(List<Queued> batch, CancellationToken stop)
    {
        while (batch.Count > 0)
        {
            List<Queued> one = batch[..1];
            try
            {
                Write(one, stop).GetAwaiter().GetResult();
                Done(one);
            }
            catch (Exception e) when (!IsStorage(e) && !stop.IsCancellationRequested)
            {
                Refuse(one, e);
            }
            batch.RemoveAt(0);
            Volatile.Write(ref _inHand, batch.Count);
        }
    }

    private async Task Write(IReadOnlyList<Queued> batch, CancellationToken stop)
    {
        if (batch.All(q => q.Entry is null)) return;
        await using TocsinDb db = await _store.OpenAsync(stop);
        await using IDbContextTransaction transaction = await db.Database.BeginTransactionAsync(stop);
        foreach (Queued q in batch)
            if (q.Entry is not null) await JournalWriter.ApplyAsync(db, q.Key, q.Entry, stop);
        await db.SaveChangesAsync(stop);
        await transaction.CommitAsync(stop);
    }

    private void Done(List<Queued> batch)
    {
        foreach (Queued q in batch) q.Reached?.TrySetResult();
        batch.Clear();
        Volatile.Write(ref _inHand, 0);
    }

    private void Refuse(List<Queued> one, Exception e)
    {
        Lose($"the last was refused, {Reason(e)}");
        Refused(one[0].Entry?.GetType().Name ?? "", Reason(e));
        Done(one);
    }

    private void Lose(string why)
    {
        lock (_gate) _lostReason = why;
        Interlocked.Increment(ref _lost);
    }

    private void Working()
    {
        DateTimeOffset? since;
        lock (_gate) (since, _failingSince) = (_failingSince, null);
        if (since is { } s) Recovered((_clock.GetUtcNow() - s).TotalSeconds);
    }

    private void Failing(string reason)
    {
        bool first;
        lock (_gate)
        {
            first = _failingSince is null;
            _failingSince ??= _clock.GetUtcNow();
            _reason = reason;
        }
        if (first) Broken(reason);
    }

    /// <summary>Removes what is older than the site wants to keep it.</summary>
    private void Prune(CancellationToken stop)
    {
        DateTimeOffset now = _clock.GetUtcNow();
        if (now - _pruned < s_pruneEvery) return;
        PruneAsync(now, stop).GetAwaiter().GetResult();
        _pruned = now;
    }

    private async Task PruneAsync(DateTimeOffset now, CancellationToken stop)
    {
        await using TocsinDb db = await _store.OpenAsync(stop);
        long today = WallClock.InstantOf(now).Ticks;
        await db.EndedSessions.Where(r => r.ForgetTicks < today).ExecuteDeleteAsync(stop);
        if (_store.Settings.KeepDays == 0) return;
        long before = WallClock.InstantOf(now.AddDays(-_store.Settings.KeepDays)).Ticks;
        await db.Audit.Where(r => r.TimeTicks < before).ExecuteDeleteAsync(stop);
        await db.FeedChanges.Where(r => r.TimeTicks < before).ExecuteDeleteAsync(stop);
        await db.OperatorActs.Where(r => r.TimeTicks < before).ExecuteDeleteAsync(stop);
        await db.Deliveries.Where(d => (d.SentTicks ?? d.LastFailedTicks) < before).ExecuteDeleteAsync(stop);
        await db.Messages.Where(r => r.TimeTicks < before).ExecuteDeleteAsync(stop);
        await db.Incidents.Where(r => r.ClosedTicks < before).ExecuteDeleteAsync(stop);
    }

    /// <summary>Whether an exception is the database's trouble, which passes, and not the entry's, which does not.</summary>
    private static bool IsStorage(Exception e)
    {
        for (Exception? x = e; x is not null; x = x.InnerException)
        {
            switch (x)
            {
                // 18 too big, 19 constraint, 20 mismatch.
                case SqliteException { SqliteErrorCode: 18 or 19 or 20 }:
                case PostgresException p when s_dataClasses.Contains(p.SqlState[..2], StringComparer.Ordinal):
                    return false;
                case DbException or IOException or SocketException or TimeoutException or UnauthorizedAccessException or StoreException or OperationCanceledException:
                    return true;
            }
        }
        return false;
    }

    /// <summary>The reason in words for an operator; never a connection string.</summary>
    internal static string Reason(Exception e)
    {
        Exception last = e;
        while (last is not (SqliteException or PostgresException or StoreException) && last.InnerException is { } inner) last = inner;
        string text = last switch
        {
            SqliteException { SqliteErrorCode: 5 or 6 } => "another program holds it locked",
            SqliteException { SqliteErrorCode: 8 } => "it is read-only",
            SqliteException { SqliteErrorCode: 10 } => "the disk does not answer rightly",
            SqliteException { SqliteErrorCode: 13 } => "it is full, or the disk is",
            SqliteException { SqliteErrorCode: 14 } => "the file cannot be opened",
            SqliteException { SqliteErrorCode: 11 or 26 } => "the file is damaged or no database",
            PostgresException p => p.MessageText,
            _ => last.Message,
        };
        text = text.ReplaceLineEndings(" ").TrimEnd('.', ' ');
        return text.Length <= StorageLimits.NameCharacters ? text : text[..StorageLimits.NameCharacters];
    }

    private static string Entries(long n) => n == 1 ? "1 entry" : $"{n} entries";

    private static string Waiting(int n) => n == 1 ? "1 entry waits" : $"{n} entries wait";

    [LoggerMessage(LogLevel.Error, "The database cannot be written: {Reason}. Entries wait and warnings are sent all the same.")]
    private partial void Broken(string reason);

    [LoggerMessage(LogLevel.Information, "The database is written again after {Seconds:F1} s.")]
    private partial void Recovered(double seconds);

    [LoggerMessage(LogLevel.Warning, "The database refused an entry of the kind {Kind}: {Reason}. It is passed over.")]
    private partial void Refused(string kind, string reason);

    [LoggerMessage(LogLevel.Error, "{Count} entries were not written to the database before the end.")]
    private partial void Unwritten(int count);
}
