using System.IO.Compression;
using System.Text.Json;
using Tocsin.Geodesy;
using Tocsin.Simulation.Scenarios;

namespace Tocsin.Simulation;

/// <summary>Writes and reads truth as JSON Lines; through gzip where the file's name ends in <c>.gz</c>.</summary>
/// <remarks>Rounds are <c>truth.round</c> and <c>truth.state</c> lines. What is no round is a <c>truth.object</c> line
/// (<c>object</c>, <c>kind</c>, <c>cause</c>) and <c>truth.objectState</c> lines (as <c>truth.state</c>, <c>object</c> in place of <c>round</c>).
/// A round that a simulated defence neutralised has no impact; its line has <c>neutralisedTime</c>, <c>neutralisedBy</c>, and the
/// <c>avertedImpactTime</c> and <c>avertedImpact</c> that it would have had.
/// An impact has no height in the file: read back, it lies on the ellipsoid, and the site says where its ground is.
/// Longitudes and latitudes are written to 1e-9 degrees (0.1 mm), heights to 1 mm, velocities to 0.1 mm/s.</remarks>
public static class TruthFile
{
    /// <summary>The longest line that is read, in bytes; a real one has about 200.</summary>
    public const int MaxLineBytes = 65_536;

    /// <summary>What the first line, of type <c>truth.opened</c>, says of the make of the others. Files without it are read too.</summary>
    public const string Schema = "tocsin.truth/1";

    internal const string OpenedType = "truth.opened";

    private const int AngleDigits = 9, HeightDigits = 3, VelocityDigits = 4;

    /// <summary>Writes <paramref name="truth"/> to the file at <paramref name="path"/>.</summary>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public static void Write(string path, Truth truth)
    {
        using FileStream file = File.Create(path);
        if (!IsCompressed(path))
        {
            Write(file, truth);
            return;
        }
        using var gzip = new GZipStream(file, CompressionLevel.Optimal);
        Write(gzip, truth);
    }

    /// <summary>Writes <paramref name="truth"/> as lines of UTF-8: rounds and objects, then their states in the order of time.</summary>
    public static void Write(Stream stream, Truth truth)
    {
        using var buffered = new BufferedStream(stream, 65_536);
        using var json = new Utf8JsonWriter(buffered);
        // A night with nothing in the air has a truth too, and its file is not an empty one.
        Begin(json, OpenedType);
        json.WriteString("schema", Schema);
        End(json, buffered);
        foreach (TruthRound round in truth.Rounds)
        {
            Begin(json, "truth.round");
            json.WriteString("round", round.Id);
            json.WriteString("kind", KindName(round.Kind));
            json.WriteString("launchTime", round.LaunchTime.ToString());
            if (round.ImpactTime is { } time) json.WriteString("impactTime", time.ToString());
            else json.WriteNull("impactTime");
            if (round.Impact is { } impact) WriteNumbers(json, "impact", [Angle(impact.LongitudeRad), Angle(impact.LatitudeRad)]);
            else json.WriteNull("impact");
            if (round.Neutralised is { } end)
            {
                json.WriteString("neutralisedTime", end.Time.ToString());
                json.WriteString("neutralisedBy", end.By);
                json.WriteString("avertedImpactTime", end.AvertedImpactTime.ToString());
                WriteNumbers(json, "avertedImpact", [Angle(end.AvertedImpact.LongitudeRad), Angle(end.AvertedImpact.LatitudeRad)]);
            }
            End(json, buffered);
        }
        foreach (TruthObject other in truth.Others)
        {
            Begin(json, "truth.object");
            json.WriteString("object", other.Id);
            json.WriteString("kind", KindName(other.Kind));
            json.WriteString("cause", CauseName(other.Cause));
            End(json, buffered);
        }
        foreach (TruthState s in truth.States)
            WriteState(json, buffered, "truth.state", "round", truth.Rounds[s.Round].Id, s.Time, s.Position, s.VelocityMps, s.Visible);
        foreach (TruthObjectState s in truth.OtherStates)
            WriteState(json, buffered, "truth.objectState", "object", truth.Others[s.Object].Id, s.Time, s.Position, s.VelocityMps, s.Visible);
        json.Flush();
        buffered.Flush();
    }

    /// <summary>Reads the truth file at <paramref name="path"/>.</summary>
    public static Loaded<Truth> Read(string path)
    {
        try
        {
            if (!File.Exists(path)) return Loaded<Truth>.Failed($"{path}: no such file; write one with 'tocsin run SCENARIO --truth FILE'");
            using FileStream file = File.OpenRead(path);
            if (!IsCompressed(path)) return Read(file, path);
            using var gzip = new GZipStream(file, CompressionMode.Decompress);
            return Read(gzip, path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            return Loaded<Truth>.Failed($"{path}: cannot be read: {e.Message}");
        }
    }

    /// <summary>Reads truth lines. Lines of other types are passed over; a line that is not what it should be ends the reading.</summary>
    /// <param name="stream">UTF-8 lines.</param>
    /// <param name="name">What problems call it.</param>
    public static Loaded<Truth> Read(Stream stream, string name)
    {
        using var lines = new StreamReader(stream, leaveOpen: true);
        var reader = new TruthLines();
        int number = 0;
        while (lines.ReadLine() is { } line)
        {
            number++;
            if (string.IsNullOrWhiteSpace(line)) continue;
            string? problem = line.Length > MaxLineBytes ? $"is longer than {MaxLineBytes} bytes" : reader.Take(line, number);
            if (problem is not null) return Loaded<Truth>.Failed($"{name} line {number}: {problem}");
        }
        if (!reader.SawTruth) return Loaded<Truth>.Failed($"{name}: holds no truth line; a truth file has lines of type truth.round");
        return reader.Orphan() is { } orphan ? Loaded<Truth>.Failed($"{name} {orphan}") : Loaded<Truth>.Of(reader.ToTruth());
    }

    internal static string KindName(Kind kind) => JsonNamingPolicy.CamelCase.ConvertName(kind.ToString());

    internal static string CauseName(TruthCause cause) => JsonNamingPolicy.CamelCase.ConvertName(cause.ToString());

    private static bool IsCompressed(string path) => path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);

    private static void WriteState(Utf8JsonWriter json, Stream stream, string type, string member, string id, Instant time,
        in Geodetic position, in Enu velocityMps, bool visible)
    {
        Begin(json, type);
        json.WriteString("time", time.ToString());
        json.WriteString(member, id);
        WriteNumbers(json, "position", [Angle(position.LongitudeRad), Angle(position.LatitudeRad), Math.Round(position.HeightM, HeightDigits)]);
        WriteNumbers(json, "velocity", [Velocity(velocityMps.East), Velocity(velocityMps.North), Velocity(velocityMps.Up)]);
        json.WriteBoolean("visible", visible);
        End(json, stream);
    }

    private static void Begin(Utf8JsonWriter json, string type)
    {
        json.WriteStartObject();
        json.WriteString("type", type);
    }

    private static void End(Utf8JsonWriter json, Stream stream)
    {
        json.WriteEndObject();
        json.Flush();
        stream.WriteByte((byte)'\n');
        json.Reset();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, ReadOnlySpan<double> values)
    {
        json.WriteStartArray(name);
        // Adding 0 turns a negative zero, which rounding makes, into zero.
        foreach (double value in values) json.WriteNumberValue(value + 0.0);
        json.WriteEndArray();
    }

    private static double Angle(double rad) => Math.Round(Degrees.FromRad(rad), AngleDigits);

    private static double Velocity(double mps) => Math.Round(mps, VelocityDigits);
}
