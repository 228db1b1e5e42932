// What the mock plays: a recorded run at real speed, over and over, with made-up channels, feeds and incidents around it.

const Hold = 600_000;
const kept = 4000;

/** The recorded events as a live Site: listeners hear what happens, late ones a snapshot first. */
export class Show {
  constructor(events, options) {
    this.opened = events.find((event) => event.type === 'recording.opened');
    this.recorded = events.map((event) => JSON.stringify(event)).join('\n') + '\n';
    this.events = events.filter((event) => event.type !== 'recording.opened' && event.type !== 'recording.sealed');
    this.options = options;
    this.listeners = new Set();
    this.zoneListeners = new Set();
    this.sequence = 0;
    this.users = [{ name: 'mock', role: 'administrator' }, { name: 'ada', role: 'operator' }];
    this.keys = [{ id: 'k1', name: 'gateway', scopes: ['plots'], created: this.opened.time, lastUsed: null, revoked: false }];
    this.audit = [{ time: this.opened.time, who: 'mock', act: 'log-in', detail: 'from 127.0.0.1' }];
    this.drill = null;
    this.restart();
    this.tick();
    setInterval(() => this.advance(), 50);
    setInterval(() => this.tick(), 1000);
  }

  /** Begins the recording anew, some seconds in where the options say so. */
  restart() {
    this.next = 0;
    this.told = [];
    this.standing = new Map();
    this.ended = new Map();
    this.held = new Map();
    this.counts = { siren: 0, cap: 0, hook: 0 };
    this.acknowledged = new Set();
    this.epochMs = Date.parse(this.opened.time) + this.options.start * 1000;
    this.beganMs = performance.now();
    this.advance();
    for (const { send } of this.listeners) this.snapshot(send);
  }

  now() {
    return this.epochMs + (performance.now() - this.beganMs) * this.options.speed;
  }

  /** Tells what has happened up to now. */
  advance() {
    const now = this.now();
    const batch = [];
    while (this.next < this.events.length && Date.parse(this.events[this.next].time) <= now) this.happen(this.events[this.next++], batch);
    for (const held of [...this.held.values()]) if (Date.parse(held.sendsAt) <= now) this.release(held.warning, 'timeout', batch);
    if (this.next >= this.events.length && now > Date.parse(this.events.at(-1).time) + 30_000) return this.restart();
    this.tell(batch);
  }

  happen(event, batch) {
    if (event.type === 'warning.raised' || event.type === 'warning.updated') {
      if (event.type === 'warning.updated' && !this.standing.has(event.warning)) return;
      const held = this.options.confirm && event.type === 'warning.raised';
      this.standing.set(event.warning, event);
      batch.push({ ...event, identity: `mock.${event.warning}`, released: !held && !this.held.has(event.warning) });
      if (held) {
        const waits = { type: 'release.held', time: event.time, warning: event.warning, zone: event.zone, sendsAt: this.instant(Date.parse(event.time) + 6000) };
        this.held.set(event.warning, waits);
        batch.push(waits);
      } else if (event.type === 'warning.raised') this.send(event, batch);
      this.zoneChanged(event.zone);
      return;
    }
    if (event.type === 'warning.cleared') {
      if (!this.standing.delete(event.warning)) return;
      this.held.delete(event.warning);
      this.ended.set(event.zone, event);
      this.zoneChanged(event.zone);
    }
    batch.push(event);
  }

  send(event, batch) {
    const delay = 0.02 + (event.warning.length * 7919 % 13) / 100;
    batch.push({ type: 'channel.sent', time: event.time, channel: 'sirens', warning: event.warning, delayS: delay });
    batch.push({ type: 'channel.sent', time: event.time, channel: 'cap', warning: event.warning, delayS: delay * 3 });
    batch.push({ type: 'channel.failed', time: event.time, channel: 'town-hall', warning: event.warning, reason: 'connection refused' });
    this.counts.siren++; this.counts.cap++; this.counts.hook++;
  }

  release(id, how, batch) {
    const held = this.held.get(id);
    this.held.delete(id);
    batch.push({ type: 'release.done', time: this.instant(), warning: id, how, heldS: (this.now() - Date.parse(held.time)) / 1000 });
    const warning = this.standing.get(id);
    if (warning) { this.send(warning, batch); this.zoneChanged(warning.zone); }
  }

  /** What the server says each second. */
  tick() {
    const now = this.now(), time = this.instant();
    const silent = this.options.silentAt !== undefined && now > Date.parse(this.opened.time) + this.options.silentAt * 1000;
    const health = [];
    for (const feature of this.opened.site.features.filter((item) => item.properties.kind === 'sensor')) {
      const id = feature.properties.id;
      health.push({ type: 'sensor.state', time, sensor: id, state: silent ? 'silent' : 'ok', blind: silent ? `${id} has been silent for 12 s: rounds may not be seen within 14 km.` : '' });
      health.push({ type: 'feed.state', time, feed: `radar-${id}`, uri: 'udp://239.0.0.5:8600', state: silent ? 'silent' : 'ok', plotsPerS: silent ? 0 : 38 + 9 * Math.sin(now / 9000), rejected: 3, shed: 0, clockOffsetS: 0.012, delayS: 0.084, meaning: silent ? `Nothing has come from ${id} for 12 s.` : '' });
    }
    health.push({ type: 'feed.state', time, feed: 'north-post', uri: 'tcp://10.8.0.4:5020', state: 'waiting', plotsPerS: 0, rejected: 0, shed: 0, clockOffsetS: null, delayS: null, meaning: 'The sensor has not connected yet.' });
    health.push({ type: 'sight', time, sentence: silent ? 'R1 has been silent for 12 s: rounds from any direction may not be seen.' : '' });
    if (silent) health.push({ type: 'notice', time, notice: 'N1', severity: 'danger', text: 'No sensor sees this site now. People are not protected.' });
    const channel = (name, kind, state, sent, delayS, note, failed = 0) => ({ type: 'channel.state', time, channel: name, kind, state, queued: state === 'behind' ? 4 : 0, delayS, sent, failed, note });
    health.push(channel('sirens', 'mqtt', 'ok', this.counts.siren, 0.03 + 0.02 * Math.random(), ''), channel('cap', 'cap', 'behind', this.counts.cap, 0.4 + 0.3 * Math.random(), 'The last alert took longer than usual.'),
      channel('town-hall', 'webhook', 'failing', 0, null, 'Connection refused; the next try in 8 s.', this.counts.hook), channel('tak', 'cot', 'off', 0, null, 'Not configured.'));
    health.push({ type: 'load', time, plotsPerS: silent ? 0 : 38 + 9 * Math.sin(now / 9000), queued: 2, shed: 0, tracks: 0, recordingLost: 0 });
    this.tell([...health, { type: 'clock', time, speed: this.options.speed }]);
    for (const { send } of this.zoneListeners) send(++this.sequence, 'beat', { time, speed: this.options.speed });
  }

  tell(batch) {
    if (batch.length === 0) return;
    this.told.push(...batch);
    // A snapshot needs the newest word on each thing only, but a mock may repeat all that it kept.
    if (this.told.length > 2 * kept) this.told.splice(0, this.told.length - kept);
    const id = ++this.sequence;
    for (const { send } of this.listeners) send(id, 'events', batch);
  }

  snapshot(send) {
    send(++this.sequence, 'snapshot', [{ ...this.opened, site: undefined }, ...this.told, { type: 'clock', time: this.instant(), speed: this.options.speed }]);
  }

  listen(send) {
    const listener = { send };
    this.listeners.add(listener);
    this.snapshot(send);
    return () => this.listeners.delete(listener);
  }

  listenZone(id, send) {
    const listener = { id, send };
    this.zoneListeners.add(listener);
    send(++this.sequence, 'zone', this.publicZone(id));
    return () => this.zoneListeners.delete(listener);
  }

  zoneChanged(id) {
    for (const listener of this.zoneListeners) if (listener.id === id) listener.send(++this.sequence, 'zone', this.publicZone(id));
  }

  zones() {
    return this.opened.site.features.filter((feature) => feature.properties.kind === 'zone').map((feature) => feature.properties);
  }

  publicSite() {
    return {
      name: this.opened.site.tocsin.name, status: this.opened.status, time: this.instant(), speed: this.options.speed,
      zones: this.zones().map(({ id, name }) => ({ id, name, state: this.publicZone(id).state })),
      languages: ['en', 'ar', 'fr', 'he', 'uk'].map((tag) => ({ tag, reviewed: tag === 'en' })),
    };
  }

  publicZone(id) {
    const zone = this.zones().find((item) => item.id === id);
    if (!zone) return null;
    const standing = [...this.standing.values()].find((warning) => warning.zone === id && !this.held.has(warning.warning));
    const over = this.ended.get(id);
    const recent = over && this.now() - Date.parse(over.time) < Hold;
    return {
      zone: id, name: zone.name, state: standing ? 'warned' : recent ? 'over' : 'clear', status: this.opened.status, drill: false,
      advice: standing?.advice ?? null, impactTime: standing?.impactTime ?? null, since: standing?.time ?? (recent ? over.time : null),
      retracted: !standing && !!recent && over.reason === 'retracted', time: this.instant(), speed: this.options.speed, site: this.opened.site.tocsin.name,
    };
  }

  /** The operator's requests; undefined for an unknown path. */
  request(method, path, body, who) {
    const act = (name, warning) => {
      this.audit.unshift({ time: this.instant(), who, act: name, detail: warning ?? '' });
      return { type: 'operator.acted', time: this.instant(), who, act: name, warning: warning ?? null };
    };
    const warning = /^\/warnings\/([^/]+)\/(acknowledge|retract|confirm)$/.exec(path);
    if (warning && method === 'POST') {
      const [, id, name] = warning, standing = this.standing.get(id), batch = [];
      if (!standing) return { status: 404, json: { title: `There is no warning ${id}.` } };
      if (name === 'confirm' && !this.held.has(id)) return { status: 409, json: { title: `${id} was sent already.` } };
      batch.push(act(name, id));
      if (name === 'confirm') this.release(id, 'confirmed', batch);
      if (name === 'retract') this.happen({ type: 'warning.cleared', time: this.instant(), warning: id, status: standing.status, zone: standing.zone, reason: 'retracted' }, batch);
      this.tell(batch);
      return { status: 204 };
    }
    if (path === '/all-clear' && method === 'POST') {
      const batch = [act('all-clear', null)];
      for (const standing of [...this.standing.values()]) {
        if (body.zone === null || body.zone === standing.zone) this.happen({ type: 'warning.cleared', time: this.instant(), warning: standing.warning, status: standing.status, zone: standing.zone, reason: 'over' }, batch);
      }
      this.tell(batch);
      return { status: 204 };
    }
    if (path === '/site') {
      return { status: 200, json: { site: this.opened.site, status: this.opened.status, name: this.opened.site.tocsin.name, time: this.instant(), speed: this.options.speed, confirm: { required: this.options.confirm, limitS: 6 }, page: { style: null, tiles: null, pmtiles: null, attribution: null } } };
    }
    if (path === '/drills' && method === 'GET') {
      return { status: 200, json: { raids: [{ id: 'green-zone', title: 'Green Zone, 20 December 2020', summary: '21 rockets in 20 s from the south-east.' }, { id: 'kidal', title: 'Kidal, 8 June 2017', summary: 'Three rounds at first light; the alarm came 15 s before impact.' }], running: this.drill } };
    }
    if (path === '/drills' && method === 'POST') {
      if (this.standing.size > 0) return { status: 409, json: { title: 'A warning stands: a drill may not start now.' } };
      this.drill = { drill: 'D1', raid: body.raid };
      this.tell([act(`drill ${body.raid}`, null), { type: 'drill.state', time: this.instant(), drill: 'D1', title: 'Green Zone, 20 December 2020', state: 'running', until: this.instant(this.now() + 120_000) }]);
      return { status: 201, json: { drill: 'D1' } };
    }
    if (path === '/drills/current' && method === 'DELETE') {
      this.drill = null;
      this.tell([{ type: 'drill.state', time: this.instant(), drill: null, title: '', state: 'ended', until: null }]);
      return { status: 204 };
    }
    const incident = { id: 'I1', opened: this.opened.time, closed: this.events.at(-1).time, status: this.opened.status, drill: false, rounds: 21, zones: [...new Set(this.events.filter((e) => e.type === 'warning.raised').map((e) => e.zone))], warnings: this.events.filter((e) => e.type === 'warning.raised').length, recording: 'mock.events.jsonl' };
    if (path === '/incidents') return { status: 200, json: [incident, { ...incident, id: 'I0', drill: true, rounds: 3, closed: null, opened: this.instant(Date.parse(this.opened.time) - 86_400_000) }] };
    if (/^\/incidents\/I\d$/.test(path)) {
      const cleared = new Map(this.events.filter((e) => e.type === 'warning.cleared').map((e) => [e.warning, e]));
      const warnings = this.events.filter((e) => e.type === 'warning.raised').map((e) => ({ warning: e.warning, identity: `mock.${e.warning}`, zone: e.zone, raised: e.time, cleared: cleared.get(e.warning)?.time ?? null, reason: cleared.get(e.warning)?.reason ?? null, probability: e.probability, leadTimeS: e.leadTimeS, acknowledgedBy: null, acknowledged: null }));
      return { status: 200, json: { ...incident, warnings } };
    }
    if (/^\/incidents\/I\d\/events$/.test(path)) return { status: 200, text: this.recorded };
    if (path === '/audit') return { status: 200, json: this.audit };
    for (const [name, list, key] of [['/users', this.users, 'name'], ['/keys', this.keys, 'id']]) {
      if (path === name && method === 'GET') return { status: 200, json: list };
      if (path === name && method === 'POST') {
        const id = `k${list.length + 1}`;
        list.push(name === '/users' ? { name: body.name, role: body.role } : { id, name: body.name, scopes: body.scopes, created: this.instant(), lastUsed: null, revoked: false });
        return { status: 201, json: name === '/users' ? { name: body.name } : { id, key: 'tocsin_mock_0123456789abcdef' } };
      }
      if (path.startsWith(`${name}/`) && method === 'DELETE') {
        const index = list.findIndex((item) => item[key] === decodeURIComponent(path.slice(name.length + 1)));
        if (index < 0) return { status: 404, json: { title: 'There is no such one.' } };
        list.splice(index, 1);
        return { status: 204 };
      }
    }
    return undefined;
  }

  instant(ms = this.now()) {
    return new Date(ms).toISOString();
  }
}
