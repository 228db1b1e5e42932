import { describe, expect, test } from 'vitest';
import { languages, pick, Text, type Words } from './language';
import { view } from './samples';
import type { Advice } from './protocol';
import type { Kind } from './view';

const english = languages.find((l) => l.tag === 'en')!;
const forms = (entry: Words[string] | undefined): string[] => (typeof entry === 'string' ? [entry] : Object.values(entry ?? {}));
const holes = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map((m) => m[0]).sort();

test('the five languages are here, each with its direction', () => {
  expect(Object.fromEntries(languages.map((l) => [l.tag, l.direction]))).toMatchObject({ ar: 'rtl', en: 'ltr', fr: 'ltr', he: 'rtl', uk: 'ltr' });
});

describe.each(languages.map((l) => [l.tag, l] as const))('%s', (tag, language) => {
  test('has the same keys as English, no more and no fewer, and none is empty', () => {
    expect(Object.keys(language.page).sort()).toEqual(Object.keys(english.page).sort());
    for (const [key, entry] of Object.entries(language.page)) {
      expect(typeof entry, key).toBe(typeof english.page[key]);
      for (const text of forms(entry)) expect(text.trim(), key).not.toBe('');
    }
  });

  test('fills the same places as English', () => {
    for (const [key, entry] of Object.entries(language.page)) {
      const allowed = holes(forms(english.page[key]).at(-1)!);
      const other = typeof entry === 'string' ? entry : entry['other']!;
      expect(holes(other), key).toEqual(allowed);
      // A form for exactly one or two may say the number as a word.
      for (const text of forms(entry)) for (const hole of holes(text)) expect(allowed, key).toContain(hole);
    }
  });

  test('has a form for each plural category of its language', () => {
    const categories = new Intl.PluralRules(tag).resolvedOptions().pluralCategories;
    for (const [key, entry] of Object.entries(language.page)) {
      if (typeof entry === 'object') for (const category of categories) expect(Object.keys(entry), key).toContain(category);
    }
  });

  test('says every view without a hole or a key left over', () => {
    const text = new Text(language);
    const kinds: Kind[] = ['connecting', 'unknown', 'clear', 'warned', 'cover', 'over', 'retracted', 'unprotected'];
    const advices: Advice[] = ['drop', 'awayFromWindows', 'shelter', 'cover'];
    for (const kind of kinds) {
      for (const advice of advices) {
        for (const said of [text.heading(view({ kind, advice })), text.words(view({ kind, advice })), ...text.steps(view({ kind, advice }))]) {
          expect(said).not.toMatch(/[{}]/);
          expect(Object.keys(english.page)).not.toContain(said);
        }
      }
    }
    for (let n = 0; n <= 121; n++) expect(text.count('countdownSpoken', n)).not.toMatch(/[{}]|^countdown/);
  });

  test('tells the four advices and the states apart', () => {
    const text = new Text(language);
    const said = [
      ...(['drop', 'awayFromWindows', 'shelter', 'cover'] as const).map((advice) => text.heading(view({ kind: 'warned', advice }))),
      ...(['cover', 'clear', 'over', 'retracted', 'unprotected', 'connecting'] as const).map((kind) => text.heading(view({ kind }))),
      text.say('markExercise'), text.say('markTest'), text.say('markDrill'),
    ];
    expect(new Set(said).size).toBe(said.length);
  });
});

test('plural forms follow the language, not English', () => {
  const uk = new Text(pick(['uk']));
  expect([1, 3, 5, 11, 22].map((n) => uk.count('countdownLabel', n).split(' ')[0])).toEqual(['секунда', 'секунди', 'секунд', 'секунд', 'секунди']);
  const ar = new Text(pick(['ar']));
  expect([1, 2, 3, 11].map((n) => ar.count('countdownLabel', n).split(' ')[0])).toEqual(['ثانية', 'ثانيتان', 'ثوانٍ', 'ثانية']);
});

test('durations round down, and never hide that time passes', () => {
  const en = new Text(english);
  expect([1, 59, 60, 119, 3599, 7200].map((s) => en.ago(s))).toEqual([
    '1 second ago', '59 seconds ago', '1 minute ago', '1 minute ago', '59 minutes ago', '2 hours ago',
  ]);
});

test('the language is the first wanted one that is here', () => {
  const tag = (...wanted: (string | null)[]): string => pick(wanted).tag;
  expect(tag('ar', 'fr')).toBe('ar');
  expect(tag(null, null, 'de', 'fr-CA', 'en')).toBe('fr');
  expect(tag('AR-iq')).toBe('ar');
  expect(tag('iw-IL')).toBe('he');
  expect(tag('', 'tlh')).toBe('en');
  expect(tag()).toBe('en');
});
