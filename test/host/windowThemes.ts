/** The themes in which everything is looked at: what VS Code calls them, and the classes that its workbench and its pages then have. */
export const THEMES = {
  dark: { label: 'Default Dark Modern', mark: 'dark_modern', pageClass: 'vscode-dark' },
  light: { label: 'Default Light Modern', mark: 'light_modern', pageClass: 'vscode-light' },
  contrast: { label: 'Default High Contrast', mark: 'hc_black', pageClass: 'vscode-high-contrast:not(.vscode-high-contrast-light)' },
  'contrast-light': { label: 'Default High Contrast Light', mark: 'hc_light', pageClass: 'vscode-high-contrast-light' },
} as const;

export type ThemeName = keyof typeof THEMES;
export const THEME_NAMES = Object.keys(THEMES) as ThemeName[];
