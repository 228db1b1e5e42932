using System.IO.Compression;
using Tocsin.Formats.Text;

namespace Tocsin.Formats.Events;

/// <summary>Opens events files by name: <c>.gz</c> is packed, <c>-</c> is standard output.</summary>
public static class EventFiles
{
    private const int FileBufferBytes = 1 << 16;

    /// <summary>Creates the file, over one that is there; the caller owns the stream.</summary>
    public static InputResult<Stream> Create(string path)
    {
        if (path == "-") return Console.OpenStandardOutput();
        try
        {
            var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, FileBufferBytes);
            return LineReader.IsPacked(path) ? new GZipStream(file, CompressionLevel.Fastest) : file;
        }
        catch (Exception e) when (InputError.IsOfInput(e))
        {
            return InputError.Of(path, e) with { Mend = "name a file that can be written" };
        }
    }
}
