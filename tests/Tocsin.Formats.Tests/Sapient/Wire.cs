using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace Tocsin.Formats.Tests.Sapient;

/// <summary>A second, tiny writer of protobuf, for tests: field numbers are given by hand from the published interface, and nothing is
/// shared with the generated code.</summary>
internal sealed class Wire
{
    private readonly MemoryStream _octets = new();

    public static byte[] Of(Action<Wire> write)
    {
        var wire = new Wire();
        write(wire);
        return wire._octets.ToArray();
    }

    public static byte[] Frame(byte[] message)
    {
        byte[] frame = new byte[4 + message.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, message.Length);
        message.CopyTo(frame, 4);
        return frame;
    }

    public void Varint(int field, ulong value)
    {
        Raw((ulong)field << 3);
        Raw(value);
    }

    public void Double(int field, double value)
    {
        Raw(((ulong)field << 3) | 1);
        Span<byte> octets = stackalloc byte[8];
        BinaryPrimitives.WriteDoubleLittleEndian(octets, value);
        _octets.Write(octets);
    }

    public void Bytes(int field, byte[] value)
    {
        Raw(((ulong)field << 3) | 2);
        Raw((ulong)value.Length);
        _octets.Write(value);
    }

    public void Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public void In(int field, Action<Wire> write) => Bytes(field, Of(write));

    private void Raw(ulong value)
    {
        for (; value >= 0x80; value >>= 7) _octets.WriteByte((byte)(value | 0x80));
        _octets.WriteByte((byte)value);
    }
}

/// <summary>What <c>protoc --decode_raw</c>, which knows no interface at all, sees in a message.</summary>
internal sealed class RawMessage
{
    private readonly List<(string Path, string Value)> _fields = [];

    /// <summary>Decodes a message; skips the test where protoc is not installed.</summary>
    public static RawMessage Decode(byte[] message)
    {
        var start = new ProcessStartInfo("protoc", "--decode_raw") { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        string text;
        try
        {
            using Process process = Process.Start(start)!;
            process.StandardInput.BaseStream.Write(message);
            process.StandardInput.Close();
            text = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.Equal(0, process.ExitCode);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("protoc is not installed");
            throw;
        }
        var raw = new RawMessage();
        List<string> path = [];
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (line == "}") path.RemoveAt(path.Count - 1);
            else if (line.EndsWith('{')) path.Add(line[..^1].Trim());
            else raw._fields.Add((string.Join('/', [.. path, line[..line.IndexOf(':')]]), line[(line.IndexOf(':') + 1)..].Trim()));
        }
        return raw;
    }

    public string[] All(string path) => [.. _fields.Where(f => f.Path == path).Select(f => f.Value.Trim('"'))];

    public string Text(string path) => Assert.Single(All(path));

    public long Number(string path) => long.Parse(Text(path), CultureInfo.InvariantCulture);

    public double Double(string path) => BitConverter.Int64BitsToDouble(Convert.ToInt64(Text(path)[2..], 16));

    public double Single(string path) => BitConverter.Int32BitsToSingle(Convert.ToInt32(Text(path)[2..], 16));

    public bool Has(string path) => _fields.Any(f => f.Path == path || f.Path.StartsWith(path + "/", StringComparison.Ordinal));
}

/// <summary>The forms in which receivers check identifiers.</summary>
internal static partial class IdForms
{
    [GeneratedRegex("^[0-7][0-9A-HJKMNP-TV-Z]{25}$", RegexOptions.None, 1000)]
    public static partial Regex Ulid();

    [GeneratedRegex("^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$", RegexOptions.None, 1000)]
    public static partial Regex Uuid();
}
