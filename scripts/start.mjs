// npm start: install, build, and run the main job on the bundled example.
import path from 'node:path';
import { installPackages } from './lib/install.mjs';
import { ROOT } from './lib/root.mjs';
import { runAloud } from './lib/run.mjs';

const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`TileScope needs Node 20.19 or later; this is ${process.versions.node}.`);
  process.exit(2);
}

const must = (status) => {
  if (status !== 0) process.exit(status);
};
const step = async (script, ...args) => must(await runAloud(process.execPath, [path.join(ROOT, script), ...args]));

const example = 'examples/digits';
must(await installPackages());
console.log('Building …');
await step('scripts/build.mjs');
console.log(`\nGolden vectors of ${example} (a trained 4-bit network):\n`);
await step('dist/cli.js', 'generate', '--config', example);
console.log('');
await step('dist/cli.js', 'evaluate', '--model', `${example}/model.onnx`, '--images', `${example}/images.npy`, '--labels', `${example}/labels.npy`);
console.log(`
The files are in ${path.join(example, 'golden')}; ${path.join(example, 'tilescope.json')} says what they are made from.
In VS Code:   npm run vscode            opens the example with the extension; then F1, "TileScope: Generate Vectors".
Your layer:   node dist/cli.js --help   or docs/configuration.md`);
