using System.Text.RegularExpressions;
using Tocsin.Simulation.Lint;
using Tocsin.TestSupport;

namespace Tocsin.Simulation.Tests.Lint;

public sealed partial class SiteMembersTests
{
    private const string Good = """
        {"type": "FeatureCollection", "tocsin": {"name": "x", "groundElevationM": 200, "latenessS": 0.2, "note": "chosen",
          "warning": {"holdTimeS": 60}, "wind": [{"heightM": 0, "fromDeg": 0, "speedMps": 3}]},
         "features": [
          {"type": "Feature", "geometry": null, "properties": {"kind": "outline", "id": "camp"}},
          {"type": "Feature", "geometry": null, "properties": {"kind": "sensor", "id": "R1", "rangeSigmaM": 12, "asterix": {"sac": 1, "sic": 2}, "marker-color": "#f00"}},
          {"type": "Feature", "geometry": null, "properties": {"kind": "zone", "id": "Z1", "name": "One", "population": 100, "fill": "#0f0", "names": ["Un"]}},
          {"type": "Feature", "geometry": null, "properties": {"kind": "siren", "id": "S1", "zones": ["Z1"], "audibleRangeM": 300, "name": "north"}}]}
        """;

    [Fact]
    public void WhatBelongsToOthersPassesSilently() => LintSample.FindsNothing(LintSample.Check(siteJson: Good));

    [Theory]
    [InlineData("\"population\": 100", "\"population\": 100, \"timeToShelter\": 5", "$.features[2].properties.timeToShelter", "timeToShelterS")]
    [InlineData("\"population\": 100", "\"population\": 100, \"time_to_shelter_s\": 5", "$.features[2].properties.time_to_shelter_s", "timeToShelterS")]
    [InlineData("\"population\": 100", "\"population\": 100, \"Parent\": \"Z0\"", "$.features[2].properties.Parent", "parent")]
    [InlineData("\"rangeSigmaM\": 12", "\"rangeSigmaM\": 12, \"rangeRateSigma\": 2", "$.features[1].properties.rangeRateSigma", "rangeRateSigmaMps")]
    [InlineData("\"latenessS\"", "\"latenes\"", "$.tocsin.latenes", "latenessS")]
    [InlineData("\"holdTimeS\"", "\"holdtimeS\"", "$.tocsin.warning.holdtimeS", "holdTimeS")]
    [InlineData("\"fromDeg\"", "\"fromDegrees\"", "$.tocsin.wind[0].fromDegrees", "fromDeg")]
    [InlineData("\"sic\": 2", "\"sic\": 2, \"editon\": \"1.2\"", "$.features[1].properties.asterix.editon", "edition")]
    [InlineData("\"kind\": \"siren\"", "\"kind\": \"sirens\"", "$.features[3].properties.kind", "siren")]
    [InlineData("\"kind\": \"zone\"", "\"kind\": \"Zone\"", "$.features[2].properties.kind", "zone")]
    public void WhatIsNearlyRightIsToldWithWhatItMayMean(string good, string bad, string place, string meant)
    {
        Assert.Contains(good, Good, StringComparison.Ordinal);
        LintSample.Warns(LintSample.Check(siteJson: Good.Replace(good, bad, StringComparison.Ordinal)), "member", place, $"did you mean '{meant}'?");
    }

    [Fact]
    public void FindingsOfTheSiteHaveTheirPathInItsFile() =>
        LintSample.Warns(LintSample.Check(site: LintSample.WithZone(LintSample.Site(), 0, z => z with { Population = 0 }), siteJson: Good), "zone", "$.features[2].properties.population", "Z1");

    [Theory]
    [InlineData("[]")]
    [InlineData("{")]
    [InlineData("{\"features\": [1, null, {\"properties\": 3}], \"tocsin\": 4}")]
    [InlineData("{\"features\": [{\"properties\": {\"kind\": \"\\ud800\"}}]}")]
    public void OtherTextsAreNoException(string json) => LintSample.FindsNothing(LintSample.Check(siteJson: json));

    /// <summary>The list is the site reader's own, which lies in a project that Simulation does not know.</summary>
    [Fact]
    public void EveryMemberThatTheSiteReaderReadsIsKnown()
    {
        string source = File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, "src", "Tocsin.Formats", "GeoJson", "SiteParser.cs"));
        string[] read = [.. MemberReads().Matches(source).Select(m => m.Groups[1].Value).Distinct(StringComparer.Ordinal)];
        Assert.True(read.Length > 30, string.Join(", ", read));
        Assert.All(read, name => Assert.Contains(name, SiteMembers.Known));
    }

    [GeneratedRegex(@"\.(?:Number|Text|OptionalText|Integer|Array|OptionalArray|OptionalObject)\(""([A-Za-z]+)""")]
    private static partial Regex MemberReads();
}
