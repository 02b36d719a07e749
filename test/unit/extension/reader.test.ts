import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import fc from 'fast-check';
import { GivenUp, Reader, ReaderFailed } from '../../../src/extension/golden/reader';
import type { ReadQuestion } from '../../../src/protocol/reading';
import { candidateOf, isReadReply, isReadRequest } from '../../../src/protocol/reading';
import { inferLayout } from '../../../src/vectors/infer';
import { inferFolder } from '../../../src/vectors/siblings';
import { generate } from '../../../src/project/generate';
import { NOTEBOOK_CASES, ROOT } from '../support/fixtures';
import { ORT_SCRIPT, entryOf, notebookLayer, removeTestFolders, testFolder } from '../support/workspace';

const QUIET = { debug: () => undefined, warn: () => undefined };
const SCRIPT = path.join(ROOT, 'dist/reader.js');
const PSUM = Array.from({ length: 36 }, (_, line) => Array.from({ length: 8 }, (__, word) => ((((line * 8 + word) * 7919) % 601) - 300 + 65536).toString(2).slice(-16)).join('')).join('\n');
const ASK: ReadQuestion & { type: 'document' } = { type: 'document', key: 'a 1', name: 'psum.txt', hints: {}, infer: true };
const pieces = (text: string, key = 'a 1'): { key: string; pieces: () => string[] } => ({ key, pieces: () => text.match(/[^]{1,1000}/g) ?? [] });
const until = async (condition: () => boolean): Promise<void> => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 5));
};

/** A thread of the test's own making. */
function script(text: string): string {
  const folder = testFolder();
  folder.write('thread.js', text);
  return folder.file('thread.js');
}

describe('the thread that reads golden files', () => {
  const readers: Reader[] = [];
  const reader = (file = SCRIPT, options = {}): Reader => {
    const made = new Reader(file, QUIET, options);
    readers.push(made);
    return made;
  };
  afterEach(() => {
    for (const made of readers.splice(0)) made.dispose();
  });
  after(removeTestFolders);

  it('reads a document that comes in pieces as one that is read at once', async () => {
    const { candidates, lines, report } = await reader().ask(ASK, pieces(PSUM));
    const own = inferLayout({ text: PSUM, name: 'psum.txt' });
    assert.equal(report, undefined);
    assert.deepEqual(candidates.map(candidateOf), own.candidates);
    assert.equal(lines.roles.length, 36);
  });

  it('reads a folder as the library does, the proof with it; what is not there is left out', async () => {
    const folder = testFolder();
    await generate(entryOf(folder, notebookLayer(NOTEBOOK_CASES['golden-part1'], 'golden-part1')), { ortScript: ORT_SCRIPT });
    const own = Object.entries(folder.files('golden')).flatMap(([file, text]) => (/viz|json/.test(file) ? [] : [{ name: path.basename(file), text }]));
    for (const { name, text } of own) folder.write(name, text);
    const files = [...own.map(({ name: file }) => ({ name: file, path: folder.file(file) })), { name: 'gone.txt', path: folder.file('gone.txt') }, { name: 'folder.txt', path: folder.path }];
    const answer = await reader().ask({ type: 'folder', files, infer: true });
    const expected = inferFolder(own);
    assert.ok(expected.some(({ candidates }) => candidates[0]?.proven === true));
    assert.deepEqual(answer.files.map(({ name: file, text, candidates }) => ({ file, text, candidates: candidates.map(candidateOf) })), expected.map(({ name: file, candidates }, i) => ({ file, text: own[i]!.text, candidates })));
  });

  it('says that a document kept its form, and lints it without another sending', async () => {
    const one = reader();
    const { form, candidates } = await one.ask(ASK, pieces(PSUM));
    const edited = `${PSUM.slice(0, -1)}${PSUM.endsWith('0') ? '1' : '0'}`;
    const again = await one.ask({ ...ASK, key: 'a 2', form }, pieces(edited, 'a 2'));
    assert.deepEqual([again.sameForm, again.candidates], [true, []]);
    const refuse = { key: 'a 2', pieces: (): string[] => assert.fail('sent twice') };
    const { findings } = await one.ask({ type: 'lint', key: 'a 2', name: 'psum.txt', candidate: candidates[0]!, declared: true }, refuse);
    assert.deepEqual(findings.map(({ rule }) => rule), ['no-final-newline']);
    assert.equal((await one.ask({ ...ASK, key: 'a 3', form }, pieces(PSUM.slice(129), 'a 3'))).sameForm, false);
  });

  it('another alphabet in lines of the same length is another form; the same form is not the same text', async () => {
    const folder = testFolder();
    const binary = Array.from({ length: 36 }, (_, line) => (line * 40503 + 0x10001).toString(2).padStart(32, '0').slice(-32)).join('\n');
    const hex = Array.from({ length: 36 }, (_, line) => Array.from({ length: 8 }, (__, word) => (line * 31 + word * 7 + 0xa00).toString(16).padStart(4, '0').slice(-4)).join('')).join('\n');
    folder.write('activation.txt', `\ufeff${binary.replaceAll('\n', '\r\n')}`);
    const one = reader();
    const [kept] = (await one.ask({ type: 'folder', files: [{ path: folder.file('activation.txt'), name: 'activation.txt' }], infer: true })).files;
    const ask = async (text: string, key: string): Promise<readonly [boolean, boolean]> => {
      const { sameForm, sameText } = await one.ask({ ...ASK, key, name: 'activation.txt', form: kept!.form, digest: kept!.digest }, pieces(text, key));
      return [sameForm, sameText];
    };
    assert.deepEqual(await ask(binary, 'same'), [true, true]);
    assert.deepEqual(await ask(`${binary.slice(0, -1)}${binary.endsWith('0') ? '1' : '0'}`, 'a word'), [true, false]);
    assert.deepEqual(await ask(hex, 'hex'), [false, false]);
  });

  it('a whole set of more files than are compared lacks none, and it is said how many were left out', async () => {
    const folder = testFolder();
    const line = '0110'.repeat(8);
    for (let icTile = 0; icTile < 50; icTile++) for (let kij = 0; kij < 9; kij++) folder.write(`weight_itile${icTile}_otile0_kij${kij}.txt`, `${line}\n`);
    const ask = async (): Promise<{ missing: string[]; unread: readonly { folder: string; count: number }[] }> => {
      const { findings, unread } = await reader().ask({ type: 'sets', folders: [folder.path], manifests: [] });
      return { missing: findings.flatMap(({ rule, what }) => (rule === 'missing-member' ? [what] : [])), unread };
    };
    assert.deepEqual(await ask(), { missing: [], unread: [{ folder: folder.path, count: 50 }] });
    fs.rmSync(folder.file('weight_itile7_otile0_kij3.txt'));
    const { missing, unread } = await ask();
    assert.match(missing.join(), /^The set lacks weight_itile7_otile0_kij3\.txt .*; 449 of 450 files are there\.$/);
    assert.deepEqual(unread, [{ folder: folder.path, count: 49 }]);
  });

  it('ends when it has been idle and starts again for the next question', async () => {
    const one = reader(SCRIPT, { idleMs: 1 });
    await one.ask(ASK, pieces(PSUM));
    await until(() => !one.isRunning);
    assert.equal((await one.ask(ASK, pieces(PSUM))).lines.roles.length, 36);
  });

  it('a question that is given up ends at once, also one that waits; the next is answered', async () => {
    const marks = testFolder();
    const one = reader(script(`const { parentPort } = require('node:worker_threads'); const fs = require('node:fs');
      parentPort.on('message', (message) => {
        if (message.type !== 'sets') return;
        if (!fs.existsSync(${JSON.stringify(marks.file('hung'))})) { fs.writeFileSync(${JSON.stringify(marks.file('hung'))}, ''); for (;;); }
        parentPort.postMessage({ id: message.id, type: 'sets', findings: [], unread: [] });
      });`));
    const [first, second] = [new AbortController(), new AbortController()];
    const question = { type: 'sets', folders: [], manifests: [] } as const;
    const hung = one.ask(question, undefined, first.signal);
    const waiting = one.ask(question, undefined, second.signal);
    const last = one.ask(question);
    await until(() => fs.existsSync(marks.file('hung')));
    second.abort();
    await assert.rejects(waiting, GivenUp);
    first.abort();
    await assert.rejects(hung, GivenUp);
    assert.deepEqual((await last).findings, []);
  });

  it('questions that are given up while their text is on its way spoil no later one', async () => {
    const one = reader();
    for (let i = 0; i < 8; i++) {
      const stop = new AbortController();
      const key = `given up ${i}`;
      const halfWay = one.ask({ ...ASK, key }, { key, *pieces() { yield PSUM.slice(0, 1000); stop.abort(); yield PSUM.slice(1000); } }, stop.signal);
      const next: ReturnType<typeof one.ask<'document'>> = one.ask({ ...ASK, key: `next ${i}` }, pieces(PSUM, `next ${i}`));
      await assert.rejects(halfWay, GivenUp);
      assert.equal((await next).lines.roles.length, 36);
    }
  });

  it('a text that changes while it is sent spoils no later question', async () => {
    const one = reader();
    await assert.rejects(one.ask(ASK, { key: 'a 1', *pieces() { yield '0101'; throw new Error('changed'); } }), /^Error: changed$/);
    for (let i = 0; i < 3; i++) assert.equal((await one.ask(ASK, pieces(PSUM))).lines.roles.length, 36);
  });

  it('an answer that takes too long, one that is not understood, and a thread that dies are failures; the next question has another thread', async () => {
    // Only the first is to take too long: a thread alone may need a second to start on a busy machine
    const bad = (body: string, budgetMs = 30_000): Reader => reader(script(`const { parentPort } = require('node:worker_threads'); parentPort.on('message', (message) => { ${body} });`), { budgetMs });
    const question = { type: 'sets', folders: [], manifests: [] } as const;
    await assert.rejects(bad('for (;;);', 300).ask(question), (error: Error) => error instanceof ReaderFailed && error.message.includes('took longer than 0.3 s'));
    await assert.rejects(bad('parentPort.postMessage({ id: message.id, type: "sets", findings: [7], unread: [] });').ask(question), /not understood/);
    const dying = bad('process.exit(1);');
    await assert.rejects(dying.ask(question), /ended/);
    await assert.rejects(dying.ask(question), /ended/);
    await assert.rejects(bad('throw new Error("out of memory");').ask(question), /failed: out of memory/);
  });

  it('a question about a document that was not sent is a problem, not an end', async () => {
    const one = reader();
    await assert.rejects(one.ask(ASK), /not sent/);
    assert.equal((await one.ask(ASK, pieces(PSUM))).lines.roles.length, 36);
  });

  it('its messages are known from all else', () => {
    fc.assert(
      fc.property(fc.anything(), (value) => {
        assert.equal(isReadRequest(value) || isReadReply(value), false);
      }),
      { seed: 7 },
    );
    assert.ok(isReadRequest({ id: 1, ...ASK }));
    for (const request of [ASK, { id: 1, ...ASK, hints: 7 }, { id: 1, type: 'folder', files: [{ name: 'a' }], infer: true }, { id: 1, type: 'lint', key: 'k', name: 'n', candidate: {}, declared: true }]) assert.equal(isReadRequest(request), false);
  });
});
