using System.Text;

namespace Tocsin.Formats.Csv;

/// <summary>What a column of a plot file holds.</summary>
internal enum PlotCsvColumn
{
    Time,
    Sensor,
    Range,
    Azimuth,
    Elevation,
    RangeRate,
    Snr,
    Other,
}

/// <summary>The header of a plot file: what each column holds, in the order of the file.</summary>
internal sealed class PlotCsvColumns
{
    private const int RequiredCount = 5;
    private const string Wanted = "begin with the header time_s,sensor,range_m,azimuth_deg,elevation_deg";
    private static readonly string[] s_names = ["time_s", "sensor", "range_m", "azimuth_deg", "elevation_deg", "range_rate_mps", "snr_db"];
    private readonly PlotCsvColumn[] _columns;

    private PlotCsvColumns(PlotCsvColumn[] columns) => _columns = columns;

    /// <summary>The columns, in the order of the file.</summary>
    public ReadOnlySpan<PlotCsvColumn> Columns => _columns;

    /// <summary>The name of a column, as the header spells it.</summary>
    public static string NameOf(PlotCsvColumn column) => s_names[(int)column];

    /// <summary>Reads a header. Columns that this program does not know are passed over.</summary>
    public static InputResult<PlotCsvColumns> Parse(ReadOnlySpan<byte> line, string file, long lineNumber)
    {
        string place = $"line {lineNumber}";
        string[] names = Encoding.UTF8.GetString(line).Split(',');
        var columns = new PlotCsvColumn[names.Length];
        Array.Fill(columns, PlotCsvColumn.Other);
        for (int i = 0; i < names.Length; i++)
        {
            int known = Array.IndexOf(s_names, names[i].Trim().Trim('"'));
            if (known < 0) continue;
            if (columns.AsSpan().Contains((PlotCsvColumn)known)) return new InputError(file, place, $"the column {s_names[known]} is there twice", "leave one out");
            columns[i] = (PlotCsvColumn)known;
        }
        if (!columns.AsSpan().ContainsAnyExcept(PlotCsvColumn.Other))
        {
            string mend = line.Contains((byte)';') || line.Contains((byte)'\t') ? "separate the columns by commas and " + Wanted : Wanted;
            return new InputError(file, place, "this is no header of a plot file", mend);
        }
        for (int i = 0; i < RequiredCount; i++)
        {
            if (!columns.AsSpan().Contains((PlotCsvColumn)i))
                return new InputError(file, place, $"the header lacks the column {s_names[i]}", Wanted);
        }
        return new PlotCsvColumns(columns);
    }
}
