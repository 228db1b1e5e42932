using System.Text.Json;
using System.Text.Json.Nodes;

namespace Tocsin.Server.Channels.Mqtt;

/// <summary>Discovery messages of Home Assistant (home-assistant.io, MQTT integration, single-component discovery): a device for the site, with a safety sensor, the advice and
/// the time of the impact for each zone, and one sensor that says whether the server is heard at all.</summary>
/// <remarks>Each is retained at <c>PREFIX/COMPONENT/UNIQUE_ID/config</c>. A safety sensor that is on means unsafe.</remarks>
internal static class HomeAssistant
{
    /// <summary>The discovery messages of a site.</summary>
    public static IEnumerable<MqttPublication> Discovery(string prefix, string siteKey, string siteName, OperationStatus status, IEnumerable<ZonePlace> zones, MqttTopics topics, double heartbeatS)
    {
        string mark = status == OperationStatus.Actual ? "" : "_" + MqttNames.Of(status), device = "tocsin_" + MqttTopics.ObjectId(siteKey) + mark;
        string deviceName = status == OperationStatus.Actual ? siteName : $"{siteName} ({MqttNames.Of(status)})";
        yield return Entity("binary_sensor", device + "_heard", new JsonObject
        {
            ["name"] = "Protected",
            ["device_class"] = "connectivity",
            ["entity_category"] = "diagnostic",
            ["state_topic"] = topics.Heartbeat(status),
            ["value_template"] = "{{ 'ON' if value_json.protected else 'OFF' }}",
            ["expire_after"] = (int)Math.Ceiling(MqttLimits.MissedBeats * heartbeatS),
        });
        foreach (ZonePlace zone in zones)
        {
            string id = $"{device}_{MqttTopics.ObjectId(zone.Id)}", state = topics.ZoneState(status, zone.Id);
            yield return Entity("binary_sensor", id + "_alarm", new JsonObject
            {
                ["name"] = zone.Name,
                ["device_class"] = "safety",
                ["state_topic"] = topics.ZoneAlarm(status, zone.Id),
                ["payload_on"] = "ON",
                ["payload_off"] = "OFF",
                ["json_attributes_topic"] = state,
            });
            yield return Entity("sensor", id + "_advice", new JsonObject
            {
                ["name"] = zone.Name + " advice",
                ["device_class"] = "enum",
                ["options"] = new JsonArray("none", "drop", "awayFromWindows", "shelter"),
                ["state_topic"] = state,
                ["value_template"] = "{{ value_json.advice or 'none' }}",
            });
            yield return Entity("sensor", id + "_impact", new JsonObject
            {
                ["name"] = zone.Name + " impact",
                // Home Assistant shows a moment as the time that is left until it; the text None makes it unknown.
                ["device_class"] = "timestamp",
                ["state_topic"] = state,
                ["value_template"] = "{{ value_json.impactTime or 'None' }}",
            });
        }

        MqttPublication Entity(string component, string uniqueId, JsonObject config)
        {
            config["unique_id"] = uniqueId;
            config["qos"] = 1;
            config["availability"] = new JsonArray(new JsonObject { ["topic"] = topics.Availability(status), ["payload_available"] = "online", ["payload_not_available"] = "offline" });
            config["device"] = new JsonObject { ["identifiers"] = new JsonArray(device), ["name"] = deviceName, ["manufacturer"] = "Tocsin", ["model"] = "Warnings of one site" };
            config["origin"] = new JsonObject { ["name"] = "Tocsin", ["sw_version"] = typeof(HomeAssistant).Assembly.GetName().Version?.ToString(3) };
            return new MqttPublication($"{prefix}/{component}/{uniqueId}/config", JsonSerializer.SerializeToUtf8Bytes(config, s_json), Retain: true);
        }
    }

    private static readonly JsonSerializerOptions s_json = new() { Encoder = WarningMessageJson.Encoder };
}
