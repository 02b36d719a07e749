/** The task type that package.json contributes. */
export const TASK_TYPE = 'tilescope-sim';

export const SIMULATORS = ['icarus', 'verilator'] as const;
export type Simulator = (typeof SIMULATORS)[number];

/** What a task in tasks.json says, complete and checked. Paths as written: relative ones start from `cwd`, `cwd` from the workspace folder. */
export interface SimulationDefinition {
  readonly simulator: Simulator;
  /** Files and glob patterns. */
  readonly sources: readonly string[];
  /** Command files of the simulator, for `-f`. */
  readonly fileLists: readonly string[];
  readonly top?: string;
  readonly includes: readonly string[];
  readonly defines: Readonly<Record<string, Scalar>>;
  readonly parameters: Readonly<Record<string, Scalar>>;
  /** Each with its `+`. */
  readonly plusargs: readonly string[];
  readonly cwd: string;
  /** More arguments for the compiler; absent: those that {@link compileCommand} chooses. */
  readonly flags?: readonly string[];
  /** False: compile only. */
  readonly run: boolean;
  /** A run that prints a line which this matches has failed, whatever its exit code. */
  readonly failWhen?: RegExp;
  /** Made before the run: a simulator opens files, but makes no folders. */
  readonly createFolders: readonly string[];
  /** Names of checks in tilescope.json that are due after the run. */
  readonly checks: readonly string[];
}

export type Scalar = string | number | boolean;

type Raw = Readonly<Record<string, unknown>>;

/** Thrown inside while a definition is read; its message is for the user. */
class Misfit extends Error {}

/** Reads a task definition, whoever wrote it. `problem` says which key is wrong and what it may be. */
export function parseDefinition(raw: Raw): SimulationDefinition | { readonly problem: string } {
  try {
    return definitionOf(raw);
  } catch (error) {
    if (!(error instanceof Misfit)) throw error;
    return { problem: error.message };
  }
}

function definitionOf(raw: Raw): SimulationDefinition {
  const [sources, fileLists] = [texts(raw, 'sources'), texts(raw, 'fileLists')];
  if (sources.length + fileLists.length === 0) throw new Misfit('"sources" names no file. Give Verilog files or patterns, for example ["rtl/*.v"], or "fileLists".');
  const [top, failWhen] = [text(raw, 'top'), text(raw, 'failWhen')];
  const parameters = scalars(raw, 'parameters');
  if (top === undefined && Object.keys(parameters).length > 0) throw new Misfit('"parameters" are those of the top module: name it in "top".');
  return {
    simulator: simulatorOf(raw),
    sources,
    fileLists,
    ...(top !== undefined && { top }),
    includes: texts(raw, 'includes'),
    defines: scalars(raw, 'defines'),
    parameters,
    plusargs: texts(raw, 'plusargs').map((arg) => (arg.startsWith('+') ? arg : `+${arg}`)),
    cwd: text(raw, 'cwd') ?? '',
    ...(raw['flags'] !== undefined && { flags: texts(raw, 'flags') }),
    run: yesOrNo(raw, 'run', true),
    ...(failWhen !== undefined && { failWhen: pattern(failWhen) }),
    createFolders: texts(raw, 'createFolders'),
    checks: texts(raw, 'checks'),
  };
}

function simulatorOf(raw: Raw): Simulator {
  const named = text(raw, 'simulator') ?? 'icarus';
  const known = SIMULATORS.find((simulator) => simulator === named);
  if (known === undefined) throw new Misfit(`"simulator" is ${JSON.stringify(named)}; it may be ${SIMULATORS.map((name) => `"${name}"`).join(' or ')}.`);
  return known;
}

function text(raw: Raw, key: string): string | undefined {
  const value = raw[key];
  if (value === undefined || value === '') return undefined;
  if (typeof value !== 'string') throw new Misfit(`"${key}" has to be a text.`);
  return value;
}

/** Empty texts are left out: an input variable may answer with nothing. */
function texts(raw: Raw, key: string): string[] {
  const value = raw[key];
  if (value === undefined) return [];
  if (!Array.isArray(value) || value.some((item) => typeof item !== 'string')) throw new Misfit(`"${key}" has to be a list of texts.`);
  return (value as string[]).filter((item) => item !== '');
}

function scalars(raw: Raw, key: string): Readonly<Record<string, Scalar>> {
  const value = raw[key];
  if (value === undefined) return {};
  const entries = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : undefined;
  if (entries?.every((entry): entry is [string, Scalar] => ['string', 'number', 'boolean'].includes(typeof entry[1])) !== true) throw new Misfit(`"${key}" has to give each name a text, a number, true or false.`);
  const odd = entries.find(([name]) => !/^[A-Za-z_][\w$]*$/.test(name));
  if (odd !== undefined) throw new Misfit(`"${key}" has ${JSON.stringify(odd[0])}, which is no Verilog name.`);
  return Object.fromEntries(entries);
}

function yesOrNo(raw: Raw, key: string, otherwise: boolean): boolean {
  const value = raw[key] ?? otherwise;
  if (typeof value !== 'boolean') throw new Misfit(`"${key}" has to be true or false.`);
  return value;
}

function pattern(source: string): RegExp {
  try {
    return new RegExp(source);
  } catch (error) {
    throw new Misfit(`"failWhen" is no regular expression: ${error instanceof Error ? error.message : String(error)}`);
  }
}
