using System.Globalization;
using System.Xml.Linq;
using Tocsin.Simulation.Campaigns;
using Tocsin.Simulation.Scenarios;
using static Tocsin.Simulation.Report.Markup;

namespace Tocsin.Simulation.Report;

/// <summary>Draws the distributions of a campaign.</summary>
internal static class CampaignSvg
{
    /// <summary>Alternatives that one drawing shows; more are left to the tables.</summary>
    public const int MaxAlternatives = 40;

    private const double WidthU = 800, LeftU = 56, RightU = 20, RowU = 24;

    /// <summary>How often a measure had which value in one alternative, with its mean, and with claims of it above.</summary>
    public static XElement Distribution(string id, MeasureColumn column, Histogram histogram, int alternative, Aggregate aggregate, IReadOnlyList<Claim> claims, string description)
    {
        const double plotU = 190;
        IReadOnlyList<int> counts = histogram.Counts[alternative];
        double total = Math.Max(1, counts.Sum()), most = Math.Max(1, counts.Max());
        double from = histogram.Start, to = histogram.Start + histogram.Bins * histogram.Step;
        foreach (Claim claim in claims) (from, to) = (Math.Min(from, claim.Value!.Value - histogram.Step), Math.Max(to, (claim.UpTo ?? claim.Value.Value) + histogram.Step));
        // A single bar is no distribution to look at: give it air.
        if (to - from < 6 * histogram.Step) (from, to) = (from - 3 * histogram.Step, to + 3 * histogram.Step);
        double left = claims.Count > 0 ? 300 : LeftU;
        var axis = new Axis(from, to, left, WidthU - RightU);
        double top = 14 + claims.Count * RowU, bottom = top + plotU;
        var body = new List<XElement>();
        foreach (double percent in Axis.Ticks(0, 100 * most / total, 4))
        {
            double y = bottom - plotU * 0.94 * percent / (100 * most / total);
            body.Add(S("path", A("class", "grid"), A("d", $"M{N(left)} {N(y)}H{N(WidthU - RightU)}")));
            body.Add(S("text", A("x", left - 6), A("y", y + 4), A("text-anchor", "end"), A("class", "small quietText"), Number(percent) + " %"));
        }
        for (int b = 0; b < counts.Count; b++)
        {
            if (counts[b] == 0) continue;
            double x0 = axis.X(histogram.Start + b * histogram.Step), x1 = axis.X(histogram.Start + (b + 1) * histogram.Step), height = plotU * 0.94 * counts[b] / most;
            double gap = Math.Min(2, (x1 - x0) * 0.1);
            body.Add(S("rect", A("class", "bar"), A("x", x0 + gap), A("y", bottom - height), A("width", Math.Max(0.5, x1 - x0 - 2 * gap)), A("height", height)));
        }
        body.Add(S("path", A("class", "axis"), A("d", $"M{N(left)} {N(bottom)}H{N(WidthU - RightU)}")));
        foreach (double tick in axis.TicksOf(8, histogram.IsWhole))
        {
            body.Add(S("path", A("class", "axis"), A("d", $"M{N(axis.X(tick))} {N(bottom)}v4")));
            body.Add(S("text", A("x", axis.X(tick)), A("y", bottom + 18), A("text-anchor", "middle"), A("class", "small quietText"), Number(column, tick)));
        }
        if (aggregate.Count > 0)
        {
            double x = axis.X(aggregate.Mean.Value);
            body.Add(S("path", A("class", "meanLine"), A("d", $"M{N(x)} {N(top)}V{N(bottom)}")));
            body.Add(S("path", A("class", "interval"), A("d", $"M{N(axis.X(aggregate.Mean.Low))} {N(bottom)}H{N(axis.X(aggregate.Mean.High))}")));
        }
        for (int i = 0; i < claims.Count; i++) body.AddRange(ClaimRow(claims[i], axis, 14 + i * RowU + RowU / 2, bottom, left));
        body.Add(S("text", A("x", (left + WidthU - RightU) / 2), A("y", bottom + 38), A("text-anchor", "middle"), A("class", "small"), Label(column)));
        return Drawing(id, $"Distribution of {column.Name}", description, bottom + 46, body);
    }

    /// <summary>Means and middle parts of the runs of every alternative, one row each.</summary>
    /// <param name="id">Begins the ids in the drawing.</param>
    /// <param name="column">The measure.</param>
    /// <param name="rows">The alternatives.</param>
    /// <param name="description">What it shows, for those who hear it.</param>
    /// <param name="differences">What differences they are, of which nought is marked; null for the measure itself.</param>
    public static XElement ByAlternative(string id, MeasureColumn column, IReadOnlyList<(string Name, Aggregate Aggregate)> rows, string description, string? differences = null)
    {
        (string Name, Aggregate Aggregate)[] shown = [.. rows.Where(r => r.Aggregate.Count > 0).Take(MaxAlternatives)];
        if (shown.Length == 0) return Drawing(id, column.Name, description, 30, [S("text", A("x", 12), A("y", 20), "nothing was measured")]);
        double from = shown.Min(r => r.Aggregate.Quantiles[1]), to = shown.Max(r => r.Aggregate.Quantiles[5]);
        from = Math.Min(from, shown.Min(r => r.Aggregate.Mean.Low));
        to = Math.Max(to, shown.Max(r => r.Aggregate.Mean.High));
        if (differences is not null) (from, to) = (Math.Min(from, 0), Math.Max(to, 0));
        double air = to > from ? 0.04 * (to - from) : 1, left = 250, right = WidthU - 170;
        var axis = new Axis(from - air, to + air, left, right);
        double top = 12, bottom = top + shown.Length * RowU;
        var body = new List<XElement>();
        foreach (double tick in axis.TicksOf(6, false))
        {
            body.Add(S("path", A("class", "grid"), A("d", $"M{N(axis.X(tick))} {N(top)}V{N(bottom)}")));
            body.Add(S("text", A("x", axis.X(tick)), A("y", bottom + 16), A("text-anchor", "middle"), A("class", "small quietText"), Number(column, tick)));
        }
        if (differences is not null) body.Add(S("path", A("class", "meanLine"), A("d", $"M{N(axis.X(0))} {N(top)}V{N(bottom)}")));
        for (int i = 0; i < shown.Length; i++)
        {
            (string name, Aggregate a) = shown[i];
            double y = top + (i + 0.5) * RowU;
            body.Add(S("text", A("x", left - 10), A("y", y + 4), A("text-anchor", "end"), Shortened(name, 36)));
            body.Add(S("path", A("class", "tracked"), A("d", $"M{N(axis.X(a.Quantiles[1]))} {N(y)}H{N(axis.X(a.Quantiles[5]))}")));
            body.Add(S("path", A("class", "interval"), A("d", $"M{N(axis.X(a.Mean.Low))} {N(y)}H{N(axis.X(a.Mean.High))}")));
            body.Add(S("circle", A("class", "meanDot"), A("cx", axis.X(a.Mean.Value)), A("cy", y), A("r", 4.5)));
            body.Add(S("text", A("x", right + 12), A("y", y + 4), A("class", "small"), $"{Number(column, a.Mean.Value)} ({Number(column, a.Mean.Low)} to {Number(column, a.Mean.High)})"));
        }
        body.Add(S("text", A("x", (left + right) / 2), A("y", bottom + 36), A("text-anchor", "middle"), A("class", "small"), differences is null ? Label(column) : $"{Label(column)}, {differences}"));
        return Drawing(id, $"{column.Name} by alternative", description, bottom + 44, body);
    }

    /// <summary>Impacts about the aim, to scale, north up, with the ellipses of 1, 2 and 3 sigmas.</summary>
    public static XElement Impacts(string id, Dispersion dispersion, string description)
    {
        const double sideU = 520;
        double reach = Math.Max(20, Math.Max(3.2 * dispersion.SigmaMajorM + Math.Max(Math.Abs(dispersion.MeanEastM), Math.Abs(dispersion.MeanNorthM)), dispersion.FromAim[2] * 1.1));
        double scale = sideU / (2 * reach), middle = WidthU / 2;
        double X(double east) => middle + east * scale;
        double Y(double north) => sideU / 2 + 10 - north * scale;
        var body = new List<XElement>();
        foreach (double tick in Axis.Ticks(-reach, reach, 8))
        {
            body.Add(S("path", A("class", "grid"), A("d", $"M{N(X(tick))} 10v{N(sideU)}M{N(X(-reach))} {N(Y(tick))}h{N(sideU)}")));
            body.Add(S("text", A("x", X(tick)), A("y", sideU + 26), A("text-anchor", "middle"), A("class", "small quietText"), Number(tick)));
            if (Math.Abs(tick) > 1e-9) body.Add(S("text", A("x", X(-reach) - 6), A("y", Y(tick) + 4), A("text-anchor", "end"), A("class", "small quietText"), Number(tick)));
        }
        string dots = string.Concat(dispersion.Sample.Where(p => Math.Abs(p.EastM) < reach && Math.Abs(p.NorthM) < reach).Select(p => $"M{N(X(p.EastM))} {N(Y(p.NorthM))}h0"));
        body.Add(S("path", A("class", "dots"), A("d", dots)));
        double turn = Degrees.FromRad(dispersion.OrientationRad) - 90;
        for (int k = 1; k <= 3; k++)
            body.Add(S("ellipse", A("class", k == 1 ? "sigma first" : "sigma"), A("cx", X(dispersion.MeanEastM)), A("cy", Y(dispersion.MeanNorthM)), A("rx", k * dispersion.SigmaMajorM * scale), A("ry", k * dispersion.SigmaMinorM * scale),
                A("transform", $"rotate({N(turn)} {N(X(dispersion.MeanEastM))} {N(Y(dispersion.MeanNorthM))})")));
        body.Add(S("path", A("class", "impact"), A("d", $"M{N(X(0) - 8)} {N(Y(0))}h16M{N(X(0))} {N(Y(0) - 8)}v16")));
        body.Add(S("text", A("x", middle), A("y", sideU + 46), A("text-anchor", "middle"), A("class", "small"), "metres east of the aim; north is up"));
        return Drawing(id, "Impacts about the aim", description, sideU + 54, body);
    }

    /// <summary>A figure with as many digits as a reader can use.</summary>
    public static string Number(double value)
    {
        if (double.IsNaN(value)) return NoFigure;
        double size = Math.Abs(value);
        string text = value.ToString(size >= 1000 ? "#,0" : size >= 100 ? "0.#" : size >= 1 ? "0.##" : "0.###", CultureInfo.InvariantCulture);
        return text == "-0" ? "0" : text.Replace('-', '−');
    }

    /// <summary>A measure's figure: shares as percentages.</summary>
    public static string Number(MeasureColumn column, double value) => column.Unit != "1" || double.IsNaN(value) ? Number(value) : Number(100 * value) + " %";

    private static IEnumerable<XElement> ClaimRow(Claim claim, Axis axis, double y, double bottom, double left)
    {
        double x = axis.X(claim.Value!.Value), end = claim.UpTo is { } upTo ? axis.X(upTo) : x;
        yield return S("text", A("x", left - 10), A("y", y + 4), A("text-anchor", "end"), A("class", "small"), Shortened($"{claim.By}: {claim.Says}", 48));
        yield return S("path", A("class", "claimLine"), A("d", $"M{N(x)} {N(y)}V{N(bottom)}"));
        if (claim.AtLeast) yield return S("path", A("class", "claimSpan"), A("d", $"M{N(x)} {N(y)}H{N(WidthU - RightU - 6)}m-6 -4l6 4l-6 4"));
        else if (end > x) yield return S("path", A("class", "claimSpan"), A("d", $"M{N(x)} {N(y)}H{N(end)}M{N(end)} {N(y - 5)}v10"));
        yield return S("path", A("class", "claimMark"), A("d", $"M{N(x)} {N(y - 6)}L{N(x + 6)} {N(y)}L{N(x)} {N(y + 6)}L{N(x - 6)} {N(y)}Z"));
    }

    private static XElement Drawing(string id, string title, string description, double height, IEnumerable<XElement> body) =>
        S("svg", A("viewBox", $"0 0 {N(WidthU)} {N(height)}"), A("role", "img"), A("aria-labelledby", $"{id}Title {id}Desc"),
            S("title", A("id", id + "Title"), title), S("desc", A("id", id + "Desc"), description), body);

    private static string Label(MeasureColumn column) => column.Unit == "1" ? column.Name : $"{column.Name} ({column.Unit})";

    private static string Shortened(string text, int most) => text.Length <= most ? text : text[..(most - 1)] + "…";

    /// <summary>Values along a line of the drawing.</summary>
    private readonly record struct Axis(double From, double To, double X0, double X1)
    {
        public double X(double value) => X0 + (value - From) / (To - From) * (X1 - X0);

        public IEnumerable<double> TicksOf(int about, bool whole) => Ticks(From, To, about, whole);

        public static IEnumerable<double> Ticks(double from, double to, int about, bool whole = false)
        {
            double step = Histogram.NiceStep(Math.Max((to - from) / about, 1e-12));
            if (whole) step = Math.Max(1, step);
            for (long i = (long)Math.Ceiling(from / step - 1e-9); i * step <= to + 1e-9 * step; i++) yield return i * step;
        }
    }
}
