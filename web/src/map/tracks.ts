// What moves: tracks with their trails, course and symbol, and the predicted impacts. Drawn in every frame, so it makes few strokes and no text.
import type { Status } from '../model/events';
import { Remembered, type Impact, type State, type Track } from '../model/state';
import { countdown } from '../operator/format';
import { moved, type Projection } from './camera';
import type { Palette } from './palette';
import { labelSprite, trackSprite } from './symbols';

/** A symbol moves on between two updates along its velocity for at most so long; then it stands still and is drawn faint. */
const CarryOnS = 2;

/** The course line reaches as far as the round flies in so many seconds. */
const CourseS = 3;

/** How long the trail of an ended track stays, faint, in milliseconds. */
const EndedTrailMs = 6000;

/** The most impact times that are written on the map; the nearest in time come first. */
const TimesWritten = 30;

export interface TracksInput {
  readonly state: State;
  readonly nowMs: number;
  readonly palette: Palette;
  readonly pixelRatio: number;
  readonly selected: string | null;
  readonly reducedMotion: boolean;
}

/** Where a track is drawn now: its estimate, carried on along its velocity for a moment. */
export function shownAt(track: Track, nowMs: number, still: boolean): [number, number] {
  const afterS = track.ended || still ? 0 : Math.max(0, Math.min(CarryOnS, (nowMs - track.validMs) / 1000));
  return moved(track.position[0], track.position[1], track.velocity[0] * afterS, track.velocity[1] * afterS);
}

/** Draws what moves. */
export function drawTracks(g: CanvasRenderingContext2D, view: Projection, input: TracksInput): void {
  const { state, palette: colours } = input;
  const { width, height } = view.camera;
  g.clearRect(0, 0, width, height);
  const groups = new Map<string, Track[]>();
  for (const track of state.tracks.values()) {
    const colour = colourOf(track, colours);
    let group = groups.get(colour);
    if (!group) groups.set(colour, (group = []));
    group.push(track);
  }
  for (const [colour, tracks] of groups) drawTrails(g, view, tracks, colour, input);
  drawImpacts(g, view, input);
  for (const [colour, tracks] of groups) drawCourses(g, view, tracks, colour, input);
  for (const tracks of groups.values()) for (const track of tracks) if (!track.ended) drawSymbol(g, view, track, input);
}

/** The track nearest to a point of the map within reach, flying ones only. */
export function trackNear(view: Projection, state: State, nowMs: number, x: number, y: number, still: boolean): string | null {
  let best: string | null = null;
  let bestPx = 18;
  for (const track of state.tracks.values()) {
    if (track.ended) continue;
    const [lon, lat] = shownAt(track, nowMs, still);
    const impact = state.impacts.get(track.id);
    const away = Math.min(Math.hypot(view.x(lon) - x, view.y(lat) - y), impact ? Math.hypot(view.x(impact.position[0]) - x, view.y(impact.position[1]) - y) : Infinity);
    if (away < bestPx) { bestPx = away; best = track.id; }
  }
  return best;
}

function colourOf(track: { readonly drill: boolean; readonly kind?: string }, colours: Palette): string {
  if (track.drill) return colours.drill;
  return track.kind === 'aircraft' || track.kind === 'bird' || track.kind === 'unknown' ? colours.other : colours.round;
}

/** Trails of one colour in two strokes: the older half faint, the newer half clear. A drill's are dashed. */
function drawTrails(g: CanvasRenderingContext2D, view: Projection, tracks: readonly Track[], colour: string, input: TracksInput): void {
  const older = new Path2D(), newer = new Path2D();
  for (const track of tracks) {
    const { trail } = track;
    if (track.ended && input.nowMs - track.ended.atMs > EndedTrailMs) continue;
    const middle = track.ended ? trail.length : Math.max(0, trail.length - 20);
    for (let i = 1; i < trail.length; i++) {
      const from = trail[i - 1], to = trail[i];
      if (!from || !to) continue;
      const path = i <= middle ? older : newer;
      if (i === 1 || i === middle + 1) path.moveTo(view.x(from[0]), view.y(from[1]));
      path.lineTo(view.x(to[0]), view.y(to[1]));
    }
    if (!track.ended && trail.length > 0) {
      const [lon, lat] = shownAt(track, input.nowMs, input.reducedMotion);
      newer.lineTo(view.x(lon), view.y(lat));
    }
  }
  g.strokeStyle = colour;
  g.lineWidth = 1.6;
  g.setLineDash(tracks[0]?.drill ? [6, 4] : []);
  g.globalAlpha = 0.3;
  g.stroke(older);
  g.globalAlpha = 0.75;
  g.stroke(newer);
  g.setLineDash([]);
  g.globalAlpha = 1;
}

/** Course lines with arrow heads, in one stroke and one fill. */
function drawCourses(g: CanvasRenderingContext2D, view: Projection, tracks: readonly Track[], colour: string, input: TracksInput): void {
  const lines = new Path2D(), heads = new Path2D();
  for (const track of tracks) {
    if (track.ended) continue;
    const [lon, lat] = shownAt(track, input.nowMs, input.reducedMotion);
    const perMetre = view.pixelsPerMetre(lat);
    const impact = input.state.impacts.get(track.id);
    // No course goes on behind the ground.
    const courseS = impact ? Math.max(0, Math.min(CourseS, (impact.impactMs - input.nowMs) / 1000)) : CourseS;
    const dx = track.velocity[0] * courseS * perMetre, dy = -track.velocity[1] * courseS * perMetre;
    const length = Math.hypot(dx, dy);
    if (length < 6) continue;
    const x = view.x(lon), y = view.y(lat), reach = impact ? length : Math.max(length, 26);
    const ux = dx / length, uy = dy / length, ex = x + ux * reach, ey = y + uy * reach;
    lines.moveTo(x, y);
    lines.lineTo(ex - ux * 5, ey - uy * 5);
    heads.moveTo(ex, ey);
    heads.lineTo(ex - ux * 9 - uy * 4.5, ey - uy * 9 + ux * 4.5);
    heads.lineTo(ex - ux * 9 + uy * 4.5, ey - uy * 9 - ux * 4.5);
    heads.closePath();
  }
  g.strokeStyle = colour;
  g.fillStyle = colour;
  g.lineWidth = 1.6;
  g.stroke(lines);
  g.fill(heads);
}

/** Predicted impacts: a cross, the 95 % ellipse (the less certain, the fainter) and the time; where a round fell, a ring that fades. */
function drawImpacts(g: CanvasRenderingContext2D, view: Projection, input: TracksInput): void {
  const { state, palette: colours, nowMs } = input;
  const shown: Impact[] = [];
  for (const impact of state.impacts.values()) {
    const track = state.tracks.get(impact.track);
    const x = view.x(impact.position[0]), y = view.y(impact.position[1]);
    const colour = impact.drill ? colours.drill : colours.warned;
    g.strokeStyle = colour;
    g.fillStyle = colour;
    if (track?.ended) {
      g.globalAlpha = Math.max(0, 1 - (nowMs - track.ended.atMs) / Remembered.endedTrackMs);
      g.lineWidth = 3;
      g.beginPath();
      g.arc(x, y, 7, 0, 2 * Math.PI);
      g.stroke();
      g.beginPath();
      g.arc(x, y, 2.5, 0, 2 * Math.PI);
      g.fill();
      g.globalAlpha = 1;
      continue;
    }
    const perMetre = view.pixelsPerMetre(impact.position[1]);
    const major = impact.semiMajorM * perMetre, minor = impact.semiMinorM * perMetre;
    const sureness = Math.max(0.08, Math.min(1, 250 / Math.max(impact.semiMajorM, 1)));
    const selected = input.selected === impact.track;
    if (x + major > 0 && y + major > 0 && x - major < view.camera.width && y - major < view.camera.height && Number.isFinite(major + minor)) {
      g.beginPath();
      // The major axis runs clockwise from north; a canvas turns clockwise from east.
      g.ellipse(x, y, Math.max(major, 1), Math.max(minor, 1), ((impact.orientationDeg - 90) * Math.PI) / 180, 0, 2 * Math.PI);
      g.globalAlpha = 0.22 * sureness;
      g.fill();
      g.globalAlpha = selected ? 1 : 0.2 + 0.7 * sureness;
      g.lineWidth = selected ? 3 : 1.5;
      if (impact.drill) g.setLineDash([6, 4]);
      g.stroke();
      g.setLineDash([]);
      g.globalAlpha = selected ? 1 : 0.35 + 0.65 * sureness;
      g.lineWidth = 2.5;
      g.beginPath();
      g.moveTo(x - 6, y - 6); g.lineTo(x + 6, y + 6); g.moveTo(x + 6, y - 6); g.lineTo(x - 6, y + 6);
      g.stroke();
      g.globalAlpha = 1;
      if (selected || sureness > 0.2) shown.push(impact);
    }
  }
  shown.sort((a, b) => a.impactMs - b.impactMs);
  for (const impact of shown.slice(0, TimesWritten)) {
    const label = labelSprite(countdown((impact.impactMs - nowMs) / 1000), '700 12px system-ui, sans-serif', impact.drill ? colours.drill : colours.warned, colours.halo, input.pixelRatio);
    g.drawImage(label.image, view.x(impact.position[0]) + 8, view.y(impact.position[1]) - label.height / 2, label.width, label.height);
  }
}

function drawSymbol(g: CanvasRenderingContext2D, view: Projection, track: Track, input: TracksInput): void {
  const [lon, lat] = shownAt(track, input.nowMs, input.reducedMotion);
  const x = view.x(lon), y = view.y(lat);
  if (x < -30 || y < -30 || x > view.camera.width + 30 || y > view.camera.height + 30) return;
  const status: Status = track.drill ? 'exercise' : (input.state.status ?? 'actual');
  const sprite = trackSprite(track.kind, status, input.pixelRatio);
  // No update for longer than it is carried on: the tracker coasts, and the picture says so.
  const coasting = input.nowMs - track.validMs > CarryOnS * 1000;
  g.globalAlpha = coasting ? 0.5 : 1;
  g.drawImage(sprite.image, x - sprite.anchorX, y - sprite.anchorY, sprite.width, sprite.height);
  if (input.selected === track.id) {
    g.strokeStyle = input.palette.ink;
    g.lineWidth = 2;
    g.strokeRect(x - 17, y - 17, 34, 34);
  }
  const colour = colourOf(track, input.palette);
  const label = labelSprite(track.drill ? `DRILL ${track.id}` : track.id, '600 11px system-ui, sans-serif', colour, input.palette.halo, input.pixelRatio);
  g.drawImage(label.image, x + 13, y - 20, label.width, label.height);
  g.globalAlpha = 1;
}
