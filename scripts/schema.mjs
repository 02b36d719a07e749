// Writes schemas/tilescope.schema.json from the one description in src/project/schema.ts.
import fs from 'node:fs';
import path from 'node:path';
import { configSchema } from './lib/compiledValidator.mjs';
import { ROOT } from './lib/root.mjs';

// `$id` names the schema inside the validator; a file is known by its path
const { $id, ...schema } = await configSchema();
fs.writeFileSync(path.join(ROOT, 'schemas/tilescope.schema.json'), JSON.stringify({ $schema: 'http://json-schema.org/draft-07/schema#', ...schema }, null, 2) + '\n');
