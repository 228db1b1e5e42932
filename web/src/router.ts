// Which page stands at which address. Each page is a chunk of its own, so that a phone that opens its zone never loads the map.

/** What an address asks for. */
export type Page =
  | { page: 'start' }
  | { page: 'zone'; zoneId: string }
  | { page: 'operator' }
  | { page: 'bench' };

/** The page at a path. An unknown path gives the start page, which always helps further; a zone's id is percent-decoded. */
export function pageAt(path: string): Page {
  const parts = path.split('/').filter((part) => part !== '');
  if (parts[0] === 'zone' && parts[1] !== undefined) return { page: 'zone', zoneId: decoded(parts[1]) };
  if (parts[0] === 'operator') return { page: 'operator' };
  if (parts[0] === 'bench') return { page: 'bench' };
  return { page: 'start' };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Loads the page's code and gives it the root element. */
export async function route(root: HTMLElement, path: string): Promise<void> {
  const where = pageAt(path);
  switch (where.page) {
    case 'zone':
      return (await import('./public/main')).mount(root, where.zoneId);
    case 'start':
      return (await import('./public/main')).mountStart(root);
    case 'operator':
      return (await import('./operator/main')).mountOperator(root);
    case 'bench':
      return (await import('./operator/bench')).mountBench(root);
  }
}
