using Tocsin.Simulation.Scenarios;
using Tocsin.Simulation.Tests.Scenarios;

namespace Tocsin.Simulation.Tests.People;

public class PeopleScenarioTests
{
    [Theory]
    [InlineData("\"samples\": 0", "$.people.samples", "1 to 50000")]
    [InlineData("\"childShare\": 0.8, \"olderShare\": 0.3", "$.people.olderShare", "more than 1")]
    [InlineData("\"byHour\": [{\"fromHour\": 5, \"indoors\": 0.9, \"outdoors\": 0.2}]", "$.people.byHour[0]", "add up to 1")]
    [InlineData("\"byHour\": [{\"fromHour\": 5, \"indoors\": 0, \"outdoors\": 0}, {\"fromHour\": 5, \"indoors\": 0, \"outdoors\": 0}]", "$.people.byHour[1].fromHour", "does not rise")]
    [InlineData("\"channels\": {\"phoneShare\": 80}", "$.people.channels.phoneShare", "0 to 1")]
    [InlineData("\"channels\": {\"phoneMedianS\": 3}", "$.people.channels.phoneMedianS", "4 to 600")]
    [InlineData("\"channels\": {\"phonShare\": 1}", "$.people.channels.phonShare", "did you mean 'phoneShare'?")]
    [InlineData("\"sound\": {\"wallLossDb\": -1}", "$.people.sound.wallLossDb", "0 to 80")]
    [InlineData("\"reaction\": {\"adultSpeedMps\": 0}", "$.people.reaction.adultSpeedMps", "0.1 to 10")]
    [InlineData("\"injury\": {\"roomShare\": 2}", "$.people.injury.roomShare", "0 to 1")]
    [InlineData("\"fatigue\": {\"lossPerNeedless\": 20}", "$.people.fatigue.lossPerNeedless", "0 to 1")]
    [InlineData("\"obstacles\": [{\"polygon\": [[8, 46], [8, 47]]}]", "$.people.obstacles[0].polygon", "three corners")]
    public void What_cannot_be_is_told_with_its_place_and_mend(string members, string path, string mend)
    {
        Assert.False(Parse(members).Succeeded(out _, out string? problem));
        Assert.StartsWith("test.json line 2: " + path + " ", problem, StringComparison.Ordinal);
        Assert.Contains(mend, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_written_is_read()
    {
        PeopleSettings people = Shipped.Must(Parse("\"samples\": 77, \"channels\": {\"sirenDelayS\": [1, 3]}, \"reaction\": {\"medianS\": 4}, \"obstacles\": [{\"polygon\": [[8, 46], [8, 47], [9, 47]]}]")).People;
        Assert.Equal((77, new Interval(1, 3), 4.0, 3, 0.8), (people.Samples, people.Channels.SirenDelayS, people.Reaction.MedianS, people.Obstacles[0].Polygon.Count, people.Channels.PhoneShare));
    }

    private static Loaded<Scenario> Parse(string members) =>
        ScenarioText.Parse(ScenarioText.Minimal().Replace("\"name\": \"a test\",", "\"name\": \"a test\", \"people\": {" + members + "},", StringComparison.Ordinal));
}
