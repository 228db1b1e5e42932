using System.Buffers.Binary;
using System.IO.Compression;
using System.Reflection;
using Tocsin.Formats.GeoJson;

namespace Tocsin.Formats.Events;

/// <summary>What the first line of an events file says of the whole of it.</summary>
/// <param name="Site">The site.</param>
/// <param name="Status">What its input was: actual, exercise or test.</param>
/// <param name="Seed">The seed of a simulation; null for anything else.</param>
/// <param name="Product">The program that wrote it, with its version.</param>
public sealed record RecordingHeader(SiteFile Site, OperationStatus Status, long? Seed, string Product)
{
    /// <summary>The header of what this program records now.</summary>
    public RecordingHeader(SiteFile site, OperationStatus status, long? seed = null)
        : this(site, status, seed, ThisProduct)
    {
    }

    /// <summary>Whether a live server wrote it: then the <c>time</c> of each line is the server's clock, and a replay goes by that.</summary>
    public bool Live { get; init; }

    /// <summary>The Site's state where the recording begins; empty where it begins with a Site that has seen nothing.</summary>
    /// <remarks>So each of the files that a live server writes one after another can be replayed by itself.</remarks>
    public ReadOnlyMemory<byte> State { get; init; }

    /// <summary>The Site's clock where the recording begins; known for live ones.</summary>
    public Instant Opened { get; init; } = Instant.MinValue;

    /// <summary>The schema that this program writes and reads.</summary>
    public const string Schema = "tocsin.events/1";

    // The longest piece that keeps a block of RFC 1951, section 3.2.4, a multiple of three bytes, which base64 needs to go on without padding.
    private const int PieceBytes = 65_530, BlockHeadBytes = 5;

    /// <summary>Writes a state as text: as a deflate stream of stored blocks (RFC 1951, section 3.2.4), in base64.</summary>
    /// <remarks>Not compressed: a live server begins a file between two plots, and packs the whole of it later. So the bytes do not hang on a compressor's version either.</remarks>
    internal static void Pack(ReadOnlySpan<byte> state, JsonLineBuffer to)
    {
        Span<byte> block = new byte[BlockHeadBytes + PieceBytes];
        to.Reserve();
        to.Raw("\""u8);
        do
        {
            ReadOnlySpan<byte> piece = state[..Math.Min(PieceBytes, state.Length)];
            state = state[piece.Length..];
            block[0] = state.IsEmpty ? (byte)1 : (byte)0;
            BinaryPrimitives.WriteUInt16LittleEndian(block[1..], (ushort)piece.Length);
            BinaryPrimitives.WriteUInt16LittleEndian(block[3..], (ushort)~piece.Length);
            piece.CopyTo(block[BlockHeadBytes..]);
            to.Base64(block[..(BlockHeadBytes + piece.Length)]);
        }
        while (!state.IsEmpty);
        to.Reserve();
        to.Raw("\""u8);
    }

    /// <summary>The state in a text; null where it is none, or larger than <see cref="FormatLimits.StateBytes"/>.</summary>
    internal static byte[]? Unpack(string text)
    {
        try
        {
            using var deflate = new DeflateStream(new MemoryStream(Convert.FromBase64String(text)), CompressionMode.Decompress);
            byte[] bytes = new byte[FormatLimits.StateBytes + 1];
            int count = deflate.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return count > FormatLimits.StateBytes ? null : bytes[..count];
        }
        catch (Exception e) when (e is FormatException or InvalidDataException)
        {
            return null;
        }
    }

    /// <summary>This program with its version: <c>tocsin 0.1.0</c>.</summary>
    public static string ThisProduct { get; } = "tocsin " +
        (typeof(RecordingHeader).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0");
}
