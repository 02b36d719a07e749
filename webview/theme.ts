import type { Palette } from './draw/palette';
import { paletteFrom } from './draw/palette';

/** The palette of the theme that VS Code has given the page. */
export function currentPalette(): Palette {
  const style = getComputedStyle(document.body);
  return paletteFrom((name) => style.getPropertyValue(name).trim());
}

/** Calls when another theme has come. */
export function onThemeChange(changed: () => void): void {
  const observer = new MutationObserver(changed);
  observer.observe(document.body, { attributes: true, attributeFilter: ['class', 'data-vscode-theme-id'] });
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['style', 'class'] });
}
