using Parquet;
using Parquet.Schema;
using Tocsin.Simulation.Campaigns;

namespace Tocsin.Campaigns;

/// <summary>Writes the table of runs as Apache Parquet: the rows and columns of <c>runs.csv</c>, with types and nulls.</summary>
public static class ParquetTable
{
    /// <summary>Writes it, a group of rows at a time.</summary>
    public static void Write(Stream stream, CampaignPlan plan, Journal journal, int runs)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(journal);
        IReadOnlyList<TableColumn> columns = CampaignFolder.Table(plan, journal.Columns);
        DataField[] fields = [.. columns.Select(FieldOf)];
        // The library works on streams asynchronously; a file is written by one thread here.
        WriteAsync(stream, plan, journal, runs, columns, fields).GetAwaiter().GetResult();
    }

    private static async Task WriteAsync(Stream stream, CampaignPlan plan, Journal journal, int runs, IReadOnlyList<TableColumn> columns, DataField[] fields)
    {
        var options = new ParquetOptions { CompressionMethod = CompressionMethod.Snappy };
        await using ParquetWriter writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), stream, options);
        writer.CustomMetadata = new Dictionary<string, string>(StringComparer.Ordinal) { ["tocsin.campaign"] = plan.Identity, ["tocsin.product"] = plan.Product };
        foreach (RunRow[] group in journal.Read(runs).Chunk(CampaignLimits.RowGroupRows))
        {
            using ParquetRowGroupWriter rows = writer.CreateRowGroup();
            object?[][] cells = [.. group.Select(row => CampaignFolder.Cells(plan, journal.Columns, row).ToArray())];
            for (int c = 0; c < columns.Count; c++)
            {
                int column = c;
                switch (columns[c])
                {
                    case { Type: ColumnType.Text }: await rows.WriteAsync(fields[c], [.. cells.Select(row => (string)row[column]!)]); break;
                    case { Type: ColumnType.Whole, IsOptional: true }: await rows.WriteAsync<long>(fields[c], cells.Select(row => (long?)row[column]).ToArray()); break;
                    case { Type: ColumnType.Whole }: await rows.WriteAsync<long>(fields[c], cells.Select(row => (long)row[column]!).ToArray()); break;
                    case { IsOptional: true }: await rows.WriteAsync<double>(fields[c], cells.Select(row => (double?)row[column]).ToArray()); break;
                    default: await rows.WriteAsync<double>(fields[c], cells.Select(row => (double)row[column]!).ToArray()); break;
                }
            }
        }
    }

    private static DataField FieldOf(TableColumn column) => new(column.Name, column.Type switch
    {
        ColumnType.Whole => typeof(long),
        ColumnType.Real => typeof(double),
        _ => typeof(string),
    }, isNullable: column.IsOptional);
}
