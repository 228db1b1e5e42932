// The map as a whole: the map below, two canvases of our own above it, the scope, the legend and what a click or a key does.
import type { Map as BaseMap } from 'maplibre-gl';
import type { PageSettings } from '../operator/api';
import { h } from '../operator/dom';
import type { Theme } from '../operator/theme';
import type { State } from '../model/state';
import type { Site } from '../model/site';
import type { ZoneView } from '../model/views';
import { backdropKey, drawBackdrop, type BackdropInput } from './backdrop';
import { openBase, recolour } from './base';
import { around, fit, Projection, type Camera } from './camera';
import { legend } from './legend';
import { palette, type Palette } from './palette';
import { drawScope, reachM } from './scope';
import { drawTracks, trackNear } from './tracks';

const ScopeSize = 190;

export interface MapInput {
  readonly state: State;
  readonly zones: ReadonlyMap<string, ZoneView>;
  readonly nowMs: number;
  readonly selected: string | null;
}

/** The operator's map. Call `draw` once a frame; it draws only what changed. */
export class MapView {
  readonly element: HTMLElement;
  private readonly still = layer('backdrop');
  private readonly moving = layer('moving');
  private readonly scope: HTMLCanvasElement;
  private readonly base: BaseMap | null;
  private readonly reducedMotion = matchMedia('(prefers-reduced-motion: reduce)');
  private camera: Camera;
  private projection: Projection;
  private colours: Palette;
  private stillKey = '';
  private movingDrawn: { state: State | null; nowMs: number; selected: string | null } = { state: null, nowMs: NaN, selected: null };
  private cameraVersion = 0;
  private cameraDrawn = -1;
  private fitted = true;
  private last: MapInput | null = null;

  constructor(private readonly site: Site, settings: PageSettings, theme: Theme, select: (track: string | null) => void) {
    this.colours = palette(theme);
    this.camera = fit(site.bounds, 800, 600, 90);
    this.projection = new Projection(this.camera);
    const container = h('div', { class: 'map-base', role: 'application', 'aria-label': 'Map of the site. The lists beside it hold the same in words.' });
    this.scope = h('canvas', { class: 'map-scope', title: 'All that the sensors reach, north up. The rectangle is what the map shows.', 'aria-hidden': 'true' });
    this.element = h('div', { class: 'map' }, container, this.still, this.moving,
      h('div', { class: 'map-buttons' },
        h('button', { type: 'button', on: { click: () => this.show('zones') }, text: 'Zones', title: 'Show the zones' }),
        h('button', { type: 'button', on: { click: () => this.show('reach') }, text: 'All', title: 'Show all that the sensors reach' })),
      this.scope, legend());
    let base: BaseMap | null = null;
    try {
      base = openBase(container, this.camera, settings, this.colours);
    } catch {
      // Without WebGL the outline below is missing; zones, tracks and impacts are drawn all the same.
      this.element.classList.add('map-flat');
    }
    this.base = base;
    base?.on('move', () => this.moved());
    base?.on('render', () => this.drawStill());
    base?.on('dragstart', () => { this.fitted = false; });
    base?.on('zoomstart', (event) => { if ('originalEvent' in event && event.originalEvent) this.fitted = false; });
    const click = (x: number, y: number) => { if (this.last) select(trackNear(this.projection, this.last.state, this.last.nowMs, x, y, this.reducedMotion.matches)); };
    if (base) base.on('click', (event) => click(event.point.x, event.point.y));
    else container.addEventListener('click', (event) => click(event.offsetX, event.offsetY));
    new ResizeObserver(() => this.resized()).observe(this.element);
  }

  setTheme(theme: Theme): void {
    this.colours = palette(theme);
    if (this.base) recolour(this.base, this.colours);
    this.stillKey = '';
    this.movingDrawn = { state: null, nowMs: NaN, selected: null };
  }

  /** Brings the zones or everything into view. */
  show(what: 'zones' | 'reach'): void {
    this.fitted = what === 'zones';
    this.go(what === 'zones' ? this.home() : fit(around(this.site.centre, reachM(this.site)), this.camera.width, this.camera.height, 24));
  }

  /** Brings a point into view where it is not. */
  reveal(lon: number, lat: number): void {
    const x = this.projection.x(lon), y = this.projection.y(lat);
    if (x > 60 && y > 60 && x < this.camera.width - 60 && y < this.camera.height - 60) return;
    this.fitted = false;
    this.go({ ...this.camera, lon, lat });
  }

  draw(input: MapInput): void {
    this.last = input;
    this.drawStill();
    const flies = input.state.tracks.size + input.state.impacts.size > 0;
    const drawn = this.movingDrawn;
    const same = drawn.state === input.state && drawn.selected === input.selected && (drawn.nowMs === input.nowMs || !flies) && this.cameraDrawn === this.cameraVersion;
    if (same) return;
    this.movingDrawn = { state: input.state, nowMs: input.nowMs, selected: input.selected };
    this.cameraDrawn = this.cameraVersion;
    this.drawMoving(input);
  }

  private drawMoving(input: MapInput): void {
    const { pixelRatio, still } = { pixelRatio: ratio(), still: this.reducedMotion.matches };
    const g = ready(this.moving, this.camera.width, this.camera.height);
    if (g) drawTracks(g, this.projection, { state: input.state, nowMs: input.nowMs, palette: this.colours, pixelRatio, selected: input.selected, reducedMotion: still });
    const small = ready(this.scope, ScopeSize, ScopeSize);
    const { width, height } = this.camera;
    const box = [this.projection.lon(0), this.projection.lat(height), this.projection.lon(width), this.projection.lat(0)] as const;
    if (small) drawScope(small, ScopeSize, this.site, input.state, input.nowMs, this.colours, box, still);
  }

  private drawStill(): void {
    if (!this.last) return;
    const input: BackdropInput = { site: this.site, state: this.last.state, zones: this.last.zones, nowMs: this.last.nowMs, palette: this.colours, selectedZone: null };
    const key = `${this.cameraVersion}|${backdropKey(input)}`;
    if (key === this.stillKey) return;
    this.stillKey = key;
    const g = ready(this.still, this.camera.width, this.camera.height);
    if (g) drawBackdrop(g, this.projection, input);
  }

  private moved(): void {
    if (!this.base) return;
    const { lng, lat } = this.base.getCenter();
    this.setCamera({ ...this.camera, lon: lng, lat, zoom: this.base.getZoom() });
    // The tracks move with the map in the same frame, or they would seem to slide.
    if (this.last) this.drawMoving(this.last);
    this.cameraDrawn = this.cameraVersion;
  }

  private resized(): void {
    const { clientWidth, clientHeight } = this.element;
    if (clientWidth < 10 || clientHeight < 10) return;
    this.setCamera({ ...this.camera, width: clientWidth, height: clientHeight });
    this.base?.resize();
    if (this.fitted) this.go(this.home());
  }

  /** The zones, with room for what flies at them. */
  private home(): Camera {
    const { width, height } = this.camera;
    const padding = Math.min(width, height) * 0.14;
    // The scope stands in the lower left corner: the zones are fitted into what it leaves, where the map is wide enough for both.
    const left = width > 640 ? ScopeSize : 0;
    const camera = { ...fit(this.site.bounds, width - left, height, padding), width, height };
    const view = new Projection(camera);
    return { ...camera, lon: view.lon((width - left) / 2) };
  }

  private go(camera: Camera): void {
    if (this.base) this.base.jumpTo({ center: [camera.lon, camera.lat], zoom: camera.zoom });
    else this.setCamera(camera);
  }

  private setCamera(camera: Camera): void {
    this.camera = camera;
    this.projection = new Projection(camera);
    this.cameraVersion++;
  }
}

function layer(name: string): HTMLCanvasElement {
  return h('canvas', { class: `map-layer map-${name}`, 'aria-hidden': 'true' });
}

function ratio(): number {
  return Math.min(2, devicePixelRatio || 1);
}

/** A canvas of a size in CSS pixels at the screen's resolution, its drawing scaled to CSS pixels. */
function ready(canvas: HTMLCanvasElement, width: number, height: number): CanvasRenderingContext2D | null {
  const scale = ratio();
  const [wide, high] = [Math.round(width * scale), Math.round(height * scale)];
  if (canvas.width !== wide || canvas.height !== high) {
    canvas.width = wide;
    canvas.height = high;
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  const g = canvas.getContext('2d');
  g?.setTransform(scale, 0, 0, scale, 0, 0);
  return g;
}
