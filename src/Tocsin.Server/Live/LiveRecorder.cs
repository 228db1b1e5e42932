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
/// The Site's thread only hands over lines; a thread of its own opens the files, writes the lines, keeps the hash and seals, since a warning waits for its line. Each file begins with the Site's
/// state, so that each can be replayed by itself; it is sealed when the next one begins, and then packed, which like snapshots is left to threads that run when nothing else has to. When the disk refuses, lines are
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
    private readonly object _gate = new();
    private readonly Thread _writing;
    private readonly LowThread _beside, _packing;
    private bool _ends;
    private EventWriter? _writer;
    private Tap? _tap;
    private string _file = "";
    private volatile string? _previousSeal;
    private volatile string? _failing;
    private volatile bool _refuses;
    private long _waiting, _lost, _tried, _whole;
    private int _files;

    /// <summary>What the writing thread is asked to do: write lines to a file, begin one, end one, or run something when all before is on the disk.</summary>
    private readonly record struct Job(string File)
    {
        public ReadOnlyMemory<byte> Bytes { get; init; }
        public int Lines { get; init; }
        public byte[]? Rented { get; init; }
        public RecordingHeader? Opens { get; init; }
        public SavedState? State { get; init; }
        public (Instant Time, bool Continued)? Ends { get; init; }
        public Action<bool>? Then { get; init; }
    }

    /// <summary>Makes a recorder that writes <c>FOLDER/NAME-time.events.jsonl</c>, of <paramref name="fileBytes"/> at most and the lines of one flush.</summary>
    public LiveRecorder(string folder, string name, SiteFile site, OperationStatus status, long? seed, TimeProvider wall, ILogger log, long fileBytes = FileBytes)
    {
        (_folder, _name, _site, _status, _seed, _wall, _log, _fileBytes) = (folder, name, site, status, seed, wall, log, fileBytes);
        _writing = new(Write) { Name = "recording " + name, IsBackground = true };
        _beside = new("beside " + name);
        _packing = new("pack " + name);
        _writing.Start();
    }

    /// <summary>The seal of the newest recording that was sealed; null for none. In what <see cref="WhenWritten"/> runs: of the one before the present one.</summary>
    public string? PreviousSeal { get => _previousSeal; set => _previousSeal = value; }

    /// <summary>Memory for the Site's states: those that files begin with, and those of snapshots.</summary>
    internal StatePool States { get; } = new();

    /// <summary>How it goes.</summary>
    public RecorderState State => new(_file, Interlocked.Read(ref _lost), _failing);

    /// <summary>The file being written, without its folder.</summary>
    public string File => _file;

    /// <summary>Bytes that the present file has. In what <see cref="WhenWritten"/> runs: with everything that was handed over before.</summary>
    public long Bytes => Interlocked.Read(ref _whole);

    /// <summary>What lines are written to; null while the disk refuses.</summary>
    public EventWriter? Writer => _refuses ? null : _writer;

    /// <summary>Begins a file with the state of a Site, null where that has seen nothing; the file before is sealed and packed.</summary>
    public void Begin(Instant now, Site? site)
    {
        SavedState? state = site is null ? null : States.Of(site);
        Begin(now, state);
        state?.Release();
    }

    private void Begin(Instant now, SavedState? state)
    {
        End(now, continued: true);
        _file = $"{_name}-{now.ToString().Replace(":", "", StringComparison.Ordinal).Replace(".", "", StringComparison.Ordinal)}-{_files++}{Suffix}";
        _tap = new(this, _file);
        var header = new RecordingHeader(_site, _status, _seed) { Live = true, State = state?.Bytes ?? default, Opened = now };
        _writer = new(_tap, header, between: true);
        Put(new(_file) { Opens = header, State = state?.Share(), Lines = 1 });
    }

    /// <summary>Hands over what was written since the last call; begins another file where this one is full or the disk takes bytes again.</summary>
    /// <returns>The state that another file began with, for the caller to release; null where none was begun.</returns>
    public SavedState? Flush(Instant now, Site site)
    {
        if (_refuses)
        {
            // What the writer of the broken file still holds is lost; whether the disk takes another file is tried once in a while.
            GiveUp();
            if (_wall.GetElapsedTime(_tried) < s_retry) return null;
            _tried = _wall.GetTimestamp();
            _refuses = false;
        }
        else
        {
            _writer?.Flush();
            if (_writer is null || _tap!.Total <= _fileBytes) return null;
        }
        SavedState state = States.Of(site);
        Begin(now, state);
        return state;
    }

    /// <summary>Runs <paramref name="then"/> when all that was handed over is with the disk's system; with false where that failed.</summary>
    public void WhenWritten(Action<bool> then) => Put(new(_file) { Then = then });

    /// <summary>Runs <paramref name="what"/> on a thread that gives way to all others, one after another.</summary>
    /// <param name="subject">What it is about: of one subject only the newest waits, and one that has not begun gives way to it.</param>
    /// <param name="what">What is to be done.</param>
    public void Aside(object subject, Action what) => _beside.Do(subject, what);

    /// <summary>Packs what a server that has ended left sealed and unpacked, and deletes what it left of a packing that it did not finish. Does not wait.</summary>
    public void PackLeft()
    {
        string present = _file;
        _packing.Do(new(), () =>
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
        if (_refuses)
        {
            GiveUp();
            return;
        }
        _writer.Flush();
        Put(new(_file) { Ends = (now > _writer.LastTime ? now : _writer.LastTime, continued) });
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
        await _beside.EndAsync(s_close).ConfigureAwait(false);
        // Nobody waits for the packing: what is not packed when the process ends the next server packs.
        await _packing.EndAsync(TimeSpan.Zero).ConfigureAwait(false);
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
        Put(new(file) { Bytes = rented.AsMemory(0, bytes.Length), Lines = lines, Rented = rented });
    }

    private void Write()
    {
        Urgency.RaiseThisThread();
        FileStream? stream = null;
        EventWriter? writer = null;
        string open = "";
        bool broken = false;
        while (Next(out Job job))
        {
            Interlocked.Add(ref _waiting, -job.Bytes.Length);
            try
            {
                if (job.Opens is { } header)
                {
                    stream?.Dispose();
                    (stream, writer, open, broken) = (null, null, job.File, false);
                    Interlocked.Exchange(ref _whole, 0);
                    Directory.CreateDirectory(_folder);
                    stream = new FileStream(Path.Combine(_folder, open), FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
                    writer = new(stream, header);
                    writer.Open();
                    writer.Flush();
                }
                else if (job.Bytes.Length > 0)
                {
                    if (writer is null || job.File != open) Interlocked.Add(ref _lost, job.Lines);
                    else
                    {
                        writer.Append(job.Bytes.Span, job.Lines);
                        if (_failing is not null && !_refuses) RecorderLog.Again(_log, job.File);
                        if (!_refuses) _failing = null;
                    }
                }
                else if (job.Ends is { } end && writer is not null && job.File == open)
                {
                    writer.PreviousSeal = _previousSeal;
                    _previousSeal = writer.Seal(end.Time, end.Continued);
                    EventWriter whole = writer;
                    (stream, writer) = (null, null);
                    string path = Path.Combine(_folder, job.File);
                    // Some file systems write a file out when it is closed: a tenth of a second that no warning should wait for.
                    _packing.Do(new(), () =>
                    {
                        whole.Dispose();
                        Pack(path);
                    });
                }
                if (stream is not null) Interlocked.Exchange(ref _whole, stream.Position);
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
                LeaveWhole(stream, Interlocked.Read(ref _whole));
                // A writer whose stream has failed leaves no seal.
                writer?.Dispose();
                (stream, writer) = (null, null);
            }
            job.State?.Release();
            if (job.Rented is not null) ArrayPool<byte>.Shared.Return(job.Rented);
        }
        stream?.Dispose();
    }

    /// <summary>Leaves of a broken file what is whole lines, and nothing where that is nothing: tries on a full disk must not fill it.</summary>
    private void LeaveWhole(FileStream? stream, long whole)
    {
        if (stream is null) return;
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

        /// <summary>Lines handed over, and the first one, which the writing thread makes.</summary>
        public long Lines { get; private set; } = 1;

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
