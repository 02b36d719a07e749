import fs from 'node:fs';
import path from 'node:path';
import wabtReady from 'wabt';

/** What of WebAssembly the text may use, beside the first version: all of it is in every host that Node 20 or VS Code brings. */
const FEATURES = { simd: true, bulk_memory: true, sign_extension: true, mutable_globals: true };

/** The bytes of a module written as WebAssembly text. The same text always gives the same bytes. */
export async function assemble(file) {
  const wabt = await wabtReady();
  const module = wabt.parseWat(file, fs.readFileSync(file, 'utf8'), FEATURES);
  try {
    module.validate(FEATURES);
    return module.toBinary({}).buffer;
  } finally {
    module.destroy();
  }
}

/** For esbuild: `import bytes from './x.wat'` gives the assembled module in base64: a string costs nothing until it is used, and bundles that do not use it leave it out. */
export const wat = {
  name: 'wat',
  setup(build) {
    build.onLoad({ filter: /\.wat$/ }, async ({ path: file }) => {
      try {
        return { contents: await assemble(file), loader: 'base64', watchFiles: [file] };
      } catch (error) {
        return { errors: [{ text: error.message, location: { file: path.relative(build.initialOptions.absWorkingDir ?? '.', file) } }] };
      }
    });
  },
};
