// The only two things that this page keeps on a phone: the language and whether sound is wanted.

const LANGUAGE = 'tocsin.language';
const SOUND = 'tocsin.sound';

/** The language chosen on this phone; null where none was. */
export function chosenLanguage(): string | null {
  return read(LANGUAGE);
}

export function chooseLanguage(tag: string): void {
  write(LANGUAGE, tag);
}

export function chosenSound(): boolean {
  return read(SOUND) === 'on';
}

export function chooseSound(on: boolean): void {
  write(SOUND, on ? 'on' : 'off');
}

// A private window may refuse storage; the page then works without a memory.
function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Nothing to do: the choice holds until the page is closed.
  }
}
