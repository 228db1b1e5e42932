using System.Buffers;
using System.IO.Compression;
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
/// The Site's thread only hands over bytes; a thread of its own writes them, since a warning waits for its line. Each file begins with the Site's state, so that each can be replayed by
/// itself; it is sealed when the next one begins, and then packed, which like snapshots is left to threads that run when nothing else has to. When the disk refuses, lines are
/// dropped and counted, and as soon as it takes bytes again a new file begins with the state as it is then.
/// </remarks>
public sealed class LiveRecorder : IAsyncDisposable
{
    /// <summary>Bytes of one file before the next one begins.</summary>
    public const long FileBytes = 256L << 20;

    /// <summary>Bytes that may wait for the disk.</summary>
    public const long WaitingBytes = 64L << 20;

    private const string Suffix = ".events.jsonl";
    // A seal is some 250 bytes.
    private const int SealBytes = 1_024;
    private static readonly TimeSpan s_retry = TimeSpan.FromSeconds(1), s_close = TimeSpan.FromSeconds(5);

    private readonly string _folder, _name;
    private readonly SiteFile _site;
    private readonly OperationStatus _status;
    private readonly long? _seed;
    private readonly long _fileBytes;
    private readonly TimeProvider _wall;
    private readonly ILogger _log;
    private readonly Queue<Job> _jobs = new();
    private readonly object _gate = new(), _asideGate = new();
    private readonly Thread _writing, _beside;
    private readonly List<(object Subject, Action What)> _asides = [];
    private bool _ends, _asideEnds;
    private EventWriter? _writer;
    private Tap? _tap;
    private string _file = "";
    private string? _previousSeal;
    private volatile string? _failing;
    private volatile bool _refuses;
    private long _waiting, _lost, _tried;
    private int _files;

    /// <summary>What the writing thread is asked to do: write bytes to a file, begin one, end one, or run something when all before is on the disk.</summary>
    private readonly record struct Job(string File, ReadOnlyMemory<byte> Bytes, int Lines, Action<bool>? Then, bool Opens, bool Ends, byte[]? Rented = null);

    /// <summary>Makes a recorder that writes <c>FOLDER/NAME-time.events.jsonl</c>, of <paramref name="fileBytes"/> at most and the lines of one flush.</summary>
    public LiveRecorder(string folder, string name, SiteFile site, OperationStatus status, long? seed, TimeProvider wall, ILogger log, long fileBytes = FileBytes)
    {
        (_folder, _name, _site, _status, _seed, _wall, _log, _fileBytes) = (folder, name, site, status, seed, wall, log, fileBytes);
        _writing = new(Write) { Name = "recording " + name, IsBackground = true };
        _beside = new(WorkAside) { Name = "beside " + name, IsBackground = true };
        _writing.Start();
        _beside.Start();
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
        Put(new(_file, default, 0, null, Opens: true, Ends: false));
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
    public void WhenWritten(Action<bool> then) => Put(new(_file, default, 0, then, false, false));

    /// <summary>Runs <paramref name="what"/> on a thread that gives way to all others, one after another.</summary>
    /// <param name="subject">What it is about: of one subject only the newest waits, and one that has not begun gives way to it.</param>
    /// <param name="what">What is to be done.</param>
    public void Aside(object subject, Action what)
    {
        lock (_asideGate)
        {
            _asides.RemoveAll(a => ReferenceEquals(a.Subject, subject));
            _asides.Add((subject, what));
            Monitor.Pulse(_asideGate);
        }
    }

    /// <summary>Packs what a server that has ended left sealed and unpacked, and deletes what it left of a packing that it did not finish. Does not wait.</summary>
    public void PackLeft()
    {
        string present = _file;
        Lowered("pack " + _name, () =>
        {
            try
            {
                foreach (string part in Directory.EnumerateFiles(_folder, "*" + Suffix + ".gz.part")) System.IO.File.Delete(part);
                foreach (string path in Directory.EnumerateFiles(_folder, "*" + Suffix))
                    if (Path.GetFileName(path) != present && IsSealed(path)) Pack(path);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                RecorderLog.NotPacked(_log, _folder, e.Message);
            }
        });
    }

    /// <summary>Counts a line that came while nothing could be kept.</summary>
    public void CountLost() => Interlocked.Increment(ref _lost);

    /// <summary>Seals the present file.</summary>
    public void End(Instant now, bool continued)
    {
        if (_writer is null || _tap is null) return;
        if (_refuses) GiveUp();
        else _previousSeal = _writer.Seal(now, continued);
        Put(new(_file, default, 0, null, false, Ends: true));
        _writer = null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _ends = true;
            Monitor.Pulse(_gate);
        }
        // What is to be done aside may be asked for by the last thing written.
        await Task.Run(() => _writing.Join(s_close)).ConfigureAwait(false);
        lock (_asideGate)
        {
            _asideEnds = true;
            Monitor.Pulse(_asideGate);
        }
        await Task.Run(() => _beside.Join(s_close)).ConfigureAwait(false);
    }

    private void Put(in Job job)
    {
        lock (_gate)
        {
            if (_ends) return;
            _jobs.Enqueue(job);
            Monitor.Pulse(_gate);
        }
    }

    private bool Next(out Job job)
    {
        lock (_gate)
        {
            while (!_jobs.TryDequeue(out job))
            {
                if (_ends) return false;
                Monitor.Wait(_gate);
            }
            return true;
        }
    }

    private void WorkAside()
    {
        Urgency.LowerThisThread();
        while (true)
        {
            Action what;
            lock (_asideGate)
            {
                while (_asides.Count == 0 && !_asideEnds) Monitor.Wait(_asideGate);
                if (_asides.Count == 0) return;
                what = _asides[0].What;
                _asides.RemoveAt(0);
            }
            what();
        }
    }

    private static void Lowered(string name, Action what) => new Thread(() =>
    {
        Urgency.LowerThisThread();
        what();
    })
    { Name = name, IsBackground = true }.Start();

    /// <summary>Whether a recording's last line seals it.</summary>
    private static bool IsSealed(string path)
    {
        using FileStream stream = System.IO.File.OpenRead(path);
        stream.Position = Math.Max(0, stream.Length - SealBytes);
        byte[] end = new byte[SealBytes];
        ReadOnlySpan<byte> last = end.AsSpan(0, stream.ReadAtLeast(end, end.Length, throwOnEndOfStream: false));
        if (last.IsEmpty || last[^1] != '\n') return false;
        last = last[..^1];
        return last[(last.LastIndexOf((byte)'\n') + 1)..].StartsWith("{\"type\":\"recording.sealed\""u8);
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
        byte[] rented = ArrayPool<byte>.Shared.Rent(bytes.Length);
        bytes.CopyTo(rented);
        Put(new(file, rented.AsMemory(0, bytes.Length), lines, null, false, false, rented));
    }

    private void Write()
    {
        Urgency.RaiseThisThread();
        FileStream? stream = null;
        string open = "";
        long whole = 0;
        bool broken = false;
        while (Next(out Job job))
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
                    string path = Path.Combine(_folder, job.File);
                    if (!broken) Lowered("pack " + _name, () => Pack(path));
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
            if (job.Rented is not null) ArrayPool<byte>.Shared.Return(job.Rented);
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

    /// <summary>Takes what an <see cref="EventWriter"/> drains and hands it to the writing thread.</summary>
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
