using System.Globalization;
using System.Text;

namespace Tocsin.Server.Channels.Mqtt;

/// <summary>The topics of one site. What is not real has topics of its own, so that a simple siren can never be set off by a drill.</summary>
public sealed class MqttTopics(string baseTopic, bool exerciseOnRealTopics)
{
    /// <summary>What all topics of a status begin with.</summary>
    public string Root(OperationStatus status) => status == OperationStatus.Actual || exerciseOnRealTopics ? baseTopic : baseTopic + "/exercise";

    /// <summary>Whether the server is connected: <c>online</c> or <c>offline</c>, retained.</summary>
    public string Availability(OperationStatus status) => Root(status) + "/status";

    /// <summary>The sign of life, not retained.</summary>
    public string Heartbeat(OperationStatus status) => Root(status) + "/heartbeat";

    /// <summary>A zone's state as JSON, retained.</summary>
    public string ZoneState(OperationStatus status, string zone) => $"{Root(status)}/zone/{Level(zone)}/state";

    /// <summary>A zone's alarm as ON or OFF, retained.</summary>
    public string ZoneAlarm(OperationStatus status, string zone) => $"{Root(status)}/zone/{Level(zone)}/alarm";

    /// <summary>What a siren is told, not retained.</summary>
    public string SirenCommand(OperationStatus status, string siren) => $"{Root(status)}/siren/{Level(siren)}/command";

    /// <summary>What a siren says; with <c>+</c> for the siren's id, a filter for all.</summary>
    public string SirenState(OperationStatus status, string siren) => $"{Root(status)}/siren/{(siren == "+" ? siren : Level(siren))}/state";

    /// <summary>An id as one level of a topic: what divides levels or is a wildcard (MQTT 5, 4.7) is percent-encoded.</summary>
    public static string Level(string id)
    {
        var level = new StringBuilder(id.Length);
        foreach (char c in id)
        {
            if (c is '/' or '+' or '#' or '%' || (c == '$' && level.Length == 0) || char.IsControl(c)) level.Append(CultureInfo.InvariantCulture, $"%{(int)c:X2}");
            else level.Append(c);
        }
        return level.ToString();
    }

    /// <summary>An id of the characters that Home Assistant allows in its discovery topics: letters, digits and hyphens stay, other bytes of its UTF-8 become <c>_</c> and two digits.</summary>
    public static string ObjectId(string id)
    {
        var text = new StringBuilder(id.Length);
        foreach (byte b in Encoding.UTF8.GetBytes(id))
        {
            if (char.IsAsciiLetterOrDigit((char)b) || b == '-') text.Append((char)b);
            else text.Append(CultureInfo.InvariantCulture, $"_{b:x2}");
        }
        return text.ToString();
    }

    /// <summary>Whether a text may be published to.</summary>
    public static bool IsTopic(string text) => text.Length is > 0 and <= 200 && text[0] is not ('/' or '$') && text[^1] != '/' && !text.Any(c => c is '+' or '#' || char.IsControl(c));
}
