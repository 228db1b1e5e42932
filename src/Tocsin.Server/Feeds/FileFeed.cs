using System.IO.Compression;
using Tocsin.Formats;
using Tocsin.Formats.Asterix;
using Tocsin.Formats.Events;
using Tocsin.Formats.Inspect;
using Tocsin.Server.Live;

namespace Tocsin.Server.Feeds;

/// <summary>Plots from a file: CSV, JSON lines, ASTERIX (raw, pcap, pcapng) or a recording (events), also packed where its name ends in .gz.</summary>
/// <remarks>Plots come when the Site's clock reaches their times (see <see cref="PlotPacer"/>). A text that is followed is read on as it grows, and from its
/// beginning again where it was cut or replaced. The feed ends with the file.</remarks>
/// <param name="settings">What is set.</param>
/// <param name="site">The site.</param>
/// <param name="siteClock">The time that the Site goes by.</param>
/// <param name="clock">This machine's clock.</param>
/// <param name="mayShift">Whether times of the past may be moved to now: never at a real site.</param>
public sealed class FileFeed(FeedSettings settings, SiteDefinition site, SiteClock siteClock, TimeProvider clock, bool mayShift) : Feed(settings.Name, settings.Uri)
{
    private const int PieceOctets = 1 << 16;
    private static readonly TimeSpan s_lookAgain = TimeSpan.FromMilliseconds(100);

    /// <inheritdoc/>
    public override Task RunAsync(IFeedSink sink, CancellationToken stop) => FeedThread.RunAsync(Name, () => Read(sink, stop), mayLinger: false, stop);

    private void Read(IFeedSink sink, CancellationToken stop)
    {
        var pacer = new PlotPacer(settings, sink, siteClock, clock, mayShift, stop);
        string path = settings.Path;
        if (settings.Follow)
        {
            Follow(path, sink, pacer, stop);
            return;
        }
        FileKind kind = FileKinds.Detect(path, out InputError? error);
        if (error is not null) throw new IOException(error.ToString());
        switch (settings.Format)
        {
            case FeedFormat.Auto when kind is FileKind.Asterix or FileKind.Pcap or FileKind.Pcapng:
            case FeedFormat.Asterix:
                ReadAsterix(path, kind, sink, pacer);
                break;
            case FeedFormat.Auto when kind == FileKind.Events:
                if (!ReadRecording(path, sink, pacer)) ReadText(path, PlotTextFormat.JsonLines, sink, pacer, stop);
                break;
            case FeedFormat.JsonLines:
            case FeedFormat.Auto when kind == FileKind.Json:
                ReadText(path, PlotTextFormat.JsonLines, sink, pacer, stop);
                break;
            default:
                ReadText(path, PlotTextFormat.Csv, sink, pacer, stop);
                break;
        }
        pacer.End();
    }

    private void ReadAsterix(string path, FileKind kind, IFeedSink sink, PlotPacer pacer)
    {
        sink.Heard((int)Math.Min(int.MaxValue, new FileInfo(path).Length));
        // Raw blocks have no date at all: the Site's own will do, as their times are moved to now or are of today.
        DateOnly? date = settings.Date ?? (kind is FileKind.Pcap or FileKind.Pcapng ? null : DateOf(siteClock.Now));
        InputResult<AsterixTally> read = AsterixFile.ReadPlots(path, site, pacer, date);
        if (!read.Ok) throw new InvalidDataException(read.Error.ToString());
    }

    /// <summary>Reads a recording; false where it does not begin as one.</summary>
    private bool ReadRecording(string path, IFeedSink sink, PlotPacer pacer)
    {
        InputResult<EventReader> opened = EventReader.Open(path);
        if (!opened.Ok) return false;
        using EventReader reader = opened.Value;
        sink.Heard((int)Math.Min(int.MaxValue, new FileInfo(path).Length));
        var here = new SensorMap(reader.Header.Site.Definition, site, pacer, Name);
        while (reader.ReplayNext(here))
        {
        }
        return true;
    }

    private void ReadText(string path, PlotTextFormat format, IFeedSink sink, PlotPacer pacer, CancellationToken stop)
    {
        var decoder = new PlotTextDecoder(format, site, Name);
        using Stream stream = Open(path);
        byte[] piece = new byte[PieceOctets];
        for (int count = stream.Read(piece); count > 0; count = stream.Read(piece))
        {
            stop.ThrowIfCancellationRequested();
            Push(decoder, piece.AsSpan(0, count), sink, pacer);
        }
        decoder.End(pacer);
        if (decoder.HeaderProblem is { } last) throw new InvalidDataException(last.ToString());
    }

    private void Follow(string path, IFeedSink sink, PlotPacer pacer, CancellationToken stop)
    {
        byte[] piece = new byte[PieceOctets];
        while (true)
        {
            PlotTextFormat format = settings.Format == FeedFormat.JsonLines || (settings.Format == FeedFormat.Auto && path.EndsWith(".jsonl", StringComparison.OrdinalIgnoreCase))
                ? PlotTextFormat.JsonLines
                : PlotTextFormat.Csv;
            var decoder = new PlotTextDecoder(format, site, Name);
            using (Stream stream = Open(path))
            {
                long read = 0;
                while (true)
                {
                    int count = stream.Read(piece);
                    read += count;
                    if (count > 0)
                    {
                        Push(decoder, piece.AsSpan(0, count), sink, pacer);
                        continue;
                    }
                    decoder.Flush(pacer);
                    FeedThread.Wait(s_lookAgain, clock, stop);
                    if (File.Exists(path) && new FileInfo(path).Length < read) break;
                }
            }
            sink.Tell("the file was cut or replaced: it is read from its beginning again");
        }
    }

    private static void Push(PlotTextDecoder decoder, ReadOnlySpan<byte> piece, IFeedSink sink, PlotPacer pacer)
    {
        sink.Heard(piece.Length);
        decoder.Push(piece, pacer);
        if (decoder.HeaderProblem is { } problem) throw new InvalidDataException(problem.ToString());
    }

    private static Stream Open(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1);
        return path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    /// <summary>The date (UTC) of an instant.</summary>
    internal static DateOnly DateOf(Instant time) => DateOnly.FromDateTime(DateTime.UnixEpoch.AddTicks(time.Ticks));

    /// <summary>A recording numbers the sensors as its own site file does: here they are found by their ids.</summary>
    private sealed class SensorMap(SiteDefinition there, SiteDefinition here, IPlotSink sink, string name) : IPlotSink
    {
        private readonly int[] _index = [.. there.Sensors.Select(s => here.Sensors.Select(h => h.Id).ToList().IndexOf(s.Id))];

        public void Feed(in Plot plot)
        {
            int sensor = (uint)plot.Sensor < (uint)_index.Length ? _index[plot.Sensor] : Plot.UnknownSensor;
            if (sensor >= 0 || plot.Sensor < 0) sink.Feed(plot with { Sensor = sensor, Number = 0 });
            else sink.Reject(new(name, $"the site has no sensor {there.Sensors[plot.Sensor].Id}: name it in the site file or mend the plots", 1, FromFeed: true));
        }

        public void Reject(in Rejection rejection) => sink.Reject(rejection);
    }
}
