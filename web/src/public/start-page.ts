// The start page: what this is, and the zones to choose from. It shows no state: a state belongs on a page that says how old it is.
import { el, setText, show } from './dom';
import { LanguageControl } from './language-control';
import { markWords } from './announce';
import { readSite, type PublicSite } from './protocol';
import { linkManifest } from './shell';
import { marksOf } from './view';

/** With more zones than this there is a field to find one. */
const FIND_FROM = 10;

/** Between two attempts to load the zones. */
const RETRY_MS = 3000;

/** Shows the start page in the root. */
export class StartPage {
  readonly #language = new LanguageControl(() => this.#paint());
  #site: PublicSite | null = null;
  #failed = false;
  #retry = 0;

  readonly #page = el('div', { class: 'public start-page' });
  readonly #mark = el('p', { class: 'mark' });
  readonly #markWords = el('p', { class: 'mark-words' });
  readonly #siteName = el('bdi', { class: 'zone-name' });
  readonly #heading = el('h1');
  readonly #words = el('p', { class: 'words' });
  readonly #findLabel = el('span', { class: 'find-label' });
  readonly #find = el('input', { type: 'search', autocomplete: 'off' });
  readonly #findRow = el('label', { class: 'find' }, [this.#findLabel, this.#find]);
  readonly #list = el('ul', { class: 'zones' });
  readonly #status = el('p', { class: 'contact', role: 'status' });
  readonly #honest = el('p', { class: 'note' });
  readonly #privacy = el('p', { class: 'note' });
  readonly #operator = el('a', { class: 'button', href: '/operator' });

  constructor(root: HTMLElement) {
    this.#page.append(
      el('header', {}, [
        el('div', { class: 'mark-band' }, [this.#mark, this.#markWords]),
        el('p', { class: 'place' }, [this.#siteName]),
      ]),
      el('main', {}, [this.#heading, this.#words, this.#findRow, this.#list, this.#status, this.#honest, this.#privacy]),
      el('footer', { class: 'controls' }, [el('div', { class: 'row' }, [this.#language.element, this.#operator])]),
    );
    root.replaceChildren(this.#page);
    this.#find.addEventListener('input', () => this.#paintZones());
  }

  start(): void {
    linkManifest(null, null);
    this.#paint();
    void this.#load();
    window.addEventListener('online', () => void this.#load());
  }

  async #load(): Promise<void> {
    if (this.#site) return;
    window.clearTimeout(this.#retry);
    try {
      const answer = await fetch('/api/public/site', { cache: 'no-store', credentials: 'omit' });
      this.#site = answer.ok ? readSite(await answer.json()) : null;
    } catch {
      this.#site = null;
    }
    this.#failed = this.#site === null;
    if (this.#failed) this.#retry = window.setTimeout(() => void this.#load(), RETRY_MS);
    this.#paint();
  }

  #paint(): void {
    const text = this.#language.text;
    const marks = this.#site ? marksOf({ status: this.#site.status, drill: false }) : [];
    this.#page.dataset['marked'] = String(marks.length > 0);
    setText(this.#mark, marks.map((mark) => text.say(mark === 'exercise' ? 'markExercise' : 'markTest')).join(' · '));
    setText(this.#markWords, markWords(marks, text));
    setText(this.#siteName, this.#site?.name ?? '');
    setText(this.#heading, text.say('startTitle'));
    setText(this.#words, text.say('startWords'));
    setText(this.#findLabel, text.say('findZone'));
    setText(this.#honest, text.say('startHonest'));
    setText(this.#privacy, text.say('startPrivacy'));
    setText(this.#operator, text.say('operatorPage'));
    document.title = [text.say('startTitle'), this.#site?.name ?? 'Tocsin'].join(' · ');
    this.#paintZones();
  }

  #paintZones(): void {
    const text = this.#language.text;
    const zones = this.#site?.zones ?? [];
    show(this.#findRow, zones.length > FIND_FROM);
    const wanted = this.#find.value.trim().toLocaleLowerCase(text.language.tag);
    const order = new Intl.Collator(text.language.tag, { numeric: true });
    const found = zones
      .filter((zone) => (zone.name + ' ' + zone.id).toLocaleLowerCase(text.language.tag).includes(wanted))
      .sort((a, b) => order.compare(a.name, b.name));
    const search = location.search;
    this.#list.replaceChildren(
      ...found.map((zone) =>
        el('li', {}, [el('a', { class: 'button', href: '/zone/' + encodeURIComponent(zone.id) + search }, [el('bdi', {}, [zone.name])])]),
      ),
    );
    const status = !this.#site ? (this.#failed ? 'zonesFailed' : 'zonesLoading') : found.length === 0 ? 'zonesNone' : null;
    setText(this.#status, status === null ? '' : text.say(status));
  }
}
