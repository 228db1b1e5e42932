using System.Net;
using System.Net.Sockets;

namespace Tocsin.TestSupport;

/// <summary>Ports of this machine's own.</summary>
internal static class Loopback
{
    // Below what systems give to connections that go out (RFC 6335 and Windows: from 49152, Linux: from 32768): no other test's connection takes it before it is used.
    private const int Lowest = 20_000, Highest = 32_000;

    /// <summary>A port of 127.0.0.1 that nobody uses and that stays free until somebody listens there.</summary>
    public static int FreePort()
    {
        while (true)
        {
            int port = Random.Shared.Next(Lowest, Highest);
            using var free = new TcpListener(IPAddress.Loopback, port);
            try
            {
                free.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody uses it: another.
            }
        }
    }
}
