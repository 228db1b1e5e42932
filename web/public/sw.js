// Keeps the shell of the public page for when there is no network, and nothing else: never a state, never anything below /api.
//
// The shell is one index.html with the files it loads, kept together, so that an update is whole or not at all. A page that has loaded
// names its files; this worker knows none of them, so it needs no change when they do.

const SHELL = 'tocsin-shell-1';
const INDEX = '/';
const MANIFEST = '/manifest.webmanifest';
const EXTRAS = [MANIFEST, '/icon.svg', '/icon-256.png', '/icon-512.png'];

// How long a page waits for the network before its kept shell is shown.
const PATIENCE_MS = 2500;

self.addEventListener('install', () => self.skipWaiting());

self.addEventListener('activate', (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) if (name.startsWith('tocsin-') && name !== SHELL) await caches.delete(name);
      await self.clients.claim();
    })(),
  );
});

self.addEventListener('message', (event) => {
  const data = event.data;
  if (data?.type !== 'shell' || !Array.isArray(data.files)) return;
  event.waitUntil(keep(data.files.filter((file) => typeof file === 'string' && file.startsWith('/assets/'))).catch(() => {}));
});

self.addEventListener('fetch', (event) => {
  const request = event.request;
  const address = new URL(request.url);
  if (request.method !== 'GET' || address.origin !== self.location.origin || address.pathname.startsWith('/api/')) return;
  if (request.mode === 'navigate') {
    if (address.pathname === '/' || address.pathname.startsWith('/zone/')) event.respondWith(page(request));
  } else if (address.pathname === MANIFEST) {
    event.respondWith(manifest(request, address));
  } else if (address.pathname.startsWith('/assets/') || EXTRAS.includes(address.pathname)) {
    event.respondWith(file(request));
  }
});

// The network's page, unless the network is away, slow or ill: the kept shell then says that nobody is protected.
async function page(request) {
  const network = fetch(request);
  network.catch(() => {});
  const kept = await (await caches.open(SHELL)).match(INDEX);
  if (!kept) return network;
  let timer;
  const patience = new Promise((resolve) => (timer = setTimeout(() => resolve(null), PATIENCE_MS)));
  try {
    const answer = await Promise.race([network, patience]);
    return answer !== null && answer.status < 500 ? answer : kept;
  } catch {
    return kept;
  } finally {
    clearTimeout(timer);
  }
}

// Files below /assets carry a hash of their content in their names, so a kept one is never an old one.
async function file(request) {
  const kept = await caches.match(request, { ignoreSearch: true });
  return kept ?? fetch(request);
}

// The manifest of a zone is the site's, with the zone's own start.
async function manifest(request, address) {
  const kept = await caches.match(MANIFEST);
  const plain = kept ?? (await fetch(MANIFEST));
  const zone = address.searchParams.get('zone');
  if (!zone || !plain.ok) return plain;
  const start = '/zone/' + encodeURIComponent(zone);
  const name = address.searchParams.get('name') || zone;
  const own = { ...(await plain.json()), id: start, start_url: start, name: 'Tocsin: ' + name, short_name: name };
  return new Response(JSON.stringify(own), { headers: { 'Content-Type': 'application/manifest+json' } });
}

// Fetches everything first, and only then changes what is kept.
async function keep(files) {
  const index = await fetch(INDEX, { cache: 'no-store' });
  if (!whole(index)) return;
  const text = await index.clone().text();
  const entry = /<script[^>]+src="(\/assets\/[^"]+)"/.exec(text)?.[1];
  // A newer index than the page that asks: it will ask itself when it is opened.
  if (!entry || !files.includes(entry)) return;
  const named = [...text.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map((match) => match[1]);
  const cache = await caches.open(SHELL);
  const wanted = [...new Set([...files, ...named, ...EXTRAS])];
  const answers = await Promise.all(
    wanted.map(async (path) => [path, (path.startsWith('/assets/') && (await cache.match(path))) || (await fetch(path))]),
  );
  if (answers.some(([path, answer]) => path.startsWith('/assets/') && !whole(answer))) return;
  for (const [path, answer] of answers) if (whole(answer)) await cache.put(path, answer);
  await cache.put(INDEX, index);
  // A zone's page and the start page share all their files; what neither names any more is an older version's.
  for (const request of await cache.keys()) {
    const path = new URL(request.url).pathname;
    if (path !== INDEX && !wanted.includes(path)) await cache.delete(request);
  }
}

// A redirect or an error page of something in between (a hotel's log-in page) is not the shell.
function whole(answer) {
  return answer.ok && !answer.redirected && answer.type === 'basic';
}
