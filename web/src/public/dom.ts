// A few lines that make elements; nothing here parses markup, so nothing from the server can become it.

type Attributes = Record<string, string | boolean>;

/** An element with attributes and children. */
export function el<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes = {},
  children: readonly (Node | string)[] = [],
): HTMLElementTagNameMap[K] {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(key, '');
    else if (value !== false) element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

/** Sets the text, and touches the page only when it changes: a screen reader rereads what is touched. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Shows or hides. */
export function show(element: HTMLElement, shown: boolean): void {
  if (element.hidden === shown) element.hidden = !shown;
}

const SVG = 'http://www.w3.org/2000/svg';

/** A pictogram of strokes and filled shapes on a field of 48 by 48, which says nothing to a screen reader. */
export function pictogram(strokes: readonly string[], fills: readonly string[] = []): SVGSVGElement {
  const svg = document.createElementNS(SVG, 'svg');
  svg.setAttribute('viewBox', '0 0 48 48');
  svg.setAttribute('aria-hidden', 'true');
  svg.setAttribute('focusable', 'false');
  for (const d of strokes) svg.append(path(d, 'stroke'));
  for (const d of fills) svg.append(path(d, 'fill'));
  return svg;
}

function path(d: string, cls: string): SVGPathElement {
  const element = document.createElementNS(SVG, 'path');
  element.setAttribute('d', d);
  element.setAttribute('class', cls);
  return element;
}
