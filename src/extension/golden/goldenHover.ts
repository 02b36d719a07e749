import * as vscode from 'vscode';
import type { Coordinates } from '../../vectors/axis';
import type { Contributions, Products } from '../../vectors/present/formula';
import { contributionsOf, productsOf } from '../../vectors/present/formula';
import type { GoldenSet, SetWord } from '../../vectors/present/goldenSet';
import { factor, signed } from '../../vectors/present/numbers';
import { pair } from '../../vectors/present/pixels';
import { usesOf } from '../../vectors/present/uses';
import { wordText } from '../../vectors/present/wordText';
import type { WordRead } from '../../vectors/reading';
import type { GoldenDocument, GoldenDocuments } from './goldenDocuments';

/** Products and contributions that a hover lists; the rest is a number. */
const MOST_TERMS = 32;

/** What a word is and where it comes from, at the pointer. */
export class GoldenHover implements vscode.HoverProvider {
  constructor(private readonly documents: GoldenDocuments) {}

  async provideHover(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.Hover | undefined> {
    const golden = await this.documents.of(document);
    const found = golden?.reading.wordAt(position.line, position.character);
    if (golden === undefined || found === undefined) return undefined;
    const { word, coordinates } = found;
    const range = new vscode.Range(word.fileLine, word.column, word.fileLine, word.column + word.length);
    return new vscode.Hover(hoverText(golden, word, coordinates), range);
  }
}

export function hoverText(golden: GoldenDocument, word: WordRead, coordinates: Coordinates | undefined): vscode.MarkdownString {
  const { set, reading, manifest } = golden;
  const { kind } = reading.layout.spec;
  const says = wordText(reading.layout, word, coordinates, { pixels: set.pixels, sides: set.sides, ...(manifest?.steps !== undefined && { steps: manifest.steps }) });
  const lines = [[`**${says.value}** ${kind}`, ...says.place].join(' · ')];
  if (says.defect !== undefined) lines.push(`$(warning) ${escaped(says.defect)}`);
  if (says.pattern !== undefined) lines.push(`bits \`${says.pattern.bits}\` · hex \`${says.pattern.hex}\` · unsigned ${says.pattern.unsigned} · signed ${says.pattern.signed}`);
  if (says.real !== undefined) lines.push(says.real);
  if (coordinates !== undefined) {
    if (kind === 'psum') lines.push(...productLines(set, coordinates, word));
    if (kind === 'out') lines.push(...contributionLines(golden, coordinates, word));
  } else if (says.beyond !== undefined) lines.push(says.beyond);
  if (coordinates !== undefined) lines.push([...usesLine(golden, word, coordinates), ...inspectorLink(golden, coordinates)].join(' · '));
  lines.push(certainty(golden));
  const markdown = new vscode.MarkdownString(lines.join('\n\n'), true);
  markdown.supportHtml = true;
  markdown.isTrusted = { enabledCommands: ['tilescope.allUses', 'tilescope.openInspector'] };
  return markdown;
}

/** A link to the words that this one goes into, where the set has such a file. */
function usesLine({ set, reading }: GoldenDocument, { fileLine, column }: WordRead, coordinates: Coordinates): string[] {
  const { kind } = reading.layout.spec;
  const count = kind === 'psum' ? 0 : usesOf(set, kind, coordinates).length;
  if (count === 0) return [];
  const place = encodeURIComponent(JSON.stringify([{ line: fileLine, character: column }]));
  return [`[All uses: ${count} psum ${count === 1 ? 'word' : 'words'}](command:tilescope.allUses?${place})`];
}

/** A link to the same value among all others of its layer. */
function inspectorLink({ uri, reading }: GoldenDocument, coordinates: Coordinates): string[] {
  if (uri.scheme !== 'file') return [];
  const target = encodeURIComponent(JSON.stringify([{ golden: uri.fsPath, kind: reading.layout.spec.kind, coordinates }]));
  return [`[Open inspector](command:tilescope.openInspector?${target})`];
}

/** `= 3·2 + (−4)·1`: the non-zero products, each factor a link to its word, then how many are zero. */
function productLines(set: GoldenSet, coordinates: Coordinates, word: WordRead): string[] {
  const products = productsOf(set, coordinates);
  if (products === undefined || (!products.trusted && products.sum !== word.value)) return [];
  const { terms, sum } = products;
  const nonZero = terms.filter(({ activation, weight }) => activation * weight !== 0);
  const zero = terms.length - nonZero.length;
  const shown = nonZero.slice(0, MOST_TERMS).map((term) => productText(term));
  const zeros = terms.filter(({ activation, weight }) => activation * weight === 0).slice(0, Math.max(0, MOST_TERMS - shown.length));
  const all = [...shown, ...zeros.map((term) => productText(term))];
  const rows = [...nonZero, ...zeros].map(({ row }) => row).join(' ');
  const cut = terms.length - all.length;
  return [`= ${all.join(' + ')}${cut > 0 ? ` + … (${cut} more)` : ''}`, dim(`activation · weight of rows ${rows}${zero > 0 && nonZero.length > 0 ? `, the ${zero === 1 ? 'zero one' : `${zero} zero ones`} last` : ''}`), ...difference(sum, word, 'activations and weights')];
}

function productText({ activation, weight, activationWord, weightWord }: Products['terms'][number]): string {
  return `${linked(factor(activation), activationWord)}·${linked(factor(weight), weightWord)}`;
}

/** The psums of all kernel positions, and what ReLU made of their sum. */
function contributionLines({ set, member, chosen }: GoldenDocument, coordinates: Coordinates, word: WordRead): string[] {
  const lines: string[] = [];
  const contributions = contributionsOf(set, coordinates);
  const raw = rawValue(set, member, word);
  const relu = member.relu === true || raw !== undefined || (chosen.proven && chosen.evidence.some((says) => says.includes('after ReLU')));
  if (contributions !== undefined) {
    const sum = relu ? Math.max(0, contributions.sum) : contributions.sum;
    if (contributions.trusted || sum === word.value) lines.push(...contributionTable(set, contributions), ...difference(sum, word, 'psums'));
  }
  const before = raw?.word.value ?? (relu && lines.length > 0 ? contributions?.sum : undefined);
  if (before !== undefined && before < 0) lines.push(`Cut by ReLU: ${linked(signed(before), raw)} before.`);
  else if (!relu && word.value !== undefined && word.value < 0) lines.push(dim('ReLU cuts this to 0.'));
  return lines;
}

function contributionTable({ pixels }: GoldenSet, { parts, sum }: Contributions): string[] {
  const tiles = [...new Set(parts.map(({ icTile }) => icTile))];
  const shown = tiles.slice(0, Math.max(1, Math.floor(MOST_TERMS / Math.max(1, parts.length / tiles.length))));
  const rows = shown.map((tile) => {
    const own = parts.filter(({ icTile }) => icTile === tile);
    const cells = own.map(({ kij, value, word }) => `kij ${kij}${pair('kij', kij, pixels)} ${linked(signed(value), word)}`);
    return `${tiles.length > 1 ? `ic tile ${tile}: ` : ''}${cells.join(' · ')}`;
  });
  const rest = tiles.length > shown.length ? [dim(`… and ${tiles.length - shown.length} more ic tiles`)] : [];
  return [`= ${signed(sum)}, the sum of ${parts.length} psums`, ...rows, ...rest];
}

function difference(expected: number, { value }: WordRead, from: string): string[] {
  return value === undefined || value === expected ? [] : [`$(error) The ${from} beside give **${signed(expected)}**, the file holds ${signed(value)}.`];
}

/** The same word in the outputs before ReLU. */
export function rawValue(set: GoldenSet, member: GoldenDocument['member'], word: WordRead): SetWord | undefined {
  const raw = set.rawOf(member);
  const line = member.reading.dataLine(word.fileLine);
  const fileLine = raw === undefined || line === undefined ? undefined : raw.reading.shape.dataLines[line];
  const found = fileLine === undefined ? undefined : raw?.reading.words(fileLine)[word.word];
  return raw === undefined || found === undefined ? undefined : { member: raw, word: found };
}

function linked(text: string, found: SetWord | undefined): string {
  if (found === undefined) return text;
  const { member, word } = found;
  const uri = vscode.Uri.parse(member.id).with({ fragment: `L${word.fileLine + 1},${word.column + 1}` });
  return `[${text}](${uri.toString()} "${member.name} line ${word.fileLine + 1}")`;
}

function certainty({ source, chosen, candidates }: GoldenDocument): string {
  const percent = Math.round(100 * chosen.confidence);
  const how = source === 'manifest' ? 'stated' : source === 'choice' ? 'chosen' : chosen.proven ? 'proven' : `${percent} % sure${candidates.length > 1 ? `, ${candidates.length} readings fit` : ''}`;
  const against = chosen.contradictions.length === 0 ? '' : ` · against it: ${chosen.contradictions.join(' ')}`;
  return dim(escaped(`${how}: ${chosen.evidence.slice(0, 3).join(' ')}${against}`));
}

/** File content and names may hold anything: in a hover they are plain text. */
function escaped(text: string): string {
  return text.replaceAll(/[\\`*_{}[\]()#+!|~<>&$]/g, (character) => (character === '<' ? '&lt;' : character === '>' ? '&gt;' : character === '&' ? '&amp;' : `\\${character}`));
}

function dim(text: string): string {
  return `<span style="color:var(--vscode-descriptionForeground);">${text}</span>`;
}
