import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import * as vscode from 'vscode';
import type { DiffTexts } from '../../check/present/diffText';
import { diffTexts } from '../../check/present/diffText';
import type { CheckReport, CheckResult, CheckTarget } from '../../protocol/checkReport';
import type { Progress } from '../../protocol/report';
import type { Jobs } from '../jobs';
import { Later } from '../later';
import { isInput } from './watch';
import type { Watch } from './watch';

/** How long files must rest before what they were compared to is called old. */
const REST_MS = 150;

/** The latest outcome of one comparison. */
export interface CheckRecord {
  /** Equal for runs of the same comparison. */
  readonly key: string;
  readonly target: CheckTarget;
  readonly result: CheckResult;
  /** A file that the outcome depends on has changed since. */
  readonly stale: boolean;
  readonly startedAt: number;
}

/** Runs comparisons in a process of their own and keeps the latest outcome of each, for everything that shows it. */
export class Checks implements vscode.Disposable {
  private readonly reported = new vscode.EventEmitter<CheckRecord>();
  /** A comparison has a new outcome, or its outcome became old. */
  readonly onDidReport = this.reported.event;
  private readonly records = new Map<string, CheckRecord>();
  private readonly texts = new WeakMap<CheckRecord, DiffTexts>();
  private readonly later = new Later<string>();
  private readonly subscriptions: vscode.Disposable[];

  constructor(
    private readonly jobs: Jobs,
    private readonly watch: Watch,
    private readonly log: vscode.LogOutputChannel,
  ) {
    this.subscriptions = [
      watch.onDidChange((file) => {
        this.later.run(file, REST_MS, () => {
          this.touched(file).catch((error: unknown) => { log.warn(`${file} was not looked at: ${String(error)}`); });
        });
      }),
      // A document that VS Code reads anew from disk is told by the watcher
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (document.isDirty && contentChanges.length > 0) this.outdate((record) => isInput(document.uri.fsPath, record.result.inputs));
      }),
    ];
  }

  /** Latest first. */
  get all(): readonly CheckRecord[] {
    return [...this.records.values()].reverse();
  }

  get(key: string): CheckRecord | undefined {
    return this.records.get(key);
  }

  /** @throws JobFailed `cancelled`, and what is a defect of TileScope; a comparison that cannot be made is a report */
  async run(target: CheckTarget, token: vscode.CancellationToken, onProgress: (progress: Progress) => void = () => undefined): Promise<CheckRecord> {
    const startedAt = Date.now();
    const current = await upToDate(target);
    const { result } = await this.jobs.run({ type: 'check', target: current }, token, onProgress);
    const key = keyOf(target);
    const record: CheckRecord = { key, target: current, result, stale: false, startedAt };
    this.log.info(`${result.report.name}: ${result.report.what}`);
    this.watch.also(result.inputs);
    this.keep(record);
    return record;
  }

  /** The two aligned texts of an outcome; undefined when nothing was compared. */
  textsOf(record: CheckRecord): DiffTexts | undefined {
    const { report, view } = record.result;
    if (view === undefined) return undefined;
    const texts = this.texts.get(record) ?? diffTexts(report, view, record.stale);
    this.texts.set(record, texts);
    return texts;
  }

  dispose(): void {
    vscode.Disposable.from(this.reported, this.later, ...this.subscriptions).dispose();
  }

  private keep(record: CheckRecord): void {
    this.records.delete(record.key);
    this.records.set(record.key, record);
    this.reported.fire(record);
  }

  /** The event of a file may come after the comparison that has read it already: its time decides. */
  private async touched(file: string): Promise<void> {
    const changedAt = await fs.stat(file).then(
      ({ mtimeMs }) => mtimeMs,
      () => Infinity,
    );
    this.outdate(({ result, startedAt }) => isInput(file, result.inputs) && changedAt > startedAt);
  }

  private outdate(concerns: (record: CheckRecord) => boolean): void {
    for (const record of [...this.records.values()]) {
      if (record.stale || !concerns(record)) continue;
      const old = { ...record, stale: true };
      this.records.set(record.key, old);
      this.reported.fire(old);
    }
  }
}

export function keyOf(target: CheckTarget): string {
  const identity = target.type === 'files' ? [target.golden, target.dump, target.vcd] : target.type === 'layer' ? [target.file, target.layer, target.dump, target.vcd] : [target.file, target.name];
  return createHash('sha256').update(JSON.stringify([target.type, ...identity])).digest('hex').slice(0, 16);
}

/** A configuration as it is edited, else as it is on disk: a document without edits of its own may lag behind that. */
export async function configText(file: string): Promise<string> {
  const open = vscode.workspace.textDocuments.find(({ uri, isDirty }) => uri.scheme === 'file' && uri.fsPath === file && isDirty);
  return open?.getText() ?? (await fs.readFile(file, 'utf8')).replace(/^\ufeff/, '');
}

async function upToDate(target: CheckTarget): Promise<CheckTarget> {
  return target.type === 'files' ? target : { ...target, text: await configText(target.file) };
}

/** The dump files of a comparison that was made. */
export function dumpFilesOf({ dump }: CheckReport): string[] {
  return dump === '' ? [] : dump.split(', ');
}
