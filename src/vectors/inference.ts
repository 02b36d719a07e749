import type { Layout } from './layout';
import type { TextShape } from './textShape';

/** One reading of a file. */
export interface Candidate {
  readonly layout: Layout;
  /** 0 to 1; 1 only when arithmetic with the files beside reproduced the data. */
  readonly confidence: number;
  /** Sentences: what in the content, the name, the header or the files beside says so. */
  readonly evidence: readonly string[];
  /** Sentences: what speaks against it, such as a header that names other words. */
  readonly contradictions: readonly string[];
  /** Nothing but the form of the words tells the kind. */
  readonly kindIsGuess: boolean;
  /** Arithmetic with the files beside reproduced the data. */
  readonly proven: boolean;
}

/** What a file is taken for. */
export interface Inference {
  readonly name: string;
  readonly shape: TextShape;
  /** Best first; empty when there is a `report`. */
  readonly candidates: readonly Candidate[];
  /** Words of a line, when a decimal twin beside shows them. */
  readonly twinWords?: number;
  /** Why the file is no golden file, as a sentence. */
  readonly report?: string;
}
