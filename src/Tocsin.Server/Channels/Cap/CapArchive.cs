using System.Collections.Immutable;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Tocsin.Formats.Cap;

namespace Tocsin.Server.Channels.Cap;

/// <summary>One message as it is kept and served.</summary>
internal sealed record CapDocument(CapAlert Alert, byte[] Bytes)
{
    public string ETag { get; } = CapArchive.ETagOf(Bytes);
}

/// <summary>The newest CAP messages, in memory and as files, one each.</summary>
/// <remarks>One task adds; any number read the newest <see cref="Newest"/>. A disk that is full or gone costs the files and no more: what could not be written
/// is served from memory and written when it can be.</remarks>
internal sealed class CapArchive
{
    private const string Suffix = ".xml", Unfinished = ".tmp";
    private readonly string _folder;
    private readonly int _max;
    private readonly ILogger _log;
    private readonly HashSet<string> _unsaved = new(StringComparer.Ordinal);
    private volatile ImmutableList<CapDocument> _documents = [];

    public CapArchive(string folder, int max, ILogger log)
    {
        (_folder, _max, _log) = (folder, max, log);
        Load();
    }

    /// <summary>The messages in the order in which they came, which is not that of their times: an exercise's clock may be years behind.</summary>
    public ImmutableList<CapDocument> Documents => _documents;

    /// <summary>Messages that are not on the disk yet.</summary>
    public int Unsaved => _unsaved.Count;

    public static string ETagOf(byte[] bytes) => $"\"{Convert.ToHexStringLower(SHA256.HashData(bytes).AsSpan(0, 16))}\"";

    public CapDocument? Find(string identifier) => _documents.Find(d => d.Alert.Identifier == identifier);

    public void Add(CapDocument document)
    {
        _documents = _documents.Add(document);
        _unsaved.Add(document.Alert.Identifier);
        Save();
        Trim();
    }

    /// <summary>Writes what could not be written before.</summary>
    public void Save()
    {
        foreach (string identifier in _unsaved.ToArray())
        {
            if (Find(identifier) is { } document && !TryWrite(document)) return;
            _unsaved.Remove(identifier);
        }
    }

    private bool TryWrite(CapDocument document)
    {
        string path = PathOf(document.Alert.Identifier);
        try
        {
            Directory.CreateDirectory(_folder);
            // Written aside and then renamed, so that a crash leaves the whole file or none.
            using (var to = new FileStream(path + Unfinished, FileMode.Create, FileAccess.Write))
            {
                to.Write(document.Bytes);
                to.Flush(flushToDisk: true);
            }
            File.Move(path + Unfinished, path, overwrite: true);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            CapLog.Unsaved(_log, document.Alert.Identifier, e.Message);
            return false;
        }
    }

    private void Trim()
    {
        while (_documents.Count > _max)
        {
            string oldest = _documents[0].Alert.Identifier;
            _documents = _documents.RemoveAt(0);
            _unsaved.Remove(oldest);
            Delete(PathOf(oldest));
        }
    }

    private void Load()
    {
        try
        {
            if (!Directory.Exists(_folder)) return;
            foreach (string rest in Directory.EnumerateFiles(_folder, "*" + Unfinished)) Delete(rest);
            List<(DateTime Written, CapDocument Document)> found = [];
            foreach (string path in Directory.EnumerateFiles(_folder, "*" + Suffix))
                if (Read(path) is { } document) found.Add((File.GetLastWriteTimeUtc(path), document));
            // Where a copy has lost the times of the files, the messages' own decide, and then the revision: 10 comes after 9.
            _documents = [.. found.OrderBy(f => f.Written).ThenBy(f => f.Document.Alert.Sent.Value).ThenBy(f => f.Document.Alert.Identifier.Length)
                .ThenBy(f => f.Document.Alert.Identifier, StringComparer.Ordinal).Select(f => f.Document)];
            Trim();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            CapLog.Unreadable(_log, _folder, e.Message);
        }
    }

    private CapDocument? Read(string path)
    {
        try
        {
            byte[] bytes = new FileInfo(path).Length <= CapLimits.MaxBytes ? File.ReadAllBytes(path) : [];
            CapReading reading = CapParser.Parse(bytes);
            if (reading.Alert is { } alert && PathOf(alert.Identifier) == path) return new(alert, bytes);
            CapLog.Unreadable(_log, path, reading.Problems.IsEmpty ? "its name is not its identifier" : reading.Problems[0].ToString());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            CapLog.Unreadable(_log, path, e.Message);
        }
        return null;
    }

    private void Delete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            CapLog.Unreadable(_log, path, e.Message);
        }
    }

    private string PathOf(string identifier) => Path.Combine(_folder, identifier + Suffix);
}

internal static partial class CapLog
{
    [LoggerMessage(Level = LogLevel.Error, Message = "The CAP message {Identifier} is served but could not be written: {Reason}")]
    public static partial void Unsaved(ILogger log, string identifier, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} in the CAP folder is left alone: {Reason}")]
    public static partial void Unreadable(ILogger log, string path, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The CAP message {Identifier} breaks a rule and is sent all the same: {Problem}")]
    public static partial void Rule(ILogger log, string identifier, string problem);
}
