using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using Tocsin.Formats.Text;
using Tocsin.Geodesy;

namespace Tocsin.Formats.JsonPlots;

/// <summary>Reads one plot from a line of JSON: the members of the events file's <c>plot</c>, or <c>time_s</c> in place of <c>plotTime</c>.</summary>
/// <remarks>As exact as the CSV reader: times to 100 ns and angles to 1e-9 degrees, straight from their decimal digits. Nothing in the octets makes it
/// throw; a line is limited by whoever cuts it, its depth by <see cref="Depth"/>.</remarks>
internal sealed class JsonPlotLine
{
    /// <summary>Nesting of a line: a plot is flat, and members that are not known may hold a little more.</summary>
    public const int Depth = 8;

    private const int TimePlaces = 7, ShownBytes = 40;
    private const long QuarterTurn = 90 * CanonicalAngle.StepsPerDegree;
    private const long LargestAzimuth = FormatLimits.PlotAzimuthDeg * CanonicalAngle.StepsPerDegree;

    private static readonly JsonReaderOptions s_options = new() { MaxDepth = Depth };
    private static readonly string[] s_names = ["type", "plotTime", "time_s", "sensor", "rangeM", "azimuthDeg", "elevationDeg", "rangeRateMps", "snrDb", "elevationSigmaDeg"];
    private static readonly byte[][] s_utf8Names = [.. s_names.Select(Encoding.UTF8.GetBytes)];

    private readonly byte[][] _sensorIds;
    private int _lastSensor;

    public JsonPlotLine(SiteDefinition site) => _sensorIds = [.. site.Sensors.Select(s => Encoding.UTF8.GetBytes(s.Id))];

    private enum Member
    {
        Type,
        PlotTime,
        TimeS,
        Sensor,
        Range,
        Azimuth,
        Elevation,
        RangeRate,
        Snr,
        ElevationSigma,
    }

    /// <summary>Reads a line; null, or what is wrong with it.</summary>
    public string? Parse(ReadOnlySpan<byte> line, out Plot plot)
    {
        plot = default;
        try
        {
            var reader = new Utf8JsonReader(line, s_options);
            return Read(ref reader, out plot);
        }
        catch (JsonException e)
        {
            return "the line is cut or malformed: " + JsonErrors.Reason(e);
        }
        catch (InvalidOperationException)
        {
            return "the line holds text that is not valid UTF-8";
        }
    }

    private string? Read(ref Utf8JsonReader reader, out Plot plot)
    {
        plot = default;
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return "the line is no JSON object";
        long ticks = 0, azimuth = 0, elevation = 0, sigma = 0;
        double rangeM = 0, rangeRateMps = double.NaN, snrDb = double.NaN;
        int sensor = Plot.UnknownSensor;
        uint seen = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            int at = Find(ref reader);
            reader.Read();
            if (at < 0)
            {
                reader.Skip();
                continue;
            }
            if ((seen & (1u << at)) != 0) return $"{s_names[at]} is there twice";
            var member = (Member)at;
            if (reader.TokenType == JsonTokenType.Null && member >= Member.RangeRate) continue;
            seen |= 1u << at;
            string? problem = member switch
            {
                Member.Type => reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("plot"u8) ? null : $"type {Show(ref reader)} is no plot",
                Member.PlotTime => ReadInstant(ref reader, out ticks),
                Member.TimeS => Fixed(ref reader, at, TimePlaces, InstantText.Earliest.Ticks, InstantText.Latest.Ticks, "POSIX seconds, years 1 to 9999", out ticks),
                Member.Sensor => FindSensor(ref reader, out sensor),
                Member.Range => Number(ref reader, at, double.Epsilon, FormatLimits.PlotRangeM, $"metres, above 0 to {FormatLimits.PlotRangeM}", out rangeM),
                Member.Azimuth => Fixed(ref reader, at, CanonicalAngle.Decimals, -LargestAzimuth, LargestAzimuth,
                    $"degrees, -{FormatLimits.PlotAzimuthDeg} to {FormatLimits.PlotAzimuthDeg}", out azimuth),
                Member.Elevation => Fixed(ref reader, at, CanonicalAngle.Decimals, -QuarterTurn, QuarterTurn, "degrees, -90 to 90", out elevation),
                Member.RangeRate => Number(ref reader, at, -FormatLimits.PlotRangeRateMps, FormatLimits.PlotRangeRateMps,
                    $"up to {FormatLimits.PlotRangeRateMps} m/s", out rangeRateMps),
                Member.Snr => Number(ref reader, at, double.MinValue, double.MaxValue, "dB", out snrDb),
                _ => Fixed(ref reader, at, CanonicalAngle.Decimals, 1, QuarterTurn, "degrees, above 0 to 90", out sigma),
            };
            if (problem is not null) return problem;
        }
        if (reader.TokenType != JsonTokenType.EndObject || reader.Read()) return "more follows the object";
        if (Has(seen, Member.PlotTime) && Has(seen, Member.TimeS)) return "plotTime and time_s are both there: leave one out";
        if (!Has(seen, Member.PlotTime) && !Has(seen, Member.TimeS)) return "plotTime is missing";
        for (int i = (int)Member.Sensor; i <= (int)Member.Elevation; i++)
            if ((seen & (1u << i)) == 0) return $"{s_names[i]} is missing";
        plot = new Plot
        {
            Time = new Instant(ticks),
            Sensor = sensor,
            Measurement = new Polar(rangeM, CanonicalAngle.ToRad(CanonicalAngle.Wrap(azimuth)), CanonicalAngle.ToRad(elevation)),
            RangeRateMps = rangeRateMps,
            SnrDb = snrDb,
            ElevationSigmaRad = Has(seen, Member.ElevationSigma) ? CanonicalAngle.ToRad(sigma) : double.NaN,
        };
        return null;
    }

    private static bool Has(uint seen, Member member) => (seen & (1u << (int)member)) != 0;

    private static int Find(ref Utf8JsonReader reader)
    {
        for (int i = 0; i < s_utf8Names.Length; i++)
            if (reader.ValueTextEquals(s_utf8Names[i])) return i;
        return -1;
    }

    private string? FindSensor(ref Utf8JsonReader reader, out int sensor)
    {
        sensor = Plot.UnknownSensor;
        if (reader.TokenType != JsonTokenType.String) return $"sensor {Show(ref reader)} is no text";
        // Plots of one sensor come together as a rule.
        if (_sensorIds.Length > 0 && reader.ValueTextEquals(_sensorIds[_lastSensor])) sensor = _lastSensor;
        for (int i = 0; i < _sensorIds.Length && sensor < 0; i++)
            if (reader.ValueTextEquals(_sensorIds[i])) sensor = _lastSensor = i;
        return sensor >= 0 ? null : $"the site has no sensor {Show(ref reader)}: name it in the site file or mend the plots";
    }

    private static string? ReadInstant(ref Utf8JsonReader reader, out long ticks)
    {
        ticks = 0;
        if (reader.TokenType != JsonTokenType.String || reader.ValueIsEscaped || !InstantText.TryParse(reader.ValueSpan, out Instant instant))
            return $"plotTime {Show(ref reader)} is no instant: write it as 2026-01-31T12:00:00.000Z";
        ticks = instant.Ticks;
        return null;
    }

    private static string? Fixed(ref Utf8JsonReader reader, int name, int places, long least, long most, string allowed, out long value)
    {
        value = 0;
        if (NotNumber(ref reader, name) is { } problem) return problem;
        NumberStatus status = NumberText.ReadFixed(reader.ValueSpan, places, out value);
        return Judge(status, value >= least && value <= most, ref reader, name, allowed);
    }

    private static string? Number(ref Utf8JsonReader reader, int name, double least, double most, string allowed, out double value)
    {
        value = double.NaN;
        if (NotNumber(ref reader, name) is { } problem) return problem;
        NumberStatus status = NumberText.ReadDouble(reader.ValueSpan, out value);
        return Judge(status, value >= least && value <= most, ref reader, name, allowed);
    }

    private static string? NotNumber(ref Utf8JsonReader reader, int name) => reader.TokenType switch
    {
        JsonTokenType.Number => null,
        JsonTokenType.Null => $"{s_names[name]} is missing",
        _ => $"{s_names[name]} {Show(ref reader)} is not a number",
    };

    private static string? Judge(NumberStatus status, bool inRange, ref Utf8JsonReader reader, int name, string allowed) => status switch
    {
        NumberStatus.Ok when inRange => null,
        NumberStatus.NotFinite => $"{s_names[name]} {Show(ref reader)} is not finite",
        NumberStatus.NotANumber or NumberStatus.Empty => $"{s_names[name]} {Show(ref reader)} is not a number",
        _ => $"{s_names[name]} {Show(ref reader)} is out of range ({allowed})",
    };

    [SuppressMessage("Style", "IDE0060", Justification = "A ref struct is passed by reference so as not to be copied.")]
    private static string Show(ref Utf8JsonReader reader)
    {
        ReadOnlySpan<byte> text = reader.ValueSpan;
        string shown = Encoding.UTF8.GetString(text.Length > ShownBytes ? text[..ShownBytes] : text);
        return InputError.OneLine(text.Length > ShownBytes ? shown + "..." : shown);
    }
}
