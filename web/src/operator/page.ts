// The operator's page as a whole: head, bands, map, panels, and one loop that shows the state of whichever source is on: live or a replay.
import { MapView } from '../map/view';
import type { AnyEvent } from '../model/events';
import type { Source } from '../model/live';
import { Recording } from '../model/recording';
import { siteOf, type Site } from '../model/site';
import { standingWarnings, troubles, zoneViews, type ZoneView } from '../model/views';
import { request, text, type Incident, type Me, type SiteAnswer } from './api';
import { adminPanel } from './admin';
import { announcer } from './announce';
import { bands } from './bands';
import type { Context, Panel, View } from './context';
import { h, setAttribute, setText } from './dom';
import { drillPanel } from './drill';
import { momentText, statusMark } from './format';
import { header } from './header';
import { incidentsPanel } from './incidents';
import { nowPanel } from './now';
import { playerBar, ReplaySource } from './player';
import { systemPanel } from './system';
import { startTheme, theme } from './theme';

/** How often the panels follow the state, in milliseconds. The map follows in every frame. */
const PanelsMs = 200;

interface Tab { readonly id: string; readonly title: string; readonly panel: Panel & { opened?(): void } }

/** The page; `events` is given what a live source hears. */
export class OperatorPage {
  readonly element: HTMLElement;
  private readonly site: Site;
  private shownSite: Site;
  private map: MapView;
  private readonly mapPlace = h('section', { class: 'map-place', 'aria-label': 'Map' });
  private readonly playerPlace = h('div');
  private readonly head: Panel;
  private readonly bands: ReturnType<typeof bands>;
  private readonly tabs: readonly Tab[];
  private readonly tabButtons = new Map<string, HTMLButtonElement>();
  private readonly aloud = announcer();
  private readonly toast = h('div', { class: 'toast', role: 'alert' });
  private open = 'now';
  private selected: string | null = null;
  private replay: { source: ReplaySource; bar: ReturnType<typeof playerBar> } | null = null;
  private panelsMs = -Infinity;
  private zones: ReadonlyMap<string, ZoneView> = new Map();
  private zonesOf: { state: unknown; second: number } = { state: null, second: NaN };
  private toastTimer: ReturnType<typeof setTimeout> | null = null;

  constructor(private readonly answer: SiteAnswer, me: Me, private readonly live: Source) {
    startTheme(() => this.themeChanged());
    this.site = this.shownSite = siteOf(answer.site);
    const context: Context = {
      me, answer,
      act: (method, path, body) => this.act(method, path, body),
      select: (track) => this.select(track),
      say: (sentence, grade) => this.say(sentence, grade),
      replay: (incident) => this.startReplay(incident),
      live: () => this.endReplay(),
    };
    this.head = header(context, () => this.themeChanged());
    this.bands = bands(context);
    const tabs: Tab[] = [
      { id: 'now', title: 'Now', panel: nowPanel(context) },
      { id: 'system', title: 'System', panel: systemPanel(context) },
      { id: 'incidents', title: 'Incidents', panel: incidentsPanel(context) },
      { id: 'drill', title: 'Drill', panel: drillPanel(context) },
    ];
    if (me.role === 'administrator') tabs.push({ id: 'admin', title: 'Admin', panel: adminPanel(context) });
    this.tabs = tabs;
    this.mayAct = me.role === 'operator' || me.role === 'administrator';
    this.map = this.openMap(this.site);
    this.toast.hidden = true;
    this.element = h('div', { class: 'op' }, this.head.element, this.bands.element,
      h('main', { class: 'main' }, h('div', { class: 'main-map' }, this.mapPlace, this.playerPlace), this.sideElement()), this.toast, this.aloud.element);
    this.openTab('now');
    document.title = `${answer.name} – operator`;
  }

  private readonly mayAct: boolean;

  /** Tells the page what the live source heard, for those who listen. */
  heard(events: readonly AnyEvent[], snapshot: boolean): void {
    // A snapshot is old news: reading all of it aloud would drown what is new.
    if (!snapshot) this.aloud.hear(events, this.site);
  }

  /** Shows one frame. */
  frame(): void {
    this.replay?.bar.update();
    const source: Source = this.replay?.source ?? this.live;
    const state = source.state, nowMs = source.nowMs();
    const second = Math.floor(nowMs / 250);
    if (this.zonesOf.state !== state || this.zonesOf.second !== second) {
      this.zonesOf = { state, second };
      this.zones = zoneViews(state, nowMs);
    }
    this.map.draw({ state, zones: this.zones, nowMs, selected: this.selected });
    if (performance.now() - this.panelsMs < PanelsMs) return;
    this.panelsMs = performance.now();
    this.showPanels(source, nowMs);
  }

  private showPanels(source: Source, nowMs: number): void {
    const connection = source.connection();
    const view: View = {
      state: source.state, site: this.shownSite, zones: this.zones, nowMs, replay: this.replay !== null, connection, silentS: source.silentS(), selected: this.selected,
      mayAct: this.mayAct && this.replay === null && (connection === 'live' || connection === 'lost'),
    };
    this.head.update(view);
    this.bands.update(view);
    this.tabs.find((tab) => tab.id === this.open)?.panel.update(view);
    setAttribute(this.element, 'data-connection', this.replay ? 'replay' : connection);
    setAttribute(this.element, 'data-mark', this.replay ? 'REPLAY' : statusMark(source.state.status ?? this.answer.status));
    const warned = standingWarnings(view.state, nowMs).length, ill = troubles(this.live.state);
    this.badge('now', warned > 0 ? String(warned) : '', `${warned} zones warned`);
    this.badge('system', ill > 0 ? `${ill} !` : '', `${ill} not well`);
    // Somebody who looks at the past must not miss the present.
    const real = this.replay ? standingWarnings(this.live.state, this.live.nowMs()).filter((warning) => !warning.drill).length : 0;
    this.bands.realWarning(real > 0 ? `Now, live: ${real} ${real === 1 ? 'zone is' : 'zones are'} warned.` : null);
  }

  private badge(id: string, text: string, name: string): void {
    const button = this.tabButtons.get(id);
    const badge = button?.querySelector('.badge');
    if (!badge) return;
    setText(badge, text);
    setAttribute(badge, 'aria-label', text === '' ? null : name);
  }

  private sideElement(): HTMLElement {
    const list = h('div', { class: 'tabs', role: 'tablist', 'aria-label': 'Panels' });
    const bodies = h('div', { class: 'side-body' });
    for (const tab of this.tabs) {
      const button = h('button', { type: 'button', role: 'tab', id: `tab-${tab.id}`, 'aria-controls': `panel-${tab.id}`, on: { click: () => this.openTab(tab.id) } }, tab.title, h('span', { class: 'badge' }));
      this.tabButtons.set(tab.id, button);
      list.append(button);
      tab.panel.element.id = `panel-${tab.id}`;
      tab.panel.element.setAttribute('role', 'tabpanel');
      tab.panel.element.setAttribute('aria-labelledby', `tab-${tab.id}`);
      bodies.append(tab.panel.element);
    }
    list.addEventListener('keydown', (event) => {
      const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
      if (step === 0) return;
      const next = this.tabs[(this.tabs.findIndex((tab) => tab.id === this.open) + step + this.tabs.length) % this.tabs.length];
      if (next) { this.openTab(next.id); this.tabButtons.get(next.id)?.focus(); }
      event.preventDefault();
    });
    return h('aside', { class: 'side' }, list, bodies);
  }

  private openTab(id: string): void {
    this.open = id;
    for (const tab of this.tabs) {
      const button = this.tabButtons.get(tab.id), chosen = tab.id === id;
      button?.setAttribute('aria-selected', String(chosen));
      if (button) button.tabIndex = chosen ? 0 : -1;
      tab.panel.element.hidden = !chosen;
      if (chosen) tab.panel.opened?.();
    }
    this.panelsMs = -Infinity;
  }

  private select(track: string | null): void {
    this.selected = track;
    this.panelsMs = -Infinity;
    const state = (this.replay?.source ?? this.live).state;
    const at = track === null ? undefined : (state.impacts.get(track) ?? state.tracks.get(track))?.position;
    if (at) this.map.reveal(at[0], at[1]);
  }

  private async act(method: 'POST' | 'DELETE', path: string, body?: unknown): Promise<boolean> {
    const answer = await request(method, path, body);
    if (!answer.ok) this.say(answer.reason, 'bad');
    return answer.ok;
  }

  private say(sentence: string, grade: 'good' | 'bad'): void {
    this.toast.textContent = sentence;
    this.toast.dataset['grade'] = grade;
    this.toast.hidden = false;
    if (this.toastTimer !== null) clearTimeout(this.toastTimer);
    this.toastTimer = setTimeout(() => { this.toast.hidden = true; }, 8000);
  }

  private async startReplay(incident: Incident): Promise<void> {
    this.say('Loading the recording …', 'good');
    const answer = await text(`/api/incidents/${encodeURIComponent(incident.id)}/events`);
    if (!answer.ok) return this.say(answer.reason, 'bad');
    const recording = Recording.parse(answer.value);
    if (recording.length === 0) return this.say('The recording of this incident holds no events.', 'bad');
    this.toast.hidden = true;
    const source = new ReplaySource(recording);
    const bar = playerBar(source, `${incident.drill ? 'DRILL ' : ''}${incident.id}, ${momentText(Date.parse(incident.opened))}`, () => this.endReplay());
    this.replay = { source, bar };
    this.selected = null;
    this.playerPlace.replaceChildren(bar.element);
    if (recording.site) this.changeSite(recording.site);
    this.openTab('now');
    bar.element.querySelector('button')?.focus();
  }

  private endReplay(): void {
    if (!this.replay) return;
    this.replay = null;
    this.selected = null;
    this.playerPlace.replaceChildren();
    this.changeSite(this.site);
    this.openTab('now');
  }

  /** An incident may be of an older definition of the site: the map shows the one that was in force. */
  private changeSite(site: Site): void {
    const same = JSON.stringify([site.zones, site.sensors]) === JSON.stringify([this.shownSite.zones, this.shownSite.sensors]);
    this.shownSite = site;
    if (!same) this.map = this.openMap(site);
  }

  private openMap(site: Site): MapView {
    const map = new MapView(site, this.answer.page, theme(), (track) => this.select(track));
    this.mapPlace.replaceChildren(map.element);
    return map;
  }

  private themeChanged(): void {
    this.map.setTheme(theme());
    this.panelsMs = -Infinity;
  }
}
