using Tocsin.Formats.GeoJson;
using Tocsin.Server.Ports;

namespace Tocsin.Server;

/// <summary>What a server is started with.</summary>
public sealed record ServeOptions
{
    /// <summary>The site.</summary>
    public required SiteFile Site { get; init; }

    /// <summary>Feeds by URI, beside those of the configuration.</summary>
    public IReadOnlyList<string> Feeds { get; init; } = [];

    /// <summary>Where everything is kept.</summary>
    public required string DataFolder { get; init; }

    /// <summary>Where to listen.</summary>
    public IReadOnlyList<string> Urls { get; init; } = ["http://127.0.0.1:8080"];

    /// <summary>The configuration; null for <c>tocsin.json</c> in the data folder, where there is one.</summary>
    public string? ConfigFile { get; init; }

    /// <summary>The raids for drills.</summary>
    public required IRaidLibrary Raids { get; init; }

    /// <summary>The raid that a demonstration plays to the site itself, at <see cref="RaidSpeed"/>; null for real feeds.</summary>
    public IRaid? Raid { get; init; }

    /// <summary>How much faster than real time <see cref="Raid"/> goes.</summary>
    public double RaidSpeed { get; init; } = 1;

    /// <summary>The machine's clock.</summary>
    public TimeProvider Wall { get; init; } = TimeProvider.System;

    /// <summary>Where the log goes.</summary>
    public required TextWriter Log { get; init; }
}
