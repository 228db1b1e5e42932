namespace Tocsin;

/// <summary>How a site decides to warn; every member can be set in the site file, and has a default said below.</summary>
public sealed record WarningPolicy
{
    /// <summary>Harm to one unwarned person under an impact, in units of the harm of alarming one person for nothing.
    /// A zone is warned when probability times this ratio exceeds 1 - probability. Chosen: 5, which warns above one in six.</summary>
    public double SilenceToNeedlessHarmRatio { get; init; } = 5;

    /// <summary>Distance within which a rocket's impact harms people in the open, in metres.</summary>
    public double RocketHarmRadiusM { get; init; } = 50;

    /// <summary>The same for an artillery shell.</summary>
    public double ArtilleryHarmRadiusM { get; init; } = 50;

    /// <summary>The same for a mortar bomb.</summary>
    public double MortarHarmRadiusM { get; init; } = 30;

    /// <summary>How long after the last impact a warning stands before it is cleared as over, in seconds.</summary>
    public double HoldTimeS { get; init; } = 60;

    /// <summary>Delay of the site's slowest warning channel, in seconds.</summary>
    public double ChannelDelayS { get; init; } = 2;

    /// <summary>Sigmas of the impact's time that are added to the lead a zone needs.</summary>
    public double TimeSigmaShare { get; init; } = 2;
}
