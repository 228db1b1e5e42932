// The public pages, without log-in: one zone's, and the start page that leads to it.
import './public.css';
import { keepShell } from './shell';
import { StartPage } from './start-page';
import { ZonePage } from './zone-page';

/** Shows one zone's state. */
export function mount(root: HTMLElement, zoneId: string): void {
  new ZonePage(root, zoneId).start();
  keepShell();
}

/** Shows what this is, and the links to the zones. */
export function mountStart(root: HTMLElement): void {
  new StartPage(root).start();
  keepShell();
}
