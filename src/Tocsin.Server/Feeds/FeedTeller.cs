using Tocsin.Formats.GeoJson;
using Tocsin.Server.Page;
using Tocsin.Server.Storage;

namespace Tocsin.Server.Feeds;

/// <summary>Tells operators, the recording and the journal of the feeds' health.</summary>
internal static class FeedTeller
{
    /// <summary>Listens from here on.</summary>
    public static void Listen(FeedDesk desk, ServerParts parts, Journal journal)
    {
        var told = new Dictionary<string, FeedState>(StringComparer.Ordinal);
        desk.Changed = s =>
        {
            string state = s.State.ToString().ToLowerInvariant();
            parts.Stream.Add("3feed:" + s.Feed, new FeedStateEvent("feed.state", parts.Clock.Now.ToString(), s.Feed, s.Uri, state, s.PlotsPerS, s.Rejected, s.Shed, s.ClockOffsetS, s.DelayS, s.Meaning),
                PageJson.Default.FeedStateEvent);
            if (told.TryGetValue(s.Feed, out FeedState before) && before == s.State) return;
            told[s.Feed] = s.State;
            journal.Record(new FeedChanged(parts.Clock.Now, s.Feed, state, s.Meaning));
        };
        desk.SensorChanged = parts.Main.FeedSensorChanged;
        desk.SightChanged = sentence => parts.Stream.Add("9sight", new SightEvent("sight", parts.Clock.Now.ToString(), sentence), PageJson.Default.SightEvent);
    }
}

/// <summary>Feeds whose kind is not this namespace's own.</summary>
internal static class FeedKinds
{
    /// <summary>The feed of a <c>tcp</c> URI.</summary>
    public static Feed Tcp(FeedSettings settings, SiteFile site, TimeProvider wall) => new Sapient.SapientFeed(settings.Name, settings.Uri, site, wall);
}
