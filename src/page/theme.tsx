import type { JSX } from 'preact';
import { useState } from 'preact/hooks';

const key = 'aws-delegation-theme';

/** As whoever reads this report chose it the last time. */
export function restoreTheme(): void {
  try {
    const theme = localStorage.getItem(key);
    if (theme === 'light' || theme === 'dark') document.documentElement.dataset['theme'] = theme;
  } catch {
    // A file may have no storage.
  }
}

type Theme = 'light' | 'dark';

export function ThemeSwitch(): JSX.Element {
  const [theme, setTheme] = useState<Theme>(
    () =>
      (document.documentElement.dataset['theme'] as Theme | undefined) ??
      (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'),
  );
  const other: Theme = theme === 'dark' ? 'light' : 'dark';
  return (
    <button
      type="button"
      class="tool"
      aria-label={`Switch to ${other} colours`}
      onClick={() => {
        document.documentElement.dataset['theme'] = other;
        setTheme(other);
        try {
          localStorage.setItem(key, other);
        } catch {
          // A file may have no storage; then it is for this visit.
        }
      }}
    >
      {other === 'dark' ? 'Dark' : 'Light'}
    </button>
  );
}
