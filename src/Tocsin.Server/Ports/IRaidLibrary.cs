using Tocsin.Formats.GeoJson;

namespace Tocsin.Server.Ports;

/// <summary>A raid that can be played to a Site: for demonstrations and drills. The server never learns its truth.</summary>
public interface IRaid
{
    /// <summary>Its title.</summary>
    string Title { get; }

    /// <summary>The site that its plots are for.</summary>
    SiteFile Site { get; }

    /// <summary>The seed that it was drawn with.</summary>
    long Seed { get; }

    /// <summary>When it begins, in its own time.</summary>
    Instant Start { get; }

    /// <summary>Its plots in the order in which they arrive, each with the time of its arrival.</summary>
    IEnumerable<(Instant Arrival, Plot Plot)> Plots { get; }

    /// <summary>Hears what the Site says, so that the exercise can be judged when it is over; null where nothing judges it.</summary>
    ISiteOutput? Judge { get; }

    /// <summary>The exercise is over: writes its report into <paramref name="folder"/> and gives the report's path; null where there is none.</summary>
    string? WriteReport(string folder);
}

/// <summary>One raid that an operator can choose for a drill.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Title">Its title.</param>
/// <param name="Summary">What happens in it.</param>
public sealed record RaidSummary(string Id, string Title, string Summary);

/// <summary>The raids that there are. The program plugs the simulation in here; the server does not know it.</summary>
public interface IRaidLibrary
{
    /// <summary>The raids that can be played at a site.</summary>
    IReadOnlyList<RaidSummary> At(SiteFile site);

    /// <summary>Why files in the site's own folder are no raids for this site, a sentence each.</summary>
    IReadOnlyList<string> PassedOver(SiteFile site);

    /// <summary>The same raids and those of a folder of the site's own.</summary>
    IRaidLibrary With(string folder);

    /// <summary>Draws a raid; null and a reason where that is impossible.</summary>
    IRaid? Draw(string id, SiteFile site, long? seed, out string? problem);
}
