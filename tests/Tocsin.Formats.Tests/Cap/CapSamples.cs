using System.Collections.Immutable;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using CsCheck;
using Tocsin.Formats.Cap;

namespace Tocsin.Formats.Tests.Cap;

/// <summary>Messages and outside programs that the CAP tests share.</summary>
internal static class CapSamples
{
    public static CapTime Time(string text) => CapTime.TryParse(text, out CapTime t) ? t : throw new ArgumentException(text);

    public static CapInfo Info { get; } = new()
    {
        Language = "en",
        Categories = [CapCategory.Security],
        Event = "Incoming rockets",
        ResponseTypes = [CapResponseType.Shelter],
        Urgency = CapUrgency.Immediate,
        Severity = CapSeverity.Extreme,
        Certainty = CapCertainty.Likely,
        Expires = Time("2026-11-23T22:48:05-00:00"),
        Headline = "Rockets incoming: Green Zone & <quay> \"B\"",
        Instruction = "Take shelter.",
        Areas =
        [
            new CapArea
            {
                AreaDesc = "Green Zone",
                Polygons = [[new(33.3, 44.38), new(33.3, 44.4), new(33.32, 44.4), new(33.3, 44.38)]],
                Geocodes = [new("tocsin:zone", "Z1")],
            },
        ],
    };

    public static CapAlert Alert { get; } = new()
    {
        Identifier = "green-zone.20261123T2243Z.W3.1",
        Sender = "tocsin@example.org",
        Sent = Time("2026-11-23T22:43:05-00:00"),
        Status = CapStatus.Exercise,
        MsgType = CapMsgType.Alert,
        Scope = CapScope.Public,
        Note = "Exercise.",
        Infos = [Info, Info with { Language = "ar", Event = "صواريخ قادمة" }],
    };

    public static CapAlert With(Func<CapInfo, CapInfo> change) => Alert with { Infos = [change(Info)] };

    public static CapAlert WithArea(CapArea area) => With(i => i with { Areas = [area] });

    /// <summary>The whole value as text, for comparing.</summary>
    public static string Whole(CapAlert alert) => JsonSerializer.Serialize(alert);

    private static readonly Gen<string> Word = Gen.String[Gen.Char["abcXYZ012 <>&\"'éжע文-,."], 1, 12].Select(s => "x" + s.Trim());
    private static readonly Gen<string?> Maybe = Gen.OneOf(Word.Select(s => (string?)s), Gen.Const((string?)null));
    private static readonly Gen<double> Six = Gen.Int[-89_999_999, 89_999_999].Select(i => i / 1e6);
    private static readonly Gen<CapPoint> Point = Gen.Select(Six, Six, (a, b) => new CapPoint(a, b * 2));
    private static readonly Gen<CapTime> AnyTime = Gen.Select(Gen.Long[0, 4_000_000_000], Gen.Int[-14, 14], (s, h) =>
        Time(DateTimeOffset.FromUnixTimeSeconds(s).ToOffset(TimeSpan.FromHours(h)).ToString("yyyy-MM-dd'T'HH:mm:sszzz")));
    private static readonly Gen<CapTime?> MaybeTime = Gen.OneOf(AnyTime.Select(t => (CapTime?)t), Gen.Const((CapTime?)null));
    private static readonly Gen<ImmutableArray<CapValue>> Values = Gen.Select(Word, Word, (a, b) => new CapValue(a, b)).Array[0, 3].Select(v => v.ToImmutableArray());

    private static readonly Gen<CapArea> Area =
        from desc in Word
        from polygons in Point.Array[1, 6].Select(p => p.Append(p[0]).ToImmutableArray()).Array[0, 2]
        from circles in Gen.Select(Point, Gen.Int[0, 100_000], (p, r) => new CapCircle(p, r / 1e3)).Array[0, 2]
        from codes in Values
        from altitude in Gen.Int[0, 3]
        select new CapArea { AreaDesc = desc, Polygons = [.. polygons], Circles = [.. circles], Geocodes = codes, AltitudeFt = altitude == 0 ? null : altitude / 4m };

    private static readonly Gen<CapInfo> AnyInfo =
        from texts in Maybe.Array[9]
        from word in Word
        from choices in Gen.Select(Gen.Enum<CapCategory>().Array[1, 3], Gen.Enum<CapResponseType>().Array[0, 3], Gen.Enum<CapUrgency>(), Gen.Enum<CapSeverity>(), Gen.Enum<CapCertainty>())
        from times in MaybeTime.Array[3]
        from values in Gen.Select(Values, Values)
        from areas in Area.Array[0, 2]
        select new CapInfo
        {
            Language = texts[0],
            Categories = [.. choices.Item1],
            Event = word,
            ResponseTypes = [.. choices.Item2],
            Urgency = choices.Item3,
            Severity = choices.Item4,
            Certainty = choices.Item5,
            Audience = texts[1],
            EventCodes = values.Item1,
            Effective = times[0],
            Onset = times[1],
            Expires = times[2],
            SenderName = texts[2],
            Headline = texts[3],
            Description = texts[4],
            Instruction = texts[5],
            Web = texts[6],
            Contact = texts[7],
            Parameters = values.Item2,
            Areas = [.. areas],
            Resources = texts[8] is { } d ? [new CapResource { ResourceDesc = d, MimeType = word, Size = d.Length, Uri = texts[0] }] : [],
        };

    /// <summary>Any message that can be written, sensible or not.</summary>
    public static Gen<CapAlert> Any { get; } =
        from names in Gen.Select(Word, Word)
        from sent in AnyTime
        from choices in Gen.Select(Gen.Enum<CapStatus>(), Gen.Enum<CapMsgType>(), Gen.Enum<CapScope>())
        from texts in Maybe.Array[5]
        from codes in Word.Array[0, 2]
        from references in Gen.Select(Gen.Int[0, 99], AnyTime, (n, t) => $"a@b,m.{n},{t}").Array[0, 3]
        from infos in AnyInfo.Array[0, 3]
        select new CapAlert
        {
            Identifier = names.Item1,
            Sender = names.Item2,
            Sent = sent,
            Status = choices.Item1,
            MsgType = choices.Item2,
            Scope = choices.Item3,
            Source = texts[0],
            Restriction = texts[1],
            Addresses = texts[2],
            Note = texts[3],
            Incidents = texts[4],
            Codes = [.. codes],
            References = [.. references],
            Infos = [.. infos],
        };

    /// <summary>Runs an outside program; null where it is not there.</summary>
    public static (int Exit, string Output)? Run(string program, params string[] arguments)
    {
        try
        {
            using var p = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true })!;
            Task<string> error = p.StandardError.ReadToEndAsync();
            string output = p.StandardOutput.ReadToEnd() + error.GetAwaiter().GetResult();
            p.WaitForExit();
            return (p.ExitCode, output);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);
}

/// <summary>A folder for one test.</summary>
internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("tocsin-cap-").FullName;

    public string File(string name, byte[] content)
    {
        string path = System.IO.Path.Combine(Path, name);
        System.IO.File.WriteAllBytes(path, content);
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
