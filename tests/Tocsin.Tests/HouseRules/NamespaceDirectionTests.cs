namespace Tocsin.Tests.HouseRules;

/// <summary>Inside the core the way is one way: Numerics, Geodesy, Ballistics, Tracking, Prediction, Warnings, then the pipeline.</summary>
public class NamespaceDirectionTests
{
    /// <summary>The core's namespaces, lowest first: none may use a type of one that stands after it.</summary>
    private static readonly string[] s_order = ["Numerics", "Geodesy", "Ballistics", "Tracking", "Prediction", "Warnings"];

    /// <summary>Types of the root namespace that hold the pipeline or drive it; the other root types are nouns that all may use.</summary>
    private static readonly string[] s_pipeline = ["Site", "Playback"];

    [Fact]
    public void No_namespace_of_the_core_uses_a_higher_one() =>
        Rule.Holds(Violations(MetadataUses.Of(typeof(Site).Assembly.Location), "Tocsin"));

    [Fact]
    public void Every_namespace_of_the_core_has_its_place()
    {
        IEnumerable<string> spaces = typeof(Site).Assembly.GetTypes().Select(t => t.Namespace).OfType<string>().Distinct()
            .Where(n => n.StartsWith("Tocsin.", StringComparison.Ordinal)).Select(n => n.Split('.')[1]).Distinct();
        Assert.Subset(s_order.ToHashSet(StringComparer.Ordinal), spaces.ToHashSet(StringComparer.Ordinal));
    }

    [Fact]
    public void The_rule_sees_a_use_in_a_body_a_signature_and_a_lambda()
    {
        string sample = typeof(Sample.Geodesy.UsesTracking).Namespace!.Replace(".Geodesy", "", StringComparison.Ordinal);
        string[] found = [.. Violations(MetadataUses.Of(typeof(NamespaceDirectionTests).Assembly.Location), sample)];
        Assert.Contains(found, v => v.Contains("Geodesy.UsesTracking uses Tracking.Filter", StringComparison.Ordinal));
        Assert.Contains(found, v => v.Contains("Geodesy.HoldsTracking uses Tracking.Filter", StringComparison.Ordinal));
        Assert.Contains(found, v => v.Contains("Warnings.UsesSiteInLambda uses Site", StringComparison.Ordinal));
        Assert.DoesNotContain(found, v => v.StartsWith("Tracking.Filter ", StringComparison.Ordinal));
        Assert.Equal(3, found.Length);
    }

    private static IEnumerable<string> Violations(IEnumerable<Use> uses, string root)
    {
        string prefix = root + ".";
        return uses.Where(u => u.From.StartsWith(prefix, StringComparison.Ordinal) && u.To.StartsWith(prefix, StringComparison.Ordinal))
            .Select(u => (From: u.From[prefix.Length..], To: u.To[prefix.Length..]))
            .Where(u => Rank(u.From, isUser: true) < Rank(u.To, isUser: false))
            .Select(u => $"{u.From} uses {u.To}, which stands above it").Distinct();
    }

    private static int Rank(string name, bool isUser)
    {
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        if (dot >= 0) return Array.IndexOf(s_order, name[..dot]);
        // A root noun may hold what any namespace makes, and every namespace may use it.
        return isUser || s_pipeline.Contains(name, StringComparer.Ordinal) ? s_order.Length : -1;
    }
}
