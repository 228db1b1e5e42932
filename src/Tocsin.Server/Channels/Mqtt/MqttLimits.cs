namespace Tocsin.Server.Channels.Mqtt;

/// <summary>Every limit of the MQTT channel, by name.</summary>
public static class MqttLimits
{
    /// <summary>Publications under way at once; brokers allow 20 as a rule, and tell MQTT 5 clients what they allow.</summary>
    public const int InFlight = 16;

    /// <summary>Bytes of the longest message that is read from a siren.</summary>
    public const int SirenBytes = 4_096;

    /// <summary>Characters of what a siren says of itself that are shown.</summary>
    public const int SirenCharacters = 120;

    /// <summary>Sirens that are named in a note; the others are counted.</summary>
    public const int NotedSirens = 5;

    /// <summary>Seconds that a zone says 'over' before it is clear.</summary>
    public const double OverS = 600;

    /// <summary>Ended warnings that are remembered, so that a repeat of an older message changes nothing.</summary>
    public const int EndedWarnings = 1_024;

    /// <summary>Beats that a receiver may miss before it says that it is not protected now.</summary>
    public const int MissedBeats = 3;

    /// <summary>Seconds after which a broker drops a siren's command that it could not deliver: a siren that comes back later must not sound for the past.</summary>
    public const int CommandExpiryS = 60;
}
