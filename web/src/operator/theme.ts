// Light and dark: what the system prefers, unless the user chose.

export type Theme = 'light' | 'dark';
const Key = 'tocsin.theme';

/** The theme in use. */
export function theme(): Theme {
  const chosen = document.documentElement.dataset['theme'];
  if (chosen === 'light' || chosen === 'dark') return chosen;
  return matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light';
}

/** Puts the chosen theme in place and tells `changed` of each later change, the system's too. */
export function startTheme(changed: (theme: Theme) => void): void {
  set(stored() ?? theme());
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', (event) => {
    if (stored() !== null) return;
    set(event.matches ? 'dark' : 'light');
    changed(theme());
  });
}

/** Changes to the other theme and remembers it on this machine. */
export function toggleTheme(): Theme {
  const next = theme() === 'dark' ? 'light' : 'dark';
  set(next);
  try {
    localStorage.setItem(Key, next);
  } catch {
    // A browser that stores nothing forgets the choice with the page.
  }
  return next;
}

function set(value: Theme): void {
  document.documentElement.dataset['theme'] = value;
}

function stored(): Theme | null {
  try {
    const value = localStorage.getItem(Key);
    return value === 'light' || value === 'dark' ? value : null;
  } catch {
    return null;
  }
}
