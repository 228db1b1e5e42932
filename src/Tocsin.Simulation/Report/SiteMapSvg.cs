using System.Xml.Linq;
using Tocsin.Geodesy;
using Tocsin.Numerics;
using static Tocsin.Simulation.Report.Markup;

namespace Tocsin.Simulation.Report;

/// <summary>A round's true impact on the map.</summary>
internal readonly record struct MapImpact(string Label, double EastM, double NorthM);

/// <summary>A predicted impact on the map; <paramref name="TrueImpact"/> is the index of the impact that it foretold, -1 where unknown.</summary>
internal readonly record struct MapPrediction(string Label, double EastM, double NorthM, GroundEllipse Ellipse95, int TrueImpact);

/// <summary>Something that a defence let fall: a piece of a round, or else one that stands for some of its shells.</summary>
internal readonly record struct MapFallen(bool IsDebris, double EastM, double NorthM);

/// <summary>What a map shows beside the site itself.</summary>
internal sealed record MapContent
{
    /// <summary>By zone: its class in the stylesheet, and what it means in words.</summary>
    public required IReadOnlyList<(string Class, string Words)> Zones { get; init; }

    public required IReadOnlyList<MapImpact> Impacts { get; init; }

    public required IReadOnlyList<MapPrediction> Predictions { get; init; }

    public IReadOnlyList<MapFallen> Fallen { get; init; } = [];

    /// <summary>What each class of zone means, for the legend.</summary>
    public required IReadOnlyList<(string Class, string Words)> Legend { get; init; }

    /// <summary>The map in a sentence, for those who do not see it.</summary>
    public required string Description { get; init; }
}

/// <summary>Draws a site to scale, north up.</summary>
internal sealed class SiteMapSvg
{
    private const double WidthU = 800, MarginU = 14, LegendRowU = 20;
    // Impacts farther outside the zones than this share of the zones' extent are left to the table.
    private const double OutsideShare = 0.35;
    private readonly SiteDefinition _site;
    private readonly MapContent _content;
    private readonly double _minEast, _maxNorth, _scale, _heightU;

    private SiteMapSvg(SiteDefinition site, MapContent content)
    {
        (_site, _content) = (site, content);
        (double minE, double minN, double maxE, double maxN) = Bounds();
        double margin = 0.03 * Math.Max(maxE - minE, maxN - minN) + 20;
        (minE, minN, maxE, maxN) = (minE - margin, minN - margin, maxE + margin, maxN + margin);
        // No map narrower than a third of its height or flatter than that: widen it instead.
        double width = Math.Max(maxE - minE, 0.7 * (maxN - minN)), height = Math.Max(maxN - minN, 0.4 * width);
        _minEast = (minE + maxE - width) / 2;
        _maxNorth = (minN + maxN + height) / 2;
        _scale = WidthU / width;
        _heightU = height * _scale;
    }

    public static XElement Draw(SiteDefinition site, MapContent content) => new SiteMapSvg(site, content).Draw();

    private XElement Draw()
    {
        XElement legend = Legend(out double legendHeight);
        var taken = new List<Box>(Labelled().Select(l => Box.Around(l.X, l.Y)));
        int outside = _content.Impacts.Count(i => !IsOnMap(i.EastM, i.NorthM));
        return S("svg", A("viewBox", $"0 0 {N(WidthU)} {N(_heightU + legendHeight)}"), A("role", "img"), A("aria-labelledby", "mapTitle mapDesc"),
            S("title", A("id", "mapTitle"), $"Map of {_site.Name}"),
            S("desc", A("id", "mapDesc"), _content.Description),
            S("defs", Hatch("needless", "M-2 2L2 -2M0 8L8 0M6 10L10 6"), Hatch("missed", "M0 0L8 8M0 8L8 0"),
                S("clipPath", A("id", "mapArea"), S("rect", A("width", WidthU), A("height", _heightU)))),
            S("g", A("clip-path", "url(#mapArea)"),
                Zones("zone"), Zones(null), Things(), _content.Fallen.Where(f => IsOnMap(f.EastM, f.NorthM)).Select(f => Fallen(f.IsDebris, X(f.EastM), Y(f.NorthM))), _content.Predictions.Select(Prediction), _content.Impacts.Select(Impact), ZoneLabels(taken), RoundLabels(taken)),
            outside > 0 ? S("text", A("x", MarginU), A("y", 20), A("class", "small halo"), $"{outside} {(outside == 1 ? "impact lies" : "impacts lie")} outside the map; see the table of rounds") : null,
            ScaleBar(), NorthArrow(), legend);
    }

    private double X(double eastM) => (eastM - _minEast) * _scale;

    private double Y(double northM) => (_maxNorth - northM) * _scale;

    private bool IsOnMap(double eastM, double northM) => X(eastM) is >= 0 and <= WidthU && Y(northM) is var y && y >= 0 && y <= _heightU;

    private (double MinE, double MinN, double MaxE, double MaxN) Bounds()
    {
        double minE = double.PositiveInfinity, minN = double.PositiveInfinity, maxE = double.NegativeInfinity, maxN = double.NegativeInfinity;
        void Add(double e, double n) => (minE, minN, maxE, maxN) = (Math.Min(minE, e), Math.Min(minN, n), Math.Max(maxE, e), Math.Max(maxN, n));

        foreach (ZoneDefinition zone in _site.Zones)
        {
            Add(zone.Area.MinEastM, zone.Area.MinNorthM);
            Add(zone.Area.MaxEastM, zone.Area.MaxNorthM);
        }
        bool any = _site.Zones.Length > 0;
        double reach = any ? OutsideShare * Math.Max(maxE - minE, maxN - minN) : double.PositiveInfinity;
        (double limitMinE, double limitMinN, double limitMaxE, double limitMaxN) = (minE - reach, minN - reach, maxE + reach, maxN + reach);
        foreach ((double e, double n) in _content.Impacts.Select(i => (i.EastM, i.NorthM)).Concat(_content.Predictions.Select(p => (p.EastM, p.NorthM))))
            if (!any || e >= limitMinE && e <= limitMaxE && n >= limitMinN && n <= limitMaxN) Add(e, n);
        if (minE > maxE) Add(0, 0);
        if (!any) { Add(minE - 500, minN - 500); Add(maxE + 500, maxN + 500); }
        return (minE, minN, maxE, maxN);
    }

    // Quiet zones first, so that their lines do not run over the outlines of those where something happened.
    private IEnumerable<XElement> Zones(string? onlyClass)
        => _site.Zones.Select((zone, i) => (zone, Look: _content.Zones[i]))
            .Where(z => (z.Look.Class == "zone") == (onlyClass == "zone"))
            .Select(z => S("path", A("class", z.Look.Class), A("fill-rule", "evenodd"), A("d", PathOf(z.zone.Area)),
                S("title", $"{z.zone.Name}: {z.Look.Words}")));

    private string PathOf(GroundPolygon area)
        => string.Concat(area.Rings.Select(ring => "M" + string.Join("L", ring.Select(p => $"{N(X(p.East))} {N(Y(p.North))}")) + "Z"));

    // A warned zone's label goes to its lower left or upper left corner, where no impact lies; its title says the same where neither is free.
    private List<XElement> ZoneLabels(List<Box> taken)
    {
        var labels = new List<XElement>();
        for (int i = 0; i < _site.Zones.Length; i++)
        {
            if (_content.Zones[i].Class == "zone") continue;
            (ZoneDefinition zone, GroundPolygon area) = (_site.Zones[i], _site.Zones[i].Area);
            double room = (area.MaxEastM - area.MinEastM) * _scale - 8, x = X(area.MinEastM) + 4;
            string text = zone.Name.Length * LetterU < room ? zone.Name : zone.Id;
            if (text.Length * LetterU >= room) continue;
            foreach (double y in (ReadOnlySpan<double>)[Y(area.MinNorthM) - 5, Y(area.MaxNorthM) + 14])
            {
                Box box = Box.OfText(x, y, text);
                if (taken.Exists(box.Overlaps)) continue;
                taken.Add(box);
                labels.Add(S("text", A("class", "small halo quietText"), A("x", x), A("y", y), text));
                break;
            }
        }
        return labels;
    }

    private IEnumerable<XElement> Things()
    {
        foreach (SensorDefinition sensor in _site.Sensors)
            if (Place(sensor.Position) is { } p) yield return Thing("M0 -7L6.5 5H-6.5Z", p, $"sensor {sensor.Id}");
        foreach (SirenDefinition siren in _site.Sirens)
            if (Place(siren.Position) is { } p) yield return Thing("M-4 -4H4V4H-4Z", p, $"siren {siren.Id}");
        foreach (ShelterDefinition shelter in _site.Shelters)
            if (Place(shelter.Position) is { } p) yield return Thing("M-5 5V-1L0 -6L5 -1V5Z", p, $"shelter {shelter.Id}, {shelter.Capacity} places");
    }

    private (double X, double Y)? Place(in Geodetic position)
    {
        Enu p = _site.Frame.ToEnu(position);
        return IsOnMap(p.East, p.North) ? (X(p.East), Y(p.North)) : null;
    }

    private static XElement Thing(string path, (double X, double Y) at, string title)
        => S("path", A("class", "thing"), A("transform", $"translate({N(at.X)} {N(at.Y)})"), A("d", path), S("title", title));

    private XElement Impact(MapImpact impact)
        => S("path", A("class", "impact"), A("d", CrossAt(X(impact.EastM), Y(impact.NorthM))), S("title", $"true impact of {impact.Label}"));

    private static XElement Fallen(bool isDebris, double x, double y) => isDebris
        ? S("path", A("class", "full"), A("d", $"M{N(x)} {N(y - 4)}L{N(x + 4)} {N(y + 3)}H{N(x - 4)}Z"), S("title", "a piece of a neutralised round"))
        : S("circle", A("class", "open"), A("cx", x), A("cy", y), A("r", 2), S("title", "where some of the shells that did not destroy themselves come down"));

    private XElement Prediction(MapPrediction prediction)
    {
        double x = X(prediction.EastM), y = Y(prediction.NorthM);
        // The major axis is drawn along x and turned from there: clockwise from north is 90 degrees less, clockwise from east.
        double turn = prediction.Ellipse95.OrientationRad * 180 / Math.PI - 90;
        MapImpact? target = prediction.TrueImpact >= 0 ? _content.Impacts[prediction.TrueImpact] : null;
        return S("g", A("class", "predicted"),
            S("title", $"impact predicted for {prediction.Label}"),
            S("ellipse", A("cx", x), A("cy", y), A("rx", prediction.Ellipse95.SemiMajorM * _scale), A("ry", prediction.Ellipse95.SemiMinorM * _scale),
                A("transform", $"rotate({N(turn)} {N(x)} {N(y)})")),
            S("circle", A("cx", x), A("cy", y), A("r", 2)),
            target is { } t ? S("path", A("d", $"M{N(x)} {N(y)}L{N(X(t.EastM))} {N(Y(t.NorthM))}")) : null);
    }

    // Each round's label goes to the first of eight places around it that is free, or to the right where none is.
    private List<XElement> RoundLabels(List<Box> taken)
    {
        var texts = new List<XElement>();
        foreach ((string label, double x, double y) in Labelled())
        {
            double w = label.Length * LetterU;
            (double X, double Y)[] places =
                [(x + 8, y + 4), (x - 8 - w, y + 4), (x - w / 2, y - 9), (x - w / 2, y + 18), (x + 7, y - 6), (x + 7, y + 15), (x - 7 - w, y - 6), (x - 7 - w, y + 15)];
            int free = Array.FindIndex(places, p => !taken.Exists(Box.OfText(p.X, p.Y, label).Overlaps));
            (double X, double Y) place = places[Math.Max(0, free)];
            taken.Add(Box.OfText(place.X, place.Y, label));
            texts.Add(S("text", A("class", "small halo"), A("x", place.X), A("y", place.Y), label));
        }
        return texts;
    }

    private IEnumerable<(string Label, double X, double Y)> Labelled()
        => _content.Impacts.Count > 0
            ? _content.Impacts.Select(i => (i.Label, X(i.EastM), Y(i.NorthM)))
            : _content.Predictions.Select(p => (p.Label, X(p.EastM), Y(p.NorthM)));

    // The letters' mean advance at the small size, in the drawing's units.
    private const double LetterU = 6.8;

    private readonly record struct Box(double X0, double Y0, double X1, double Y1)
    {
        public static Box OfText(double x, double y, string text) => new(x, y - 9, x + text.Length * LetterU, y + 2);

        public static Box Around(double x, double y) => new(x - 5, y - 5, x + 5, y + 5);

        public bool Overlaps(Box other) => X0 < other.X1 && X1 > other.X0 && Y0 < other.Y1 && Y1 > other.Y0;
    }

    private XElement ScaleBar()
    {
        double length = NiceLength(WidthU / 4 / _scale), w = length * _scale, x = MarginU, y = _heightU - MarginU;
        string words = length >= 1000 ? $"{N(length / 1000)} km" : $"{N(length)} m";
        return S("g", S("path", A("class", "impact"), A("d", $"M{N(x)} {N(y - 5)}V{N(y)}H{N(x + w)}V{N(y - 5)}")),
            S("text", A("class", "small halo"), A("x", x + 4), A("y", y - 6), words));
    }

    private static double NiceLength(double atMostM)
    {
        double unit = 1;
        while (unit * 10 <= atMostM) unit *= 10;
        return unit * 5 <= atMostM ? unit * 5 : unit * 2 <= atMostM ? unit * 2 : unit;
    }

    private static XElement NorthArrow()
        => S("g", A("transform", $"translate({N(WidthU - 24)} 34)"),
            S("path", A("class", "thing"), A("d", "M0 -20L7 8L0 3L-7 8Z")),
            S("text", A("class", "small halo"), A("text-anchor", "middle"), A("y", 22), "N"));

    private XElement Legend(out double height)
    {
        var entries = new List<(XElement Symbol, string Words)>();
        foreach ((string Class, string Words) zone in _content.Legend)
            entries.Add((S("rect", A("class", zone.Class), A("x", -9), A("y", -6), A("width", 18), A("height", 12)), zone.Words));
        if (_content.Impacts.Count > 0) entries.Add((S("path", A("class", "impact"), A("d", CrossAt(0, 0))), "true impact"));
        if (_content.Predictions.Count > 0)
            entries.Add((S("g", A("class", "predicted"), S("ellipse", A("rx", 9), A("ry", 5.5)), S("circle", A("r", 2))), "predicted impact, 95 % ellipse"));
        if (_content.Fallen.Any(f => f.IsDebris && IsOnMap(f.EastM, f.NorthM))) entries.Add((Fallen(isDebris: true, 0, 0), "piece of a neutralised round"));
        if (_content.Fallen.Any(f => !f.IsDebris && IsOnMap(f.EastM, f.NorthM))) entries.Add((Fallen(isDebris: false, 0, 0), "spent shells, sampled"));
        if (_site.Sensors.Length > 0) entries.Add((S("path", A("class", "thing"), A("d", "M0 -7L6.5 5H-6.5Z")), "sensor"));
        if (_site.Sirens.Length > 0) entries.Add((S("path", A("class", "thing"), A("d", "M-4 -4H4V4H-4Z")), "siren"));
        if (_site.Shelters.Length > 0) entries.Add((S("path", A("class", "thing"), A("d", "M-5 5V-1L0 -6L5 -1V5Z")), "shelter"));

        double x = MarginU + 10, y = _heightU + LegendRowU;
        XElement group = S("g", S("path", A("class", "axis"), A("d", $"M0 {N(_heightU)}H{N(WidthU)}")));
        foreach ((XElement symbol, string words) in entries)
        {
            double w = 34 + words.Length * 6.6;
            if (x + w > WidthU) (x, y) = (MarginU + 10, y + LegendRowU);
            group.Add(S("g", A("transform", $"translate({N(x)} {N(y)})"), symbol, S("text", A("x", 15), A("y", 4), words)));
            x += w;
        }
        height = y + LegendRowU - 4 - _heightU;
        return group;
    }

    internal static XElement Hatch(string name, string lines)
        => S("pattern", A("id", name + "Hatch"), A("width", 8), A("height", 8), A("patternUnits", "userSpaceOnUse"),
            S("rect", A("class", "hatchPaper-" + name), A("width", 8), A("height", 8)), S("path", A("class", "hatchLine-" + name), A("d", lines)));

    private static string CrossAt(double x, double y) => $"M{N(x - 4.5)} {N(y - 4.5)}L{N(x + 4.5)} {N(y + 4.5)}M{N(x - 4.5)} {N(y + 4.5)}L{N(x + 4.5)} {N(y - 4.5)}";
}
