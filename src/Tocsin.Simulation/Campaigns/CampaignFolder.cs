using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using static Tocsin.Simulation.Campaigns.CsvText;

namespace Tocsin.Simulation.Campaigns;

/// <summary>The type of a column, as tables store it.</summary>
public enum ColumnType
{
    /// <summary>A whole number.</summary>
    Whole,
    /// <summary>A floating-point number.</summary>
    Real,
    /// <summary>Text.</summary>
    Text,
}

/// <summary>A column of the table of runs.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Its type.</param>
/// <param name="IsOptional">Whether a run may have nothing in it.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Means">What it is.</param>
public sealed record TableColumn(string Name, ColumnType Type, bool IsOptional, string Unit, string Means);

/// <summary>The files that a campaign leaves in its folder: names, and the texts among them.</summary>
/// <remarks>No clock, no processor time, no machine's name: the same runs give the same bytes. Each file is written beside its place and then moved there, so that whoever reads
/// never sees half of one.</remarks>
/// <param name="path">The folder.</param>
public sealed class CampaignFolder(string path)
{
    /// <summary>The campaign itself.</summary>
    public const string DocumentName = "campaign.json";

    /// <summary>What a killed campaign goes on from.</summary>
    public const string JournalName = "runs.journal";

    /// <summary>The table of runs.</summary>
    public const string RunsName = "runs.csv";

    /// <summary>The same as Parquet.</summary>
    public const string ParquetName = "runs.parquet";

    /// <summary>What the columns are.</summary>
    public const string SchemaName = "schema.json";

    /// <summary>Statistics by alternative and measure.</summary>
    public const string AggregatesName = "aggregates.csv";

    /// <summary>Paired differences between alternatives.</summary>
    public const string DifferencesName = "differences.csv";

    /// <summary>Dispersion of the impacts.</summary>
    public const string DispersionName = "dispersion.csv";

    /// <summary>The report.</summary>
    public const string ReportName = "report.html";

    /// <summary>The folder of plots.</summary>
    public const string PlotsName = "plots";

    private static readonly JsonSerializerOptions s_readable = new() { WriteIndented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The path of one of its files.</summary>
    public string this[string name] => System.IO.Path.Combine(path, name);

    /// <summary>The columns of the table of runs.</summary>
    public static IReadOnlyList<TableColumn> Table(CampaignPlan plan, IReadOnlyList<MeasureColumn> measures)
    {
        ArgumentNullException.ThrowIfNull(plan);
        return
        [
            new("run", ColumnType.Whole, false, "count", "The run's number: replication times the number of alternatives, plus the alternative."),
            new("replication", ColumnType.Whole, false, "count", "The replication: the same raid, weather and chance for every alternative."),
            new("alternative", ColumnType.Whole, false, "count", "The alternative's number."),
            new("seed", ColumnType.Whole, false, "1", "The campaign's root seed; with the replication it gives all random streams."),
            .. plan.Factors.Select((f, i) => new TableColumn(f.Column, IsNumeric(plan, i) ? ColumnType.Real : ColumnType.Text, false, f.Factor.Unit ?? "1",
                $"What is varied: {f.Factor.Name}{(f.Factor.Path is { } at ? $" ({at})" : "")}.")),
            .. measures.Select(m => new TableColumn(m.Name, m.IsCount ? ColumnType.Whole : ColumnType.Real, true, m.Unit, m.Means)),
        ];
    }

    /// <summary>A run's cells: whole numbers as <see cref="long"/>, others as <see cref="double"/>, texts, or null.</summary>
    public static IEnumerable<object?> Cells(CampaignPlan plan, IReadOnlyList<MeasureColumn> measures, RunRow row)
    {
        CampaignAlternative alternative = plan.AlternativeOf(row.Run);
        yield return (long)row.Run;
        yield return (long)plan.ReplicationOf(row.Run);
        yield return (long)alternative.Index;
        yield return plan.Seed;
        for (int f = 0; f < plan.Factors.Count; f++) yield return IsNumeric(plan, f) ? alternative.Numbers[f] : alternative.Labels[f];
        for (int m = 0; m < measures.Count; m++) yield return row.Values[m] is not { } value ? null : measures[m].IsCount ? (object)(long)value : value;
    }

    /// <summary>Writes one file at once.</summary>
    public void Write(string name, Action<Stream> write)
    {
        ArgumentNullException.ThrowIfNull(write);
        string place = this[name], beside = place + ".part";
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(place)!);
        using (var stream = new FileStream(beside, FileMode.Create, FileAccess.Write, FileShare.None, 1 << 16)) write(stream);
        File.Move(beside, place, overwrite: true);
    }

    /// <summary>Writes a text.</summary>
    public void WriteText(string name, Action<TextWriter> write) => Write(name, stream =>
    {
        using var writer = new StreamWriter(stream, new UTF8Encoding(false), 1 << 16, leaveOpen: true) { NewLine = "\n" };
        write(writer);
    });

    /// <summary>Writes the table of runs.</summary>
    public void WriteRuns(CampaignPlan plan, Journal journal, int runs)
    {
        ArgumentNullException.ThrowIfNull(journal);
        WriteText(RunsName, writer =>
        {
            writer.Write(Line(Table(plan, journal.Columns).Select(c => c.Name)));
            foreach (RunRow row in journal.Read(runs)) writer.Write(Line(Cells(plan, journal.Columns, row).Select(Cell)));
        });
    }

    /// <summary>Writes what the columns are.</summary>
    public void WriteSchema(CampaignPlan plan, IReadOnlyList<MeasureColumn> measures)
    {
        var document = new JsonObject
        {
            ["schema"] = "tocsin.campaign.columns/1",
            ["files"] = new JsonArray(RunsName, ParquetName),
            ["rows"] = "one for each run, by run number; a cell is empty (null) where there was nothing to measure",
            ["columns"] = new JsonArray([.. Table(plan, measures).Select(c => new JsonObject
            {
                ["name"] = c.Name,
                ["type"] = c.Type switch { ColumnType.Whole => "int64", ColumnType.Real => "double", _ => "string" },
                ["optional"] = c.IsOptional,
                ["unit"] = c.Unit,
                ["meaning"] = c.Means,
            })]),
        };
        WriteText(SchemaName, w => w.Write(document.ToJsonString(s_readable) + "\n"));
    }

    /// <summary>Writes aggregates, differences and dispersion.</summary>
    public void WriteStatistics(CampaignResults results)
    {
        ArgumentNullException.ThrowIfNull(results);
        CampaignPlan plan = results.Plan;
        string[] factors = [.. plan.Factors.Select(f => f.Column)];
        WriteText(AggregatesName, w =>
        {
            w.Write(Line(["alternative", .. factors, "measure", "unit", "runs", "mean", "mean_low_95", "mean_high_95", "standard_deviation", "least", "p05", "p25", "p50", "p75", "p95", "greatest"]));
            foreach (CampaignAlternative alternative in plan.Alternatives)
            {
                foreach (Aggregate a in results.Aggregates[alternative.Index])
                    w.Write(Line([Of(alternative.Index), .. FactorCells(plan, alternative), a.Column.Name, a.Column.Unit, Of(a.Count), Real(a.Mean.Value), Real(a.Mean.Low), Real(a.Mean.High),
                        a.Count > 1 ? Real(a.Deviation) : "", .. a.Quantiles.Select(Real)]));
            }
        });
        WriteText(DifferencesName, w =>
        {
            w.Write(Line(["alternative", "reference", "alternative_name", "reference_name", "measure", "unit", "replications", "mean_difference", "mean_difference_low_95", "mean_difference_high_95",
                "standard_deviation", "less_share", "more_share"]));
            foreach (Difference d in results.Differences)
                w.Write(Line([Of(d.Alternative), Of(d.Reference), Of(plan.Alternatives[d.Alternative].Name), Of(plan.Alternatives[d.Reference].Name), d.Column.Name, d.Column.Unit, Of(d.Count),
                    Real(d.Mean.Value), Real(d.Mean.Low), Real(d.Mean.High), d.Count > 1 ? Real(d.Deviation) : "", Real(d.LessShare), Real(d.MoreShare)]));
        });
        WriteText(DispersionName, w =>
        {
            w.Write(Line(["alternative", "impacts", "mean_east_of_aim_m", "mean_north_of_aim_m", "sigma_major_m", "sigma_minor_m", "orientation_deg", "r50_about_mean_m", "r90_about_mean_m", "r95_about_mean_m",
                "r50_about_aim_m", "r90_about_aim_m", "r95_about_aim_m"]));
            foreach (Dispersion d in results.Dispersions)
                w.Write(Line([Of(d.Alternative), Of(d.Count), Real(d.MeanEastM), Real(d.MeanNorthM), Real(d.SigmaMajorM), Real(d.SigmaMinorM), Real(Scenarios.Degrees.FromRad(d.OrientationRad)),
                    .. d.FromMean.Select(Real), .. d.FromAim.Select(Real)]));
        });
    }

    private static IEnumerable<string> FactorCells(CampaignPlan plan, CampaignAlternative alternative) =>
        Enumerable.Range(0, plan.Factors.Count).Select(f => IsNumeric(plan, f) ? Of(alternative.Numbers[f]) : Of(alternative.Labels[f]));

    // Labels given for numbers are for reports; the table keeps the numbers.
    private static bool IsNumeric(CampaignPlan plan, int factor) => plan.Alternatives.All(a => a.Numbers[factor] is not null);

    private static string Cell(object? value) => value switch
    {
        null => "",
        double d => Of(d),
        long n => n.ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => Of((string)value),
    };

    private static string Real(double value) => double.IsNaN(value) ? "" : Of(value);
}
