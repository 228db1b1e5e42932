using Tocsin.Server.Channels.AsterixOut;
using Tocsin.Server.Channels.Cap;
using Tocsin.Server.Channels.Cot;
using Tocsin.Server.Channels.Mqtt;
using Tocsin.Server.Channels.SapientOut;
using Tocsin.Server.Channels.Webhook;
using Tocsin.Server.Channels.WirelessText;
using Tocsin.Server.Configuration;

namespace Tocsin.Server.Channels;

/// <summary>The kinds of channels there are.</summary>
public static class ChannelKinds
{
    /// <summary>Each kind's name in the configuration, and its reader: it makes the channel, or gives null where its problems, noted in the section, forbid that.</summary>
    /// <remarks>The key <c>kind</c> and those of <see cref="ChannelRunnerOptions"/> have been asked for before; the reader asks for its own and for the
    /// name by <see cref="NameIn"/>, and ends the section.</remarks>
    public static IReadOnlyList<(string Kind, Func<ConfigSection, ChannelContext, Channel?> Read)> All { get; } =
    [
        ("mqtt", MqttChannel.Read),
        ("webhook", WebhookChannel.Read),
        ("cap", CapChannel.Read),
        ("cot", CotChannel.Read),
        ("wirelessText", WirelessTextChannel.Read),
        ("asterixOut", AsterixOutChannel.Read),
        ("sapientOut", SapientOutChannel.Read),
    ];

    /// <summary>A channel's name: the key <c>name</c>, or its kind where that is missing.</summary>
    public static string NameIn(ConfigSection section, string kind) =>
        section.OptionalText("name", "give a name of up to 40 letters, digits, spaces, hyphens, dots or underscores",
            text => text.Length <= 40 && text.All(c => char.IsLetterOrDigit(c) || c is ' ' or '-' or '.' or '_')) ?? kind;
}
