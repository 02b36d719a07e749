import assert from 'node:assert/strict';
import { heldOver } from '../../../src/extension/golden/heldOver';
import { inferLayout } from '../../../src/vectors/infer';
import { textShape } from '../../../src/vectors/textShape';
import { PSUM } from '../support/oddFiles';

describe('a reading whose text was edited', () => {
  const inference = inferLayout({ text: PSUM, name: 'psum.txt' });
  const proven = { ...inference.candidates[0]!, confidence: 1, proven: true, evidence: ['Activations and weights read in this way reproduce 288 of 288 psums of psum.txt.'], contradictions: ['1 of 288 words differ from what the activations and weights give; the first is word 1 of line 4: 1 instead of 2.'] };

  it('keeps its layout and loses what was found in the old text', () => {
    const held = heldOver(proven, inference);
    assert.equal(held.layout, proven.layout);
    assert.equal(held.proven, false);
    assert.ok(held.confidence < 1);
    assert.doesNotMatch([...held.evidence, ...held.contradictions].join(' '), /288|differ|reproduce/);
    assert.deepEqual(heldOver({ ...proven, confidence: 0.4 }, inference).confidence, 0.4);
  });

  it('what header and name say against it is said of the header as it is now', () => {
    const against = (text: string, name: string): readonly string[] => heldOver(proven, { name, shape: textShape(text) }).contradictions;
    assert.deepEqual(against(PSUM, 'psum.txt'), []);
    assert.equal(against(PSUM.replaceAll('col', 'row'), 'psum.txt').length, 1);
  });
});
