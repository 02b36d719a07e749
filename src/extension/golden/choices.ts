import * as vscode from 'vscode';
import type { Candidate } from '../../vectors/inference';
import type { LayoutSpec } from '../../vectors/layout';
import { Layout } from '../../vectors/layout';
import { patternOf } from '../../vectors/present/setMembers';
import { suits } from '../../vectors/textForm';
import type { TextShape } from '../../vectors/textShape';

/** What of a layout a user chooses: all but what each file has of its own. */
export type Choice = Pick<LayoutSpec, 'kind' | 'bits' | 'signed' | 'radix' | 'lines' | 'words' | 'separator' | 'trailing' | 'width'>;

const KEY = 'tilescope.layouts';

/** Layouts that the user chose, by file pattern: `golden/weight_kij*.txt`. They stay with the workspace. */
export class Choices implements vscode.Disposable {
  private readonly changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.changed.event;

  constructor(private readonly memory: vscode.Memento) {}

  get(file: vscode.Uri): Choice | undefined {
    return this.all()[keyOf(file)];
  }

  /** @param choice undefined forgets */
  async set(file: vscode.Uri, choice: Choice | undefined): Promise<void> {
    const others = Object.entries(this.all()).filter(([key]) => key !== keyOf(file));
    await this.memory.update(KEY, Object.fromEntries(choice === undefined ? others : [...others, [keyOf(file), choice]]));
    this.changed.fire();
  }

  dispose(): void {
    this.changed.dispose();
  }

  private all(): Readonly<Record<string, Choice>> {
    return this.memory.get<Readonly<Record<string, Choice>>>(KEY, {});
  }
}

export function choiceOf({ spec }: Layout): Choice {
  const { kind, bits, signed, radix, lines, words, separator, trailing, width } = spec;
  return { kind, bits, signed, radix, lines, words, separator, trailing, ...(width !== undefined && { width }) };
}

/** The file read as the user chose; undefined when it no longer has that form: another number of lines, another width, other digits. */
export function chosenCandidate(choice: Choice, inferred: Candidate | undefined, shape: TextShape): Candidate | undefined {
  const looped = new Set([...choice.lines, ...choice.words].map(({ axis }) => axis));
  const fixed = Object.fromEntries(Object.entries(inferred?.layout.spec.fixed ?? {}).filter(([axis]) => !looped.has(axis as never)));
  const layout = new Layout({ ...choice, fixed, header: shape.header, eol: shape.eol });
  const first = shape.dataLines[0];
  if (first === undefined || layout.lineCount !== shape.dataLines.length) return undefined;
  if (!suits(shape, layout.spec.radix)) return undefined;
  if (layout.spec.separator === '' && shape.line(first).trimEnd().length !== layout.lineWidth) return undefined;
  return { layout, confidence: 1, evidence: ['You chose this reading for files of this name.'], contradictions: [], kindIsGuess: false, proven: false };
}

function keyOf(file: vscode.Uri): string {
  return patternOf(vscode.workspace.asRelativePath(file, true));
}
