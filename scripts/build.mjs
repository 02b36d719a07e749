// Bundles the product into dist/ and, with --tests, the test suites into out/test/.
import fs from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { compiledValidator, validatorCode } from './lib/compiledValidator.mjs';
import { copiedOnce } from './lib/copiedOnce.mjs';
import { globSync, rmSync } from './lib/files.mjs';
import { lateBuiltins } from './lib/lateBuiltins.mjs';
import { noticesFor } from './lib/notices.mjs';
import { ROOT } from './lib/root.mjs';
import { wat } from './lib/wat.mjs';

const withTests = process.argv.includes('--tests');

/** Never bundled: VS Code gives the first, the second loads a native library beside its own files. */
const EXTERNAL = ['vscode', 'onnxruntime-node', 'mocha'];

const VALIDATOR = './configValidator.js';
const validator = await validatorCode();

const common = {
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  sourcemap: true,
  external: EXTERNAL,
  logLevel: 'warning',
  // jsonc-parser's "main" is a UMD file whose inner requires a bundler cannot see
  mainFields: ['module', 'main'],
};

rmSync('dist');
// Code of its own beside the bundles: most of them never read a configuration, and none at its start
const { metafile: validatorMetafile } = await build({ ...common, metafile: true, sourcemap: false, stdin: { contents: validator, resolveDir: ROOT, sourcefile: 'configValidator.js' }, outfile: path.join('dist', VALIDATOR) });
const CLI = 'dist/cli.js';
const program = { ...common, plugins: [wat, compiledValidator(validator, VALIDATOR)], metafile: true, outdir: 'dist' };
// A command starts anew each time, and what has no blanks is read in less time; names stay, for the stacks of defects
const { metafile: cliMetafile } = await build({ ...program, plugins: [...program.plugins, lateBuiltins('node:child_process', 'node:crypto')], minifyWhitespace: true, minifySyntax: true, entryPoints: { cli: 'src/cli/main.ts' } });
const { metafile } = await build({
  ...program,
  entryPoints: {
    extension: 'src/extension/extension.ts',
    worker: 'src/worker/main.ts',
    reader: 'src/worker/readerMain.ts',
    inspector: 'src/worker/inspectorMain.ts',
    pages: 'src/worker/pagesMain.ts',
    ort: 'src/model/ortProcess.ts',
  },
});
const extension = path.join(ROOT, 'dist/extension.js');
fs.writeFileSync(extension, copiedOnce(fs.readFileSync(extension, 'utf8')));
// Pages of webviews: one script and one style sheet each, and no eval, which their content security policy forbids
const { metafile: pageMetafile } = await build({
  absWorkingDir: ROOT,
  bundle: true,
  platform: 'browser',
  format: 'iife',
  target: 'chrome120',
  minify: true,
  sourcemap: 'external',
  logLevel: 'warning',
  tsconfig: 'webview/tsconfig.json',
  metafile: true,
  outdir: 'dist/webview',
  entryPoints: { inspector: 'webview/main.ts', pages: 'webview/pages/main.ts' },
  plugins: [{ name: 'focus-visible', setup: assumeFocusVisible }],
});
// A program that npm links by its name: it needs an interpreter line and the right to run
const cli = path.join(ROOT, CLI);
fs.writeFileSync(cli, `#!/usr/bin/env node\n${fs.readFileSync(cli, 'utf8')}`);
fs.chmodSync(cli, 0o755);
fs.writeFileSync(path.join(ROOT, 'dist/NOTICES.txt'), noticesFor({ inputs: { ...metafile.inputs, ...cliMetafile.inputs, ...pageMetafile.inputs, ...validatorMetafile.inputs } }));

/**
 * The toolkit's foundation finds out whether the browser knows :focus-visible by adding a style element, which the page's content security
 * policy forbids: it would complain, and take the answer for a no. Every browser that VS Code runs in knows it.
 */
function assumeFocusVisible({ onLoad }) {
  onLoad({ filter: /fast-foundation[\\/]dist[\\/]esm[\\/]utilities[\\/]style[\\/]focus\.js$/ }, () => ({ contents: "export const focusVisible = 'focus-visible';" }));
}

if (withTests) {
  rmSync('out');
  const entryPoints = globSync('test', /\.ts$/);
  await build({ ...common, plugins: [wat, compiledValidator(validator)], outdir: 'out/test', outbase: 'test', entryPoints, external: [...EXTERNAL, 'playwright-core', 'eslint', 'esbuild', '@vscode/test-electron', 'typescript-eslint', 'axe-core'] });
}
