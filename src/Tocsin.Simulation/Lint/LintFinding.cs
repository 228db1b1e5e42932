namespace Tocsin.Simulation.Lint;

/// <summary>How bad a finding is.</summary>
public enum LintSeverity
{
    /// <summary>The scenario runs, but perhaps does not mean what its author thinks.</summary>
    Warning,
    /// <summary>The scenario cannot be run at its site.</summary>
    Error,
}

/// <summary>Something in a scenario or its site that an author should look at before anything runs.</summary>
/// <param name="Severity">How bad it is.</param>
/// <param name="Rule">The rule that found it, such as <c>coverage</c>; docs/scenarios.md lists them.</param>
/// <param name="File">The file that it is in, as the caller named it.</param>
/// <param name="Place">The member, as a JSON path in that file.</param>
/// <param name="Message">What is the matter and how to mend it: one line.</param>
public sealed record LintFinding(LintSeverity Severity, string Rule, string File, string Place, string Message)
{
    /// <summary>One line for a person: the file, the place, and the message with its mend.</summary>
    public string Line => $"{File}: {Place}: {Message}";
}

/// <summary>What the linter calls the two files and, where it is at hand, the site's text.</summary>
public sealed record LintFiles
{
    /// <summary>What findings call the scenario's file.</summary>
    public string Scenario { get; init; } = "scenario";

    /// <summary>What findings call the site's file.</summary>
    public string Site { get; init; } = "site";

    /// <summary>The site file's UTF-8 JSON: with it findings have paths in the file, and misspelt members are found. Empty where it is not at hand.</summary>
    public ReadOnlyMemory<byte> SiteJson { get; init; }
}

/// <summary>Below which height above the ground nothing is seen over a zone.</summary>
/// <param name="Zone">The zone's id.</param>
/// <param name="BlindBelowM">Height in metres above the ground from which on the whole zone's sky is seen by some radar; infinity for never.</param>
/// <param name="ByRadar">The same for each radar alone, in the order of the scenario's.</param>
public sealed record ZoneCoverage(string Zone, double BlindBelowM, IReadOnlyList<(string Sensor, double BlindBelowM)> ByRadar);

/// <summary>A typical round of a salvo: one that flies with the middle of all figures.</summary>
/// <param name="Salvo">The salvo's id.</param>
/// <param name="FlightS">Seconds from its launch to its impact.</param>
/// <param name="HeightAt10SM">Height above the ground in metres 10 s before the impact; 0 where it has not been launched then.</param>
/// <param name="HeightAt5SM">The same 5 s before it.</param>
/// <param name="SeenBeforeImpactS">Seconds before the impact at which some radar has seen it more likely than not; null for never.</param>
/// <param name="ConfirmedBeforeImpactS">Seconds before the impact at which its track is likely confirmed; null for never.</param>
public sealed record SalvoOutlook(string Salvo, double FlightS, double HeightAt10SM, double HeightAt5SM, double? SeenBeforeImpactS, double? ConfirmedBeforeImpactS);

/// <summary>What the linter has to say of a scenario at its site.</summary>
/// <param name="Findings">Errors first, then warnings, each in the order of the rules.</param>
/// <param name="Coverage">What the radars see over each zone.</param>
/// <param name="Salvos">What a typical round of each salvo gives.</param>
public sealed record LintReport(IReadOnlyList<LintFinding> Findings, IReadOnlyList<ZoneCoverage> Coverage, IReadOnlyList<SalvoOutlook> Salvos)
{
    /// <summary>The first error; null where the scenario can be run.</summary>
    public LintFinding? FirstError => Findings.FirstOrDefault(f => f.Severity == LintSeverity.Error);

    /// <summary>The warnings.</summary>
    public IEnumerable<LintFinding> Warnings => Findings.Where(f => f.Severity == LintSeverity.Warning);
}
