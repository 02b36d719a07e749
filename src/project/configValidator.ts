import type { ValidateFunction } from 'ajv';
import { Ajv } from 'ajv';
import type { ConfigData } from './schema';
import { ConfigSchema } from './schema';
import { VALIDATOR_OPTIONS } from './validatorOptions';

/** Is this a configuration? What is wrong with it stands in `errors`. A build puts the code that ajv makes here in the place of this module. */
export const validateConfig: ValidateFunction<ConfigData> = new Ajv(VALIDATOR_OPTIONS).compile<ConfigData>(ConfigSchema);
