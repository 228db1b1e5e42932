using Tocsin.TestSupport;

namespace Tocsin.Tests.HouseRules;

/// <summary>The repository's own files: what is built, fetched or left behind by tools is passed over.</summary>
internal static class SourceTree
{
    private static readonly string[] s_passedOver =
        ["bin", "obj", "out", ".git", ".build", ".vs", ".idea", "node_modules", "TestResults", "BenchmarkDotNet.Artifacts", "artifacts"];

    /// <summary>Every file, by its path from the repository's root, in ordinal order.</summary>
    public static IReadOnlyList<string> Files { get; } = [.. Walk(new DirectoryInfo(SharedData.RepositoryRoot)).Order(StringComparer.Ordinal)];

    /// <summary>The C# sources.</summary>
    public static IEnumerable<string> Sources => Files.Where(f => f.EndsWith(".cs", StringComparison.Ordinal));

    /// <summary>The text of a file named by its path from the root.</summary>
    public static string Text(string file) => File.ReadAllText(Path.Combine(SharedData.RepositoryRoot, file));

    private static IEnumerable<string> Walk(DirectoryInfo folder)
    {
        foreach (FileInfo file in folder.EnumerateFiles())
            if (file.Name != ".git") yield return Path.GetRelativePath(SharedData.RepositoryRoot, file.FullName).Replace('\\', '/');
        foreach (DirectoryInfo child in folder.EnumerateDirectories())
        {
            if (s_passedOver.Contains(child.Name, StringComparer.Ordinal)) continue;
            foreach (string file in Walk(child)) yield return file;
        }
    }
}
