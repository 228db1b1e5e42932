namespace Tocsin;

/// <summary>How a site decides to warn; every member can be set in the site file, and has a default said below.</summary>
public sealed record WarningPolicy
{
    /// <summary>Harm to one unwarned person under an impact, in units of the harm of alarming one person for nothing.
    /// A zone is warned when probability times this ratio exceeds 1 - probability; while there is still time to look again, times the
    /// share of the harm that waiting for another look costs (see docs/internals/warning.md). Chosen: 5, which warns above one in six.</summary>
    public double SilenceToNeedlessHarmRatio { get; init; } = 5;

    /// <summary>Distance within which a rocket's impact harms people in the open, in metres. Chosen: between the two figures given
    /// for mortar bombs below and above it.</summary>
    public double RocketHarmRadiusM { get; init; } = 50;

    /// <summary>The same for an artillery shell. Chosen, as for a rocket: the US Army's FM 23-90 gives a 120 mm bomb a bursting radius of
    /// 75 m, of which the outer part harms few.</summary>
    public double ArtilleryHarmRadiusM { get; init; } = 50;

    /// <summary>The same for a mortar bomb: 40 m is "the lethal area" of an 81 mm bomb in an officer's evidence (West Kingston Commission
    /// of Enquiry, Report, 2016, paragraph 10.143; splinters may injure to 90 m).</summary>
    public double MortarHarmRadiusM { get; init; } = 40;

    /// <summary>How long after the last impact a warning stands before it is cleared as over, in seconds.</summary>
    public double HoldTimeS { get; init; } = 60;

    /// <summary>Delay of the site's slowest warning channel, in seconds.</summary>
    public double ChannelDelayS { get; init; } = 2;

    /// <summary>Sigmas of the impact's time that are added to the lead a zone needs.</summary>
    public double TimeSigmaShare { get; init; } = 2;
}
