using System.IO.Compression;

namespace Tocsin.Cli;

/// <summary>Opens the files that a command writes; <c>-</c> is standard output, and <c>.gz</c> is packed.</summary>
internal static class OutputFile
{
    /// <summary>The name that means standard output.</summary>
    public const string StandardOutput = "-";

    /// <summary>Opens a file, over one that is there, and makes its folder.</summary>
    /// <exception cref="UnusableException">It cannot be written.</exception>
    public static Stream Open(string name, Host host)
    {
        if (name == StandardOutput) return host.OpenOutput();
        if (Directory.Exists(name)) throw new UnusableException($"{name}: is a folder and cannot be written as a file; name a file in it");
        try
        {
            if (Path.GetDirectoryName(Path.GetFullPath(name)) is { } folder) Directory.CreateDirectory(folder);
            Stream file = new FileStream(name, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 16);
            return name.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionLevel.Fastest) : file;
        }
        catch (Exception e) when (IsOfFile(e))
        {
            throw new UnusableException($"{name}: cannot be written: {e.Message}; name a file that can");
        }
    }

    /// <summary>Writes a text to a file at once.</summary>
    /// <exception cref="UnusableException">It cannot be written.</exception>
    public static void WriteText(string name, string text, Host host)
    {
        using var writer = new StreamWriter(Open(name, host));
        writer.Write(text);
    }

    /// <summary>Whether an exception is the file system's, and not a fault of this program.</summary>
    public static bool IsOfFile(Exception e) => e is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException;
}

/// <summary>Ends a command from within: its message is the one line that says which file cannot be used, and the mend.</summary>
internal sealed class UnusableException(string message, int status = Host.Unusable) : Exception(message)
{
    /// <summary>The exit status.</summary>
    public int Status { get; } = status;
}
