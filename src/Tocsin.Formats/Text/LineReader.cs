using System.IO.Compression;

namespace Tocsin.Formats.Text;

/// <summary>How one call of <see cref="LineReader.Next"/> ended.</summary>
internal enum LineStatus
{
    /// <summary>A line was read.</summary>
    Line,
    /// <summary>The line was longer than the reader's limit and was passed over.</summary>
    TooLong,
    /// <summary>There are no more lines.</summary>
    End,
    /// <summary>The stream failed; <see cref="LineReader.Failure"/> says why.</summary>
    Failed,
}

/// <summary>Cuts a stream into lines of bytes without copying them: LF or CRLF ends a line, a UTF-8 byte order mark is passed over.</summary>
/// <remarks>A span it gave is good until the next call. A raw reader leaves the mark and the carriage returns in: for checksums.</remarks>
internal sealed class LineReader : IDisposable
{
    private const int FirstBufferBytes = 1 << 18;
    private readonly Stream _stream;
    private readonly int _maxLineBytes;
    private byte[] _buffer;
    private int _start, _end;
    private int _searched;
    private readonly bool _raw;
    private bool _streamEnded, _markChecked;

    public LineReader(Stream stream, int maxLineBytes, bool raw = false)
    {
        _stream = stream;
        _raw = _markChecked = raw;
        _maxLineBytes = maxLineBytes;
        _buffer = new byte[Math.Min(FirstBufferBytes, maxLineBytes + 2)];
    }

    /// <summary>Number of the line given last, counted from 1.</summary>
    public long LineNumber { get; private set; }

    /// <summary>Whether the line given last ended in a line feed; false for a last line without one.</summary>
    public bool LineWasEnded { get; private set; }

    /// <summary>Why the stream failed.</summary>
    public string Failure { get; private set; } = "";

    /// <summary>Whether a file's name says that it is packed by gzip.</summary>
    public static bool IsPacked(string path) => path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);

    /// <summary>Opens a file, unpacking it where its name ends in .gz.</summary>
    public static Stream OpenFile(string path)
    {
        var file = new FileStream(path, new FileStreamOptions
        {
            Mode = FileMode.Open,
            Access = FileAccess.Read,
            Share = FileShare.ReadWrite,
            BufferSize = 0,
            Options = FileOptions.SequentialScan,
        });
        return IsPacked(path) ? new GZipStream(file, CompressionMode.Decompress) : file;
    }

    /// <summary>Gives the next line, without its end.</summary>
    public LineStatus Next(out ReadOnlySpan<byte> line)
    {
        bool tooLong = false;
        while (true)
        {
            int at = _buffer.AsSpan(_start + _searched, _end - _start - _searched).IndexOf((byte)'\n');
            if (at >= 0)
            {
                line = Take(_searched + at, 1);
                LineWasEnded = true;
                return tooLong || line.Length > _maxLineBytes ? LineStatus.TooLong : LineStatus.Line;
            }
            _searched = _end - _start;
            if (_streamEnded)
            {
                line = default;
                if (Failure.Length > 0) return LineStatus.Failed;
                if (_searched == 0 && !tooLong) return LineStatus.End;
                line = Take(_searched, 0);
                LineWasEnded = false;
                return tooLong || line.Length > _maxLineBytes ? LineStatus.TooLong : LineStatus.Line;
            }
            if (_searched > _maxLineBytes + 1)
            {
                tooLong = true;
                _start = _end = _searched = 0;
            }
            Fill();
        }
    }

    public void Dispose() => _stream.Dispose();

    private ReadOnlySpan<byte> Take(int length, int endBytes)
    {
        ReadOnlySpan<byte> line = _buffer.AsSpan(_start, length);
        _start += length + endBytes;
        _searched = 0;
        LineNumber++;
        _markChecked = true;
        return !_raw && line.Length > 0 && line[^1] == '\r' ? line[..^1] : line;
    }

    private void Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }
        if (_end == _buffer.Length) Array.Resize(ref _buffer, (int)Math.Min(2L * _buffer.Length, (long)_maxLineBytes + FirstBufferBytes));
        try
        {
            int read = _stream.Read(_buffer, _end, _buffer.Length - _end);
            _end += read;
            _streamEnded = read == 0;
        }
        catch (Exception e) when (InputError.IsOfInput(e))
        {
            Failure = InputError.Of("", e).Problem;
            _streamEnded = true;
        }
        if (!_markChecked && (_end - _start >= 3 || _streamEnded))
        {
            _markChecked = true;
            if (_buffer.AsSpan(_start, _end - _start).StartsWith("\uFEFF"u8))
            {
                _start += 3;
                _searched = 0;
            }
        }
    }
}
