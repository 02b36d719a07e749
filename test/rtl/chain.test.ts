import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import type { CheckReport } from '../../src/check/compare/report';
import { runCheck } from '../../src/project/check/check';
import type { ExampleLayer, Program, SimulationResult } from '../host/simulator';
import { exampleScripts, simulatorScripts } from '../host/simulator';
import { ORT_SCRIPT, removeTestFolders, testFolder } from '../unit/support/workspace';
import { FAULTS } from './faults';
import type { PlantedFault } from './faults';

/** RTL -> dump -> check -> named cause, with nothing told to the check but the golden files and the dump. */
describe('from RTL to the named cause', () => {
  const layers = new Map<string, ExampleLayer & { readonly program: Program }>();
  let simulate: (program: Program, plusargs: readonly string[]) => SimulationResult;

  before(async () => {
    const scripts = await simulatorScripts();
    const { generateExample } = await exampleScripts();
    const folder = testFolder();
    simulate = scripts.simulate;
    for (const layer of generateExample(folder.path)) {
      if (layer.name !== 'conv4') layers.set(layer.name, { ...layer, program: scripts.compile({ geometry: layer.geometry, folder: folder.file('compiled', layer.name), log: console.error }) });
    }
  });
  after(removeTestFolders);

  function dumpsOf(layerName: string, ...plusargs: string[]): string {
    const layer = layers.get(layerName);
    assert.ok(layer);
    const dumps = testFolder().path;
    simulate(layer.program, [...layer.plusargs, `+dump=${dumps}`, ...plusargs]);
    return dumps;
  }

  async function check(layerName: string, memory: 'psum' | 'out', dumps: string, form: 'memb' | 'memh', ocTile?: number): Promise<CheckReport> {
    const { folder } = layers.get(layerName)!;
    const tile = ocTile === undefined ? '' : `_otile${ocTile}`;
    const files = memory === 'out' ? [path.join(folder, `golden/Part1/out${tile}.txt`)] : fs.readdirSync(folder).filter((name) => name.startsWith('psum') && name.includes(tile)).map((name) => path.join(folder, name));
    return runCheck({ name: memory, golden: { type: 'files', files }, dump: { type: 'files', files: [path.join(dumps, `${memory}${tile}.${form}.txt`)] } }, { ortScript: ORT_SCRIPT });
  }

  for (const [layer, ocTile] of [['conv5', undefined], ['conv3', 0], ['conv3', 1]] as const) {
    it(`${layer}${ocTile === undefined ? '' : ` oc tile ${ocTile}`} as it should be: everything matches, and no cause is claimed`, async () => {
      const dumps = dumpsOf(layer, ...(ocTile === undefined ? [] : [`+octile=${ocTile}`]));
      for (const memory of ['psum', 'out'] as const) {
        for (const form of ['memb', 'memh'] as const) {
          const report = await check(layer, memory, dumps, form, ocTile);
          assert.deepEqual([report.verdict, report.differing, report.causes], ['match', 0, []], report.what);
          assert.ok(report.compared > 0);
        }
      }
    });
  }

  const named = ({ name, details }: PlantedFault): string => [name, ...details].join(' ');

  for (const fault of FAULTS) {
    const { name, details, layer, ocTile, shows, cause, outCause, outPlace } = fault;
    it(`${named(fault)}: ${cause}`, async () => {
      const dumps = dumpsOf(layer, `+fault=${name}`, ...details, ...(ocTile === undefined ? [] : [`+octile=${ocTile}`]));
      for (const memory of shows) {
        const report = await check(layer, memory, dumps, 'memb', ocTile);
        const shown = `${memory}: ${report.what}\n${report.causes.map(({ id, sentence }) => `${id}: ${sentence}`).join('\n')}\n${report.notes.join(' ')}`;
        if (memory === 'out' && outPlace !== undefined) {
          assert.deepEqual(report.causes, [], shown);
          assert.match(shown, new RegExp(`All ${report.differing} stand in ${outPlace}\\.`));
          continue;
        }
        const [first] = report.causes;
        const wanted = memory === 'out' ? (outCause ?? cause) : cause;
        // Causes that explain and break the very same words are equally right
        assert.ok(first !== undefined && [first.id, ...first.alike].includes(wanted), `${wanted} is not named. ${shown}`);
      }
    });
  }
});
