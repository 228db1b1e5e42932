using System.Runtime.InteropServices;
using System.Text;
using Tocsin.Cli;

using var stop = new CancellationTokenSource();

// The first signal asks the command to end and seal its files; the second one ends the program as signals do.
void OnSignal(PosixSignalContext signal)
{
    signal.Cancel = !stop.IsCancellationRequested;
    stop.Cancel();
}

using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, OnSignal);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, OnSignal);
using PosixSignalRegistration hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnSignal);
using var error = new StreamWriter(Console.OpenStandardError(), new UTF8Encoding(false)) { AutoFlush = true };

return CommandLine.Run(args, new Host
{
    OpenOutput = Console.OpenStandardOutput,
    Error = error,
    IsTerminal = !Console.IsErrorRedirected,
    Stop = stop.Token,
});
