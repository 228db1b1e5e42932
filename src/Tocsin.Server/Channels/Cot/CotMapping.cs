using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using Tocsin.Formats.Cot;
using Tocsin.Geodesy;

namespace Tocsin.Server.Channels.Cot;

/// <summary>What the server says, as CoT events. Times are the machine's clock, as receivers compare them with theirs: an exercise may run in another year.</summary>
internal sealed class CotMapping(ChannelContext context, CotSettings settings)
{
    /// <summary>A warning (CoT calls the type an emergency, 911): shown as an alarm by TAK clients, gone when stale.</summary>
    public const string WarningType = "b-a-o-tbl";

    /// <summary>The end of a warning of the same uid.</summary>
    public const string CancelType = "b-a-o-can";

    /// <summary>A drawn polygon.</summary>
    public const string ShapeType = "u-d-f";

    /// <summary>A drawn ellipse.</summary>
    public const string EllipseType = "u-d-c-c";

    /// <summary>Takes a thing off the map at once.</summary>
    public const string DeleteType = "t-x-d-d";

    /// <summary>The sign of life.</summary>
    public const string PingType = "t-x-c-t";

    /// <summary>Seconds after which a track or an ellipse that is not told again goes stale: not longer than a flight, as what cannot be seen any more must not stay.</summary>
    public const double TrackStaleS = 10;

    // The 95 % ellipse of a plane Gaussian reaches sqrt(-2 ln 0.05) sigma.
    private const double SigmasOf95 = 2.4477468306808166;
    private const double DegreesPerRad = 180 / Math.PI;
    private const int AngleDecimals = 7;

    // Colours as TAK writes them: a signed 32-bit number, alpha red green blue.
    private const int Red = unchecked((int)0xFFFF0000);
    private const int Blue = unchecked((int)0xFF0000FF);
    private const int Clear = 0x3FFFFFFF;

    /// <summary>The uid of this program at this site.</summary>
    public string OwnUid { get; } = $"tocsin.{context.SiteKey}";

    /// <summary>A warning as it stands: the alarm first, then the zone's ground.</summary>
    public ImmutableArray<CotEvent> Raise(WarningMessage m, Instant now)
    {
        CotShapes.Ground ground = CotShapes.Of(m.Zone);
        string callsign = Mark(m.Status) + m.Zone.Name;
        Instant stale = now.AddSeconds(settings.StaleS);
        CotPoint point = Point(ground.At, context.Site.Definition.GroundElevationM, ground.RadiusM);
        string remarks = WarningRemarks(m);
        var all = ImmutableArray.CreateBuilder<CotEvent>();
        all.Add(Event(m.Status, m.Identity, WarningType, "m-p", "9-r-g", now, now, stale, point,
            new CotElement("emergency", [("type", Mark(m.Status) + "Incoming fire")], null, callsign),
            Contact(callsign + "-Alert"),
            // Clients want to know whose alarm it is, and pass over one that does not say.
            Link(ShapeUid(m.Identity, 0), ShapeType),
            Remarks(remarks),
            About(m)));
        for (int i = 0; i < ground.Outlines.Length; i++) all.Add(Shape(m, ground, i, point, now, stale, remarks));
        return all.ToImmutable();
    }

    /// <summary>The end of a warning: the cancel first, then the zone's ground taken off the map.</summary>
    public ImmutableArray<CotEvent> Cancel(WarningMessage m, Instant now)
    {
        CotShapes.Ground ground = CotShapes.Of(m.Zone);
        string callsign = Mark(m.Status) + m.Zone.Name;
        Instant stale = now.AddSeconds(settings.StaleS);
        CotPoint point = Point(ground.At, context.Site.Definition.GroundElevationM, ground.RadiusM);
        string remarks = WarningRemarks(m);
        var all = ImmutableArray.CreateBuilder<CotEvent>();
        all.Add(Event(m.Status, m.Identity, CancelType, "m-p", "9-r-g", now, now, stale, point,
            new CotElement("emergency", [("cancel", "true")], null, callsign),
            Contact(callsign + "-Alert"),
            Link(ShapeUid(m.Identity, 0), ShapeType),
            Remarks(remarks),
            About(m)));
        for (int i = 0; i < ground.Outlines.Length; i++) all.AddRange(Delete(Shape(m, ground, i, point, now, stale, remarks), now));
        return all.ToImmutable();
    }

    /// <summary>A track.</summary>
    public CotEvent Track(PictureTrack t, Picture picture, Instant now)
    {
        Track track = t.Track;
        double speed = Math.Sqrt(track.VelocityMps.East * track.VelocityMps.East + track.VelocityMps.North * track.VelocityMps.North);
        double course = Math.Atan2(track.VelocityMps.East, track.VelocityMps.North) * DegreesPerRad;
        string vertical = string.Create(CultureInfo.InvariantCulture, $"{(track.VelocityMps.Up < 0 ? "descending" : "climbing")} {Math.Abs(track.VelocityMps.Up):0} m/s");
        return Event(picture.Status, t.Identity, TypeOf(track.Kind), "m-a", "5-r-d", now, Wall(track.ValidTime, picture, now), now.AddSeconds(TrackStaleS),
            Point(track.Position, CotPoint.UnknownM),
            Contact($"{Mark(picture.Status)}{NameOf(track.Kind)} {ShortOf(t.Identity)}"),
            new CotElement("track", [("speed", Number(speed, 1)), ("course", Number(course < 0 ? course + 360 : course, 1))]),
            Remarks($"{Mark(picture.Status)}{KindsOf(track.Kinds)}; {vertical}; estimate of {track.ValidTime}; {picture.Site}"),
            About(t.Identity, picture.Status));
    }

    /// <summary>The 95 % ellipse of a track's predicted impact; null where there is none.</summary>
    /// <remarks>The axes are whole ones, as the CoT shape schema says and ATAK reads them where they differ or the angle is not 0. Equal axes at
    /// angle 0 ATAK reads as radii: a circle is given another angle, which changes nothing of it.</remarks>
    public CotEvent? Impact(PictureTrack t, Picture picture, Instant now)
    {
        if (t.Impact is not { } impact) return null;
        string uid = ImpactUid(t.Identity);
        string major = Number(2 * impact.Ellipse95.SemiMajorM, 1), minor = Number(2 * impact.Ellipse95.SemiMinorM, 1);
        string angle = Number(impact.Ellipse95.OrientationRad * DegreesPerRad, 1);
        if (major == minor && angle is "0" or "180") angle = "90";
        int colour = ColourOf(picture.Status);
        string hex = ((uint)colour).ToString("x8", CultureInfo.InvariantCulture);
        var style = new CotElement("link", [("uid", uid + ".Style"), ("type", "b-x-KmlStyle"), ("relation", "p-c")],
        [
            new CotElement("Style", null,
            [
                new CotElement("LineStyle", null, [new CotElement("color", text: hex), new CotElement("width", text: "3")]),
                new CotElement("PolyStyle", null, [new CotElement("color", text: (((uint)colour) & Clear).ToString("x8", CultureInfo.InvariantCulture))]),
            ]),
        ]);
        string sigma = Number(impact.TimeSigmaS, 1);
        return Event(picture.Status, uid, EllipseType, "m-p", "5-r-d", now, Wall(impact.ValidTime, picture, now), now.AddSeconds(TrackStaleS),
            Point(impact.Position, impact.Ellipse95.SemiMajorM / SigmasOf95),
            Contact($"{Mark(picture.Status)}Impact {ShortOf(t.Identity)}"),
            new CotElement("shape", null, [new CotElement("ellipse", [("major", major), ("minor", minor), ("angle", angle)]), style]),
            Value("strokeColor", colour),
            Value("fillColor", colour & Clear),
            new CotElement("labels_on", [("value", "true")]),
            Remarks($"{Mark(picture.Status)}Predicted impact of {NameOf(t.Track.Kind)} {ShortOf(t.Identity)} at {impact.ImpactTime}, sigma {sigma} s; 95 % ellipse; {picture.Site}"),
            About(t.Identity, picture.Status));
    }

    /// <summary>Takes a thing off the map, twice said: the thing itself with start equal to stale, which is how CoT deletes; and a delete of its
    /// uid, since ATAK keeps a shape whatever its times are.</summary>
    public ImmutableArray<CotEvent> Delete(CotEvent last, Instant now) => [last with { Time = now, Start = now, Stale = now }, Delete(last.Uid, last.Type, last.Opex, now)];

    /// <summary>Takes a thing off the map of which only the uid is known.</summary>
    public CotEvent Delete(string uid, string type, string opex, Instant now) => new()
    {
        Uid = uid + ".delete",
        Type = DeleteType,
        How = "m-g",
        Qos = "9-r-g",
        Opex = opex,
        Time = now,
        Start = now,
        Stale = now.AddSeconds(settings.StaleS),
        Point = new CotPoint(0, 0, 0, CotPoint.UnknownM, CotPoint.UnknownM),
        Detail = [new CotElement("link", [("uid", uid), ("relation", "none"), ("type", type)]), new CotElement("__forcedelete")],
    };

    /// <summary>The sign of life: no place, nothing to show on a map, stale when it is not told again.</summary>
    public CotEvent SignOfLife(OperationStatus status, Instant now) =>
        Event(status, OwnUid + ".ping", PingType, "m-g", "1-r-c", now, now, now.AddSeconds(settings.StaleS),
            new CotPoint(0, 0, 0, CotPoint.UnknownM, CotPoint.UnknownM), Contact(Mark(status) + context.Site.Definition.Name));

    /// <summary>The uid of the ellipse of a track.</summary>
    public static string ImpactUid(string identity) => identity + ".impact";

    /// <summary>The uid of a warning's n-th polygon.</summary>
    public static string ShapeUid(string identity, int n) => n == 0 ? identity + ".zone" : string.Create(CultureInfo.InvariantCulture, $"{identity}.zone{n + 1}");

    /// <summary>What a kind is to TAK. Only what is held to be a round is hostile; an aircraft's side is unknown, a bird has none, and what is not decided is pending.</summary>
    public static string TypeOf(Kind kind) => kind switch
    {
        Kind.Rocket or Kind.Artillery or Kind.Mortar => "a-h-A-W-M",
        Kind.Aircraft => "a-u-A",
        Kind.Bird => "a-n-A",
        _ => "a-p-A",
    };

    /// <summary>Operation, exercise or simulation (Event-PUBLIC.xsd, opex).</summary>
    public string Opex(OperationStatus status) => status switch
    {
        OperationStatus.Actual => "o",
        OperationStatus.Exercise => "e-" + context.SiteKey,
        _ => "s-" + context.SiteKey,
    };

    private static string Mark(OperationStatus status) => status switch
    {
        OperationStatus.Actual => "",
        OperationStatus.Exercise => "EXERCISE ",
        _ => "TEST ",
    };

    private static int ColourOf(OperationStatus status) => status == OperationStatus.Actual ? Red : Blue;

    private CotEvent Shape(WarningMessage m, in CotShapes.Ground ground, int n, CotPoint point, Instant now, Instant stale, string remarks)
    {
        int colour = ColourOf(m.Status);
        IEnumerable<CotElement> corners = ground.Outlines[n].Select(c => new CotElement("link", [("point", $"{Number(c.LatitudeDeg, AngleDecimals)},{Number(c.LongitudeDeg, AngleDecimals)}")]));
        return Event(m.Status, ShapeUid(m.Identity, n), ShapeType, "m-c", "5-r-d", now, now, stale, point,
        [
            .. corners,
            Contact(Mark(m.Status) + m.Zone.Name),
            Value("strokeColor", colour),
            Value("fillColor", colour & Clear),
            new CotElement("strokeWeight", [("value", "3")]),
            new CotElement("labels_on", [("value", "true")]),
            Remarks(remarks),
            About(m),
        ]);
    }

    private CotEvent Event(OperationStatus status, string uid, string type, string how, string qos, Instant now, Instant start, Instant stale, CotPoint point, params ReadOnlySpan<CotElement> detail) => new()
    {
        Uid = uid,
        Type = type,
        // A drill's positions come out of a simulation, and say so.
        How = status == OperationStatus.Actual ? how : "m-s",
        Qos = qos,
        Opex = Opex(status),
        Time = now,
        Start = start,
        Stale = stale,
        Point = point,
        Detail = [.. detail],
    };

    /// <summary>The machine's time of an instant of the Site. The two are one clock except in an exercise.</summary>
    private static Instant Wall(Instant time, Picture picture, Instant now) =>
        picture.Status == OperationStatus.Actual ? time : now.AddSeconds(Math.Min(0, time.SecondsSince(picture.Time)));

    private static string WarningRemarks(WarningMessage m)
    {
        var text = new StringBuilder(Mark(m.Status));
        if (m.Texts is [var first, ..]) text.Append(first.Headline).Append(' ').Append(first.Instruction);
        else text.Append(m.IsEnd ? "Over: " : "Incoming fire: ").Append(m.Zone.Name);
        if (!m.IsEnd) text.Append(CultureInfo.InvariantCulture, $" Earliest impact {m.ImpactTime}.");
        text.Append(CultureInfo.InvariantCulture, $" {m.Site}, {m.Identity}, message {m.Revision}.");
        return text.ToString();
    }

    /// <summary>What a program wants to know: the identity and the revision, by which a repeat is recognised.</summary>
    private static CotElement About(WarningMessage m) => new("__tocsin",
    [
        ("warning", m.Identity), ("revision", m.Revision.ToString(CultureInfo.InvariantCulture)), ("act", NameOf(m.Act)), ("status", NameOf(m.Status)),
        ("zone", m.Zone.Id), ("time", m.Time.ToString()), ("impactTime", m.ImpactTime.ToString()), ("advice", NameOf(m.Advice)),
    ]);

    private static CotElement About(string track, OperationStatus status) => new("__tocsin", [("track", track), ("status", NameOf(status))]);

    private static string NameOf<T>(T value) where T : struct, Enum => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    private static string ShortOf(string identity) => identity[(identity.LastIndexOf('.') + 1)..];

    private static string KindsOf(in KindProbabilities kinds)
    {
        KindProbabilities p = kinds;
        IEnumerable<Kind> likely = Enum.GetValues<Kind>().Where(k => p[k] >= 0.01).OrderByDescending(k => p[k]);
        return string.Join(", ", likely.Select(k => string.Create(CultureInfo.InvariantCulture, $"{NameOf(k)} {p[k]:0.00}")));
    }

    private static CotPoint Point(in Geodetic g, double errorM) =>
        Point(new LonLat(g.LongitudeRad * DegreesPerRad, g.LatitudeRad * DegreesPerRad), g.HeightM, errorM);

    private static CotPoint Point(LonLat at, double heightM, double radiusM) => new(Math.Round(Math.Clamp(at.LatitudeDeg, -90, 90), AngleDecimals),
        Math.Round(Math.Clamp(at.LongitudeDeg, -180, 180), AngleDecimals), Math.Round(heightM, 1), Math.Round(radiusM, 1), CotPoint.UnknownM);

    private static string Number(double value, int decimals) => Math.Round(value, decimals).ToString("0." + new string('#', decimals), CultureInfo.InvariantCulture);

    private static CotElement Contact(string callsign) => new("contact", [("callsign", callsign)]);

    private static CotElement Link(string uid, string type) => new("link", [("uid", uid), ("type", type), ("relation", "p-p")]);

    private static CotElement Remarks(string text) => new("remarks", text: text);

    private static CotElement Value(string name, int value) => new(name, [("value", value.ToString(CultureInfo.InvariantCulture))]);
}
