// Track symbols of MIL-STD-2525D / APP-6, drawn once each and kept. Code: version, context, identity, symbol set, status, headquarters,
// amplifier, entity, modifiers (20 digits).
import ms from 'milsymbol';
import type { Kind, Status } from '../model/events';

/** A picture and the point in it that stands on the position, in CSS pixels. */
export interface Sprite { readonly image: HTMLCanvasElement; readonly width: number; readonly height: number; readonly anchorX: number; readonly anchorY: number }

const context: Record<Status, string> = { actual: '0', exercise: '1', test: '2' };

// Identity: 6 hostile for what flies on a ballistic path, 1 unknown for aircraft and what is not known, 4 neutral for birds.
// Symbol set: 02 air missile (entity 110000 missile), 01 air (entity 110000 military fixed wing left open: 000000 is any air track).
const codes: Record<Kind, { identity: string; set: string; entity: string }> = {
  rocket: { identity: '6', set: '02', entity: '110000' },
  artillery: { identity: '6', set: '02', entity: '110000' },
  mortar: { identity: '6', set: '02', entity: '110000' },
  aircraft: { identity: '1', set: '01', entity: '110000' },
  bird: { identity: '4', set: '01', entity: '000000' },
  unknown: { identity: '1', set: '01', entity: '000000' },
};

/** The symbol code of a kind under a status; a drill is always an exercise. */
export function symbolCode(kind: Kind, status: Status): string {
  const code = codes[kind] ?? codes.unknown;
  return `10${context[status]}${code.identity}${code.set}0000${code.entity}0000`;
}

const sprites = new Map<string, Sprite>();

/** The picture of a kind, at the screen's own resolution. */
export function trackSprite(kind: Kind, status: Status, pixelRatio: number): Sprite {
  const key = `${kind}|${status}|${pixelRatio}`;
  let sprite = sprites.get(key);
  if (!sprite) {
    // The exercise letter beside the frame is left out: the page's marks and the drill's colour say it, and 200 letters would hide the tracks.
    const symbol = new ms.Symbol(symbolCode(kind, status), { size: 15 * pixelRatio, outlineWidth: 3, outlineColor: 'rgba(255,255,255,0.7)', infoFields: false });
    const { width, height } = symbol.getSize();
    const anchor = symbol.getAnchor();
    sprite = { image: symbol.asCanvas(), width: width / pixelRatio, height: height / pixelRatio, anchorX: anchor.x / pixelRatio, anchorY: anchor.y / pixelRatio };
    sprites.set(key, sprite);
  }
  return sprite;
}

const labels = new Map<string, Sprite>();

/** The most label pictures that are kept. */
const LabelLimit = 600;

/** A short text with a halo as a picture: drawing one is several times cheaper than setting text anew in each frame. */
export function labelSprite(text: string, font: string, ink: string, halo: string, pixelRatio: number): Sprite {
  const key = `${text}|${font}|${ink}|${pixelRatio}`;
  let sprite = labels.get(key);
  if (!sprite) {
    const image = document.createElement('canvas');
    const drawing = image.getContext('2d');
    if (!drawing) return { image, width: 0, height: 0, anchorX: 0, anchorY: 0 };
    drawing.font = font;
    const width = Math.ceil(drawing.measureText(text).width) + 6;
    const height = 18;
    image.width = width * pixelRatio;
    image.height = height * pixelRatio;
    drawing.scale(pixelRatio, pixelRatio);
    drawing.font = font;
    drawing.textBaseline = 'middle';
    drawing.lineJoin = 'round';
    drawing.lineWidth = 3;
    drawing.strokeStyle = halo;
    drawing.strokeText(text, 3, height / 2);
    drawing.fillStyle = ink;
    drawing.fillText(text, 3, height / 2);
    if (labels.size >= LabelLimit) labels.clear();
    labels.set(key, (sprite = { image, width, height, anchorX: 3, anchorY: height / 2 }));
  }
  return sprite;
}
