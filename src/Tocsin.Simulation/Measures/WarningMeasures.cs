namespace Tocsin.Simulation.Measures;

/// <summary>Judges the warnings of a run by the impacts that came.</summary>
/// <remarks>All times here are the lines' own (<c>time</c>): people hear a warning when it is said, not when its last plot was measured.</remarks>
internal sealed class WarningMeasures
{
    /// <summary>A warning is needless when no round comes down within this distance of its zone, in metres.</summary>
    public const double NeedlessDistanceM = 100;

    /// <summary>How far outside the life of a warning an impact still justifies it, in seconds: one that is a little late or cleared a
    /// little early is a bad warning, not a needless one.</summary>
    public const double NeedlessToleranceS = 5;

    private readonly SiteDefinition _site;
    private readonly IReadOnlyList<RoundPath> _rounds;
    private readonly List<WarningLog> _warnings;

    public WarningMeasures(SiteDefinition site, RunLog log, IReadOnlyList<RoundPath> rounds)
    {
        (_site, _rounds) = (site, rounds);
        _warnings = [.. log.Warnings.Where(w => w.Zone >= 0 && w.Zone < site.Zones.Length)];
        Landed = [.. rounds.Where(r => r.LandedIn.Count > 0).OrderBy(r => r.ImpactTime)];
    }

    /// <summary>Rounds that came down in a zone, by the time of their impact.</summary>
    public IReadOnlyList<RoundPath> Landed { get; }

    /// <summary>Lead in seconds of the earliest warning of <paramref name="zone"/> that stood at <paramref name="impact"/>; null where none did.</summary>
    public double? LeadS(int zone, Instant impact)
    {
        double? lead = null;
        foreach (WarningLog warning in _warnings)
            if (warning.Zone == zone && warning.StandsAt(impact)) lead = Math.Max(lead ?? 0, impact.SecondsSince(warning.RaisedTime));
        return lead;
    }

    /// <summary>The longest lead over the zones that the round came down in; null where none of them was warned.</summary>
    public double? LeadS(RoundPath round) => round.LandedIn.Max(zone => LeadS(zone, round.ImpactTime));

    /// <summary>Whether no impact came within <see cref="NeedlessDistanceM"/> of the warning's zone while it stood, give or take the tolerance, and none
    /// would have come but for a defence: who warns of a round cannot know that it will be neutralised.</summary>
    public bool IsNeedless(WarningLog warning)
    {
        foreach (RoundPath round in _rounds)
        {
            if (!round.Flew || !round.NearZones.Contains(warning.Zone)) continue;
            bool afterRaise = round.ImpactTime.SecondsSince(warning.RaisedTime) >= -NeedlessToleranceS;
            bool beforeClear = warning.ClearedTime is not { } cleared || round.ImpactTime.SecondsSince(cleared) <= NeedlessToleranceS;
            if (afterRaise && beforeClear) return false;
        }
        return true;
    }

    public WarnedSummary Warned()
    {
        var rounds = new LeadTally();
        var leads = new List<double>();
        int neverRaised = 0, raisedLate = 0, clearedEarly = 0;
        foreach (RoundPath round in Landed)
        {
            double? lead = LeadS(round);
            rounds.Add(1, lead, round.LandedIn.Min(z => _site.Zones[z].TimeToShelterS));
            if (lead is { } s) leads.Add(s);
            else if (AnyWarning(round, w => w.RaisedTime < round.ImpactTime)) clearedEarly++;
            else if (AnyWarning(round, w => w.RaisedTime.SecondsSince(round.ImpactTime) <= NeedlessToleranceS)) raisedLate++;
            else neverRaised++;
        }
        var zones = new LeadTally();
        var people = new LeadTally();
        foreach ((int zone, RoundPath first) in FirstImpacts())
        {
            double? lead = LeadS(zone, first.ImpactTime);
            zones.Add(1, lead, _site.Zones[zone].TimeToShelterS);
            people.Add(_site.Zones[zone].Population, lead, _site.Zones[zone].TimeToShelterS);
        }
        return new(rounds.Counts, zones.Counts, people.Counts, neverRaised, raisedLate, clearedEarly,
            Statistics.Median(leads), Statistics.Min(leads), Statistics.Max(leads));
    }

    public NeedlessSummary Needless()
    {
        int needlessWarnings = 0;
        var zones = new SortedSet<int>();
        var right = new SortedSet<int>();
        foreach (WarningLog warning in _warnings)
        {
            zones.Add(warning.Zone);
            if (IsNeedless(warning)) needlessWarnings++;
            else right.Add(warning.Zone);
        }
        double people = Headcount.Of(_site, zones);
        int needlessZones = zones.Count - right.Count;
        return new(_warnings.Count, needlessWarnings, Statistics.Share(needlessWarnings, _warnings.Count),
            zones.Count, needlessZones, Statistics.Share(needlessZones, zones.Count), people, people - Headcount.Of(_site, right));
    }

    /// <summary>One siren for the whole site, sounded at the first raise and never too early to stop.</summary>
    public SirenSummary? OneSiren()
    {
        if (_warnings.Count == 0) return null;
        Instant raised = _warnings.Min(w => w.RaisedTime);
        var rounds = new LeadTally();
        foreach (RoundPath round in Landed)
        {
            double? lead = round.ImpactTime > raised ? round.ImpactTime.SecondsSince(raised) : null;
            rounds.Add(1, lead, round.LandedIn.Min(z => _site.Zones[z].TimeToShelterS));
        }
        var right = new SortedSet<int>();
        foreach (RoundPath round in _rounds)
            if (round.Flew && round.ImpactTime.SecondsSince(raised) >= -NeedlessToleranceS) right.UnionWith(round.NearZones);
        int zones = _site.Zones.Length;
        double people = Headcount.Of(_site, Enumerable.Range(0, zones));
        return new(raised.ToString(), zones, zones - right.Count, Statistics.Share(zones - right.Count, zones), people,
            people - Headcount.Of(_site, right), rounds.Counts);
    }

    public NoWarningSummary NoWarning()
    {
        int[] hit = [.. FirstImpacts().Select(f => f.Zone)];
        return new(Landed.Count, hit.Length, Headcount.Of(_site, hit));
    }

    public IReadOnlyList<ZoneScore> Zones(Instant? end)
    {
        var scores = new List<ZoneScore>();
        for (int z = 0; z < _site.Zones.Length; z++)
        {
            WarningLog[] warnings = [.. _warnings.Where(w => w.Zone == z)];
            RoundPath[] inside = [.. Landed.Where(r => r.LandedIn.Contains(z))];
            if (warnings.Length == 0 && inside.Length == 0) continue;
            int needless = warnings.Count(IsNeedless);
            bool missed = inside.Any(r => LeadS(z, r.ImpactTime) is null);
            double? lead = inside.Length > 0 ? LeadS(z, inside[0].ImpactTime) : null;
            scores.Add(new()
            {
                Zone = _site.Zones[z].Id,
                Name = _site.Zones[z].Name,
                Population = _site.Zones[z].Population,
                Warnings = warnings.Length,
                NeedlessWarnings = needless,
                Retracted = warnings.Count(w => w.ClearReason == WarningEnd.Retracted),
                FirstRaisedTime = warnings.Length > 0 ? warnings[0].RaisedTime.ToString() : null,
                WarnedS = Statistics.Rounded(warnings.Sum(w => (w.ClearedTime ?? end ?? w.RaisedTime).SecondsSince(w.RaisedTime))),
                ImpactsInside = inside.Length,
                ImpactsNear = _rounds.Count(r => r.NearZones.Contains(z)),
                FirstImpactLeadS = lead is { } s ? Statistics.Rounded(s) : null,
                Outcome = missed ? Outcomes.Missed : needless == warnings.Length ? Outcomes.WarnedNeedlessly : Outcomes.WarnedRightly,
            });
        }
        return scores;
    }

    private bool AnyWarning(RoundPath round, Func<WarningLog, bool> test)
        => _warnings.Exists(w => round.LandedIn.Contains(w.Zone) && test(w));

    // Each zone that was hit with the first round that came down in it, by zone.
    private IEnumerable<(int Zone, RoundPath First)> FirstImpacts()
        => Landed.SelectMany(r => r.LandedIn, (r, zone) => (Zone: zone, First: r)).GroupBy(p => p.Zone)
            .Select(g => g.First()).OrderBy(p => p.Zone);

    private sealed class LeadTally
    {
        private double _total, _warned, _s3, _s5, _s10, _s15, _shelter;

        public LeadCounts Counts => new(_total, _warned, _s3, _s5, _s10, _s15, _shelter, _total - _warned);

        public void Add(double weight, double? lead, double timeToShelterS)
        {
            _total += weight;
            if (lead is not { } s) return;
            _warned += weight;
            if (s >= 3) _s3 += weight;
            if (s >= 5) _s5 += weight;
            if (s >= 10) _s10 += weight;
            if (s >= 15) _s15 += weight;
            if (s >= timeToShelterS) _shelter += weight;
        }
    }
}

/// <summary>The words of <see cref="RoundScore.Outcome"/> and <see cref="ZoneScore.Outcome"/>.</summary>
public static class Outcomes
{
    /// <summary>The round came down in a zone that was warned.</summary>
    public const string Warned = "warned";

    /// <summary>The round came down in a zone that was not warned; or the zone that it came down in.</summary>
    public const string Missed = "missed";

    /// <summary>The round came down in no zone.</summary>
    public const string Outside = "outside";

    /// <summary>A defence neutralised the round in the air.</summary>
    public const string Neutralised = "neutralised";

    /// <summary>The round never flew.</summary>
    public const string NeverFlew = "neverFlew";

    /// <summary>A round came down in the zone or within 100 m of it while it was warned.</summary>
    public const string WarnedRightly = "warnedRightly";

    /// <summary>The zone was warned and no round came near.</summary>
    public const string WarnedNeedlessly = "warnedNeedlessly";
}
