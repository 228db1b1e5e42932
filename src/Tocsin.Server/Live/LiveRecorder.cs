using System.IO.Compression;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using Tocsin.Formats.Events;
using Tocsin.Formats.GeoJson;

namespace Tocsin.Server.Live;

/// <summary>How the recording goes, for the page and the metrics.</summary>
/// <param name="File">The file that is being written.</param>
/// <param name="LostLines">Lines that could not be kept, since the start.</param>
/// <param name="Failing">Why nothing can be kept now; null while all is well.</param>
public sealed record RecorderState(string File, long LostLines, string? Failing);

/// <summary>Keeps the events of one Site in files, one after another, and never holds the Site up.</summary>
/// <remarks>
/// The Site's thread only hands over bytes; a task of its own writes them. Each file begins with the Site's state, so that each can be replayed by
/// itself; it is sealed when the next one begins, and then packed. When the disk refuses, lines are dropped and counted, and as soon as
/// it takes bytes again a new file begins with the state as it is then.
/// </remarks>
public sealed class LiveRecorder : IAsyncDisposable
{
    /// <summary>Bytes of one file before the next one begins.</summary>
    public const long FileBytes = 256L << 20;

    /// <summary>Bytes that may wait for the disk.</summary>
    public const long WaitingBytes = 64L << 20;

    private const string Suffix = ".events.jsonl";
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(1);

    private readonly string _folder, _name;
    private readonly SiteFile _site;
    private readonly OperationStatus _status;
    private readonly long? _seed;
    private readonly long _fileBytes;
    private readonly TimeProvider _wall;
    private readonly ILogger _log;
    private readonly Channel<Job> _jobs = Channel.CreateUnbounded<Job>(new() { SingleReader = true });
    private readonly Task _writing;
    private EventWriter? _writer;
    private Tap? _tap;
    private string _file = "";
    private string? _previousSeal;
    private volatile string? _failing;
    private volatile bool _refuses;
    private long _waiting, _lost, _tried;
    private int _files;

    /// <summary>What the writing task is asked to do: write bytes to a file, begin one, end one, or run something when all before is on the disk.</summary>
    private readonly record struct Job(string File, ReadOnlyMemory<byte> Bytes, int Lines, Action<bool>? Then, bool Opens, bool Ends);

    /// <summary>Makes a recorder that writes <c>FOLDER/NAME-time.events.jsonl</c>, of <paramref name="fileBytes"/> at most and the lines of one flush.</summary>
    public LiveRecorder(string folder, string name, SiteFile site, OperationStatus status, long? seed, TimeProvider wall, ILogger log, long fileBytes = FileBytes)
    {
        (_folder, _name, _site, _status, _seed, _wall, _log, _fileBytes) = (folder, name, site, status, seed, wall, log, fileBytes);
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>The seal of the recording before the next one that begins; null for none.</summary>
    public string? PreviousSeal { get => _previousSeal; set => _previousSeal = value; }

    /// <summary>How it goes.</summary>
    public RecorderState State => new(_file, Interlocked.Read(ref _lost), _failing);

    /// <summary>The file being written, without its folder.</summary>
    public string File => _file;

    /// <summary>Bytes handed over to the present file.</summary>
    public long Bytes => _tap?.Total ?? 0;

    /// <summary>What lines are written to; null while the disk refuses.</summary>
    public EventWriter? Writer => _refuses ? null : _writer;

    /// <summary>Begins a file; the one before is sealed and packed.</summary>
    public void Begin(Instant now, Site? state)
    {
        End(now, continued: true);
        _file = $"{_name}-{now.ToString().Replace(":", "", StringComparison.Ordinal).Replace(".", "", StringComparison.Ordinal)}-{_files++}{Suffix}";
        _tap = new(this, _file);
        _writer = new(_tap, new RecordingHeader(_site, _status, _seed) { Live = true, State = state?.Save() ?? [], Opened = now }) { PreviousSeal = _previousSeal };
        _jobs.Writer.TryWrite(new(_file, default, 0, null, Opens: true, Ends: false));
    }

    /// <summary>Hands over what was written since the last call; begins another file where this one is full or the disk takes bytes again.</summary>
    public void Flush(Instant now, Site site)
    {
        if (_refuses)
        {
            // What the writer of the broken file still holds is lost; whether the disk takes another file is tried once in a while.
            GiveUp();
            if (_wall.GetElapsedTime(_tried) < s_retry) return;
            _tried = _wall.GetTimestamp();
            _refuses = false;
            Begin(now, site);
        }
        if (_writer is null) return;
        _writer.Flush();
        if (_tap!.Total > _fileBytes) Begin(now, site);
    }

    /// <summary>Runs <paramref name="then"/> when all that was handed over is with the disk's system; with false where that failed.</summary>
    public void WhenWritten(Action<bool> then) => _jobs.Writer.TryWrite(new(_file, default, 0, then, false, false));

    /// <summary>Counts a line that came while nothing could be kept.</summary>
    public void CountLost() => Interlocked.Increment(ref _lost);

    /// <summary>Seals the present file.</summary>
    public void End(Instant now, bool continued)
    {
        if (_writer is null || _tap is null) return;
        if (_refuses) GiveUp();
        else _previousSeal = _writer.Seal(now, continued);
        _jobs.Writer.TryWrite(new(_file, default, 0, null, false, Ends: true));
        _writer = null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _jobs.Writer.TryComplete();
        await _writing.WaitAsync(TimeSpan.FromSeconds(5)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Counts what the writer of a broken file holds and will not hand over.</summary>
    private void GiveUp()
    {
        if (_writer is not null && _tap is not null) Interlocked.Add(ref _lost, _writer.Lines - _tap.Lines);
        _writer = null;
    }

    private void Hand(string file, ReadOnlySpan<byte> bytes, int lines)
    {
        if (Interlocked.Read(ref _waiting) > WaitingBytes)
        {
            Interlocked.Add(ref _lost, lines);
            _failing = "the disk does not keep up";
            _refuses = true;
            return;
        }
        Interlocked.Add(ref _waiting, bytes.Length);
        _jobs.Writer.TryWrite(new(file, bytes.ToArray(), lines, null, false, false));
    }

    private async Task WriteAsync()
    {
        FileStream? stream = null;
        string open = "";
        long whole = 0;
        bool broken = false;
        await foreach (Job job in _jobs.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            Interlocked.Add(ref _waiting, -job.Bytes.Length);
            try
            {
                if (job.Opens)
                {
                    stream?.Dispose();
                    (stream, open, broken, whole) = (null, job.File, false, 0);
                    Directory.CreateDirectory(_folder);
                    stream = new FileStream(Path.Combine(_folder, open), FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
                }
                else if (job.Bytes.Length > 0)
                {
                    if (broken || stream is null || job.File != open) Interlocked.Add(ref _lost, job.Lines);
                    else
                    {
                        stream.Write(job.Bytes.Span);
                        whole += job.Bytes.Length;
                        if (_failing is not null && !_refuses) RecorderLog.Again(_log, job.File);
                        if (!_refuses) _failing = null;
                    }
                }
                else if (job.Ends && stream is not null && job.File == open)
                {
                    stream.Dispose();
                    stream = null;
                    if (!broken) _ = Task.Run(() => Pack(Path.Combine(_folder, job.File)));
                }
                job.Then?.Invoke(!broken);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                broken = true;
                Interlocked.Add(ref _lost, job.Lines);
                if (_failing is null) RecorderLog.Failing(_log, job.File, e.Message);
                _failing = e.Message;
                _refuses = true;
                job.Then?.Invoke(false);
                stream = LeaveWhole(stream, whole);
            }
        }
        stream?.Dispose();
    }

    /// <summary>Leaves of a broken file what is whole lines, and nothing where that is nothing: tries on a full disk must not fill it.</summary>
    private FileStream? LeaveWhole(FileStream? stream, long whole)
    {
        if (stream is null) return null;
        try
        {
            stream.SetLength(whole);
            stream.Dispose();
            if (whole == 0) System.IO.File.Delete(stream.Name);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            RecorderLog.NotPacked(_log, stream.Name, e.Message);
        }
        return null;
    }

    /// <summary>Packs a sealed file; the plain one goes only when the packed one is whole.</summary>
    private void Pack(string path)
    {
        string packed = path + ".gz", part = packed + ".part";
        try
        {
            using (FileStream from = System.IO.File.OpenRead(path))
            using (var to = new GZipStream(System.IO.File.Create(part), CompressionLevel.Fastest)) from.CopyTo(to);
            System.IO.File.Move(part, packed, overwrite: true);
            System.IO.File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            RecorderLog.NotPacked(_log, path, e.Message);
        }
    }

    /// <summary>Takes what an <see cref="EventWriter"/> drains and hands it to the writing task.</summary>
    private sealed class Tap(LiveRecorder recorder, string file) : Stream
    {
        public long Total { get; private set; }

        /// <summary>Lines handed over.</summary>
        public long Lines { get; private set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => Total;

        public override long Position { get => Total; set => throw new NotSupportedException(); }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            int lines = buffer.Count((byte)'\n');
            Total += buffer.Length;
            Lines += lines;
            recorder.Hand(file, buffer, lines);
        }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();
    }
}

internal static partial class RecorderLog
{
    [LoggerMessage(10, LogLevel.Error, "The recording {File} cannot be written: {Reason}. Warnings go on; what happens now is not kept.")]
    public static partial void Failing(ILogger log, string file, string reason);

    [LoggerMessage(12, LogLevel.Information, "The disk takes the recording again: {File}.")]
    public static partial void Again(ILogger log, string file);

    [LoggerMessage(11, LogLevel.Warning, "The recording {File} could not be packed: {Reason}. It stays as it is.")]
    public static partial void NotPacked(ILogger log, string file, string reason);
}
