using Tocsin.Formats.Sapient;

namespace Tocsin.Server.Feeds.Sapient;

/// <summary>What a SAPIENT feed has counted since it was made.</summary>
public sealed class SapientCounts
{
    /// <summary>Messages read.</summary>
    public long Messages { get; internal set; }

    /// <summary>Messages that could not be read.</summary>
    public long BadMessages { get; internal set; }

    /// <summary>Messages passed over because a connection sent too many in a second.</summary>
    public long Skipped { get; internal set; }

    /// <summary>Detections that gave a plot.</summary>
    public long Plots { get; internal set; }

    /// <summary>Reports of a lost object: nothing seen, nothing wrong.</summary>
    public long Losses { get; internal set; }

    /// <summary>Status reports.</summary>
    public long StatusReports { get; internal set; }

    /// <summary>Messages of kinds that a feed has no use for.</summary>
    public long Others { get; internal set; }
}

/// <summary>What the connections of one feed have in common: the site's nodes, who feeds which sensor, and the one way to the sink.</summary>
/// <remarks>A sink takes one thread at a time: everything here is done under <see cref="Gate"/>.</remarks>
internal sealed class SapientHub(string feed, SapientSensors sensors, SapientReports reports, TimeProvider clock, bool refuses)
{
    private readonly Dictionary<int, (SapientConnection Connection, string NodeId)> _owners = [];
    private readonly Dictionary<(string Source, string Reason), (long Told, long Held)> _rejections = [];

    /// <summary>Held by whoever uses the hub or the sink.</summary>
    public Lock Gate { get; } = new();

    /// <summary>The feed's name.</summary>
    public string Feed { get; } = feed;

    /// <summary>The site's nodes.</summary>
    public SapientSensors Sensors { get; } = sensors;

    /// <summary>Makes plots.</summary>
    public SapientPlots Plots { get; } = new(sensors.Site);

    /// <summary>Makes answers.</summary>
    public SapientReports Reports { get; } = reports;

    /// <summary>The machine's clock.</summary>
    public TimeProvider Clock { get; } = clock;

    /// <summary>Whether nodes that are no sensor are told so; a middleware's other nodes are none of this feed's business.</summary>
    public bool Refuses { get; } = refuses;

    /// <summary>What has been counted.</summary>
    public SapientCounts Counts { get; } = new();

    /// <summary>Takes a sensor for a node of a connection. A node that comes again takes over from its own old connection, which may not know yet that it is dead.</summary>
    /// <returns>Null, or why it may not have it.</returns>
    public string? Own(int sensor, SapientConnection connection, string nodeId)
    {
        if (_owners.TryGetValue(sensor, out (SapientConnection Connection, string NodeId) owner)
            && !string.Equals(owner.NodeId, nodeId, StringComparison.OrdinalIgnoreCase))
        {
            return $"sensor {Sensors.Site.Sensors[sensor].Id} is node {SapientText.Shown(owner.NodeId)}, which is connected";
        }
        _owners[sensor] = (connection, nodeId);
        return null;
    }

    /// <summary>Whether a sensor is fed by a connection.</summary>
    public bool IsOwner(int sensor, SapientConnection connection) => _owners.TryGetValue(sensor, out (SapientConnection Connection, string) owner) && owner.Connection == connection;

    /// <summary>Whether a sensor is fed by nobody.</summary>
    public bool IsFree(int sensor) => !_owners.ContainsKey(sensor);

    /// <summary>Gives back what a connection has.</summary>
    public void Release(SapientConnection connection)
    {
        foreach (int sensor in _owners.Where(o => o.Value.Connection == connection).Select(o => o.Key).ToArray()) _owners.Remove(sensor);
    }

    /// <summary>Tells an operator.</summary>
    public void Tell(IFeedSink sink, string what)
    {
        lock (Gate) sink.Tell(what);
    }

    /// <summary>Tells of input that gave no plot: the first of each reason one by one, then in lots.</summary>
    public void Reject(IFeedSink sink, string source, string reason)
    {
        lock (Gate)
        {
            (string, string) key = (source, reason);
            if (!_rejections.ContainsKey(key) && _rejections.Count >= SapientLimits.RejectionReasons) key = (Feed, "further reasons");
            (long told, long held) = _rejections.GetValueOrDefault(key);
            held++;
            if (told >= SapientLimits.SingleRejections && held < SapientLimits.RejectionLot)
            {
                _rejections[key] = (told, held);
                return;
            }
            _rejections[key] = (told + 1, 0);
            sink.Reject(new Rejection(key.Item1, key.Item2, held, FromFeed: true));
        }
    }

    /// <summary>Tells of what was held back.</summary>
    public void Flush(IFeedSink sink)
    {
        lock (Gate)
        {
            foreach (((string source, string reason) key, (long told, long held)) in _rejections.OrderBy(r => r.Key.Source, StringComparer.Ordinal).ThenBy(r => r.Key.Reason, StringComparer.Ordinal).ToArray())
            {
                if (held == 0) continue;
                sink.Reject(new Rejection(key.source, key.reason, held, FromFeed: true));
                _rejections[key] = (told, 0);
            }
        }
    }
}
