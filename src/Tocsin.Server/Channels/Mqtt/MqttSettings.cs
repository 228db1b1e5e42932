using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Tocsin.Server.Configuration;

namespace Tocsin.Server.Channels.Mqtt;

/// <summary>What the configuration says of an MQTT channel; docs/channels/mqtt.md has each key.</summary>
public sealed record MqttSettings
{
    /// <summary>The broker's host name or address.</summary>
    public required string Host { get; init; }

    /// <summary>The broker's port.</summary>
    public required int Port { get; init; }

    /// <summary>Whether MQTT 5 is spoken; 3.1.1 otherwise.</summary>
    public bool Version5 { get; init; } = true;

    /// <summary>Whether the connection is TLS.</summary>
    public bool Tls { get; init; }

    /// <summary>The only authorities whose certificates are trusted; the machine's own where it is empty.</summary>
    public IReadOnlyList<X509Certificate2> Authorities { get; init; } = [];

    /// <summary>The certificate that shows the broker who we are; null where none is wanted.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>User name; null for none.</summary>
    public string? User { get; init; }

    /// <summary>Password; null for none.</summary>
    public string? Password { get; init; }

    /// <summary>Client identifier: the same after a restart, so that the broker ends the old connection.</summary>
    public required string ClientId { get; init; }

    /// <summary>What all topics begin with.</summary>
    public required string BaseTopic { get; init; }

    /// <summary>What Home Assistant's discovery topics begin with; null where it is off.</summary>
    public string? DiscoveryPrefix { get; init; }

    /// <summary>Seconds between two heartbeats.</summary>
    public double HeartbeatS { get; init; } = 5;

    /// <summary>Whether exercises set off real sirens.</summary>
    public bool ExerciseOnRealTopics { get; init; }

    /// <summary>Whether the site's sirens are commanded and watched one by one.</summary>
    public bool Sirens { get; init; } = true;

    /// <summary>Seconds after which a siren that says nothing is reported, where it does not say how often it reports.</summary>
    public double SirenSilentS { get; init; } = 180;

    /// <summary>Seconds in which a siren acknowledges a command or ends its self-test.</summary>
    public double SirenAnswerS { get; init; } = 10;

    /// <summary>The time of day, UTC, of the sirens' silent self-test; null for none.</summary>
    public TimeOnly? SelfTestAt { get; init; }

    /// <summary>Reads the settings; null, with the problems noted, where they will not do.</summary>
    /// <param name="section">The channel's section.</param>
    /// <param name="siteKey">The site's name as a part of topics.</param>
    public static MqttSettings? Read(ConfigSection section, string siteKey)
    {
        bool right = true;
        string host = section.Text("host", "give the broker's host name or address", h => Uri.CheckHostName(h) != UriHostNameType.Unknown);
        right &= host.Length > 0;
        bool tls = section.Flag("tls", false);
        int port = section.Count("port", tls ? 8883 : 1883, 1, 65_535);
        List<X509Certificate2> authorities = [];
        if (section.OptionalText("caFile", "give the path of a PEM file") is { } caFile)
        {
            right &= Load(section, "caFile", caFile, () =>
            {
                var read = new X509Certificate2Collection();
                read.ImportFromPemFile(caFile);
                if (read.Count == 0) throw new CryptographicException("it holds no certificate");
                authorities.AddRange(read);
            });
        }
        X509Certificate2? certificate = null;
        string? certificateFile = section.OptionalText("certificateFile", "give the path of a PEM file"), keyFile = section.OptionalText("keyFile", "give the path of a PEM file");
        if (certificateFile is not null) right &= Load(section, "certificateFile", certificateFile, () => certificate = X509Certificate2.CreateFromPemFile(certificateFile, keyFile));
        else if (keyFile is not null)
        {
            section.Wrong("keyFile", $"\"{keyFile}\"", "give its certificate too, as certificateFile");
            right = false;
        }
        if (!tls && (authorities.Count > 0 || certificate is not null))
        {
            section.Wrong("tls", "false", "give true where caFile or certificateFile is given");
            right = false;
        }
        string? user = section.OptionalText("user"), password = section.OptionalSecret("password");
        if (password is not null && user is null)
        {
            section.Wrong("user", "nothing", "give the user that the password is of");
            right = false;
        }
        bool discovery = section.Flag("discovery", true);
        string prefix = section.OptionalText("discoveryPrefix", "give a topic without wildcards", MqttTopics.IsTopic) ?? "homeassistant";
        string? selfTestAt = section.OptionalText("selfTestAt", "give a time of day in UTC: \"03:00\"", t => TimeOnly.TryParseExact(t, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out _));
        var settings = new MqttSettings
        {
            Host = host,
            Port = port,
            Tls = tls,
            Version5 = section.Choice("protocol", true, ("5", true), ("3.1.1", false)),
            Authorities = authorities,
            Certificate = certificate,
            User = user,
            Password = password,
            ClientId = section.OptionalText("clientId", "give up to 65 letters, digits and hyphens", IsClientId) ?? "tocsin-" + siteKey,
            BaseTopic = section.OptionalText("baseTopic", "give a topic without wildcards", MqttTopics.IsTopic) ?? "tocsin/" + siteKey,
            DiscoveryPrefix = discovery ? prefix : null,
            HeartbeatS = section.Number("heartbeatS", 5, 1, 60),
            ExerciseOnRealTopics = section.Flag("exerciseOnRealTopics", false),
            Sirens = section.Flag("sirens", true),
            SirenSilentS = section.Number("sirenSilentS", 180, 5, 86_400),
            SirenAnswerS = section.Number("sirenAnswerS", 10, 1, 120),
            SelfTestAt = selfTestAt is null ? null : TimeOnly.ParseExact(selfTestAt, "HH:mm", CultureInfo.InvariantCulture),
        };
        section.End();
        return right ? settings : null;
    }

    private static bool IsClientId(string text) => text.Length <= 65 && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.');

    private static bool Load(ConfigSection section, string key, string path, Action load)
    {
        try
        {
            load();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException or NotSupportedException)
        {
            section.Wrong(key, $"\"{path}\"", $"give a PEM file that can be read ({e.Message})");
            return false;
        }
    }
}
