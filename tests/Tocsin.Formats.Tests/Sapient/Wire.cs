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
    private readonly List<byte> _octets = [];

    public static byte[] Of(Action<Wire> write)
    {
        var wire = new Wire();
        write(wire);
        return [.. wire._octets];
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
        _octets.AddRange(octets);
    }

    public void Bytes(int field, byte[] value)
    {
        Raw(((ulong)field << 3) | 2);
        Raw((ulong)value.Length);
        _octets.AddRange(value);
    }

    public void Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

    public void In(int field, Action<Wire> write) => Bytes(field, Of(write));

    private void Raw(ulong value)
    {
        for (; value >= 0x80; value >>= 7) _octets.Add((byte)(value | 0x80));
        _octets.Add((byte)value);
    }
}

/// <summary>What protoc sees in a message by a schema of bare numbers, written down a second time from the published interface.</summary>
/// <remarks>A schema and not <c>--decode_raw</c>, which takes a text for a message where its octets happen to look like one.</remarks>
internal sealed class RawMessage
{
    private const string Schema = """
        syntax = "proto3";
        message M { T f1 = 1; string f2 = 2; string f3 = 3; R f4 = 4; Y f5 = 5; S f6 = 6; D f7 = 7; K f9 = 9; A f10 = 10; string f13 = 13; }
        message T { int64 f1 = 1; int32 f2 = 2; }
        message P { optional double f1 = 1; optional double f2 = 2; optional double f3 = 3; optional int32 f7 = 7; optional int32 f8 = 8; }
        message V { optional double f1 = 1; optional double f2 = 2; optional double f3 = 3; }
        message D { string f1 = 1; string f2 = 2; string f4 = 4; P f6 = 6; F f9 = 9; repeated I f10 = 10; repeated C f11 = 11; V f19 = 19; string f23 = 23; }
        message F { P f2 = 2; T f3 = 3; }
        message I { string f1 = 1; string f2 = 2; }
        message C { string f1 = 1; float f2 = 2; }
        message S { string f1 = 1; int32 f2 = 2; int32 f3 = 3; string f5 = 5; }
        message Y { optional bool f1 = 1; repeated string f3 = 3; }
        message K { string f1 = 1; int32 f2 = 2; repeated string f5 = 5; }
        message A { string f1 = 1; int32 f2 = 2; int32 f3 = 3; string f4 = 4; string f7 = 7; int32 f8 = 8; float f10 = 10; repeated N f12 = 12; string f13 = 13; }
        message N { string f2 = 2; string f3 = 3; }
        message R { repeated G f1 = 1; string f2 = 2; string f3 = 3; string f4 = 4; repeated Q f5 = 5; U f6 = 6; repeated O f7 = 7; repeated E f10 = 10; }
        message G { int32 f1 = 1; repeated string f2 = 2; }
        message Q { string f1 = 1; string f2 = 2; string f3 = 3; string f4 = 4; }
        message U { B f1 = 1; L f2 = 2; }
        message B { optional int32 f1 = 1; optional float f3 = 3; }
        message L { int32 f1 = 1; int32 f3 = 3; }
        message O { string f1 = 1; int32 f2 = 2; string f3 = 3; B f4 = 4; int32 f6 = 6; int32 f7 = 7; repeated W f10 = 10; X f11 = 11; }
        message W { L f1 = 1; repeated J f3 = 3; repeated H f4 = 4; Z f6 = 6; }
        message J { int32 f1 = 1; string f2 = 2; string f3 = 3; optional bool f4 = 4; }
        message H { int32 f1 = 1; repeated Q f3 = 3; }
        message Z { ZZ f4 = 4; int32 f6 = 6; }
        message ZZ { int32 f1 = 1; int32 f2 = 2; }
        message X { optional int32 f1 = 1; AA f2 = 2; }
        message AA { repeated int32 f1 = 1; repeated L f3 = 3; }
        message E { string f1 = 1; string f2 = 2; }
        """;

    private readonly List<(string Path, string Value)> _fields = [];

    /// <summary>Decodes a message; skips the test where protoc is not installed.</summary>
    public static RawMessage Decode(byte[] message)
    {
        string folder = Directory.CreateTempSubdirectory("tocsin-sapient-").FullName;
        string text;
        try
        {
            File.WriteAllText(Path.Combine(folder, "numbers.proto"), Schema);
            var start = new ProcessStartInfo("protoc", ["--decode=M", "-I", folder, "numbers.proto"])
            {
                UseShellExecute = false,
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            using Process process = Process.Start(start)!;
            process.StandardInput.BaseStream.Write(message);
            process.StandardInput.Close();
            text = process.StandardOutput.ReadToEnd();
            string errors = process.StandardError.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, errors);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip("protoc is not installed");
            throw;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
        var raw = new RawMessage();
        List<string> path = [];
        foreach (string line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            if (line == "}")
            {
                path.RemoveAt(path.Count - 1);
                continue;
            }
            // A bare number is a field that the schema does not know.
            Assert.StartsWith("f", line, StringComparison.Ordinal);
            if (line.EndsWith(" {", StringComparison.Ordinal)) path.Add(line[1..^2]);
            else raw._fields.Add((string.Join('/', [.. path, line[1..line.IndexOf(':')]]), line[(line.IndexOf(':') + 1)..].Trim()));
        }
        return raw;
    }

    public string[] All(string path) => [.. _fields.Where(f => f.Path == path).Select(f => f.Value.Trim('"'))];

    public string Text(string path) => Assert.Single(All(path));

    public long Number(string path) => Text(path) switch
    {
        "true" => 1,
        "false" => 0,
        string number => long.Parse(number, CultureInfo.InvariantCulture),
    };

    public double Double(string path) => double.Parse(Text(path), CultureInfo.InvariantCulture);

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
