namespace Tocsin.Simulation.Measures;

/// <summary>One figure of one run: a column of a campaign's tables.</summary>
/// <param name="Column">The column's name in snake case, its unit at its end: <c>needless_alarm_person_s</c>. The same columns in the same order for every run of a
/// campaign, whatever happens in it.</param>
/// <param name="Means">What it is, in a sentence for the schema document.</param>
/// <param name="Value">The figure; null where there was nothing to measure.</param>
/// <param name="IsCount">Whether it is a whole number by its nature.</param>
public readonly record struct RunMeasure(string Column, string Means, double? Value, bool IsCount = false);
