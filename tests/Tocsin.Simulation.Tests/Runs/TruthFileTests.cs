using System.Text;
using Tocsin.Geodesy;
using Tocsin.Simulation.Tests.Scenarios;
using Tocsin.TestSupport;

namespace Tocsin.Simulation.Tests.Runs;

public sealed class TruthFileTests
{
    private static readonly Instant s_start = new(17_000_000_000_000_000);

    private static Truth Sample()
    {
        Geodetic at = new(0.8028, 0.1396, 1234.5678);
        return new Truth(
            [new("A-01", Kind.Rocket, s_start, s_start.AddSeconds(31.2345678), at with { HeightM = 0 }), new("A-02", Kind.Mortar, s_start.AddSeconds(1), null, null)],
            [new(s_start.AddSeconds(0.5), 0, at, new(1.25, -200.5, 0), true), new(s_start.AddSeconds(1), 0, at, new(1, 2, 3), false)])
        {
            Others = [new("gulls-01", TruthCause.Bird), new("gun-001", TruthCause.Gunfire), new("C", TruthCause.Aircraft)],
            OtherStates = [new(s_start.AddSeconds(1), 2, at, new(0, 1, -0.00001), true)],
        };
    }

    private static byte[] Write(Truth truth)
    {
        using var stream = new MemoryStream();
        TruthFile.Write(stream, truth);
        return stream.ToArray();
    }

    private static Loaded<Truth> Read(string text) => TruthFile.Read(new MemoryStream(Encoding.UTF8.GetBytes(text)), "t.jsonl");

    [Fact]
    public void WhatIsWrittenReadsBack()
    {
        Truth written = Sample(), read = Shipped.Must(TruthFile.Read(new MemoryStream(Write(written)), "t.jsonl"));
        Assert.Equal(written.Others, read.Others);
        Assert.Equal(written.Rounds.Select(r => (r.Id, r.Kind, r.LaunchTime, r.ImpactTime)), read.Rounds.Select(r => (r.Id, r.Kind, r.LaunchTime, r.ImpactTime)));
        Assert.Null(read.Rounds[1].Impact);
        AssertNear(written.Rounds[0].Impact!.Value, read.Rounds[0].Impact!.Value);
        Assert.Equal(written.States.Select(s => (s.Time, s.Round, s.Visible)), read.States.Select(s => (s.Time, s.Round, s.Visible)));
        AssertNear(written.States[0].Position, read.States[0].Position);
        Assert.Equal(written.States[0].VelocityMps, read.States[0].VelocityMps);
        Assert.Equal((s_start.AddSeconds(1), 2, true), (read.OtherStates[0].Time, read.OtherStates[0].Object, read.OtherStates[0].Visible));
        // What was rounded once stays as it is.
        Assert.Equal(Write(read), Write(Shipped.Must(TruthFile.Read(new MemoryStream(Write(read)), "t.jsonl"))));
    }

    private static void AssertNear(Geodetic expected, Geodetic actual)
    {
        Ecef a = Wgs84.ToEcef(expected), b = Wgs84.ToEcef(actual);
        Assert.True(Math.Abs(a.X - b.X) + Math.Abs(a.Y - b.Y) + Math.Abs(a.Z - b.Z) < 2e-3);
    }

    [Fact]
    public void LinesAreThoseOfTheContract()
    {
        string[] lines = Encoding.UTF8.GetString(Write(Sample())).Split('\n');
        Assert.Equal("""{"type":"truth.opened","schema":"tocsin.truth/1"}""", lines[0]);
        Assert.Equal("""{"type":"truth.round","round":"A-02","kind":"mortar","launchTime":"2023-11-14T22:13:21.000Z","impactTime":null,"impact":null}""", lines[2]);
        Assert.Equal("""{"type":"truth.object","object":"gun-001","kind":"unknown","cause":"gunfire"}""", lines[4]);
        Assert.Equal("""{"type":"truth.state","time":"2023-11-14T22:13:20.500Z","round":"A-01","position":[7.99849082,45.997051793,1234.568],"velocity":[1.25,-200.5,0],"visible":true}""", lines[6]);
        Assert.EndsWith(""","velocity":[0,1,0],"visible":true}""", lines[8], StringComparison.Ordinal);
        Assert.Equal("", lines[^1]);
    }

    [Theory]
    [InlineData("plain.jsonl")]
    [InlineData("packed.jsonl.gz")]
    public void FilesAreCompressedWhereTheNameSaysSo(string name)
    {
        string path = Path.Combine(Path.GetTempPath(), $"tocsin-truth-{Environment.ProcessId}-{name}");
        try
        {
            TruthFile.Write(path, Sample());
            byte[] bytes = File.ReadAllBytes(path);
            Assert.Equal(name.EndsWith(".gz", StringComparison.Ordinal), bytes is [0x1f, 0x8b, ..]);
            Assert.Equal(2, Shipped.Must(TruthFile.Read(path)).Rounds.Count);
            TruthFile.Write(path, Sample());
            Assert.Equal(bytes, File.ReadAllBytes(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("salvo/salvo22.truth.jsonl")]
    [InlineData("salvo/salvo22hard.truth.jsonl")]
    public void TruthOfOtherMakersReads(string file)
    {
        Truth truth = Shipped.Must(TruthFile.Read(SharedData.PathOrSkip(file)));
        Assert.Equal(22, truth.Rounds.Count);
        Assert.Equal(12, truth.Rounds.Count(r => r.Kind == Kind.Rocket));
        Assert.True(truth.States.Count > 1000);
        Assert.True(truth.States.Zip(truth.States.Skip(1)).All(p => p.First.Time <= p.Second.Time));
        // A state's velocity carries it to the next one.
        foreach (var states in truth.States.GroupBy(s => s.Round))
        {
            TruthState a = states.First(), b = states.ElementAt(1);
            double dt = b.Time.SecondsSince(a.Time);
            Assert.InRange((b.Position.HeightM - a.Position.HeightM) / dt, Math.Min(a.VelocityMps.Up, b.VelocityMps.Up) - 15, Math.Max(a.VelocityMps.Up, b.VelocityMps.Up) + 15);
        }
    }

    private const string Round = """{"type":"truth.round","round":"O1","kind":"rocket","launchTime":"2023-11-14T22:13:22Z","impactTime":null,"impact":null}""";

    [Theory]
    [InlineData("", "line", "holds no truth line")]
    [InlineData("{\"type\":\"plot\"}", "line", "holds no truth line")]
    [InlineData(Round + "\n{\"type\":", "line 2", "is not JSON")]
    [InlineData(Round + "\n[]", "line 2", "no member 'type'")]
    [InlineData(Round + "\n" + Round, "line 2", "a second time")]
    [InlineData("{\"type\":\"truth.round\",\"round\":\"O1\",\"kind\":\"drone\"}", "line 1", "kind")]
    [InlineData("{\"type\":\"truth.round\",\"round\":\"O1\",\"kind\":\"rocket\",\"launchTime\":\"noon\"}", "line 1", "launchTime")]
    [InlineData("{\"type\":\"truth.round\",\"round\":\"O1\",\"kind\":\"rocket\",\"launchTime\":\"2023-11-14T22:13:22Z\",\"impactTime\":null,\"impact\":[1,2]}", "line 1", "only one of")]
    [InlineData("{\"type\":\"truth.state\",\"time\":\"2023-11-14T22:13:22Z\",\"round\":\"O7\",\"position\":[8,46,1],\"velocity\":[1,2,3],\"visible\":true}", "line 1", "'O7' has no truth.round line")]
    [InlineData(Round + "\n{\"type\":\"truth.state\",\"time\":\"2023-11-14T22:13:22Z\",\"round\":\"O1\",\"position\":[8,46],\"velocity\":[1,2,3],\"visible\":true}", "line 2", "position")]
    [InlineData(Round + "\n{\"type\":\"truth.state\",\"time\":\"2023-11-14T22:13:22Z\",\"round\":\"O1\",\"position\":[8,46,1e999],\"velocity\":[1,2,3],\"visible\":true}", "line 2", "position")]
    [InlineData(Round + "\n{\"type\":\"\\ud800\"}", "line 2", "no character by itself")]
    public void WhatCannotBeReadIsNamedWithItsLine(string text, string line, string reason)
    {
        Assert.False(Read(text).Succeeded(out _, out string? problem));
        Assert.StartsWith("t.jsonl", problem, StringComparison.Ordinal);
        Assert.Contains(line, problem, StringComparison.Ordinal);
        Assert.Contains(reason, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void UnknownTypesAndMembersArePassedOver()
    {
        Truth truth = Shipped.Must(Read("{\"type\":\"truth.weather\",\"fog\":1}\n\n" + Round.Replace("\"kind\"", "\"colour\":\"red\",\"kind\"", StringComparison.Ordinal) + "\n"));
        Assert.Equal("O1", Assert.Single(truth.Rounds).Id);
    }

    [Fact]
    public void ANightWithNothingInTheAirReadsBack() => Assert.Empty(Shipped.Must(TruthFile.Read(new MemoryStream(Write(new Truth([], []))), "t.jsonl")).Rounds);
}
