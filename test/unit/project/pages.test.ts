import assert from 'node:assert/strict';
import fs from 'node:fs';
import fc from 'fast-check';
import type { FileInfo, PageRow, PagesQuestion, PagesReply, ViewAnswer } from '../../../src/protocol/pages';
import { isPagesReply } from '../../../src/protocol/pageGuards';
import { PagedFile } from '../../../src/project/pages/pagedFile';
import { Layout } from '../../../src/vectors/layout';
import { down, up } from '../../../src/vectors/orders';
import { FileReading } from '../../../src/vectors/reading';
import { textShape } from '../../../src/vectors/textShape';
import { PageServer } from '../../../src/worker/pageServer';
import { removeTestFolders, testFolder } from '../support/workspace';

const SEED = 20_261_121;

/** A server and its answers, as the extension host would have them. */
class Client {
  readonly replies: PagesReply[] = [];
  readonly server = new PageServer((reply) => {
    assert.ok(isPagesReply(structuredClone(reply)), JSON.stringify(reply));
    this.replies.push(reply);
  });
  private id = 0;

  async ask(question: PagesQuestion): Promise<PagesReply> {
    const id = ++this.id;
    await this.server.take({ id, ...question });
    return this.replies.find((reply) => 'id' in reply && reply.id === id && reply.type !== 'progress')!;
  }

  async view<T extends ViewAnswer['type']>(question: PagesQuestion, type: T): Promise<Extract<PagesReply, { type: T }>> {
    const reply = await this.ask(question);
    assert.equal(reply.type, type, JSON.stringify(reply));
    return reply as Extract<PagesReply, { type: T }>;
  }

  async open(file: string): Promise<{ info: FileInfo; rows: readonly PageRow[] }> {
    const reply = await this.ask({ type: 'open', file });
    assert.ok(reply.type === 'opened', JSON.stringify(reply));
    return reply;
  }
}

const clients: Client[] = [];
function client(): Client {
  const made = new Client();
  clients.push(made);
  return made;
}

const bits = (value: number, width = 16): string => (value & (2 ** width - 1)).toString(2).padStart(width, '0');
const HEADER = ['#time0col7[msb-lsb],time0col6[msb-lsb],....,time0col0[msb-lsb]#', '#time1col7[msb-lsb],time1col6[msb-lsb],....,time1col0[msb-lsb]#', '#................#'];

/** All kij of a 16x16 image, 8 columns: 2304 lines. */
function psums(word: (line: number, col: number) => number): string[] {
  return Array.from({ length: 9 * 256 }, (_, line) => Array.from({ length: 8 }, (_, i) => bits(word(line, 7 - i))).join(''));
}
const value = (line: number, col: number): number => ((line * 31 + col * 7) % 401) - 200;

describe('the viewer of large files', () => {
  afterEach(() => {
    for (const { server } of clients.splice(0)) server.close();
  });
  after(removeTestFolders);

  it('opens a file with its layout, first lines decoded, and says what a word is', async () => {
    const file = testFolder().write('psum.txt', [...HEADER, ...psums(value), ''].join('\n'));
    const viewer = client();
    const { info, rows } = await viewer.open(file);
    assert.deepEqual([info.lines, info.counted, info.regular], [2307, true, true]);
    assert.match(info.layout!.summary, /^8 x int16 · cols 7\.\.0 · 3 header$/);
    assert.equal(rows[0]!.role, 'header');
    const { values, numbers } = rows[3]!;
    assert.match(values!.slice(numbers!.from, numbers!.from + numbers!.length), /^\s*−151(\s+−?\d+){7}$/u);
    assert.match(rows[3]!.values!, /^kij\s0\s\(0,0\)\snij\s0\s+col7\s−151/u);
    assert.equal(rows[3]!.words!.length, 24);
    const hover = await viewer.view({ type: 'hover', line: 3, column: 3, side: 'own' }, 'hover');
    assert.deepEqual([hover.says!.value, hover.says!.place], ['−151', ['kij 0 (0,0) · nij 0 · col 7']]);
    assert.deepEqual(hover.word, { line: 3, column: 0, length: 16 });
  });

  it('goes to coordinates, to a line, and says what is not there', async () => {
    const file = testFolder().write('psum.txt', [...HEADER, ...psums(value), ''].join('\n'));
    const viewer = client();
    await viewer.open(file);
    const from = { line: 0, column: -1 };
    const there = await viewer.view({ type: 'goTo', text: 'kij 5 nij 17 col 3', from }, 'wentTo');
    assert.deepEqual(there.place, { line: 3 + 5 * 256 + 17, column: 64, length: 16 });
    const along = await viewer.view({ type: 'goTo', text: 'col 0', from: there.place }, 'wentTo');
    assert.deepEqual(along.place, { line: 3 + 5 * 256 + 17, column: 112, length: 16 });
    assert.deepEqual((await viewer.view({ type: 'goTo', text: '100', from }, 'wentTo')).place?.line, 99);
    assert.match((await viewer.view({ type: 'goTo', text: 'kij 9', from }, 'wentTo')).problem!, /kij 9 is not in this file, which holds kij 0 to 8/);
    assert.match((await viewer.view({ type: 'goTo', text: '9999', from }, 'wentTo')).problem!, /2307 lines/);
  });

  it('finds what a look at every word finds, forward, backward and around the end', async () => {
    const lines = psums((line, col) => value(line * 13, col));
    lines[1500] = `xxxx${lines[1500]!.slice(4)}`;
    lines[400] = `${' '.repeat(11)}10011${lines[400]!.slice(16)}`;
    const text = [...HEADER, ...lines].join('\r\n');
    const viewer = client();
    await viewer.open(testFolder().write('psum.txt', text));
    const layout = new Layout({ kind: 'psum', bits: 16, signed: true, radix: 'binary', lines: [up('kij', 9), up('nij', 256)], words: [down('col', 8)], fixed: {}, separator: '', trailing: '', header: [], eol: '\n' });
    const shape = textShape(text);
    const whole = new FileReading(shape, layout);
    const words = Array.from({ length: shape.lineCount }, (_, line) => whole.words(line)).flat();
    const texts = (wanted: string): { line: number; column: number }[] =>
      Array.from({ length: shape.lineCount }, (_, line) => line).flatMap((line) => {
        const found: { line: number; column: number }[] = [];
        for (let column = 0; column < shape.line(line).length; column++) if (shape.line(line).toLowerCase().startsWith(wanted.toLowerCase(), column)) found.push({ line, column });
        return found;
      });
    const before = (a: { line: number; column: number }, b: { line: number; column: number }): boolean => a.line < b.line || (a.line === b.line && a.column < b.column);
    const query = fc.oneof(fc.integer({ min: -210, max: 210 }).map((wanted) => ({ type: 'value' as const, value: wanted })), fc.constantFrom('xxxx', 'TIME1', '0000000000000000', '   10011', '111111110011100', 'nothing').map((wanted) => ({ type: 'text' as const, text: wanted })));
    await fc.assert(
      fc.asyncProperty(query, fc.nat(shape.lineCount - 1), fc.integer({ min: -1, max: 127 }), fc.boolean(), async (wanted, line, column, backward) => {
        if (column < 0 && backward) return;
        const all = wanted.type === 'value' ? words.filter((word) => word.value === wanted.value).map((word) => ({ line: word.fileLine, column: word.column })) : texts(wanted.text);
        let from = { line, column };
        // And on from there: the only one is found again
        for (let round = 0; round < 2; round++) {
          const ahead = all.filter((one) => (backward ? before(one, from) : before(from, one)));
          const list = ahead.length > 0 ? ahead : all;
          const { place } = await viewer.view({ type: 'find', query: wanted, from, backward }, 'found');
          assert.deepEqual(place === undefined ? undefined : { line: place.line, column: place.column }, backward ? list.at(-1) : list[0]);
          if (place === undefined) return;
          from = { line: place.line, column: place.column };
        }
      }),
      { seed: SEED, numRuns: 60 },
    );
  });

  it('beside a file in another layout: the words of the same coordinates, and each one that differs', async () => {
    const folder = testFolder();
    // The file beside has its columns the other way round and in hex
    const changed = new Set([5, 700, 2303]);
    const other = Array.from({ length: 9 * 256 }, (_, line) => Array.from({ length: 8 }, (_, col) => ((value(line, col) + (changed.has(line) && col === line % 8 ? 1 : 0)) & 0xffff).toString(16).padStart(4, '0')).join(' '));
    const golden = folder.write('psum.txt', [...HEADER, ...psums(value), ''].join('\n'));
    const beside = folder.write('psum_hex.txt', other.join('\n'));
    const manifest = { version: 1, entry: 'conv', inputs: [], files: [{ path: 'psum_hex.txt', sha256: '', bytes: fs.statSync(beside).size, layout: { kind: 'psum', bits: 16, signed: true, radix: 'hex', lines: [up('kij', 9), up('nij', 256)], words: [up('col', 8)], fixed: {}, separator: ' ', trailing: '', header: [], eol: '\n' } }] };
    folder.write('tilescope-manifest.json', JSON.stringify(manifest));
    const viewer = client();
    await viewer.open(golden);
    const compared = await viewer.ask({ type: 'compare', file: beside });
    assert.ok(compared.type === 'compared' && compared.other !== undefined, JSON.stringify(compared));
    const { rows } = await viewer.view({ type: 'rows', from: 3 + 700, count: 2 }, 'rows');
    assert.deepEqual(rows.map((row) => row.other?.differing), [[7 - (700 % 8)], []]);
    assert.equal(rows[1]!.other!.text.replaceAll(/\s/g, ''), other[701]!.split(' ').reverse().join(''));
    const found: number[] = [];
    let from = { line: 0, column: -1 };
    for (let i = 0; i < 3; i++) {
      const { place } = await viewer.view({ type: 'mismatch', from, backward: false }, 'found');
      found.push(place!.line - 3);
      from = place!;
    }
    assert.deepEqual(found, [5, 700, 2303]);
    assert.equal((await viewer.view({ type: 'mismatch', from: { line: 3 + 700, column: 0 }, backward: true }, 'found')).place!.line, 3 + 5);
    const hover = await viewer.view({ type: 'hover', line: 3 + 9, column: 0, side: 'other' }, 'hover');
    assert.match(hover.says!.place[0]!, /col 7/);
    assert.equal(hover.says!.value.replace('−', '-'), String(value(9, 7)));
  });

  it('mismatches of a dump of the same form are those of a look at every word', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.nat(2303), { maxLength: 5 }), fc.nat(7), fc.constantFrom('flip', 'x', 'short'), fc.boolean(), async (lines, col, how, backward) => {
        const folder = testFolder();
        const dump = psums(value);
        for (const line of lines) {
          const at = (7 - col) * 16;
          const text = dump[line]!;
          dump[line] = how === 'short' ? text.slice(0, -16) : `${text.slice(0, at + 15)}${how === 'x' ? 'x' : text[at + 15] === '0' ? '1' : '0'}${text.slice(at + 16)}`;
        }
        const viewer = client();
        await viewer.open(folder.write('psum.txt', [...HEADER, ...psums(value), ''].join('\n')));
        const reply = await viewer.ask({ type: 'compare', file: folder.write('psum_rtl.txt', dump.join('\n')) });
        assert.equal(reply.type, 'compared', JSON.stringify(reply));
        const found: number[] = [];
        let from = backward ? { line: 2306, column: 999 } : { line: 0, column: -1 };
        for (;;) {
          const { place, wrapped } = await viewer.view({ type: 'mismatch', from, backward }, 'found');
          if (place === undefined || wrapped === true || found.length > 9) break;
          found.push(place.line - 3);
          from = place;
        }
        assert.deepEqual(found, [...lines].sort((a, b) => (backward ? b - a : a - b)));
        viewer.server.close();
      }),
      { seed: SEED, numRuns: 12 },
    );
  });

  it('finds what stands in and behind a line that does not fit, before all lines were looked at', async () => {
    const count = 70_000;
    const odd = count / 2 + 77;
    const lines = Array.from({ length: count }, (_, line) => bits(line % 251));
    // One line in the place of two, and none of those that are looked at first: all behind it have other numbers than they seem to have
    lines.splice(odd, 2, '1'.repeat(33));
    lines[count - 9] = bits(-5);
    const file = testFolder().write('psum.txt', `${lines.join('\n')}\n`);
    const from = { line: 10, column: -1 };
    for (const [query, first, last] of [
      [{ type: 'text', text: bits(-5) }, count - 8, count - 9],
      [{ type: 'value', value: -5 }, count - 9, count - 9],
      [{ type: 'text', text: '1'.repeat(20) }, odd, odd],
    ] as const) {
      const viewer = client();
      const { info } = await viewer.open(file);
      assert.deepEqual([info.regular, info.lines], [true, count]);
      // As lines are numbered then: what stands there is what was found
      const found = await viewer.view({ type: 'find', query, from, backward: false }, 'found');
      assert.deepEqual([found.place?.line, found.wrapped], [first, false], JSON.stringify(query));
      while (viewer.replies.findLast((reply) => reply.type === 'status')?.info.regular !== false) await new Promise((resolve) => setTimeout(resolve, 5));
      const again = await viewer.view({ type: 'find', query, from, backward: false }, 'found');
      assert.equal(again.place?.line, last, JSON.stringify(query));
    }
  });

  it('a file of free text is shown without a layout', async () => {
    const viewer = client();
    const { info, rows } = await viewer.open(testFolder().write('notes.txt', 'some text\nand more\n'));
    assert.deepEqual([info.layout, info.lines, rows.map(({ text }) => text)], [undefined, 2, ['some text', 'and more']]);
    assert.match(info.report!, /free text/);
    const reply = await viewer.ask({ type: 'find', query: { type: 'value', value: 3 }, from: { line: 0, column: -1 }, backward: false });
    assert.ok(reply.type === 'failed' && reply.problem.code === 'text-format');
  });

  it('what cannot be opened is an answer, and so is an empty file', async () => {
    const folder = testFolder();
    const viewer = client();
    const missing = await viewer.ask({ type: 'open', file: folder.file('none.txt') });
    assert.ok(missing.type === 'failed' && missing.problem.code === 'usage', JSON.stringify(missing));
    const nothing = await viewer.ask({ type: 'rows', from: 0, count: 1 });
    assert.equal(nothing.type, 'failed');
    assert.equal((await viewer.open(folder.write('empty.txt', ''))).info.lines, 0);
    assert.deepEqual((await viewer.view({ type: 'find', query: { type: 'text', text: '0' }, from: { line: 0, column: -1 }, backward: false }, 'found')).place, undefined);
  });

  it('what is asked while a file is being opened waits for it, and the file asked for last stays', async () => {
    const { server, replies } = client();
    const folder = testFolder();
    const [long, short] = [folder.write('psum.txt', psums(value).join('\n')), folder.write('short.txt', psums(value).slice(0, 8).join('\n'))];
    const answer = (id: number): PagesReply => replies.find((reply) => 'id' in reply && reply.id === id)!;
    await Promise.all([server.take({ id: 1, type: 'open', file: long }), server.take({ id: 2, type: 'rows', from: 2000, count: 1 })]);
    const rows = answer(2);
    assert.ok(rows.type === 'rows' && rows.rows.length === 1, JSON.stringify(rows));
    await Promise.all([server.take({ id: 3, type: 'open', file: long }), server.take({ id: 4, type: 'open', file: short }), server.take({ id: 5, type: 'rows', from: 0, count: 100 })]);
    const last = answer(5);
    assert.ok(last.type === 'rows' && last.rows.length === 8, JSON.stringify(last));
  });

  it('what is asked of a file that could not be opened is answered with the reason', async () => {
    const { server, replies } = client();
    await Promise.all([server.take({ id: 1, type: 'open', file: testFolder().file('none.txt') }), server.take({ id: 2, type: 'rows', from: 0, count: 1 })]);
    for (const reply of replies) assert.ok(reply.type === 'failed' && /does not exist/.test(reply.problem.what), JSON.stringify(reply));
    assert.equal(replies.length, 2);
  });

  it('addresses of a memory dump stand beside its lines, and can be gone to', async () => {
    const viewer = client();
    const { rows } = await viewer.open(testFolder().write('mem.memb', ['@10', ...psums(value).slice(0, 300), '@800', ...psums(value).slice(0, 20)].join('\n')));
    assert.deepEqual([rows[1]!.address, rows[0]!.address], [16, undefined]);
    assert.equal((await viewer.view({ type: 'goTo', text: '@803', from: { line: 0, column: -1 } }, 'wentTo')).place?.line, 302 + 3);
    assert.match((await viewer.view({ type: 'goTo', text: '@700', from: { line: 0, column: -1 } }, 'wentTo')).problem!, /no word at address 700/);
  });

  it('a search is given up when it is cancelled', async () => {
    const replies: PagesReply[] = [];
    const server = new PageServer((reply) => replies.push(reply));
    const lines = psums(value).join('\n');
    await server.take({ id: 1, type: 'open', file: testFolder().write('psum.txt', Array.from({ length: 60 }, () => lines).join('\n')) });
    const search = server.take({ id: 2, type: 'find', query: { type: 'value', value: 9999 }, from: { line: 0, column: -1 }, backward: false });
    await server.take({ id: 2, type: 'cancel' });
    await search;
    assert.deepEqual(replies.at(-1), { id: 2, type: 'cancelled' });
    server.close();
  });

  it('pages of a file are what a read of it gives, wherever it begins', () => {
    const bytes = Uint8Array.from({ length: 300_000 }, (_, i) => (i * 7919) % 251);
    const file = PagedFile.open(testFolder().write('bytes.txt', bytes));
    fc.assert(
      fc.property(fc.nat(300_010), fc.nat(200_000), (offset, length) => {
        const into = new Uint8Array(length);
        const got = file.read(offset, into);
        assert.equal(got, Math.max(0, Math.min(length, bytes.length - offset)));
        assert.ok(Buffer.from(into.subarray(0, got)).equals(Buffer.from(bytes.subarray(offset, offset + got))));
      }),
      { seed: SEED },
    );
    file.close();
  });
});
