import fs from 'node:fs';
import path from 'node:path';
import { globSync } from './files.mjs';
import { ROOT } from './root.mjs';

/** What may be in a package, said a second time and apart from .vscodeignore: a slip in there must not ship a secret or 100 MB. */
const ALLOWED = [
  /^(package\.json|readme\.md|changelog\.md|ARCHITECTURE\.md|CONTRIBUTING\.md|LICENSE\.txt)$/,
  /^dist\/([\w./-]+\.(js|css|wasm)|NOTICES\.txt)$/,
  /^schemas\/[\w./-]+\.json$/,
  /^media\/[\w./-]+\.(svg|png|gif|md|css|js|ttf|woff2)$/,
  /^docs\/[\w./-]+\.(md|svg|png|gif)$/,
  /^examples\/digits\/(?!golden\/|dump\/)[\w./-]+$/,
  /^node_modules\/onnxruntime-(node|common)\/package\.json$/,
  /^node_modules\/onnxruntime-node\/dist\/\w+\.js$/,
  /^node_modules\/onnxruntime-common\/dist\/cjs\/([\w-]+\.js|package\.json)$/,
];

/** vsce gives these files names of its own. */
const RENAMED = { 'README.md': 'readme.md', 'CHANGELOG.md': 'changelog.md', LICENSE: 'LICENSE.txt' };

/**
 * What is wrong with the contents of a package, one line each.
 * `names`: its files, relative to the extension. `runtimeFolder`: the folder of the native library it is for, if there is one.
 */
export function faultsOf(names, runtimeFolder) {
  const present = new Set(names);
  const native = runtimeFolder ? globSync(runtimeFolder, /./) : [];
  const strangers = names.filter((name) => !native.includes(name) && !ALLOWED.some((pattern) => pattern.test(name)));
  const missing = [...required(), ...native].filter((file) => !present.has(RENAMED[file] ?? file));
  return [...strangers.map((name) => `not allowed: ${name}`), ...missing.map((name) => `missing: ${name}`), ...brokenLinks()];
}

/** Links of the packaged pages that lead to a file of the repository which the package does not have. */
export function linksOutside(names) {
  const present = new Set(names);
  return links().filter(({ target }) => exists(target) && !isFolder(target) && !present.has(RENAMED[target] ?? target));
}

function required() {
  return [...new Set([...Object.keys(RENAMED), 'package.json', ...builtFiles(), ...namedByManifest(), ...globSync('examples/digits', /^(model\.onnx|tilescope\.json|README\.md)$/), ...globSync('examples/digits/rtl', /./), ...runtimeScripts()])];
}

function builtFiles() {
  return globSync('dist', /(?<!\.map)$/);
}

/** Every file that package.json names: the entry point, icons, schemas, walkthrough pages, wherever they stand in it. */
function namedByManifest() {
  const { scripts, files, ...manifest } = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8'));
  const values = stringsIn(manifest);
  const surely = values.filter((value) => value.startsWith('./') && !value.includes('*'));
  const also = values.filter((value) => /^[\w-]+\/[\w./-]+$/.test(value) && exists(value) && !isFolder(value));
  return [...surely, ...also].map((value) => path.posix.normalize(value));
}

function stringsIn(value) {
  if (typeof value === 'string') return [value];
  return value && typeof value === 'object' ? Object.values(value).flatMap(stringsIn) : [];
}

function runtimeScripts() {
  return [...globSync('node_modules/onnxruntime-node/dist', /\.js$/), ...globSync('node_modules/onnxruntime-common/dist/cjs', /(\.js|package\.json)$/)];
}

function brokenLinks() {
  return links().filter(({ target }) => !exists(target)).map(({ page, target }) => `broken link: ${page} -> ${target}`);
}

/** The relative links and images of the packaged pages, as paths in the repository. */
function links() {
  const pages = ['README.md', 'CHANGELOG.md', ...globSync('docs', /\.md$/)].filter(exists);
  return pages.flatMap((page) => targetsIn(fs.readFileSync(path.join(ROOT, page), 'utf8')).map((target) => ({ page, target: path.posix.join(path.posix.dirname(page), target) })));
}

function targetsIn(markdown) {
  const prose = markdown.replaceAll(/^```[^]*?^```/gm, '').replaceAll(/`[^`\n]*`/g, '');
  const targets = [...prose.matchAll(/\]\(([^)\s]+)\)|(?:src|href)="([^"]+)"/g)].map(([, link, attribute]) => link ?? attribute);
  return targets.filter((target) => !/^([a-z]+:|#)/.test(target)).map((target) => target.replace(/#.*/, ''));
}

function exists(file) {
  return fs.existsSync(path.join(ROOT, file));
}

function isFolder(file) {
  return fs.statSync(path.join(ROOT, file)).isDirectory();
}
