namespace Tocsin.Server.Channels.Mqtt;

/// <summary>One message to publish with QoS 1.</summary>
/// <param name="Topic">Its topic.</param>
/// <param name="Payload">Its bytes.</param>
/// <param name="Retain">Whether the broker keeps it for who comes later.</param>
/// <param name="ExpiryS">Seconds after which the broker drops it (MQTT 5 alone); 0 for never.</param>
/// <param name="Message">The warning's message that it is about, named in user properties (MQTT 5 alone); null for none.</param>
/// <param name="Json">Whether the payload is JSON.</param>
public readonly record struct MqttPublication(string Topic, byte[] Payload, bool Retain, uint ExpiryS = 0, WarningMessage? Message = null, bool Json = true);
