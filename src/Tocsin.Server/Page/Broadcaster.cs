using System.Globalization;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Tocsin.Server.Page;

/// <summary>Sends the same server-sent events to any number of viewers, and lets each go on where its connection broke.</summary>
/// <remarks>A frame is made once and handed to all. Each viewer has a short queue of its own: one that does not keep up misses frames and then gets a whole
/// snapshot, so that it can neither hold up the others nor see a picture with a gap. Format: WHATWG HTML, section 9.2.</remarks>
public sealed class Broadcaster
{
    /// <summary>Frames remembered for viewers that come back.</summary>
    public const int Remembered = 2_048;

    /// <summary>Frames that may wait for one viewer.</summary>
    public const int Waiting = 256;

    private readonly Lock _gate = new();
    private readonly string _epoch;
    private readonly Func<byte[]> _snapshot;
    private readonly string _snapshotName;
    private readonly byte[][] _ring = new byte[Remembered][];
    private readonly HashSet<Viewer> _viewers = [];
    private long _last;

    /// <summary>Makes a broadcaster.</summary>
    /// <param name="epoch">Differs from start to start of the server, so that a viewer of an earlier one gets a snapshot.</param>
    /// <param name="snapshotName">The name of the event that carries a whole snapshot.</param>
    /// <param name="snapshot">Makes the snapshot's data, one line of JSON.</param>
    public Broadcaster(string epoch, string snapshotName, Func<byte[]> snapshot) => (_epoch, _snapshotName, _snapshot) = (epoch, snapshotName, snapshot);

    /// <summary>Viewers connected now.</summary>
    public int Viewers
    {
        get
        {
            lock (_gate) return _viewers.Count;
        }
    }

    /// <summary>Sends an event that a viewer must not miss.</summary>
    public void Send(string name, ReadOnlySpan<byte> json)
    {
        lock (_gate)
        {
            byte[] frame = Frame(name, json, ++_last);
            _ring[_last % Remembered] = frame;
            foreach (Viewer v in _viewers) v.Offer(frame);
        }
    }

    /// <summary>Sends an event whose loss does not matter, as the next one says the same: a beat.</summary>
    public void SendPassing(string name, ReadOnlySpan<byte> json)
    {
        byte[] frame = Frame(name, json, 0);
        lock (_gate)
            foreach (Viewer v in _viewers) v.OfferPassing(frame);
    }

    /// <summary>Serves one viewer until it goes or the server stops.</summary>
    public async Task ServeAsync(HttpContext context, CancellationToken stop)
    {
        HttpResponse response = context.Response;
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-store";
        // Proxies that collect bytes would hold a warning back.
        response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        using var both = CancellationTokenSource.CreateLinkedTokenSource(stop, context.RequestAborted);
        var viewer = new Viewer();
        byte[] first = Join(viewer, context.Request.Headers["Last-Event-ID"].ToString());
        try
        {
            await response.Body.WriteAsync(first, both.Token);
            await response.Body.FlushAsync(both.Token);
            while (viewer.HasLagged || await viewer.Frames.Reader.WaitToReadAsync(both.Token))
            {
                if (viewer.HasLagged) await response.Body.WriteAsync(Restart(viewer), both.Token);
                while (viewer.Frames.Reader.TryRead(out byte[]? frame)) await response.Body.WriteAsync(frame, both.Token);
                await response.Body.FlushAsync(both.Token);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The viewer went, or the server stops.
        }
        finally
        {
            lock (_gate) _viewers.Remove(viewer);
        }
    }

    /// <summary>Adds a viewer and gives what it has to see first: what it missed, or a snapshot. Nothing can be sent in between.</summary>
    private byte[] Join(Viewer viewer, string lastId)
    {
        lock (_gate)
        {
            _viewers.Add(viewer);
            string[] parts = lastId.Split('.');
            if (parts.Length != 2 || parts[0] != _epoch || !long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out long seen)
                || seen > _last || _last - seen >= Remembered) return Snapshot();
            using var missed = new MemoryStream();
            for (long i = seen + 1; i <= _last; i++) missed.Write(_ring[i % Remembered]);
            if (missed.Length == 0) missed.Write(": nothing was missed\n\n"u8);
            return missed.ToArray();
        }
    }

    private byte[] Restart(Viewer viewer)
    {
        lock (_gate)
        {
            while (viewer.Frames.Reader.TryRead(out _))
            {
                // The snapshot holds it all.
            }
            viewer.HasLagged = false;
            return Snapshot();
        }
    }

    private byte[] Snapshot() => Frame(_snapshotName, _snapshot(), _last);

    private byte[] Frame(string name, ReadOnlySpan<byte> json, long id)
    {
        string head = id > 0 || name == _snapshotName
            ? string.Create(CultureInfo.InvariantCulture, $"id: {_epoch}.{id}\nevent: {name}\ndata: ")
            : $"event: {name}\ndata: ";
        byte[] frame = new byte[Encoding.UTF8.GetByteCount(head) + json.Length + 2];
        int at = Encoding.UTF8.GetBytes(head, frame);
        json.CopyTo(frame.AsSpan(at));
        "\n\n"u8.CopyTo(frame.AsSpan(at + json.Length));
        return frame;
    }

    private sealed class Viewer
    {
        private volatile bool _hasLagged;

        public Channel<byte[]> Frames { get; } = Channel.CreateBounded<byte[]>(new BoundedChannelOptions(Waiting) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

        /// <summary>Whether a frame was missed. Nothing more is offered then until the snapshot: a later frame's id would say that there is no gap.</summary>
        public bool HasLagged
        {
            get => _hasLagged;
            set => _hasLagged = value;
        }

        public void Offer(byte[] frame)
        {
            if (!_hasLagged && !Frames.Writer.TryWrite(frame)) _hasLagged = true;
        }

        public void OfferPassing(byte[] frame)
        {
            if (!_hasLagged) Frames.Writer.TryWrite(frame);
        }
    }
}
