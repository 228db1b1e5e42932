using System.Text.Json;
using System.Text.Json.Serialization;

namespace Tocsin.Formats.Inspect;

/// <summary>How to inspect a file.</summary>
public sealed record InspectOptions
{
    /// <summary>How many records are written out.</summary>
    public int Limit { get; init; } = 5;

    /// <summary>The date (UTC) of the first message of a file without times of capture; null where it is not known.</summary>
    public DateOnly? Date { get; init; }
}

/// <summary>Something of which there were several, with a count.</summary>
/// <param name="Reason">What it was.</param>
/// <param name="Count">How often.</param>
/// <param name="FirstOffset">Byte offset of the first in a binary file, line number in a text.</param>
/// <param name="Octets">How many octets it spoilt; 0 where that means nothing.</param>
public sealed record InspectProblem(string Reason, long Count, long FirstOffset, long Octets);

/// <summary>Records of one sender.</summary>
/// <param name="Sac">System area code.</param>
/// <param name="Sic">System identification code.</param>
/// <param name="Category">Category, three digits.</param>
/// <param name="Records">Well-formed records.</param>
public sealed record InspectSource(int Sac, int Sic, string Category, long Records);

/// <summary>What a capture, a plot file or an events file holds: what <c>tocsin inspect</c> prints.</summary>
/// <remarks>Members that mean nothing for a kind of file are null and absent from the JSON.</remarks>
public sealed record InspectReport
{
    /// <summary>The file's name.</summary>
    public required string File { get; init; }

    /// <summary>Its kind: pcap, pcapng, asterix, plots, events, json.</summary>
    public required string Kind { get; init; }

    /// <summary>Its size in octets, as it is on the disk.</summary>
    public required long Bytes { get; init; }

    /// <summary>UDP datagrams of a capture.</summary>
    public long? Datagrams { get; init; }

    /// <summary>UDP datagrams that hold no ASTERIX.</summary>
    public long? OtherDatagrams { get; init; }

    /// <summary>Well-formed records by category, three digits each.</summary>
    public IReadOnlyDictionary<string, long>? Categories { get; init; }

    /// <summary>Categories whose number in <see cref="Categories"/> counts data blocks, because no table splits them into records.</summary>
    public IReadOnlyList<string>? BlocksOnly { get; init; }

    /// <summary>Records by sender.</summary>
    public IReadOnlyList<InspectSource>? Sources { get; init; }

    /// <summary>How many records have each item, by category and item.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, long>>? Items { get; init; }

    /// <summary>Lines of a text file, its header left out.</summary>
    public long? Lines { get; init; }

    /// <summary>Lines of an events file by type.</summary>
    public IReadOnlyDictionary<string, long>? Types { get; init; }

    /// <summary>Lines of a plot file by sensor.</summary>
    public IReadOnlyDictionary<string, long>? Sensors { get; init; }

    /// <summary>The earliest time: an instant, or a time of day where the date is not known.</summary>
    public string? FirstTime { get; init; }

    /// <summary>The latest time.</summary>
    public string? LastTime { get; init; }

    /// <summary>What could not be read, in the order in which it first came.</summary>
    public IReadOnlyList<InspectProblem> Problems { get; init; } = [];

    /// <summary>The first records, written out for a person, one line each entry; not in the JSON.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Records { get; init; } = [];

    /// <summary>Inspects a file.</summary>
    /// <returns>The report, or why the file cannot be used.</returns>
    public static InputResult<InspectReport> Run(string path, InspectOptions options)
    {
        FileKind kind = FileKinds.Detect(path, out InputError? error);
        return kind switch
        {
            _ when error is not null => error,
            FileKind.Pcap or FileKind.Pcapng or FileKind.Asterix => CaptureInspection.Run(path, kind, options),
            FileKind.Plots or FileKind.Events => TextInspection.Run(path, kind, options),
            FileKind.Json => new InputError(path, "line 1", "this is one JSON document: a site or a scenario, with nothing to count", "give a capture, a plot file or an events file"),
            _ => new InputError(path, "byte 0", "its contents are not recognised", "give a capture (pcap, pcapng, ASTERIX), a plot file (CSV) or an events file"),
        };
    }

    /// <summary>The report as one JSON object on one line.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, InspectJson.Default.InspectReport);

    /// <summary>The report as lines of plain text.</summary>
    public IEnumerable<string> ToLines()
    {
        yield return $"{File}: {Kind}, {Bytes} bytes";
        if (FirstTime is not null) yield return $"  from {FirstTime} to {LastTime}";
        foreach (string line in Records) yield return line;
        if (Datagrams is not null) yield return $"UDP datagrams {Datagrams}, without ASTERIX {OtherDatagrams}";
        if (Lines is not null) yield return $"lines {Lines}";
        foreach (string line in Table("category  records", Categories?.Select(c => (c.Key + (BlocksOnly?.Contains(c.Key) == true ? " (blocks)" : ""), c.Value)))) yield return line;
        foreach (string line in Table("sender  records", Sources?.Select(s => ($"SAC {s.Sac} SIC {s.Sic} category {s.Category}", s.Records)))) yield return line;
        foreach (string line in Table("item  records", Items?.SelectMany(c => c.Value.Select(i => ($"I{c.Key}/{i.Key}", i.Value))))) yield return line;
        foreach (string line in Table("type  lines", Types?.Select(t => (t.Key, t.Value)))) yield return line;
        foreach (string line in Table("sensor  lines", Sensors?.Select(s => (s.Key, s.Value)))) yield return line;
        string place = Lines is null ? "byte" : "line";
        foreach (InspectProblem p in Problems)
            yield return $"problem: {p.Reason}: {p.Count}, first at {place} {p.FirstOffset}{(p.Octets > 0 ? $", {p.Octets} bytes passed over" : "")}";
    }

    private static IEnumerable<string> Table(string heading, IEnumerable<(string Name, long Count)>? rows)
    {
        (string Name, long Count)[] all = [.. rows ?? []];
        if (all.Length == 0) yield break;
        string[] headings = heading.Split("  ");
        int width = Math.Max(headings[0].Length, all.Max(r => r.Name.Length));
        yield return $"{headings[0].PadRight(width)}  {headings[1],9}";
        foreach ((string name, long count) in all) yield return $"{name.PadRight(width)}  {count,9}";
    }
}

/// <summary>Writes reports as JSON without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(InspectReport))]
internal sealed partial class InspectJson : JsonSerializerContext;
