using System.Diagnostics.CodeAnalysis;

namespace Tocsin.Formats;

/// <summary>Why an input could not be used: the file, the place in it, what is wrong, and the mend.</summary>
/// <param name="File">The file's name.</param>
/// <param name="Place">Line, byte offset or feature; empty where the whole file is meant.</param>
/// <param name="Problem">What is wrong there.</param>
/// <param name="Mend">What to do about it; empty where nothing can be said.</param>
public sealed record InputError(string File, string Place, string Problem, string Mend)
{
    /// <summary>One line for a person: <c>camp.site.geojson: feature 12 (zone Z4): the polygon crosses itself; redraw its ring</c>.</summary>
    public override string ToString()
    {
        string place = Place.Length == 0 ? "" : $" {Place}:";
        string mend = Mend.Length == 0 ? "" : $"; {Mend}";
        return OneLine($"{File}:{place} {Problem}{mend}");
    }

    /// <summary>Makes an error of an exception that the file system gave.</summary>
    internal static InputError Of(string path, Exception e) => e switch
    {
        FileNotFoundException or DirectoryNotFoundException => new(path, "", "there is no such file", "check the path"),
        UnauthorizedAccessException => new(path, "", "it may not be read", "check its permissions, and that it is a file"),
        InvalidDataException => new(path, "", "the gzip data is damaged", "copy the file again"),
        _ => new(path, "", e.Message, ""),
    };

    /// <summary>Whether the exception is the file system's or the decompressor's answer to a bad file, and not a fault of this program.</summary>
    internal static bool IsOfInput(Exception e) =>
        e is IOException or UnauthorizedAccessException or InvalidDataException or ArgumentException or NotSupportedException;

    /// <summary>Replaces control characters, which could break the line or steer a terminal.</summary>
    internal static string OneLine(string text)
    {
        if (!text.AsSpan().ContainsAnyInRange('\0', '\x1f') && !text.AsSpan().ContainsAnyInRange('\x7f', '\x9f')) return text;
        return string.Create(text.Length, text, static (to, from) =>
        {
            for (int i = 0; i < to.Length; i++) to[i] = char.IsControl(from[i]) ? '?' : from[i];
        });
    }
}

/// <summary>What reading an input gave: a value, or the reason why there is none.</summary>
public readonly record struct InputResult<T> where T : class
{
    private InputResult(T? value, InputError? error) => (Value, Error) = (value, error);

    /// <summary>The value; null where there is an error.</summary>
    public T? Value { get; }

    /// <summary>The error; null where there is a value.</summary>
    public InputError? Error { get; }

    /// <summary>Whether there is a value.</summary>
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Error))]
    public bool Ok => Value is not null;

    /// <summary>A value is a result.</summary>
    public static implicit operator InputResult<T>(T value) => new(value, null);

    /// <summary>An error is a result.</summary>
    public static implicit operator InputResult<T>(InputError error) => new(null, error);
}
