// Writes schemas/tilescope.schema.json from the one description in src/project/schema.ts.
import fs from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { ROOT } from './lib/root.mjs';
import { wat } from './lib/wat.mjs';

const bundled = path.join(ROOT, 'out/schema.mjs');
await build({ absWorkingDir: ROOT, plugins: [wat], entryPoints: ['src/project/schema.ts'], bundle: true, platform: 'node', format: 'esm', outfile: bundled, logLevel: 'warning' });
const { ConfigSchema } = await import(bundled);
// `$id` names the schema inside the validator; a file is known by its path
const { $id, ...schema } = ConfigSchema;
fs.writeFileSync(path.join(ROOT, 'schemas/tilescope.schema.json'), JSON.stringify({ $schema: 'http://json-schema.org/draft-07/schema#', ...schema }, null, 2) + '\n');
