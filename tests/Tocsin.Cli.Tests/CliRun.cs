using System.Text;

namespace Tocsin.Cli.Tests;

/// <summary>One run of the program inside the test's process: its exit status and what it wrote.</summary>
internal sealed record CliRun(int Status, byte[] OutputBytes, string Error)
{
    /// <summary>Standard output as text.</summary>
    public string Output => Encoding.UTF8.GetString(OutputBytes);

    /// <summary>Runs the program.</summary>
    public static CliRun Of(params string[] args)
    {
        using var output = new MemoryStream();
        var error = new StringWriter();
        int status = CommandLine.Run(args, new Host { OpenOutput = () => output, Error = error, Stop = TestContext.Current.CancellationToken });
        return new(status, output.ToArray(), error.ToString());
    }

    /// <summary>Asserts that it did what it was asked.</summary>
    public CliRun Done()
    {
        Assert.True(Status == Host.Done, $"status {Status}: {Error}");
        return this;
    }

    /// <summary>Asserts that it ended with this status and one line on standard error, which holds these words, and no trace of the stack.</summary>
    public void FailedWith(int status, params string[] words)
    {
        Assert.True(Status == status, $"status {Status} where {status} was due: {Error}");
        string line = Assert.Single(Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.StartsWith("tocsin: ", line, StringComparison.Ordinal);
        Assert.All(words, w => Assert.Contains(w, line, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", Error, StringComparison.Ordinal);
        Assert.DoesNotContain("fault of this program", Error, StringComparison.Ordinal);
    }
}

/// <summary>A folder of its own for one test, gone after it.</summary>
internal sealed class TempFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tocsin test ");

    /// <summary>The path of a file in it.</summary>
    public string this[string name] => System.IO.Path.Combine(_folder.FullName, name);

    /// <summary>Its path.</summary>
    public string Path => _folder.FullName;

    /// <summary>Writes a file and gives its path.</summary>
    public string Write(string name, string text)
    {
        File.WriteAllText(this[name], text);
        return this[name];
    }

    public void Dispose() => _folder.Delete(recursive: true);
}
