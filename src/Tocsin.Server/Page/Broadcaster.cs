using System.Buffers;
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
    /// <summary>Frames remembered for viewers that come back, at most.</summary>
    public const int Remembered = 2_048;

    /// <summary>Bytes of frames remembered, at most: a raid of hundreds of rounds fills a hundred kilobytes ten times a second, and a viewer that comes back later gets a snapshot.</summary>
    public const int RememberedBytes = 16 << 20;

    /// <summary>Frames that may wait for one viewer.</summary>
    public const int Waiting = 256;

    private readonly Lock _gate = new();
    private readonly string _epoch;
    private readonly Func<byte[]> _snapshot;
    private readonly string _snapshotName;
    private readonly Frame?[] _ring = new Frame[Remembered];
    private readonly HashSet<Viewer> _viewers = [];
    private long _last, _first = 1;
    private int _rememberedBytes;

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
            Frame frame = FrameOf(name, json, ++_last);
            foreach (Viewer v in _viewers) v.Offer(frame);
            Remember(frame);
        }
    }

    /// <summary>Sends an event whose loss does not matter, as the next one says the same: a beat.</summary>
    public void SendPassing(string name, ReadOnlySpan<byte> json)
    {
        Frame frame = FrameOf(name, json, 0);
        lock (_gate)
            foreach (Viewer v in _viewers) v.OfferPassing(frame);
        frame.Release();
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
                while (viewer.Frames.Reader.TryRead(out Frame? frame))
                {
                    await response.Body.WriteAsync(frame.Bytes, both.Token);
                    frame.Release();
                }
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
            viewer.Empty();
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
                || seen > _last || seen < _first - 1) return Snapshot();
            using var missed = new MemoryStream();
            for (long i = seen + 1; i <= _last; i++) missed.Write(_ring[i % Remembered]!.Bytes.Span);
            if (missed.Length == 0) missed.Write(": nothing was missed\n\n"u8);
            return missed.ToArray();
        }
    }

    /// <summary>Remembers the newest frame, and forgets the oldest where it would be too many.</summary>
    private void Remember(Frame frame)
    {
        _rememberedBytes += frame.Bytes.Length;
        while (_first < _last && (_last - _first >= Remembered || _rememberedBytes > RememberedBytes))
        {
            ref Frame? oldest = ref _ring[_first++ % Remembered];
            _rememberedBytes -= oldest!.Bytes.Length;
            oldest.Release();
            oldest = null;
        }
        _ring[_last % Remembered] = frame;
    }

    private byte[] Restart(Viewer viewer)
    {
        lock (_gate)
        {
            // The snapshot holds it all.
            viewer.Empty();
            viewer.HasLagged = false;
            return Snapshot();
        }
    }

    private byte[] Snapshot() => FrameOf(_snapshotName, _snapshot(), _last).Bytes.ToArray();

    private Frame FrameOf(string name, ReadOnlySpan<byte> json, long id)
    {
        string head = id > 0 || name == _snapshotName
            ? string.Create(CultureInfo.InvariantCulture, $"id: {_epoch}.{id}\nevent: {name}\ndata: ")
            : $"event: {name}\ndata: ";
        var frame = new Frame(Encoding.UTF8.GetByteCount(head) + json.Length + 2);
        int at = Encoding.UTF8.GetBytes(head, frame.Buffer);
        json.CopyTo(frame.Buffer.AsSpan(at));
        "\n\n"u8.CopyTo(frame.Buffer.AsSpan(at + json.Length));
        return frame;
    }

    /// <summary>One event as it goes out, shared by those who have still to send it and by what is remembered.</summary>
    /// <remarks>Large ones serve again when all have released them: a raid makes a hundred kilobytes ten times a second, and whole collections of the heap would be made for that alone. Who
    /// does not release one costs the pool its memory, and nobody else.</remarks>
    private sealed class Frame
    {
        private const int LeastPooled = 16_384;
        private readonly bool _pooled;
        private readonly int _length;
        private int _users = 1;

        public Frame(int length)
        {
            (_length, _pooled) = (length, length >= LeastPooled);
            Buffer = _pooled ? ArrayPool<byte>.Shared.Rent(length) : new byte[length];
        }

        public byte[] Buffer { get; }

        public ReadOnlyMemory<byte> Bytes => Buffer.AsMemory(0, _length);

        public void Share() => Interlocked.Increment(ref _users);

        public void Release()
        {
            if (Interlocked.Decrement(ref _users) == 0 && _pooled) ArrayPool<byte>.Shared.Return(Buffer);
        }
    }

    private sealed class Viewer
    {
        private volatile bool _hasLagged;

        public Channel<Frame> Frames { get; } = Channel.CreateBounded<Frame>(new BoundedChannelOptions(Waiting) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

        /// <summary>Whether a frame was missed. Nothing more is offered then until the snapshot: a later frame's id would say that there is no gap.</summary>
        public bool HasLagged
        {
            get => _hasLagged;
            set => _hasLagged = value;
        }

        public void Offer(Frame frame)
        {
            if (!_hasLagged && !Takes(frame)) _hasLagged = true;
        }

        public void OfferPassing(Frame frame)
        {
            if (!_hasLagged) Takes(frame);
        }

        /// <summary>Releases what waits; nothing more may be offered then, or the broadcaster's gate is held.</summary>
        public void Empty()
        {
            while (Frames.Reader.TryRead(out Frame? frame)) frame.Release();
        }

        private bool Takes(Frame frame)
        {
            frame.Share();
            if (Frames.Writer.TryWrite(frame)) return true;
            frame.Release();
            return false;
        }
    }
}
