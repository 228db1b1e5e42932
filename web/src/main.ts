// The one entry of the page: it finds the root and lets the router choose what fills it.
import { route } from './router';

const root = document.getElementById('app');
if (root) void open(root);

async function open(element: HTMLElement): Promise<void> {
  await route(element, location.pathname);
}
