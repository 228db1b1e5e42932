import { expect, test } from 'vitest';
import { RETRY_MOST_MS, SILENT_MS, ZoneConnection } from './connection';

const ZONE = JSON.stringify({ zone: 'C/5', name: 'Annex', state: 'clear', status: 'actual', time: '2020-12-20T17:00:00.000Z', speed: 1 });
const BEAT = JSON.stringify({ time: '2020-12-20T17:00:01.000Z', speed: 1 });

class FakeSource extends EventTarget {
  closed = false;
  constructor(readonly url: string) {
    super();
  }
  close(): void {
    this.closed = true;
  }
  say(event: string, data: string): void {
    this.dispatchEvent(Object.assign(new Event(event), { data }));
  }
}

/** A browser whose time, streams and requests are played by the test. */
function play(answer: () => { status: number; body: string } | null = () => null) {
  const sources: FakeSource[] = [];
  const heard: string[] = [];
  const timers = new Map<number, { at: number; act: () => void }>();
  let now = 0;
  let ids = 0;
  const connection = new ZoneConnection(
    'C/5',
    {
      opened: () => heard.push('opened'),
      zone: (z) => heard.push(z.state),
      beat: () => heard.push('beat'),
      unknown: () => heard.push('unknown'),
    },
    {
      stream: (url) => {
        sources.push(new FakeSource(url));
        return sources.at(-1) as unknown as EventSource;
      },
      request: () => {
        const a = answer();
        return a ? Promise.resolve(new Response(a.body, { status: a.status })) : Promise.reject(new TypeError('no network'));
      },
      later: (act, ms) => {
        timers.set(++ids, { at: now + ms, act });
        return ids;
      },
      cancel: (id) => timers.delete(id),
      random: () => 1,
    },
  );
  const pass = (ms: number): void => {
    const end = now + ms;
    for (;;) {
      const next = [...timers].filter(([, t]) => t.at <= end).sort((a, b) => a[1].at - b[1].at)[0];
      if (!next) break;
      timers.delete(next[0]);
      now = next[1].at;
      next[1].act();
    }
    now = end;
  };
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 20; i++) await Promise.resolve();
  };
  connection.start();
  return { connection, sources, heard, pass, settle };
}

test('one stream, at the zone\'s escaped address, gives state and beats', () => {
  const { sources, heard, pass } = play();
  expect(sources.map((s) => s.url)).toEqual(['/api/public/zones/C%2F5/stream']);
  sources[0]!.say('zone', ZONE);
  for (let i = 0; i < 60; i++) {
    pass(1000);
    sources[0]!.say('beat', BEAT);
  }
  expect(heard.slice(0, 3)).toEqual(['opened', 'clear', 'beat']);
  expect(sources).toHaveLength(1);
});

test('a stream that falls silent is opened anew, and the old one can say nothing more', () => {
  const { sources, heard, pass } = play();
  sources[0]!.say('zone', ZONE);
  pass(SILENT_MS + 1000);
  expect(sources).toHaveLength(2);
  expect(sources[0]!.closed).toBe(true);
  sources[0]!.say('beat', BEAT);
  expect(heard).toEqual(['opened', 'clear']);
  sources[1]!.say('zone', ZONE);
  expect(heard).toEqual(['opened', 'clear', 'opened', 'clear']);
});

test('a refusing server is asked again and again, ever more slowly but never slower than the limit', () => {
  const { sources, pass } = play();
  for (let i = 0; i < 8; i++) {
    sources.at(-1)!.dispatchEvent(new Event('error'));
    const before = sources.length;
    pass(RETRY_MOST_MS * 1.5);
    expect(sources.length).toBeGreaterThan(before);
  }
});

test('a rubbish line is not a sign of life', () => {
  const { sources, heard, pass } = play();
  for (let i = 0; i < 4; i++) {
    sources[0]!.say('beat', 'rubbish');
    pass(1000);
  }
  expect(heard).toEqual([]);
  expect(sources[0]!.closed).toBe(true);
});

test('a wake-up opens at once, without waiting for the pause', () => {
  const { connection, sources } = play();
  sources[0]!.dispatchEvent(new Event('error'));
  connection.wake();
  expect(sources).toHaveLength(2);
});

test('where the stream fails but requests pass, the state comes by request', async () => {
  const { sources, heard, settle } = play(() => ({ status: 200, body: ZONE }));
  sources[0]!.dispatchEvent(new Event('error'));
  await settle();
  expect(heard).toEqual(['clear']);
});

test('only the server\'s own refusal says that there is no such zone', async () => {
  for (const [body, expected] of [['{"title":"no zone C/5"}', ['unknown']], ['<h1>404</h1>', []]] as const) {
    const { sources, heard, settle } = play(() => ({ status: 404, body }));
    sources[0]!.dispatchEvent(new Event('error'));
    await settle();
    expect(heard).toEqual(expected);
  }
});

test('after the end nothing is opened or heard', async () => {
  const { connection, sources, heard, pass, settle } = play(() => ({ status: 200, body: ZONE }));
  sources[0]!.dispatchEvent(new Event('error'));
  connection.stop();
  pass(60_000);
  await settle();
  expect(sources).toHaveLength(1);
  expect(heard).toEqual([]);
});
