// Elements in short. All text goes in as text, never as markup, so that nothing a site or a feed names can become code.

type Child = Node | string | number | null | false | undefined;
type Properties = { class?: string; text?: string | number; on?: Record<string, (event: Event) => void> } & Record<string, unknown>;

/** An element with attributes, listeners (`on`) and children. Attributes that are null or false are left out. */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, properties: Properties = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === 'on') for (const [type, listener] of Object.entries(value as Record<string, (event: Event) => void>)) element.addEventListener(type, listener);
    else if (name === 'text') element.textContent = String(value);
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  for (const child of children) if (child !== null && child !== false && child !== undefined) element.append(typeof child === 'number' ? String(child) : child);
  return element;
}

/** Sets text only where it differs: a text that does not change costs no layout and is not read aloud again. */
export function setText(element: Element, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}

/** Sets or removes an attribute only where it differs. */
export function setAttribute(element: Element, name: string, value: string | null): void {
  if (element.getAttribute(name) === value) return;
  if (value === null) element.removeAttribute(name);
  else element.setAttribute(name, value);
}

/** A part of the page that is updated in place. */
export interface Part<T> {
  readonly element: HTMLElement;
  update(item: T): void;
}

/** A list whose parts keep their elements, and with them the focus, as long as their item stays. */
export class KeyedList<T> {
  private readonly parts = new Map<string, Part<T>>();

  constructor(readonly element: HTMLElement, private readonly keyOf: (item: T) => string, private readonly make: (item: T) => Part<T>) {}

  update(items: readonly T[]): void {
    const keys = new Set(items.map(this.keyOf));
    for (const [key, part] of this.parts) if (!keys.has(key)) { part.element.remove(); this.parts.delete(key); }
    let place: ChildNode | null = this.element.firstChild;
    for (const item of items) {
      const key = this.keyOf(item);
      let part = this.parts.get(key);
      if (!part) this.parts.set(key, (part = this.make(item)));
      part.update(item);
      if (part.element === place) place = place.nextSibling;
      else this.element.insertBefore(part.element, place);
    }
  }
}
