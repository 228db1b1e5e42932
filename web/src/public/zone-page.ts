// The page of one zone: holds the pieces together and paints what they say. It keeps its elements, so that no focus is ever lost.
import { Alarm } from './alarm';
import { Announcer, markWords } from './announce';
import { chooseSound, chosenSound } from './choices';
import { LocalClock, SiteTime } from './clock';
import { ZoneConnection } from './connection';
import { el, setText, show } from './dom';
import type { Text } from './language';
import { LanguageControl } from './language-control';
import { pictureKey, pictureOf } from './pictograms';
import { readSite, type PublicZone } from './protocol';
import { linkManifest } from './shell';
import { isWarning, STALE_MS, viewOf, type Mark, type View } from './view';

/** Often enough for a countdown that never skips a second. */
const TICK_MS = 200;

/** Between the emptying and the filling of a live region, so that the same words twice are spoken twice. */
const SPEAK_AFTER_MS = 60;

const MARK_NAMES: Record<Mark, string> = { exercise: 'markExercise', test: 'markTest', drill: 'markDrill' };

/** Shows one zone's state in the root, for as long as the page is open. */
export class ZonePage {
  readonly #local = new LocalClock();
  readonly #site = new SiteTime(this.#local);
  readonly #openedAt = this.#local.now();
  readonly #announcer = new Announcer();
  readonly #connection: ZoneConnection;
  readonly #alarm: Alarm;
  readonly #language: LanguageControl;
  #zone: PublicZone | null = null;
  #unknown = false;
  #reviewed: readonly string[] = [];
  #view: View | null = null;
  #picture = '';

  readonly #page = el('div', { class: 'public zone-page' });
  readonly #mark = el('p', { class: 'mark' });
  readonly #markWords = el('p', { class: 'mark-words' });
  readonly #name = el('bdi', { class: 'zone-name' });
  readonly #siteName = el('bdi', { class: 'site-name' });
  readonly #figure = el('div', { class: 'figure' });
  readonly #heading = el('h1');
  readonly #since = el('p', { class: 'since' });
  readonly #words = el('p', { class: 'words' });
  readonly #number = el('span', { class: 'number' });
  readonly #unit = el('span', { class: 'unit' });
  readonly #countdown = el('div', { class: 'countdown', role: 'timer' }, [this.#number, ' ', this.#unit]);
  readonly #lost = el('p', { class: 'lost-warning' });
  readonly #stepsTitle = el('h2', { class: 'unseen' });
  readonly #steps = el('ul', { class: 'steps' });
  readonly #unreviewed = el('p', { class: 'unreviewed' });
  readonly #contact = el('p', { class: 'contact' });
  readonly #sound = el('button', { type: 'button', class: 'sound primary' });
  readonly #test = el('button', { type: 'button', class: 'sound-test' });
  readonly #zones = el('a', { class: 'button', href: '/' });
  readonly #note = el('p', { class: 'note' });
  readonly #assertive = el('div', { class: 'unseen', 'aria-live': 'assertive', 'aria-atomic': 'true' });
  readonly #polite = el('div', { class: 'unseen', 'aria-live': 'polite', 'aria-atomic': 'true' });
  readonly #controls = el('footer', { class: 'controls' });

  constructor(root: HTMLElement, private readonly zoneId: string) {
    this.#language = new LanguageControl(() => this.#tick());
    this.#alarm = new Alarm(chosenSound(), () => this.#paintAlarm());
    this.#build(root);
    this.#connection = new ZoneConnection(zoneId, {
      opened: () => {
        this.#site.reset();
        void this.#askReviewed();
      },
      zone: (zone) => {
        this.#unknown = false;
        this.#zone = zone;
        this.#site.hear(zone.time, zone.speed);
        this.#tick();
      },
      beat: (beat) => {
        // A beat alone says nothing of a state that was never heard.
        if (this.#zone) this.#site.hear(beat.time, beat.speed);
        this.#tick();
      },
      unknown: () => {
        this.#unknown = true;
        this.#tick();
      },
    });
  }

  start(): void {
    this.#connection.start();
    void this.#askReviewed();
    window.setInterval(() => this.#tick(), TICK_MS);
    // A page that slept shows the age of its state in the very first picture, and does not wait for a timer to reconnect.
    const wake = (): void => {
      if (document.visibilityState !== 'visible') return;
      this.#tick();
      if (this.#site.ageMs() > STALE_MS) this.#connection.wake();
    };
    document.addEventListener('visibilitychange', wake);
    for (const event of ['pageshow', 'online', 'resume', 'focus']) window.addEventListener(event, wake);
    this.#tick();
  }

  #build(root: HTMLElement): void {
    const main = el('main', {}, [
      this.#figure, this.#heading, this.#since, this.#countdown, this.#words, this.#lost,
      this.#stepsTitle, this.#steps, this.#unreviewed,
    ]);
    const header = el('header', {}, [
      el('div', { class: 'mark-band' }, [this.#mark, this.#markWords]),
      el('p', { class: 'place' }, [this.#name, ' ', this.#siteName]),
    ]);
    // Beside the controls, where it is in sight however long the advice is.
    this.#controls.append(
      this.#contact,
      el('div', { class: 'row' }, [this.#sound, this.#test]),
      el('div', { class: 'row' }, [this.#language.element, this.#zones]),
      this.#note,
    );
    this.#page.append(header, main, this.#controls, this.#assertive, this.#polite);
    root.replaceChildren(this.#page);

    // A press first unlocks a paused sound; the click that follows must not take that for 'on' and turn it off.
    let atPress = this.#alarm.state;
    for (const event of ['pointerdown', 'keydown']) this.#sound.addEventListener(event, () => (atPress = this.#alarm.state));
    this.#sound.addEventListener('click', () => {
      const on = atPress !== 'on';
      atPress = this.#alarm.state;
      chooseSound(on);
      if (on) void this.#turnOn();
      else this.#alarm.turnOff();
    });
    this.#test.addEventListener('click', () => this.#alarm.play('test', false));
  }

  async #turnOn(): Promise<void> {
    await this.#alarm.turnOn();
    // Heard at once: that the sound works, or the warning that stands.
    if (this.#view?.kind === 'warned') this.#alarm.warn(this.#view.marks.length > 0);
    else this.#alarm.play('test', false);
  }

  #tick(): void {
    const view = viewOf({
      zone: this.#zone,
      unknownZone: this.#unknown,
      ageMs: this.#site.ageMs(),
      openMs: this.#local.now() - this.#openedAt,
      siteNow: this.#site.now(),
    });
    const text = this.#language.text;
    const before = this.#view;
    this.#view = view;
    this.#paint(view, text);
    const cue = this.#announcer.next(view, text, this.#zone?.name ?? '');
    if (cue.assertive !== null) speak(this.#assertive, cue.assertive);
    if (cue.polite !== null) speak(this.#polite, cue.polite);
    const marked = view.marks.length > 0;
    if (cue.sound === 'warn') {
      this.#alarm.warn(marked);
      window.scrollTo(0, 0);
    } else if (cue.sound !== null) this.#alarm.play(cue.sound, marked);
    else if (before?.kind === 'warned' && view.kind !== 'warned') this.#alarm.silence();
  }

  #paint(view: View, text: Text): void {
    const data = this.#page.dataset;
    if (data['kind'] !== view.kind) data['kind'] = view.kind;
    const marked = String(view.marks.length > 0);
    if (data['marked'] !== marked) data['marked'] = marked;
    data['contact'] = view.kind === 'unprotected' ? 'lost' : view.ageS === null ? 'live' : 'stale';

    const marks = view.marks.map((mark) => text.say(MARK_NAMES[mark])).join(' · ');
    setText(this.#mark, marks);
    setText(this.#markWords, markWords(view.marks, text));
    const name = this.#zone?.name ?? this.zoneId;
    setText(this.#name, name);
    setText(this.#siteName, this.#zone?.site ?? '');

    const key = pictureKey(view);
    if (key !== this.#picture) {
      this.#picture = key;
      this.#figure.replaceChildren(pictureOf(view));
    }
    const heading = text.heading(view);
    setText(this.#heading, heading);
    setText(this.#since, view.sinceS === null ? '' : text.ago(view.sinceS));
    show(this.#since, view.sinceS !== null);
    setText(this.#words, text.words(view));
    show(this.#countdown, view.secondsLeft !== null);
    if (view.secondsLeft !== null) {
      setText(this.#number, text.number(view.secondsLeft));
      setText(this.#unit, text.count('countdownLabel', view.secondsLeft));
    }
    setText(this.#lost, text.say('lostWhileWarned'));
    show(this.#lost, view.lostWhileWarned);
    this.#paintSteps(text.steps(view), text);
    setText(this.#unreviewed, text.say('unreviewed'));
    show(this.#unreviewed, isWarning(view) && !this.#reviewed.includes(text.language.tag));
    const contact = contactLine(view, text, this.#zone !== null);
    setText(this.#contact, contact);
    show(this.#contact, contact !== '');
    this.#paintAlarm();

    const title = [marks, heading, name].filter((part) => part !== '').join(' · ');
    if (document.title !== title) document.title = title;
  }

  #paintSteps(steps: readonly string[], text: Text): void {
    setText(this.#stepsTitle, text.say('whatToDo'));
    show(this.#stepsTitle, steps.length > 0);
    show(this.#steps, steps.length > 0);
    const shown = [...this.#steps.children];
    if (shown.length === steps.length && shown.every((item, i) => item.textContent === steps[i])) return;
    this.#steps.replaceChildren(...steps.map((step) => el('li', {}, [step])));
  }

  #paintAlarm(): void {
    const text = this.#language.text;
    const state = this.#alarm.state;
    this.#sound.dataset['state'] = state;
    setText(this.#sound, text.say(state === 'off' ? 'soundOn' : state === 'on' ? 'soundOff' : 'soundPaused'));
    setText(this.#test, text.say('soundTest'));
    show(this.#test, state === 'on');
    setText(this.#zones, text.say('otherZones'));
    this.#controls.setAttribute('aria-label', text.say('controls'));
    const screen = this.#alarm.screen === 'kept' ? 'screenStaysOn' : this.#alarm.screen === 'refused' ? 'screenMayGoDark' : null;
    setText(this.#note, [text.say('soundNote'), ...(state !== 'off' && screen ? [text.say(screen)] : [])].join(' '));
  }

  // Which languages the site has signed off. Until that is known, none is.
  async #askReviewed(): Promise<void> {
    try {
      const answer = await fetch('/api/public/site', { cache: 'no-store', credentials: 'omit' });
      const site = answer.ok ? readSite(await answer.json()) : null;
      if (site) this.#reviewed = site.reviewed;
      linkManifest(this.zoneId, site?.zones.find((zone) => zone.id === this.zoneId)?.name ?? this.zoneId);
    } catch {
      // Asked again with the next connection.
    }
  }
}

function contactLine(view: View, text: Text, heard: boolean): string {
  if (view.kind === 'connecting' || view.kind === 'unknown') return '';
  if (!heard) return text.say('neverHeard');
  const last = view.ageS === null ? '' : text.say('lastHeard', { ago: text.ago(view.ageS) });
  if (last === '') return text.say('connected');
  return view.kind === 'unprotected' ? last : text.say('staleWords') + ' ' + last;
}

function speak(region: HTMLElement, words: string): void {
  region.textContent = '';
  window.setTimeout(() => setText(region, words), SPEAK_AFTER_MS);
}
