import { Problem } from '../engine/problem';
import { KINDS } from '../vectors/axis';
import type { CheckArguments } from './check';

/** As typed: `--no-relu` is the option `relu` with false. */
function typedAs(key: keyof CheckArguments, args: CheckArguments): string {
  return key === 'relu' && args.relu === false ? '--no-relu' : `--${key.replace('Tile', '-tile')}`;
}

function firstGiven(keys: readonly (keyof CheckArguments)[], args: CheckArguments): string | undefined {
  const key = keys.find((name) => args[name] !== undefined);
  return key === undefined ? undefined : typedAs(key, args);
}

/** An option that would be ignored is a mistake. @throws Problem `usage` */
export function refuseForConfigured(args: CheckArguments): void {
  const given = firstGiven(['layer', 'map', 'kind', 'bits', 'signed', 'unsigned', 'relu', 'icTile', 'ocTile', 'range', 'signal', 'clock', 'valid'], args);
  if (given !== undefined) throw new Problem('usage', `${given} needs a dump on the command line.`, 'Name it (tilescope check GOLDEN DUMP), or set it in the "checks" of tilescope.json.');
}

/** The same for a dump that was named. @throws Problem `usage` */
export function refuseForTyped(args: CheckArguments, goldens: readonly string[], dump: string): void {
  const refuse = (what: string, next: string): never => {
    throw new Problem('usage', what, next);
  };
  const { layer, signal, kind } = args;
  if (args.only !== undefined) refuse('--only chooses among the checks of tilescope.json.', 'Leave out the files, or --only.');
  if (goldens.length === 0 && layer === undefined) refuse(`There is nothing to compare ${dump} with.`, 'Name golden files or a folder before it, or give --layer NAME.');
  if (goldens.length > 0 && layer !== undefined) refuse('Golden files and --layer exclude each other.', 'Leave out one of them.');
  if (args.config !== undefined && layer === undefined) refuse('--config says nothing about golden files and a dump that are named.', 'Leave it out, give --layer NAME, or leave out the files.');
  if (args.signed === true && args.unsigned === true) refuse('--signed and --unsigned exclude each other.', 'Choose one of them.');
  if (kind !== undefined && !KINDS.some((known) => known === kind)) refuse(`--kind cannot be ${JSON.stringify(kind)}.`, `Use one of ${KINDS.join(', ')}.`);
  if (args.relu !== undefined && kind !== undefined && kind !== 'out') refuse(`${typedAs('relu', args)} says nothing about ${kind}.`, 'Leave it out.');
  const ofLayer = firstGiven(['bits', 'signed', 'unsigned'], args);
  if (layer !== undefined && ofLayer !== undefined) refuse(`${ofLayer} says how golden files are read, and a layer is computed.`, 'Leave it out; "psumBits" in tilescope.json is the width.');
  const ofWave = firstGiven(['clock', 'valid'], args);
  if (signal === undefined && ofWave !== undefined) refuse(`${ofWave} says when a signal is sampled, and none is named.`, 'Give --signal NAME, or leave it out.');
  if (signal !== undefined && args.range !== undefined) refuse('A waveform has no addresses.', 'Leave out --range.');
}

/** @throws Problem `usage` when it is none, or not within the limits */
export function wholeNumber(option: string, text: string | undefined, least: number, most: number): number | undefined {
  if (text === undefined) return undefined;
  const number = Number(text);
  if (/^\d+$/.test(text) && number >= least && number <= most) return number;
  throw new Problem('usage', `${option} ${text === '' ? '""' : text} is no ${option === '--bits' ? 'width' : 'number'}.`, `Give a whole number from ${least}${most === Number.MAX_SAFE_INTEGER ? ' on' : ` to ${most}`}.`);
}
