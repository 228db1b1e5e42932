// The choice of language: a plain select, each language named in itself.
import { chooseLanguage, chosenLanguage } from './choices';
import { el, setText } from './dom';
import { languages, pick, Text, type Language } from './language';

/** Holds the page's language, and sets it on the document. */
export class LanguageControl {
  readonly #label = el('span', { class: 'unseen' });
  readonly #select = el('select', { class: 'language' });
  readonly element = el('label', { class: 'language-label' }, [this.#label, this.#select]);
  text: Text;

  /** @param changed called after each choice */
  constructor(changed: () => void) {
    this.text = new Text(pick([new URLSearchParams(location.search).get('lang'), chosenLanguage(), ...navigator.languages]));
    for (const language of languages) {
      this.#select.append(el('option', { value: language.tag, lang: language.tag, dir: language.direction }, [language.name]));
    }
    this.#apply(this.text.language);
    this.#select.addEventListener('change', () => {
      const language = pick([this.#select.value]);
      chooseLanguage(language.tag);
      this.#apply(language);
      // An address that asks for another language would undo the choice at the next visit.
      const address = new URL(location.href);
      if (address.searchParams.has('lang')) {
        address.searchParams.set('lang', language.tag);
        history.replaceState(history.state, '', address);
      }
      changed();
    });
  }

  #apply(language: Language): void {
    this.text = new Text(language);
    this.#select.value = language.tag;
    setText(this.#label, this.text.say('language'));
    document.documentElement.lang = language.tag;
    document.documentElement.dir = language.direction;
  }
}
