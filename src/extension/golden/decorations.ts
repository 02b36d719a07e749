import * as vscode from 'vscode';
import { DECORATION_MODES } from '../../protocol/pages';
import type { Tint } from '../../vectors/present/tint';
import { TINTS } from '../../vectors/present/tint';
import type { Side } from '../../vectors/present/valueLine';
import { usualSide } from '../../vectors/present/valueLine';
import { Later } from '../later';
import { DecorationTypes } from './decorationTypes';
import type { DecorationWindow, Span } from './decorationWindow';
import { decorationWindow } from './decorationWindow';
import type { GoldenDocument, GoldenDocuments } from './goldenDocuments';

export const MODES = DECORATION_MODES;
export type Mode = (typeof MODES)[number];

/** Lines drawn above and below what is in view: scrolling inside them costs nothing. */
const MARGIN = 60;
/** How close the view may come to the end of what is drawn. */
const NEAR = 15;
const SCROLL_REST_MS = 30;
const EDIT_REST_MS = 120;

interface Drawn {
  readonly golden: GoldenDocument;
  readonly mode: Mode;
  readonly side: Side;
  readonly window: DecorationWindow;
}

/** Draws decoded values and colours beside the lines that are in view. */
export class Decorations implements vscode.Disposable {
  private readonly types = new DecorationTypes();
  private readonly drawn = new Map<vscode.TextEditor, Drawn>();
  private readonly later = new Later<vscode.TextEditor>();
  private readonly subscriptions: vscode.Disposable[];

  constructor(
    private readonly documents: GoldenDocuments,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.subscriptions = [
      vscode.window.onDidChangeVisibleTextEditors((editors) => {
        for (const editor of this.drawn.keys()) if (!editors.includes(editor)) this.forget(editor);
        this.drawAll(0);
      }),
      vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => {
        this.drawSoon(textEditor, SCROLL_REST_MS);
      }),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        for (const editor of vscode.window.visibleTextEditors) {
          if (editor.document !== document || contentChanges.length === 0) continue;
          this.takeOff(editor, contentChanges);
          this.drawSoon(editor, EDIT_REST_MS);
        }
      }),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('tilescope.decorations') || event.affectsConfiguration('tilescope.decorationsSide')) this.drawAll(0);
      }),
      documents.onDidChange(() => {
        this.drawAll(0);
      }),
      vscode.commands.registerCommand('tilescope.cycleDecorations', cycleMode),
    ];
    this.drawAll(0);
  }

  dispose(): void {
    vscode.Disposable.from(this.later, this.types, ...this.subscriptions).dispose();
  }

  private drawAll(delay: number): void {
    for (const editor of vscode.window.visibleTextEditors) this.drawSoon(editor, delay);
  }

  private drawSoon(editor: vscode.TextEditor, delay: number): void {
    this.later.run(editor, delay, () => void this.draw(editor));
  }

  /** Values that an edit has made old are not shown while the new ones are worked out. */
  private takeOff(editor: vscode.TextEditor, changes: readonly vscode.TextDocumentContentChangeEvent[]): void {
    const drawn = this.drawn.get(editor);
    if (drawn === undefined) return;
    if (changes.every(({ range, text }) => range.isSingleLine && !/[\r\n]/.test(text))) {
      const touched = new Set(changes.map(({ range }) => range.start.line));
      const window = withoutLines(drawn.window, touched);
      drawWindow(editor, this.types, window);
      this.drawn.set(editor, { ...drawn, window });
    } else {
      this.drawn.delete(editor);
      this.types.clear(editor);
    }
  }

  private async draw(editor: vscode.TextEditor): Promise<void> {
    const mode = modeOf(editor.document.uri);
    const golden = mode === 'off' ? undefined : await this.documents.of(editor.document);
    if (!vscode.window.visibleTextEditors.includes(editor)) return;
    if (golden === undefined || golden.version !== editor.document.version) {
      if (golden === undefined && this.drawn.delete(editor)) this.types.clear(editor);
      return;
    }
    const [first, last] = visibleLines(editor);
    const before = this.drawn.get(editor);
    const side = sideOf(golden);
    if (before?.golden === golden && before.mode === mode && before.side === side && covers(before, first, last, editor.document.lineCount)) return;
    const start = performance.now();
    const window = decorationWindow(golden, Math.max(0, first - MARGIN), Math.min(editor.document.lineCount - 1, last + MARGIN), mode === 'valuesAndTint', side);
    drawWindow(editor, this.types, window);
    this.drawn.set(editor, { golden, mode, side, window });
    this.log.trace(`Decorated lines ${window.first + 1} to ${window.last + 1} of ${golden.member.name} in ${(performance.now() - start).toFixed(1)} ms`);
  }

  private forget(editor: vscode.TextEditor): void {
    this.later.cancel(editor);
    this.drawn.delete(editor);
  }
}

/** Hands a window to the editor: one call a type. */
export function drawWindow(editor: vscode.TextEditor, types: DecorationTypes, window: DecorationWindow): void {
  const endOf = (line: number): vscode.Range => editor.document.lineAt(line).range;
  const after = ({ line, text }: { line: number; text: string }): vscode.DecorationOptions => {
    const { end } = endOf(line);
    return { range: new vscode.Range(end, end), renderOptions: { after: { contentText: text } } };
  };
  const before = ({ line, text }: { line: number; text: string }): vscode.DecorationOptions => ({ range: new vscode.Range(line, 0, line, 0), renderOptions: { before: { contentText: text } } });
  editor.setDecorations(types.values, window.side === 'right' ? window.values.map(after) : []);
  editor.setDecorations(types.valuesBefore, window.side === 'left' ? window.values.map(before) : []);
  editor.setDecorations(types.legend, window.legend === undefined ? [] : [after(window.legend)]);
  editor.setDecorations(types.band, window.bands.map(rangeOf));
  editor.setDecorations(types.cut, window.cut.map(rangeOf));
  for (const tint of TINTS) editor.setDecorations(types.tints[tint], spansOf(window.tints, tint));
}

export function modeOf(uri?: vscode.Uri): Mode {
  const set = vscode.workspace.getConfiguration('tilescope', uri).get<string>('decorations');
  return MODES.find((mode) => mode === set) ?? 'valuesAndTint';
}

function sideOf({ uri, columns }: GoldenDocument): Side {
  const set = vscode.workspace.getConfiguration('tilescope', uri).get<string>('decorationsSide');
  return set === 'left' || set === 'right' ? set : usualSide(columns);
}

/** Off, values, values and tint, off, ... The setting stays where the user has put it: in the workspace or for all. */
async function cycleMode(): Promise<void> {
  const configuration = vscode.workspace.getConfiguration('tilescope');
  const next = MODES[(MODES.indexOf(modeOf()) + 1) % MODES.length]!;
  const inWorkspace = configuration.inspect('decorations')?.workspaceValue !== undefined;
  await configuration.update('decorations', next, inWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global);
  vscode.window.setStatusBarMessage(`TileScope decorations: ${DESCRIPTIONS[next]}`, 3000);
}

const DESCRIPTIONS: Readonly<Record<Mode, string>> = { off: 'off', values: 'decoded values', valuesAndTint: 'decoded values and tint' };

function visibleLines({ visibleRanges }: vscode.TextEditor): [number, number] {
  if (visibleRanges.length === 0) return [0, 0];
  return [Math.min(...visibleRanges.map(({ start }) => start.line)), Math.max(...visibleRanges.map(({ end }) => end.line))];
}

function covers({ window: drawn }: Drawn, first: number, last: number, lineCount: number): boolean {
  return drawn.first <= Math.max(0, first - NEAR) && drawn.last >= Math.min(lineCount - 1, last + NEAR);
}

/** All of a window but what stands on these lines. */
function withoutLines(window: DecorationWindow, lines: ReadonlySet<number>): DecorationWindow {
  const stays = ({ line }: { readonly line: number }): boolean => !lines.has(line);
  const tints = new Map([...window.tints].map(([tint, spans]) => [tint, spans.filter(stays)]));
  return { ...window, values: window.values.filter(stays), tints, bands: window.bands.filter(stays), cut: window.cut.filter(stays) };
}

function spansOf(tints: ReadonlyMap<Tint, readonly Span[]>, tint: Tint): vscode.Range[] {
  return (tints.get(tint) ?? []).map(rangeOf);
}

function rangeOf({ line, from, to }: Span): vscode.Range {
  return new vscode.Range(line, from, line, to);
}
