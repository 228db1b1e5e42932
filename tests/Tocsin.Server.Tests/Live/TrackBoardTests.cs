using System.Text.Json;
using Tocsin.Formats.GeoJson;
using Tocsin.Geodesy;
using Tocsin.Server.Channels;
using Tocsin.Server.Live;
using Tocsin.Server.Page;
using Tocsin.Server.Tests.Channels;

namespace Tocsin.Server.Tests.Live;

/// <summary>The tracks that operators and channels see.</summary>
public sealed class TrackBoardTests : IDisposable
{
    private static readonly SiteFile s_site = ChannelSamples.Site();
    private readonly EventLine _lines = new(s_site, OperationStatus.Test, null);
    private readonly OperatorStream _stream = new("epoch");
    private readonly TrackBoard _board;

    public TrackBoardTests() => _board = new(s_site, OperationStatus.Test, "camp.1", "", _lines, _stream);

    public void Dispose() => _lines.Dispose();

    [Fact]
    public void Of_many_updates_the_page_is_told_the_newest_when_it_is_told()
    {
        _board.Confirmed(At(0), Track(1, 0));
        for (int i = 1; i <= 50; i++)
        {
            _board.Updated(Track(1, i));
            Assert.Equal(i == 1, _board.Predicted(Impact(1, i)));
        }
        Assert.Equal([(1, 0.0)], Shown("1track:"));
        Assert.Empty(Shown("2impact:"));
        _board.Tell(At(5));
        Assert.Equal([(1, 50.0)], Shown("1track:"));
        Assert.Equal([(1, 50.0)], Shown("2impact:"));
        // Nothing has changed: nothing is told, and the line stays that of its time.
        _board.Tell(At(6));
        Assert.Equal(At(5).ToString(), Line("1track:").GetProperty("time").GetString());
    }

    [Fact]
    public void A_track_that_ended_is_gone_and_is_not_told_again()
    {
        _board.Confirmed(At(0), Track(1, 0));
        _board.Confirmed(At(0), Track(2, 0));
        _board.Updated(Track(1, 1));
        _board.Predicted(Impact(1, 1));
        Assert.Equal("camp.1.T1", _board.Ended(At(1), new(1), TrackEnd.Lost));
        _board.Tell(At(2));
        Assert.Equal([(2, 0.0)], Shown("1track:"));
        Assert.Empty(Shown("2impact:"));
        Assert.Equal(["camp.1.T2"], _board.Take().Select(t => t.Identity));
        Assert.Null(_board.Ended(At(2), new(1), TrackEnd.Lost));
        Assert.False(_board.Predicted(Impact(1, 3)));
    }

    [Fact]
    public void After_a_restart_channels_show_the_tracks_that_were_shown_before_it()
    {
        foreach (int track in (int[])[12, 2, 9]) _board.Confirmed(At(0), Track(track, track));
        _board.Updated(Track(9, 20));
        _board.Predicted(Impact(9, 21));
        _board.Tell(At(3));
        var after = new TrackBoard(s_site, OperationStatus.Test, "camp.1", "", _lines, new("another"));
        after.Restore([.. _stream.Standing("1track:", "2impact:"), new ShownEvent("4warning:W1", "{\"type\":\"warning.raised\"}"u8.ToArray())]);
        PictureTrack[] before = [.. _board.Take()], restored = [.. after.Take()];
        Assert.Equal(before.Select(t => t.Identity), restored.Select(t => t.Identity));
        foreach ((PictureTrack b, PictureTrack r) in before.Zip(restored))
        {
            Assert.Equal(b.Track.ValidTime, r.Track.ValidTime);
            // Lines hold 1e-8 degrees and hundredths of a metre.
            Assert.Equal(b.Track.Position.LatitudeRad, r.Track.Position.LatitudeRad, 1e-9);
            Assert.Equal(b.Track.Position.HeightM, r.Track.Position.HeightM, 0.01);
            Assert.Equal(b.Impact?.ImpactTime, r.Impact?.ImpactTime);
        }
        Assert.Equal([2, 9, 12], restored.Select(t => t.Track.Id.Number));
        Assert.NotNull(restored[1].Impact);
        // What the Site says next of one of them is an update, not a second track.
        after.Updated(Track(9, 22));
        Assert.Equal(3, after.Count);
    }

    private static Instant At(double seconds) => ChannelSamples.Start.AddSeconds(seconds);

    private static Track Track(int number, double height) => new()
    {
        Id = new(number),
        ValidTime = At(0.01 * height),
        Position = new(0.58, 0.77, 100 + height),
        VelocityMps = new(10, 20, 30),
        Kind = Kind.Rocket,
        Kinds = new() { [Kind.Rocket] = 0.9, [Kind.Unknown] = 0.1 },
    };

    private static ImpactPrediction Impact(int number, double sigma) => new()
    {
        Track = new(number),
        ValidTime = At(0.01 * sigma),
        ImpactTime = At(30),
        TimeSigmaS = sigma,
        Position = new(0.58, 0.77, 30),
        Ellipse95 = new(100, 50, 1),
    };

    private JsonElement Line(string subject)
    {
        using JsonDocument line = JsonDocument.Parse(Assert.Single(_stream.Standing(subject)).Json);
        return line.RootElement.Clone();
    }

    /// <summary>The tracks shown and what tells their lines apart: a track's height, an impact's sigma.</summary>
    private (int Track, double Value)[] Shown(string subject) => [.. _stream.Standing(subject).Select(s =>
    {
        using JsonDocument line = JsonDocument.Parse(s.Json);
        JsonElement e = line.RootElement;
        double value = e.TryGetProperty("timeSigmaS", out JsonElement sigma) ? sigma.GetDouble() : e.GetProperty("position")[2].GetDouble() - 100;
        return (int.Parse(e.GetProperty("track").GetString()![1..], System.Globalization.CultureInfo.InvariantCulture), value);
    })];
}
