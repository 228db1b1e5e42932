// Web Mercator between degrees and pixels, for a map that always has north up.

const EarthRadiusM = 6_378_137;
const TileSize = 512;

/** What the map shows: its centre, its zoom (maplibre's, 512 pixel tiles) and its size in CSS pixels. */
export interface Camera { readonly lon: number; readonly lat: number; readonly zoom: number; readonly width: number; readonly height: number }

/** A camera made ready for many points. */
export class Projection {
  private readonly scale: number;
  private readonly originX: number;
  private readonly originY: number;

  constructor(readonly camera: Camera) {
    this.scale = TileSize * 2 ** camera.zoom;
    this.originX = mercatorX(camera.lon) * this.scale - camera.width / 2;
    this.originY = mercatorY(camera.lat) * this.scale - camera.height / 2;
  }

  x(lon: number): number {
    return mercatorX(lon) * this.scale - this.originX;
  }

  y(lat: number): number {
    return mercatorY(lat) * this.scale - this.originY;
  }

  lon(x: number): number {
    return ((x + this.originX) / this.scale) * 360 - 180;
  }

  lat(y: number): number {
    const n = Math.PI * (1 - (2 * (y + this.originY)) / this.scale);
    return (Math.atan(Math.sinh(n)) * 180) / Math.PI;
  }

  /** Pixels of one metre on the ground at a latitude. */
  pixelsPerMetre(lat: number): number {
    return this.scale / (2 * Math.PI * EarthRadiusM * Math.cos((lat * Math.PI) / 180));
  }
}

function mercatorX(lon: number): number {
  return (lon + 180) / 360;
}

function mercatorY(lat: number): number {
  const limited = Math.max(-85.05, Math.min(85.05, lat));
  return 0.5 - Math.log(Math.tan(Math.PI / 4 + (limited * Math.PI) / 360)) / (2 * Math.PI);
}

/** The camera that shows west, south, east, north with room around it. */
export function fit(bounds: readonly [number, number, number, number], width: number, height: number, paddingPx: number): Camera {
  const [west, south, east, north] = bounds;
  const spanX = Math.max(mercatorX(east) - mercatorX(west), 1e-7);
  const spanY = Math.max(mercatorY(south) - mercatorY(north), 1e-7);
  const room = (size: number) => Math.max(size - 2 * paddingPx, 40);
  const zoom = Math.log2(Math.min(room(width) / spanX, room(height) / spanY) / TileSize);
  const middle = new Projection({ lon: (west + east) / 2, lat: 0, zoom: 0, width: 0, height: 0 });
  const lat = middle.lat((middle.y(south) + middle.y(north)) / 2);
  return { lon: (west + east) / 2, lat, zoom: Math.min(zoom, 17), width, height };
}

/** West, south, east, north around a centre, so many metres each way. */
export function around(centre: readonly [number, number], radiusM: number): readonly [number, number, number, number] {
  const dLat = (radiusM / EarthRadiusM) * (180 / Math.PI);
  const dLon = dLat / Math.cos((centre[1] * Math.PI) / 180);
  return [centre[0] - dLon, centre[1] - dLat, centre[0] + dLon, centre[1] + dLat];
}

/** A point moved by metres east and north: flat, for the few kilometres that a round flies. */
export function moved(lon: number, lat: number, eastM: number, northM: number): [number, number] {
  const dLat = (northM / EarthRadiusM) * (180 / Math.PI);
  return [lon + ((eastM / EarthRadiusM) * (180 / Math.PI)) / Math.cos((lat * Math.PI) / 180), lat + dLat];
}
