const QUERY = '(prefers-reduced-motion: reduce)';

/** Does the user want things to move less, by the operating system or by VS Code's setting? */
export function wantsLessMotion(): boolean {
  return document.body.classList.contains('vscode-reduce-motion') || matchMedia(QUERY).matches;
}

/** Calls when the operating system's wish becomes another; VS Code's comes with the theme. */
export function onMotionChange(changed: () => void): void {
  matchMedia(QUERY).addEventListener('change', changed);
}
