using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Tocsin.Cli.Demo;

/// <summary>The picture as two tables on a terminal: who is warned and how long they have, and what is in the air.</summary>
internal sealed class LiveTable(SiteDefinition site, string title, OperationStatus status, Picture picture)
{
    private const int MaxWarnings = 12, MaxTracks = 16;

    /// <summary>The tables at one moment.</summary>
    public IRenderable At(Instant now)
    {
        string mark = status == OperationStatus.Actual ? "" : $"[black on yellow] {status.ToString().ToUpperInvariant()} [/] ";
        string clock = now == Instant.MinValue ? "" : now.AddSeconds(0).ToString()[11..19] + " UTC";
        return new Rows(
            new Markup($"{mark}[bold]{Markup.Escape(title)}[/]  {clock}"),
            Zones(now),
            Tracks(now),
            new Text(string.Create(CultureInfo.InvariantCulture,
                $"{picture.Plots} plots, {picture.Confirmed} tracks, {picture.Raised} warnings raised, {picture.Over} over, {picture.Retracted} retracted")));
    }

    /// <summary>Seconds from now to an instant, never below nought: a countdown.</summary>
    public static string Countdown(Instant now, Instant then) =>
        Math.Max(0, then.SecondsSince(now)).ToString("0", CultureInfo.InvariantCulture) + " s";

    /// <summary>What people are told to do.</summary>
    public static string Say(Advice advice) => advice switch
    {
        Advice.Drop => "Drop where you are, cover your head",
        Advice.AwayFromWindows => "Away from windows, to an inner wall",
        _ => "Into the shelter",
    };

    private Table Zones(Instant now)
    {
        Table table = new Table().RoundedBorder().Title("Warned").AddColumns("Zone", "Impact in", "Probability", "Advice");
        Warning[] warnings = [.. picture.Warnings];
        foreach (Warning w in warnings.Take(MaxWarnings))
        {
            bool past = w.ImpactTime < now;
            table.AddRow(new Text(site.Zones[w.Zone].Name), past ? new Text("stay in cover") : new Markup($"[red]{Countdown(now, w.ImpactTime)}[/]"),
                new Text(w.Probability.ToString("P0", CultureInfo.InvariantCulture)), new Text(Say(w.Advice)));
        }
        AddRest(table, warnings.Length - MaxWarnings);
        return table;
    }

    private Table Tracks(Instant now)
    {
        Table table = new Table().RoundedBorder().Title("In the air").AddColumns("Track", "Kind", "Speed", "Height", "Impact in", "Ellipse");
        PicturedTrack[] tracks = [.. picture.Tracks];
        foreach (PicturedTrack t in tracks.Take(MaxTracks))
        {
            (double e, double n, double u) = t.Track.VelocityMps;
            table.AddRow(
                t.Track.Id.ToString(),
                t.Track.Kind.ToString().ToLowerInvariant(),
                string.Create(CultureInfo.InvariantCulture, $"{Math.Sqrt(e * e + n * n + u * u):0} m/s"),
                string.Create(CultureInfo.InvariantCulture, $"{t.Track.Position.HeightM - site.GroundElevationM:0} m"),
                t.Prediction is { } p ? Countdown(now, p.ImpactTime) : "",
                t.Prediction is { } q ? string.Create(CultureInfo.InvariantCulture, $"{q.Ellipse95.SemiMajorM:0} x {q.Ellipse95.SemiMinorM:0} m") : "");
        }
        AddRest(table, tracks.Length - MaxTracks);
        return table;
    }

    private static void AddRest(Table table, int count)
    {
        if (count > 0) table.AddRow($"and {count} more");
    }
}
