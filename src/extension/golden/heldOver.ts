import { contradictionsOf } from '../../vectors/contradictions';
import { headerClues } from '../../vectors/headerClues';
import type { Candidate, Inference } from '../../vectors/inference';
import { nameClues } from '../../vectors/nameClues';

/** What arithmetic has not proven stays below it. */
const MOST_SURE = 0.98;
const HELD = 'Read as before the edit, because its lines still look alike. What was found in the text before holds for that one only: save the file to have it read anew.';

/** The reading of a text that was edited since: its layout goes on, what was found in the old text does not. */
export function heldOver({ layout, confidence, kindIsGuess }: Candidate, { name, shape }: Pick<Inference, 'name' | 'shape'>): Candidate {
  const contradictions = contradictionsOf(layout, headerClues(shape.header), nameClues(name));
  return { layout, confidence: Math.min(MOST_SURE, confidence), evidence: [HELD], contradictions, kindIsGuess, proven: false };
}

/** Do the outputs stand behind ReLU, as the arithmetic has shown? Undefined when it has not. */
export function provenRelu({ proven, evidence }: Candidate): true | undefined {
  return proven && evidence.some((says) => says.includes('after ReLU')) ? true : undefined;
}
