using System.Buffers.Binary;
using Google.Protobuf;
using Tocsin.Formats.Sapient.Wire;

namespace Tocsin.Formats.Sapient;

/// <summary>What taking a message from a stream gave.</summary>
public enum SapientRead
{
    /// <summary>A message.</summary>
    Message,
    /// <summary>No whole message yet.</summary>
    Incomplete,
    /// <summary>A message that cannot be read; the stream goes on behind it.</summary>
    Bad,
    /// <summary>The stream is lost: a length that cannot be one, or too many bad messages in a row. The connection must be closed.</summary>
    Lost,
}

/// <summary>Takes a stream of SAPIENT apart: four octets of length, the least significant first, then a <see cref="SapientMessage"/> (BSI Flex 335 v2).</summary>
/// <remarks>It is given octets as they come and never throws for what is in them. It keeps no more memory than octets have come, so a length
/// alone costs nothing. Not safe for two threads at once.</remarks>
public sealed class SapientReader
{
    private const int LeastBuffer = 4_096;
    private byte[] _buffer = [];
    private int _start, _end, _badInARow;
    private bool _lost;

    /// <summary>Messages read.</summary>
    public long Messages { get; private set; }

    /// <summary>Messages that could not be read.</summary>
    public long BadMessages { get; private set; }

    /// <summary>Messages passed over unread, because their receiver asked to.</summary>
    public long Skipped { get; private set; }

    /// <summary>Octets kept for a message that is not whole yet.</summary>
    public int Held => _end - _start;

    /// <summary>Adds octets to the stream.</summary>
    public void Add(ReadOnlySpan<byte> octets)
    {
        if (_lost || octets.IsEmpty) return;
        if (_buffer.Length - _end < octets.Length)
        {
            int held = Held;
            byte[] to = held + octets.Length <= _buffer.Length ? _buffer : new byte[Math.Max(LeastBuffer, 2 * (held + octets.Length))];
            _buffer.AsSpan(_start, held).CopyTo(to);
            (_buffer, _start, _end) = (to, 0, held);
        }
        octets.CopyTo(_buffer.AsSpan(_end));
        _end += octets.Length;
    }

    /// <summary>Takes the next message.</summary>
    /// <param name="message">The message; null for anything but <see cref="SapientRead.Message"/> (and null with it where it was passed over).</param>
    /// <param name="reason">Why a message is bad or the stream lost; empty for none.</param>
    /// <param name="skip">Passes the message over without reading it.</param>
    public SapientRead Next(out SapientMessage? message, out string reason, bool skip = false)
    {
        (message, reason) = (null, "");
        if (_lost)
        {
            reason = "the stream is lost";
            return SapientRead.Lost;
        }
        ReadOnlySpan<byte> held = _buffer.AsSpan(_start, Held);
        if (held.Length < SapientLimits.LengthOctets) return SapientRead.Incomplete;
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(held);
        if (length is 0 or > SapientLimits.MessageOctets)
        {
            BadMessages++;
            return Lose($"a message of {length} octets, of at most {SapientLimits.MessageOctets}: this is no SAPIENT, or the stream is lost", out reason);
        }
        if (held.Length - SapientLimits.LengthOctets < length) return SapientRead.Incomplete;
        int offset = _start + SapientLimits.LengthOctets;
        _start = offset + (int)length;
        if (skip)
        {
            Skipped++;
            return SapientRead.Message;
        }
        reason = TryParse(_buffer, offset, (int)length, out message);
        if (_start == _end) (_start, _end) = (0, 0);
        if (message is not null)
        {
            Messages++;
            _badInARow = 0;
            return SapientRead.Message;
        }
        BadMessages++;
        return ++_badInARow < SapientLimits.BadMessagesInARow ? SapientRead.Bad : Lose($"{reason}, {_badInARow} times in a row: the stream is lost", out reason);
    }

    /// <summary>Reads one message without its length.</summary>
    /// <returns>The message, or null and the reason.</returns>
    public static (SapientMessage? Message, string Reason) Parse(ReadOnlySpan<byte> octets)
    {
        byte[] framed = new byte[SapientLimits.LengthOctets + octets.Length];
        octets.CopyTo(framed.AsSpan(SapientLimits.LengthOctets));
        if (octets.Length is 0 or > SapientLimits.MessageOctets) return (null, $"a message of {octets.Length} octets");
        string reason = TryParse(framed, SapientLimits.LengthOctets, octets.Length, out SapientMessage? message);
        return (message, reason);
    }

    /// <summary>A message as it goes over the wire, its length in front.</summary>
    /// <exception cref="ArgumentException">It is longer than <see cref="SapientLimits.MessageOctets"/>.</exception>
    public static byte[] Frame(SapientMessage message)
    {
        int length = message.CalculateSize();
        if (length > SapientLimits.MessageOctets) throw new ArgumentException($"a message of {length} octets is too long", nameof(message));
        byte[] frame = new byte[SapientLimits.LengthOctets + length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, length);
        message.WriteTo(frame.AsSpan(SapientLimits.LengthOctets));
        return frame;
    }

    /// <summary>Reads a message with the limits of size and depth; an empty reason where there is one. The octets of its length are overwritten.</summary>
    private static string TryParse(byte[] octets, int offset, int length, out SapientMessage? message)
    {
        message = null;
        try
        {
            // Only as a message inside a stream does the library check that a message ends where it should, so the length is put
            // in front of it once more, in protobuf's own form: seven bits an octet, padded to the four that are there.
            for (int i = 0; i < SapientLimits.LengthOctets; i++)
                octets[offset - SapientLimits.LengthOctets + i] = (byte)(((length >> (7 * i)) & 0x7F) | (i < SapientLimits.LengthOctets - 1 ? 0x80 : 0));
            using var memory = new MemoryStream(octets, offset - SapientLimits.LengthOctets, SapientLimits.LengthOctets + length, writable: false);
            using var input = CodedInputStream.CreateWithLimits(memory, SapientLimits.MessageOctets + SapientLimits.LengthOctets, SapientLimits.Depth);
            var read = new SapientMessage();
            input.ReadMessage(read);
            message = read;
            return "";
        }
        catch (InvalidProtocolBufferException)
        {
            // The library's own words differ between its versions and say nothing that an operator could mend.
            return "a message that is no protobuf of SAPIENT, or nested too deep";
        }
    }

    private SapientRead Lose(string why, out string reason)
    {
        _lost = true;
        _buffer = [];
        _start = _end = 0;
        reason = why;
        return SapientRead.Lost;
    }
}
