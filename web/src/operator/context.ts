// What every panel is given: what to show, and how to act.
import type { Connection } from '../model/clock';
import type { Site } from '../model/site';
import type { State } from '../model/state';
import type { ZoneView } from '../model/views';
import type { Incident, Me, SiteAnswer } from './api';

/** All that is shown at one moment. */
export interface View {
  readonly state: State;
  readonly site: Site;
  readonly zones: ReadonlyMap<string, ZoneView>;
  readonly nowMs: number;
  readonly replay: boolean;
  readonly connection: Connection;
  readonly silentS: number;
  readonly selected: string | null;
  /** True where buttons that act may be shown: an operator's role, the live Site, and a connection. */
  readonly mayAct: boolean;
}

/** What panels may ask of the page. */
export interface Context {
  readonly me: Me;
  readonly answer: SiteAnswer;
  /** Posts or deletes, and tells the user when it was refused; true where it was done. */
  act(method: 'POST' | 'DELETE', path: string, body?: unknown): Promise<boolean>;
  select(track: string | null): void;
  /** Tells the user one sentence. */
  say(text: string, grade: 'good' | 'bad'): void;
  replay(incident: Incident): Promise<void>;
  live(): void;
}

/** A panel: its element, and how it follows the state. */
export interface Panel {
  readonly element: HTMLElement;
  update(view: View): void;
}

/** The name of a zone with its id, for lists. */
export function zoneName(site: Site, id: string): string {
  return site.zoneById.get(id)?.name ?? id;
}
