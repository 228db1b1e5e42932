using Tocsin.Simulation.Radar;
using Tocsin.Simulation.Runs;
using Tocsin.Simulation.Scenarios;

namespace Tocsin.Simulation.Lint;

/// <summary>The scenario's radars against the site's sensors: which are used, and whether what the tracker believes of them is true.</summary>
internal static class RadarRules
{
    private const string Rule = "radar", Belief = "belief";

    /// <summary>Factor by which a true error may exceed the declared sigma. Chosen: by half as much again a 95 % ellipse holds 73 %.</summary>
    private const double ErrorFactor = 1.5;

    /// <summary>Factor by which scan periods may differ. Chosen: looks that come late by more are taken for misses.</summary>
    private const double PeriodFactor = 1.1;

    /// <summary>Makes the radars; those that cannot be made are errors.</summary>
    public static void Make(LintContext context)
    {
        for (int i = 0; i < context.Scenario.Radars.Count; i++)
        {
            RadarSettings settings = context.Scenario.Radars[i];
            if (!RadarModel.Make(context.Site, settings, $"$.radars[{i}]", new RunStreams(0, 0)).Succeeded(out RadarModel? model, out string? problem))
            {
                // The model's problems begin with their place.
                int end = problem.IndexOf(' ', StringComparison.Ordinal);
                context.Error(Rule, problem[..end].TrimEnd(':'), problem[(end + 1)..]);
                continue;
            }
            context.Radars.Add(new(i, settings, context.Site.Sensors.First(s => s.Id == settings.Sensor), model));
        }
    }

    public static void Check(LintContext context)
    {
        foreach (SensorDefinition sensor in context.Site.Sensors)
            if (context.Scenario.Radars.All(r => r.Sensor != sensor.Id))
                context.WarnOfSite(Rule, context.Places.Of("sensor", sensor.Id), $"sensor {sensor.Id} is no radar of the scenario: it stays silent throughout; add it to $.radars, or leave it out of the site");
        foreach (LintRadar radar in context.Radars) CheckBelief(context, radar);
    }

    // The tracker believes the site's figures, whatever the scenario's radars really do.
    private static void CheckBelief(LintContext context, LintRadar radar)
    {
        SensorDefinition s = radar.Sensor;
        string at = $"$.radars[{radar.Index}]", id = radar.Settings.Sensor;
        RadarNoise noise = radar.Settings.Noise ?? new();
        RadarBias bias = radar.Settings.Bias ?? new();
        Quantisation steps = radar.Settings.Quantisation ?? new();
        Error("range", "rangeM", noise.RangeSigmaM ?? s.RangeSigmaM, steps.RangeM, bias.RangeM, s.RangeSigmaM, "m");
        Error("azimuth", "azimuthDeg", noise.AzimuthSigmaDeg ?? Degrees.FromRad(s.AzimuthSigmaRad), steps.AzimuthDeg, bias.AzimuthDeg, Degrees.FromRad(s.AzimuthSigmaRad), "degrees");
        Error("elevation", "elevationDeg", noise.ElevationSigmaDeg ?? Degrees.FromRad(s.ElevationSigmaRad), steps.ElevationDeg, bias.ElevationDeg, Degrees.FromRad(s.ElevationSigmaRad), "degrees");
        if (noise.RangeRateSigmaMps is { } rate)
        {
            if (double.IsNaN(s.RangeRateSigmaMps))
                context.Warn(Belief, at + ".noise.rangeRateSigmaMps", $"radar {id} measures range rate here, but the site's sensor has no rangeRateSigmaMps and the tracker makes no use of it; add it to the site, or leave it out here");
            else Error("range rate", "rangeRateMps", rate, 0, 0, s.RangeRateSigmaMps, "m/s");
        }
        double ratio = radar.PeriodS / s.ScanPeriodS;
        if (ratio > PeriodFactor || ratio < 1 / PeriodFactor)
            context.Warn(Belief, at + ".scanPeriodS", $"radar {id} looks every {LintText.Number(radar.PeriodS)} s, but the site says every {LintText.Number(s.ScanPeriodS)} s and the tracker counts its misses by that; give both the same scanPeriodS");

        void Error(string what, string member, double sigma, double step, double steady, double declared, string unit)
        {
            // A step's rounding errs evenly over its width: its sigma is the step over the square root of 12.
            double truly = Math.Sqrt(sigma * sigma + step * step / 12);
            if (truly > ErrorFactor * declared)
                context.Warn(Belief, sigma > ErrorFactor * declared ? $"{at}.noise" : $"{at}.quantisation.{member}",
                    $"radar {id} errs by {LintText.Number(truly)} {unit} in {what}, but the site says {LintText.Number(declared)}: the tracker believes the site, and its ellipses are too small; raise the site's sigma, or lower it here");
            if (Math.Abs(steady) > declared)
                context.Warn(Belief, $"{at}.bias.{member}",
                    $"radar {id} is off by {LintText.Number(steady)} {unit} in {what} always, more than the sigma of {LintText.Number(declared)} that the site says: ellipses will not hold; raise the site's sigma, or expect it");
        }
    }
}
