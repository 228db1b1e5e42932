using System.Collections.Immutable;
using System.Text.Json;
using Tocsin.Ballistics;
using Tocsin.Formats.Text;
using Tocsin.Geodesy;
using Tocsin.Numerics;

namespace Tocsin.Formats.GeoJson;

/// <summary>Makes a site definition of a GeoJSON document, or says what is the first thing wrong with it.</summary>
internal sealed class SiteParser
{
    private static readonly NumberRule s_height = new(-1_000, 30_000);
    private static readonly NumberRule s_seconds = new(0, 3_600);
    private static readonly NumberRule s_byte = new(0, 255);

    private readonly Problems _problems;
    private readonly List<SensorDefinition> _sensors = [];
    private readonly List<ZoneDraft> _zones = [];
    private readonly List<(SirenDefinition Siren, string Place)> _sirens = [];
    private readonly List<ShelterDefinition> _shelters = [];
    private readonly Dictionary<(string Kind, string Id), string> _placesById = [];
    private double _groundElevationM;

    private SiteParser(string file) => _problems = new Problems(file);

    /// <summary>A zone before the frame is known: its polygons in degrees.</summary>
    private sealed record ZoneDraft(string Place, string Id, string Name, double Population, double TimeToShelterS, string? Parent,
        NetTopologySuite.Geometries.Geometry Area);

    /// <summary>Reads the document.</summary>
    public static InputResult<SiteDefinition> Parse(JsonElement root, string file)
    {
        var parser = new SiteParser(file);
        SiteDefinition? definition = parser.ReadDocument(root);
        return parser._problems.First is InputError error ? error : definition!;
    }

    private SiteDefinition? ReadDocument(JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty("type", out JsonElement type) ||
            JsonMembers.StringOrNull(type) != "FeatureCollection")
        {
            _problems.Add("it is not a GeoJSON FeatureCollection", "give an object with \"type\": \"FeatureCollection\"");
            return null;
        }
        var document = new JsonMembers(root, _problems);
        if (document.OptionalObject("tocsin") is not JsonMembers settings)
        {
            _problems.Add("the member \"tocsin\" is missing", "add \"tocsin\": {\"name\": ..., \"groundElevationM\": ...} beside \"features\"");
            return null;
        }
        _problems.Place = "tocsin";
        string name = settings.Text("name");
        _groundElevationM = settings.Number("groundElevationM", s_height);
        double latenessS = settings.Number("latenessS", new NumberRule(0, 60), otherwise: 0.2);
        WarningPolicy policy = ReadPolicy(settings.OptionalObject("warning"));
        WindProfile wind = ReadWind(settings.OptionalArray("wind"));
        _problems.Place = "";
        JsonElement[] features = document.Array("features");
        for (int i = 0; i < features.Length && _problems.First is null; i++) ReadFeature(features[i], i + 1);
        _problems.Place = "";
        if (_sensors.Count == 0) _problems.Add("the site has no sensor", "add a feature with \"kind\": \"sensor\"");
        if (_sensors.Count > Limits.Sensors) _problems.Add($"{_sensors.Count} sensors", $"at most {Limits.Sensors} fit one site; divide it");
        if (_zones.Count > Limits.Zones) _problems.Add($"{_zones.Count} zones", $"at most {Limits.Zones} fit one site; divide it");
        CheckReferences();
        if (_problems.First is not null) return null;

        LocalFrame frame = ChooseFrame();
        ImmutableArray<ZoneDefinition> zones = [.. _zones.Select(z => Project(z, frame))];
        return new SiteDefinition
        {
            Name = name,
            GroundElevationM = _groundElevationM,
            Frame = frame,
            Sensors = [.. _sensors],
            Zones = zones,
            Sirens = [.. _sirens.Select(s => s.Siren)],
            Shelters = [.. _shelters],
            Policy = policy,
            Wind = wind,
            LatenessS = latenessS,
        };
    }

    private static WarningPolicy ReadPolicy(JsonMembers? members)
    {
        var policy = new WarningPolicy();
        if (members is not JsonMembers m) return policy;
        var radius = new NumberRule(0, 10_000);
        return new WarningPolicy
        {
            SilenceToNeedlessHarmRatio = m.Number("silenceToNeedlessHarmRatio", NumberRule.Positive(1e9), policy.SilenceToNeedlessHarmRatio),
            RocketHarmRadiusM = m.Number("rocketHarmRadiusM", radius, policy.RocketHarmRadiusM),
            ArtilleryHarmRadiusM = m.Number("artilleryHarmRadiusM", radius, policy.ArtilleryHarmRadiusM),
            MortarHarmRadiusM = m.Number("mortarHarmRadiusM", radius, policy.MortarHarmRadiusM),
            HoldTimeS = m.Number("holdTimeS", new NumberRule(0, 86_400), policy.HoldTimeS),
            ChannelDelayS = m.Number("channelDelayS", s_seconds, policy.ChannelDelayS),
            TimeSigmaShare = m.Number("timeSigmaShare", new NumberRule(0, 10), policy.TimeSigmaShare),
        };
    }

    /// <summary>Wind levels as a weather report gives them: the speed, and the direction from which the air comes.</summary>
    private WindProfile ReadWind(JsonElement[]? levels)
    {
        if (levels is null) return WindProfile.Calm;
        var read = ImmutableArray.CreateBuilder<WindLevel>(levels.Length);
        foreach (JsonElement level in levels)
        {
            _problems.Place = $"tocsin.wind level {read.Count + 1}";
            if (!IsObject(level, "the level")) break;
            var m = new JsonMembers(level, _problems);
            double heightM = m.Number("heightM", new NumberRule(-1_000, 100_000));
            double speedMps = m.Number("speedMps", new NumberRule(0, 200));
            double fromDeg = m.Number("fromDeg", new NumberRule(0, 360));
            if (_problems.First is not null) break;
            if (read.Count > 0 && heightM <= read[^1].HeightM)
            {
                _problems.Add("heightM is not above the level before", "sort the levels, lowest first, each height once");
                break;
            }
            (double sin, double cos) = Elementary.SinCos(Rad(fromDeg));
            read.Add(new WindLevel(heightM, -speedMps * sin, -speedMps * cos));
        }
        return _problems.First is null ? new WindProfile(read.ToImmutable()) : WindProfile.Calm;
    }

    private void ReadFeature(JsonElement feature, int number)
    {
        _problems.Place = $"feature {number}";
        if (!IsObject(feature, "the feature")) return;
        if (!feature.TryGetProperty("type", out JsonElement type) || JsonMembers.StringOrNull(type) != "Feature")
            _problems.Add("it is not a GeoJSON Feature", "give an object with \"type\": \"Feature\"");
        if (!feature.TryGetProperty("properties", out JsonElement properties) || properties.ValueKind != JsonValueKind.Object) return;
        if (!properties.TryGetProperty("kind", out JsonElement kindElement) || JsonMembers.StringOrNull(kindElement) is not string kind) return;
        if (kind is not ("sensor" or "zone" or "siren" or "shelter")) return;

        _problems.Place = $"feature {number} ({kind})";
        var m = new JsonMembers(properties, _problems);
        string id = m.Text("id");
        if (_problems.First is not null) return;
        _problems.Place = $"feature {number} ({kind} {id})";
        if (!_placesById.TryAdd((kind, id), _problems.Place))
            _problems.Add($"the id {id} is also that of {_placesById[(kind, id)]}", "give each an id of its own");
        if (!feature.TryGetProperty("geometry", out JsonElement geometry) || !IsObject(geometry, "its geometry"))
        {
            _problems.Add("its geometry is missing", kind == "zone" ? "add a Polygon or a MultiPolygon" : "add a Point");
            return;
        }
        switch (kind)
        {
            case "sensor": ReadSensor(id, m, geometry); break;
            case "zone": ReadZone(id, m, geometry); break;
            case "siren": ReadSiren(id, m, geometry); break;
            default: ReadShelter(id, m, geometry); break;
        }
    }

    private void ReadSensor(string id, in JsonMembers m, JsonElement geometry)
    {
        NumberRule angleSigma = NumberRule.Positive(90);
        var sensor = new SensorDefinition
        {
            Id = id,
            Position = SiteGeometry.ReadPoint(geometry, _groundElevationM, s_height, _problems),
            RangeSigmaM = m.Number("rangeSigmaM", NumberRule.Positive(100_000)),
            AzimuthSigmaRad = Rad(m.Number("azimuthSigmaDeg", angleSigma)),
            ElevationSigmaRad = Rad(m.Number("elevationSigmaDeg", angleSigma)),
            RangeRateSigmaMps = m.Number("rangeRateSigmaMps", NumberRule.Positive(10_000), otherwise: double.NaN),
            ScanPeriodS = m.Number("scanPeriodS", NumberRule.Positive(3_600)),
            MaxRangeM = m.Number("maxRangeM", NumberRule.Positive(FormatLimits.PlotRangeM)),
            MinElevationRad = Rad(m.Number("minElevationDeg", new NumberRule(-90, 90))),
            DetectionProbability = m.Number("detectionProbability", NumberRule.Positive(1)),
            Asterix = ReadAsterix(m.OptionalObject("asterix")),
        };
        if (sensor.Asterix is AsterixSource a && _sensors.Find(s => s.Asterix is AsterixSource o && (o.Sac, o.Sic) == (a.Sac, a.Sic)) is SensorDefinition other)
            _problems.Add($"asterix sac {a.Sac} and sic {a.Sic} are also those of sensor {other.Id}", "give each sensor its own");
        _sensors.Add(sensor);
    }

    private static AsterixSource? ReadAsterix(JsonMembers? members) => members is JsonMembers m
        ? new AsterixSource((byte)m.Integer("sac", s_byte), (byte)m.Integer("sic", s_byte), m.OptionalText("edition"))
        : null;

    private void ReadZone(string id, in JsonMembers m, JsonElement geometry)
    {
        string name = m.Text("name");
        double population = m.Number("population", new NumberRule(0, 1e9));
        double timeToShelterS = m.Number("timeToShelterS", s_seconds, otherwise: 10);
        string? parent = m.OptionalText("parent");
        if (SiteGeometry.ReadArea(geometry, _problems) is { } area)
            _zones.Add(new ZoneDraft(_problems.Place, id, name, population, timeToShelterS, parent, area));
    }

    private void ReadSiren(string id, in JsonMembers m, JsonElement geometry)
    {
        var zones = ImmutableArray.CreateBuilder<string>();
        foreach (JsonElement zone in m.Array("zones"))
        {
            if (JsonMembers.StringOrNull(zone) is string zoneId) zones.Add(zoneId);
            else m.Wrong("zones", zone, "the ids of zones as strings");
        }
        Geodetic position = SiteGeometry.ReadPoint(geometry, _groundElevationM, s_height, _problems);
        _sirens.Add((new SirenDefinition(id, position, zones.ToImmutable(), m.Number("audibleRangeM", NumberRule.Positive(100_000))), _problems.Place));
    }

    private void ReadShelter(string id, in JsonMembers m, JsonElement geometry) => _shelters.Add(new ShelterDefinition(id,
        SiteGeometry.ReadPoint(geometry, _groundElevationM, s_height, _problems), m.Integer("capacity", new NumberRule(0, 1e9))));

    /// <summary>Sirens serve zones that exist; parents exist and do not go round in a circle.</summary>
    private void CheckReferences()
    {
        Dictionary<string, ZoneDraft> zones = [];
        foreach (ZoneDraft zone in _zones) zones.TryAdd(zone.Id, zone);
        foreach ((SirenDefinition siren, string place) in _sirens)
        {
            _problems.Place = place;
            foreach (string zone in siren.Zones)
                if (!zones.ContainsKey(zone)) _problems.Add($"there is no zone {zone}", "name zones of this site");
        }
        foreach (ZoneDraft zone in _zones)
        {
            _problems.Place = zone.Place;
            ZoneDraft above = zone;
            for (int steps = 0; above.Parent is string parent && _problems.First is null; steps++)
            {
                if (!zones.TryGetValue(parent, out ZoneDraft? next)) _problems.Add($"there is no zone {parent}, its parent", "name a zone of this site");
                else if (steps > _zones.Count) _problems.Add("its parents go round in a circle", "leave out one parent");
                else above = next;
            }
        }
        _problems.Place = "";
    }

    /// <summary>The frame stands on the ground in the middle of the box that holds all sensors and zones, so that it is the same for the same file.</summary>
    private LocalFrame ChooseFrame()
    {
        double referenceDeg = Deg(_sensors[0].Position.LongitudeRad);
        double minLat = 90, maxLat = -90, minEast = 180, maxEast = -180;
        // Longitudes count from the first sensor's, so that a site may lie on the 180th meridian.
        void Include(double lonDeg, double latDeg)
        {
            double east = Math.IEEERemainder(lonDeg - referenceDeg, 360);
            (minEast, maxEast) = (Math.Min(minEast, east), Math.Max(maxEast, east));
            (minLat, maxLat) = (Math.Min(minLat, latDeg), Math.Max(maxLat, latDeg));
        }

        foreach (SensorDefinition s in _sensors) Include(Deg(s.Position.LongitudeRad), Deg(s.Position.LatitudeRad));
        foreach (ZoneDraft z in _zones)
            foreach (NetTopologySuite.Geometries.Coordinate c in z.Area.Coordinates) Include(c.X, c.Y);
        double lon = Math.IEEERemainder(referenceDeg + (minEast + maxEast) / 2, 360);
        return new LocalFrame(new Geodetic(Rad((minLat + maxLat) / 2), Rad(lon), _groundElevationM));
    }

    private ZoneDefinition Project(ZoneDraft zone, LocalFrame frame)
    {
        _problems.Place = zone.Place;
        Enu first = frame.ToEnu(_sensors[0].Position);
        (double East, double North) ToGround(NetTopologySuite.Geometries.Coordinate c)
        {
            Enu p = frame.ToEnu(new Geodetic(Rad(c.Y), Rad(c.X), _groundElevationM));
            double east = p.East - first.East, north = p.North - first.North, up = p.Up - first.Up;
            if (east * east + north * north + up * up > FormatLimits.SiteExtentM * FormatLimits.SiteExtentM)
            {
                _problems.Add($"{SiteGeometry.Show(c)} is farther than {FormatLimits.SiteExtentM / 1_000} km from sensor {_sensors[0].Id}",
                    "positions are [longitude, latitude]; check their order");
            }
            return (p.East, p.North);
        }

        return new ZoneDefinition
        {
            Id = zone.Id,
            Name = zone.Name,
            Population = zone.Population,
            TimeToShelterS = zone.TimeToShelterS,
            Parent = zone.Parent,
            Area = new GroundPolygon([.. SiteGeometry.Rings(zone.Area).Select(ring => ring.Select(ToGround).ToImmutableArray())]),
        };
    }

    private bool IsObject(JsonElement e, string what)
    {
        if (e.ValueKind == JsonValueKind.Object) return true;
        _problems.Add($"{what} is {JsonMembers.NameOf(e)}", "give an object");
        return false;
    }

    private static double Rad(double deg) => deg * CanonicalAngle.RadPerDegree;

    private static double Deg(double rad) => rad * CanonicalAngle.DegreesPerRad;
}
