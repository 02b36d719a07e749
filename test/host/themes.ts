import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from './paths';

export const THEME_NAMES = ['dark', 'light', 'hc-black', 'hc-light'] as const;
export type ThemeName = (typeof THEME_NAMES)[number];

/** Colours of VS Code's own themes, as far as the page of the inspector asks for them. Empty: the theme does not set it. */
const COLORS: Readonly<Record<string, readonly [string, string, string, string]>> = {
  'editor-background': ['#1f1f1f', '#ffffff', '#000000', '#ffffff'],
  'editor-foreground': ['#cccccc', '#3b3b3b', '#ffffff', '#292929'],
  foreground: ['#cccccc', '#3b3b3b', '#ffffff', '#292929'],
  'icon-foreground': ['#cccccc', '#3b3b3b', '#ffffff', '#292929'],
  descriptionForeground: ['#9d9d9d', '#5c5c5c', 'rgba(255, 255, 255, 0.7)', 'rgba(41, 41, 41, 0.7)'],
  disabledForeground: ['rgba(204, 204, 204, 0.5)', 'rgba(97, 97, 97, 0.5)', '#a5a5a5', '#7f7f7f'],
  errorForeground: ['#f85149', '#c4182a', '#f48771', '#b5200d'],
  focusBorder: ['#0078d4', '#005fb8', '#f38518', '#006bbd'],
  contrastBorder: ['', '', '#6fc3df', '#0f4a85'],
  contrastActiveBorder: ['', '', '#f38518', '#006bbd'],
  'panel-border': ['#2b2b2b', '#e5e5e5', '#6fc3df', '#0f4a85'],
  'widget-border': ['#313131', '#e5e5e5', '#6fc3df', '#0f4a85'],
  'editorError-foreground': ['#f14c4c', '#e51400', '', ''],
  'charts-green': ['#89d185', '#388a34', '#89d185', '#374e06'],
  'button-background': ['#0078d4', '#005fb8', '', '#0f4a85'],
  'button-foreground': ['#ffffff', '#ffffff', '#ffffff', '#ffffff'],
  'button-border': ['rgba(255, 255, 255, 0.07)', 'rgba(0, 0, 0, 0.1)', '#6fc3df', '#0f4a85'],
  'button-hoverBackground': ['#026ec1', '#0258a8', '', '#0f4a85'],
  'button-secondaryBackground': ['#313131', '#e5e5e5', '', '#ffffff'],
  'button-secondaryForeground': ['#cccccc', '#3b3b3b', '#ffffff', '#292929'],
  'button-secondaryHoverBackground': ['#3c3c3c', '#cccccc', '', ''],
  'dropdown-background': ['#313131', '#ffffff', '#000000', '#ffffff'],
  'dropdown-foreground': ['#cccccc', '#3b3b3b', '#ffffff', '#292929'],
  'dropdown-border': ['#3c3c3c', '#cecece', '#6fc3df', '#0f4a85'],
  'settings-dropdownListBorder': ['#454545', '#cecece', '#6fc3df', '#0f4a85'],
  'input-background': ['#313131', '#ffffff', '#000000', '#ffffff'],
  'input-foreground': ['#cccccc', '#3b3b3b', '#ffffff', '#292929'],
  'checkbox-background': ['#313131', '#f8f8f8', '#000000', '#ffffff'],
  'checkbox-border': ['#3c3c3c', '#cecece', '#6fc3df', '#0f4a85'],
  'checkbox-foreground': ['#cccccc', '#3b3b3b', '#ffffff', '#292929'],
  'list-activeSelectionBackground': ['#04395e', '#e8e8e8', '', 'rgba(15, 74, 133, 0.1)'],
  'list-activeSelectionForeground': ['#ffffff', '#000000', '#ffffff', '#292929'],
  'list-inactiveSelectionBackground': ['#37373d', '#e4e6f1', '', 'rgba(15, 74, 133, 0.1)'],
  'list-hoverBackground': ['#2a2d2e', '#f2f2f2', 'rgba(255, 255, 255, 0.1)', 'rgba(15, 74, 133, 0.1)'],
  'textLink-foreground': ['#4daafc', '#005fb8', '#21a6ff', '#0f4a85'],
  'textLink-activeForeground': ['#4daafc', '#005fb8', '#21a6ff', '#0f4a85'],
  'progressBar-background': ['#0078d4', '#005fb8', '#6fc3df', '#0f4a85'],
  'editorHoverWidget-background': ['#202020', '#f8f8f8', '#000000', '#ffffff'],
  'editorHoverWidget-foreground': ['#cccccc', '#3b3b3b', '#ffffff', '#292929'],
  'editorHoverWidget-border': ['#454545', '#cecece', '#6fc3df', '#0f4a85'],
  'editorWidget-background': ['#202020', '#f8f8f8', '#0c141f', '#ffffff'],
  'editorWidget-foreground': ['#cccccc', '#3b3b3b', '#ffffff', '#292929'],
  'editorWidget-border': ['#454545', '#c8c8c8', '#6fc3df', '#292929'],
  'editor-selectionBackground': ['#264f78', '#add6ff', '#ffffff', '#0f4a85'],
  'scrollbarSlider-background': ['rgba(121, 121, 121, 0.4)', 'rgba(100, 100, 100, 0.4)', 'rgba(111, 195, 223, 0.6)', 'rgba(15, 74, 133, 0.4)'],
};
const FONTS = { '--vscode-font-family': "'DejaVu Sans', sans-serif", '--vscode-font-size': '13px', '--vscode-font-weight': 'normal', '--vscode-editor-font-family': "'DejaVu Sans Mono', monospace", '--vscode-editor-font-size': '13px' };
const DEFAULTS = { dark: 'dark', light: 'light', 'hc-black': 'highContrast', 'hc-light': 'highContrastLight' } as const;

interface Manifest {
  readonly contributes: { readonly colors: readonly { readonly id: string; readonly defaults: Readonly<Record<string, string>> }[] };
}

/** The CSS variables of a theme, with the colours that the extension contributes. */
export function themeVariables(theme: ThemeName): Record<string, string> {
  const column = THEME_NAMES.indexOf(theme);
  const own = Object.fromEntries(Object.entries(COLORS).flatMap(([name, values]) => (values[column] === '' ? [] : [[name, values[column]!]])));
  const { contributes } = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as Manifest;
  const contributed = contributes.colors.map(({ id, defaults }) => {
    const value = defaults[DEFAULTS[theme]]!;
    return [id.replace('.', '-'), value.startsWith('#') ? value : (own[value.replace('.', '-')] ?? '#ff0000')];
  });
  return { ...FONTS, ...Object.fromEntries([...Object.entries(own), ...contributed].map(([name, value]) => [`--vscode-${name as string}`, value as string])) };
}
