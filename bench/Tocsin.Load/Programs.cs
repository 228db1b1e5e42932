using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Tocsin.Load;

/// <summary>The programs beside this one: the broker and the server.</summary>
internal sealed class Programs : IDisposable
{
    private readonly Process _broker, _server;
    private readonly List<string> _said = [];

    public Programs(string folder, string tocsin, LoadSite site)
    {
        int mqtt = FreeTcp();
        (MqttPort, UdpPort, HttpPort) = (mqtt, FreeUdp(), FreeTcp());
        string conf = Path.Combine(folder, "mosquitto.conf"), siteFile = Path.Combine(folder, "load.site.geojson"), config = Path.Combine(folder, "tocsin.json");
        File.WriteAllText(conf, $"listener {mqtt} 127.0.0.1\npersistence false\nallow_anonymous true\nset_tcp_nodelay true\n");
        site.Write(siteFile, config, mqtt);
        string broker = new[] { "/usr/sbin/mosquitto", "/usr/bin/mosquitto", "/usr/local/sbin/mosquitto" }.FirstOrDefault(File.Exists) ?? throw new FileNotFoundException("mosquitto is not here: install Debian's package mosquitto");
        _broker = Start(broker, ["-c", conf]);
        DataFolder = Path.Combine(folder, "data");
        // A DLL needs the runtime's own program before it.
        bool dll = tocsin.EndsWith(".dll", StringComparison.Ordinal);
        _server = Start(dll ? "dotnet" : tocsin, [.. dll ? [tocsin] : Array.Empty<string>(), "serve", "--site", siteFile, "--feed", $"udp://127.0.0.1:{UdpPort}", "--data", DataFolder, "--urls", Url, "--config", config]);
    }

    public int MqttPort { get; }

    public int UdpPort { get; }

    public int HttpPort { get; }

    public string Url => $"http://127.0.0.1:{HttpPort}";

    public string DataFolder { get; }

    /// <summary>Processor time that the server has used.</summary>
    public TimeSpan ServerTime
    {
        get
        {
            _server.Refresh();
            return _server.TotalProcessorTime;
        }
    }

    /// <summary>Bytes of memory that the server holds.</summary>
    public long ServerBytes => _server.WorkingSet64;

    public int ServerId => _server.Id;

    public async Task UntilReadyAsync(HttpClient http)
    {
        for (long began = Stopwatch.GetTimestamp(); ;)
        {
            if (_server.HasExited || Stopwatch.GetElapsedTime(began).TotalSeconds > 180) throw new InvalidOperationException("the server did not start:\n" + string.Join('\n', _said.TakeLast(20)));
            try
            {
                using HttpResponseMessage answer = await http.GetAsync(new Uri(Url + "/health/live"));
                if (answer.IsSuccessStatusCode) return;
            }
            catch (HttpRequestException)
            {
                // Not yet.
            }
            await Task.Delay(100);
        }
    }

    /// <summary>Ends the server in order, so that its recording is whole.</summary>
    public void StopServer()
    {
        if (_server.HasExited) return;
        using (Process kill = Process.Start("kill", ["-TERM", _server.Id.ToString()])) kill.WaitForExit();
        if (!_server.WaitForExit(30_000)) _server.Kill();
    }

    public void Dispose()
    {
        StopServer();
        if (!_broker.HasExited) _broker.Kill();
        _broker.WaitForExit();
        _server.Dispose();
        _broker.Dispose();
    }

    private Process Start(string program, string[] arguments)
    {
        var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true })!;
        process.ErrorDataReceived += (_, e) => Hear(e.Data);
        process.OutputDataReceived += (_, e) => Hear(e.Data);
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        return process;
    }

    private void Hear(string? line)
    {
        if (line is null) return;
        lock (_said) _said.Add(line);
        if (Environment.GetEnvironmentVariable("TOCSIN_LOAD_VERBOSE") is not null) Console.Error.WriteLine(line);
    }

    private static int FreeTcp()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        return ((IPEndPoint)free.LocalEndpoint).Port;
    }

    private static int FreeUdp()
    {
        using var free = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        free.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)free.LocalEndPoint!).Port;
    }
}
