using System.Text.Json;

namespace Tocsin.Simulation.Scenarios;

/// <summary>The line on which each member of a JSON text stands, by its path (<c>$.salvos[0].count</c>).</summary>
internal sealed class JsonPlaces
{
    private readonly Dictionary<string, int> _lines = new(StringComparer.Ordinal);

    /// <summary>Finds the lines of a text that is known to be JSON.</summary>
    public JsonPlaces(ReadOnlySpan<byte> json)
    {
        // One level of the path per open object or array; an array counts its elements.
        var levels = new Stack<(string Path, int Next)>();
        string path = "$";
        int line = 1, counted = 0;
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        while (reader.Read())
        {
            int at = (int)reader.TokenStartIndex;
            line += json[counted..at].Count((byte)'\n');
            counted = at;
            switch (reader.TokenType)
            {
                case JsonTokenType.PropertyName:
                    path = $"{levels.Peek().Path}.{reader.GetString()}";
                    _lines.TryAdd(path, line);
                    continue;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    levels.Pop();
                    continue;
            }
            if (levels.Count > 0 && levels.Peek() is { Next: >= 0 } array)
            {
                path = $"{array.Path}[{array.Next}]";
                levels.Pop();
                levels.Push((array.Path, array.Next + 1));
            }
            _lines.TryAdd(path, line);
            if (reader.TokenType == JsonTokenType.StartObject) levels.Push((path, -1));
            if (reader.TokenType == JsonTokenType.StartArray) levels.Push((path, 0));
        }
    }

    /// <summary>The line of <paramref name="path"/>, counted from 1; where it is left out, the line of what it is missing from.</summary>
    public int LineOf(string path)
    {
        while (!_lines.ContainsKey(path))
        {
            int cut = path.LastIndexOfAny(['.', '[']);
            if (cut < 0) return 1;
            path = path[..cut];
        }
        return _lines[path];
    }
}
