using Tocsin.Geodesy;
using Tocsin.Numerics;
using Tocsin.Simulation.Scenarios;

namespace Tocsin.Simulation.Engagement;

/// <summary>What a fire control knows of the people below: the site's zones and the assets, and the harm that it expects where something comes down.</summary>
/// <remarks>A fire control's reckoning, not a measure of a run: the people's model judges what really came down. Harm is in people hurt.</remarks>
internal sealed class HarmMap
{
    /// <summary>Points by which an impact's ellipse is integrated: the error of a probability is some hundredths.</summary>
    private const int Points = 48;

    /// <summary>An impact beside a zone but within the harm radius hurts this share of what one inside does; chosen, a quarter of its circle lying in the zone.</summary>
    private const double BesideShare = 0.25;

    /// <summary>Ground on which a falling shell or spent interceptor hurts whoever stands on it, m²; chosen: a person seen from above, and as much again.</summary>
    public const double SpentHarmM2 = 1;

    /// <summary>The same for a piece of a round that was neutralised, m²; chosen: it is larger, and may still hold a charge.</summary>
    public const double DebrisHarmM2 = 10;

    /// <summary>A 95 % ellipse is so many sigmas wide: the root of the quantile 0.95 of chi-square with 2 degrees, -2 ln 0.05.</summary>
    private const double Sigmas95 = 2.4477468306808166;

    private static readonly (double U, double V)[] s_spiral = Spiral();
    private readonly GroundPolygon[] _areas;
    private readonly double[] _perM2;
    private readonly (Enu Centre, double RadiusM, double Worth)[] _assets;
    private readonly WarningPolicy _policy;

    public HarmMap(SiteDefinition site, IReadOnlyList<AssetSettings> assets)
    {
        // The smallest zone that holds a point tells its density: a part of a zone is denser or emptier than the whole.
        var zones = site.Zones.Select(z => (z.Area, M2: AreaM2(z.Area), z.Population)).Where(z => z.M2 > 0).OrderBy(z => z.M2).ToArray();
        _areas = [.. zones.Select(z => z.Area)];
        _perM2 = [.. zones.Select(z => z.Population / z.M2)];
        _assets = [.. assets.Select(a => (site.Frame.ToEnu(a.Centre.At(site.GroundElevationM)), a.RadiusM, a.Worth))];
        _policy = site.Policy;
    }

    /// <summary>People on a square metre at a point.</summary>
    public double PeoplePerM2(double eastM, double northM)
    {
        for (int i = 0; i < _areas.Length; i++)
            if (InBox(_areas[i], eastM, northM, 0) && _areas[i].Contains(eastM, northM)) return _perM2[i];
        return 0;
    }

    /// <summary>The probability that an impact falls in or near enough to harm a zone or an asset, and the people that it is expected to hurt.</summary>
    public (double Probability, double Harm) Of(double eastM, double northM, in GroundEllipse ellipse95, Kind kind)
    {
        double radius = kind switch
        {
            Kind.Artillery => _policy.ArtilleryHarmRadiusM,
            Kind.Mortar => _policy.MortarHarmRadiusM,
            _ => _policy.RocketHarmRadiusM,
        };
        (double sin, double cos) = Elementary.SinCos(ellipse95.OrientationRad);
        double major = ellipse95.SemiMajorM / Sigmas95, minor = ellipse95.SemiMinorM / Sigmas95;
        int near = 0;
        double harm = 0;
        foreach ((double u, double v) in s_spiral)
        {
            double along = u * major, across = v * minor;
            (bool threatens, double here) = At(eastM + along * sin + across * cos, northM + along * cos - across * sin, radius);
            if (threatens) near++;
            harm += here;
        }
        return (near / (double)Points, harm / Points);
    }

    private (bool Threatens, double Harm) At(double eastM, double northM, double radiusM)
    {
        double circle = Math.PI * radiusM * radiusM, harm = 0;
        bool threatens = false;
        for (int i = 0; i < _areas.Length; i++)
        {
            if (!InBox(_areas[i], eastM, northM, radiusM)) continue;
            double distance = _areas[i].DistanceM(eastM, northM);
            if (distance > radiusM) continue;
            threatens = true;
            harm = Math.Max(harm, _perM2[i] * circle * (distance <= 0 ? 1 : BesideShare));
            if (distance <= 0) break;
        }
        foreach ((Enu centre, double within, double worth) in _assets)
        {
            double e = eastM - centre.East, n = northM - centre.North;
            if (e * e + n * n > within * within) continue;
            (threatens, harm) = (true, harm + worth);
        }
        return (threatens, harm);
    }

    private static bool InBox(GroundPolygon area, double e, double n, double marginM) =>
        e >= area.MinEastM - marginM && e <= area.MaxEastM + marginM && n >= area.MinNorthM - marginM && n <= area.MaxNorthM + marginM;

    // Gauss's formula; holes turn the other way or the same, so each ring inside another is taken off.
    private static double AreaM2(GroundPolygon area)
    {
        double sum = 0;
        for (int i = 0; i < area.Rings.Length; i++)
        {
            double twice = 0;
            (double e0, double n0) = area.Rings[i][^1];
            foreach ((double e1, double n1) in area.Rings[i])
            {
                twice += e0 * n1 - e1 * n0;
                (e0, n0) = (e1, n1);
            }
            int around = 0;
            for (int j = 0; j < area.Rings.Length; j++)
                if (j != i && new GroundPolygon([area.Rings[j]]).Contains(area.Rings[i][0].East, area.Rings[i][0].North)) around++;
            sum += (around % 2 == 0 ? 0.5 : -0.5) * Math.Abs(twice);
        }
        return sum;
    }

    // Vogel's spiral: points equal in weight that fill the plane evenly in probability, as Warnings.ZoneRisk has it.
    private static (double, double)[] Spiral()
    {
        double golden = Math.PI * (3 - Math.Sqrt(5));
        var points = new (double, double)[Points];
        for (int i = 0; i < Points; i++)
        {
            double radius = Math.Sqrt(-2 * Elementary.Log(1 - (i + 0.5) / Points));
            (double sin, double cos) = Elementary.SinCos(i * golden);
            points[i] = (radius * cos, radius * sin);
        }
        return points;
    }
}
