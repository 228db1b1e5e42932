using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using Tocsin.Formats;
using Tocsin.Server.Configuration;

namespace Tocsin.Server.Feeds;

/// <summary>Which way in a feed is, by the scheme of its URI.</summary>
public enum FeedKind
{
    /// <summary><c>udp</c>: ASTERIX datagrams, unicast or multicast.</summary>
    Udp,
    /// <summary><c>tcp</c>: SAPIENT.</summary>
    Tcp,
    /// <summary><c>http</c>: plots that are posted to this server.</summary>
    Http,
    /// <summary><c>file</c>: a file of plots.</summary>
    File,
    /// <summary><c>stdin</c> or <c>-</c>: standard input.</summary>
    StandardInput,
}

/// <summary>What text or octets a file or standard input holds.</summary>
public enum FeedFormat
{
    /// <summary>Judged by the contents; for standard input, CSV.</summary>
    Auto,
    /// <summary>CSV under a header.</summary>
    Csv,
    /// <summary>JSON lines.</summary>
    JsonLines,
    /// <summary>ASTERIX data blocks.</summary>
    Asterix,
}

/// <summary>Whether the times of a file's plots are moved to now.</summary>
public enum TimeShift
{
    /// <summary>Moved where the first plot is more than <see cref="FeedLimits.LiveS"/> from the clock; not in a file that is followed.</summary>
    Auto,
    /// <summary>The first plot's time becomes now, and all others move with it.</summary>
    Now,
    /// <summary>Left as they are.</summary>
    None,
}

/// <summary>Everything that is set about one feed, from its URI and from the configuration.</summary>
public sealed record FeedSettings
{
    /// <summary>Its name; empty until <see cref="Unique"/> has given it one.</summary>
    public string Name { get; init; } = "";

    /// <summary>Where it listens or reads, as shown to operators; holds no secret.</summary>
    public required Uri Uri { get; init; }

    /// <summary>Which way in it is.</summary>
    public required FeedKind Kind { get; init; }

    /// <summary>udp: the address and port to listen on; the group's address where it is multicast.</summary>
    public IPEndPoint? Endpoint { get; init; }

    /// <summary>udp: the interface on which a multicast group is joined, by its address or its name; null for the system's choice.</summary>
    public string? Interface { get; init; }

    /// <summary>udp: from whom datagrams are taken.</summary>
    public SourceList Allow { get; init; } = SourceList.Anyone;

    /// <summary>The date (UTC) of the first ASTERIX message; null to take it from the clock or the capture.</summary>
    public DateOnly? Date { get; init; }

    /// <summary>Edition of the ASTERIX category for sensors whose site file names none; null for the newest known.</summary>
    public string? Edition { get; init; }

    /// <summary>Ids of the sensors that come by this feed; empty to learn it from what comes.</summary>
    public ImmutableArray<string> Sensors { get; init; } = [];

    /// <summary>Plots a second that it should bring; 0 where nothing is expected.</summary>
    public double ExpectedPlotsPerS { get; init; }

    /// <summary>Plots a second that it may bring; what exceeds it is refused and counted.</summary>
    public double MaxPlotsPerS { get; init; } = FeedLimits.MaxPlotsPerS;

    /// <summary>Whether the estimated clock offset is taken off the plots' times when it is known well enough.</summary>
    public bool CorrectClock { get; init; }

    /// <summary>Seconds by which a sensor's clock may be off before it is told.</summary>
    public double ClockLimitS { get; init; } = 0.5;

    /// <summary>The known least delay of the link and the sensor's processing in seconds: it is not a clock that is behind.</summary>
    public double LinkDelayS { get; init; }

    /// <summary>file, stdin: whether plots come as fast as they can be read, and not by their own times.</summary>
    public bool AtOnce { get; init; }

    /// <summary>file: whether it is read on as it grows.</summary>
    public bool Follow { get; init; }

    /// <summary>file, stdin: whether times are moved to now.</summary>
    public TimeShift Shift { get; init; }

    /// <summary>file, stdin: what it holds.</summary>
    public FeedFormat Format { get; init; }

    /// <summary>file: the path.</summary>
    public string Path { get; init; } = "";

    /// <summary>Whether a text can be a feed's name: letters, digits, blanks, dots, dashes and underscores, beginning with a letter or a digit.</summary>
    public static bool IsName(string name) => name.Length is > 0 and <= FeedLimits.NameCharacters && char.IsAsciiLetterOrDigit(name[0]) && name[^1] != ' '
        && name.All(c => char.IsAsciiLetterOrDigit(c) || c is ' ' or '.' or '-' or '_');

    /// <summary>Reads the feeds of a configuration (<c>feeds: [ { … } ]</c>) and those of the command line; the names are unique then.</summary>
    /// <param name="top">The configuration; its problems are noted there.</param>
    /// <param name="uris">The values of <c>--feed</c>, in their order.</param>
    /// <param name="problems">What is wrong with those, one line each.</param>
    public static IReadOnlyList<FeedSettings> ReadAll(ConfigSection top, IReadOnlyList<string> uris, List<string> problems)
    {
        List<FeedSettings> all = [];
        foreach (ConfigSection section in top.Sections("feeds"))
            if (Read(section) is { } settings) all.Add(settings);
        foreach (string uri in uris)
        {
            if (FeedUri.Parse(uri, out FeedUriProblem? problem) is { } settings) all.Add(settings);
            else problems.Add(problem!.ToString());
        }
        if (all.Count > FeedLimits.Feeds) problems.Add($"feeds: {all.Count} are not right; give at most {FeedLimits.Feeds}");
        foreach (IGrouping<string, FeedSettings> same in all.Where(f => f.Name.Length > 0).GroupBy(f => f.Name, StringComparer.OrdinalIgnoreCase).Where(g => g.Count() > 1))
            problems.Add($"feeds: the name {same.Key} is there {same.Count()} times; give each feed its own");
        if (all.Count(f => f.Kind == FeedKind.StandardInput) > 1) problems.Add("feeds: standard input is there twice; leave one out");
        return Unique(all);
    }

    /// <summary>Reads one feed's section; null, and noted there, where its URI is not right.</summary>
    public static FeedSettings? Read(ConfigSection section)
    {
        string? name = section.OptionalText("name", $"give letters, digits, blanks, dots, dashes and underscores, at most {FeedLimits.NameCharacters}", IsName);
        string uri = section.Text("uri", "give a URI such as udp://239.1.2.3:8600 or http:");
        FeedSettings? settings = null;
        if (uri.Length > 0)
        {
            settings = FeedUri.Parse(uri, out FeedUriProblem? problem);
            if (problem is not null) section.Wrong("uri", $"{uri}: {problem.Part}", problem.Right);
        }
        FeedSettings read = settings ?? new() { Uri = new("stdin:-"), Kind = FeedKind.Udp };
        read = read with
        {
            Name = name ?? read.Name,
            Edition = section.OptionalText("edition") ?? read.Edition,
            ExpectedPlotsPerS = section.Number("expectedPlotsPerS", read.ExpectedPlotsPerS, 0, 1e6),
            MaxPlotsPerS = section.Number("maxPlotsPerS", read.MaxPlotsPerS, 1, 1e6),
            CorrectClock = section.Flag("correctClock", read.CorrectClock),
            ClockLimitS = section.Number("clockLimitS", read.ClockLimitS, 0.01, 3600),
            LinkDelayS = section.Number("linkDelayS", read.LinkDelayS, 0, 60),
        };
        if (section.OptionalText("date", "give a date as 2026-01-31", d => TryDate(d, out _)) is { } date && TryDate(date, out DateOnly day)) read = read with { Date = day };
        if (section.Texts("sensors", "give the ids of sensors of the site") is { Count: > 0 } sensors) read = read with { Sensors = [.. sensors] };
        if (section.Texts("allow", "give addresses and networks, as \"10.1.2.3\" or \"10.1.0.0/16\"", a => SourceList.Of([a], out _) is not null) is { Count: > 0 } allow)
        {
            if (read.Kind != FeedKind.Udp) section.Wrong("allow", "a list", "leave it out: only a udp feed has senders to choose from; an http feed takes keys");
            else if (SourceList.Of(allow, out string? wrong) is { } list) read = read with { Allow = list };
            else section.Wrong("allow", wrong!, $"give at most {FeedLimits.AllowEntries} entries");
        }
        section.End();
        return settings is null ? null : read;
    }

    /// <summary>Gives each feed that has no name one made from its URI, and a number where that is taken.</summary>
    public static IReadOnlyList<FeedSettings> Unique(IReadOnlyList<FeedSettings> feeds)
    {
        HashSet<string> taken = new(feeds.Select(f => f.Name).Where(n => n.Length > 0), StringComparer.OrdinalIgnoreCase);
        HashSet<string> given = new(StringComparer.OrdinalIgnoreCase);
        List<FeedSettings> named = [];
        foreach (FeedSettings feed in feeds)
        {
            string name = feed.Name;
            if (name.Length == 0 || !given.Add(name))
            {
                string made = name.Length > 0 ? name : feed.MadeName();
                name = made;
                for (int i = 2; !taken.Add(name); i++) name = string.Create(CultureInfo.InvariantCulture, $"{made}-{i}");
                given.Add(name);
            }
            named.Add(feed with { Name = name });
        }
        return named;
    }

    /// <summary>Reads a date as 2026-01-31.</summary>
    internal static bool TryDate(string text, out DateOnly date) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out date);

    private string MadeName()
    {
        string text = Kind switch
        {
            FeedKind.Udp => $"udp-{Endpoint!.Address}-{Endpoint.Port}",
            FeedKind.Tcp => $"tcp-{Uri.Host}-{Uri.Port}",
            FeedKind.Http => "http",
            FeedKind.File => System.IO.Path.GetFileName(Path),
            _ => "stdin",
        };
        char[] made = [.. text.Select(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' ? c : '-').SkipWhile(c => !char.IsAsciiLetterOrDigit(c)).Take(FeedLimits.NameCharacters - 4)];
        return made.Length == 0 ? "feed" : new string(made);
    }
}
