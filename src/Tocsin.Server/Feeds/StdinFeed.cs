using System.Buffers.Binary;
using Tocsin.Formats;
using Tocsin.Formats.Asterix;
using Tocsin.Server.Live;

namespace Tocsin.Server.Feeds;

/// <summary>Plots from standard input: CSV, JSON lines, or ASTERIX data blocks.</summary>
/// <remarks>Live plots are given on as they come. Where the first is of the past, it is a replay: see <see cref="PlotPacer"/>. A text without a header
/// is rejected line by line until one comes. A read that waits cannot be ended: when the feed is stopped, its thread is left behind.</remarks>
public sealed class StdinFeed : Feed
{
    private const int PieceOctets = 1 << 16;
    private readonly FeedSettings _settings;
    private readonly SiteDefinition _site;
    private readonly SiteClock _siteClock;
    private readonly TimeProvider _clock;
    private readonly bool _mayShift;
    private readonly Stream _input;

    /// <summary>Makes a feed of standard input.</summary>
    /// <param name="settings">What is set.</param>
    /// <param name="site">The site.</param>
    /// <param name="siteClock">The time that the Site goes by.</param>
    /// <param name="clock">This machine's clock.</param>
    /// <param name="mayShift">Whether times of the past may be moved to now: never at a real site.</param>
    public StdinFeed(FeedSettings settings, SiteDefinition site, SiteClock siteClock, TimeProvider clock, bool mayShift)
        : this(settings, site, siteClock, clock, mayShift, Console.OpenStandardInput())
    {
    }

    internal StdinFeed(FeedSettings settings, SiteDefinition site, SiteClock siteClock, TimeProvider clock, bool mayShift, Stream input) : base(settings.Name, settings.Uri) =>
        (_settings, _site, _siteClock, _clock, _mayShift, _input) = (settings, site, siteClock, clock, mayShift, input);

    /// <inheritdoc/>
    public override Task RunAsync(IFeedSink sink, CancellationToken stop) => FeedThread.RunAsync(Name, () => Read(sink, stop), mayLinger: true, stop);

    private void Read(IFeedSink sink, CancellationToken stop)
    {
        var pacer = new PlotPacer(_settings, sink, _siteClock, _clock, _mayShift, stop);
        byte[] piece = new byte[PieceOctets];
        int count = _input.Read(piece);
        Action<ReadOnlySpan<byte>> push;
        Action end;
        if (_settings.Format == FeedFormat.Asterix)
        {
            var blocks = new BlockStream(_settings, _site, _siteClock, pacer);
            (push, end) = (blocks.Push, blocks.End);
        }
        else
        {
            bool json = _settings.Format == FeedFormat.JsonLines || (_settings.Format == FeedFormat.Auto && piece.AsSpan(0, count).TrimStart(" \t\r\n"u8).StartsWith("{"u8));
            var text = new PlotTextDecoder(json ? PlotTextFormat.JsonLines : PlotTextFormat.Csv, _site, Name);
            push = p => text.Push(p, pacer);
            end = () => text.End(pacer);
        }
        for (; count > 0; count = _input.Read(piece))
        {
            stop.ThrowIfCancellationRequested();
            sink.Heard(count);
            push(piece.AsSpan(0, count));
        }
        end();
        pacer.End();
    }
}

/// <summary>Cuts a stream of ASTERIX data blocks into blocks, by their lengths, and finds the next one where it is out of step.</summary>
internal sealed class BlockStream
{
    private const int HeaderOctets = AsterixLimits.BlockHeaderOctets;
    private readonly FeedSettings _settings;
    private readonly SiteClock _siteClock;
    private readonly IPlotSink _sink;
    private readonly AsterixPlotReader _reader;
    private readonly byte[] _held = new byte[2 * AsterixLimits.BlockOctets];
    private int _count;
    private long _offset, _skipped;

    public BlockStream(FeedSettings settings, SiteDefinition site, SiteClock siteClock, IPlotSink sink)
    {
        (_settings, _siteClock, _sink) = (settings, siteClock, sink);
        InputResult<AsterixPlotReader> reader = AsterixPlotReader.Create(site, sink, settings.Name, settings.Date);
        _reader = reader.Value ?? throw new InvalidDataException(reader.Error!.ToString());
    }

    /// <summary>Takes the next octets.</summary>
    public void Push(ReadOnlySpan<byte> piece)
    {
        while (!piece.IsEmpty)
        {
            int room = Math.Min(piece.Length, _held.Length - _count);
            piece[..room].CopyTo(_held.AsSpan(_count));
            _count += room;
            piece = piece[room..];
            Cut();
        }
    }

    /// <summary>Tells of what is left: the stream has ended.</summary>
    public void End()
    {
        _skipped += _count;
        _count = 0;
        TellSkipped();
        _reader.Finish();
    }

    private void Cut()
    {
        int at = 0;
        while (_count - at >= HeaderOctets)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(_held.AsSpan(at + 1));
            if (_held[at] is not (15 or 34 or 48) || length <= HeaderOctets)
            {
                // Another category is passed over by its length only where its length leads to a header again; else octet by octet.
                int step = IsOther(at, length) ? length : 1;
                if (at + step > _count) break;
                _skipped += step;
                at += step;
                continue;
            }
            if (length > _count - at) break;
            TellSkipped();
            _reader.Read(_held.AsSpan(at, length), _offset + at, _siteClock.Now);
            at += length;
        }
        _offset += at;
        _held.AsSpan(at, _count - at).CopyTo(_held);
        _count -= at;
    }

    private bool IsOther(int at, int length)
    {
        if (length <= HeaderOctets || _held[at] == 0) return false;
        int next = at + length;
        if (_count - next < HeaderOctets) return false;
        return _held[next] == _held[at] || _held[next] is 15 or 34 or 48;
    }

    private void TellSkipped()
    {
        if (_skipped == 0) return;
        _sink.Reject(new(_settings.Name, $"{_skipped} octets that are no data block of category 015, 034 or 048: passed over", 1, FromFeed: true));
        _skipped = 0;
    }
}
