using System.Diagnostics;
using System.Globalization;
using Tocsin.Yardstick;

namespace Tocsin.Load;

/// <summary>One measurement: a server of its own, a warm-up, a while under load, and what came of it.</summary>
internal sealed class Phase(LoadOptions options, string name, int rounds, double plotsPerS)
{
    private const double FlightS = 20, TargetExcessS = 0.01, TargetLagShare = 0.01, TargetPagesS = 1, NearM = 150;
    private const int FirstWarnings = 10, PageZone = LoadSite.ZonesAcross * (LoadSite.ZonesAcross + 1) / 2;
    private readonly LoadSite _site = new(options.Radars, options.ScanSteps);
    private readonly Distribution _alarm = new(), _state = new(), _zone = new(), _confirmed = new(), _heard = new(), _pages = new(), _lastPage = new();

    /// <summary>The time from a round's first plot to its track, by the Site's clock.</summary>
    public Distribution Initiation => _confirmed;

    public async Task RunAsync()
    {
        string folder = Directory.CreateTempSubdirectory("tocsin-load-").FullName;
        var flying = new Rounds(_site, rounds, options.Pages > 0 ? PageZone : null, options.Seed);
        double looksPerS = rounds * options.Radars * LoadSite.Detection * Category015.StepsPerS / options.ScanSteps;
        try
        {
            using var programs = new Programs(folder, options.Tocsin, _site);
            using var http = new HttpClient();
            await programs.UntilReadyAsync(http);
            await using var mqtt = new MqttEar();
            await mqtt.OpenAsync(programs.MqttPort);
            using var ears = new PageEars();
            await ears.OpenAsync(programs.HttpPort, options.Operator);
            Arrivals[] pages = await ears.OpenPagesAsync(programs.HttpPort, PageZone, options.Pages);
            using var sender = new PlotSender(_site, flying, options.ScanSteps, Math.Max(0, plotsPerS - looksPerS), programs.UdpPort, options.Seed);
            await Task.Delay(TimeSpan.FromSeconds(options.QuietS));
            sender.Start();
            await Task.Delay(TimeSpan.FromSeconds(options.WarmUpS));

            long takenBefore = Taken(await http.GetStringAsync(new Uri(programs.Url + "/metrics")));
            double from = PlotSender.NowS;
            (long roundPlots, long clutter, TimeSpan used) = (sender.RoundPlots, sender.ClutterPlots, programs.ServerTime);
            ServerCost costBefore = ServerCost.Of(programs.ServerId);
            TimeSpan own = Process.GetCurrentProcess().TotalProcessorTime;
            sender.Late.Clear();
            await Task.Delay(TimeSpan.FromSeconds(options.Seconds));
            double to = PlotSender.NowS, span = to - from;
            Console.WriteLine();
            Console.WriteLine($"{name}: {rounds} rounds in the air, {options.Radars} radars at {(double)Category015.StepsPerS / options.ScanSteps:0.##} Hz, {span:F0} s after {options.WarmUpS:F0} s of warm-up, {(options.Operator ? "an operator's page" : "no operator's page")}, {LoadSite.Zones + options.Pages} public pages");
            Console.WriteLine($"  sent       {(sender.RoundPlots - roundPlots) / span:F0} plots/s of rounds + {(sender.ClutterPlots - clutter) / span:F0} of clutter");
            Console.WriteLine($"  send late  {sender.Late.Line()}");
            Console.WriteLine($"  server     {(programs.ServerTime - used).TotalSeconds / span:F2} cores, {programs.ServerBytes >> 20} MiB; this program {(Process.GetCurrentProcess().TotalProcessorTime - own).TotalSeconds / span:F2} cores; load average {LoadAverage()}");
            ServerCost cost = ServerCost.Of(programs.ServerId);
            string metrics = await http.GetStringAsync(new Uri(programs.Url + "/metrics"));
            cost.Print(Console.Out, costBefore, sender.RoundPlots - roundPlots + sender.ClutterPlots - clutter, Taken(metrics) - takenBefore, span);
            foreach (string line in metrics.Split('\n').Where(l => l.StartsWith("tocsin_site_", StringComparison.Ordinal) || l.StartsWith("tocsin_recording_lost", StringComparison.Ordinal) || l.Contains("drop", StringComparison.Ordinal) && !l.StartsWith('#')))
                Console.WriteLine("  " + Shorter(line));
            sender.Dispose();
            programs.StopServer();
            RecordingFile recording = RecordingFile.Read(programs.DataFolder, _site);
            Console.WriteLine($"  recording  {recording.Lines:N0} lines, {recording.Bytes >> 20} MiB in all");
            First(recording, mqtt, ears);
            Judge(recording, mqtt, ears, pages, flying, from, to - 1);
        }
        finally
        {
            if (options.Keep) Console.WriteLine($"  kept in {folder}");
            else Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>A site sees no raid for months: the warnings that count are the first of a server's life, for which nothing has been done before.</summary>
    private void First(RecordingFile recording, MqttEar mqtt, PageEars ears)
    {
        Raise[] first = [.. recording.Raises.OrderBy(r => r.RaisedS).Take(FirstWarnings)];
        string Worst(Arrivals at) => first.Select(r => at.Of(r.Zone, r.RaisedS) - r.DueS).Max() is { } worst ? $"{worst * 1e3:F1} ms" : "none heard";
        string One(Arrivals at) => first is [var r, ..] && at.Of(r.Zone, r.RaisedS) is { } heard ? $"{(heard - r.DueS) * 1e3:F1} ms" : "not heard";
        Console.WriteLine($"  first warning of the server's life, after {options.QuietS:F0} s without a plot: at the broker {One(mqtt.Alarms)}, at the page {One(ears.Zones)}; worst of the first {first.Length}: {Worst(mqtt.Alarms)}, {Worst(ears.Zones)}");
    }

    private void Judge(RecordingFile recording, MqttEar mqtt, PageEars ears, Arrivals[] pages, Rounds flying, double from, double to)
    {
        int missedMqtt = 0, missedPage = 0, missedPages = 0;
        foreach (Raise r in recording.Raises.Where(r => r.RaisedS >= from && r.RaisedS < to))
        {
            // An alarm that sounded before the raise sounded for the zone's warning before, which had just ended: nothing new was to be heard.
            if (mqtt.Alarms.Of(r.Zone, r.RaisedS) is { } alarm && alarm >= r.DueS) _alarm.Add(alarm - r.DueS);
            if (mqtt.States.Of(r.Zone, r.RaisedS) is { } state) _state.Add(state - r.DueS);
            else missedMqtt++;
            if (ears.Zones.Of(r.Zone, r.RaisedS) is { } zone) _zone.Add(zone - r.DueS);
            else missedPage++;
            if (r.Zone != LoadSite.Zone(PageZone) || pages.Length == 0) continue;
            double last = double.NegativeInfinity;
            foreach (Arrivals page in pages)
            {
                if (page.Of(r.Zone, r.RaisedS) is not { } at) missedPages++;
                else
                {
                    _pages.Add(at - r.RaisedS);
                    last = Math.Max(last, at - r.RaisedS);
                }
            }
            _lastPage.Add(last);
        }
        Initiations(recording, ears, flying, from, to);
        Print("MQTT alarm, beyond the hold", _alarm, _alarm.Quantile(0.99) < TargetExcessS ? "p99 under 10 ms: met" : "p99 under 10 ms: MISSED");
        Print("MQTT state, beyond the hold", _state, "");
        Print("SSE page, beyond the hold", _zone, _zone.Quantile(0.99) < TargetExcessS ? "p99 under 10 ms: met" : "p99 under 10 ms: MISSED");
        if (missedMqtt + missedPage > 0) Console.WriteLine($"  NOT HEARD: {missedMqtt} at the broker, {missedPage} at the page");
        double lag = Math.Max(_alarm.Quantile(0.99), _zone.Quantile(0.99)) / FlightS, worst = Math.Max(_alarm.Quantile(1), _zone.Quantile(1)) / FlightS;
        Console.WriteLine($"  time lost by the software, of a {FlightS:F0} s flight: p99 {lag:P3}, worst {worst:P3} ({(worst < TargetLagShare ? "met" : "MISSED")})");
        Print("initiation, first plot to track.confirmed, Site's clock", _confirmed, "");
        if (options.Operator) Print("the same, heard on the operator's page (sent ten times a second)", _heard, "");
        if (pages.Length == 0) return;
        Print($"{pages.Length} pages, raise to each page", _pages, "");
        Print("the last page of each warning", _lastPage, $"{(_lastPage.Quantile(1) < TargetPagesS && missedPages == 0 ? "within 1 s: met" : "within 1 s: MISSED")}; not heard {missedPages}");
    }

    /// <summary>Finds for each round that was first seen in the time measured the first track at its place.</summary>
    private void Initiations(RecordingFile recording, PageEars ears, Rounds flying, double from, double to)
    {
        int never = 0;
        Confirmation[] confirmations = [.. recording.Confirmations.Where(c => c.TimeS >= from)];
        foreach (FlyingRound round in flying.All.Where(r => r.FirstPlotS >= from && r.FirstPlotS < to - 5))
        {
            Confirmation? first = confirmations.FirstOrDefault(c => c.ValidS >= round.FirstPlotS && c.ValidS < round.ImpactS && (c.Position - round.At(c.ValidS)).Length < NearM);
            if (first is null)
            {
                never++;
                continue;
            }
            _confirmed.Add(first.TimeS - round.FirstPlotS);
            if (ears.Confirmed.TryGetValue(first.Track, out double at)) _heard.Add(at - round.FirstPlotS);
        }
        if (never > 0) Console.WriteLine($"  NO TRACK: {never} rounds");
    }

    private static void Print(string what, Distribution of, string verdict)
    {
        Console.WriteLine($"  {what}{(verdict.Length > 0 ? ": " : "")}{verdict}");
        Console.WriteLine($"    {of.Line()}");
        of.Histogram(Console.Out, "    ");
    }

    /// <summary>Plots that the Site was given: what was sent less what was shed or still waits.</summary>
    private static long Taken(string metrics) => (long)(metrics.Split('\n').Where(l => l.StartsWith("tocsin_site_plots_total", StringComparison.Ordinal))
        .Select(l => double.Parse(l[(l.LastIndexOf('}') + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries)[0], CultureInfo.InvariantCulture)).FirstOrDefault());

    private static string Shorter(string metric)
    {
        int scope = metric.IndexOf("otel_scope_name", StringComparison.Ordinal);
        return scope < 0 ? metric : metric.Replace("otel_scope_name=\"Tocsin.Server\",", "", StringComparison.Ordinal);
    }

    public static string LoadAverage() => File.Exists("/proc/loadavg") ? string.Join(' ', File.ReadAllText("/proc/loadavg").Split(' ').Take(3)) : "unknown";
}
