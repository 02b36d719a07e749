/**
 * Every failure a user can meet: what happened, where, and what to do next.
 * The codes are listed with their causes in docs/errors.md; a test holds the two together.
 */
export const PROBLEM_CODES = [
  // command line
  'usage',
  // configuration
  'config-missing',
  'config-syntax',
  'config-schema',
  'config-value',
  'config-entry',
  'profile',
  // tensors
  'npy-read',
  'npy-format',
  'npy-truncated',
  'npy-dtype',
  'npy-shape',
  // models
  'onnx-read',
  'onnx-format',
  'onnx-layer',
  'onnx-unmappable',
  'onnx-run',
  'ort-missing',
  // arithmetic
  'shape',
  'not-finite',
  'alpha',
  'code-range',
  'psum-overflow',
  'self-check',
  // text
  'text-format',
  // comparing dumps
  'check-golden',
  'check-form',
  'check-map',
  'vcd-format',
  'vcd-signal',
  // inspecting
  'inspect-set',
  'inspect-dump',
  'inspect-question',
  // writing
  'output-outside',
  'output-unsafe',
  'output-foreign',
  'output-busy',
  'output-write',
  // running
  'not-trusted',
  'cancelled',
  'internal',
] as const;

export type ProblemCode = (typeof PROBLEM_CODES)[number];

/** Where a problem stands. Lines and columns count from 1, as editors show them. */
export interface Place {
  /** Path as the user would type it, or an absolute one. */
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  /** Length of the marked text in characters, from `column` on the same line. */
  readonly length?: number;
}

/** `file:line:column`, as far as it is known; the form that terminals and editors turn into a link. */
export function formatPlace(place: Place): string {
  return [place.file, place.line, place.line === undefined ? undefined : place.column].filter((part) => part !== undefined).join(':');
}

/** An error meant for the user. Anything else that is thrown is a defect of TileScope and is reported as `internal`. */
export class Problem extends Error {
  override readonly name = 'Problem';

  constructor(
    readonly code: ProblemCode,
    /** What happened, one or more sentences. */
    readonly what: string,
    /** What the user can do now, as an imperative sentence. */
    readonly next: string,
    readonly place: Place = {},
    options?: ErrorOptions,
  ) {
    super(what, options);
  }

  /** The same problem, with the parts of a place that only the caller knows. What is known already stays. */
  at(place: Place): Problem {
    return new Problem(this.code, this.what, this.next, { ...place, ...this.place }, { cause: this.cause ?? this });
  }

  /** One line for a terminal or a log: `place: what Next: … [code]`. */
  format(): string {
    const place = formatPlace(this.place);
    return `${place === '' ? '' : `${place}: `}${this.what} Next: ${this.next} [${this.code}]`;
  }
}

/** The problem itself, or one that says an unforeseen error happened, with the original as its cause. */
export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new Problem('internal', `TileScope itself failed: ${message}.`, 'Report it with the log (Output > TileScope, or --verbose).', {}, { cause: error });
}
