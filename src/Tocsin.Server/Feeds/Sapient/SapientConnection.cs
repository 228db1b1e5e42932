using System.Globalization;
using System.Net.Sockets;
using Tocsin.Formats.Sapient;
using Tocsin.Formats.Sapient.Wire;
using Tocsin.Server.Live;
using Task = System.Threading.Tasks.Task;

namespace Tocsin.Server.Feeds.Sapient;

/// <summary>One connection of a SAPIENT feed: of one node, or of a middleware that speaks for many.</summary>
/// <remarks>Registrations are answered, detections become plots, and of status reports what has changed is told. Nothing that comes ends
/// more than this connection.</remarks>
internal sealed class SapientConnection(SapientHub hub, TcpClient client, string remote, IFeedSink sink, TimeProvider clock)
{
    private const int ReadOctets = 1 << 16;
    private readonly Dictionary<string, Node> _nodes = new(StringComparer.OrdinalIgnoreCase);
    private readonly SapientReader _stream = new();
    private long _second, _minute;
    private int _inSecond, _inMinute;

    private sealed class Node(int sensor)
    {
        /// <summary>The sensor's index; -1 for none.</summary>
        public int Sensor { get; } = sensor;

        /// <summary>What was last told of its status.</summary>
        public string Status { get; set; } = "";

        /// <summary>Whether an operator knows that its clock is off.</summary>
        public bool ClockIsOff { get; set; }

        /// <summary>Whether an operator knows that it stands elsewhere.</summary>
        public bool IsMisplaced { get; set; }
    }

    /// <summary>Reads until the other side closes, the stream is lost, or <paramref name="stop"/>.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        string end = "closed the connection";
        _second = _minute = clock.GetTimestamp();
        using var silence = new CancellationTokenSource(Silence, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop, silence.Token);
        byte[] buffer = new byte[ReadOctets];
        List<byte[]> answers = [];
        try
        {
            NetworkStream network = client.GetStream();
            while (true)
            {
                int octets = await network.ReadAsync(buffer, either.Token);
                if (octets == 0) break;
                silence.CancelAfter(Silence);
                string? lost = Take(buffer.AsSpan(0, octets), answers);
                foreach (byte[] answer in answers)
                {
                    using var slow = new CancellationTokenSource(TimeSpan.FromSeconds(SapientLimits.AnswerS), clock);
                    using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop, slow.Token);
                    await network.WriteAsync(answer, limit.Token);
                }
                answers.Clear();
                if (lost is null) continue;
                end = $"was cut off: {lost}";
                break;
            }
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            end = silence.IsCancellationRequested ? $"was cut off: nothing came for {SapientLimits.SilenceS} s" : "was cut off: it does not read its answers";
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            end = $"was lost: {e.Message}";
        }
        finally
        {
            lock (hub.Gate)
            {
                hub.Release(this);
                if (_stream.Held > 0) hub.Reject(sink, hub.Feed, "the connection ended inside a message");
                if (!stop.IsCancellationRequested) sink.Tell($"{remote} {end}{Named()}");
            }
        }
    }

    private static TimeSpan Silence => TimeSpan.FromSeconds(SapientLimits.SilenceS);

    /// <summary>Takes what came; says why the stream is lost, where it is.</summary>
    private string? Take(ReadOnlySpan<byte> octets, List<byte[]> answers)
    {
        Instant received = WallClock.InstantOf(clock.GetUtcNow());
        lock (hub.Gate)
        {
            sink.Heard(octets.Length);
            _stream.Add(octets);
            while (true)
            {
                bool tooMany = IsTooMany();
                switch (_stream.Next(out SapientMessage? message, out string reason, skip: tooMany))
                {
                    case SapientRead.Incomplete:
                        return null;
                    case SapientRead.Lost:
                        hub.Counts.BadMessages++;
                        hub.Reject(sink, hub.Feed, reason);
                        return reason;
                    case SapientRead.Bad:
                        _inSecond++;
                        hub.Counts.BadMessages++;
                        hub.Reject(sink, hub.Feed, reason);
                        break;
                    default:
                        if (message is null)
                        {
                            hub.Counts.Skipped++;
                            hub.Reject(sink, hub.Feed, $"more than {SapientLimits.MessagesPerSecond} messages a second on one connection");
                            break;
                        }
                        _inSecond++;
                        hub.Counts.Messages++;
                        if (Answer(message, received) is { } answer) answers.Add(SapientReader.Frame(answer));
                        break;
                }
            }
        }
    }

    private bool IsTooMany()
    {
        if (clock.GetElapsedTime(_second) >= TimeSpan.FromSeconds(1)) (_second, _inSecond) = (clock.GetTimestamp(), 0);
        return _inSecond >= SapientLimits.MessagesPerSecond;
    }

    private SapientMessage? Answer(SapientMessage message, Instant received)
    {
        Instant? time = SapientIds.Time(message.Timestamp);
        switch (message.ContentCase)
        {
            case SapientMessage.ContentOneofCase.Registration:
                return Register(message.NodeId, message.Registration, received);
            case SapientMessage.ContentOneofCase.DetectionReport:
                if (Find(message.NodeId) is { } seen) Detect(seen, time, message.DetectionReport, received);
                break;
            case SapientMessage.ContentOneofCase.StatusReport:
                hub.Counts.StatusReports++;
                if (_nodes.TryGetValue(message.NodeId, out Node? node)) Note(node, message.NodeId, time, message.StatusReport, received);
                break;
            case SapientMessage.ContentOneofCase.Error:
                Tell($"{remote} could not use a message: {SapientText.Shown(message.Error.ErrorMessage.FirstOrDefault())}");
                break;
            default:
                hub.Counts.Others++;
                break;
        }
        return null;
    }

    private SapientMessage? Register(string nodeId, Registration registration, Instant received)
    {
        string shown = $"node {SapientText.Shown(nodeId)} ({SapientText.Shown(registration.ShortName.Length > 0 ? registration.ShortName : registration.Name)})";
        if (nodeId.Length == 0)
        {
            hub.Reject(sink, hub.Feed, "a registration without node_id");
            return null;
        }
        int sensor = hub.Sensors.Find(nodeId, registration.ShortName, registration.Name);
        string? refusal = sensor < 0 ? $"no sensor of the site is this node; add \"sapient\": {{\"nodeId\": \"{SapientText.Shown(nodeId)}\"}} to one"
            : !_nodes.ContainsKey(nodeId) && _nodes.Count >= SapientLimits.NodesPerConnection ? $"more than {SapientLimits.NodesPerConnection} nodes on one connection"
            : hub.Own(sensor, this, nodeId);
        if (refusal is not null)
        {
            if (hub.Refuses) hub.Reject(sink, hub.Feed, $"registration of {shown} refused: {refusal}");
            return hub.Refuses ? hub.Reports.Acknowledge(received, nodeId, refusal) : null;
        }
        _nodes[nodeId] = new(sensor);
        Tell($"sensor {Id(sensor)} is {shown} at {remote}");
        if (registration.IcdVersion != SapientReports.Version)
            Tell($"sensor {Id(sensor)} speaks \"{SapientText.Shown(registration.IcdVersion)}\" and not {SapientReports.Version}: check that its plots are right");
        return hub.Reports.Acknowledge(received, nodeId, null);
    }

    /// <summary>The node of a detection. One that the site file names may speak before it has registered: a middleware may have kept its registration.</summary>
    private Node? Find(string nodeId)
    {
        if (!_nodes.TryGetValue(nodeId, out Node? node))
        {
            int sensor = hub.Sensors.Find(nodeId);
            if (sensor < 0 || _nodes.Count >= SapientLimits.NodesPerConnection)
            {
                hub.Reject(sink, hub.Feed, $"detection of node {SapientText.Shown(nodeId)}, which is no sensor of the site; add \"sapient\": {{\"nodeId\": \"…\"}} to one");
                return null;
            }
            if (hub.IsFree(sensor)) hub.Own(sensor, this, nodeId);
            node = _nodes[nodeId] = new(sensor);
            Tell($"sensor {Id(sensor)} speaks from {remote} without having registered");
        }
        if (hub.IsOwner(node.Sensor, this)) return node;
        hub.Reject(sink, Id(node.Sensor), "detection over an old connection: the node has another now");
        return null;
    }

    private void Detect(Node node, Instant? time, DetectionReport report, Instant received)
    {
        if (SapientPlots.IsLoss(report))
        {
            hub.Counts.Losses++;
            return;
        }
        if (hub.Plots.Read(node.Sensor, time, report, out Plot plot) is { } reason)
        {
            hub.Reject(sink, Id(node.Sensor), reason);
            return;
        }
        hub.Counts.Plots++;
        sink.Take(plot, received);
    }

    /// <summary>Tells what has changed in a node's status: an operator need not hear that all is as it was.</summary>
    private void Note(Node node, string nodeId, Instant? time, StatusReport report, Instant received)
    {
        string id = Id(node.Sensor);
        if (time is { } sent)
        {
            double offset = sent.SecondsSince(received);
            bool isOff = Math.Abs(offset) > (node.ClockIsOff ? SapientLimits.ClockOffsetS / 2 : SapientLimits.ClockOffsetS);
            if (isOff && !node.ClockIsOff) Tell(string.Create(CultureInfo.InvariantCulture, $"sensor {id}: its clock is {offset:+0.0;-0.0} s off this machine's"));
            else if (!isOff && node.ClockIsOff) Tell($"sensor {id}: its clock is right again");
            node.ClockIsOff = isOff;
        }
        double misplaced = hub.Plots.MisplacedM(node.Sensor, report.NodeLocation);
        if (misplaced > SapientLimits.MisplacedM && !node.IsMisplaced)
            Tell(string.Create(CultureInfo.InvariantCulture, $"sensor {id}: it says that it stands {misplaced:0} m from where the site file puts it"));
        if (!double.IsNaN(misplaced)) node.IsMisplaced = misplaced > SapientLimits.MisplacedM;

        IEnumerable<string> faults = report.Status
            .Where(s => s.StatusLevel is StatusReport.Types.StatusLevel.WarningStatus or StatusReport.Types.StatusLevel.ErrorStatus
                || s.StatusType is StatusReport.Types.StatusType.InternalFault or StatusReport.Types.StatusType.ExternalFault or StatusReport.Types.StatusType.NotDetecting)
            .Take(4).Select(s => $"{s.StatusType} {SapientText.Shown(s.StatusValue)}");
        string status = string.Join("; ", [$"system {report.System}", $"mode {SapientText.Shown(report.Mode)}", .. faults]);
        if (status == node.Status) return;
        node.Status = status;
        Tell($"sensor {id}: {status}");
        if (report.System == StatusReport.Types.System.Goodbye) Tell($"sensor {id}: node {SapientText.Shown(nodeId)} says goodbye");
    }

    private void Tell(string what)
    {
        if (clock.GetElapsedTime(_minute) >= TimeSpan.FromMinutes(1)) (_minute, _inMinute) = (clock.GetTimestamp(), 0);
        if (++_inMinute < SapientLimits.NotesPerMinute) sink.Tell(what);
        else if (_inMinute == SapientLimits.NotesPerMinute) sink.Tell($"{remote} has more to say than {SapientLimits.NotesPerMinute} notes a minute; the rest is left out");
    }

    private string Id(int sensor) => hub.Sensors.Site.Sensors[sensor].Id;

    private string Named() => _nodes.Count == 0 ? "" : $" (sensors {string.Join(", ", _nodes.Values.Select(n => Id(n.Sensor)).Order(StringComparer.Ordinal).Distinct())})";
}
