using System.Net;
using System.Net.Sockets;
using Tocsin.Yardstick;

namespace Tocsin.Load;

/// <summary>Sends what the radars see as datagrams, each when its plots' time has come, from a thread of its own.</summary>
/// <remarks>Plot times are whole steps of I015/145 (1/128 s): a plot's time is the moment at which it is due to leave, and never after it leaves. Each radar
/// looks at a round once in a scan; looks are spread over the scan.</remarks>
internal sealed class PlotSender : IDisposable
{
    private const double ClutterLeastM = 500, ClutterElevationDeg = 30;
    private readonly LoadSite _site;
    private readonly Rounds _rounds;
    private readonly int _scanSteps;
    private readonly double _clutterPerS;
    private readonly Frame[] _frames;
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly EndPoint _to;
    private readonly Draws _draws;
    private readonly Category015[] _blocks;
    private readonly Thread _thread;
    private volatile bool _stop;
    private double _clutterOwed;

    public PlotSender(LoadSite site, Rounds rounds, int scanSteps, double clutterPerS, int port, ulong seed)
    {
        (_site, _rounds, _scanSteps, _clutterPerS) = (site, rounds, scanSteps, clutterPerS);
        _frames = [.. site.Radars.Select(r => new Frame(site.World.Frame.ToGeodetic(r)))];
        _blocks = [.. site.Radars.Select(_ => new Category015())];
        _to = new IPEndPoint(IPAddress.Loopback, port);
        _draws = new(seed, "plots");
        _socket.SendBufferSize = 4 << 20;
        _socket.Connect(_to);
        _thread = new(Run) { Name = "sender", IsBackground = true, Priority = ThreadPriority.AboveNormal };
    }

    /// <summary>Plots of rounds and of clutter sent.</summary>
    public long RoundPlots, ClutterPlots, Datagrams;

    /// <summary>How late datagrams left, in seconds after the time of their plots.</summary>
    public Distribution Late { get; } = new();

    public void Start() => _thread.Start();

    public static double NowS => (DateTime.UtcNow.Ticks - DateTime.UnixEpoch.Ticks) / (double)TimeSpan.TicksPerSecond;

    public void Dispose()
    {
        _stop = true;
        if (_thread.IsAlive) _thread.Join();
        _socket.Dispose();
    }

    private void Run()
    {
        const long StepTicks = TimeSpan.TicksPerSecond / Category015.StepsPerS, DaySteps = 86_400L * Category015.StepsPerS;
        long step = DateTime.UtcNow.Ticks / StepTicks + 1, unix = DateTime.UnixEpoch.Ticks / StepTicks;
        for (; !_stop; step++)
        {
            double timeS = (double)(step - unix) / Category015.StepsPerS;
            lock (_rounds)
            {
                _rounds.To(timeS);
                int timeOfDay = (int)(step % DaySteps);
                foreach (Category015 b in _blocks) b.Clear();
                foreach (FlyingRound round in _rounds.Flying) Look(round, step, timeS, timeOfDay);
                Clutter(timeOfDay);
            }
            // Sleeping is coarse, which costs no processor; what it costs in time is shown, and counts from the plot's time all the same.
            long due = step * StepTicks;
            while (DateTime.UtcNow.Ticks < due) Thread.Sleep(1);
            for (int r = 0; r < _blocks.Length; r++) Send(r);
            Late.Add((DateTime.UtcNow.Ticks - due) / (double)TimeSpan.TicksPerSecond);
        }
    }

    private void Look(FlyingRound round, long step, double timeS, int timeOfDay)
    {
        for (int r = 0; r < _frames.Length; r++)
        {
            // A round and a radar meet at one step of the scan.
            if ((step + round.Number * 7 + r * (_scanSteps / _frames.Length + 1)) % _scanSteps != 0) continue;
            Polar look = Radar.Look(_site.World.Frame, _frames[r], round.At(timeS), default);
            if (look.RangeM > LoadSite.MaxRangeM || look.ElevationRad < LoadSite.MinElevationDeg * Math.PI / 180 || !_draws.Chance(LoadSite.Detection)) continue;
            if (double.IsNaN(round.FirstPlotS)) round.FirstPlotS = timeS;
            double sigma = LoadSite.AngleSigmaDeg * Math.PI / 180;
            Add(r, timeOfDay, look.RangeM + LoadSite.RangeSigmaM * _draws.Normal(), look.AzimuthRad + sigma * _draws.Normal(), look.ElevationRad + sigma * _draws.Normal());
            RoundPlots++;
        }
    }

    private void Clutter(int timeOfDay)
    {
        for (_clutterOwed += _clutterPerS / Category015.StepsPerS; _clutterOwed >= 1; _clutterOwed--)
        {
            Add(_draws.Index(_frames.Length), timeOfDay, _draws.Uniform(ClutterLeastM, LoadSite.MaxRangeM), _draws.Uniform(0, 2 * Math.PI),
                _draws.Uniform(LoadSite.MinElevationDeg, ClutterElevationDeg) * Math.PI / 180);
            ClutterPlots++;
        }
    }

    private void Add(int radar, int timeOfDay, double rangeM, double azimuthRad, double elevationRad)
    {
        if (!_blocks[radar].HasRoom) Send(radar);
        _blocks[radar].Add((byte)(radar + 1), timeOfDay, rangeM, azimuthRad, elevationRad);
    }

    private void Send(int radar)
    {
        Category015 block = _blocks[radar];
        if (block.Plots == 0) return;
        try
        {
            _socket.Send(block.End());
            Datagrams++;
        }
        catch (SocketException)
        {
            // The server is not there yet, or not any more.
        }
        block.Clear();
    }
}
