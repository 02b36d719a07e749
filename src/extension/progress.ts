import type * as vscode from 'vscode';
import type { Progress } from '../protocol/report';

/** What the phases of a job are called, and which part of the bar each has, in per cent. */
export type Phases = Readonly<Partial<Record<Progress['phase'], { readonly label: string; readonly from: number; readonly to: number }>>>;

/** Turns phases into the one bar that VS Code shows. */
export function progressReporter(progress: vscode.Progress<{ message?: string; increment?: number }>, phases: Phases): (state: Progress) => void {
  let shown = 0;
  return ({ phase, done, total }) => {
    const { label, from, to } = phases[phase] ?? { label: phase, from: shown, to: shown };
    const reached = from + ((to - from) * done) / Math.max(1, total);
    progress.report({ message: `${label} ${done}/${total}`, increment: Math.max(0, reached - shown) });
    shown = Math.max(shown, reached);
  };
}
