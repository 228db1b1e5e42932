using CsCheck;
using Tocsin.Formats.Cot;

namespace Tocsin.Formats.Tests.Cot;

/// <summary>Random events, with the characters and numbers that formats trip over.</summary>
internal static class CotGen
{
    private static readonly Gen<string> s_text = Gen.OneOf(
        Gen.OneOf("", "zone", "a\tb\r\nc", " lead and trail ", "<&>\"'", "]]>", "</event>", "شِلْتَر", "укриття", "🚀", "¿", "\uFFFD", "--", "<!DOCTYPE"),
        Gen.String[Gen.Char['\u0020', '\u07FF'], 0, 12]);

    private static readonly Gen<string> s_name = Gen.OneOf("remarks", "link", "__tocsin", "shape", "ellipse", "contact", "track", "status", "takv", "__group", "precisionlocation", "x-1", "_flow-tags_");

    private static readonly Gen<double> s_number = Gen.OneOf(
        Gen.Double[-1000, 1000], Gen.OneOf(0, -0.0, 1e-7, 5e-324, 0.1, 9_999_999, 999_999, 1e9, -1e9, 12345678.9));

    private static readonly Gen<CotElement> s_typed = Gen.OneOf(
        Gen.Select(s_text, s_text, (c, e) => Element("contact", ("callsign", c), ("endpoint", e))),
        s_text.Select(c => Element("contact", ("callsign", c))),
        Gen.Select(s_number, s_number, (s, c) => Element("track", ("speed", CotNumber.Write(s)), ("course", CotNumber.Write(c)))),
        Gen.Select(s_number, s_number, (s, c) => Element("track", ("speed", "0" + CotNumber.Write(Math.Abs(s))), ("course", CotNumber.Write(c)), ("slope", "1"))),
        Gen.UInt.Select(b => Element("status", ("battery", $"{b}"))),
        Gen.Select(s_text, s_text, (n, r) => Element("__group", ("name", n), ("role", r))),
        Gen.Select(s_text, s_text, (g, a) => Element("precisionlocation", ("geopointsrc", g), ("altsrc", a))),
        Gen.Select(s_text, s_text, s_text, s_text, (d, p, o, v) => Element("takv", ("device", d), ("platform", p), ("os", o), ("version", v))));

    private static Gen<CotElement> Any(int depth) =>
        Gen.Select(s_name, s_text, Gen.Dictionary(Gen.OneOf("uid", "type", "point", "relation", "value", "callsign"), s_text)[0, 4],
            depth == 0 ? Gen.Const(Array.Empty<CotElement>()) : Any(depth - 1).Array[0, 3],
            (name, text, attributes, children) => new CotElement(name, attributes.Select(a => (Name: a.Key, a.Value)), children, text));

    private static readonly Gen<Instant> s_time = Gen.Long[0, InstantOf9999].Select(ms => new Instant(ms * 10_000));

    private const long InstantOf9999 = 253_402_300_799_999;

    /// <summary>An event.</summary>
    public static Gen<CotEvent> Event { get; } =
        from uid in s_text
        from type in Gen.OneOf("a-h-A-W-M", "u-d-c-c", "b-a-o-tbl", "t-x-c-t")
        from texts in s_text.Array[4]
        from times in s_time.Array[3]
        from lat in Gen.Double[-90, 90]
        from lon in Gen.Double[-180, 180]
        from lengths in s_number.Array[3]
        from typed in s_typed.Array[0, 3]
        from others in Any(3).Array[0, 4]
        select new CotEvent
        {
            Uid = "u" + uid,
            Type = type,
            How = texts[0],
            Access = texts[1],
            Qos = texts[2],
            Opex = texts[3],
            Time = times[0],
            Start = times[1],
            Stale = times[2],
            Point = new CotPoint(lat, lon, lengths[0], lengths[1], lengths[2]),
            Detail = [.. typed, .. others],
        };

    private static CotElement Element(string name, params (string Name, string Value)[] attributes) => new(name, attributes);
}
