using System.CommandLine;
using System.CommandLine.Help;
using System.Text;
using Tocsin.Cli.Commands;

namespace Tocsin.Cli;

/// <summary>The commands of the program: what they are called, what they take, and how their ends become exit statuses.</summary>
internal static class CommandLine
{
    /// <summary>Runs the program.</summary>
    /// <returns>Its exit status.</returns>
    public static int Run(IReadOnlyList<string> args, Host host)
    {
        // Help and the version are results: they go to standard output.
        using var output = new StreamWriter(host.OpenOutput(), new UTF8Encoding(false));
        var invocation = new InvocationConfiguration { Output = output, Error = host.Error, EnableDefaultExceptionHandler = false };
        ParseResult parsed = Parse(args, host);
        if (parsed.Errors.Count > 0 && parsed.Action is not HelpAction)
        {
            string command = Path(parsed.CommandResult.Command);
            string problem = parsed.UnmatchedTokens.Count > 0 ? $"'{parsed.UnmatchedTokens[0]}' is not understood" : parsed.Errors[0].Message.TrimEnd('.');
            host.Fail($"{problem}; see '{command} --help'");
            return Host.WrongCommandLine;
        }
        try
        {
            return parsed.Invoke(invocation);
        }
        catch (OperationCanceledException) when (host.Stop.IsCancellationRequested)
        {
            return host.Stopped();
        }
        catch (UnusableException e)
        {
            host.Fail(e.Message);
            return e.Status;
        }
        catch (Exception e) when (OutputFile.IsOfFile(e))
        {
            return host.Fail($"{e.Message}; check that the files can be read and written, and that the disk has room");
        }
#pragma warning disable CA1031 // The last line of defence: a fault of this program is one line too, never a stack trace.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return host.Fail($"a fault of this program ({e.GetType().Name}): {e.Message}; please report it with the command and its input");
        }
    }

    /// <summary>Reads a command line without running it.</summary>
    public static ParseResult Parse(IReadOnlyList<string> args, Host host)
    {
        // A file's name may begin with @; response files are of no use here.
        return MakeRoot(host).Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
    }

    private static RootCommand MakeRoot(Host host)
    {
        var root = new RootCommand(
            "Warns the people under a rocket, artillery or mortar attack: radar plots in, tracks, impact predictions and warnings out. "
            + "Not certified life-safety equipment.")
        { HelpName = "tocsin" };
        root.Add(DemoCommand.Make(host));
        root.Add(ServeCommand.Make(host));
        root.Add(AccessCommands.MakeUser(host));
        root.Add(AccessCommands.MakeKey(host));
        root.Add(RunCommand.Make(host));
        root.Add(LintCommand.Make(host));
        root.Add(ReplayCommand.Make(host));
        root.Add(ScoreCommand.Make(host));
        root.Add(InspectCommand.Make(host));
        return root;
    }

    private static string Path(Command command) => command is RootCommand ? "tocsin" : "tocsin " + command.Name;
}
