// A stub: the public page of a zone replaces this file.

/** Shows one zone's state. */
export function mount(root: HTMLElement, zoneId: string | null): void {
  root.textContent = zoneId;
}

/** Shows the links to the zones. */
export function mountStart(root: HTMLElement): void {
  root.textContent = 'Tocsin';
}
