using System.Diagnostics.CodeAnalysis;

namespace Tocsin.Formats.Cot;

/// <summary>How events are told apart: one a datagram on a mesh, a length before each in a stream (TAK protocol, generic framework).</summary>
public static class CotFraming
{
    /// <summary>The byte that a TAK protocol header begins with, and on a mesh ends with.</summary>
    public const byte Magic = 0xBF;

    /// <summary>The TAK protocol version that this program writes and reads.</summary>
    public const byte Version = 1;

    /// <summary>A datagram with a payload: <c>BF 01 BF</c> and the payload.</summary>
    public static byte[] Datagram(ReadOnlySpan<byte> payload) => [Magic, Version, Magic, .. payload];

    /// <summary>A frame of a stream: <c>BF</c>, the payload's length as a varint, and the payload.</summary>
    public static byte[] Frame(ReadOnlySpan<byte> payload)
    {
        Span<byte> header = stackalloc byte[CotLimits.FrameHeaderBytes];
        int count = 0;
        header[count++] = Magic;
        for (uint left = (uint)payload.Length; ; left >>= 7)
        {
            if (left < 0x80)
            {
                header[count++] = (byte)left;
                return [.. header[..count], .. payload];
            }
            header[count++] = (byte)(left | 0x80);
        }
    }

    /// <summary>Reads a datagram of a mesh: TAK protocol version 1, or XML.</summary>
    /// <param name="datagram">The whole datagram.</param>
    /// <param name="cot">The event; null where there is a problem, and where a good message holds none.</param>
    /// <param name="problem">Why there is no event; <see cref="CotProblem.None"/> where the message holds none.</param>
    public static bool TryReadDatagram(ReadOnlySpan<byte> datagram, [NotNullWhen(true)] out CotEvent? cot, out CotProblem problem)
    {
        if (datagram is [Magic, _, Magic, ..])
        {
            if (datagram[1] == Version) return CotProtobuf.TryRead(datagram[3..], out cot, out problem);
            (cot, problem) = (null, CotProblem.ProtocolVersion);
            return false;
        }
        if (datagram.StartsWith("<"u8) || datagram.StartsWith("\uFEFF"u8)) return CotXml.TryRead(datagram, out cot, out problem);
        (cot, problem) = (null, CotProblem.NotAnEvent);
        return false;
    }
}
