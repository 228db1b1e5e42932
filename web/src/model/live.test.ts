import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { eventsOf, LiveSource } from './live';
import { at, confirmed } from './story';

/** A stream of server-sent events that the test speaks for. */
class FakeStream extends EventTarget {
  static readonly CLOSED = 2;
  static all: FakeStream[] = [];
  readyState = 1;
  onerror: (() => void) | null = null;
  constructor(readonly url: string) { super(); FakeStream.all.push(this); }
  close(): void { this.readyState = 2; }
  say(name: string, data: unknown): void { this.dispatchEvent(new MessageEvent(name, { data: JSON.stringify(data) })); }
  refuse(): void { this.readyState = 2; this.onerror?.(); }
}

let source: LiveSource, refused = 0;
const newest = () => FakeStream.all.at(-1) as FakeStream;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout', 'performance'] });
  vi.stubGlobal('EventSource', FakeStream);
  FakeStream.all = [];
  refused = 0;
  source = new LiveSource(() => {}, () => { refused++; });
});
afterEach(() => { source.close(); vi.useRealTimers(); vi.unstubAllGlobals(); });

test('silence is named by its length, and a message ends it; the clock goes on at the Site\'s speed', () => {
  expect(source.connection()).toBe('connecting');
  newest().say('snapshot', [confirmed('T1', 0), { type: 'clock', time: at(0), speed: 4 }]);
  expect([source.connection(), source.nowMs()]).toEqual(['live', Date.parse(at(0))]);
  vi.advanceTimersByTime(3500);
  expect([source.connection(), source.nowMs()]).toEqual(['lost', Date.parse(at(14))]);
  newest().say('events', [{ type: 'clock', time: at(14), speed: 4 }]);
  expect(source.connection()).toBe('live');
  vi.advanceTimersByTime(10_500);
  expect(source.connection()).toBe('old');
});

test('a server that never answers is no connection', () => {
  vi.advanceTimersByTime(10_500);
  expect(source.connection()).toBe('old');
});

test('a mute stream is opened anew, and its snapshot replaces what was known', () => {
  newest().say('snapshot', [confirmed('T1', 0), { type: 'clock', time: at(0), speed: 1 }]);
  vi.advanceTimersByTime(10_000);
  expect(FakeStream.all.length).toBe(2);
  expect(FakeStream.all[0]?.readyState).toBe(2);
  newest().say('snapshot', [confirmed('T2', 10), { type: 'clock', time: at(10), speed: 1 }]);
  expect([...source.state.tracks.keys()]).toEqual(['T2']);
});

test('a refused stream is reported and tried again, once at a time; one that the browser resumes is left to it', () => {
  const first = newest();
  first.readyState = 0;
  first.onerror?.();
  expect([refused, FakeStream.all.length]).toEqual([0, 1]);
  first.refuse();
  first.refuse();
  expect([refused, FakeStream.all.length]).toEqual([1, 1]);
  vi.advanceTimersByTime(2100);
  expect(FakeStream.all.length).toBe(2);
});

test('data that is no array of events holds none', () => {
  expect([eventsOf('x'), eventsOf('7'), eventsOf('{}'), eventsOf('[{"type":"sight"}]').length]).toEqual([[], [], [], 1]);
});
