using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Tocsin.Server.Configuration;

namespace Tocsin.Server.Channels.Cot;

/// <summary>How events leave.</summary>
public enum CotTransport
{
    /// <summary>UDP to a multicast group: a mesh.</summary>
    Multicast,
    /// <summary>UDP to one address.</summary>
    Udp,
    /// <summary>A TCP stream to a TAK server.</summary>
    Tcp,
    /// <summary>A TLS stream to a TAK server.</summary>
    Tls,
}

/// <summary>How events are written.</summary>
public enum CotEncoding
{
    /// <summary>XML: TAK protocol version 0.</summary>
    Xml,
    /// <summary>TAK protocol version 1; in a stream only after the server has offered it.</summary>
    Protobuf,
}

/// <summary>The configuration of one CoT channel; docs/channels/cot.md describes each key.</summary>
public sealed record CotSettings
{
    /// <summary>The mesh's usual group.</summary>
    public const string MeshGroup = "239.2.3.1";

    /// <summary>The mesh's usual port.</summary>
    public const int MeshPort = 6969;

    /// <summary>The usual port of a TAK server's TCP input.</summary>
    public const int TcpPort = 8087;

    /// <summary>The usual port of a TAK server's TLS input.</summary>
    public const int TlsPort = 8089;

    private const int MostSeconds = 3600;

    /// <summary>The channel's name.</summary>
    public required string Name { get; init; }

    /// <summary>How events leave.</summary>
    public CotTransport Transport { get; init; }

    /// <summary>Name or address of the other side, or the multicast group.</summary>
    public required string Host { get; init; }

    /// <summary>Its port.</summary>
    public required int Port { get; init; }

    /// <summary>How many routers a multicast datagram may pass.</summary>
    public int Ttl { get; init; } = 1;

    /// <summary>Address of the network interface that multicast leaves by; null for the system's choice.</summary>
    public IPAddress? Interface { get; init; }

    /// <summary>How events are written.</summary>
    public CotEncoding Encoding { get; init; }

    /// <summary>Whether tracks are shown.</summary>
    public bool Tracks { get; init; }

    /// <summary>Whether the ellipses of predicted impacts are shown.</summary>
    public bool Impacts { get; init; }

    /// <summary>Whether warnings are sent.</summary>
    public bool Warnings { get; init; } = true;

    /// <summary>Seconds between two tellings of an open warning.</summary>
    public double ResendS { get; init; } = 10;

    /// <summary>Seconds after which a warning that is not told again goes stale.</summary>
    public double StaleS { get; init; } = 30;

    /// <summary>Seconds that a connection, a write or an answer may take.</summary>
    public double TimeoutS { get; init; } = 5;

    /// <summary>What TLS needs; null without TLS.</summary>
    public CotTls? Tls { get; init; }

    /// <summary>Reads a channel's section; null where it lacks what a channel cannot do without.</summary>
    public static CotSettings? Read(ConfigSection section)
    {
        string name = section.OptionalText("name") ?? "cot";
        CotTransport transport = section.Choice("transport", CotTransport.Multicast,
            ("multicast", CotTransport.Multicast), ("udp", CotTransport.Udp), ("tcp", CotTransport.Tcp), ("tls", CotTransport.Tls));
        bool isMulticast = transport == CotTransport.Multicast;
        string host = isMulticast
            ? section.OptionalText("host", "give a multicast group: 224.0.0.0 to 239.255.255.255, or ff00::/8", IsGroup) ?? MeshGroup
            : section.Text("host", "give the name or address of the other side", h => Uri.CheckHostName(h) != UriHostNameType.Unknown);
        int usual = transport switch { CotTransport.Tcp => TcpPort, CotTransport.Tls => TlsPort, _ => MeshPort };
        bool isUsable = host.Length > 0;
        IPAddress? leaves = null;
        int ttl = 1;
        if (isMulticast)
        {
            ttl = section.Count("ttl", 1, 0, 255);
            if (section.OptionalText("interface", "give the address or the name of a network interface of this machine") is { } text && !TryInterface(text, host, out leaves))
            {
                section.Wrong("interface", $"\"{text}\"", "give the address or the name of a network interface of this machine");
                isUsable = false;
            }
        }
        CotTls? tls = null;
        if (transport == CotTransport.Tls)
        {
            tls = CotTls.Read(section, host);
            isUsable &= tls is not null;
        }
        var settings = new CotSettings
        {
            Name = name,
            Transport = transport,
            Host = host,
            Port = section.Count("port", usual, 1, ushort.MaxValue),
            Ttl = ttl,
            Interface = leaves,
            Encoding = section.Choice("encoding", CotEncoding.Xml, ("xml", CotEncoding.Xml), ("protobuf", CotEncoding.Protobuf)),
            Tracks = section.Flag("tracks", false),
            Impacts = section.Flag("impacts", false),
            Warnings = section.Flag("warnings", true),
            ResendS = section.Number("resendS", 10, 1, MostSeconds),
            StaleS = section.Number("staleS", 30, 3, MostSeconds),
            TimeoutS = section.Number("timeoutS", 5, 0.1, 60),
            Tls = tls,
        };
        if (settings.StaleS < 2 * settings.ResendS)
        {
            section.Wrong("staleS", string.Create(CultureInfo.InvariantCulture, $"{settings.StaleS}"),
                $"give at least twice resendS ({settings.ResendS}), so that one lost message does not end a warning");
        }
        bool isClosed = section.Flag("closedNetwork", false);
        if ((settings.Tracks || settings.Impacts) && transport != CotTransport.Tls && !isClosed)
        {
            section.Wrong(settings.Tracks ? "tracks" : "impacts", "true",
                "use transport \"tls\", or say \"closedNetwork\": true if nobody outside the system can read this network: where a round will fall must not reach those who fired it");
            isUsable = false;
        }
        section.End();
        return isUsable ? settings : null;
    }

    private static bool IsGroup(string host) => IPAddress.TryParse(host, out IPAddress? a)
        && (a.AddressFamily == AddressFamily.InterNetworkV6 ? a.IsIPv6Multicast : a.GetAddressBytes()[0] is >= 224 and <= 239);

    private static bool TryInterface(string text, string group, out IPAddress? address)
    {
        AddressFamily family = IPAddress.TryParse(group, out IPAddress? g) ? g.AddressFamily : AddressFamily.InterNetwork;
        if (IPAddress.TryParse(text, out address)) return address.AddressFamily == family;
        foreach (NetworkInterface i in NetworkInterface.GetAllNetworkInterfaces())
        {
            if (i.Name != text) continue;
            address = i.GetIPProperties().UnicastAddresses.Select(u => u.Address).FirstOrDefault(a => a.AddressFamily == family);
        }
        return address is not null;
    }
}
