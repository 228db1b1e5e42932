namespace Tocsin.Cli;

/// <summary>A file that a command writes, opened before its work begins: what cannot be written is known at once.</summary>
internal sealed class OutputFile : IDisposable
{
    /// <summary>The name that means standard output.</summary>
    public const string StandardOutput = "-";

    private readonly bool _owned;

    private OutputFile(Stream stream, string name, bool owned) => (Stream, Name, _owned) = (stream, name, owned);

    /// <summary>Where to write.</summary>
    public Stream Stream { get; }

    /// <summary>What messages call it.</summary>
    public string Name { get; }

    /// <summary>Opens the file that an option names; no file where the option was not given.</summary>
    /// <returns>False, with the reason said on standard error, where it cannot be written.</returns>
    public static bool TryOpen(string? name, Host host, out OutputFile? file)
    {
        file = null;
        if (name is null) return true;
        if (name == StandardOutput)
        {
            file = new OutputFile(host.Output, "standard output", owned: false);
            return true;
        }
        try
        {
            if (Directory.Exists(name))
            {
                host.Fail($"{name}: is a folder and cannot be written as a file; name a file in it");
                return false;
            }
            if (Path.GetDirectoryName(Path.GetFullPath(name)) is { } folder) Directory.CreateDirectory(folder);
            file = new OutputFile(File.Create(name), name, owned: true);
            return true;
        }
        catch (Exception e) when (IsOfFile(e))
        {
            host.Fail($"{name}: cannot be written: {e.Message}; name a file that can");
            return false;
        }
    }

    /// <summary>Whether an exception is the file system's, and not a fault of this program.</summary>
    public static bool IsOfFile(Exception e) => e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException;

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_owned) Stream.Dispose();
        else Stream.Flush();
    }
}
