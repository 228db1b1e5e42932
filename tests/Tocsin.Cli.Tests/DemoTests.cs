using Spectre.Console;
using Tocsin.Cli.Demo;
using Tocsin.Formats.GeoJson;
using Tocsin.Geodesy;

namespace Tocsin.Cli.Tests;

/// <summary>The demonstration's pace on a clock of the test's own, and its picture.</summary>
public class DemoTests
{
    private static readonly Instant s_start = new(16_084_890_000_000_000);

    [Theory]
    [InlineData(1, 20)]
    [InlineData(4, 5)]
    [InlineData(0.5, 40)]
    public void A_raid_of_20_s_takes_that_time_over_the_speed(double speed, double expectedS)
    {
        var clock = new ManualClock();
        var ticks = new List<Instant>();
        var pacer = new Pacer(speed, new Host { OpenOutput = () => Stream.Null, Error = TextWriter.Null, Clock = clock, Waiting = clock.Advance }, ticks.Add);
        for (double s = 0; s <= 20; s += 0.25)
        {
            pacer.WaitFor(s_start.AddSeconds(s));
            Assert.Equal(s / speed, clock.ElapsedS, 1e-3);
        }
        Assert.Equal(expectedS, clock.ElapsedS, 1e-3);
        Assert.InRange(ticks.Count, expectedS * Pacer.TicksPerSecond * 0.8, expectedS * Pacer.TicksPerSecond + 1);
        Assert.Equal(ticks.Order(), ticks);
    }

    [Fact]
    public void A_late_loop_catches_up_without_waiting()
    {
        var clock = new ManualClock();
        var pacer = new Pacer(1, new Host { OpenOutput = () => Stream.Null, Error = TextWriter.Null, Clock = clock, Waiting = clock.Advance }, _ => { });
        pacer.WaitFor(s_start);
        clock.Advance(TimeSpan.FromSeconds(3));
        pacer.WaitFor(s_start.AddSeconds(2));
        Assert.Equal(3, clock.ElapsedS, 1e-6);
    }

    [Fact]
    public void A_signal_ends_the_wait()
    {
        using var stop = new CancellationTokenSource();
        var pacer = new Pacer(1, new Host { OpenOutput = () => Stream.Null, Error = TextWriter.Null, Clock = new ManualClock(), Stop = stop.Token, Waiting = _ => stop.Cancel() }, _ => { });
        pacer.WaitFor(s_start);
        Assert.Throws<OperationCanceledException>(() => pacer.WaitFor(s_start.AddSeconds(3600)));
    }

    [Fact]
    public void The_table_shows_who_is_warned_how_long_they_have_and_that_it_is_an_exercise()
    {
        SiteDefinition site = SiteFile.Parse(System.Text.Encoding.UTF8.GetBytes(Samples.Site(Samples.Zones().Replace("Zone Z1", "[red]Zone one", StringComparison.Ordinal))), "sample").Value!.Definition;
        var picture = new Picture();
        var track = new Track
        {
            Id = new(7),
            ValidTime = s_start,
            Position = new Geodetic(0, 0, 1500),
            VelocityMps = new Enu(30, 40, 0),
            Kind = Kind.Rocket,
            Kinds = default,
        };
        picture.TrackConfirmed(s_start, track);
        picture.ImpactPredicted(s_start, new ImpactPrediction
        {
            Track = new(7),
            ValidTime = s_start,
            ImpactTime = s_start.AddSeconds(14),
            TimeSigmaS = 0.5,
            Position = default,
            Ellipse95 = new(80, 40, 0),
        });
        var warning = new Warning
        {
            Id = new(1),
            Status = OperationStatus.Exercise,
            Zone = 1,
            Probability = 0.83,
            ImpactTime = s_start.AddSeconds(14),
            LeadTimeS = 14,
            Advice = Advice.Shelter,
            Tracks = [new(7)],
        };
        picture.WarningRaised(s_start, warning);
        string text = Rendered(new LiveTable(site, "Green [Zone]", OperationStatus.Exercise, picture).At(s_start.AddSeconds(2)));
        Assert.All((string[])["EXERCISE", "Green [Zone]", "[red]Zone one", "12 s", "83", "shelter", "T7", "rocket", "50 m/s", "1500 m", "80 x 40 m"],
            word => Assert.Contains(word, text, StringComparison.Ordinal));

        picture.WarningCleared(s_start, new(1), OperationStatus.Exercise, 1, WarningEnd.Over);
        picture.TrackEnded(s_start, new(7), TrackEnd.Impact);
        string after = Rendered(new LiveTable(site, "Green [Zone]", OperationStatus.Exercise, picture).At(s_start.AddSeconds(2)));
        Assert.DoesNotContain("[red]Zone one", after, StringComparison.Ordinal);
        Assert.DoesNotContain("T7", after, StringComparison.Ordinal);
    }

    private static string Rendered(Spectre.Console.Rendering.IRenderable table)
    {
        var writer = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Out = new AnsiConsoleOutput(writer) });
        console.Profile.Width = 120;
        console.Write(table);
        return writer.ToString();
    }

    /// <summary>A clock that moves only when it is told to.</summary>
    private sealed class ManualClock : TimeProvider
    {
        private long _ticks;

        public double ElapsedS => _ticks / (double)TimeSpan.TicksPerSecond;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _ticks;

        public void Advance(TimeSpan time) => _ticks += Math.Max(1, time.Ticks);
    }
}
