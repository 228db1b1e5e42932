using System.Security.Cryptography;
using System.Text.Json;
using Tocsin.Formats.Text;

namespace Tocsin.Formats.Events;

/// <summary>What a recording's seal says of it now.</summary>
public enum SealState
{
    /// <summary>The lines are those that were sealed.</summary>
    Intact,
    /// <summary>There is no seal: the recording was cut short or is still being written.</summary>
    Missing,
    /// <summary>The lines are not those that were sealed.</summary>
    Broken,
}

/// <summary>What checking a recording's seal gave.</summary>
/// <param name="State">Whether it holds.</param>
/// <param name="Lines">Lines before the seal; all lines where it is missing.</param>
/// <param name="Sha256">The hash of those lines as they are now, lower-case hexadecimal.</param>
/// <param name="Previous">The seal of the recording that this one goes on from; null for none.</param>
/// <param name="Detail">One sentence for a person.</param>
public sealed record SealCheck(SealState State, long Lines, string Sha256, string? Previous, string Detail);

/// <summary>Checks the line that seals a recording against the lines before it.</summary>
/// <remarks>It shows damage and careless change. It is no signature: whoever can rewrite the file can seal it anew, unless the seal was kept elsewhere.</remarks>
public static class RecordingSeal
{
    /// <summary>Checks a file; an error where it cannot be read.</summary>
    public static InputResult<SealCheck> Verify(string path)
    {
        try
        {
            using Stream stream = LineReader.OpenFile(path);
            return Verify(stream, path);
        }
        catch (Exception e) when (InputError.IsOfInput(e))
        {
            return InputError.Of(path, e);
        }
    }

    /// <summary>Checks a stream of unpacked lines.</summary>
    public static InputResult<SealCheck> Verify(Stream stream, string name)
    {
        using var lines = new LineReader(stream, FormatLimits.EventLineBytes, raw: true);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        long count = 0;
        while (true)
        {
            LineStatus status = lines.Next(out ReadOnlySpan<byte> line);
            if (status == LineStatus.Failed) return new InputError(name, $"line {lines.LineNumber + 1}", lines.Failure, "");
            if (status == LineStatus.TooLong) return new InputError(name, $"line {lines.LineNumber}", "the line is too long", "");
            bool isSeal = status == LineStatus.Line && EventTypes.Of(line) == EventType.RecordingSealed;
            if (isSeal || status == LineStatus.End)
            {
                string now = Convert.ToHexStringLower(hash.GetCurrentHash());
                return isSeal
                    ? Judge(line.ToArray(), lines.LineWasEnded && lines.Next(out _) == LineStatus.End, count, now)
                    : new SealCheck(SealState.Missing, count, now, null, "it has no seal: it was cut short or is still being written");
            }
            hash.AppendData(line);
            if (lines.LineWasEnded) hash.AppendData("\n"u8);
            count++;
        }
    }

    private static SealCheck Judge(ReadOnlySpan<byte> line, bool isLast, long count, string now)
    {
        SealedLine? sealedLine = null;
        try
        {
            sealedLine = JsonSerializer.Deserialize(line, EventJson.Default.SealedLine);
        }
        catch (JsonException)
        {
            // Told below.
        }
        if (sealedLine is null) return new SealCheck(SealState.Broken, count, now, null, $"line {count + 1}: the seal cannot be read");
        string? previous = sealedLine.Previous;
        if (!isLast) return new SealCheck(SealState.Broken, count, now, previous, $"line {count + 1}: the seal is not the last whole line");
        if (sealedLine.Lines != count)
            return new SealCheck(SealState.Broken, count, now, previous, $"{count} lines where {sealedLine.Lines} were sealed");
        return sealedLine.Sha256 == now
            ? new SealCheck(SealState.Intact, count, now, previous, $"{count} lines as they were sealed")
            : new SealCheck(SealState.Broken, count, now, previous, "the lines are not those that were sealed");
    }
}
