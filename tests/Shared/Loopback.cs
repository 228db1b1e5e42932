using System.Net;
using System.Net.Sockets;

namespace Tocsin.TestSupport;

/// <summary>Ports of this machine's own.</summary>
internal static class Loopback
{
    /// <summary>A port of 127.0.0.1 that nobody uses.</summary>
    public static int FreePort()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        return ((IPEndPoint)free.LocalEndpoint).Port;
    }
}
