using System.Diagnostics.CodeAnalysis;

namespace Tocsin.Simulation;

/// <summary>What came of reading a file or preparing a run: a value, or the one line that says why there is none and how to mend it.</summary>
/// <typeparam name="T">What was asked for.</typeparam>
public readonly struct Loaded<T>
    where T : class
{
    private Loaded(T? value, string? problem)
    {
        Value = value;
        Problem = problem;
    }

    /// <summary>What was asked for; null where there is a problem.</summary>
    public T? Value { get; }

    /// <summary>Why there is no value: the file, the line or member, and the mend.</summary>
    public string? Problem { get; }

    /// <summary>Whether there is a value.</summary>
    public bool Succeeded([NotNullWhen(true)] out T? value, [NotNullWhen(false)] out string? problem)
    {
        (value, problem) = (Value, Problem ?? (Value is null ? "nothing was read" : null));
        return value is not null;
    }

    internal static Loaded<T> Of(T value) => new(value, null);

    // One line, even where it quotes input with line breaks in it.
    internal static Loaded<T> Failed(string problem) => new(null, string.Concat(problem.Select(c => char.IsControl(c) ? ' ' : c)));
}
