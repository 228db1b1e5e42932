using System.Text.Json;

namespace Tocsin.Simulation.Scenarios;

/// <summary>What a campaign over the scenario asks, and what it varies to answer it: the defence, the site, the weather and the policy, never the raid.</summary>
public sealed record CampaignSettings
{
    /// <summary>The question, in a sentence.</summary>
    public required string Question { get; init; }

    /// <summary>The column of the results that answers it.</summary>
    public required string Measure { get; init; }

    /// <summary>Whether more of the measure is better or worse; says nothing where left out.</summary>
    public Preference Better { get; set; } = Preference.Neither;

    /// <summary>Columns that the report shows beside the answer: what else the alternatives change.</summary>
    public IReadOnlyList<string> Also { get; set; } = [];

    /// <summary>How the factors' values are put together.</summary>
    public CampaignDesign Design { get; set; } = CampaignDesign.Factorial;

    /// <summary>How many alternatives a Latin hypercube has.</summary>
    public int? Points { get; set; }

    /// <summary>What is varied; one alternative, the scenario as it stands, where empty.</summary>
    public IReadOnlyList<CampaignFactor> Factors { get; set; } = [];

    /// <summary>When enough runs have been made; at the number asked for where left out.</summary>
    public StopRule? Stop { get; set; }
}

/// <summary>Which way a measure is better.</summary>
public enum Preference
{
    /// <summary>Neither is said to be.</summary>
    Neither,
    /// <summary>More is better.</summary>
    More,
    /// <summary>Less is better.</summary>
    Less,
}

/// <summary>How the values of factors become alternatives.</summary>
public enum CampaignDesign
{
    /// <summary>Every value of each factor with every value of the others.</summary>
    Factorial,
    /// <summary>The first values of all factors together, the second ones together, and so on.</summary>
    List,
    /// <summary>Points that each take another stratum of every factor's range.</summary>
    LatinHypercube,
}

/// <summary>One thing that a campaign varies.</summary>
public sealed record CampaignFactor
{
    /// <summary>Its name, a column of the results.</summary>
    public required string Name { get; init; }

    /// <summary>The unit of its values, at the end of the column's name; none where left out.</summary>
    public string? Unit { get; set; }

    /// <summary>The member that takes its values, such as <c>$.radars[0].detection.probability</c>; left out where <see cref="Levels"/> name theirs.</summary>
    public string? Path { get; set; }

    /// <summary>The values.</summary>
    public IReadOnlyList<JsonElement> Values { get; set; } = [];

    /// <summary>What reports call the values; the values themselves where empty.</summary>
    public IReadOnlyList<string> Labels { get; set; } = [];

    /// <summary>The range of a Latin hypercube's values.</summary>
    public Interval? Range { get; set; }

    /// <summary>Values that change several members together, each with its label.</summary>
    public IReadOnlyList<FactorLevel> Levels { get; set; } = [];
}

/// <summary>One value of a factor that changes several members together.</summary>
public sealed record FactorLevel
{
    /// <summary>What reports call it.</summary>
    public required string Label { get; init; }

    /// <summary>What it sets; the scenario as it stands where empty.</summary>
    public IReadOnlyList<PathValue> Set { get; set; } = [];
}

/// <summary>A member and the value it takes.</summary>
public sealed record PathValue
{
    /// <summary>The member.</summary>
    public required string Path { get; init; }

    /// <summary>Its value.</summary>
    public required JsonElement Value { get; init; }
}

/// <summary>When a campaign has made enough runs: judged only at fixed numbers of replications, from results in the order of runs.</summary>
public sealed record StopRule
{
    /// <summary>The column whose mean must be known; the campaign's own measure where left out.</summary>
    public string? Measure { get; set; }

    /// <summary>Half the width of the mean's interval that is narrow enough for every alternative, in the measure's unit.</summary>
    public required double HalfWidth { get; init; }

    /// <summary>Confidence of that interval.</summary>
    public double Confidence { get; set; } = 0.95;

    /// <summary>Replications before it is first judged.</summary>
    public int MinReplications { get; set; } = 30;

    /// <summary>Replications after which the campaign ends all the same; the number asked for where left out.</summary>
    public int? MaxReplications { get; set; }
}

/// <summary>The people who may hold a warning before it leaves.</summary>
public sealed record OperatorSettings
{
    /// <summary>Seconds that an operator takes to confirm a warning; 0 where warnings leave by themselves.</summary>
    public required double ConfirmDelayS { get; init; }
}
