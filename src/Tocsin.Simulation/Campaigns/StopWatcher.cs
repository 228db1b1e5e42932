using Tocsin.Simulation.Scenarios;

namespace Tocsin.Simulation.Campaigns;

/// <summary>Says when the mean of a measure is known well enough in every alternative.</summary>
/// <remarks>It looks at every tenth replication only, after the fewest that the rule names, at runs in the order of their numbers: where a campaign stops depends on nothing
/// else. A mean that is looked at again and again until its interval is narrow has an interval a little too narrow; with the
/// fewest replications at 30 or more that is small (Chow and Robbins, Annals of Mathematical Statistics 36(2), 1965, for the limit).</remarks>
public sealed class StopWatcher
{
    /// <summary>Replications between two looks. Chosen.</summary>
    public const int EveryReplications = 10;

    private readonly StopRule _rule;
    private readonly string _measure;
    private readonly Moments[] _moments;
    private int _column = -1;

    /// <summary>Makes a watcher that has seen nothing.</summary>
    public StopWatcher(StopRule rule, string measure, int alternatives)
    {
        ArgumentNullException.ThrowIfNull(rule);
        (_rule, _measure, _moments) = (rule, rule.Measure ?? measure, new Moments[alternatives]);
    }

    /// <summary>Whether enough is known.</summary>
    public bool IsEnough { get; private set; }

    /// <summary>Takes the next run.</summary>
    /// <exception cref="InvalidDataException">There is no such column.</exception>
    public void Take(IReadOnlyList<MeasureColumn> columns, RunRow row)
    {
        ArgumentNullException.ThrowIfNull(columns);
        ArgumentNullException.ThrowIfNull(row);
        if (IsEnough) return;
        if (_column < 0) _column = Enumerable.Range(0, columns.Count).FirstOrDefault(i => columns[i].Name == _measure, -1);
        if (_column < 0) throw new InvalidDataException($"$.campaign.stop.measure '{_measure}' is no column of the results; name one of schema.json");
        int alternative = row.Run % _moments.Length, replications = row.Run / _moments.Length + 1;
        if (row.Values[_column] is { } value) _moments[alternative].Add(value);
        if (alternative < _moments.Length - 1 || replications < _rule.MinReplications || replications % EveryReplications != 0) return;
        IsEnough = Array.TrueForAll(_moments, m => m.Count >= 2 && Student.HalfWidth(m, _rule.Confidence) <= _rule.HalfWidth);
    }
}
