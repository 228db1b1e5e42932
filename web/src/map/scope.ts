// The small round picture beside the map: everything that the sensors reach, so that a round far out is seen while the map shows the zones.
import type { State } from '../model/state';
import type { Site } from '../model/site';
import { lengthText } from '../operator/format';
import { write } from './backdrop';
import { around, fit, Projection } from './camera';
import type { Palette } from './palette';
import { shownAt } from './tracks';

/** How far the scope reaches: the farthest sensor from the middle of the zones, or 10 km. */
export function reachM(site: Site): number {
  const perDegreeM = 111_195;
  const [lon, lat] = site.centre;
  let reach = 0;
  for (const sensor of site.sensors) {
    const east = (sensor.position[0] - lon) * perDegreeM * Math.cos((lat * Math.PI) / 180), north = (sensor.position[1] - lat) * perDegreeM;
    reach = Math.max(reach, Math.hypot(east, north) + (sensor.maxRangeM ?? 0));
  }
  return reach > 0 ? reach : 10_000;
}

/** Draws the scope: `box` is what the map shows now. */
export function drawScope(
  g: CanvasRenderingContext2D, size: number, site: Site, state: State, nowMs: number, colours: Palette, box: readonly [number, number, number, number], still: boolean,
): void {
  const reach = reachM(site);
  const view = new Projection(fit(around(site.centre, reach), size, size, 6));
  const middle = size / 2, radius = middle - 6;
  g.clearRect(0, 0, size, size);
  g.save();
  g.beginPath();
  g.arc(middle, middle, middle - 1, 0, 2 * Math.PI);
  g.fillStyle = colours.halo;
  g.fill();
  g.clip();
  g.strokeStyle = colours.ring;
  g.lineWidth = 1;
  g.setLineDash([2, 4]);
  for (const part of [1 / 2, 1]) {
    g.beginPath();
    g.arc(middle, middle, radius * part, 0, 2 * Math.PI);
    g.stroke();
  }
  g.setLineDash([]);
  for (const sensor of site.sensors) {
    const health = state.sensors.get(sensor.id)?.state ?? 'ok';
    if (sensor.maxRangeM === null) continue;
    g.strokeStyle = health === 'ok' ? colours.coverage : colours.bad;
    g.beginPath();
    g.arc(view.x(sensor.position[0]), view.y(sensor.position[1]), sensor.maxRangeM * view.pixelsPerMetre(sensor.position[1]), 0, 2 * Math.PI);
    g.stroke();
  }
  const [west, south, east, north] = site.bounds;
  g.fillStyle = colours.zone;
  g.fillRect(view.x(west), view.y(north), Math.max(3, view.x(east) - view.x(west)), Math.max(3, view.y(south) - view.y(north)));
  g.strokeStyle = colours.ink;
  g.globalAlpha = 0.6;
  g.strokeRect(view.x(box[0]), view.y(box[3]), view.x(box[2]) - view.x(box[0]), view.y(box[1]) - view.y(box[3]));
  g.globalAlpha = 1;
  for (const track of state.tracks.values()) {
    if (track.ended) continue;
    const [lon, lat] = shownAt(track, nowMs, still);
    const x = view.x(lon), y = view.y(lat);
    const ballistic = track.kind === 'rocket' || track.kind === 'artillery' || track.kind === 'mortar';
    g.fillStyle = track.drill ? colours.drill : ballistic ? colours.round : colours.other;
    if (ballistic) {
      g.beginPath();
      g.moveTo(x, y - 4); g.lineTo(x + 4, y); g.lineTo(x, y + 4); g.lineTo(x - 4, y);
      g.fill();
    } else g.fillRect(x - 2, y - 2, 4, 4);
  }
  write(g, 'N', middle, 13, '700 11px system-ui, sans-serif', colours.ink, colours.halo, 'center', 0.9);
  write(g, lengthText(reach / 2), middle, middle + radius / 2 - 8, '10px system-ui, sans-serif', colours.ink, colours.halo, 'center', 0.8);
  write(g, lengthText(reach), middle, size - 14, '10px system-ui, sans-serif', colours.ink, colours.halo, 'center', 0.8);
  g.restore();
}
