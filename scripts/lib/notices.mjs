import fs from 'node:fs';
import path from 'node:path';
import { ROOT } from './root.mjs';

/** Packages that are shipped beside the bundles, not in them. */
const BESIDE = ['onnxruntime-node', 'onnxruntime-common'];

/**
 * The licences of all packages that a build contains, as one text: their terms ask for it.
 * @param metafile esbuild's account of what went into the bundles
 */
export function noticesFor(metafile) {
  const bundled = Object.keys(metafile.inputs).flatMap((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(file)?.[1] ?? []);
  const packages = [...new Set([...bundled, ...BESIDE])].sort();
  return ['TileScope contains these packages, and a subset of the ONNX project\'s onnx.proto (Apache-2.0).', ...packages.map(noticeOf)].join('\n\n');
}

function noticeOf(name) {
  const folder = path.join(ROOT, 'node_modules', name);
  const { version, license } = JSON.parse(fs.readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const file = fs.readdirSync(folder).find((entry) => /^licen[cs]e(\.\w+)?$/i.test(entry));
  const text = file === undefined ? 'The package names its licence above and holds no further text.' : fs.readFileSync(path.join(folder, file), 'utf8').trim();
  return `${'-'.repeat(100)}\n${name} ${version} (${license})\n\n${text}`;
}
