using Tocsin.Formats;
using Tocsin.Formats.Asterix;
using Tocsin.Formats.GeoJson;
using Tocsin.Server.Live;

namespace Tocsin.Server.Feeds;

/// <summary>Makes feeds of what is set about them.</summary>
public static class FeedMaker
{
    /// <summary>Makes the feeds, in the order of their settings.</summary>
    /// <param name="settings">What is set, with unique names (see <see cref="FeedSettings.ReadAll"/>).</param>
    /// <param name="site">The site.</param>
    /// <param name="status">The Site's status: a real one is not fed with plots of the past moved to now.</param>
    /// <param name="siteClock">The time that the Site goes by.</param>
    /// <param name="clock">This machine's clock.</param>
    /// <param name="tcp">Makes the feed of a <c>tcp</c> URI (SAPIENT).</param>
    /// <param name="problems">What is wrong, one line each with the mend; a feed that it concerns is left out.</param>
    public static IReadOnlyList<DeskFeed> Make(IReadOnlyList<FeedSettings> settings, SiteFile site, OperationStatus status, SiteClock siteClock, TimeProvider clock,
        Func<FeedSettings, Feed> tcp, List<string> problems)
    {
        List<DeskFeed> feeds = [];
        foreach (FeedSettings s in settings)
        {
            int before = problems.Count;
            foreach (string id in s.Sensors.Where(id => !site.Definition.Sensors.Any(x => x.Id == id)))
                problems.Add($"feed {s.Name}: the site has no sensor {id}; give {string.Join(", ", site.Definition.Sensors.Select(x => x.Id))}");
            bool mayShift = status != OperationStatus.Actual;
            if (s.Shift == TimeShift.Now && !mayShift)
                problems.Add($"feed {s.Name}: shift=now is not right at a real site, which a replay would alarm; run it as an exercise or a test");
            if (s is { Kind: FeedKind.File, Follow: false } && !File.Exists(s.Path)) problems.Add($"feed {s.Name}: there is no file {s.Path}; check the path");
            SiteDefinition definition = WithEdition(site.Definition, s.Edition);
            if (s.Kind == FeedKind.Udp || s.Format == FeedFormat.Asterix)
            {
                InputResult<AsterixPlotReader> reader = AsterixPlotReader.Create(definition, new Nowhere(), s.Name, s.Date);
                if (!reader.Ok) problems.Add($"feed {s.Name}: {reader.Error}");
                else if (!definition.Sensors.Any(x => x.Asterix is not null))
                    problems.Add($"feed {s.Name}: no sensor of the site says how its ASTERIX messages name it; add asterix {{\"sac\":…,\"sic\":…}} to each that sends");
            }
            if (problems.Count > before) continue;
            feeds.Add(new(s, s.Kind switch
            {
                FeedKind.Udp => new UdpAsterixFeed(s, definition, siteClock, clock),
                FeedKind.Http => new HttpPlotFeed(s, definition, clock),
                FeedKind.File => new FileFeed(s, definition, siteClock, clock, mayShift),
                FeedKind.StandardInput => new StdinFeed(s, definition, siteClock, clock, mayShift),
                _ => tcp(s),
            }));
        }
        return feeds;
    }

    /// <summary>The site with an edition for the sensors that name none.</summary>
    private static SiteDefinition WithEdition(SiteDefinition site, string? edition) => edition is null
        ? site
        : site with { Sensors = [.. site.Sensors.Select(s => s.Asterix is { Edition: null } a ? s with { Asterix = a with { Edition = edition } } : s)] };

    private sealed class Nowhere : IPlotSink
    {
        public void Feed(in Plot plot)
        {
        }

        public void Reject(in Rejection rejection)
        {
        }
    }
}
