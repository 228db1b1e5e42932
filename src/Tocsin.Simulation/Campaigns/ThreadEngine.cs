using System.Runtime.ExceptionServices;
using Tocsin.Geodesy;
using Tocsin.Simulation.Measures;
using Tocsin.Simulation.Runs;

namespace Tocsin.Simulation.Campaigns;

/// <summary>Makes runs on threads of this process. Finished runs wait for earlier ones in a ring of fixed size, so that memory stays the same however many there are.</summary>
/// <param name="threads">How many threads.</param>
public sealed class ThreadEngine(int threads) : ICampaignEngine
{
    // Flights and trackers go a few calls deep only; the default of a main thread is plenty.
    private const int StackBytes = 8 << 20;

    private sealed record Outcome(FinishedRun? Finished, string? Problem, ExceptionDispatchInfo? Fault);

    /// <inheritdoc/>
    public string? Run(CampaignPlan plan, int first, int end, Func<FinishedRun, bool> take, CancellationToken stop)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(take);
        ArgumentOutOfRangeException.ThrowIfNotEqual(threads is >= 1 and <= CampaignLimits.Threads, true, nameof(threads));
        if (first >= end) return null;
        var ring = new Ring(first, end, threads * CampaignLimits.WaitingRunsPerThread);
        LocalFrame origin = plan.Alternatives[0].Site.Frame;
        Thread[] workers = [.. Enumerable.Range(0, Math.Min(threads, end - first)).Select(i => new Thread(() => Work(plan, origin, ring), StackBytes) { IsBackground = true, Name = $"campaign {i}" })];
        foreach (Thread worker in workers) worker.Start();
        try
        {
            using CancellationTokenRegistration closing = stop.Register(ring.Close);
            while (ring.Next() is { } outcome)
            {
                outcome.Fault?.Throw();
                if (outcome.Problem is not null) return outcome.Problem;
                if (!take(outcome.Finished!)) return null;
            }
            return null;
        }
        finally
        {
            ring.Close();
            foreach (Thread worker in workers) worker.Join();
        }
    }

    private static void Work(CampaignPlan plan, LocalFrame origin, Ring ring)
    {
        while (ring.Take() is { } run)
        {
            Outcome outcome;
            try
            {
                if (plan.Make(run).Succeeded(out RunResult? result, out string? problem))
                {
                    IReadOnlyList<RunMeasure> measures = result.Measures;
                    outcome = new(new(RunRow.ColumnsOf(measures), RunRow.Of(run, result, measures, origin)), null, null);
                }
                else
                {
                    outcome = new(null, $"run {run} ({plan.AlternativeOf(run).Name}): {problem}", null);
                }
            }
#pragma warning disable CA1031 // Thrown again on the caller's thread, in its turn: what comes of a campaign must not depend on which thread met it first.
            catch (Exception e)
#pragma warning restore CA1031
            {
                outcome = new(null, null, ExceptionDispatchInfo.Capture(e));
            }
            ring.Put(run, outcome);
        }
    }

    /// <summary>Gives out run numbers, and takes outcomes back in their order.</summary>
    private sealed class Ring(int first, int end, int size)
    {
        private readonly object _gate = new();
        private readonly Outcome?[] _slots = new Outcome?[size];
        private int _given = first, _taken = first;
        private bool _closed;

        /// <summary>The next run to make, once there is room for it; null where there is none.</summary>
        public int? Take()
        {
            lock (_gate)
            {
                while (!_closed && _given < end && _given - _taken >= size) Monitor.Wait(_gate);
                return _closed || _given >= end ? null : _given++;
            }
        }

        public void Put(int run, Outcome outcome)
        {
            lock (_gate)
            {
                _slots[run % size] = outcome;
                Monitor.PulseAll(_gate);
            }
        }

        /// <summary>The next outcome in the order of runs; null where the end is reached or the ring is closed.</summary>
        public Outcome? Next()
        {
            lock (_gate)
            {
                while (!_closed && _taken < end && _slots[_taken % size] is null) Monitor.Wait(_gate);
                if (_closed || _taken >= end) return null;
                Outcome outcome = _slots[_taken % size]!;
                _slots[_taken++ % size] = null;
                Monitor.PulseAll(_gate);
                return outcome;
            }
        }

        public void Close()
        {
            lock (_gate)
            {
                _closed = true;
                Monitor.PulseAll(_gate);
            }
        }
    }
}
