// The benchmark of the page: 200 tracks with trails, ellipses and 40 warned zones move through the very page that operators use, for 20 seconds;
// the times between frames are measured. ?tracks=N and ?seconds=N change the load; the result is JSON in #bench-result.
import './operator.css';
import type { Connection } from '../model/clock';
import type { AnyEvent } from '../model/events';
import type { Source } from '../model/live';
import { reduceAll } from '../model/reduce';
import { nothingHeard } from '../model/state';
import { moved } from '../map/camera';
import type { SiteAnswer } from './api';
import { h } from './dom';
import { OperatorPage } from './page';

const Centre = [44.39, 33.3] as const;
const EpochMs = Date.UTC(2020, 11, 20, 17, 30);
/** Frames before the measurement: the first ones compile shaders and lay out the page. */
const WarmUpMs = 2000;
/** The scan of the made-up radar. */
const ScanMs = 500;

/** Rounds that fly again and again, as events of a scan every half second. */
class MadeUp implements Source {
  state = reduceAll(nothingHeard, [{ type: 'recording.opened', time: new Date(EpochMs).toISOString(), status: 'test' } as unknown as AnyEvent]);
  private readonly beganMs = performance.now();
  private scan = 0;

  constructor(private readonly tracks: number) {}

  nowMs(): number {
    return EpochMs + performance.now() - this.beganMs;
  }

  connection(): Connection {
    return 'live';
  }

  silentS(): number {
    return 0;
  }

  tick(): void {
    while (EpochMs + this.scan * ScanMs <= this.nowMs()) this.state = reduceAll(this.state, this.eventsOf(this.scan++));
  }

  private eventsOf(scan: number): AnyEvent[] {
    const timeMs = EpochMs + scan * ScanMs, time = new Date(timeMs).toISOString(), events: unknown[] = [];
    for (let i = 0; i < this.tracks; i++) {
      const flightS = 30, s = (scan * ScanMs) / 1000 + (i * flightS) / this.tracks, flown = s % flightS, turn = Math.floor(s / flightS);
      const bearing = i * 2.399963, speed = 180 + (i % 7) * 15;
      const target = moved(Centre[0], Centre[1], Math.cos(i * 1.7) * 900, Math.sin(i * 2.3) * 700);
      const away = (flightS - flown) * speed;
      const [lon, lat] = moved(target[0], target[1], Math.sin(bearing) * away, Math.cos(bearing) * away);
      const id = `T${i}.${turn}`;
      if (turn > 0 && flown < ScanMs / 1000) events.push({ type: 'track.ended', time, track: `T${i}.${turn - 1}`, reason: 'impact' });
      events.push({ type: 'track.updated', time, track: id, validTime: time, position: [lon, lat, 50 * (flightS - flown)], velocity: [-Math.sin(bearing) * speed, -Math.cos(bearing) * speed, -50], kind: 'rocket', kinds: { rocket: 0.93 } });
      const size = 40 + (flightS - flown) * 25;
      events.push({ type: 'impact.predicted', time, track: id, validTime: time, impactTime: new Date(timeMs + (flightS - flown) * 1000).toISOString(), timeSigmaS: 1, position: target, ellipse95: { semiMajorM: size, semiMinorM: size / 2, orientationDeg: (bearing * 180) / Math.PI } });
    }
    for (let z = 0; z < 40; z++) events.push({ type: 'warning.updated', time, warning: `W${z}`, status: 'test', zone: `Z${z}`, probability: 0.8, impactTime: new Date(timeMs + (z % 20) * 1000).toISOString(), leadTimeS: 10, advice: 'shelter', tracks: [`T${z}.0`] });
    events.push({ type: 'load', time, plotsPerS: 400, queued: 0, shed: 0, tracks: this.tracks, recordingLost: 0 });
    return events as AnyEvent[];
  }
}

/** Shows the benchmark and writes its result. */
export function mountBench(root: HTMLElement): void {
  const asked = new URLSearchParams(location.search);
  const tracks = Math.max(1, Math.min(2000, Number(asked.get('tracks') ?? 200))), seconds = Math.max(1, Math.min(300, Number(asked.get('seconds') ?? 20)));
  const source = new MadeUp(tracks);
  const page = new OperatorPage(site(), { user: null, role: 'viewer', csrf: null, firstAdministratorMissing: false, oidc: false }, source);
  const result = h('pre', { id: 'bench-result', class: 'bench-result', text: 'measuring …' });
  root.replaceChildren(page.element, result);
  const frames: number[] = [], works: number[] = [];
  const beganMs = performance.now();
  let lastMs = NaN;
  const frame = (steadyMs: number) => {
    const before = performance.now();
    source.tick();
    page.frame();
    const worked = performance.now() - before;
    if (before - beganMs > WarmUpMs) {
      if (!Number.isNaN(lastMs)) { frames.push(steadyMs - lastMs); works.push(worked); }
      lastMs = steadyMs;
    }
    if (before - beganMs < WarmUpMs + seconds * 1000) return void requestAnimationFrame(frame);
    result.textContent = JSON.stringify({ tracks, seconds, frames: frames.length, frameMs: figures(frames), workMs: figures(works), over33: frames.filter((ms) => ms > 33.4).length, userAgent: navigator.userAgent, cores: navigator.hardwareConcurrency }, null, 1);
    result.dataset['done'] = 'true';
  };
  requestAnimationFrame(frame);
}

/** The middle, the tail and the worst of some times in milliseconds. */
function figures(times: readonly number[]): Record<'p50' | 'p95' | 'p99' | 'max', number> {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (part: number) => Math.round((sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0) * 10) / 10;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}

function site(): SiteAnswer {
  const features: GeoJSON.Feature[] = [{ type: 'Feature', geometry: { type: 'Point', coordinates: [...Centre] }, properties: { kind: 'sensor', id: 'R1', maxRangeM: 14000, minElevationDeg: 1 } }];
  for (let z = 0; z < 80; z++) {
    const [w, s] = moved(Centre[0], Centre[1], ((z % 10) - 5) * 260, (Math.floor(z / 10) - 4) * 220);
    const [e, n] = moved(w, s, 260, 220);
    features.push({ type: 'Feature', geometry: { type: 'Polygon', coordinates: [[[w, s], [e, s], [e, n], [w, n], [w, s]]] }, properties: { kind: 'zone', id: `Z${z}`, name: `Zone ${z}` } });
  }
  return {
    site: { type: 'FeatureCollection', features, tocsin: { name: 'Benchmark' } }, status: 'test', name: 'Benchmark', time: new Date(EpochMs).toISOString(), speed: 1,
    confirm: { required: false, limitS: 0 }, page: { style: null, tiles: null, pmtiles: null, attribution: null },
  };
}
