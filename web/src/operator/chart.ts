// A small chart of values over time (uPlot), in the page's colours.
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { h } from './dom';

const dashes: number[][] = [[], [6, 3], [2, 3], [8, 3, 2, 3]];

/** A chart with a caption. `show` takes names and columns: moments in milliseconds, then one column of values a name. */
export function chart(caption: string, write: (value: number) => string): { element: HTMLElement; show(names: string[], columns: (number | null)[][]): void } {
  const place = h('div', { class: 'chart-place' });
  const element = h('figure', { class: 'chart' }, h('figcaption', { text: caption }), place);
  let plot: uPlot | null = null;
  let made = '';
  return {
    element,
    show(names, columns) {
      const some = names.length > 0 && (columns[0]?.length ?? 0) > 1;
      element.hidden = !some;
      if (!some || place.clientWidth < 40) return;
      const style = getComputedStyle(element);
      const colours = ['--series-1', '--series-2', '--series-3', '--series-4'].map((name) => style.getPropertyValue(name).trim());
      const ink = style.getPropertyValue('--ink-soft').trim(), grid = style.getPropertyValue('--line').trim();
      const key = [names.join('|'), ink, place.clientWidth].join('#');
      const data = [(columns[0] ?? []).map((moment) => (moment ?? 0) / 1000), ...columns.slice(1)] as uPlot.AlignedData;
      if (plot && key === made) return plot.setData(data);
      plot?.destroy();
      made = key;
      const axis = { stroke: ink, grid: { stroke: grid, width: 1 }, ticks: { stroke: grid, width: 1 }, font: '11px system-ui, sans-serif' };
      plot = new uPlot({
        width: place.clientWidth, height: 120, cursor: { show: false }, legend: { show: names.length > 1, live: false },
        tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC'),
        scales: { y: { range: (_, __, max) => [0, Math.max(max * 1.1, 0.01)] } },
        axes: [{ ...axis, space: 70, values: (_, ticks) => ticks.map((tick) => new Date(tick * 1000).toISOString().slice(11, 19)) }, { ...axis, size: 44, values: (_, ticks) => ticks.map(write) }],
        series: [{}, ...names.map((name, index) => ({ label: name, stroke: colours[index % colours.length] ?? ink, width: 2, dash: dashes[index % dashes.length] ?? [], spanGaps: true, points: { show: false } }))],
      }, data, place);
    },
  };
}
