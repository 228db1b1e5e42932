using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Tocsin.Simulation.Campaigns;

/// <summary>The runs of a campaign as they were finished, in their order: what a killed campaign goes on from.</summary>
/// <remarks>A text file. Its first line names the campaign by its identity, its second the columns; each further line is one run. Every line begins with a checksum of the
/// rest of it (the first 16 digits of its SHA-256). Reading ends at the first line that is cut short, damaged or out of order, and writing goes on from there: a
/// line that a kill cut in two is made again, and comes out the same.</remarks>
public sealed class Journal : IDisposable
{
    private const string Schema = "tocsin.campaign.journal/1";
    private const int ChecksumDigits = 16;
    private static readonly SearchValues<byte> s_hexadecimal = SearchValues.Create("0123456789abcdef"u8);

    private readonly FileStream _file;
    private readonly string _path;

    private Journal(FileStream file, string path) => (_file, _path) = (file, path);

    /// <summary>The columns; empty before the first run.</summary>
    public IReadOnlyList<MeasureColumn> Columns { get; private set; } = [];

    /// <summary>How many runs it holds.</summary>
    public int Runs { get; private set; }

    /// <summary>Opens the journal of a campaign, to read it and to add to it; makes it where there is none.</summary>
    /// <param name="path">The file.</param>
    /// <param name="identity">The campaign's <see cref="CampaignPlan.Identity"/>.</param>
    public static Loaded<Journal> Open(string path, string identity)
    {
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, 1 << 16);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Loaded<Journal>.Failed($"{path}: cannot be written: {e.Message}; another campaign may be at work there");
        }
        var journal = new Journal(file, path);
        string? problem = journal.Recover(identity);
        if (problem is null) return Loaded<Journal>.Of(journal);
        journal.Dispose();
        return Loaded<Journal>.Failed(problem);
    }

    /// <summary>Adds a run, and gives it to the system: it outlasts the death of this process.</summary>
    /// <exception cref="InvalidOperationException">It is not the next one, or its columns are others: a fault of this program.</exception>
    public void Add(FinishedRun finished)
    {
        ArgumentNullException.ThrowIfNull(finished);
        if (finished.Row.Run != Runs) throw new InvalidOperationException($"run {finished.Row.Run} comes where run {Runs} is due");
        if (Columns.Count == 0)
        {
            Columns = finished.Columns;
            Append(string.Join('\t', Columns.Select(c => $"{c.Name}|{(c.IsCount ? "count" : "")}|{c.Means}")));
        }
        else if (!Columns.Select(c => c.Name).SequenceEqual(finished.Columns.Select(c => c.Name), StringComparer.Ordinal))
        {
            throw new InvalidOperationException($"run {finished.Row.Run} has other columns than the runs before it");
        }
        Append(Text(finished.Row));
        _file.Flush();
        Runs++;
    }

    /// <summary>Reads the runs again, from the first on, one at a time.</summary>
    public IEnumerable<RunRow> Read(int runs)
    {
        using var again = new FileStream(_path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, 1 << 16);
        using var reader = new StreamReader(again, Encoding.UTF8);
        reader.ReadLine();
        reader.ReadLine();
        for (int run = 0; run < Math.Min(runs, Runs); run++)
            yield return RowOf(reader.ReadLine()![(ChecksumDigits + 1)..], Columns.Count) ?? throw new InvalidDataException($"{_path}: run {run} cannot be read again");
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    // Everything up to the first line that does not hold is kept; the file is cut there.
    private string? Recover(string identity)
    {
        long good = 0;
        int lines = 0;
        foreach ((string? text, long end) in Lines())
        {
            if (text is null) break;
            if (lines == 0 && text != $"{Schema} {identity}")
            {
                return text.StartsWith(Schema, StringComparison.Ordinal)
                    ? $"{_path}: holds another campaign (another scenario, site, seed or build of this program); name another folder, or remove this one"
                    : $"{_path}: is not a campaign's journal; name another folder";
            }
            if (lines == 1) Columns = [.. text.Split('\t').Select(ColumnOf)];
            if (lines > 1)
            {
                if (RowOf(text, Columns.Count) is not { } row || row.Run != Runs) break;
                Runs++;
            }
            lines++;
            good = end;
        }
        if (lines == 0 && _file.Length > ChecksumDigits && !HoldsChecksum()) return $"{_path}: is not a campaign's journal; name another folder";
        // Columns without a run are written again with it.
        if (Runs == 0) (good, lines, Columns) = (0, 0, []);
        _file.SetLength(good);
        _file.Position = good;
        if (lines == 0) Append($"{Schema} {identity}");
        _file.Flush();
        return null;
    }

    // A first line of ours that was cut short may be written anew; another program's file may not.
    private bool HoldsChecksum()
    {
        _file.Position = 0;
        Span<byte> begin = stackalloc byte[ChecksumDigits];
        return _file.ReadAtLeast(begin, ChecksumDigits, throwOnEndOfStream: false) < ChecksumDigits || begin.IndexOfAnyExcept(s_hexadecimal) < 0;
    }

    // Whole lines with a right checksum, and where each ends in the file; a null text ends them.
    private IEnumerable<(string? Text, long End)> Lines()
    {
        _file.Position = 0;
        var line = new byte[CampaignLimits.JournalLineBytes];
        int length = 0;
        long end = 0;
        for (int b; (b = _file.ReadByte()) >= 0;)
        {
            end++;
            if (b != '\n')
            {
                if (length == line.Length) break;
                line[length++] = (byte)b;
                continue;
            }
            string text = Encoding.UTF8.GetString(line, 0, length);
            length = 0;
            yield return (text.Length > ChecksumDigits && text[ChecksumDigits] == ' ' && Checksum(text[(ChecksumDigits + 1)..]) == text[..ChecksumDigits] ? text[(ChecksumDigits + 1)..] : null, end);
        }
    }

    private void Append(string text) => _file.Write(Encoding.UTF8.GetBytes($"{Checksum(text)} {text}\n"));

    private static string Checksum(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..ChecksumDigits];

    private static MeasureColumn ColumnOf(string text)
    {
        string[] parts = text.Split('|', 3);
        return new(parts[0], parts.Length > 2 ? parts[2] : "", parts.Length > 1 && parts[1] == "count");
    }

    private static string Text(RunRow row) => string.Create(CultureInfo.InvariantCulture,
        $"{row.Run},{string.Join(',', row.Values.Select(CsvText.Of))}|{string.Join(';', row.Impacts.Select(i => string.Create(CultureInfo.InvariantCulture, $"{i.Salvo} {i.EastDm} {i.NorthDm}")))}");

    private static RunRow? RowOf(string text, int columns)
    {
        int bar = text.IndexOf('|', StringComparison.Ordinal);
        if (bar < 0) return null;
        string[] cells = text[..bar].Split(',');
        if (cells.Length != columns + 1 || !int.TryParse(cells[0], NumberStyles.None, CultureInfo.InvariantCulture, out int run)) return null;
        double?[] values = new double?[columns];
        for (int i = 0; i < columns; i++)
            if (cells[i + 1].Length > 0) values[i] = double.Parse(cells[i + 1], CultureInfo.InvariantCulture);
        string[] points = text.Length == bar + 1 ? [] : text[(bar + 1)..].Split(';');
        return new(run, values, [.. points.Select(p => p.Split(' ')).Select(p => new ImpactPoint(Whole(p[0]), Whole(p[1]), Whole(p[2])))]);
    }

    private static int Whole(string text) => int.Parse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
}
