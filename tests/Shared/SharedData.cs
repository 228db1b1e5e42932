namespace Tocsin.TestSupport;

/// <summary>Finds the folder of outside data that some tests compare with; a test without it says 'skipped'.</summary>
internal static class SharedData
{
    /// <summary>The repository's root, found upward from the test's own folder.</summary>
    public static string RepositoryRoot { get; } = FindRoot();

    /// <summary>Full path below <c>../shared/data</c>; skips the running test where it is absent.</summary>
    public static string PathOrSkip(string relative)
    {
        string path = Path.GetFullPath(Path.Combine(RepositoryRoot, "..", "shared", "data", relative));
        Assert.SkipUnless(Path.Exists(path), $"outside data not here: {path}");
        return path;
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? d = new(AppContext.BaseDirectory); d is not null; d = d.Parent)
            if (File.Exists(Path.Combine(d.FullName, "Tocsin.slnx"))) return d.FullName;
        throw new DirectoryNotFoundException("Tocsin.slnx is not above " + AppContext.BaseDirectory);
    }
}
