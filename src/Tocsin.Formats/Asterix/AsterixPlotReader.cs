using Tocsin.Formats.Captures;

namespace Tocsin.Formats.Asterix;

/// <summary>Turns ASTERIX datagrams into plots: categories 048 and 015; category 034 is counted.</summary>
/// <remarks>Give it every datagram in the order of arrival, then <see cref="Finish"/>. Sensors are matched by SAC and SIC. What gives no plot
/// is rejected with a reason; nothing in the octets makes it throw.</remarks>
public sealed class AsterixPlotReader : IAsterixHandler
{
    private const long TicksPerStep = Instant.TicksPerSecond / 128;
    private const long StepsPerDay = 86_400 * 128;

    private static readonly FieldLocation Area048 = Category048.Table.Locate("010/SAC"), System048 = Category048.Table.Locate("010/SIC");
    private static readonly FieldLocation Area015 = Category015.Table.Locate("010/SAC"), System015 = Category015.Table.Locate("010/SIC");
    private static readonly FieldLocation ServiceMessage = Category034.Table.Locate("000");

    private readonly AsterixSensor?[] _sensors = new AsterixSensor?[65_536];
    private readonly string?[] _unknownSensors = new string?[65_536];
    private readonly IPlotSink _sink;
    private readonly RejectionLog _rejections;
    private readonly DayResolver _days;
    private Instant? _captured;

    private AsterixPlotReader(IPlotSink sink, string source, DateOnly? date)
    {
        _sink = sink;
        _rejections = new(sink, source);
        _days = new(date);
    }

    /// <summary>What has been read so far.</summary>
    public AsterixTally Tally { get; } = new();

    /// <summary>Makes a reader.</summary>
    /// <param name="site">The site whose sensors send.</param>
    /// <param name="sink">Takes plots and rejections.</param>
    /// <param name="source">The feed's name in rejections: a file's name or an address.</param>
    /// <param name="date">The date (UTC) of the first message; null to take it from the times of capture.</param>
    /// <returns>The reader, or an error where a sensor's edition is not known or two sensors share an identity.</returns>
    public static InputResult<AsterixPlotReader> Create(SiteDefinition site, IPlotSink sink, string source, DateOnly? date)
    {
        var reader = new AsterixPlotReader(sink, source, date);
        for (int i = 0; i < site.Sensors.Length; i++)
        {
            if (site.Sensors[i].Asterix is not { } identity) continue;
            var sensor = new AsterixSensor(i, site.Sensors[i]);
            string place = $"sensor {site.Sensors[i].Id}";
            if (!sensor.Reads(Category048.Table) && !sensor.Reads(Category015.Table))
            {
                return new InputError(site.Name, place, $"edition {identity.Edition} of its ASTERIX category is not known",
                    $"give one of {Category048.Table.Editions[0]} to {Category048.Table.Editions[^1]} (category 048) or of {string.Join(", ", Category015.Table.Editions)} (category 015), or leave it out");
            }
            ref AsterixSensor? slot = ref reader._sensors[(identity.Sac << 8) | identity.Sic];
            if (slot is not null)
                return new InputError(site.Name, place, $"SAC {identity.Sac} SIC {identity.Sic} is also sensor {slot.Definition.Id}", "give each sensor its own");
            slot = sensor;
        }
        return reader;
    }

    /// <summary>Reads one datagram, or a file of raw blocks as one.</summary>
    /// <param name="datagram">Its octets.</param>
    /// <param name="offset">Where it stands in its file; 0 for a live feed.</param>
    /// <param name="captured">When it was received; null where that is not known.</param>
    public void Read(ReadOnlySpan<byte> datagram, long offset, Instant? captured)
    {
        _captured = captured;
        Tally.Datagrams++;
        AsterixPlotReader self = this;
        AsterixDecoder.Decode(CategorySet.Plots, datagram, offset, ref self);
    }

    /// <summary>Counts a piece of a capture that gave no datagram. What is not ASTERIX at all (other protocols) is not rejected.</summary>
    public void Pass(CaptureProblem problem, long offset)
    {
        Tally.Count(problem);
        if (problem is CaptureProblem.NotIp or CaptureProblem.NotUdp) return;
        _rejections.Reject(problem.Describe(), offset);
    }

    /// <summary>Tells of the rejections that were held back. A live feed calls it now and then, a file's reader at the end.</summary>
    public void Finish() => _rejections.Flush();

    void IAsterixHandler.OnBlock(int category, long offset) => Tally.CountBlock(category);

    void IAsterixHandler.OnUnknownCategory(int category, long offset, int octets)
    {
        Tally.CountUnknown(category);
        _rejections.Reject($"category {category:000} gives no plots: block passed over", offset);
    }

    void IAsterixHandler.OnProblem(AsterixProblem problem, int category, long offset, int octets)
    {
        Tally.Count(problem);
        _rejections.Reject(category < 0 ? problem.Describe() : $"category {category:000}: {problem.Describe()}", offset);
    }

    void IAsterixHandler.OnRecord(in AsterixRecord record)
    {
        Tally.CountRecord(record.Table.Category);
        if (record.Table == Category034.Table)
        {
            CountService(record);
            return;
        }
        if (record.Table == Category015.Table && record.TryRead(Category015Plots.MessageType, out long type) && type == Category015Plots.TrackEnd)
        {
            Tally.ServiceMessages++;
            return;
        }
        string? reason = TryPlot(record, out Plot plot);
        if (reason is null)
        {
            Tally.Plots++;
            _sink.Feed(CanonicalPlot.Of(plot));
        }
        else
        {
            Tally.RejectedRecords++;
            _rejections.Reject(reason, record.Offset);
        }
    }

    private void CountService(in AsterixRecord record)
    {
        const long NorthMark = 1, SectorCrossing = 2;
        Tally.ServiceMessages++;
        if (!record.TryRead(ServiceMessage, out long type)) return;
        if (type == NorthMark) Tally.NorthMarks++;
        if (type == SectorCrossing) Tally.SectorCrossings++;
    }

    /// <summary>Makes the plot; null where there is one, else the reason why not.</summary>
    private string? TryPlot(in AsterixRecord record, out Plot plot)
    {
        plot = default;
        bool of048 = record.Table == Category048.Table;
        if (!record.TryRead(of048 ? Area048 : Area015, out long sac)) return "no data source identifier (item 010)";
        record.TryRead(of048 ? System048 : System015, out long sic);
        long identity = (sac << 8) | sic;
        if (_sensors[identity] is not { } sensor)
            return _unknownSensors[identity] ??= $"SAC {sac} SIC {sic} is not a sensor of the site; add asterix {{\"sac\":{sac},\"sic\":{sic}}} to one";
        if (!sensor.Reads(record.Table))
            return $"sensor {sensor.Definition.Id} sends category {record.Table.Category:000}, of which edition {sensor.Definition.Asterix!.Edition} is not known";
        string? reason = of048
            ? Category048Plots.Read(record, sensor, out PlotContent content)
            : Category015Plots.Read(record, sensor, out content);
        if (reason is not null) return reason;
        if (content.TimeOfDay >= StepsPerDay) return "time of day beyond 24 h";
        if (_days.Resolve(content.TimeOfDay * TicksPerStep, _captured) is not { } time) return "nothing says the date; give it with --date YYYY-MM-DD";
        plot = new Plot
        {
            Time = time,
            Sensor = sensor.Index,
            Measurement = content.Measurement,
            RangeRateMps = content.RangeRateMps,
            SnrDb = content.SnrDb,
            ElevationSigmaRad = content.ElevationSigmaRad,
        };
        return null;
    }
}
