namespace Tocsin.Cli;

/// <summary>What holds for every file that a command reads.</summary>
internal static class InputFile
{
    /// <summary>Says of a folder that it is one: the system would say that access is denied.</summary>
    /// <exception cref="UnusableException">The path is a folder's.</exception>
    public static void RefuseFolder(string path)
    {
        if (Directory.Exists(path)) throw new UnusableException($"{path}: is a folder; name a file in it");
    }
}
