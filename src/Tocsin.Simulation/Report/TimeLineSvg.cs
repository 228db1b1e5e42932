using System.Xml.Linq;
using static Tocsin.Simulation.Report.Markup;

namespace Tocsin.Simulation.Report;

/// <summary>What a mark on the time line stands for, and so its shape.</summary>
internal enum TimeMark
{
    Launch,
    FirstTrack,
    FirstPrediction,
    Raise,
    Impact,
    Neutralised,
    PredictedImpact,
}

/// <summary>A stretch of a time line's row, drawn with a class of the stylesheet.</summary>
internal readonly record struct TimeSpanMark(Instant From, Instant To, string Class, bool IsBox);

/// <summary>One row of a time line.</summary>
internal sealed record TimeRow(string Label, IReadOnlyList<TimeSpanMark> Spans, IReadOnlyList<(Instant Time, TimeMark Mark)> Marks, string Note);

/// <summary>A part of a time line with its heading.</summary>
internal sealed record TimePanel(string Heading, IReadOnlyList<TimeRow> Rows);

/// <summary>Draws rounds and warnings over time.</summary>
internal static class TimeLineSvg
{
    /// <summary>Rows of one panel that are drawn; more are left to the tables.</summary>
    public const int MaxRows = 60;

    private const double WidthU = 1000, LeftU = 108, RightU = 150, RowU = 19, HeadingU = 26, TopU = 34;

    /// <summary>The time line from <paramref name="start"/> to <paramref name="end"/>; what goes on beyond is cut there.</summary>
    public static XElement Draw(Instant start, Instant end, IReadOnlyList<TimePanel> panels, string description)
    {
        double spanS = Math.Max(1, end.SecondsSince(start)), stepS = StepS(spanS);
        double X(Instant t) => LeftU + Math.Clamp(t.SecondsSince(start) / spanS, 0, 1) * (WidthU - LeftU - RightU);

        var body = new List<XElement>();
        double y = TopU;
        foreach (TimePanel panel in panels)
        {
            body.Add(S("text", A("x", 8), A("y", y + 16), A("style", "font-weight:600"), panel.Heading));
            y += HeadingU;
            foreach (TimeRow row in panel.Rows.Take(MaxRows))
            {
                body.Add(Row(row, y + RowU / 2, X, end));
                y += RowU;
            }
            if (panel.Rows.Count > MaxRows)
            {
                body.Add(S("text", A("x", LeftU), A("y", y + 13), A("class", "quietText"), $"and {Count(panel.Rows.Count - MaxRows)} more in the table"));
                y += RowU;
            }
            y += 6;
        }
        var grid = new List<XElement>();
        for (double s = 0; s <= spanS + 1e-9; s += stepS)
        {
            double x = X(start.AddSeconds(s));
            grid.Add(S("path", A("class", "grid"), A("d", $"M{N(x)} {N(TopU - 8)}V{N(y)}")));
            grid.Add(S("text", A("x", x), A("y", TopU - 13), A("text-anchor", "middle"), A("class", "small quietText"), $"{N(s)} s"));
        }
        XElement legend = Legend([.. panels.SelectMany(p => p.Rows).SelectMany(r => r.Marks).Select(m => m.Mark)], y + 14, out double height);
        return S("svg", A("viewBox", $"0 0 {N(WidthU)} {N(height)}"), A("role", "img"), A("aria-labelledby", "timeTitle timeDesc"),
            S("title", A("id", "timeTitle"), "Time line"), S("desc", A("id", "timeDesc"), description), grid, body, legend);
    }

    private static XElement Row(TimeRow row, double y, Func<Instant, double> x, Instant end)
    {
        var parts = new List<XElement> { S("text", A("x", LeftU - 8), A("y", y + 4), A("text-anchor", "end"), row.Label) };
        foreach (TimeSpanMark span in row.Spans)
        {
            if (span.From > end) continue;
            double x0 = x(span.From), x1 = x(span.To);
            parts.Add(span.IsBox
                ? S("rect", A("class", span.Class), A("x", x0), A("y", y - 6), A("width", Math.Max(1, x1 - x0)), A("height", 12))
                : S("path", A("class", span.Class), A("d", $"M{N(x0)} {N(y)}H{N(x1)}")));
            if (span.IsBox && span.To > end) parts.Add(S("path", A("class", "full"), A("d", $"M{N(x1 + 2)} {N(y - 5)}L{N(x1 + 8)} {N(y)}L{N(x1 + 2)} {N(y + 5)}Z")));
        }
        foreach ((Instant time, TimeMark mark) in row.Marks)
            if (time <= end) parts.Add(Mark(mark, x(time), y));
        parts.Add(S("text", A("x", WidthU - RightU + 14), A("y", y + 4), A("class", "small"), row.Note));
        return S("g", parts);
    }

    private static XElement Mark(TimeMark mark, double x, double y) => mark switch
    {
        TimeMark.Launch => S("circle", A("class", "open"), A("cx", x), A("cy", y), A("r", 3)),
        TimeMark.FirstTrack => S("path", A("class", "full"), A("d", $"M{N(x - 4)} {N(y - 5)}L{N(x + 4)} {N(y)}L{N(x - 4)} {N(y + 5)}Z")),
        TimeMark.FirstPrediction => S("path", A("class", "predicted"), A("style", "fill:var(--panel)"), A("d", $"M{N(x)} {N(y - 5)}L{N(x + 5)} {N(y)}L{N(x)} {N(y + 5)}L{N(x - 5)} {N(y)}Z")),
        TimeMark.Raise => S("path", A("class", "raise"), A("d", $"M{N(x)} {N(y + 7)}V{N(y - 8)}L{N(x + 7)} {N(y - 5)}L{N(x)} {N(y - 2)}")),
        TimeMark.Neutralised => S("rect", A("class", "open"), A("x", x - 4), A("y", y - 4), A("width", 8), A("height", 8)),
        TimeMark.PredictedImpact => S("circle", A("class", "predicted"), A("cx", x), A("cy", y), A("r", 4)),
        _ => S("path", A("class", "impact"), A("d", $"M{N(x - 4)} {N(y - 4)}L{N(x + 4)} {N(y + 4)}M{N(x - 4)} {N(y + 4)}L{N(x + 4)} {N(y - 4)}")),
    };

    private static readonly (TimeMark Mark, string Words)[] s_legend =
    [
        (TimeMark.Launch, "launch"), (TimeMark.FirstTrack, "first track"), (TimeMark.FirstPrediction, "first prediction"),
        (TimeMark.Raise, "warning raised"), (TimeMark.Impact, "impact"), (TimeMark.Neutralised, "neutralised"), (TimeMark.PredictedImpact, "predicted impact"),
    ];

    private static XElement Legend(HashSet<TimeMark> used, double y, out double height)
    {
        XElement group = S("g");
        double x = LeftU;
        foreach ((TimeMark mark, string words) in s_legend)
        {
            if (!used.Contains(mark)) continue;
            group.Add(Mark(mark, x, y), S("text", A("x", x + 11), A("y", y + 4), A("class", "small quietText"), words));
            x += 34 + words.Length * 6.5;
        }
        height = y + 16;
        return group;
    }

    // The smallest step in use that gives ten lines at most; beyond the table, tens of the largest.
    private static double StepS(double spanS)
    {
        foreach (double step in (ReadOnlySpan<double>)[1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600])
            if (spanS / step <= 10) return step;
        double long_ = 3600;
        while (spanS / long_ > 10) long_ *= 10;
        return long_;
    }
}
