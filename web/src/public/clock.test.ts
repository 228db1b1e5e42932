import { describe, expect, test } from 'vitest';
import { LocalClock, SiteTime } from './clock';

/** A phone whose two clocks are moved by hand. */
function phone() {
  const at = { mono: 5000, wall: 1_000_000 };
  const local = new LocalClock(() => at.mono, () => at.wall);
  const pass = (ms: number): void => {
    at.mono += ms;
    at.wall += ms;
  };
  return { at, local, pass, site: new SiteTime(local) };
}

const T = Date.parse('2020-12-20T17:00:00.000Z');

describe('the phone\'s clock', () => {
  test('a suspension counts although the monotonic clock stood still', () => {
    const { at, local } = phone();
    local.now();
    at.wall += 20 * 60_000;
    at.mono += 5;
    expect(local.now()).toBe(20 * 60_000);
    expect(local.leaps).toBe(1);
  });

  test('a wall clock set back, or slewed a little, changes nothing', () => {
    const { at, local } = phone();
    at.mono += 1000;
    at.wall -= 3_600_000;
    expect(local.now()).toBe(1000);
    at.mono += 1000;
    at.wall += 1900;
    expect(local.now()).toBe(2000);
    expect(local.leaps).toBe(0);
  });
});

describe('the site\'s clock', () => {
  test('runs on between messages at the site\'s speed, years from the phone\'s own', () => {
    const { pass, site } = phone();
    site.hear(T, 4);
    pass(1500);
    expect(site.now()).toBe(T + 6000);
    expect(site.ageMs()).toBe(1500);
  });

  test('is that of the message that travelled fastest, so jitter moves no countdown', () => {
    const { pass, site } = phone();
    const delays = [20, 180, 90, 400, 35, 20, 250];
    let previous = 0;
    for (const [i, delay] of delays.entries()) {
      // Message i leaves at second i and arrives `delay` later.
      const arrives = i * 1000 + delay;
      pass(arrives - previous);
      previous = arrives;
      site.hear(T + i * 1000, 1);
      expect(site.now()).toBe(T + arrives - 20);
    }
  });

  test('messages that waited in a buffer do not make a state fresh', () => {
    const { pass, site } = phone();
    site.hear(T, 1);
    pass(8000);
    site.hear(T + 1000, 1);
    expect(site.ageMs()).toBe(7000);
    // The rest of the buffer comes in one burst, and its last message is nearly now.
    for (let s = 2; s <= 8; s++) site.hear(T + s * 1000, 1);
    expect(site.ageMs()).toBe(0);
  });

  test('a server that was started again with another clock is believed on a new stream', () => {
    const { pass, site } = phone();
    site.hear(T, 1);
    pass(1000);
    site.reset();
    site.hear(T - 3_600_000, 1);
    expect(site.now()).toBe(T - 3_600_000);
    expect(site.ageMs()).toBe(0);
  });

  test('a clock set back within one stream is believed after a few beats', () => {
    const { pass, site } = phone();
    site.hear(T, 1);
    for (let i = 1; i <= 10; i++) {
      pass(1000);
      site.hear(T - 60_000 + i * 1000, 1);
    }
    expect(site.ageMs()).toBe(0);
  });

  test('ages through a suspension, and is fresh with the first message after it', () => {
    const { at, site } = phone();
    site.hear(T, 1);
    at.wall += 600_000;
    expect(site.ageMs()).toBe(600_000);
    site.hear(T + 600_000, 1);
    expect(site.ageMs()).toBe(0);
    expect(site.now()).toBe(T + 600_000);
  });

  test('knows no time and infinite age before anything was heard, and ages when the site stands still', () => {
    const { pass, site } = phone();
    expect(site.now()).toBeNull();
    expect(site.ageMs()).toBe(Infinity);
    site.hear(T, 0);
    pass(4000);
    expect(site.now()).toBe(T);
    expect(site.ageMs()).toBe(4000);
  });
});
