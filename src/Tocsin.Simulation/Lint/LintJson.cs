using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Tocsin.Simulation.Lint;

/// <summary>A lint report as one JSON object, for programs.</summary>
public static class LintJson
{
    /// <summary>The report; numbers that are not finite (never seen) are null.</summary>
    public static string Of(LintReport report, LintFiles files)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var w = new Utf8JsonWriter(buffer, new() { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            w.WriteStartObject();
            w.WriteString("scenario", files.Scenario);
            w.WriteString("site", files.Site);
            w.WriteNumber("errors", report.Findings.Count(f => f.Severity == LintSeverity.Error));
            w.WriteNumber("warnings", report.Warnings.Count());
            w.WriteStartArray("findings");
            foreach (LintFinding f in report.Findings)
            {
                w.WriteStartObject();
                w.WriteString("severity", Word(f.Severity));
                w.WriteString("rule", f.Rule);
                w.WriteString("file", f.File);
                w.WriteString("place", f.Place);
                w.WriteString("message", f.Message);
                w.WriteEndObject();
            }
            w.WriteEndArray();
            w.WriteStartArray("coverage");
            foreach (ZoneCoverage zone in report.Coverage)
            {
                w.WriteStartObject();
                w.WriteString("zone", zone.Zone);
                Number(w, "blindBelowM", zone.BlindBelowM);
                w.WriteStartObject("byRadar");
                foreach ((string sensor, double below) in zone.ByRadar) Number(w, sensor, below);
                w.WriteEndObject();
                w.WriteEndObject();
            }
            w.WriteEndArray();
            w.WriteStartArray("salvos");
            foreach (SalvoOutlook salvo in report.Salvos)
            {
                w.WriteStartObject();
                w.WriteString("salvo", salvo.Salvo);
                Number(w, "flightS", salvo.FlightS);
                Number(w, "heightAt10SM", salvo.HeightAt10SM);
                Number(w, "heightAt5SM", salvo.HeightAt5SM);
                Number(w, "seenBeforeImpactS", salvo.SeenBeforeImpactS);
                Number(w, "confirmedBeforeImpactS", salvo.ConfirmedBeforeImpactS);
                w.WriteEndObject();
            }
            w.WriteEndArray();
            w.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>A severity as lines and JSON write it.</summary>
    public static string Word(LintSeverity severity) => severity == LintSeverity.Error ? "error" : "warning";

    private static void Number(Utf8JsonWriter w, string name, double? value)
    {
        // Centimetres and hundredths of a second are more than these estimates hold.
        if (value is { } v && double.IsFinite(v)) w.WriteNumber(name, Math.Round(v, 2));
        else w.WriteNull(name);
    }
}
