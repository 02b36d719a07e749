import assert from 'node:assert/strict';
import fs from 'node:fs';
import type { ValidateFunction } from 'ajv';
import { Ajv } from 'ajv';
import type { CheckReport } from '../../../src/check/compare/report';
import { cli, dataLines, notebook } from '../support/cli';
import { fixture } from '../support/fixtures';
import { removeTestFolders } from '../support/workspace';

describe('reports of tilescope check', () => {
  after(removeTestFolders);

  it('SARIF has what its schema asks for, with a place on both sides', async () => {
    const folder = notebook('part1');
    const lines = dataLines(folder.read('output.txt'));
    lines[3] = `${'x'.repeat(16)}0111${lines[3]!.slice(20)}`;
    folder.write('a b/rtl.txt', `${lines.join('\n')}\n`);
    const { code } = await cli(folder.path, 'check', 'output.txt', 'a b/rtl.txt', '--sarif', 'r.sarif');
    assert.equal(code, 1);
    const log = JSON.parse(folder.read('r.sarif')) as SarifLog;
    const [only] = log.runs;
    assert.deepEqual([log.version, log.runs.length, only!.tool.driver.name, only!.columnKind], ['2.1.0', 1, 'TileScope', 'utf16CodeUnits']);
    assert.equal(only!.results.length, 2);
    for (const { ruleId, ruleIndex, level, message, locations, relatedLocations } of only!.results) {
      assert.equal(only!.tool.driver.rules[ruleIndex]!.id, ruleId);
      assert.equal(level, 'error');
      assert.ok(message.text.length > 0);
      for (const { physicalLocation } of [...locations, ...relatedLocations]) {
        const { startLine, startColumn, endColumn } = physicalLocation.region;
        assert.ok(startLine >= 1 && startColumn >= 1 && endColumn > startColumn);
      }
      for (const { id, message: text } of relatedLocations) assert.ok(Number.isInteger(id) && text.text.length > 0);
    }
    assert.deepEqual(sarifErrors(log), []);
    assert.deepEqual(only!.results.map(({ ruleId, locations, relatedLocations }) => [ruleId, locations[0]!.physicalLocation.artifactLocation.uri, Object.values(locations[0]!.physicalLocation.region), relatedLocations[0]!.physicalLocation.artifactLocation.uri, relatedLocations[0]!.physicalLocation.region.startLine]), [
      ['unknown-bits', 'a%20b/rtl.txt', [4, 1, 17], 'output.txt', 7],
      ['value-differs', 'a%20b/rtl.txt', [4, 17, 33], 'output.txt', 7],
    ]);
  });

  it('SARIF has a result for each check that fails, whatever it lists, and holds to the official schema', async () => {
    const folder = notebook('part1');
    const lines = dataLines(folder.read('output.txt'));
    folder.write('good.txt', `${lines.join('\n')}\n`);
    folder.write('bad.txt', `${lines.join('\n').replaceAll('1', '0')}\n`);
    folder.write('bad.log', `1-th output featuremap Data matched!!\nsfpout: ${lines[0]!}\nERROR: timeout\n`);
    folder.write('other.txt', '012\n');
    const results = async (dump: string, ...more: string[]): Promise<readonly [string, string][]> => {
      await cli(folder.path, 'check', 'output.txt', dump, '--sarif', 'r.sarif', ...more);
      const log = JSON.parse(folder.read('r.sarif')) as SarifLog;
      assert.deepEqual(sarifErrors(log), [], dump);
      const [only] = log.runs;
      return only!.results.map(({ ruleId, ruleIndex, message }) => {
        assert.equal(only!.tool.driver.rules[ruleIndex]!.id, ruleId);
        return [ruleId, message.text];
      });
    };
    assert.deepEqual(await results('good.txt'), []);
    const [silent, ...none] = await results('bad.txt', '--max', '0');
    assert.deepEqual([silent![0], none], ['dump-differs', []]);
    assert.match(silent![1], /^bad\.txt: out: \d+ of 128 words differ/);
    const [told] = await results('bad.log');
    assert.equal(told![0], 'run-failed');
    assert.match(told![1], /But the log itself tells of 1 error\..*in line 3: ERROR: timeout/);
    assert.deepEqual((await results('other.txt')).map(([rule]) => rule), ['cannot-compare']);
    assert.deepEqual((await results('bad.txt', '--max', '3')).map(([rule]) => rule), ['value-differs', 'value-differs', 'value-differs']);
  });

  it('a report that cannot be written takes nothing from what is printed', async () => {
    const folder = notebook('part1');
    folder.write('bad.txt', `${dataLines(folder.read('output.txt')).join('\n').replaceAll('1', '0')}\n`);
    const text = await cli(folder.path, 'check', 'output.txt', 'bad.txt', '--junit', 'nowhere/r.xml', '--sarif', 'r.sarif');
    assert.deepEqual([text.code, text.err.match(/output-write/g)?.length], [2, 1]);
    assert.match(text.out, /^bad\.txt: MISMATCH/);
    assert.match(text.err, /"nowhere\/r\.xml" cannot be written \(ENOENT\)/);
    assert.ok(fs.existsSync(folder.file('r.sarif')), 'the other one is written all the same');
    const json = await cli(folder.path, 'check', 'output.txt', 'bad.txt', '--junit', '', '--json');
    const printed = JSON.parse(json.out) as { ok: boolean; reports: CheckReport[]; problems: { code: string }[] };
    assert.deepEqual([json.code, printed.ok, printed.reports[0]?.verdict, printed.problems.map(({ code }) => code)], [2, false, 'mismatch', ['output-write']]);
  });

  it('what stands in a report cannot break its XML', async () => {
    const folder = notebook('part1');
    folder.write('<"&\'>.txt', '012\n'.repeat(16));
    const { code } = await cli(folder.path, 'check', 'output.txt', '<"&\'>.txt', '--junit', 'r.xml');
    assert.equal(code, 2);
    const xml = folder.read('r.xml');
    assert.match(xml, /<testcase name="&lt;&quot;&amp;&apos;&gt;\.txt"/);
    assert.doesNotMatch(xml.replaceAll(/&(?:lt|gt|amp|quot|apos|#\d+);/g, ''), /&|<(?![?/]?[a-z])/);
  });
});

interface SarifPlace {
  readonly physicalLocation: { readonly artifactLocation: { readonly uri: string }; readonly region: { readonly startLine: number; readonly startColumn: number; readonly endColumn: number } };
}

interface SarifLog {
  readonly version: string;
  readonly runs: readonly {
    readonly columnKind: string;
    readonly tool: { readonly driver: { readonly name: string; readonly rules: readonly { readonly id: string }[] } };
    readonly results: readonly { readonly ruleId: string; readonly ruleIndex: number; readonly level: string; readonly message: { readonly text: string }; readonly locations: readonly SarifPlace[]; readonly relatedLocations: readonly (SarifPlace & { readonly id: number; readonly message: { readonly text: string } })[] }[];
  }[];
}

let validate: ValidateFunction | undefined;

/** What the official schema has against a log. */
function sarifErrors(log: object): string[] {
  if (validate === undefined) {
    const { $schema, id, ...schema } = JSON.parse(fs.readFileSync(fixture('sarif', 'sarif-2.1.0-rtm.5.json'), 'utf8')) as Record<string, unknown>;
    assert.ok(String($schema).includes('draft-04') && String(id).includes('sarif-2.1.0'));
    validate = new Ajv({ strict: false, validateFormats: false, unicodeRegExp: false, allErrors: true }).compile(schema);
  }
  validate(log);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message ?? ''}`);
}
