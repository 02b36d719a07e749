/** What the text of a test bench says about how to run it. */
export interface Bench {
  readonly module: string;
  /** Parameters of the bench with their default, where that is a plain number. */
  readonly parameters: ReadonlyMap<string, number | undefined>;
  readonly plusargs: readonly BenchPlusarg[];
}

/** A plusarg that a bench reads. */
export interface BenchPlusarg {
  readonly name: string;
  /** False: `+name` alone, for `$test$plusargs`. */
  readonly valued: boolean;
  /** The texts that the bench compares the value with. */
  readonly values: readonly string[];
}

/** Reads a test bench as far as a few patterns go. @param text of the bench itself. @param included its include files */
export function readBench(text: string, included: readonly string[] = []): Bench | undefined {
  const own = withoutComments(text);
  const module = /\bmodule\s+([A-Za-z_]\w*)/.exec(own);
  if (module === null) return undefined;
  const header = own.slice(module.index, own.indexOf(';', module.index));
  const parameters = [...header.matchAll(/\bparameter\s+(?:(?:integer|int|signed|\[[^\]]*\])\s+)*([A-Za-z_]\w*)\s*=\s*([^,)\s]+)/g)].map(([, name, value]) => [name!, /^\d+$/.test(value!) ? Number(value) : undefined] as const);
  return { module: module[1]!, parameters: new Map(parameters), plusargs: readPlusargs([own, ...included.map(withoutComments)].join('\n')) };
}

/** The plusargs that Verilog text reads, each once. */
export function readPlusargs(text: string): BenchPlusarg[] {
  const found = new Map<string, BenchPlusarg>();
  for (const [, name, variable] of text.matchAll(/\$value\$plusargs\s*\(\s*"([^"=%]+)=%0?\d*[a-z]"\s*,\s*([A-Za-z_]\w*)/gi)) found.set(name!, { name: name!, valued: true, values: comparedWith(text, variable!) });
  for (const [, name] of text.matchAll(/\$test\$plusargs\s*\(\s*"([^"]+)"/g)) if (!found.has(name!)) found.set(name!, { name: name!, valued: false, values: [] });
  return [...found.values()];
}

/** Texts that a variable is compared with: in place, or as the first argument of a task that compares. */
function comparedWith(text: string, variable: string): string[] {
  const direct = [...text.matchAll(new RegExp(`\\b${variable}\\s*===?\\s*"([^"]+)"`, 'g'))].map(([, value]) => value!);
  const tasks = [...text.matchAll(/\btask\s+(?:automatic\s+)?([A-Za-z_]\w*)\s*[(;]([\s\S]*?)\bendtask\b/g)];
  const comparing = tasks.filter(([, , body]) => {
    const argument = /\binput\s+(?:reg\s+)?(?:\[[^\]]*\]\s*)?([A-Za-z_]\w*)/.exec(body!)?.[1];
    return argument !== undefined && new RegExp(`\\b${variable}\\s*===?\\s*${argument}\\b`).test(body!);
  });
  const through = comparing.flatMap(([, task]) => [...text.matchAll(new RegExp(`\\b${task!}\\s*\\(\\s*"([^"]+)"`, 'g'))].map(([, value]) => value!));
  return [...new Set([...direct, ...through])];
}

function withoutComments(text: string): string {
  return text.replaceAll(/"(?:[^"\\\n]|\\.)*"|\/\/.*|\/\*[\s\S]*?\*\//g, (part) => (part.startsWith('"') ? part : ' '));
}
