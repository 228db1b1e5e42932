namespace Tocsin.Simulation.Measures;

/// <summary>The measures of one run against truth; docs/internals/measures.md defines each. Null where there was nothing to measure.</summary>
public sealed record ScoreSummary
{
    /// <summary>The make of this object.</summary>
    public string Schema => "tocsin.score/1";

    /// <summary>The site's name.</summary>
    public required string Site { get; init; }

    /// <summary>What the run was marked as: <c>actual</c>, <c>exercise</c> or <c>test</c>; null where nothing said so.</summary>
    public required string? Status { get; init; }

    /// <summary>What the Site said, truth apart.</summary>
    public required AccountSummary Account { get; init; }

    /// <summary>The denominators.</summary>
    public required RoundCounts Rounds { get; init; }

    /// <summary>Who was warned before an impact among them, and how early.</summary>
    public required WarnedSummary Warned { get; init; }

    /// <summary>Who was warned for nothing.</summary>
    public required NeedlessSummary Needless { get; init; }

    /// <summary>What one siren for the whole site would have done, sounded at this run's first raise; null where nothing was raised.</summary>
    public required SirenSummary? OneSiren { get; init; }

    /// <summary>What no warning at all would have done.</summary>
    public required NoWarningSummary NoWarning { get; init; }

    /// <summary>Tracks and rounds: found, doubled, invented.</summary>
    public required TrackSummary Tracks { get; init; }

    /// <summary>Distance of the air picture from truth; null where truth has no states.</summary>
    public required GospaSummary? Gospa { get; init; }

    /// <summary>Errors of the impact prediction by the time left to the impact.</summary>
    public required IReadOnlyList<LeadTimeRow> ByLeadTime { get; init; }

    /// <summary>Every round.</summary>
    public required IReadOnlyList<RoundScore> RoundList { get; init; }

    /// <summary>Every zone that was warned or hit.</summary>
    public required IReadOnlyList<ZoneScore> ZoneList { get; init; }
}

/// <summary>How many rounds there were, by what became of them: four denominators that must not be mixed.</summary>
/// <param name="Fired">All rounds of truth, those that never flew included.</param>
/// <param name="Flew">Those that flew, and came down or were neutralised.</param>
/// <param name="Threatening">Those that came down in a zone or within their kind's harm radius of one, or would have but for an effector.</param>
/// <param name="LandedInZone">Those that came down in a zone.</param>
/// <param name="Engaged">Those that an effector engaged; null where the run had no effector.</param>
/// <param name="Neutralised">Those that an effector neutralised; null where the run had no effector.</param>
public sealed record RoundCounts(int Fired, int Flew, int Threatening, int LandedInZone, int? Engaged, int? Neutralised);

/// <summary>Rounds, zones or people under an impact, counted by the lead of the warning that stood there.</summary>
/// <param name="Total">All.</param>
/// <param name="Warned">With a warning that stood at the impact.</param>
/// <param name="AtLeast3S">With a lead of 3 s or more.</param>
/// <param name="AtLeast5S">With a lead of 5 s or more.</param>
/// <param name="AtLeast10S">With a lead of 10 s or more.</param>
/// <param name="AtLeast15S">With a lead of 15 s or more.</param>
/// <param name="InTimeForShelter">With at least the lead that the zone's people need.</param>
/// <param name="Missed">Without a warning that stood at the impact.</param>
public sealed record LeadCounts(double Total, double Warned, double AtLeast3S, double AtLeast5S, double AtLeast10S, double AtLeast15S,
    double InTimeForShelter, double Missed);

/// <summary>Who was warned before an impact among them.</summary>
/// <param name="Rounds">Rounds that came down in a zone.</param>
/// <param name="Zones">Zones that were hit, each judged by its first impact.</param>
/// <param name="People">The people of those zones.</param>
/// <param name="MissedNeverRaised">Missed rounds whose zone had no warning up to the impact, nor within the tolerance after it.</param>
/// <param name="MissedRaisedLate">Missed rounds whose zone was warned only after the impact.</param>
/// <param name="MissedClearedEarly">Missed rounds whose zone had been warned, but no longer was.</param>
/// <param name="LeadMedianS">Median lead of the warned rounds.</param>
/// <param name="LeadMinS">Shortest lead of the warned rounds.</param>
/// <param name="LeadMaxS">Longest lead of the warned rounds.</param>
public sealed record WarnedSummary(LeadCounts Rounds, LeadCounts Zones, LeadCounts People, int MissedNeverRaised, int MissedRaisedLate,
    int MissedClearedEarly, double? LeadMedianS, double? LeadMinS, double? LeadMaxS);

/// <summary>Who was warned for nothing: no impact within 100 m of the zone while the warning stood.</summary>
/// <param name="Warnings">Warnings raised, one zone each.</param>
/// <param name="NeedlessWarnings">Those for nothing.</param>
/// <param name="NeedlessWarningShare">Their share.</param>
/// <param name="Zones">Zones warned at least once.</param>
/// <param name="NeedlessZones">Those of them for which every warning was for nothing.</param>
/// <param name="NeedlessZoneShare">Their share.</param>
/// <param name="People">People of the zones warned.</param>
/// <param name="NeedlessPeople">People of the zones warned for nothing.</param>
public sealed record NeedlessSummary(int Warnings, int NeedlessWarnings, double? NeedlessWarningShare, int Zones, int NeedlessZones,
    double? NeedlessZoneShare, double People, double NeedlessPeople);

/// <summary>What one siren for the whole site would have done.</summary>
/// <param name="RaisedTime">When it is taken to sound: at the run's first raise. RFC 3339.</param>
/// <param name="Zones">Zones alarmed: all.</param>
/// <param name="NeedlessZones">Those with no impact within 100 m.</param>
/// <param name="NeedlessZoneShare">Their share.</param>
/// <param name="People">People alarmed.</param>
/// <param name="NeedlessPeople">People of the zones alarmed for nothing.</param>
/// <param name="Rounds">Rounds that came down in a zone, by the siren's lead.</param>
public sealed record SirenSummary(string RaisedTime, int Zones, int NeedlessZones, double? NeedlessZoneShare, double People,
    double NeedlessPeople, LeadCounts Rounds);

/// <summary>What no warning at all would have done.</summary>
/// <param name="RoundsMissed">Rounds that come down in a zone unannounced.</param>
/// <param name="ZonesHit">Zones hit.</param>
/// <param name="PeopleInZonesHit">Their people.</param>
public sealed record NoWarningSummary(int RoundsMissed, int ZonesHit, double PeopleInZonesHit);

/// <summary>Confirmed tracks beside the rounds of truth.</summary>
/// <param name="RoundsVisible">Rounds that a radar could see at some time.</param>
/// <param name="RoundsTracked">Rounds that at least one confirmed track followed; null where truth has no states.</param>
/// <param name="RoundsPredicted">Rounds for which an impact was predicted before it came; null where truth has no states.</param>
/// <param name="Confirmed">Confirmed tracks.</param>
/// <param name="Ghosts">Second and further tracks of one round.</param>
/// <param name="False">Tracks held to be ballistic at some time that follow no round.</param>
/// <param name="Other">Tracks never held to be ballistic that follow no round.</param>
/// <param name="ConfirmationDelayMedianS">Median time from a round's first visible state to its first track's confirmation.</param>
/// <param name="FirstTrackLeadMedianS">Median time from a round's first track's confirmation to its impact.</param>
/// <param name="FirstPredictionLeadMedianS">Median time from a round's first prediction to its impact.</param>
public sealed record TrackSummary(int RoundsVisible, int? RoundsTracked, int? RoundsPredicted, int Confirmed, int? Ghosts, int? False,
    int? Other, double? ConfirmationDelayMedianS, double? FirstTrackLeadMedianS, double? FirstPredictionLeadMedianS);

/// <summary>GOSPA of the confirmed tracks over the times of truth.</summary>
/// <param name="Scans">Times compared.</param>
/// <param name="MeanM">Mean of the distance.</param>
/// <param name="RmsM">Root mean square of the distance; its square is the sum of the squares of the three parts below.</param>
/// <param name="LocalisationRmsM">The part of the pairs.</param>
/// <param name="MissedRmsM">The part of the missed.</param>
/// <param name="FalseRmsM">The part of the false.</param>
/// <param name="MatchedErrorRmsM">Root mean square distance of a pair; null where there is none.</param>
public sealed record GospaSummary(int Scans, double MeanM, double RmsM, double LocalisationRmsM, double MissedRmsM, double FalseRmsM,
    double? MatchedErrorRmsM);

/// <summary>Impact predictions of all rounds at one time before their impacts.</summary>
/// <param name="LeadTimeS">The time before the impact.</param>
/// <param name="RoundsInFlight">Rounds that were in flight then.</param>
/// <param name="Rounds">Rounds with a prediction by then: what the other members are over.</param>
/// <param name="ErrorRmsM">Root mean square distance from the predicted to the true impact.</param>
/// <param name="ErrorMedianM">Median of it.</param>
/// <param name="ErrorMaxM">Largest.</param>
/// <param name="EllipseCoverage">Share of the true impacts within the 95 % ellipse.</param>
/// <param name="SemiMajorMedianM">Median semi-major axis of the ellipses.</param>
/// <param name="TimeErrorRmsS">Root mean square of predicted less true impact time.</param>
/// <param name="TimeErrorMeanS">Mean of it: late predictions are positive.</param>
/// <param name="AgeMedianS">Median age of the prediction's newest plot.</param>
public sealed record LeadTimeRow(double LeadTimeS, int RoundsInFlight, int Rounds, double? ErrorRmsM, double? ErrorMedianM,
    double? ErrorMaxM, double? EllipseCoverage, double? SemiMajorMedianM, double? TimeErrorRmsS, double? TimeErrorMeanS, double? AgeMedianS);

/// <summary>What became of one round.</summary>
public sealed record RoundScore
{
    /// <summary>Its name in truth.</summary>
    public required string Round { get; init; }

    /// <summary>Its kind.</summary>
    public required string Kind { get; init; }

    /// <summary>When it was launched or should have been. RFC 3339.</summary>
    public required string LaunchTime { get; init; }

    /// <summary>When it came down; null where it never flew or was neutralised. RFC 3339.</summary>
    public required string? ImpactTime { get; init; }

    /// <summary>Ids of the zones it came down in.</summary>
    public required IReadOnlyList<string> LandedIn { get; init; }

    /// <summary>Whether it came down in a zone or near enough to harm.</summary>
    public required bool Threatening { get; init; }

    /// <summary>Ids of the tracks that followed it, by confirmation; null where truth has no states of it.</summary>
    public required IReadOnlyList<string>? Tracks { get; init; }

    /// <summary>Time from the first track's confirmation to the impact.</summary>
    public required double? FirstTrackLeadS { get; init; }

    /// <summary>Time from the first prediction to the impact.</summary>
    public required double? FirstPredictionLeadS { get; init; }

    /// <summary>Distance from the impact predicted 10 s before to the true one.</summary>
    public required double? ErrorAt10SM { get; init; }

    /// <summary>Lead of the warning that stood where it came down; null where none stood.</summary>
    public required double? WarnedLeadS { get; init; }

    /// <summary><c>warned</c>, <c>missed</c>, <c>outside</c> (no zone), <c>neutralised</c> or <c>neverFlew</c>.</summary>
    public required string Outcome { get; init; }
}

/// <summary>What happened to one zone that was warned or hit.</summary>
public sealed record ZoneScore
{
    /// <summary>Its id.</summary>
    public required string Zone { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its people.</summary>
    public required double Population { get; init; }

    /// <summary>Warnings raised for it.</summary>
    public required int Warnings { get; init; }

    /// <summary>Those raised for nothing.</summary>
    public required int NeedlessWarnings { get; init; }

    /// <summary>Those retracted.</summary>
    public required int Retracted { get; init; }

    /// <summary>When it was first warned; null where never. RFC 3339.</summary>
    public required string? FirstRaisedTime { get; init; }

    /// <summary>How long it was warned in all, up to the end of the log.</summary>
    public required double WarnedS { get; init; }

    /// <summary>Rounds that came down in it.</summary>
    public required int ImpactsInside { get; init; }

    /// <summary>Rounds that came down within 100 m of it, or would have but for an effector, those inside included.</summary>
    public required int ImpactsNear { get; init; }

    /// <summary>Lead of the warning that stood when the first round came down in it; null where none stood or came.</summary>
    public required double? FirstImpactLeadS { get; init; }

    /// <summary><c>missed</c> (a round came down in it unannounced), <c>warnedRightly</c> or <c>warnedNeedlessly</c>.</summary>
    public required string Outcome { get; init; }
}
