// How the system is: sensors and feeds with what their state means, channels with their delays, the load, and who did what.
import type { Act, Channel, Feed, Sensor } from '../model/state';
import { chart } from './chart';
import type { Context, Panel, View } from './context';
import { emptyNote, healthMark, section } from './controls';
import { h, KeyedList, setText, type Part } from './dom';
import { clockText, spanText } from './format';

export function systemPanel(context: Context): Panel {
  const sensors = new KeyedList<Sensor>(h('ul', { class: 'lines' }), (sensor) => sensor.id, sensorPart);
  const sensorSection = section('Sensors', sensors.element);
  const noSensors = emptyNote('No sensor has reported yet.');
  sensorSection.element.append(noSensors);

  const feeds = new KeyedList<Feed>(h('ul', { class: 'lines' }), (feed) => feed.name, feedPart);
  const feedSection = section('Feeds', feeds.element);
  const noFeeds = emptyNote('No feed is known.');
  feedSection.element.append(noFeeds);
  const rates = chart('Plots a second', (value) => String(Math.round(value)));
  const load = h('p', { class: 'detail' });
  feedSection.element.append(rates.element, load);
  const rejected = new KeyedList<{ source: string; reason: string; count: number }>(h('ul', { class: 'lines' }), (item) => `${item.source}|${item.reason}`, () => {
    const element = h('li');
    return { element, update: (item) => setText(element, `${item.source}: ${item.reason} (${item.count})`) };
  });
  const rejectedSection = section('Input that was refused', rejected.element);

  const channels = new KeyedList<Channel>(h('ul', { class: 'lines' }), (channel) => channel.name, channelPart);
  const channelSection = section('Channels', channels.element);
  const noChannels = emptyNote('No channel is configured: warnings are shown here and on the zones\' pages only.');
  const delays = chart('Delay of each channel, seconds', (value) => (value < 1 ? value.toFixed(2) : value.toFixed(1)));
  channelSection.element.append(noChannels, delays.element);

  const confirm = context.answer.confirm;
  const release = h('p', { class: 'detail' });
  const acts = new KeyedList<Act>(h('ul', { class: 'lines' }), (act) => `${act.atMs}|${act.who}|${act.act}|${act.warning ?? ''}`, () => {
    const element = h('li');
    return { element, update: (act) => setText(element, `${clockText(act.atMs)} ${act.who}: ${act.act}${act.warning ? ` ${act.warning}` : ''}`) };
  });
  const actSection = section('Operators', release, acts.element);
  let drawnMs = -Infinity;

  return {
    element: h('div', { class: 'panel' }, sensorSection.element, feedSection.element, rejectedSection.element, channelSection.element, actSection.element),
    update(view) {
      sensors.update([...view.state.sensors.values()]);
      noSensors.hidden = view.state.sensors.size > 0;
      feeds.update([...view.state.feeds.values()]);
      noFeeds.hidden = view.state.feeds.size > 0;
      rejected.update([...view.state.rejected.values()]);
      rejectedSection.element.hidden = view.state.rejected.size === 0;
      channelSection.element.hidden = false;
      channels.update([...view.state.channels.values()]);
      noChannels.hidden = view.state.channels.size > 0;
      setText(noChannels, view.replay ? 'A replay has no channels.' : 'No channel is configured: warnings are shown here and on the zones\' pages only.');
      const newest = view.state.loads.at(-1);
      setText(load, newest ? `Waiting plots ${newest.queued} · shed under overload ${newest.shed} · tracks ${newest.tracks}${newest.recordingLost > 0 ? ` · lines lost from the recording ${newest.recordingLost}` : ''}` : '');
      setText(release, confirm.required
        ? `Warnings wait for an operator, ${confirm.limitS} s at most, and are then sent by themselves.${view.state.lastRelease ? ` The last (${view.state.lastRelease.warning}) waited ${spanText(view.state.lastRelease.heldS)}: ${view.state.lastRelease.how}.` : ''}`
        : 'Warnings are sent at once, without an operator.');
      acts.update([...view.state.acts].reverse().slice(0, 20));
      if (performance.now() - drawnMs < 950) return;
      drawnMs = performance.now();
      rates.show(['plots a second'], [view.state.loads.map((item) => item.atMs), view.state.loads.map((item) => item.plotsPerS)]);
      showDelays(delays, view);
    },
  };
}

function showDelays(delays: ReturnType<typeof chart>, view: View): void {
  const channels = [...view.state.channels.values()].filter((channel) => channel.delays.length > 0);
  const moments = [...new Set(channels.flatMap((channel) => channel.delays.map(([atMs]) => atMs)))].sort((a, b) => a - b);
  const series = channels.map((channel) => {
    const byMoment = new Map(channel.delays);
    return moments.map((atMs) => byMoment.get(atMs) ?? null);
  });
  delays.show(channels.map((channel) => channel.name), [moments, ...series]);
}

function sensorPart(): Part<Sensor> {
  const health = healthMark();
  const name = h('strong');
  const words = h('span', { class: 'detail' });
  return {
    element: h('li', {}, health.element, h('span', { class: 'grow' }, name, words)),
    update(sensor) {
      health.update(sensor.state);
      setText(name, sensor.id);
      setText(words, sensor.state === 'ok' ? 'sees all of its reach' : sensor.blind || `since ${clockText(sensor.sinceMs)}`);
    },
  };
}

function feedPart(): Part<Feed> {
  const health = healthMark();
  const name = h('strong');
  const words = h('span', { class: 'detail' });
  const meaning = h('span', { class: 'meaning' });
  return {
    element: h('li', {}, health.element, h('span', { class: 'grow' }, name, words, meaning)),
    update(feed) {
      health.update(feed.state);
      setText(name, feed.name);
      const parts = [feed.uri, `${Math.round(feed.plotsPerS)} plots/s`];
      if (feed.delayS !== null) parts.push(`${spanText(feed.delayS)} old`);
      if (feed.clockOffsetS !== null) parts.push(`clock ${feed.clockOffsetS < 0 ? '−' : '+'}${spanText(Math.abs(feed.clockOffsetS))}`);
      if (feed.rejected > 0) parts.push(`${feed.rejected} refused`);
      if (feed.shed > 0) parts.push(`${feed.shed} shed`);
      setText(words, parts.join(' · '));
      setText(meaning, feed.meaning);
      meaning.hidden = feed.meaning === '';
    },
  };
}

function channelPart(): Part<Channel> {
  const health = healthMark();
  const name = h('strong');
  const words = h('span', { class: 'detail' });
  const note = h('span', { class: 'meaning' });
  return {
    element: h('li', {}, health.element, h('span', { class: 'grow' }, name, words, note)),
    update(channel) {
      health.update(channel.state);
      setText(name, channel.name);
      const parts = [channel.kind];
      if (channel.state !== 'off') parts.push(`sent ${channel.sent}`, `delay ${spanText(channel.delayS)}`);
      if (channel.failed > 0) parts.push(`failed ${channel.failed}`);
      if (channel.queued > 0) parts.push(`waiting ${channel.queued}`);
      setText(words, parts.join(' · '));
      setText(note, channel.note);
      note.hidden = channel.note === '';
    },
  };
}

