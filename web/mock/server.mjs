// A stand-in for the server, for work on the page: it serves web/dist and the page's protocol from a recorded events file, at real speed.
//   node mock/server.mjs --events FILE [--port 8099] [--speed 1] [--start S] [--confirm] [--role administrator] [--silent-at S] [--login]
// It needs nothing but node, keeps everything in memory, and listens on loopback alone. It is no server: it checks no password but 'mock'.
import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';
import { Show } from './show.mjs';

const options = optionsOf(process.argv.slice(2));
const dist = fileURLToPath(new URL('../dist', import.meta.url));
const languages = fileURLToPath(new URL('../languages', import.meta.url));
const show = new Show(readEvents(options.events), options);
const session = { user: options.login ? null : 'mock', role: options.login ? null : options.role, csrf: 'mock-csrf' };
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.mjs': 'text/javascript', '.css': 'text/css', '.json': 'application/json', '.svg': 'image/svg+xml', '.png': 'image/png', '.webmanifest': 'application/manifest+json', '.wav': 'audio/wav' };
const policy = "default-src 'self'; img-src 'self' data: blob:; worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; connect-src 'self'";

createServer((request, response) => {
  answer(request, response).catch((error) => json(response, 500, { title: String(error) }));
}).listen(options.port, '127.0.0.1', () => console.log(`mock at http://127.0.0.1:${options.port}/operator`));

async function answer(request, response) {
  const url = new URL(request.url, 'http://localhost');
  const path = url.pathname;
  if (!path.startsWith('/api/')) return file(path, response);
  if (path.startsWith('/api/public/')) return publicAnswer(path.slice('/api/public/'.length), request, response);
  const me = () => ({ ...session, firstAdministratorMissing: false, oidc: false });
  const body = request.method === 'POST' ? await bodyOf(request) : {};
  if (path === '/api/me') return json(response, 200, me());
  if (path === '/api/login') {
    if (body.password !== 'mock') return json(response, 401, { title: 'The name or the password is wrong.' });
    Object.assign(session, { user: body.user, role: options.role });
    return json(response, 200, me());
  }
  if (!session.role) return json(response, 401, { title: 'Log in first.' });
  if (request.method !== 'GET' && request.headers['x-tocsin-csrf'] !== session.csrf) return json(response, 403, { title: 'The page is out of date; load it again.' });
  if (path === '/api/logout') {
    Object.assign(session, { user: null, role: null });
    return empty(response);
  }
  if (path === '/api/stream') return stream(request, response, (send) => show.listen(send));
  const result = show.request(request.method, path.slice('/api'.length), body, session.user);
  if (result === undefined) return json(response, 404, { title: `There is nothing at ${path}.` });
  if (result.status === 204) return empty(response);
  if (result.text !== undefined) {
    response.writeHead(200, { 'Content-Type': 'application/x-ndjson' });
    return response.end(result.text);
  }
  return json(response, result.status, result.json);
}

function publicAnswer(path, request, response) {
  if (path === 'site') return json(response, 200, show.publicSite());
  const language = /^languages\/([a-zA-Z-]+)$/.exec(path);
  if (language) return file(`/${language[1]}.json`, response, languages);
  const zone = /^zones\/([^/]+)(\/stream)?$/.exec(path);
  const id = zone && decodeURIComponent(zone[1]);
  if (!zone || !show.publicZone(id)) return json(response, 404, { title: 'There is no such zone.' });
  if (!zone[2]) return json(response, 200, show.publicZone(id));
  return stream(request, response, (send) => show.listenZone(id, send));
}

/** One stream of server-sent events; `listen` is given a function that sends one and gives back one that stops. */
function stream(request, response, listen) {
  response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store', Connection: 'keep-alive' });
  const stop = listen((id, name, data) => response.write(`id: ${id}\nevent: ${name}\ndata: ${JSON.stringify(data)}\n\n`));
  request.on('close', stop);
}

function file(path, response, root = dist) {
  const full = normalize(join(root, path));
  const inside = full.startsWith(root) && existsSync(full) && statSync(full).isFile();
  const found = inside ? full : join(dist, 'index.html');
  response.writeHead(200, { 'Content-Type': types[extname(found)] ?? 'application/octet-stream', 'Content-Security-Policy': policy, 'X-Content-Type-Options': 'nosniff' });
  createReadStream(found).pipe(response);
}

function json(response, status, value) {
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store' });
  response.end(JSON.stringify(value));
}

function empty(response) {
  response.writeHead(204);
  response.end();
}

async function bodyOf(request) {
  let text = '';
  for await (const part of request) text += part;
  return text === '' ? {} : JSON.parse(text);
}

function readEvents(path) {
  if (!path) {
    console.error('--events FILE is needed: ./tocsin run scenarios/green-zone.json --events FILE makes one');
    process.exit(2);
  }
  const bytes = readFileSync(path);
  const text = (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
  return text.split('\n').filter((line) => line !== '' && !line.startsWith('{"type":"plot"')).map((line) => JSON.parse(line));
}

function optionsOf(words) {
  const result = { port: 8099, speed: 1, start: 0, role: 'administrator', confirm: false, login: false };
  for (let i = 0; i < words.length; i++) {
    const name = words[i].replace(/^--/, '').replace(/-([a-z])/g, (_, letter) => letter.toUpperCase());
    if (name === 'confirm' || name === 'login') result[name] = true;
    else {
      const value = words[++i];
      result[name] = ['events', 'role'].includes(name) ? value : Number(value);
    }
  }
  return result;
}
