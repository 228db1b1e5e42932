using System.Runtime.InteropServices;
using System.Text;
using Microsoft.AspNetCore.Http;
using Tocsin.Server.Page;

namespace Tocsin.Server.Tests.Page;

/// <summary>One server-sent event as a browser takes it (WHATWG HTML, 9.2.6), with the bytes that it came in.</summary>
internal sealed record Seen(string? Id, string Name, string Data, byte[] Bytes);

/// <summary>A browser that listens to a broadcaster, as slowly as a test wants.</summary>
internal sealed class ViewerStub : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly Body _body;
    private readonly Task _serving;

    /// <summary>Connects.</summary>
    /// <param name="broadcaster">What to listen to.</param>
    /// <param name="lastId">The last id of an earlier connection.</param>
    /// <param name="slow">Whether each write waits for <see cref="Let"/>.</param>
    public ViewerStub(Broadcaster broadcaster, string? lastId = null, bool slow = false)
    {
        _body = new(slow);
        var context = new DefaultHttpContext();
        context.Response.Body = _body;
        if (lastId is not null) context.Request.Headers["Last-Event-ID"] = lastId;
        _serving = broadcaster.ServeAsync(context, _end.Token);
    }

    /// <summary>What came so far.</summary>
    public Seen[] Seen => _body.Seen;

    /// <summary>Lets so many more writes through.</summary>
    public void Let(int writes) => _body.Permits.Release(writes);

    /// <summary>Waits until something has come.</summary>
    public Task Until(Func<Seen[], bool> has) => Eventually.TrueAsync(() => has(Seen));

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _serving.WaitAsync(TimeSpan.FromSeconds(60));
        _end.Dispose();
        await _body.DisposeAsync();
    }

    private sealed class Body(bool slow) : Stream
    {
        private readonly List<Seen> _seen = [];

        public SemaphoreSlim Permits { get; } = new(0);

        public Seen[] Seen
        {
            get
            {
                lock (_seen) return [.. _seen];
            }
        }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => 0;

        public override long Position { get => 0; set => throw new NotSupportedException(); }

        public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (slow) await Permits.WaitAsync(cancellationToken);
            byte[] bytes = MemoryMarshal.TryGetArray(buffer, out ArraySegment<byte> whole) && whole.Count == whole.Array!.Length ? whole.Array : buffer.ToArray();
            lock (_seen)
                foreach (string frame in Encoding.UTF8.GetString(buffer.Span).Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
                {
                    string? Field(string name) => frame.Split('\n').Where(l => l.StartsWith(name + ": ", StringComparison.Ordinal)).Select(l => l[(name.Length + 2)..]).LastOrDefault();
                    if (Field("event") is { } named) _seen.Add(new(Field("id"), named, Field("data") ?? "", bytes));
                }
        }

        public override void Flush()
        {
        }

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            Permits.Dispose();
            base.Dispose(disposing);
        }
    }
}
