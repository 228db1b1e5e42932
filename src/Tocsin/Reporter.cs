using Tocsin.Geodesy;
using Tocsin.Numerics;
using Tocsin.Prediction;
using Tocsin.Tracking;

namespace Tocsin;

/// <summary>Turns what the Site holds in its local frame into what it reports: WGS-84 positions and velocities there.</summary>
internal sealed class Reporter(SiteDefinition site, FlightModel flight)
{
    /// <summary>A track as it is reported.</summary>
    public Track Track(TrackFile t, in Estimate e, in KindProbabilities kinds)
    {
        Geodetic position = site.Frame.ToGeodetic(new(e.Mean[0], e.Mean[1], e.Mean[2]));
        return new()
        {
            Id = new(t.Number),
            ValidTime = t.LastTime,
            Position = position,
            VelocityMps = At(position, site.Frame.RotateToEcef(new(e.Mean[3], e.Mean[4], e.Mean[5]))),
            Kind = kinds.Likeliest,
            Kinds = kinds,
            Plot = t.LastPlot,
        };
    }

    /// <summary>An impact prediction as it is reported.</summary>
    public ImpactPrediction Impact(TrackFile t, in ImpactComponent impact)
    {
        double up = flight.GroundHeightM - flight.OriginHeightM
            - (impact.EastM * impact.EastM + impact.NorthM * impact.NorthM) / (2 * flight.RadiusM);
        return new()
        {
            Track = new(t.Number),
            ValidTime = t.LastTime,
            ImpactTime = impact.Time,
            TimeSigmaS = impact.TimeSigmaS,
            Position = site.Frame.ToGeodetic(new(impact.EastM, impact.NorthM, up)),
            Ellipse95 = ImpactPredictor.Ellipse95(impact),
            Distribution = new ImpactDistribution(impact),
        };
    }

    /// <summary>A vector of the Earth-fixed frame in the east-north-up directions of a place.</summary>
    private static Enu At(in Geodetic place, in Ecef v)
    {
        (double sinLat, double cosLat) = Elementary.SinCos(place.LatitudeRad);
        (double sinLon, double cosLon) = Elementary.SinCos(place.LongitudeRad);
        double t = cosLon * v.X + sinLon * v.Y;
        return new(-sinLon * v.X + cosLon * v.Y, -sinLat * t + cosLat * v.Z, cosLat * t + sinLat * v.Z);
    }
}
