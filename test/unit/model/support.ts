import assert from 'node:assert/strict';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { ProblemCode } from '../../../src/engine/problem';
import { Problem } from '../../../src/engine/problem';
import type { NpyTensor } from '../../../src/model/npy';
import { parseNpy } from '../../../src/model/npy';

/** The repository's folder: tests run bundled, some levels below it. */
export const ROOT = findRoot(__dirname);

/** The bundled process that runs ONNX Runtime. */
export const ORT_SCRIPT = path.join(ROOT, 'dist', 'ort.js');

function findRoot(folder: string): string {
  return fs.existsSync(path.join(folder, 'package.json')) ? folder : findRoot(path.dirname(folder));
}

/** Path of a file in test/fixtures/onnx. */
export function fixture(name: string): string {
  return path.join(ROOT, 'test', 'fixtures', 'onnx', name);
}

export function fixtureTensor(name: string): NpyTensor {
  return parseNpy(fs.readFileSync(fixture(name)), fixture(name));
}

/** A tensor as if it had been read from a file. */
export function tensor(shape: readonly number[], data: NpyTensor['data'] | readonly number[], dtype = 'float32'): NpyTensor {
  return { file: 'made.npy', dtype, shape, data: ArrayBuffer.isView(data) ? data : Float32Array.from(data) };
}

/** Asserts that a function throws, or a promise rejects with, a complete Problem of a code; returns it. */
export async function problemOf(run: () => unknown, code: ProblemCode, what?: RegExp): Promise<Problem> {
  const problem = await failureOf(run);
  assert.ok(problem instanceof Problem, `expected a Problem, got ${String(problem)}`);
  assert.equal(problem.code, code, problem.format());
  assert.match(problem.next, /^[A-Z].*\.$/);
  if (what !== undefined) assert.match(`${problem.what} ${problem.next}`, what);
  return problem;
}

/** What a function throws or rejects with. */
export async function failureOf(run: () => unknown): Promise<unknown> {
  try {
    await run();
  } catch (error) {
    return error;
  }
  assert.fail('nothing was thrown');
}

/** The result of a function, or undefined when it threw a Problem; anything else that is thrown fails the test. */
export function problemOr<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch (error) {
    assert.ok(error instanceof Problem, `not a Problem: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return undefined;
  }
}

/** A folder of its own for each call; removed after the tests of the suite. */
export function temporaryFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'tilescope-test-'));
  after(() => {
    fs.rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}
