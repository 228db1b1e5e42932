using Tocsin.Formats.Asterix;
using Tocsin.Formats.Captures;

namespace Tocsin.Formats.Inspect;

/// <summary>Counts what a capture or a file of ASTERIX blocks holds.</summary>
internal sealed class CaptureInspection : IAsterixHandler
{
    /// <summary>Times beyond this are not dates that can be written.</summary>
    public const double LatestSeconds = 2.5e11;

    private readonly InspectOptions _options;
    private readonly CategorySet _categories;
    private readonly DayResolver _days;
    private readonly long[] _records = new long[256], _blocks = new long[256], _spoilt = new long[256], _unknownBlocks = new long[256];
    private readonly long[][] _items = new long[256][];
    private readonly SortedDictionary<(int Sac, int Sic, int Category), long> _sources = [];
    private readonly ProblemList _problems = new();
    private readonly List<string> _written = [];
    private long _datagrams, _others;
    private int _recordsWritten;
    private bool _datagramHasRecord, _dated;
    private Instant? _captured;
    private Instant _first = new(long.MaxValue), _last = Instant.MinValue;

    private CaptureInspection(InspectOptions options, CategorySet categories)
    {
        _options = options;
        _categories = categories;
        _days = new DayResolver(options.Date);
    }

    public static InputResult<InspectReport> Run(string path, FileKind kind, InspectOptions options)
    {
        InputResult<byte[]> file = AsterixFile.ReadWhole(path);
        if (!file.Ok) return file.Error;
        var inspection = new CaptureInspection(options, CategorySet.All);
        inspection.ReadFile(file.Value);
        int[] misfits = [.. Enumerable.Range(0, 256).Where(inspection.DoesNotFit)];
        if (misfits.Length > 0)
        {
            // Read again without their tables: what these made of the octets is not to be believed.
            inspection = new CaptureInspection(options, CategorySet.All.Without(misfits.Contains));
            foreach (int category in misfits)
            {
                string edition = CategorySet.All[category]!.Editions[^1];
                inspection._problems.Add($"category {category:000} is not of edition {edition}: its blocks are counted, not its records", 0, 0);
            }
            inspection.ReadFile(file.Value);
        }
        return inspection.Report(path, kind, file.Value.Length);
    }

    /// <summary>Whether most blocks of a category that is read for inspection only do not fit its table: they are of another edition.</summary>
    private bool DoesNotFit(int category) =>
        CategorySet.All[category] is not null && CategorySet.Plots[category] is null && _spoilt[category] * 2 > _blocks[category];

    private void ReadFile(ReadOnlySpan<byte> file)
    {
        if (CaptureReader.TryOpen(file, out CaptureReader reader)) ReadCapture(reader);
        else ReadDatagram(file, 0, null);
    }

    private void ReadCapture(CaptureReader reader)
    {
        while (reader.MoveNext(out CapturedDatagram datagram))
        {
            if (datagram.Problem != CaptureProblem.None) _problems.Add(datagram.Problem.Describe(), datagram.Offset, 0);
            if (datagram.Problem is CaptureProblem.None or CaptureProblem.CutDatagram) ReadDatagram(datagram.Payload, datagram.Offset, datagram.Captured);
        }
    }

    private void ReadDatagram(ReadOnlySpan<byte> payload, long offset, Instant? captured)
    {
        _datagrams++;
        _captured = captured;
        _datagramHasRecord = false;
        CaptureInspection self = this;
        AsterixDecoder.Decode(_categories, payload, offset, ref self);
        if (!_datagramHasRecord) _others++;
    }

    void IAsterixHandler.OnBlock(int category, long offset) => _blocks[category]++;

    void IAsterixHandler.OnUnknownCategory(int category, long offset, int octets)
    {
        _datagramHasRecord = true;
        _unknownBlocks[category]++;
    }

    void IAsterixHandler.OnProblem(AsterixProblem problem, int category, long offset, int octets)
    {
        // A cut block says nothing of its edition.
        if (category >= 0 && problem != AsterixProblem.TruncatedBlock) _spoilt[category]++;
        _problems.Add(category < 0 ? problem.Describe() : $"category {category:000}: {problem.Describe()}", offset, octets);
    }

    void IAsterixHandler.OnRecord(in AsterixRecord record)
    {
        CategoryTable table = record.Table;
        _datagramHasRecord = true;
        _records[table.Category]++;
        long[] items = _items[table.Category] ??= new long[table.Profile.Length];
        for (int frn = 0; frn < items.Length; frn++)
            if (record.Has(frn)) items[frn]++;
        ReadOnlySpan<byte> source = record.Item(table.IndexOf("010"));
        if (!source.IsEmpty)
        {
            (int, int, int) key = (source[0], source[1], table.Category);
            _sources[key] = _sources.GetValueOrDefault(key) + 1;
        }
        string time = TimeOf(record);
        if (_recordsWritten == _options.Limit) return;
        _recordsWritten++;
        _written.Add($"I{table.Category:000} at byte {record.Offset}, {record.Octets.Length} bytes{time}");
        foreach (DecodedItem item in RecordReader.Expand(record))
        {
            _written.Add($"  I{table.Category:000}/{item.Definition.Name} {item.Definition.Title}");
            foreach (DecodedField field in item.Fields)
                _written.Add($"      {(field.Path == item.Definition.Name ? "" : field.Path[(item.Definition.Name.Length)..].TrimStart('/') + " = ")}{field.Text}");
        }
    }

    /// <summary>Takes note of a record's time of day.</summary>
    private string TimeOf(in AsterixRecord record)
    {
        const int OctetsOfTime = 3;
        const long TicksPerStep = Instant.TicksPerSecond / 128;
        if (record.Table.TimeItem is not { } frn || record.Item(frn) is not { Length: OctetsOfTime } item) return "";
        long timeOfDay = (long)BitField.Read(item, 0, 8 * OctetsOfTime) * TicksPerStep;
        // Without a date the time of day counts from 1970, and only its clock part is shown.
        Instant? dated = _days.Resolve(timeOfDay, _captured);
        _dated |= dated is not null;
        Instant time = dated ?? new Instant(timeOfDay);
        if (time < _first) _first = time;
        if (time > _last) _last = time;
        return ", " + Written(time);
    }

    private string Written(Instant time)
    {
        string text = time.ToString();
        return _dated ? text : $"{text[11..^1]} (time of day)";
    }

    private InspectReport Report(string path, FileKind kind, long bytes)
    {
        var categories = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var items = new SortedDictionary<string, IReadOnlyDictionary<string, long>>(StringComparer.Ordinal);
        List<string> blocksOnly = [];
        for (int category = 0; category < 256; category++)
        {
            string name = $"{category:000}";
            if (_categories[category] is not { } table)
            {
                if (_unknownBlocks[category] == 0) continue;
                categories[name] = _unknownBlocks[category];
                blocksOnly.Add(name);
                continue;
            }
            if (_records[category] == 0) continue;
            categories[name] = _records[category];
            items[name] = new SortedDictionary<string, long>(
                Enumerable.Range(0, table.Profile.Length).Where(i => _items[category][i] > 0).ToDictionary(i => table.Profile[i]!.Name, i => _items[category][i]),
                StringComparer.Ordinal);
        }
        bool timed = _last > Instant.MinValue, capture = kind is FileKind.Pcap or FileKind.Pcapng;
        return new()
        {
            File = path,
            Kind = kind.ToString().ToLowerInvariant(),
            Bytes = bytes,
            Datagrams = capture ? _datagrams : null,
            OtherDatagrams = capture ? _others : null,
            Categories = categories,
            BlocksOnly = blocksOnly,
            Sources = [.. _sources.Select(s => new InspectSource(s.Key.Sac, s.Key.Sic, $"{s.Key.Category:000}", s.Value))],
            Items = items,
            FirstTime = timed ? Written(_first) : null,
            LastTime = timed ? Written(_last) : null,
            Problems = _problems.ToList(),
            Records = _written,
        };
    }
}
