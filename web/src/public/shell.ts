// Installing: the worker that keeps the page's shell (never a state) for when there is no network, and the manifest of each zone.

/** Lets the worker keep this very page, once it is loaded: its own files, which it tells the worker by name. */
export function keepShell(): void {
  if (!('serviceWorker' in navigator) || !import.meta.env.PROD) return;
  const keep = async (): Promise<void> => {
    try {
      await navigator.serviceWorker.register('/sw.js');
      const worker = (await navigator.serviceWorker.ready).active;
      worker?.postMessage({ type: 'shell', files: loadedFiles() });
    } catch {
      // Not a secure context, or refused: the page works without, but not offline.
    }
  };
  if (document.readyState === 'complete') void keep();
  else window.addEventListener('load', () => void keep());
}

/** Names the manifest; that of a zone starts the installed page at the zone. */
export function linkManifest(zoneId: string | null, name: string | null): void {
  if (document.querySelector('link[rel=manifest]')) return;
  const link = document.createElement('link');
  link.rel = 'manifest';
  link.href = '/manifest.webmanifest';
  if (zoneId !== null) link.href += '?' + new URLSearchParams({ zone: zoneId, name: name ?? zoneId }).toString();
  document.head.append(link);
}

function loadedFiles(): string[] {
  const files = performance
    .getEntriesByType('resource')
    .map((entry) => new URL(entry.name, location.href))
    .filter((address) => address.origin === location.origin && address.pathname.startsWith('/assets/'))
    .map((address) => address.pathname);
  return [...new Set(files)];
}
