// The site's definition as the page uses it: zones, sensors, sirens and shelters out of its GeoJSON.

export interface Zone {
  readonly id: string;
  readonly name: string;
  readonly population: number | null;
  readonly timeToShelterS: number;
  readonly geometry: GeoJSON.Polygon | GeoJSON.MultiPolygon;
  /** Where its label stands: longitude, latitude. */
  readonly label: readonly [number, number];
}

export interface SensorSite {
  readonly id: string;
  readonly position: readonly [number, number];
  readonly maxRangeM: number | null;
  readonly minElevationDeg: number | null;
}

export interface PointSite {
  readonly id: string;
  readonly position: readonly [number, number];
  /** One short line: what it covers or holds. */
  readonly note: string;
  readonly audibleRangeM: number | null;
}

export interface Site {
  readonly name: string;
  readonly zones: readonly Zone[];
  readonly zoneById: ReadonlyMap<string, Zone>;
  readonly sensors: readonly SensorSite[];
  readonly sirens: readonly PointSite[];
  readonly shelters: readonly PointSite[];
  /** West, south, east, north of the zones (of everything, where there is no zone). */
  readonly bounds: readonly [number, number, number, number];
  readonly centre: readonly [number, number];
}

type Definition = GeoJSON.FeatureCollection & { tocsin?: { name?: string } };

/** Reads a site's definition. Features of unknown kinds are passed over. */
export function siteOf(definition: Definition): Site {
  const zones: Zone[] = [];
  const sensors: SensorSite[] = [];
  const sirens: PointSite[] = [];
  const shelters: PointSite[] = [];
  for (const feature of definition.features ?? []) {
    const properties = feature.properties ?? {};
    const geometry = feature.geometry;
    const id = String(properties['id'] ?? '');
    if (properties['kind'] === 'zone' && (geometry?.type === 'Polygon' || geometry?.type === 'MultiPolygon')) {
      zones.push({
        id, name: String(properties['name'] ?? id), population: numberOr(properties['population'], null),
        timeToShelterS: numberOr(properties['timeToShelterS'], 10), geometry, label: labelOf(geometry),
      });
    } else if (geometry?.type === 'Point') {
      const position = [geometry.coordinates[0] ?? 0, geometry.coordinates[1] ?? 0] as const;
      if (properties['kind'] === 'sensor') {
        sensors.push({ id, position, maxRangeM: numberOr(properties['maxRangeM'], null), minElevationDeg: numberOr(properties['minElevationDeg'], null) });
      } else if (properties['kind'] === 'siren') {
        const covered = Array.isArray(properties['zones']) ? properties['zones'].length : 0;
        sirens.push({ id, position, audibleRangeM: numberOr(properties['audibleRangeM'], null), note: covered === 1 ? 'siren for 1 zone' : `siren for ${covered} zones` });
      } else if (properties['kind'] === 'shelter') {
        const capacity = numberOr(properties['capacity'], null);
        shelters.push({ id, position, audibleRangeM: null, note: capacity === null ? 'shelter' : `shelter for ${capacity}` });
      }
    }
  }
  const points = zones.flatMap((zone) => ringsOf(zone.geometry).flat() as [number, number][]);
  const bounds = boundsOf(points.length > 0 ? points : [...sensors, ...sirens, ...shelters].map((point) => point.position));
  return {
    name: definition.tocsin?.name ?? 'Site', zones, zoneById: new Map(zones.map((zone) => [zone.id, zone])), sensors, sirens, shelters, bounds,
    centre: [(bounds[0] + bounds[2]) / 2, (bounds[1] + bounds[3]) / 2],
  };
}

/** The outer ring of each polygon, then its holes, flattened. */
export function ringsOf(geometry: GeoJSON.Polygon | GeoJSON.MultiPolygon): GeoJSON.Position[][] {
  return geometry.type === 'Polygon' ? geometry.coordinates : geometry.coordinates.flat();
}

/** The zone that holds a point: the even-odd rule over all rings, so that holes are outside. */
export function zoneAt(site: Site, lon: number, lat: number): Zone | null {
  return site.zones.find((zone) => contains(zone.geometry, lon, lat)) ?? null;
}

function contains(geometry: GeoJSON.Polygon | GeoJSON.MultiPolygon, lon: number, lat: number): boolean {
  let inside = false;
  for (const ring of ringsOf(geometry)) {
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const [ax, ay] = ring[i] as [number, number];
      const [bx, by] = ring[j] as [number, number];
      if (ay > lat !== by > lat && lon < ((bx - ax) * (lat - ay)) / (by - ay) + ax) inside = !inside;
    }
  }
  return inside;
}

/** The centroid of the largest outer ring; a zone is small enough for degrees to serve. */
function labelOf(geometry: GeoJSON.Polygon | GeoJSON.MultiPolygon): readonly [number, number] {
  const outers = geometry.type === 'Polygon' ? [geometry.coordinates[0] ?? []] : geometry.coordinates.map((polygon) => polygon[0] ?? []);
  let best: readonly [number, number] = [0, 0];
  let bestArea = -1;
  for (const ring of outers) {
    const [ox, oy] = (ring[0] ?? [0, 0]) as [number, number];
    let area = 0, x = 0, y = 0;
    for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
      const ax = (ring[j]?.[0] ?? 0) - ox, ay = (ring[j]?.[1] ?? 0) - oy, bx = (ring[i]?.[0] ?? 0) - ox, by = (ring[i]?.[1] ?? 0) - oy;
      const cross = ax * by - bx * ay;
      area += cross; x += (ax + bx) * cross; y += (ay + by) * cross;
    }
    if (Math.abs(area) > bestArea) {
      bestArea = Math.abs(area);
      best = area === 0 ? [ox, oy] : [ox + x / (3 * area), oy + y / (3 * area)];
    }
  }
  return best;
}

function boundsOf(points: readonly (readonly number[])[]): readonly [number, number, number, number] {
  if (points.length === 0) return [-1, -1, 1, 1];
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const point of points) {
    west = Math.min(west, point[0] ?? 0); east = Math.max(east, point[0] ?? 0);
    south = Math.min(south, point[1] ?? 0); north = Math.max(north, point[1] ?? 0);
  }
  return [west, south, east, north];
}

function numberOr<T>(value: unknown, otherwise: T): number | T {
  return typeof value === 'number' && Number.isFinite(value) ? value : otherwise;
}
