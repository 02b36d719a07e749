// The validator of tilescope.json as plain code: describing the schema and compiling it would cost every start some 30 ms.
import fs from 'node:fs';
import path from 'node:path';
import { createRequire } from 'node:module';
import { build, transform } from 'esbuild';
import { ROOT } from './root.mjs';
import { wat } from './wat.mjs';

const MODULE = path.join(ROOT, 'src/project/configValidator.ts');

/** The schema of src/project/schema.ts as an object. */
export async function configSchema() {
  const bundled = path.join(ROOT, 'out/schema.mjs');
  await build({ absWorkingDir: ROOT, plugins: [wat], entryPoints: ['src/project/schema.ts'], bundle: true, platform: 'node', format: 'esm', outfile: bundled, logLevel: 'warning' });
  // A query, because a module is kept by its address and the file may be new
  return (await import(`${bundled}?${fs.statSync(bundled).mtimeMs}`)).ConfigSchema;
}

/** The code that ajv makes of the schema, as a module of its own. */
export async function validatorCode() {
  const require = createRequire(import.meta.url);
  const { Ajv } = require('ajv');
  const standalone = require('ajv/dist/standalone').default;
  const { VALIDATOR_OPTIONS } = await optionsOf();
  const ajv = new Ajv({ ...VALIDATOR_OPTIONS, code: { source: true } });
  const { code } = await transform(standalone(ajv, ajv.compile(await configSchema())), { minify: true });
  return code;
}

/**
 * Puts that code in the place of the module that would make it at run time. It is only run when a configuration is read.
 * @param apart name of a file beside the bundle to load it from then; without it, it stands in the bundle
 */
export function compiledValidator(code, apart) {
  const made = apart === undefined ? `(() => { const module = { exports: {} }; ${code}; return module.exports; })()` : `require(${JSON.stringify(apart)})`;
  const contents = `let made;
module.exports.validateConfig = function validateConfig(data) { made ??= ${made}; const valid = made(data); validateConfig.errors = made.errors; return valid; };`;
  return {
    name: 'compiled-validator',
    setup(pluginBuild) {
      if (apart !== undefined) pluginBuild.onResolve({ filter: /configValidator\.js$/ }, ({ path: file }) => (file === apart ? { path: file, external: true } : undefined));
      pluginBuild.onLoad({ filter: /configValidator\.ts$/ }, ({ path: file }) => (file === MODULE ? { contents, loader: 'js', resolveDir: path.join(ROOT, 'src/project') } : undefined));
    },
  };
}

async function optionsOf() {
  const bundled = path.join(ROOT, 'out/validatorOptions.mjs');
  await build({ absWorkingDir: ROOT, entryPoints: ['src/project/validatorOptions.ts'], bundle: true, platform: 'node', format: 'esm', outfile: bundled, logLevel: 'warning' });
  return import(bundled);
}
