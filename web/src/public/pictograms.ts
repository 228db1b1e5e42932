// The pictograms of the page, for those who cannot read the words now.
import { pictogram } from './dom';
import type { View } from './view';

type Drawing = readonly [strokes: readonly string[], fills?: readonly string[]];

const HEAD = (x: number, y: number, r = 4): string => `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;

// A person lying with the arms over the head.
const DROP: Drawing = [['M3 38h42', 'M20 29l12 2h12', 'M20 29l-6-10-8 3'], [HEAD(11, 28, 5)]];
// A window, and a person who goes away from it.
const AWAY: Drawing = [['M5 8h16v22H5z', 'M13 8v22', 'M5 19h16', 'M35 20v11l-4 10', 'M35 31l5 10', 'M35 23l6 4', 'M25 14l-3 0', 'M6 41h10'], [HEAD(35, 13)]];
// A strong house, and an arrow into it.
const SHELTER: Drawing = [['M5 22L24 7l19 15', 'M10 20v21h28V20', 'M24 18v15', 'M17 27l7 7 7-7']];
// A person who crouches under a roof.
const COVER: Drawing = [['M5 16L24 6l19 10', 'M9 14v27', 'M39 14v27', 'M5 41h38', 'M20 30l6 4-2 7', 'M20 30l-2 7 8 0', 'M20 30l8-3'], [HEAD(25, 22)]];
// A bell at rest: it says that nothing sounds, and does not promise safety as a tick would.
const QUIET: Drawing = [['M8 36h32', 'M12 36c3-4 3-8 3-14a9 9 0 0 1 18 0c0 6 0 10 3 14', 'M24 8v4', 'M20 41h8']];
const ENDED: Drawing = [['M24 5a19 19 0 1 0 .01 0z', 'M15 25l6 6 12-13']];
const LOST: Drawing = [['M6 18a26 26 0 0 1 36 0', 'M13 26a16 16 0 0 1 22 0', 'M7 41L41 7'], [HEAD(24, 36, 3)]];
const ASK: Drawing = [['M24 5a19 19 0 1 0 .01 0z', 'M18 19a6 6 0 1 1 9 5c-2 1.3-3 2.5-3 5'], [HEAD(24, 35, 2)]];
const WAIT: Drawing = [['M24 5a19 19 0 1 0 .01 0z', 'M24 13v12l8 5']];

/** The picture of a view. */
export function pictureOf(view: Pick<View, 'kind' | 'advice'>): SVGSVGElement {
  return pictogram(...drawing(view));
}

/** What tells one picture from another. */
export function pictureKey(view: Pick<View, 'kind' | 'advice'>): string {
  return view.kind === 'warned' ? (view.advice ?? 'cover') : view.kind;
}

function drawing(view: Pick<View, 'kind' | 'advice'>): Drawing {
  switch (view.kind) {
    case 'connecting': return WAIT;
    case 'unknown': return ASK;
    case 'unprotected': return LOST;
    case 'clear': return QUIET;
    case 'over':
    case 'retracted': return ENDED;
    case 'cover': return COVER;
    case 'warned':
      switch (view.advice) {
        case 'drop': return DROP;
        case 'awayFromWindows': return AWAY;
        case 'shelter': return SHELTER;
        default: return COVER;
      }
  }
}
