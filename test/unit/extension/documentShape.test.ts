import assert from 'node:assert/strict';
import type * as vscode from 'vscode';
import { keepsLines } from '../../../src/extension/golden/documentShape';
import { textShape } from '../../../src/vectors/textShape';

/** A document of which each line that is looked at is counted. */
function documentOf(text: string): { document: vscode.TextDocument; looks: () => number } {
  let looks = 0;
  const lineAt = (line: number): object => ({
    get text(): string {
      looks++;
      return text.split('\n')[line]!;
    },
  });
  return { document: { lineAt } as unknown as vscode.TextDocument, looks: () => looks };
}

const change = (line: number, text = '1'): vscode.TextDocumentContentChangeEvent => ({ range: { start: { line }, end: { line } }, text }) as unknown as vscode.TextDocumentContentChangeEvent;

describe('edits that leave every line what it is', () => {
  const binary = Array.from({ length: 2000 }, () => '01100110').join('\n');

  it('one inside a data line is such an edit; one that makes it text, or breaks it, is not', () => {
    const shape = textShape(binary);
    assert.equal(keepsLines(shape, documentOf(binary).document, [change(3)]), true);
    assert.equal(keepsLines(shape, documentOf(binary).document, [change(3, '1\n')]), false);
    assert.equal(keepsLines(shape, documentOf(binary.replace('01100110', 'free text')).document, [change(0)]), false);
  });

  it('a very long line, and very many changes at once, are left to the thread', () => {
    for (const [length, kept] of [[4096, true], [1 << 20, false]] as const) {
      const long = '01'.repeat(length / 2);
      assert.equal(keepsLines(textShape(long), documentOf(long).document, [change(0)]), kept, String(length));
    }
    const many = documentOf(binary);
    assert.equal(keepsLines(textShape(binary), many.document, Array.from({ length: 2000 }, (_, line) => change(line))), false);
    assert.equal(many.looks(), 0);
  });
});
