import type { Options } from 'ajv';

/** How configurations are validated, here and in the code that a build makes of the schema. */
export const VALIDATOR_OPTIONS = { allErrors: true, discriminator: true, verbose: true, strict: false, allowUnionTypes: true } as const satisfies Options;
