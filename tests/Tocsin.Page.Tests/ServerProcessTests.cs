namespace Tocsin.Page.Tests;

/// <summary>The helper that starts a real server, tried on programs that are none.</summary>
public sealed class ServerProcessTests
{
    [Fact]
    public async Task It_finds_the_address_among_other_words_and_ends_what_it_started()
    {
        Assert.SkipUnless(File.Exists("/bin/sh"), "no /bin/sh");
        ServerProcess server = await ServerProcess.StartAsync("/bin/sh", ["-c", "echo starting; echo 'Open http://127.0.0.1:43210/ now' >&2; exec sleep 600"]);
        Assert.Equal("http://127.0.0.1:43210", server.Address);
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_program_that_ends_early_is_reported_with_its_words()
    {
        Assert.SkipUnless(File.Exists("/bin/sh"), "no /bin/sh");
        InvalidOperationException e = await Assert.ThrowsAsync<InvalidOperationException>(
            () => ServerProcess.StartAsync("/bin/sh", ["-c", "echo 'the port is taken'; exit 3"]));
        Assert.Contains("the port is taken", e.Message, StringComparison.Ordinal);
    }
}
