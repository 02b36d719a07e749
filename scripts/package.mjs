// Packs the extension as a .vsix for one platform, freshly built (vsce runs vscode:prepublish), then looks into the archive.
//   node scripts/package.mjs [TARGET]      default: linux-x64
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ROOT } from './lib/root.mjs';
import { isMain, runSilently } from './lib/run.mjs';
import { faultsOf, linksOutside } from './lib/vsixContents.mjs';
import { listZip } from './lib/zip.mjs';

/** The native library of ONNX Runtime for each target; null where it has none: there, all but capturing a model works. */
const RUNTIMES = {
  'linux-x64': 'linux/x64',
  'linux-arm64': 'linux/arm64',
  'darwin-arm64': 'darwin/arm64',
  'darwin-x64': null,
  'win32-x64': 'win32/x64',
  'win32-arm64': 'win32/arm64',
};

/** Packs the extension for `target` and returns { file, files, bytes }; throws if the archive is not as it should be. */
export function packageFor(target, log = () => {}) {
  if (!(target in RUNTIMES)) throw new Error(`no such target: ${target}. There are ${Object.keys(RUNTIMES).join(', ')}.`);
  const file = path.join(ROOT, `tilescope-${target}-${version()}.vsix`);
  pack(file, target, log);
  try {
    return { file, ...examine(file, target, log) };
  } catch (error) {
    // nobody shall install what was found wanting
    fs.rmSync(file, { force: true });
    throw error;
  }
}

function pack(file, target, log) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tilescope-package-'));
  try {
    const ignoreFile = path.join(folder, '.vscodeignore');
    fs.writeFileSync(ignoreFile, ignoreListFor(target));
    // links stay as they are written: they lead to pages inside the package
    const options = ['--target', target, '--ignoreFile', ignoreFile, '--out', file, '--no-yarn', '--no-rewrite-relative-links', '--allow-missing-repository'];
    const said = runSilently(process.execPath, [path.join(ROOT, 'node_modules/@vscode/vsce/vsce'), 'package', ...options], { cwd: ROOT });
    for (const warning of said.match(/^.*\bWARNING\b.*$/gm) ?? []) log(warning.trim());
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** .vscodeignore with the one native library: a list for each target, since what one line lets in no other line can keep out. */
function ignoreListFor(target) {
  const common = fs.readFileSync(path.join(ROOT, '.vscodeignore'), 'utf8');
  const runtime = runtimeFolder(target);
  return runtime ? `${common}\n!${runtime}/**\n` : common;
}

function examine(file, target, log) {
  const entries = listZip(file).filter(({ name }) => name.startsWith('extension/'));
  const names = entries.map(({ name }) => name.slice('extension/'.length));
  const faults = faultsOf(names, runtimeFolder(target));
  if (faults.length > 0) throw new Error(`${path.basename(file)} is not as it should be:\n  ${faults.join('\n  ')}`);
  for (const { page, target: link } of linksOutside(names)) log(`note: ${page} links to ${link}, which is not in the package`);
  return { files: names.length, bytes: fs.statSync(file).size };
}

function runtimeFolder(target) {
  return RUNTIMES[target] && `node_modules/onnxruntime-node/bin/napi-v6/${RUNTIMES[target]}`;
}

function version() {
  return JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8')).version;
}

if (isMain(import.meta)) {
  const target = process.argv[2] ?? 'linux-x64';
  try {
    const { file, files, bytes } = packageFor(target, console.log);
    console.log(`${path.relative(ROOT, file)}: ${files} files, ${(bytes / 1e6).toFixed(2)} MB`);
    if (!RUNTIMES[target]) console.log(`There is no ONNX Runtime for ${target}: capturing a model is not possible there, all else is.`);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
