using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Google.Protobuf.WellKnownTypes;

namespace Tocsin.Formats.Sapient;

/// <summary>The identifiers of SAPIENT: UUIDs for nodes, ULIDs for all else; made from names so that they stay the same after a restart.</summary>
public static class SapientIds
{
    private const string Crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private const int UlidCharacters = 26;

    /// <summary>The UUID of a node called <paramref name="name"/>: of version 4 in form, as receivers check, and a hash of the name in fact.</summary>
    public static string Node(string name)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes("tocsin node " + name), hash);
        hash[6] = (byte)((hash[6] & 0x0F) | 0x40);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true).ToString("D");
    }

    /// <summary>The ULID of a thing that has an identity: always the same for the same words. Its time is 0, as an identity has none.</summary>
    public static string Of(string kind, string identity) => Ulid(0, $"{kind} {identity}");

    /// <summary>The ULID of one message: its time, and a hash of what makes it different from others of that time.</summary>
    public static string Message(Instant time, string what) => Ulid(Math.Max(0, time.Ticks / (Instant.TicksPerSecond / 1_000)), what);

    /// <summary>Whether a text is a ULID as receivers check it.</summary>
    public static bool IsUlid(string text) => text.Length == UlidCharacters && text[0] <= '7' && text.All(c => Crockford.Contains(c, StringComparison.Ordinal));

    /// <summary>An instant in protobuf's form; out of its range, the nearest end of it.</summary>
    public static Timestamp Time(Instant time)
    {
        long ticks = Math.Clamp(time.Ticks, DateTime.MinValue.Ticks - DateTime.UnixEpoch.Ticks, DateTime.MaxValue.Ticks - DateTime.UnixEpoch.Ticks);
        long seconds = Math.DivRem(ticks, Instant.TicksPerSecond, out long rest);
        if (rest < 0) (seconds, rest) = (seconds - 1, rest + Instant.TicksPerSecond);
        return new Timestamp { Seconds = seconds, Nanos = (int)rest * 100 };
    }

    /// <summary>The instant of a protobuf time; null where it is no time.</summary>
    public static Instant? Time(Timestamp? time)
    {
        const long Least = -62_135_596_800, Most = 253_402_300_799;
        if (time is null || time.Seconds is < Least or > Most || time.Nanos is < 0 or > 999_999_999) return null;
        return new(time.Seconds * Instant.TicksPerSecond + time.Nanos / 100);
    }

    private static string Ulid(long milliseconds, string what)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes("tocsin " + what), hash);
        return string.Create(UlidCharacters, (milliseconds, new UInt128(BinaryPrimitives.ReadUInt64BigEndian(hash), BinaryPrimitives.ReadUInt64BigEndian(hash[8..]))), static (to, from) =>
        {
            for (int i = 0; i < 10; i++) to[i] = Crockford[(int)((from.milliseconds >> (5 * (9 - i))) & 31)];
            for (int i = 0; i < 16; i++) to[10 + i] = Crockford[(int)((from.Item2 >> (5 * i)) & 31)];
        });
    }
}

/// <summary>Makes foreign text fit to be shown: short, and without characters that could steer a terminal or break a line.</summary>
public static class SapientText
{
    /// <summary>The text as it may be shown.</summary>
    public static string Shown(string? text)
    {
        if (string.IsNullOrEmpty(text)) return "(none)";
        string cut = text.Length <= SapientLimits.ShownCharacters ? text : text[..SapientLimits.ShownCharacters] + "…";
        return InputError.OneLine(cut);
    }
}
