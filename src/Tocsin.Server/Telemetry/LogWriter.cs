using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Tocsin.Server.Telemetry;

/// <summary>Writes the log as lines of text: level, category, message; an exception only by its message, with its trace below it from errors on.</summary>
internal sealed class LogWriter(TextWriter to) : ILoggerProvider
{
    private readonly TextWriter _to = TextWriter.Synchronized(to);

    public ILogger CreateLogger(string categoryName) => new Lines(_to, categoryName);

    public void Dispose()
    {
        // The writer is not ours.
    }

    private sealed class Lines(TextWriter to, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel)) return;
            string level = logLevel switch { LogLevel.Information => "info", LogLevel.Warning => "warning", LogLevel.Error => "error", _ => "CRITICAL" };
            string text = string.Create(CultureInfo.InvariantCulture, $"{level}: {category}: {formatter(state, exception)}");
            if (exception is not null) text += logLevel >= LogLevel.Error ? Environment.NewLine + exception : $" ({exception.Message})";
            to.WriteLine(text);
        }
    }
}
