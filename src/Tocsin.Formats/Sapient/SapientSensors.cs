using System.Text.Json;
using Tocsin.Formats.GeoJson;

namespace Tocsin.Formats.Sapient;

/// <summary>Which sensor of a site a SAPIENT node is.</summary>
/// <remarks>A sensor's <c>"sapient": {"nodeId": "…"}</c> in the site file names its node. Without it a node is the sensor whose id is the
/// node's id, or else the short name or the name that it registers by. Upper and lower case are the same in a UUID.</remarks>
public sealed class SapientSensors
{
    private readonly Dictionary<string, int> _byNode = new(StringComparer.OrdinalIgnoreCase), _byId = new(StringComparer.Ordinal);

    private SapientSensors(SiteDefinition site) => Site = site;

    /// <summary>The site.</summary>
    public SiteDefinition Site { get; }

    /// <summary>Reads the nodes of a site; what of them is wrong is told in <paramref name="problems"/>, each with its mend.</summary>
    public static SapientSensors Of(SiteFile site, ICollection<string> problems)
    {
        var sensors = new SapientSensors(site.Definition);
        for (int i = 0; i < site.Definition.Sensors.Length; i++) sensors._byId.TryAdd(site.Definition.Sensors[i].Id, i);
        using JsonDocument document = JsonDocument.Parse(site.CanonicalUtf8);
        foreach (JsonElement feature in document.RootElement.GetProperty("features").EnumerateArray())
        {
            if (Member(feature, "properties") is not { } properties || Text(properties, "kind") != "sensor") continue;
            if (Member(properties, "sapient") is not { } sapient || Text(properties, "id") is not { } id || !sensors._byId.TryGetValue(id, out int index)) continue;
            if (Text(sapient, "nodeId") is not { } node) problems.Add($"sensor {SapientText.Shown(id)}: its sapient member has no nodeId; give {{\"nodeId\": \"the node's UUID\"}}");
            else if (!sensors._byNode.TryAdd(node, index)) problems.Add($"sensor {SapientText.Shown(id)}: node {SapientText.Shown(node)} is also another sensor; give each its own");
        }
        return sensors;
    }

    /// <summary>The sensor that a node is, by its id alone; -1 for none.</summary>
    public int Find(string nodeId)
    {
        if (_byNode.TryGetValue(nodeId, out int index)) return index;
        return _byId.TryGetValue(nodeId, out index) && !IsNamed(index) ? index : -1;
    }

    /// <summary>The sensor that a node is, by its id or the names that it registers by; -1 for none.</summary>
    /// <remarks>A sensor that the site file gives to one node is no other node's, whatever that calls itself.</remarks>
    public int Find(string nodeId, string shortName, string name)
    {
        int index = Find(nodeId);
        if (index >= 0) return index;
        if (_byId.TryGetValue(shortName, out index) && !IsNamed(index)) return index;
        return _byId.TryGetValue(name, out index) && !IsNamed(index) ? index : -1;
    }

    /// <summary>Whether the site file names the sensor's node.</summary>
    private bool IsNamed(int index) => _byNode.ContainsValue(index);

    private static JsonElement? Member(JsonElement e, string name) =>
        e.ValueKind == JsonValueKind.Object && e.TryGetProperty(name, out JsonElement m) && m.ValueKind == JsonValueKind.Object ? m : null;

    private static string? Text(JsonElement e, string name) =>
        e.TryGetProperty(name, out JsonElement m) && m.ValueKind == JsonValueKind.String && m.GetString() is { Length: > 0 } text ? text : null;
}
