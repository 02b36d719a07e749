import { isRecord } from './record';

/** Says whether a value that came from outside has a form. */
export type Test = (value: unknown) => boolean;

export const isString: Test = (value) => typeof value === 'string';
export const isBoolean: Test = (value) => typeof value === 'boolean';
/** A whole number, negative ones included. */
export const isWhole: Test = (value) => Number.isSafeInteger(value);
export const isCount: Test = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
/** At least 1. */
export const isSize: Test = (value) => isCount(value) && value !== 0;
export const isNumber: Test = (value) => typeof value === 'number' && !Number.isNaN(value);

export const oneOf =
  (values: readonly unknown[]): Test =>
  (value) =>
    values.includes(value);

export const optional =
  (test: Test): Test =>
  (value) =>
    value === undefined || test(value);

export const listOf =
  (test: Test): Test =>
  (value) =>
    Array.isArray(value) && value.every(test);

/** An object whose named fields pass; further ones do no harm. */
export const shapeOf =
  (fields: Readonly<Record<string, Test>>): Test =>
  (value) =>
    isRecord(value) && Object.entries(fields).every(([name, test]) => test(value[name]));

/** Passes where both tests do. */
export const both =
  (one: Test, other: Test): Test =>
  (value) =>
    one(value) && other(value);

/** A message whose `type` names the fields that it has. */
export const variantOf =
  (variants: Readonly<Record<string, Test>>): Test =>
  (value) => {
    if (!isRecord(value) || typeof value['type'] !== 'string' || !Object.hasOwn(variants, value['type'])) return false;
    return variants[value['type']]!(value);
  };

/** By name and not by class: a message may come from another realm. Elements are not looked at, their type says what they are. */
const typedArray =
  (name: string): Test =>
  (value) =>
    ArrayBuffer.isView(value) && Object.prototype.toString.call(value) === `[object ${name}]`;
export const isFloat64Array = typedArray('Float64Array');
export const isInt32Array = typedArray('Int32Array');
export const isUint8Array = typedArray('Uint8Array');
