using System.Xml.Linq;
using static Tocsin.Simulation.Report.Markup;

namespace Tocsin.Simulation.Report;

/// <summary>What all reports have in common: the mark of what they are, heading, assumptions, and what they are not.</summary>
internal static class ReportPage
{
    /// <summary>A whole page.</summary>
    /// <param name="context">What is said beside the figures.</param>
    /// <param name="heading">The heading.</param>
    /// <param name="about">The line below it: site, seed, product.</param>
    /// <param name="limits">What the figures leave out, at the end.</param>
    /// <param name="body">What stands between.</param>
    public static XElement Of(ReportContext context, string heading, string about, string limits, params object?[] body)
    {
        string mark = context.Status switch
        {
            OperationStatus.Exercise => "EXERCISE: simulated. No real event, no real people.",
            OperationStatus.Test => "TEST: recorded or made-up input. Not a real event.",
            _ => "NOT FOR PUBLICATION: points of impact and predictions can help to correct fire.",
        };
        return H("html", A("lang", "en"),
            H("head", H("meta", A("charset", "utf-8")), H("meta", A("name", "viewport"), A("content", "width=device-width, initial-scale=1")),
                H("meta", A("name", "color-scheme"), A("content", "light dark")),
                H("title", $"{mark[..mark.IndexOf(':', StringComparison.Ordinal)]}: {heading}"), H("style", Stylesheet.Text)),
            H("body",
                H("p", A("class", "status"), A("role", "note"), mark),
                H("main", H("h1", heading), H("p", A("class", "about"), about), context.Description is { } d ? H("p", d) : null,
                    body, Notes("What was chosen", "Not known, so chosen for this scenario.", context.Chosen), Notes("Sources", null, context.Sources)),
                H("footer", H("h2", "What this is not"),
                    H("p", "Tocsin is not certified life-safety equipment, and this page is no proof that it would warn in earnest. It says where rounds fell and who was warned; it does not say who fired."),
                    H("p", A("class", "note"), limits))));
    }

    /// <summary>A list of sentences with where they come from; nothing where there are none.</summary>
    public static IEnumerable<XElement> Notes(string heading, string? lead, IReadOnlyList<ReportNote> notes)
        => notes.Count == 0 ? [] :
        [
            H("h2", heading), lead is null ? H("p", A("class", "note"), "As the scenario names them.") : H("p", A("class", "note"), lead),
            H("ul", notes.Select(n => H("li", n.Text, n.Source is { } source ? H("span", A("class", "source"), $" ({source})") : null))),
        ];

    /// <summary>A drawing with its caption.</summary>
    public static XElement Captioned(string name, XElement svg, string caption) => H("figure", A("class", name), svg, H("figcaption", caption));

    /// <summary>What may be wider than a small screen.</summary>
    public static XElement Scroll(XElement content) => H("div", A("class", "scroll"), content);
}
