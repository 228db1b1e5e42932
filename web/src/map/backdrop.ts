// What stands still: grid, range rings, sensors' coverage, zones by state, sirens and shelters. Drawn anew only when the map moves or a state changes.
import type { State } from '../model/state';
import { ringsOf, type Site, type Zone } from '../model/site';
import type { ZoneView } from '../model/views';
import { lengthText, zoneCountdown } from '../operator/format';
import type { Projection } from './camera';
import type { Palette } from './palette';

export interface BackdropInput {
  readonly site: Site;
  readonly state: State;
  readonly zones: ReadonlyMap<string, ZoneView>;
  readonly nowMs: number;
  readonly palette: Palette;
  /** True where only labels and marks are wanted, as the site's own map has everything else. */
  readonly selectedZone: string | null;
}

const Font = 'system-ui, sans-serif';

/** Draws everything that stands still. */
export function drawBackdrop(g: CanvasRenderingContext2D, view: Projection, input: BackdropInput): void {
  const { width, height } = view.camera;
  g.clearRect(0, 0, width, height);
  drawGrid(g, view, input.palette);
  drawCoverage(g, view, input);
  drawRings(g, view, input);
  for (const zone of input.site.zones) drawZone(g, view, zone, input.zones.get(zone.id), input);
  drawPoints(g, view, input);
  for (const zone of input.site.zones) labelZone(g, view, zone, input.zones.get(zone.id), input);
}

/** A key that changes when the picture would: the map need not compare more. */
export function backdropKey(input: BackdropInput): string {
  const parts = [input.selectedZone ?? ''];
  for (const [id, view] of input.zones) {
    if (view.state === 'clear') continue;
    const seconds = view.state === 'warned' || view.state === 'held' ? Math.floor((view.warning.impactMs - input.nowMs) / 1000) : '';
    parts.push(`${id}${view.state}${seconds}${view.warning.drill ? 'd' : ''}`);
  }
  for (const sensor of input.state.sensors.values()) parts.push(`${sensor.id}${sensor.state}`);
  return parts.join('|');
}

function drawGrid(g: CanvasRenderingContext2D, view: Projection, colours: Palette): void {
  const { width, height } = view.camera;
  const west = view.lon(0), east = view.lon(width), north = view.lat(0), south = view.lat(height);
  const step = gridStep(((east - west) / width) * 150);
  const digits = Math.max(0, Math.ceil(-Math.log10(step)));
  g.strokeStyle = colours.grid;
  g.lineWidth = 1;
  g.beginPath();
  const lons: number[] = [], lats: number[] = [];
  for (let lon = Math.ceil(west / step) * step; lon < east; lon += step) lons.push(lon);
  for (let lat = Math.ceil(south / step) * step; lat < north; lat += step) lats.push(lat);
  for (const lon of lons) { const x = Math.round(view.x(lon)) + 0.5; g.moveTo(x, 0); g.lineTo(x, height); }
  for (const lat of lats) { const y = Math.round(view.y(lat)) + 0.5; g.moveTo(0, y); g.lineTo(width, y); }
  g.stroke();
  g.font = `10px ${Font}`;
  g.fillStyle = colours.ink;
  g.globalAlpha = 0.55;
  g.textBaseline = 'top';
  g.textAlign = 'center';
  for (const lon of lons) g.fillText(`${Math.abs(lon).toFixed(digits)}°${lon < 0 ? 'W' : 'E'}`, view.x(lon), 3);
  g.textBaseline = 'middle';
  g.textAlign = 'left';
  for (const lat of lats) if (view.y(lat) > 22) g.fillText(`${Math.abs(lat).toFixed(digits)}°${lat < 0 ? 'S' : 'N'}`, 4, view.y(lat));
  g.globalAlpha = 1;
}

/** The smallest 1, 2 or 5 times a power of ten that is not below a span. */
export function gridStep(atLeast: number): number {
  const power = 10 ** Math.floor(Math.log10(atLeast));
  for (const factor of [1, 2, 5]) if (factor * power >= atLeast) return factor * power;
  return 10 * power;
}

/** Rings around the middle of the zones, as far as something is seen: distances that an operator can read off. */
function drawRings(g: CanvasRenderingContext2D, view: Projection, { site, palette: colours }: BackdropInput): void {
  const [lon, lat] = site.centre;
  const x = view.x(lon), y = view.y(lat), perMetre = view.pixelsPerMetre(lat);
  g.strokeStyle = colours.ring;
  g.lineWidth = 1;
  g.setLineDash([2, 5]);
  const farthest = Math.max(20_000, ...site.sensors.map((sensor) => sensor.maxRangeM ?? 0));
  for (const km of [1, 2, 5, 10, 20, 40]) {
    const radius = km * 1000 * perMetre;
    if (radius < 60 || km * 1000 > farthest || radius > 4000) continue;
    g.beginPath();
    g.arc(x, y, radius, 0, 2 * Math.PI);
    g.stroke();
    write(g, `${km} km`, x + radius * Math.SQRT1_2, y - radius * Math.SQRT1_2, `11px ${Font}`, colours.ink, colours.halo, 'center', 0.75);
  }
  g.setLineDash([]);
}

function drawCoverage(g: CanvasRenderingContext2D, view: Projection, { site, state, palette: colours }: BackdropInput): void {
  for (const sensor of site.sensors) {
    const x = view.x(sensor.position[0]), y = view.y(sensor.position[1]);
    const health = state.sensors.get(sensor.id)?.state ?? 'ok';
    const blind = health === 'silent' || health === 'faulty' || health === 'ended';
    const colour = blind ? colours.bad : health === 'ok' ? colours.coverage : colours.caution;
    if (sensor.maxRangeM !== null) {
      const radius = sensor.maxRangeM * view.pixelsPerMetre(sensor.position[1]);
      g.beginPath();
      g.arc(x, y, radius, 0, 2 * Math.PI);
      if (blind) {
        g.save();
        g.globalAlpha = 0.16;
        g.fillStyle = hatch(g, colour, 18);
        g.fill();
        g.restore();
      }
      g.strokeStyle = colour;
      g.lineWidth = blind ? 2 : 1.4;
      g.setLineDash(blind ? [10, 6] : []);
      g.globalAlpha = 0.75;
      g.stroke();
      g.globalAlpha = 1;
      g.setLineDash([]);
      const range = `${sensor.id} sees to ${lengthText(sensor.maxRangeM)}${sensor.minElevationDeg === null ? '' : `, from ${sensor.minElevationDeg}° up`}`;
      if (radius > 60 && y - radius > 10) write(g, range, x, y - radius - 9, `11px ${Font}`, colour, colours.halo, 'center', 1);
    }
  }
}

function drawZone(g: CanvasRenderingContext2D, view: Projection, zone: Zone, shown: ZoneView | undefined, input: BackdropInput): void {
  const colours = input.palette;
  const state = shown?.state ?? 'clear';
  const drill = shown !== undefined && shown.state !== 'clear' && shown.warning.drill;
  const path = new Path2D();
  for (const ring of ringsOf(zone.geometry)) {
    ring.forEach((point, index) => {
      const x = view.x(point[0] ?? 0), y = view.y(point[1] ?? 0);
      if (index === 0) path.moveTo(x, y);
      else path.lineTo(x, y);
    });
    path.closePath();
  }
  const colour = drill && state !== 'over' ? colours.drill : state === 'warned' || state === 'held' ? colours.warned : state === 'over' ? colours.over : colours.zone;
  g.save();
  if (state === 'held' || (drill && state === 'warned')) {
    g.globalAlpha = 0.55;
    g.fillStyle = hatch(g, colour, 9);
  } else {
    g.globalAlpha = state === 'warned' ? 0.34 : state === 'over' ? 0.16 : 0.07;
    g.fillStyle = colour;
  }
  g.fill(path, 'evenodd');
  g.globalAlpha = state === 'clear' ? 0.6 : 1;
  g.strokeStyle = colour;
  g.lineWidth = state === 'warned' || state === 'held' ? 3 : state === 'over' ? 2 : 1;
  if (state === 'over') g.setLineDash([7, 4]);
  g.stroke(path);
  if (input.selectedZone === zone.id) {
    g.setLineDash([]);
    g.globalAlpha = 1;
    g.lineWidth = 2;
    g.strokeStyle = colours.ink;
    g.stroke(path);
  }
  g.restore();
}

function labelZone(g: CanvasRenderingContext2D, view: Projection, zone: Zone, shown: ZoneView | undefined, input: BackdropInput): void {
  const colours = input.palette;
  const { width, height } = view.camera;
  const x = view.x(zone.label[0]), y = view.y(zone.label[1]);
  if (x < -50 || y < -50 || x > width + 50 || y > height + 50) return;
  const room = zoneWidthPx(view, zone);
  const state = shown?.state ?? 'clear';
  if (shown && (shown.state === 'warned' || shown.state === 'held')) {
    const colour = shown.warning.drill ? colours.drill : colours.warned;
    const left = zoneCountdown((shown.warning.impactMs - input.nowMs) / 1000);
    const what = `${shown.warning.drill ? 'DRILL ' : ''}${shown.state === 'held' ? 'HELD ' : ''}`;
    if (room > 60) write(g, zone.name, x, y - 15, `600 12px ${Font}`, colours.ink, colours.halo, 'center', 1);
    badge(g, `${what}${left}`, x, room > 60 ? y + 4 : y, colour, colours.onWarned);
  } else if (state === 'over') {
    if (room > 60) {
      write(g, zone.name, x, y - 8, `12px ${Font}`, colours.ink, colours.halo, 'center', 1);
      write(g, shown?.state === 'over' && shown.warning.cleared?.reason === 'retracted' ? 'withdrawn' : 'over', x, y + 8, `600 11px ${Font}`, colours.over, colours.halo, 'center', 1);
    }
  } else {
    const text = room > 70 ? zone.name : room > 28 ? zone.id : '';
    if (text) write(g, text, x, y, `11px ${Font}`, colours.ink, colours.halo, 'center', 0.8);
  }
}

function zoneWidthPx(view: Projection, zone: Zone): number {
  let [west, east] = [Infinity, -Infinity];
  for (const ring of ringsOf(zone.geometry)) for (const point of ring) { west = Math.min(west, point[0] ?? 0); east = Math.max(east, point[0] ?? 0); }
  return view.x(east) - view.x(west);
}

function drawPoints(g: CanvasRenderingContext2D, view: Projection, { site, state, palette: colours }: BackdropInput): void {
  const near = view.pixelsPerMetre(site.centre[1]) * 1000 > 60;
  if (near) {
    for (const shelter of site.shelters) {
      const x = view.x(shelter.position[0]), y = view.y(shelter.position[1]);
      g.fillStyle = colours.shelter;
      g.strokeStyle = colours.halo;
      g.lineWidth = 2;
      g.beginPath();
      g.moveTo(x - 6, y + 5); g.lineTo(x - 6, y - 1); g.lineTo(x, y - 7); g.lineTo(x + 6, y - 1); g.lineTo(x + 6, y + 5);
      g.closePath();
      g.stroke();
      g.fill();
    }
    for (const siren of site.sirens) {
      const x = view.x(siren.position[0]), y = view.y(siren.position[1]);
      g.strokeStyle = colours.halo;
      g.lineWidth = 5;
      hornPath(g, x, y);
      g.stroke();
      g.strokeStyle = colours.siren;
      g.lineWidth = 2;
      hornPath(g, x, y);
      g.stroke();
    }
  }
  for (const sensor of site.sensors) {
    const x = view.x(sensor.position[0]), y = view.y(sensor.position[1]);
    const health = state.sensors.get(sensor.id)?.state ?? 'ok';
    const colour = health === 'ok' ? colours.coverage : health === 'late' || health === 'flooding' ? colours.caution : colours.bad;
    g.fillStyle = colour;
    g.strokeStyle = colours.halo;
    g.lineWidth = 3;
    g.beginPath();
    g.moveTo(x, y - 8); g.lineTo(x + 8, y + 6); g.lineTo(x - 8, y + 6);
    g.closePath();
    g.stroke();
    g.fill();
    write(g, `${sensor.id}${health === 'ok' ? '' : ` ${health.toUpperCase()}`}`, x + 11, y, `600 12px ${Font}`, colour, colours.halo, 'left', 1);
  }
}

function hornPath(g: CanvasRenderingContext2D, x: number, y: number): void {
  g.beginPath();
  g.arc(x, y, 2, 0, 2 * Math.PI);
  g.moveTo(x + 5 * Math.cos(-0.8), y + 5 * Math.sin(-0.8));
  g.arc(x, y, 5, -0.8, 0.8);
  g.moveTo(x - 5 * Math.cos(-0.8), y + 5 * Math.sin(-0.8));
  g.arc(x, y, 5, Math.PI + 0.8, Math.PI - 0.8, true);
}

function badge(g: CanvasRenderingContext2D, text: string, x: number, y: number, fill: string, ink: string): void {
  g.font = `700 13px ${Font}`;
  const width = g.measureText(text).width + 12;
  g.fillStyle = fill;
  g.beginPath();
  g.roundRect(x - width / 2, y - 10, width, 20, 5);
  g.fill();
  g.fillStyle = ink;
  g.textAlign = 'center';
  g.textBaseline = 'middle';
  g.fillText(text, x, y + 0.5);
}

/** Text with a halo, so that it can be read on any map. */
export function write(g: CanvasRenderingContext2D, text: string, x: number, y: number, font: string, ink: string, halo: string, align: CanvasTextAlign, alpha: number): void {
  g.save();
  g.font = font;
  g.textAlign = align;
  g.textBaseline = 'middle';
  g.lineJoin = 'round';
  g.lineWidth = 3;
  g.setLineDash([]);
  g.globalAlpha = alpha;
  g.strokeStyle = halo;
  g.strokeText(text, x, y);
  g.fillStyle = ink;
  g.fillText(text, x, y);
  g.restore();
}

const hatches = new Map<string, HTMLCanvasElement>();

/** Diagonal lines: the sign of what is held, drilled or not seen, for those to whom colour says nothing. */
function hatch(g: CanvasRenderingContext2D, colour: string, size: number): CanvasPattern | string {
  const key = `${colour}|${size}`;
  let tile = hatches.get(key);
  if (!tile) {
    tile = document.createElement('canvas');
    tile.width = tile.height = size;
    const drawing = tile.getContext('2d');
    if (!drawing) return colour;
    drawing.strokeStyle = colour;
    drawing.lineWidth = size / 4;
    drawing.beginPath();
    for (const offset of [-size, 0, size]) { drawing.moveTo(offset - 1, size + 1); drawing.lineTo(offset + size + 1, -1); }
    drawing.stroke();
    hatches.set(key, tile);
  }
  return g.createPattern(tile, 'repeat') ?? colour;
}
