using System.Text;
using System.Xml;
using System.Xml.Schema;
using CsCheck;
using Tocsin.Formats.Cap;
using Tocsin.TestSupport;

namespace Tocsin.Formats.Tests.Cap;

public sealed class CapParserTests
{
    [Fact]
    public void What_is_written_is_read_again_whole() =>
        CapSamples.Any.Sample(alert =>
        {
            CapReading reading = CapParser.Parse(CapWriter.Write(alert));
            Assert.True(reading.Alert is not null, string.Join('\n', reading.Problems));
            Assert.Equal(CapVersion.V12, reading.Version);
            Assert.Equal(CapSamples.Whole(alert), CapSamples.Whole(reading.Alert));
        }, iter: 150);

    [Fact]
    public void What_is_written_is_valid_by_the_standards_schema()
    {
        XmlSchemaSet schemas = new() { XmlResolver = null };
        using (XmlReader schema = XmlReader.Create(SharedData.PathOrSkip("cap/schema/cap12.xsd"))) schemas.Add(null, schema);
        schemas.Compile();
        // The generated languages and addresses are no languages and addresses; their types are xs:language and xs:anyURI.
        CapSamples.Any.Sample(a =>
        {
            CapAlert alert = a with { Infos = [.. a.Infos.Select(i => i with { Language = "en", Web = null, Resources = [.. i.Resources.Select(r => r with { Uri = null })] })] };
            List<string> problems = [];
            XmlReaderSettings settings = new() { ValidationType = ValidationType.Schema, Schemas = schemas };
            settings.ValidationEventHandler += (_, e) => problems.Add(e.Message);
            using var reader = XmlReader.Create(new MemoryStream(CapWriter.Write(alert)), settings);
            while (reader.Read()) { }
            Assert.Empty(problems);
        }, iter: 100);
    }

    [Fact]
    public void Xmllint_finds_it_valid_too()
    {
        string schema = SharedData.PathOrSkip("cap/schema/cap12.xsd");
        using var folder = new TempFolder();
        string path = folder.File("alert.xml", CapWriter.Write(CapSamples.Alert));
        (int Exit, string Output)? run = CapSamples.Run("xmllint", "--noout", "--nonet", "--schema", schema, path);
        Assert.SkipWhen(run is null, "xmllint is not here");
        Assert.True(run.Value.Exit == 0, run.Value.Output);
    }

    [Theory]
    [InlineData("australia.cap", CapVersion.V12, false)]
    [InlineData("canada.cap", CapVersion.V12, false)]
    [InlineData("canada_signed.cap", CapVersion.V12, true)]
    [InlineData("earthquake-iso8859-1.cap", CapVersion.V12, true)]
    [InlineData("earthquake.cap", CapVersion.V11, false)]
    [InlineData("earthquake_signed.cap", CapVersion.V11, true)]
    [InlineData("no_optional_fields.cap", CapVersion.V11, false)]
    [InlineData("wcatwc-warning.cap", CapVersion.V12, false)]
    [InlineData("weather.cap", CapVersion.V11, false)]
    public void Messages_of_real_services_are_read(string file, CapVersion version, bool signed)
    {
        CapReading reading = CapParser.Parse(File.ReadAllBytes(SharedData.PathOrSkip("cap/google-cap-library/" + file)));
        Assert.True(reading.Alert is not null, string.Join('\n', reading.Problems));
        Assert.Equal((version, signed), (reading.Version, reading.Signed));
        Assert.Equal(file != "no_optional_fields.cap", reading.Alert.Infos.Length > 0);
    }

    [Fact]
    public void A_real_message_is_read_value_by_value()
    {
        CapAlert a = CapParser.Parse(File.ReadAllBytes(SharedData.PathOrSkip("cap/google-cap-library/canada.cap"))).Alert!;
        Assert.Equal(("2.49.0.1.124.6bddbc91.2012", "cap@ec.gc.ca", CapStatus.Actual, CapMsgType.Update), (a.Identifier, a.Sender, a.Status, a.MsgType));
        Assert.Equal(new DateTimeOffset(2012, 5, 2, 23, 21, 4, TimeSpan.Zero), a.Sent.Value);
        Assert.Equal(2, a.References.Length);
        Assert.Equal(["en-CA", "fr-CA"], a.Infos.Select(i => i.Language));
        Assert.Equal("C'est l'épreuve - ce message de PAC a été créé pour les buts d'essai seulement.", a.Infos[1].Description);
        Assert.Equal(2, a.Infos[0].Areas.Length);
        Assert.Equal(17, a.Infos[0].Areas[0].Polygons[0].Length);
        Assert.Equal(new CapPoint(42.3481, -82.9314), a.Infos[0].Areas[0].Polygons[0][0]);
        Assert.DoesNotContain(CapRules.Check(a), p => p.Weight == CapWeight.Must);
    }

    [Theory]
    [InlineData("invalid.cap", "schema", "scope")]
    [InlineData("noaa_errors.cap", "schema", "urgency")]
    [InlineData("noaa_errors.cap", "polygon-form", "polygon")]
    public void Wrong_messages_are_named(string file, string rule, string about)
    {
        CapReading reading = CapParser.Parse(File.ReadAllBytes(SharedData.PathOrSkip("cap/google-cap-library/" + file)));
        Assert.Null(reading.Alert);
        Assert.Contains(reading.Problems, p => p.Rule == rule && (p.Place + p.Says).Contains(about, StringComparison.Ordinal));
    }

    [Fact]
    public void The_wrong_Canadian_message_passes_the_schema_and_the_rules_catch_it()
    {
        CapReading reading = CapParser.Parse(File.ReadAllBytes(SharedData.PathOrSkip("cap/google-cap-library/canada_errors.cap")));
        Assert.NotNull(reading.Alert);
        Assert.Equal("references-required", Assert.Single(CapRules.Check(reading.Alert), p => p.Weight == CapWeight.Must).Rule);
    }

    [Theory]
    [InlineData("xee.cap")]
    [InlineData("xee.atom")]
    public void An_entity_attack_is_refused_before_anything_is_fetched(string file)
    {
        CapReading reading = CapParser.Parse(File.ReadAllBytes(SharedData.PathOrSkip("cap/google-cap-library/" + file)));
        Assert.Null(reading.Alert);
        Assert.Equal(("xml", "a document type or entity is not allowed"), (reading.Problems[0].Rule, reading.Problems[0].Says));
    }

    [Fact]
    public void A_billion_laughs_are_refused()
    {
        string laughs = "<!DOCTYPE a [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">]><alert xmlns=\"urn:oasis:names:tc:emergency:cap:1.2\"><identifier>&b;</identifier></alert>";
        Assert.Equal("xml", Assert.Single(CapParser.Parse(CapSamples.Utf8(laughs)).Problems).Rule);
    }

    [Fact]
    public void What_exceeds_a_limit_is_refused_as_that()
    {
        static string Rule(string body) =>
            CapParser.Parse(CapSamples.Utf8($"<alert xmlns=\"{CapWriter.Namespace}\">{body}</alert>")).Problems[0].Rule;
        Assert.Equal("limit", Rule(string.Concat(Enumerable.Repeat("<info>", CapLimits.MaxDepth + 1))));
        Assert.Equal("limit", Rule("<Signature xmlns=\"http://www.w3.org/2000/09/xmldsig#\">" + string.Concat(Enumerable.Repeat("<x>", 10_000))));
        Assert.Equal("limit", Rule(string.Concat(Enumerable.Repeat("<code/>", CapLimits.MaxElements + 1))));
        Assert.Equal("limit", Rule("<identifier>" + new string('x', CapLimits.MaxTextCharacters + 1) + "</identifier>"));
        Assert.Equal("limit", Assert.Single(CapParser.Parse(new byte[CapLimits.MaxBytes + 1]).Problems).Rule);
        string points = string.Concat(Enumerable.Repeat("1,1 ", CapLimits.MaxPolygonPoints + 1));
        Assert.Contains(CapParser.Parse(CapSamples.Utf8($"<alert xmlns=\"{CapWriter.Namespace}\"><info><area><polygon>{points}</polygon></area></info></alert>")).Problems, p => p.Rule == "limit");
    }

    [Theory]
    [InlineData("<status>Exercise</status>", "<status>5</status>", "schema")]
    [InlineData("<status>Exercise</status>", "<status>exercise</status>", "schema")]
    [InlineData("22:43:05-00:00</sent>", "22:43:05Z</sent>", "time-form")]
    [InlineData("22:43:05-00:00</sent>", "22:43:05.5-00:00</sent>", "time-form")]
    [InlineData("22:43:05-00:00</sent>", "22:43:65-00:00</sent>", "time-form")]
    [InlineData("<msgType>Alert</msgType>", "<msgType>Alert</msgType><msgType>Alert</msgType>", "schema")]
    [InlineData("<scope>Public</scope>", "<scope>Public</scope><scopes/>", "schema")]
    [InlineData("<scope>Public</scope>", "<scope level=\"1\">Public</scope>", "schema")]
    [InlineData("<scope>Public</scope>", "<scope>Public</scope>text", "schema")]
    [InlineData("<scope>Public</scope>", "<scope><b>Public</b></scope>", "schema")]
    [InlineData("<note>Exercise.</note>", "<references/><note>Exercise.</note>", "schema")]
    [InlineData("33.3,44.38 ", "33.3;44.38 ", "polygon-form")]
    [InlineData("33.3,44.38 ", "NaN,44.38 ", "polygon-form")]
    [InlineData("33.3,44.38 ", "1e999,44.38 ", "polygon-form")]
    public void One_wrong_thing_is_one_problem(string right, string wrong, string rule)
    {
        string text = Encoding.UTF8.GetString(CapWriter.Write(CapSamples.Alert with { Infos = [CapSamples.Info] }));
        int at = text.IndexOf(right, StringComparison.Ordinal);
        Assert.True(at > 0);
        CapReading reading = CapParser.Parse(CapSamples.Utf8(text[..at] + wrong + text[(at + right.Length)..]));
        Assert.Null(reading.Alert);
        Assert.Contains(reading.Problems, p => p.Rule == rule);
    }

    [Fact]
    public void Rubbish_never_throws()
    {
        byte[] good = CapWriter.Write(CapSamples.Alert);
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte, Gen.Int[0, 3], Gen.Int[1, 40]).Array[1, 8].Sample(edits =>
        {
            List<byte> bytes = [.. good];
            foreach ((int at, byte b, int how, int n) in edits)
            {
                if (at >= bytes.Count) continue;
                if (how == 0) bytes[at] = b;
                else if (how == 1) bytes.Insert(at, b);
                else if (how == 2) bytes.RemoveRange(at, Math.Min(n, bytes.Count - at));
                else bytes.InsertRange(at, bytes.GetRange(at, Math.Min(n, bytes.Count - at)));
            }
            CapReading reading = CapParser.Parse(bytes.ToArray());
            Assert.True(reading.Alert is null == reading.Problems.Length > 0);
            if (reading.Alert is { } alert)
            {
                CapRules.Check(alert);
                // What was accepted is written and read as the same: the oracle of the mutation.
                Assert.Equal(CapSamples.Whole(alert), CapSamples.Whole(CapParser.Parse(CapWriter.Write(alert)).Alert!));
            }
            CapSignature.Verify(bytes.ToArray(), [], DateTimeOffset.UnixEpoch);
        }, iter: 1500);
        Gen.Byte.Array[0, 200].Sample(bytes => Assert.Null(CapParser.Parse(bytes).Alert), iter: 500);
    }

    [Fact]
    public void Texts_that_XML_cannot_hold_do_not_stop_a_warning()
    {
        CapAlert alert = CapSamples.With(i => i with { Headline = "a\u0001b\ud800c\r\nd😀" });
        Assert.Equal("a\uFFFDb\uFFFDc\nd😀", CapParser.Parse(CapWriter.Write(alert)).Alert!.Infos[0].Headline);
    }

    [Fact]
    public void An_instant_is_written_in_whole_seconds_and_never_with_Z()
    {
        var instant = new Instant(new DateTime(2026, 11, 23, 22, 43, 5, 999, DateTimeKind.Utc).Ticks - DateTime.UnixEpoch.Ticks);
        Assert.Equal("2026-11-23T22:43:05-00:00", CapTime.Of(instant).Text);
        Assert.Equal(0.999, instant.SecondsSince(CapTime.Of(instant).Instant), 6);
        Assert.EndsWith("-00:00", CapTime.Of(Instant.MinValue).Text, StringComparison.Ordinal);
    }
}
