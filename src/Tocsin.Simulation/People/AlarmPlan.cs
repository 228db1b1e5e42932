using Tocsin.Numerics;
using Tocsin.Simulation.Measures;
using Tocsin.Simulation.Runs;

namespace Tocsin.Simulation.People;

/// <summary>One time in which something sounds or says "warned".</summary>
/// <param name="StartS">From when, in seconds from the scenario's start.</param>
/// <param name="EndS">Until when.</param>
/// <param name="Advice">What it told at its start.</param>
/// <param name="ImpactS">When it expected the impact, as it said at its start.</param>
internal readonly record struct Alarm(double StartS, double EndS, Advice Advice, double ImpactS);

/// <summary>What sounds when, under one way of warning.</summary>
internal sealed class AlarmPlan
{
    private AlarmPlan(Alarm[][] sirens, Alarm[][] zones) => (Sirens, Zones) = (sirens, zones);

    /// <summary>By siren: its times, in order and apart.</summary>
    public Alarm[][] Sirens { get; }

    /// <summary>By zone: the times in which its people's loudspeakers, phones and watches are told, from the warnings' own, the devices' delays left out.</summary>
    public Alarm[][] Zones { get; }

    /// <summary>The warnings as the Site gave them: a siren sounds while any of its zones is warned, and is heard by others too.</summary>
    public static AlarmPlan ByZones(PeopleGround ground, RunLog log, double[] sirenDelaysS)
    {
        var warnings = new List<Alarm>[ground.Zones.Length];
        for (int z = 0; z < warnings.Length; z++) warnings[z] = [];
        foreach (WarningLog warning in log.Warnings)
            if (warning.Zone >= 0 && warning.Zone < warnings.Length) warnings[warning.Zone].Add(Of(ground, log, warning));
        return new(
            [.. ground.SirenZones.Select((zones, s) => Merged(zones.SelectMany(z => warnings[z]).Select(a => a with { StartS = a.StartS + sirenDelaysS[s] })))],
            [.. ground.Zones.Select(zone => Merged(zone.Chain.SelectMany(z => warnings[z])))]);
    }

    /// <summary>One alarm for the whole site by the same sirens and devices: from this run's first raise to its last clear.</summary>
    public static AlarmPlan WholeSite(PeopleGround ground, RunLog log, double[] sirenDelaysS)
    {
        Alarm[] warnings = [.. log.Warnings.Where(w => w.Zone >= 0 && w.Zone < ground.Zones.Length).Select(w => Of(ground, log, w)).OrderBy(a => a.StartS)];
        if (warnings.Length == 0) return Silence(ground);
        Alarm one = warnings[0] with { EndS = warnings.Max(a => a.EndS) };
        return new(
            [.. ground.Sirens.Select((_, s) => new[] { one with { StartS = one.StartS + sirenDelaysS[s] } })],
            [.. ground.Zones.Select(_ => new[] { one })]);
    }

    /// <summary>Nobody is told.</summary>
    public static AlarmPlan Silence(PeopleGround ground) => new([.. ground.Sirens.Select(_ => Array.Empty<Alarm>())], [.. ground.Zones.Select(_ => Array.Empty<Alarm>())]);

    /// <summary>How long each siren takes to sound in a run, in seconds.</summary>
    public static double[] SirenDelaysS(PeopleGround ground, RunStreams streams)
    {
        var delays = new double[ground.Sirens.Length];
        for (int s = 0; s < delays.Length; s++)
        {
            RandomStream draws = streams.Of(Runs.Draw.SirenDelay, ground.Site.Sirens[s].Id);
            delays[s] = ground.Settings.Channels.SirenDelayS.At(draws.NextUniform());
        }
        return delays;
    }

    /// <summary>Alarms in order, those that overlap made one that begins as the first does.</summary>
    internal static Alarm[] Merged(IEnumerable<Alarm> alarms)
    {
        var merged = new List<Alarm>();
        foreach (Alarm alarm in alarms.Where(a => a.EndS > a.StartS).OrderBy(a => a.StartS).ThenBy(a => a.ImpactS))
        {
            if (merged.Count > 0 && alarm.StartS <= merged[^1].EndS) merged[^1] = merged[^1] with { EndS = Math.Max(merged[^1].EndS, alarm.EndS) };
            else merged.Add(alarm);
        }
        return [.. merged];
    }

    private static Alarm Of(PeopleGround ground, RunLog log, WarningLog warning)
    {
        Instant end = warning.ClearedTime ?? log.LastTime ?? warning.RaisedTime;
        // A log that a limit cut may hold a warning without its words: then people drop, which is never wrong.
        (Advice advice, Instant impact) = warning.States.Count > 0 ? (warning.States[0].Advice, warning.States[0].ImpactTime) : (Advice.Drop, warning.RaisedTime);
        return new(warning.RaisedTime.SecondsSince(ground.Start), end.SecondsSince(ground.Start), advice, impact.SecondsSince(ground.Start));
    }
}
