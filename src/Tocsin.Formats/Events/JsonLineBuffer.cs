using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Tocsin.Formats.Text;

namespace Tocsin.Formats.Events;

/// <summary>Collects lines of JSON as UTF-8, hands them to a stream in large pieces, and keeps the hash of all that went through.</summary>
/// <remarks>Written by hand and not with <see cref="Utf8JsonWriter"/>: a track's line is twenty numbers with few decimals each, and fixed point
/// through an integer is several times quicker than the shortest text of a double, shorter in the file, and stable when it is read
/// and written again. No number that is not finite gets through: it is written as null.</remarks>
internal sealed class JsonLineBuffer : IDisposable
{
    private const int BufferBytes = 1 << 16;
    // Below this, value * 10^decimals is off by less than a quarter, so that reading and writing again gives the same digits.
    private const double FixedLimit = 1e15;
    private const int QuotesBytes = 2;
    private static readonly SearchValues<char> s_escaped = SearchValues.Create("\"\\\0\u0001\u0002\u0003\u0004\u0005\u0006\a\b\t\n\v\f\r\u000e\u000f\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f\u007f");

    private readonly Stream _stream;
    private readonly IncrementalHash? _hash;
    private byte[] _bytes = new byte[BufferBytes];
    private int _count;

    /// <summary>Makes a buffer before a stream; without a hash where somebody else keeps that.</summary>
    public JsonLineBuffer(Stream stream, bool hashed) => (_stream, _hash) = (stream, hashed ? IncrementalHash.CreateHash(HashAlgorithmName.SHA256) : null);

    /// <summary>Whether the stream refused what it was handed last.</summary>
    public bool StreamFailed { get; private set; }

    /// <summary>Room that a line needs beside its texts of any length: more than all names, numbers and instants of the longest.</summary>
    public const int LineBytes = 2_048;

    /// <summary>Makes room for a line's members, so that they need not ask one by one.</summary>
    public void Reserve(int bytes = LineBytes)
    {
        if (_bytes.Length - _count >= bytes) return;
        Drain();
        if (_bytes.Length < bytes) _bytes = new byte[bytes];
    }

    /// <summary>Bytes that are JSON already; room must have been reserved.</summary>
    public void Raw(ReadOnlySpan<byte> json)
    {
        json.CopyTo(_bytes.AsSpan(_count));
        _count += json.Length;
    }

    /// <summary>JSON of any length; makes room for itself and for a line's members after it.</summary>
    public void Long(ReadOnlySpan<byte> json)
    {
        Reserve(json.Length + LineBytes);
        Raw(json);
    }

    /// <summary>Bytes in base64, without quotes; makes room as <see cref="Long"/> does.</summary>
    public void Base64(ReadOnlySpan<byte> bytes)
    {
        Reserve(System.Buffers.Text.Base64.GetMaxEncodedToUtf8Length(bytes.Length) + LineBytes);
        System.Buffers.Text.Base64.EncodeToUtf8(bytes, _bytes.AsSpan(_count), out _, out int written);
        _count += written;
    }

    public void Integer(long value)
    {
        value.TryFormat(_bytes.AsSpan(_count), out int written, default, CultureInfo.InvariantCulture);
        _count += written;
    }

    /// <summary>A count of 10^-<paramref name="decimals"/>, without zeros at its end.</summary>
    public void Steps(long count, int decimals)
    {
        ulong magnitude = (ulong)count;
        if (count < 0)
        {
            _bytes[_count++] = (byte)'-';
            magnitude = 0 - magnitude;
        }
        (ulong whole, ulong fraction) = Math.DivRem(magnitude, (ulong)NumberText.PowerOfTen(decimals));
        whole.TryFormat(_bytes.AsSpan(_count), out int written, default, CultureInfo.InvariantCulture);
        _count += written;
        if (fraction == 0) return;
        for (; fraction % 10 == 0; fraction /= 10) decimals--;
        _bytes[_count] = (byte)'.';
        for (int i = _count + decimals; i > _count; i--, fraction /= 10) _bytes[i] = (byte)('0' + fraction % 10);
        _count += decimals + 1;
    }

    /// <summary>A number to a fixed count of decimals; null where it is not finite.</summary>
    public void Fixed(double value, int decimals)
    {
        double scaled = value * NumberText.PowerOfTen(decimals);
        if (Math.Abs(scaled) < FixedLimit) Steps((long)Math.Round(scaled), decimals);
        else Shortest(value);
    }

    /// <summary>A number that comes back bit for bit when it is read; null where it is not finite.</summary>
    public void Shortest(double value)
    {
        // Most measurements have few decimals: the integer that gives the same double back names it as exactly as the general way, and sooner.
        for (int decimals = 0; decimals <= 4; decimals += 2)
        {
            double scaled = Math.Round(value * NumberText.PowerOfTen(decimals));
            if (!(Math.Abs(scaled) < FixedLimit)) break;
            if (scaled / NumberText.PowerOfTen(decimals) != value || value == 0) continue;
            Steps((long)scaled, decimals);
            return;
        }
        if (!double.IsFinite(value))
        {
            Raw("null"u8);
            return;
        }
        value.TryFormat(_bytes.AsSpan(_count), out int written, default, CultureInfo.InvariantCulture);
        _count += written;
    }

    public void Time(Instant instant)
    {
        _bytes[_count++] = (byte)'"';
        _count += InstantText.Write(_bytes.AsSpan(_count), instant);
        _bytes[_count++] = (byte)'"';
    }

    /// <summary>A string with its quotes; makes room as <see cref="Long"/> does.</summary>
    public void Text(string text)
    {
        Reserve(text.Length + QuotesBytes + LineBytes);
        if (!text.AsSpan().ContainsAny(s_escaped) && Ascii.IsValid(text))
        {
            _bytes[_count++] = (byte)'"';
            _count += Encoding.ASCII.GetBytes(text, _bytes.AsSpan(_count));
            _bytes[_count++] = (byte)'"';
        }
        else Long(Quoted(text));
    }

    /// <summary>The JSON of a string, with its quotes.</summary>
    public static byte[] Quoted(string text) =>
        [(byte)'"', .. JsonEncodedText.Encode(text, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes, (byte)'"'];

    /// <summary>Hands everything to the stream.</summary>
    public void Drain()
    {
        if (_count == 0) return;
        Through(_bytes.AsSpan(0, _count));
        _count = 0;
    }

    /// <summary>Hands over what another buffer has given, after everything before it.</summary>
    public void Lines(ReadOnlySpan<byte> lines)
    {
        Drain();
        Through(lines);
    }

    private void Through(ReadOnlySpan<byte> bytes)
    {
        _hash?.AppendData(bytes);
        StreamFailed = true;
        _stream.Write(bytes);
        StreamFailed = false;
    }

    /// <summary>SHA-256 of everything so far, lower-case hexadecimal.</summary>
    public string HashSoFar()
    {
        Drain();
        return Convert.ToHexStringLower((_hash ?? throw new InvalidOperationException("no hash is kept here")).GetCurrentHash());
    }

    public void Dispose() => _hash?.Dispose();
}
