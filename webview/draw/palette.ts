import type { Rgb } from './color';
import { css, mix, parseColor, textOn } from './color';

/** Colours of a theme, as drawings use them. */
export interface Palette {
  readonly background: string;
  readonly foreground: string;
  readonly muted: string;
  readonly border: string;
  readonly focus: string;
  readonly error: string;
  readonly accent: string;
  /** Zero padding: dots over a cell. */
  readonly padding: string;
  /** A line or column that belongs to the selection. */
  readonly band: string;
  readonly font: string;
  readonly scale: { readonly negative: Rgb; readonly zero: Rgb; readonly positive: Rgb };
}

/** Where a drawing's colours come from, the first that the theme has. */
const SOURCES = {
  background: ['--vscode-editor-background'],
  foreground: ['--vscode-editor-foreground', '--vscode-foreground'],
  muted: ['--vscode-descriptionForeground', '--vscode-foreground'],
  border: ['--vscode-contrastBorder', '--vscode-panel-border', '--vscode-widget-border'],
  focus: ['--vscode-focusBorder', '--vscode-contrastActiveBorder'],
  error: ['--vscode-tilescope-mismatch', '--vscode-editorError-foreground', '--vscode-errorForeground'],
  accent: ['--vscode-charts-green', '--vscode-focusBorder'],
  padding: ['--vscode-tilescope-padding', '--vscode-disabledForeground'],
  band: ['--vscode-editor-selectionBackground', '--vscode-focusBorder'],
  negative: ['--vscode-tilescope-heatNegative'],
  zero: ['--vscode-tilescope-heatZero'],
  positive: ['--vscode-tilescope-heatPositive'],
} as const;

/** What stands in for a colour that a theme lacks altogether. */
const DARK = { background: '#1e1e1e', foreground: '#cccccc', muted: '#9d9d9d', border: '#444444', focus: '#0078d4', error: '#f14c4c', accent: '#89d185', padding: '#7f7f7f', band: '#264f78', negative: '#4aa3ff', zero: '#333538', positive: '#ff9a3c' };

/**
 * The palette of a theme.
 * @param valueOf the value of a CSS variable, empty when the theme does not set it
 */
export function paletteFrom(valueOf: (name: string) => string): Palette {
  const first = (name: keyof typeof SOURCES, on: Rgb): Rgb => {
    const values = [...SOURCES[name].map(valueOf), DARK[name]];
    return values.map((value) => parseColor(value, on)).find((color) => color !== undefined) ?? [128, 128, 128];
  };
  const background = first('background', [30, 30, 30]);
  const color = (name: keyof typeof SOURCES): string => css(first(name, background));
  return {
    background: css(background),
    foreground: color('foreground'),
    muted: color('muted'),
    border: color('border'),
    focus: color('focus'),
    error: color('error'),
    accent: color('accent'),
    padding: color('padding'),
    band: color('band'),
    font: valueOf('--vscode-editor-font-family') || 'monospace',
    scale: { negative: first('negative', background), zero: first('zero', background), positive: first('positive', background) },
  };
}

type HeatColors = { readonly fill: string; readonly text: string };

/** Steps of a scale: more than a screen tells apart, few enough to be mixed once. */
const HEAT_STEPS = 255;
/** By scale: every cell of every drawing asks, and the contrast that text needs takes longer to find than to draw. */
const heats = new WeakMap<Palette['scale'], Map<number, HeatColors>>();

/** Fill of a value and the colour of text on it: negative blue, positive orange, stronger with the magnitude. */
export function heat({ scale }: Palette, value: number, largest: number): HeatColors {
  // The root lifts small values off the zero: most psums are small beside the largest
  const share = value === 0 ? 0 : 0.12 + 0.88 * Math.sqrt(Math.min(1, Math.abs(value) / Math.max(1, largest)));
  const step = Math.sign(value) * Math.round(share * HEAT_STEPS);
  const known = heats.get(scale) ?? new Map<number, HeatColors>();
  heats.set(scale, known);
  const found = known.get(step) ?? heatOf(scale, step);
  known.set(step, found);
  return found;
}

function heatOf(scale: Palette['scale'], step: number): HeatColors {
  const color = mix(scale.zero, step < 0 ? scale.negative : scale.positive, Math.abs(step) / HEAT_STEPS);
  return { fill: css(color), text: textOn(color) };
}
