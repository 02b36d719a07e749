import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { contrast, parseColor } from '../../../webview/draw/color';
import type { Rgb } from '../../../webview/draw/color';
import { ROOT } from '../../host/paths';

type Defaults = Readonly<Record<'dark' | 'light' | 'highContrast' | 'highContrastLight', string>>;
const { contributes } = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { contributes: { colors: readonly { id: string; defaults: Defaults }[] } };

/** Editor backgrounds and foregrounds of VS Code's own themes, the latest and those before. */
const THEMES: readonly { readonly name: string; readonly kind: keyof Defaults; readonly background: string; readonly foreground: string }[] = [
  { name: 'Dark Modern', kind: 'dark', background: '#1f1f1f', foreground: '#cccccc' },
  { name: 'Dark+', kind: 'dark', background: '#1e1e1e', foreground: '#d4d4d4' },
  { name: 'Light Modern', kind: 'light', background: '#ffffff', foreground: '#3b3b3b' },
  { name: 'Light+', kind: 'light', background: '#ffffff', foreground: '#000000' },
  { name: 'High Contrast', kind: 'highContrast', background: '#000000', foreground: '#ffffff' },
  { name: 'High Contrast Light', kind: 'highContrastLight', background: '#ffffff', foreground: '#292929' },
];
/** The least that WCAG asks of text (1.4.3). */
const LEAST = 4.5;
/** What lies under the text of a golden file, and what is text itself. */
const TINTS = ['negativeWeak', 'negative', 'negativeStrong', 'positiveWeak', 'positive', 'positiveStrong', 'band'];
const TEXTS = ['legend', 'zero'];

describe('contributed colours', () => {
  for (const { name, kind, background, foreground } of THEMES) {
    const declared = (id: string, under: Rgb): Rgb => {
      const color = contributes.colors.find((one) => one.id === `tilescope.${id}`);
      assert.ok(color !== undefined, id);
      const parsed = parseColor(color.defaults[kind], under);
      assert.ok(parsed !== undefined, `${id}: ${color.defaults[kind]}`);
      return parsed;
    };
    const editor = parseColor(background)!;

    for (const tint of TINTS) {
      it(`${name}: text is read on ${tint}`, () => {
        const found = contrast(parseColor(foreground)!, declared(tint, editor));
        assert.ok(found >= LEAST, `${found.toFixed(2)}:1`);
      });
    }
    for (const text of TEXTS) {
      it(`${name}: ${text} is read on the background, and in every other column`, () => {
        for (const under of [editor, declared('band', editor)]) {
          const found = contrast(declared(text, under), under);
          assert.ok(found >= LEAST, `${found.toFixed(2)}:1`);
        }
      });
    }
  }
});
