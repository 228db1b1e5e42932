using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using NetTopologySuite.Geometries;
using Tocsin.Formats.GeoJson;
using Tocsin.Geodesy;
using Tocsin.TestSupport;

namespace Tocsin.Formats.Tests.GeoJson;

public sealed class SiteFileTests
{
    [Fact]
    public void A_site_is_read_with_its_units_turned_and_its_defaults_filled()
    {
        SiteDefinition site = TestSite.File.Definition;
        Assert.Equal("camp \"Nörd\"", site.Name);
        Assert.Equal(200.5, site.GroundElevationM);
        Assert.Equal(["R1", "Rädar \"2\""], site.Sensors.Select(s => s.Id));
        Assert.Equal(0.18 * Math.PI / 180, site.Sensors[0].ElevationSigmaRad, 1e-15);
        Assert.True(double.IsNaN(site.Sensors[0].RangeRateSigmaMps));
        Assert.Null(site.Sensors[0].Asterix);
        Assert.Equal(210, site.Sensors[0].Position.HeightM);
        Assert.Equal(200.5, site.Sensors[1].Position.HeightM);
        Assert.Equal(new AsterixSource(25, 201, "1.32"), site.Sensors[1].Asterix);
        Assert.Equal((20_000.0, 1.0), (site.Sensors[1].MaxRangeM, site.Sensors[1].RangeRateSigmaMps));
        Assert.Equal((10.0, 15.0), (site.Zones[0].TimeToShelterS, site.Zones[1].TimeToShelterS));
        Assert.Equal("Z1", site.Zones[1].Parent);
        Assert.Equal(["Z1", "Z2"], site.Sirens[0].Zones);
        Assert.Equal(40, site.Shelters[0].Capacity);
        Assert.Equal(new WarningPolicy(), site.Policy);
        Assert.Equal(0.2, site.LatenessS);
        Assert.Empty(site.Wind.Levels);
    }

    [Fact]
    public void The_frame_stands_in_the_middle_of_sensors_and_zones()
    {
        Geodetic origin = TestSite.File.Definition.Frame.Origin;
        Assert.Equal((7.99 + 8.05) / 2 * Math.PI / 180, origin.LongitudeRad, 1e-15);
        Assert.Equal((45.99 + 46.02) / 2 * Math.PI / 180, origin.LatitudeRad, 1e-15);
        Assert.Equal(200.5, origin.HeightM);
    }

    [Fact]
    public void Holes_and_parts_of_zones_are_projected()
    {
        SiteDefinition site = TestSite.File.Definition;
        bool In(int zone, double lon, double lat)
        {
            Enu p = site.Frame.ToEnu(new Geodetic(lat * Math.PI / 180, lon * Math.PI / 180, site.GroundElevationM));
            return site.Zones[zone].Area.Contains(p.East, p.North);
        }

        Assert.True(In(0, 7.992, 46.0));
        Assert.False(In(0, 8.0, 46.0));
        Assert.False(In(0, 8.011, 46.0));
        Assert.True(In(1, 8.029, 46.005));
        Assert.True(In(1, 8.049, 46.005));
        Assert.False(In(1, 8.035, 46.001));
        // 0.01 degrees of latitude at 46 N are 1,111.5 m, so the sides of zone Z1 are twice that.
        Assert.Equal(2_223, site.Zones[0].Area.MaxNorthM - site.Zones[0].Area.MinNorthM, 1.0);
    }

    [Fact]
    public void A_site_on_the_180th_meridian_has_its_frame_there()
    {
        string json = TestSite.Json.Replace("[8.0, 46.0, 210.0]", "[179.999, 46.0, 0]", StringComparison.Ordinal)
            .Replace("[8.01, 46.02]", "[-179.995, 46.0]", StringComparison.Ordinal);
        JsonNode root = JsonNode.Parse(json)!;
        JsonArray features = root["features"]!.AsArray();
        for (int i = features.Count - 1; i >= 2; i--) features.RemoveAt(i);
        Geodetic origin = TestSite.Parse(root.ToJsonString()).Value!.Definition.Frame.Origin;
        Assert.Equal(-179.998 * Math.PI / 180, origin.LongitudeRad, 1e-12);
    }

    [Fact]
    public void Settings_of_warning_and_wind_are_read()
    {
        string json = TestSite.Json.Replace("\"groundElevationM\": 200.50", """
            "groundElevationM": 200.5, "latenessS": 0.5, "warning": { "silenceToNeedlessHarmRatio": 9, "rocketHarmRadiusM": 60, "artilleryHarmRadiusM": 61,
            "mortarHarmRadiusM": 20, "holdTimeS": 600, "channelDelayS": 4, "timeSigmaShare": 1.5, "note": "passes through" },
            "wind": [ { "heightM": 0, "speedMps": 5, "fromDeg": 270 }, { "heightM": 2000, "speedMps": 10, "fromDeg": 0 } ]
            """, StringComparison.Ordinal);
        SiteDefinition site = TestSite.Parse(json).Value!.Definition;
        Assert.Equal(0.5, site.LatenessS);
        Assert.Equal(new WarningPolicy
        {
            SilenceToNeedlessHarmRatio = 9,
            RocketHarmRadiusM = 60,
            ArtilleryHarmRadiusM = 61,
            MortarHarmRadiusM = 20,
            HoldTimeS = 600,
            ChannelDelayS = 4,
            TimeSigmaShare = 1.5,
        }, site.Policy);
        // A west wind blows to the east, a north wind to the south.
        (double east, double north) = site.Wind.At(-10);
        Assert.Equal(5, east, 1e-12);
        Assert.Equal(0, north, 1e-12);
        (east, north) = site.Wind.At(3_000);
        Assert.Equal(0, east, 1e-12);
        Assert.Equal(-10, north, 1e-12);
    }

    [Theory]
    [InlineData("[8.01, 46.01], [7.99, 46.01], [7.99, 45.99]]", "[7.99, 46.01], [8.01, 46.01], [7.99, 45.99]]", "feature 3 (zone Z1): the polygon crosses itself near [8, 46]; redraw its ring")]
    [InlineData("[8.005, 45.995], [7.995, 45.995]]", "[8.5, 45.995], [7.995, 45.995]]", "feature 3 (zone Z1): the polygon crosses itself")]
    [InlineData("[7.99, 46.01], [7.99, 45.99]]", "[7.99, 46.01]]", "feature 3 (zone Z1): its geometry cannot be read (points must form a closed linestring)")]
    [InlineData("[[[8.02, 46.0], [8.03, 46.0], [8.03, 46.01], [8.02, 46.0]]]", "[[[8.02, 46.0], [8.03, 46.0], [8.02, 46.0]]]", "feature 4 (zone Z2): a ring has fewer than three corners")]
    [InlineData("\"type\": \"MultiPolygon\"", "\"type\": \"Bolygon\"", "feature 4 (zone Z2): its geometry cannot be read")]
    [InlineData("[8.03, 46.0]", "[8.03, \"46\"]", "feature 4 (zone Z2): its geometry's coordinates are not positions")]
    [InlineData("[8.03, 46.0]", "[8.03, 1e999]", "feature 4 (zone Z2): a coordinate is not finite")]
    [InlineData("[8.03, 46.0]", "[8.03, 96.0]", "feature 4 (zone Z2): latitude 96 is out of range")]
    [InlineData("[8.0, 46.0, 210.0]", "[188.0, 46.0, 210.0]", "feature 1 (sensor R1): longitude 188 is out of range")]
    [InlineData("[8.0, 46.0, 210.0]", "[8.0, 46.0, 1e9]", "feature 1 (sensor R1): its height 1000000000 m is out of range")]
    [InlineData("[8.0, 46.0, 210.0]", "[8.0]", "feature 1 (sensor R1): its geometry's coordinates are not positions")]
    [InlineData("[8.0, 46.0, 210.0]", "[46.0, 8.0, 210.0]", "is farther than 500 km from sensor R1; positions are [longitude, latitude]")]
    [InlineData("\"geometry\": { \"type\": \"Point\", \"coordinates\": [8.01, 46.02] }", "\"geometry\": null", "feature 2 (sensor Rädar \"2\"): its geometry is null")]
    [InlineData("\"rangeSigmaM\": 15.0", "\"rangeSigmaM\": 0", "feature 1 (sensor R1): rangeSigmaM is 0; write a number above 0 to 100000")]
    [InlineData("\"rangeSigmaM\": 15.0", "\"rangeSigmaM\": -15.0", "rangeSigmaM is -15.0")]
    [InlineData("\"rangeSigmaM\": 15.0", "\"rangeSigmaM\": 1e999", "rangeSigmaM is 1e999")]
    [InlineData("\"rangeSigmaM\": 15.0", "\"rangeSigmaM\": \"15\"", "rangeSigmaM is a string; write a number")]
    [InlineData("\"rangeSigmaM\": 15.0,", "", "feature 1 (sensor R1): rangeSigmaM is missing")]
    [InlineData("\"scanPeriodS\": 0.5,", "", "feature 1 (sensor R1): scanPeriodS is missing")]
    [InlineData("\"detectionProbability\": 0.9", "\"detectionProbability\": 1.1", "detectionProbability is 1.1")]
    [InlineData("\"sac\": 25", "\"sac\": 25.5", "sac is not a whole number")]
    [InlineData("\"sac\": 25", "\"sac\": 256", "sac is 256")]
    [InlineData("\"asterix\": { \"sac\": 25, \"sic\": 201, \"edition\": \"1.32\" }", "\"asterix\": 3", "asterix is a number; write an object")]
    [InlineData("\"id\": \"Z2\"", "\"id\": \"Z1\"", "feature 4 (zone Z1): the id Z1 is also that of feature 3 (zone Z1)")]
    [InlineData("\"id\": \"Z2\"", "\"id\": \"\"", "feature 4 (zone): id is empty")]
    [InlineData("\"id\": \"Z2\"", "\"id\": 2", "feature 4 (zone): id is a number")]
    [InlineData("\"id\": \"Z2\"", "\"id\": \"\\ud800\"", "feature 4 (zone): id is a string")]
    [InlineData("\"parent\": \"Z1\"", "\"parent\": \"Z9\"", "feature 4 (zone Z2): there is no zone Z9, its parent")]
    [InlineData("\"parent\": \"Z1\"", "\"parent\": \"Z2\"", "its parents go round in a circle")]
    [InlineData("\"zones\": [\"Z1\", \"Z2\"]", "\"zones\": [\"Z1\", \"Z3\"]", "feature 5 (siren S1): there is no zone Z3")]
    [InlineData("\"zones\": [\"Z1\", \"Z2\"]", "\"zones\": \"Z1\"", "feature 5 (siren S1): zones is a string")]
    [InlineData("\"capacity\": 40", "\"capacity\": -1", "feature 6 (shelter B1): capacity is -1")]
    [InlineData("\"population\": 120", "\"population\": null", "feature 3 (zone Z1): population is null")]
    [InlineData("\"population\": 120", "\"population\": 1, \"population\": 2", "the JSON is malformed")]
    [InlineData("\"kind\": \"sensor\"", "\"kind\": \"sensed\"", "the site has no sensor; add a feature")]
    [InlineData("\"tocsin\"", "\"toxin\"", "the member \"tocsin\" is missing; add")]
    [InlineData("\"name\": \"camp \\\"Nörd\\\"\",", "", "tocsin: name is missing")]
    [InlineData("\"groundElevationM\": 200.50", "\"groundElevationM\": 200.50, \"wind\": [{\"heightM\": 2, \"speedMps\": 1, \"fromDeg\": 2}, {\"heightM\": 2, \"speedMps\": 1, \"fromDeg\": 2}]", "tocsin.wind level 2: heightM is not above the level before")]
    [InlineData("\"groundElevationM\": 200.50", "\"groundElevationM\": 200.50, \"latenessS\": -1", "tocsin: latenessS is -1")]
    [InlineData("\"FeatureCollection\"", "\"Feature\"", "it is not a GeoJSON FeatureCollection")]
    [InlineData("\"features\"", "\"future\"", "features is missing")]
    [InlineData("\"type\": \"Feature\", \"geometry\": null", "\"type\": \"Creature\", \"geometry\": null", "feature 7: it is not a GeoJSON Feature")]
    [InlineData("\"capacity\": 40", "\"capacity\": 40,", "line 27, byte 70: the JSON is malformed: ")]
    public void What_is_wrong_is_named_with_its_place_and_its_mend(string piece, string replacement, string expected) =>
        Assert.Contains(expected, TestSite.ErrorOf(piece, replacement), StringComparison.Ordinal);

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData(" \n\t", "it is empty")]
    [InlineData("[]", "not a GeoJSON FeatureCollection")]
    [InlineData("{\"type\":\"FeatureCollection\",\"features\":[", "line 1, byte")]
    public void A_document_that_is_none_is_an_error(string json, string expected) =>
        Assert.Contains(expected, TestSite.Parse(json).Error!.ToString(), StringComparison.Ordinal);

    [Fact]
    public void Bytes_that_are_not_UTF8_are_named_by_offset()
    {
        byte[] bytes = Encoding.UTF8.GetBytes(TestSite.Json);
        bytes[300] = 0xFF;
        Assert.Contains("byte 300: this is not UTF-8", SiteFile.Parse(bytes, "x").Error!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_an_error_that_names_it() =>
        Assert.Contains("nowhere.site.geojson: there is no such file", SiteFile.Read("nowhere.site.geojson").Error!.ToString(), StringComparison.Ordinal);

    [Fact]
    public void A_site_without_zones_is_valid()
    {
        JsonNode root = JsonNode.Parse(TestSite.Json)!;
        JsonArray features = root["features"]!.AsArray();
        for (int i = features.Count - 1; i >= 2; i--) features.RemoveAt(i);
        Assert.Empty(TestSite.Parse(root.ToJsonString()).Value!.Definition.Zones);
    }

    [Fact]
    public void The_canonical_text_keeps_every_token_and_reads_to_itself()
    {
        string canonical = TestSite.File.CanonicalJson;
        Assert.StartsWith("{\"type\":\"FeatureCollection\",\"tocsin\":{\"name\":\"camp \\\"Nörd\\\"\",\"groundElevationM\":200.50},\"features\":[", canonical, StringComparison.Ordinal);
        Assert.Contains("\"maxRangeM\":2E4", canonical, StringComparison.Ordinal);
        Assert.Contains("R\\u00e4dar", canonical, StringComparison.Ordinal);
        Assert.EndsWith("\"bread\":[1.50,true,null]}}]}", canonical, StringComparison.Ordinal);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(TestSite.Json), JsonNode.Parse(canonical)));
        SiteFile again = TestSite.Parse(canonical).Value!;
        Assert.Equal((canonical, TestSite.File.Sha256), (again.CanonicalJson, again.Sha256));
        Assert.Equal(again.Sha256, TestSite.Parse("\uFEFF" + TestSite.Json.Replace("\n", "\r\n", StringComparison.Ordinal)).Value!.Sha256);
        Assert.Equal(64, again.Sha256.Length);
    }

    [Theory]
    [InlineData("salvo22")]
    [InlineData("salvo22hard")]
    public void A_foreign_site_is_read_and_its_zones_hold_what_NetTopologySuite_says_they_hold(string name)
    {
        SiteDefinition site = SiteFile.Read(SharedData.PathOrSkip($"salvo/{name}.site.geojson")).Value!.Definition;
        Assert.Equal(name, site.Name);
        Assert.True(site.Zones.Length > 100);
        // An independent judgement of the projected polygons: the library's area against the sum over the corners.
        foreach (ZoneDefinition zone in site.Zones)
        {
            var ring = new LinearRing([.. zone.Area.Rings[0].Append(zone.Area.Rings[0][0]).Select(c => new Coordinate(c.East, c.North))]);
            var polygon = new Polygon(ring);
            Assert.Equal(90_000.0, polygon.Area, 900.0);
            Assert.True(zone.Area.Contains(polygon.Centroid.X, polygon.Centroid.Y));
        }
    }

    [Fact]
    public void Spoiled_bytes_never_throw()
    {
        byte[] good = Encoding.UTF8.GetBytes(TestSite.Json);
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte, Gen.Int[0, good.Length - 1], Gen.Byte, Gen.Int[1, good.Length]).Sample((i, a, j, b, length) =>
        {
            byte[] spoiled = [.. good];
            (spoiled[i], spoiled[j]) = (a, b);
            InputResult<SiteFile> result = SiteFile.Parse(spoiled.AsSpan(0, length), "x");
            Assert.True(result.Ok || result.Error.ToString().Length > 3);
        }, iter: 500);
    }
}
