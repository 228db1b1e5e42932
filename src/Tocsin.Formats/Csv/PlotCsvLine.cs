using System.Globalization;
using System.Text;
using Tocsin.Formats.Text;
using Tocsin.Geodesy;

namespace Tocsin.Formats.Csv;

/// <summary>Why a line gave no plot.</summary>
internal enum PlotCsvFault
{
    None,
    TooFewFields,
    TooManyFields,
    Quoting,
    NotANumber,
    OutOfRange,
    UnknownSensor,
    TooLong,
}

/// <summary>Reads one line of a plot file. The words for what is wrong are made only where somebody will read them.</summary>
internal sealed class PlotCsvLine
{
    private const int TimePlaces = 7;
    private const long QuarterTurn = 90 * CanonicalAngle.StepsPerDegree;
    private const long LargestAzimuth = FormatLimits.PlotAzimuthDeg * CanonicalAngle.StepsPerDegree;
    private const int ShownBytes = 40;

    private readonly PlotCsvColumns _columns;
    private readonly byte[][] _sensorIds;
    private int _lastSensor;

    // The field at fault: its column, where it stands in the line, and what became of its number.
    private PlotCsvColumn _column;
    private Range _field;
    private NumberStatus _number;
    private int _fieldCount;

    public PlotCsvLine(PlotCsvColumns columns, SiteDefinition site)
    {
        _columns = columns;
        _sensorIds = [.. site.Sensors.Select(s => Encoding.UTF8.GetBytes(s.Id))];
    }

    /// <summary>Reads a line.</summary>
    public PlotCsvFault Parse(ReadOnlySpan<byte> line, out Plot plot)
    {
        plot = default;
        long ticks = 0, azimuth = 0, elevation = 0;
        double rangeM = 0, rangeRateMps = double.NaN, snrDb = double.NaN;
        int sensor = Plot.UnknownSensor, start = 0;
        ReadOnlySpan<PlotCsvColumn> columns = _columns.Columns;
        _fieldCount = 0;
        while (start <= line.Length)
        {
            int length = line[start..].IndexOf((byte)',');
            if (length < 0) length = line.Length - start;
            if (_fieldCount == columns.Length)
            {
                _fieldCount += 1 + line[start..].Count((byte)',');
                return PlotCsvFault.TooManyFields;
            }
            _column = columns[_fieldCount++];
            _field = start..(start + length);
            if (!Bare(line.Slice(start, length), out ReadOnlySpan<byte> field)) return PlotCsvFault.Quoting;
            start += length + 1;
            switch (_column)
            {
                case PlotCsvColumn.Time:
                    _number = NumberText.ReadFixed(field, TimePlaces, out ticks);
                    if (_number == NumberStatus.Ok && (ticks < InstantText.Earliest.Ticks || ticks > InstantText.Latest.Ticks)) return PlotCsvFault.OutOfRange;
                    break;
                case PlotCsvColumn.Sensor:
                    sensor = Find(field);
                    if (sensor < 0) return PlotCsvFault.UnknownSensor;
                    continue;
                case PlotCsvColumn.Range:
                    _number = NumberText.ReadDouble(field, out rangeM);
                    if (_number == NumberStatus.Ok && !(rangeM > 0 && rangeM <= FormatLimits.PlotRangeM)) return PlotCsvFault.OutOfRange;
                    break;
                case PlotCsvColumn.Azimuth:
                    _number = NumberText.ReadFixed(field, CanonicalAngle.Decimals, out azimuth);
                    if (_number == NumberStatus.Ok && azimuth is < -LargestAzimuth or > LargestAzimuth) return PlotCsvFault.OutOfRange;
                    break;
                case PlotCsvColumn.Elevation:
                    _number = NumberText.ReadFixed(field, CanonicalAngle.Decimals, out elevation);
                    if (_number == NumberStatus.Ok && elevation is < -QuarterTurn or > QuarterTurn) return PlotCsvFault.OutOfRange;
                    break;
                case PlotCsvColumn.RangeRate:
                    if (field.IsEmpty) continue;
                    _number = NumberText.ReadDouble(field, out rangeRateMps);
                    if (_number == NumberStatus.Ok && Math.Abs(rangeRateMps) > FormatLimits.PlotRangeRateMps) return PlotCsvFault.OutOfRange;
                    break;
                case PlotCsvColumn.Snr:
                    if (field.IsEmpty) continue;
                    _number = NumberText.ReadDouble(field, out snrDb);
                    break;
                default:
                    continue;
            }
            if (_number != NumberStatus.Ok) return PlotCsvFault.NotANumber;
        }
        if (_fieldCount < columns.Length) return PlotCsvFault.TooFewFields;
        plot = new Plot
        {
            Time = new Instant(ticks),
            Sensor = sensor,
            Measurement = new Polar(rangeM, CanonicalAngle.ToRad(CanonicalAngle.Wrap(azimuth)), CanonicalAngle.ToRad(elevation)),
            RangeRateMps = rangeRateMps,
            SnrDb = snrDb,
        };
        return PlotCsvFault.None;
    }

    /// <summary>Says what was wrong with the line read last.</summary>
    public string Describe(PlotCsvFault fault, ReadOnlySpan<byte> line)
    {
        string name = _column == PlotCsvColumn.Other ? "a column" : PlotCsvColumns.NameOf(_column);
        string shown = fault is PlotCsvFault.TooLong ? "" : Show(line[_field]);
        return fault switch
        {
            PlotCsvFault.TooFewFields => Count($"{_fieldCount} fields where the header has {_columns.Columns.Length}: the line is cut or incomplete"),
            PlotCsvFault.TooManyFields => Count($"{_fieldCount} fields where the header has {_columns.Columns.Length}"),
            PlotCsvFault.Quoting => $"{name} {shown}: a quoted field may hold no comma and no quote",
            PlotCsvFault.UnknownSensor => $"the site has no sensor {shown}: name it in the site file or mend the plots",
            PlotCsvFault.OutOfRange => $"{name} {shown} is out of range ({Allowed(_column)})",
            PlotCsvFault.TooLong => Count($"longer than {FormatLimits.PlotLineBytes} bytes"),
            _ => _number switch
            {
                NumberStatus.Empty => $"{name} is missing",
                NumberStatus.NotFinite => $"{name} {shown} is not finite",
                NumberStatus.OutOfRange => $"{name} {shown} is out of range ({Allowed(_column)})",
                _ => $"{name} {shown} is not a number",
            },
        };
    }

    private int Find(ReadOnlySpan<byte> id)
    {
        // Plots of one sensor come together as a rule.
        if (id.SequenceEqual(_sensorIds[_lastSensor])) return _lastSensor;
        for (int i = 0; i < _sensorIds.Length; i++)
            if (id.SequenceEqual(_sensorIds[i])) return _lastSensor = i;
        return Plot.UnknownSensor;
    }

    /// <summary>Takes blanks and a plain pair of quotes off a field; false where the quotes hold more than text.</summary>
    private static bool Bare(ReadOnlySpan<byte> field, out ReadOnlySpan<byte> bare)
    {
        bare = field;
        if (field.IsEmpty || (field[0] > '"' && field[^1] > '"')) return true;
        bare = field.Trim(" \t"u8);
        if (!bare.Contains((byte)'"')) return true;
        if (bare.Length < 2 || bare[0] != '"' || bare[^1] != '"') return false;
        bare = bare[1..^1];
        return !bare.Contains((byte)'"');
    }

    private static string Allowed(PlotCsvColumn column) => column switch
    {
        PlotCsvColumn.Time => "POSIX seconds, years 1 to 9999",
        PlotCsvColumn.Range => Count($"metres, above 0 to {FormatLimits.PlotRangeM}"),
        PlotCsvColumn.Azimuth => Count($"degrees, -{FormatLimits.PlotAzimuthDeg} to {FormatLimits.PlotAzimuthDeg}"),
        PlotCsvColumn.Elevation => "degrees, -90 to 90",
        _ => Count($"up to {FormatLimits.PlotRangeRateMps} m/s"),
    };

    private static string Show(ReadOnlySpan<byte> field)
    {
        string text = Encoding.UTF8.GetString(field.Length > ShownBytes ? field[..ShownBytes] : field).Trim();
        return field.Length > ShownBytes ? text + "..." : text;
    }

    private static string Count(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
