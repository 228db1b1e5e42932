// The map below: the world's outline, which the page brings with it, and the site's own style, tiles or PMTiles where it has them. No address
// outside the site's configuration is ever asked.
import * as maplibre from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?url';
import 'maplibre-gl/dist/maplibre-gl.css';
import { feature } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import worldUrl from 'world-atlas/countries-50m.json?url';
import type { PageSettings } from '../operator/api';
import type { Camera } from './camera';
import type { Palette } from './palette';

maplibre.setWorkerUrl(workerUrl);

/** Opens the map with the camera. Throws where the browser has no WebGL: the page then draws without it. */
export function openBase(container: HTMLElement, camera: Camera, settings: PageSettings, colours: Palette): maplibre.Map {
  const map = new maplibre.Map({
    container, style: settings.style ?? emptyStyle(colours), center: [camera.lon, camera.lat], zoom: camera.zoom, attributionControl: false,
    dragRotate: false, pitchWithRotate: false, touchPitch: false, rollEnabled: false, renderWorldCopies: false, fadeDuration: 0, maxPitch: 0,
  });
  map.touchZoomRotate.disableRotation();
  map.keyboard.disableRotation();
  map.addControl(new maplibre.AttributionControl({ compact: true, customAttribution: settings.attribution ? escaped(settings.attribution) : 'Outline: Natural Earth' }), 'bottom-right');
  map.addControl(new maplibre.ScaleControl({ unit: 'metric' }), 'bottom-right');
  map.addControl(new maplibre.NavigationControl({ showCompass: false }), 'top-right');
  if (settings.style === null) {
    map.once('load', () => {
      void addWorld(map, colours);
      if (settings.tiles !== null) addTiles(map, settings.tiles);
      if (settings.pmtiles !== null) void addPmtiles(map, settings.pmtiles, colours);
    });
  }
  return map;
}

/** New colours for the outline; a site's own style keeps its own. */
export function recolour(map: maplibre.Map, colours: Palette): void {
  if (map.getLayer('sea')) map.setPaintProperty('sea', 'background-color', colours.sea);
  if (map.getLayer('land')) map.setPaintProperty('land', 'fill-color', colours.land);
  if (map.getLayer('borders')) map.setPaintProperty('borders', 'line-color', colours.border);
}

function emptyStyle(colours: Palette): maplibre.StyleSpecification {
  return { version: 8, sources: {}, layers: [{ id: 'sea', type: 'background', paint: { 'background-color': colours.sea } }] };
}

async function addWorld(map: maplibre.Map, colours: Palette): Promise<void> {
  const response = await fetch(worldUrl);
  if (!response.ok) return;
  const world = (await response.json()) as Topology<{ countries: GeometryCollection }>;
  const below = map.getStyle().layers.find((layer) => layer.id !== 'sea')?.id;
  map.addSource('world', { type: 'geojson', data: feature(world, world.objects.countries), tolerance: 0.3 });
  map.addLayer({ id: 'land', type: 'fill', source: 'world', paint: { 'fill-color': colours.land, 'fill-antialias': false } }, below);
  map.addLayer({ id: 'borders', type: 'line', source: 'world', paint: { 'line-color': colours.border, 'line-width': 1 } }, below);
}

function addTiles(map: maplibre.Map, template: string): void {
  map.addSource('site-tiles', { type: 'raster', tiles: [template], tileSize: 256 });
  map.addLayer({ id: 'site-tiles', type: 'raster', source: 'site-tiles' });
}

/** One PMTiles file: pictures as they are; vector tiles plainly, by what their layers are called. */
async function addPmtiles(map: maplibre.Map, url: string, colours: Palette): Promise<void> {
  const { PMTiles, Protocol, TileType } = await import('pmtiles');
  const protocol = new Protocol();
  maplibre.addProtocol('pmtiles', protocol.tile);
  const archive = new PMTiles(new URL(url, location.href).href);
  protocol.add(archive);
  const header = await archive.getHeader();
  const address = `pmtiles://${new URL(url, location.href).href}`;
  if (header.tileType !== TileType.Mvt) {
    map.addSource('site-pmtiles', { type: 'raster', url: address, tileSize: 256 });
    map.addLayer({ id: 'site-pmtiles', type: 'raster', source: 'site-pmtiles' });
    return;
  }
  map.addSource('site-pmtiles', { type: 'vector', url: address });
  const metadata = (await archive.getMetadata()) as { vector_layers?: { id: string }[] };
  for (const { id } of metadata.vector_layers ?? []) {
    const water = /water|ocean|sea/i.test(id), area = water || /build|land|earth|park|natural/i.test(id);
    const common = { source: 'site-pmtiles', 'source-layer': id };
    if (area) map.addLayer({ ...common, id: `pm-${id}-area`, type: 'fill', filter: ['==', ['geometry-type'], 'Polygon'], paint: { 'fill-color': water ? colours.sea : /build/i.test(id) ? colours.border : colours.land, 'fill-opacity': /build/i.test(id) ? 0.5 : 1 } });
    else if (!/label|poi|place/i.test(id)) map.addLayer({ ...common, id: `pm-${id}-line`, type: 'line', paint: { 'line-color': colours.border, 'line-width': 1 } });
  }
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`);
}
