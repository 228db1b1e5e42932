namespace Tocsin.Simulation.Report;

/// <summary>The report's look. Colours are those of Okabe and Ito ("Color universal design", 2008), which hold for the common colour
/// blindnesses; hatches and shapes say the same again. No '&gt;', '&lt;' or '&amp;' may stand here: the page is XML too.</summary>
internal static class Stylesheet
{
    public const string Text = """
        :root { color-scheme: light dark;
          --paper: #ffffff; --panel: #f3f5f7; --ink: #171b20; --muted: #56606c; --line: #c3cad2; --faint: #e4e8ec;
          --right: #0072b2; --right-fill: #9fcbe8; --needless: #b87700; --needless-fill: #fbe7bd; --missed: #c24a00; --missed-fill: #f4c3a3;
          --predicted: #9a3f7c; --mark: #7a1f00; --mark-paper: #fff1e8; }
        @media screen and (prefers-color-scheme: dark) { :root {
          --paper: #14171b; --panel: #1d2126; --ink: #e8ebee; --muted: #a3adb8; --line: #47505a; --faint: #2a3037;
          --right: #63b8ea; --right-fill: #17496a; --needless: #e9ae35; --needless-fill: #4d3c12; --missed: #ff8f4f; --missed-fill: #6b2f12;
          --predicted: #e49fca; --mark: #ffc9a8; --mark-paper: #40200f; } }
        * { box-sizing: border-box; }
        body { margin: 0 auto; padding: 1.5rem; max-width: 62rem; background: var(--paper); color: var(--ink);
          font: 1rem/1.5 system-ui, "Segoe UI", "DejaVu Sans", sans-serif; }
        h1 { font-size: 1.7rem; line-height: 1.2; margin: 1rem 0 .25rem; }
        h2 { font-size: 1.2rem; margin: 2rem 0 .5rem; padding-bottom: .2rem; border-bottom: 1px solid var(--line); }
        p { margin: .5rem 0; max-width: 46rem; }
        .status { margin: 0; padding: .5rem .8rem; max-width: none; border: 2px solid var(--mark); background: var(--mark-paper); color: var(--mark);
          font-weight: 700; letter-spacing: .02em; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
        .about, .note, caption, figcaption { color: var(--muted); font-size: .875rem; }
        .account { font-size: 1.08rem; }
        figure { margin: .75rem 0 0; }
        figcaption { margin-top: .3rem; max-width: 46rem; }
        svg { display: block; width: 100%; height: auto; background: var(--panel); border: 1px solid var(--line);
          -webkit-print-color-adjust: exact; print-color-adjust: exact; }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; width: 100%; margin: .75rem 0; font-size: .875rem; font-variant-numeric: tabular-nums; }
        caption { text-align: left; padding-bottom: .3rem; }
        th, td { padding: .25rem .5rem; border-bottom: 1px solid var(--faint); text-align: left; vertical-align: top; }
        thead th { border-bottom: 1px solid var(--line); vertical-align: bottom; }
        tbody th { font-weight: 600; }
        .n { text-align: right; white-space: nowrap; }
        li { max-width: 46rem; margin: .2rem 0; }
        .source { color: var(--muted); }
        svg text { font: 12px system-ui, "Segoe UI", "DejaVu Sans", sans-serif; fill: var(--ink); }
        svg .small { font-size: 11px; }
        svg .quietText { fill: var(--muted); }
        .halo { paint-order: stroke; stroke: var(--panel); stroke-width: 3px; stroke-linejoin: round; }
        .zone { stroke: var(--line); stroke-width: 1; fill: none; }
        .right { stroke: var(--right); stroke-width: 1.5; fill: var(--right-fill); }
        .needless { stroke: var(--needless); stroke-width: 1.5; fill: url(#needlessHatch); }
        .missed { stroke: var(--missed); stroke-width: 2.5; fill: url(#missedHatch); }
        .hatchPaper-needless { fill: var(--needless-fill); } .hatchLine-needless { stroke: var(--needless); stroke-width: 1.2; fill: none; }
        .hatchPaper-missed { fill: var(--missed-fill); } .hatchLine-missed { stroke: var(--missed); stroke-width: 1.2; fill: none; }
        .impact { stroke: var(--ink); stroke-width: 2; fill: none; stroke-linecap: round; }
        .predicted { stroke: var(--predicted); stroke-width: 1.5; fill: none; }
        .thing { fill: var(--ink); stroke: var(--panel); stroke-width: 1; }
        .axis { stroke: var(--line); stroke-width: 1; fill: none; }
        .grid { stroke: var(--faint); stroke-width: 1; }
        .flight { stroke: var(--line); stroke-width: 2; }
        .tracked { stroke: var(--muted); stroke-width: 2; }
        .lead { stroke: var(--right); stroke-width: 7; }
        .open { fill: var(--panel); stroke: var(--muted); stroke-width: 1.5; }
        .full { fill: var(--muted); stroke: none; }
        .raise { stroke: var(--right); stroke-width: 2; fill: var(--right); }
        .question { font-size: 1.3rem; font-weight: 600; line-height: 1.35; margin: 1.2rem 0 .4rem; }
        .answer { font-size: 1.08rem; } .answer li { max-width: none; }
        .incomplete { border: 2px solid var(--needless); padding: .5rem .8rem; font-weight: 600; max-width: none; }
        .cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: .6rem; margin: 1rem 0; padding: 0; list-style: none; }
        .cards li { background: var(--panel); border: 1px solid var(--line); padding: .5rem .7rem; margin: 0; }
        .cards b { display: block; font-size: 1.35rem; font-variant-numeric: tabular-nums; } .cards span { display: block; color: var(--muted); font-size: .8rem; line-height: 1.35; }
        code { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .875em; overflow-wrap: anywhere; }
        .bar { fill: var(--right-fill); stroke: var(--right); stroke-width: 1; }
        .meanLine { stroke: var(--ink); stroke-width: 1.5; fill: none; }
        .interval { stroke: var(--right); stroke-width: 6; fill: none; }
        .meanDot { fill: var(--paper); stroke: var(--ink); stroke-width: 2; }
        .claimLine { stroke: var(--predicted); stroke-width: 1; stroke-dasharray: 3 3; fill: none; }
        .claimSpan { stroke: var(--predicted); stroke-width: 2; fill: none; }
        .claimMark { fill: var(--predicted); stroke: var(--panel); stroke-width: 1; }
        .dots { stroke: var(--right); stroke-width: 3; stroke-linecap: round; fill: none; opacity: .45; }
        .sigma { stroke: var(--ink); stroke-width: 1; fill: none; } .sigma.first { stroke-width: 2; }
        @page { size: A4; margin: 15mm 14mm; }
        @media print {
          html { font-size: 9.5pt; }
          body { max-width: none; padding: 0; }
          p, li, figcaption { max-width: none; }
          h2 { break-after: avoid; }
          table { font-size: 8.5pt; } th, td { padding: .12rem .35rem; }
          tr, figure, li, caption, .short { break-inside: avoid; } thead { display: table-header-group; }
          tbody tr:nth-child(-n+3) { break-before: avoid; }
          .map svg { max-height: 118mm; } .time svg { max-height: 235mm; } .spread svg { max-height: 120mm; }
          .scroll { overflow: visible; }
        }
        """;
}
