// The one entry of the page: it finds the root and lets the router choose what fills it.
import { route } from './router';

/** Between two attempts to load a page whose files did not come. */
const RELOAD_MS = 5000;

const root = document.getElementById('app');
if (root) void open(root);

async function open(element: HTMLElement): Promise<void> {
  // A network that goes away between two files must not leave a blank page: silence is a failure that shows.
  window.addEventListener('vite:preloadError', () => {
    element.textContent = 'NOT PROTECTED NOW. This page could not be loaded. Follow the sirens and your local instructions.';
    window.setTimeout(() => location.reload(), RELOAD_MS);
  });
  await route(element, location.pathname);
}
