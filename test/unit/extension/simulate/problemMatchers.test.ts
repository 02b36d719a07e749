import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { ROOT, fixture } from '../../support/fixtures';

interface Pattern {
  readonly regexp: string;
  readonly file: number;
  readonly line: number;
  readonly column?: number;
  readonly severity?: number;
  readonly message: number;
}

const manifest = JSON.parse(fs.readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { contributes: { problemMatchers: { name: string; severity: string; pattern: Pattern }[] } };

/** What a matcher makes of the lines of a text: `file:line[:column] severity message`. */
function problems(name: string, text: string): string[] {
  const { pattern, severity } = manifest.contributes.problemMatchers.find((matcher) => matcher.name === name)!;
  const regexp = new RegExp(pattern.regexp);
  return text.split(/\r?\n/).flatMap((line) => {
    const match = regexp.exec(line);
    if (match === null) return [];
    const column = pattern.column === undefined ? undefined : match[pattern.column];
    const said = pattern.severity === undefined ? undefined : match[pattern.severity]?.toLowerCase();
    return [`${match[pattern.file]!}:${match[pattern.line]!}${column === undefined ? '' : `:${column}`} ${said !== undefined && ['error', 'warning', 'info'].includes(said) ? said : severity} ${match[pattern.message]!}`];
  });
}

const said = (simulator: string): string => fs.readFileSync(fixture('simulators', `${simulator}.txt`), 'utf8');

describe('problem matchers of the simulators', () => {
  it('$iverilog: errors, warnings, syntax errors without a text, missing includes, "sorry"; nothing of the run', () => {
    assert.deepEqual(problems('iverilog', said('icarus')), [
      'words.v:3 error syntax error',
      'words.v:3 error invalid module item.',
      "ports.v:4 error Unable to bind wire/reg/memory `nothing' in `ports'",
      'ports.v:4 error Unable to elaborate r-value: nothing',
      'ports.v:5 warning Port 1 (a) of part expects 4 bits, got 8.',
      'ports.v:7 warning bit select sum[9] is out of range.',
      "nets.v:3 error 'z' has already been declared in this scope.",
      'include.v:2 error Include file nowhere.vh not found',
      'sorry.v:2 error trireg nets not supported.',
    ]);
  });

  it('$iverilog-note: lines that add to a message', () => {
    assert.deepEqual(problems('iverilog-note', said('icarus')), ['ports.v:5 info Pruning 4 high bits of the expression.', 'nets.v:2 info It was declared here as a net.']);
  });

  it('$vvp: what a run says at a line, not what the bench prints', () => {
    assert.deepEqual(problems('vvp', said('icarus')), ['run.v:4 error $readmemb: Unable to open nofile.txt for reading.', 'run.v:6 warning late', 'run.v:7 error wrong 3', 'run.v:8 error stopped']);
  });

  it('$verilator: errors, warnings with their code, the run; not the source lines and marks below them', () => {
    const found = problems('verilator', said('verilator'));
    assert.ok(found.includes("words.v:3:3 error syntax error, unexpected initial, expecting ',' or ';'"), found.join('\n'));
    assert.ok(found.includes("ports.v:4:17 error Can't find definition of variable: 'nothing'"));
    assert.ok(found.includes("nets.v:4:3 error Cannot find file containing module: 'missing'"));
    assert.ok(found.includes("ports.v:12:8 warning Filename 'ports' does not match MODULE name: 'part'"));
    assert.ok(found.includes('run.v:6 warning Assertion failed in TOP.run: late'));
    assert.ok(found.includes('include.v:1:10 error Cannot find include file: nowhere.vh'));
    assert.ok(found.includes('run.v:7 error Assertion failed in TOP.run: wrong 3'), found.join('\n'));
    assert.equal(found.length, 11, found.join('\n'));
  });

  it('paths with blanks and of Windows', () => {
    assert.deepEqual(problems('iverilog', 'C:\\my rtl\\a.v:12: syntax error'), ['C:\\my rtl\\a.v:12 error syntax error']);
    assert.deepEqual(problems('verilator', '%Warning-WIDTH: C:\\my rtl\\a.v:12:7: Operator ADD expects 8 bits'), ['C:\\my rtl\\a.v:12:7 warning Operator ADD expects 8 bits']);
    assert.deepEqual(problems('vvp', 'WARNING: /my rtl/a.v:12: $readmemh(x): Not enough words'), ['/my rtl/a.v:12 warning $readmemh(x): Not enough words']);
  });
});
