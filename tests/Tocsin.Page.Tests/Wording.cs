using System.Text.Json;
using Tocsin.TestSupport;

namespace Tocsin.Page.Tests;

/// <summary>The words that the page must show, read from the same files that translators write.</summary>
internal sealed class Wording
{
    /// <summary>The languages that there are.</summary>
    public static readonly string[] Tags = ["en", "ar", "fr", "he", "uk"];

    private readonly JsonElement _page;

    private Wording(JsonElement file)
    {
        Direction = file.GetProperty("direction").GetString()!;
        _page = file.GetProperty("page");
    }

    public string Direction { get; }

    public string this[string key] => _page.GetProperty(key).GetString()!;

    public static Wording Of(string tag) =>
        new(JsonDocument.Parse(File.ReadAllBytes(Path.Combine(SharedData.RepositoryRoot, "web", "languages", tag + ".json"))).RootElement);
}
