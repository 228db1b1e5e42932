using Tocsin.Formats;
using Tocsin.Formats.Asterix;
using Tocsin.Formats.Csv;
using Tocsin.Formats.Events;
using Tocsin.Formats.GeoJson;
using Tocsin.Formats.Inspect;

namespace Tocsin.Cli;

/// <summary>A file of plots that was opened for a replay, whatever its format: the site it is for and how to read it.</summary>
internal sealed class ReplayInput : IDisposable
{
    private readonly Action<IPlotSink> _read;
    private readonly IDisposable? _reader;

    private ReplayInput(RecordingHeader header, Action<IPlotSink> read, IDisposable? reader) => (Header, _read, _reader) = (header, read, reader);

    private ReplayInput(SiteFile site, Action<IPlotSink> read, IDisposable? reader) : this(new RecordingHeader(site, OperationStatus.Test), read, reader)
    {
    }

    /// <summary>The site, and what the plots are: what a recording says of itself; a test where nothing is said.</summary>
    public RecordingHeader Header { get; }

    /// <summary>Where a live recording was sealed, once it was read; null for anything else.</summary>
    public Instant? SealTime => (_reader as EventReader)?.SealTime;

    /// <summary>The seal of the recording that this one goes on from; known once it was read.</summary>
    public string? PreviousSeal => (_reader as EventReader)?.Counts.PreviousSeal;

    /// <summary>Whether the Site went on in another recording; known once it was read.</summary>
    public bool Continued => _reader is EventReader { Continued: true };

    /// <summary>Opens a file by what it holds.</summary>
    /// <param name="path">The file.</param>
    /// <param name="sitePath">The site file; a recording does without.</param>
    /// <param name="date">The date of the first ASTERIX message.</param>
    /// <exception cref="UnusableException">It holds no plots, cannot be read, or has no site.</exception>
    public static ReplayInput Open(string path, string? sitePath, DateOnly? date)
    {
        InputFile.RefuseFolder(path);
        FileKind kind = FileKinds.Detect(path, out InputError? error);
        if (error is not null) throw new UnusableException(error.ToString());
        SiteFile? site = sitePath is null ? null : SiteFile.Read(sitePath).OrThrow();
        return kind switch
        {
            FileKind.Events => OpenRecording(path, site),
            FileKind.Json => throw new UnusableException($"{path}: is a JSON document without plots; a site goes after --site, a scenario to 'tocsin run'"),
            _ when site is null => throw new UnusableException($"{path}: says nothing of its site; name the site file with --site SITE", Host.WrongCommandLine),
            FileKind.Asterix or FileKind.Pcap or FileKind.Pcapng =>
                new(site, sink => AsterixFile.ReadPlots(path, site.Definition, sink, date).OrThrow(), null),
            // A file that is nothing known is read as plots: that reader says best what is missing.
            _ => OpenPlots(path, site),
        };
    }

    /// <summary>Passes on every plot and rejection of the file, in order.</summary>
    /// <exception cref="UnusableException">The file cannot be used; nothing was passed on then.</exception>
    public void ReadAll(IPlotSink sink) => _read(sink);

    /// <inheritdoc/>
    public void Dispose() => _reader?.Dispose();

    private static ReplayInput OpenPlots(string path, SiteFile site)
    {
        PlotCsvReader reader = PlotCsvReader.Open(path, site.Definition).OrThrow();
        return new(site, sink => reader.ReadAll(sink), reader);
    }

    private static ReplayInput OpenRecording(string path, SiteFile? site)
    {
        EventReader reader = EventReader.Open(path).OrThrow();
        RecordingHeader header = reader.Header;
        if (site is not null && site.Sha256 != header.Site.Sha256)
        {
            reader.Dispose();
            throw new UnusableException($"{path}: was recorded at another site than {site.FileName}; leave --site out to use the recorded one");
        }
        return new(header, sink => { while (reader.ReplayNext(sink)) { } }, reader);
    }
}

/// <summary>Turns a reader's answer into its value, or into the end of the command.</summary>
internal static class InputResults
{
    /// <summary>The value.</summary>
    /// <exception cref="UnusableException">There is none; the message says why.</exception>
    public static T OrThrow<T>(this InputResult<T> result) where T : class =>
        result.Ok ? result.Value : throw new UnusableException(result.Error.ToString());

    /// <summary>The value.</summary>
    /// <exception cref="UnusableException">There is none; the message says why.</exception>
    public static T OrThrow<T>(this Simulation.Loaded<T> loaded) where T : class =>
        loaded.Succeeded(out T? value, out string? problem) ? value : throw new UnusableException(problem);
}
