using System.Text;
using Spectre.Console;

namespace Tocsin.Cli;

/// <summary>What a command works with from outside: its streams, its clock, and whether to stop. Tests bring their own.</summary>
internal sealed class Host
{
    /// <summary>The exit status of a command that did what it was asked.</summary>
    public const int Done = 0;

    /// <summary>The exit status where an input or an output could not be used, or a signal stopped the command.</summary>
    public const int Unusable = 1;

    /// <summary>The exit status of a command line that is wrong.</summary>
    public const int WrongCommandLine = 2;

    /// <summary>Opens standard output, which is for results that a program may read and for nothing else.</summary>
    public required Func<Stream> OpenOutput { get; init; }

    /// <summary>Standard error: progress, tables and the one line that says what went wrong.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>Whether standard error is a terminal, so that a table may move.</summary>
    public bool IsTerminal { get; init; }

    /// <summary>The clock of whatever is paced.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>Cancelled when a signal asks the program to end.</summary>
    public CancellationToken Stop { get; init; }

    /// <summary>Waits on <see cref="Clock"/>, or until <see cref="Stop"/>; null for the real wait.</summary>
    public Action<TimeSpan>? Waiting { get; init; }

    /// <summary>Waits for a while, or until a signal asks the program to end.</summary>
    public void Wait(TimeSpan time)
    {
        if (Waiting is not null) Waiting(time);
        else Stop.WaitHandle.WaitOne(time);
    }

    /// <summary>Says in one line why the command ends, and gives its exit status.</summary>
    public int Fail(string line)
    {
        Error.WriteLine("tocsin: " + OneLine(line));
        return Unusable;
    }

    /// <summary>Says that a signal stopped the command, and gives its exit status.</summary>
    public int Stopped() => Fail("stopped by a signal; the files hold what was done until then");

    /// <summary>A console on standard error; plain text where that is no terminal.</summary>
    public IAnsiConsole MakeConsole()
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = IsTerminal ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = IsTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = IsTerminal ? InteractionSupport.Detect : InteractionSupport.No,
            Out = new AnsiConsoleOutput(Error),
        });
        // Without a terminal there is no width to fit, and a table that wraps cannot be searched.
        if (!IsTerminal) console.Profile.Width = 160;
        return console;
    }

    /// <summary>Replaces control characters, which could break the line or steer a terminal.</summary>
    public static string OneLine(string text)
    {
        var line = new StringBuilder(text.Length);
        foreach (char c in text.ReplaceLineEndings(" ")) line.Append(char.IsControl(c) ? '?' : c);
        return line.ToString();
    }
}
