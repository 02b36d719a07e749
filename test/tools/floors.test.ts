import assert from 'node:assert/strict';
import { ESLint } from 'eslint';
import { ROOT } from '../unit/support/fixtures';

/** What the lint rules say of a file's text, as if it stood at that path. */
async function findings(file: string, text: string): Promise<string[]> {
  // In CI the parser would otherwise take the file from the disk, whatever text it is given
  const parserOptions = { disallowAutomaticSingleRunInference: true };
  const eslint = new ESLint({ cwd: ROOT, overrideConfig: { files: ['**/*.ts'], languageOptions: { parserOptions } } });
  const [result] = await eslint.lintText(text, { filePath: `${ROOT}/${file}` });
  return (result?.messages ?? []).map(({ ruleId, message }) => `${ruleId ?? ''}: ${message}`).filter((finding) => /restricted/.test(finding));
}

describe('floors: the lint rules hold them', () => {
  const forbidden: [string, string][] = [
    ['src/engine/psum.ts', "import fs from 'node:fs'; export { fs };"],
    ['src/engine/psum.ts', "import * as vscode from 'vscode'; export { vscode };"],
    ['src/engine/psum.ts', "import { Layout } from '../vectors/layout'; export { Layout };"],
    ['src/engine/psum.ts', 'export const here = document.title;'],
    ['src/vectors/codec.ts', "export const bytes = Buffer.from('');"],
    ['src/vectors/codec.ts', "import { readNpy } from '../model/npy'; export { readNpy };"],
    ['src/protocol/job.ts', "import path from 'path'; export { path };"],
    ['src/model/npy.ts', "import { generate } from '../project/generate'; export { generate };"],
    ['src/model/npy.ts', "import * as vscode from 'vscode'; export { vscode };"],
    ['src/project/generate.ts', "import { run } from '../cli/program'; export { run };"],
    ['src/cli/program.ts', "import { Jobs } from '../extension/jobs'; export { Jobs };"],
    ['src/cli/program.ts', "import * as vscode from 'vscode'; export { vscode };"],
    ['src/extension/jobs.ts', "import { csvOf } from '../../webview/export/csv'; export { csvOf };"],
    ['webview/keys.ts', "import { Jobs } from '../src/extension/jobs'; export { Jobs };"],
    ['webview/keys.ts', "import { generate } from '../src/project/generate'; export { generate };"],
    ['webview/keys.ts', "import fs from 'node:fs'; export { fs };"],
    ['webview/keys.ts', "import * as vscode from 'vscode'; export { vscode };"],
    ['webview/keys.ts', "import { provideVSCodeDesignSystem } from '@vscode/webview-ui-toolkit'; export { provideVSCodeDesignSystem };"],
    ['webview/keys.ts', 'export function show(element: HTMLElement): void { element.innerHTML = element.title; }'],
  ];
  for (const [file, text] of forbidden) {
    it(`${file} must not: ${text}`, async () => {
      assert.equal((await findings(file, text)).length, 1);
    });
  }

  const allowed: [string, string][] = [
    ['src/vectors/codec.ts', "import { Problem } from '../engine/problem'; export { Problem };"],
    ['src/project/generate.ts', "import fs from 'node:fs'; export { fs };"],
    ['src/extension/jobs.ts', "import * as vscode from 'vscode'; export { vscode };"],
    ['webview/keys.ts', "import { nijOf } from '../src/engine/conv'; export { nijOf };"],
    ['webview/keys.ts', 'export const here = document.title;'],
    ['webview/controls.ts', "import { provideVSCodeDesignSystem } from '@vscode/webview-ui-toolkit'; export { provideVSCodeDesignSystem };"],
  ];
  for (const [file, text] of allowed) {
    it(`${file} may: ${text}`, async () => {
      assert.deepEqual(await findings(file, text), []);
    });
  }
});
