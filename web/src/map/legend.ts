// What the signs of the map mean: the same pictures as on the map, each with its words.
import { h } from '../operator/dom';
import { trackSprite } from './symbols';

/** The legend, folded until somebody asks. */
export function legend(): HTMLElement {
  const picture = (kind: 'rocket' | 'aircraft' | 'bird' | 'unknown') => {
    const sprite = trackSprite(kind, 'actual', 2);
    return h('img', { src: sprite.image.toDataURL(), alt: '', height: 22 });
  };
  const swatch = (name: string) => h('span', { class: `swatch swatch-${name}`, 'aria-hidden': 'true' });
  const row = (sign: Node, words: string) => h('li', {}, h('span', { class: 'legend-sign' }, sign), words);
  return h('details', { class: 'map-legend' }, h('summary', { text: 'Signs' }),
    h('ul', {},
      row(picture('rocket'), 'round: rocket, artillery or mortar, with trail and course (3 s)'),
      row(picture('aircraft'), 'aircraft'), row(picture('bird'), 'bird'), row(picture('unknown'), 'not yet known'),
      row(swatch('impact'), 'predicted impact, seconds to it, and the ellipse that holds it with 95 %'),
      row(swatch('fell'), 'a round fell here'),
      row(swatch('warned'), 'zone warned, seconds to the first impact'),
      row(swatch('held'), 'warning held: waits for your confirmation'),
      row(swatch('over'), 'over, for ten minutes'),
      row(swatch('drill'), 'drill: hatched, violet, and named'),
      row(swatch('sensor'), 'sensor and its reach; hatched red where it is silent'),
      row(swatch('siren'), 'siren'), row(swatch('shelter'), 'shelter')));
}
