using System.Reflection;
using Tocsin.Formats.GeoJson;

namespace Tocsin.Formats.Events;

/// <summary>What the first line of an events file says of the whole of it.</summary>
/// <param name="Site">The site.</param>
/// <param name="Status">What its input was: actual, exercise or test.</param>
/// <param name="Seed">The seed of a simulation; null for anything else.</param>
/// <param name="Product">The program that wrote it, with its version.</param>
public sealed record RecordingHeader(SiteFile Site, OperationStatus Status, long? Seed, string Product)
{
    /// <summary>The header of what this program records now.</summary>
    public RecordingHeader(SiteFile site, OperationStatus status, long? seed = null)
        : this(site, status, seed, ThisProduct)
    {
    }

    /// <summary>The schema that this program writes and reads.</summary>
    public const string Schema = "tocsin.events/1";

    /// <summary>This program with its version: <c>tocsin 0.1.0</c>.</summary>
    public static string ThisProduct { get; } = "tocsin " +
        (typeof(RecordingHeader).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0");
}
