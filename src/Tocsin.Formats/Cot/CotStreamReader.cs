namespace Tocsin.Formats.Cot;

/// <summary>Finds the events in a stream of bytes: XML documents one after another, TAK protocol frames, or first the one and then the other, as the
/// negotiation of a connection has it.</summary>
/// <remarks>Rubbish is counted and passed over: the reader goes on at the next byte that can begin an event. It never throws for what it
/// reads, and holds at most one event's bytes.</remarks>
public sealed class CotStreamReader
{
    private static readonly int s_problems = Enum.GetValues<CotProblem>().Length;
    private readonly byte[] _buffer = new byte[CotLimits.EventBytes + CotLimits.FrameHeaderBytes];
    private readonly long[] _rejected = new long[s_problems];
    private int _start;
    private int _end;
    private int _searched;
    private int _failures;

    /// <summary>Bytes that belonged to no event.</summary>
    public long SkippedBytes { get; private set; }

    /// <summary>Good messages without an event.</summary>
    public long Controls { get; private set; }

    /// <summary>What looked like an event and was refused.</summary>
    public long Rejected => _rejected.Sum();

    /// <summary>What was refused for one reason.</summary>
    public long RejectedFor(CotProblem problem) => _rejected[(int)problem];

    /// <summary>Takes the next bytes of the stream and adds the events that they complete.</summary>
    public void Append(ReadOnlySpan<byte> bytes, ICollection<CotEvent> events)
    {
        while (!bytes.IsEmpty)
        {
            if (_end == _buffer.Length) Compact();
            int count = Math.Min(bytes.Length, _buffer.Length - _end);
            bytes[..count].CopyTo(_buffer.AsSpan(_end));
            bytes = bytes[count..];
            _end += count;
            while (_start < _end && Step(events))
            {
            }
            if (_start == _end) _start = _end = _searched = 0;
        }
    }

    private void Compact()
    {
        _buffer.AsSpan(_start.._end).CopyTo(_buffer);
        (_end, _searched, _start) = (_end - _start, Math.Max(0, _searched - _start), 0);
    }

    /// <summary>Takes one thing off the front; false where it needs more bytes.</summary>
    private bool Step(ICollection<CotEvent> events)
    {
        ReadOnlySpan<byte> bytes = _buffer.AsSpan(_start.._end);
        switch (bytes[0])
        {
            case CotFraming.Magic:
                return StepFrame(bytes, events);
            case (byte)'<':
                return StepXml(bytes, events);
            case (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n':
                _start++;
                return true;
            default:
                int next = bytes.IndexOfAny((byte)'<', CotFraming.Magic);
                Skip(next < 0 ? bytes.Length : next);
                return true;
        }
    }

    private bool StepFrame(ReadOnlySpan<byte> bytes, ICollection<CotEvent> events)
    {
        int header = 1;
        uint length = 0;
        byte last;
        do
        {
            if (header == CotLimits.FrameHeaderBytes) return Reject(CotProblem.TooLong, 1);
            if (header == bytes.Length) return false;
            last = bytes[header];
            length |= (uint)(last & 0x7F) << (7 * (header - 1));
            header++;
        } while (last >= 0x80);
        if (length > CotLimits.EventBytes) return Reject(CotProblem.TooLong, 1);
        // A TakMessage begins with the tag of field 1 or 2: rubbish is known as such before all of its bytes are waited for.
        if (length > 0 && bytes.Length > header && bytes[header] is not (0x0A or 0x12)) return Reject(CotProblem.BadProtobuf, 1);
        int total = header + (int)length;
        if (bytes.Length < total) return false;
        if (CotProtobuf.TryRead(bytes[header..total], out CotEvent? cot, out CotProblem problem))
        {
            events.Add(cot);
            return Taken(total);
        }
        if (problem == CotProblem.None)
        {
            Controls++;
            return Taken(total);
        }
        return Reject(problem, problem != CotProblem.BadProtobuf || ++_failures > CotLimits.Resynchronisations ? total : 1);
    }

    private bool StepXml(ReadOnlySpan<byte> bytes, ICollection<CotEvent> events)
    {
        bool isHeader = Begins(bytes, "<?xml"u8);
        if (!isHeader && !Begins(bytes, "<event"u8))
        {
            Skip(1);
            return true;
        }
        int from = Math.Max(1, _searched - _start - "</event>"u8.Length);
        int close = from < bytes.Length ? bytes[from..].IndexOf("</event>"u8) : -1;
        if (close >= 0) close += from;
        int broken = Broken(bytes[..(close < 0 ? bytes.Length : close)], from);
        if (broken >= 0) return Reject(CotProblem.NotUtf8, broken);
        if (close < 0)
        {
            _searched = _end;
            if (bytes.Length < CotLimits.EventBytes) return false;
            int last = bytes[1..].LastIndexOf("<event"u8);
            return Reject(CotProblem.TooLong, last < 0 ? bytes.Length : last + 1);
        }
        int total = close + "</event>"u8.Length;
        if (CotXml.TryRead(bytes[..total], out CotEvent? cot, out CotProblem problem))
        {
            events.Add(cot);
            return Taken(total);
        }
        // An event that was cut off stands before a whole one: only the last beginning can belong to this end.
        int inner = bytes[1..total].LastIndexOf("<event"u8) + 1;
        if (inner == 0) return Reject(problem, total);
        if (!isHeader || inner > bytes.IndexOf("<event"u8)) return Reject(problem, inner);
        // Perhaps only the header was cut off.
        Skip(inner);
        return true;
    }

    /// <summary>Whether the bytes begin with <paramref name="with"/>, as far as there are bytes.</summary>
    private static bool Begins(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> with) => bytes.Length < with.Length ? with.StartsWith(bytes) : bytes.StartsWith(with);

    /// <summary>Where a frame begins inside what looks like XML, since no UTF-8 text has the magic byte behind an ASCII one; -1 where none does.</summary>
    private static int Broken(ReadOnlySpan<byte> bytes, int from)
    {
        for (int at = Math.Max(1, from); at < bytes.Length; at++)
        {
            int next = bytes[at..].IndexOf(CotFraming.Magic);
            if (next < 0) return -1;
            at += next;
            if (bytes[at - 1] < 0x80) return at;
        }
        return -1;
    }

    private bool Taken(int count)
    {
        _start += count;
        _searched = _start;
        _failures = 0;
        return true;
    }

    private bool Reject(CotProblem problem, int count)
    {
        _rejected[(int)problem]++;
        Skip(count);
        return true;
    }

    private void Skip(int count)
    {
        SkippedBytes += count;
        _start += count;
        _searched = Math.Max(_searched, _start);
    }
}
