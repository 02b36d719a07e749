import * as vscode from 'vscode';
import type { Kind } from '../../vectors/axis';
import { KINDS } from '../../vectors/axis';
import { headerClues } from '../../vectors/headerClues';
import type { Candidate } from '../../vectors/inference';
import { Layout } from '../../vectors/layout';
import { nameClues } from '../../vectors/nameClues';
import type { Order } from '../../vectors/orders';
import { ordersOf } from '../../vectors/orders';
import { patternOf } from '../../vectors/present/setMembers';
import { layoutSummary, orderText } from '../../vectors/present/summary';
import type { Step } from '../steps';
import { ask, choose, runSteps } from '../steps';
import { choiceOf } from './choices';
import type { GoldenDocument, GoldenDocuments } from './goldenDocuments';

type Item = vscode.QuickPickItem & ({ readonly layout: Layout } | { readonly action: 'custom' | 'forget' } | { readonly kind: vscode.QuickPickItemKind });

const TITLE = 'TileScope: Choose Layout';

/** Offers the readings that fit the active file, and one of the user's own. The choice holds for all files named like it. */
export async function chooseLayout(documents: GoldenDocuments): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  const golden = editor === undefined ? undefined : await documents.of(editor.document);
  if (golden === undefined) {
    vscode.window.setStatusBarMessage('TileScope: the active editor shows no golden file.', 5000);
    return;
  }
  const placeHolder = `For all files named ${patternOf(golden.uri.path.split('/').at(-1)!)}`;
  const item = await vscode.window.showQuickPick(itemsOf(golden, documents.choices.get(golden.uri) !== undefined), { title: TITLE, placeHolder, matchOnDetail: true });
  if (item === undefined || 'kind' in item) return;
  if ('layout' in item) await documents.choices.set(golden.uri, choiceOf(item.layout));
  else if (item.action === 'forget') await documents.choices.set(golden.uri, undefined);
  else {
    const layout = await askForLayout(golden);
    if (layout !== undefined) await documents.choices.set(golden.uri, choiceOf(layout));
  }
}

function itemsOf({ candidates, chosen, source }: GoldenDocument, hasChoice: boolean): Item[] {
  const own = source === 'choice' && !candidates.includes(chosen) ? [chosen] : [];
  return [
    ...[...own, ...candidates].map((candidate): Item => ({
      label: `${JSON.stringify(candidate.layout.spec) === JSON.stringify(chosen.layout.spec) ? '$(check) ' : ''}${layoutSummary(candidate.layout)}`,
      description: `${candidate.layout.spec.kind} · lines ${orderText(candidate.layout.spec.lines)} · ${sureness(candidate, candidate === own[0])}`,
      detail: [...candidate.evidence, ...candidate.contradictions.map((says) => `$(warning) ${says}`)].join(' '),
      layout: candidate.layout,
    })),
    { label: '', kind: vscode.QuickPickItemKind.Separator },
    { label: '$(edit) Other layout…', detail: 'Give bits, sign and order yourself', action: 'custom' },
    ...(hasChoice ? [{ label: '$(discard) Forget my choice', detail: 'Read these files by their content again', action: 'forget' } as const] : []),
  ];
}

function sureness({ confidence, proven }: Candidate, own: boolean): string {
  return own ? 'your choice' : proven ? 'certain' : `${Math.round(100 * confidence)} %`;
}

interface Answers {
  readonly kind?: Kind;
  readonly bits?: number;
  readonly signed?: boolean;
  readonly order?: Order;
}

/** Asks for what the file holds, its bits, its sign and its order. */
async function askForLayout(golden: GoldenDocument): Promise<Layout | undefined> {
  const { shape, layout } = golden.reading;
  const { spec } = layout;
  const first = shape.dataLines[0];
  const characters = first === undefined ? 0 : shape.line(first).trimEnd().length;
  const joined = spec.separator === '' && spec.radix !== 'decimal';
  const digitBits = spec.radix === 'hex' ? 4 : 1;
  const wordsOf = (bits: number): number => (joined ? characters / Math.ceil(bits / digitBits) : layout.wordsPerLine);
  const steps: Step<Answers>[] = [
    async (state, context) => ({ ...state, kind: await choose(context, 'What the file holds', KINDS.map((kind) => ({ label: kind, value: kind, ...(kind === spec.kind && { description: 'as it is read now' }) }))) }),
    async (state, context) => ({
      ...state,
      bits: Number(
        await ask(context, {
          prompt: joined ? `Bits of a word; a line has ${characters} ${spec.radix} digits` : 'Bits of a word',
          value: String(spec.bits),
          validate: (text) => (/^\d+$/.test(text) && Number(text) >= 1 && Number(text) <= 53 && Number.isInteger(wordsOf(Number(text))) ? undefined : `Give a number from 1 to 53${joined ? ` that divides the ${characters * digitBits} bits of a line` : ''}.`),
        }),
      ),
    }),
    async (state, context) => ({
      ...state,
      signed: await choose(context, 'Sign', [
        { label: 'signed', description: "two's complement", value: true },
        { label: 'unsigned', value: false },
      ]),
    }),
    async (state, context) => {
      const name = nameClues(golden.member.name);
      const orders = ordersOf({ kind: state.kind ?? spec.kind, lines: shape.dataLines.length, words: wordsOf(state.bits ?? spec.bits), name, header: headerClues(shape.header), hints: {} });
      return { ...state, order: await choose(context, 'Order of lines and words', orders.map((order) => ({ label: `words ${orderText(order.words)}`, description: `lines ${orderText(order.lines)}`, detail: order.evidence.join(' '), value: order }))) };
    },
  ];
  const answers = await runSteps<Answers>(TITLE, {}, (_, step) => steps[step - 1], () => steps.length);
  return answers?.order === undefined ? undefined : layoutOf(golden, answers, answers.order);
}

function layoutOf({ reading }: GoldenDocument, { kind, bits, signed }: Answers, { lines, words }: Order): Layout {
  const { width, ...spec } = reading.layout.spec;
  const looped = new Set([...lines, ...words].map(({ axis }) => axis));
  const fixed = Object.fromEntries(Object.entries(spec.fixed).filter(([axis]) => !looped.has(axis as never)));
  const keepWidth = width !== undefined && (spec.radix === 'decimal' || spec.separator !== '');
  return new Layout({ ...spec, kind: kind ?? spec.kind, bits: bits ?? spec.bits, signed: signed ?? spec.signed, lines, words, fixed, ...(keepWidth && { width }) });
}
