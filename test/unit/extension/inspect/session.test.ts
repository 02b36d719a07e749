import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Problem } from '../../../../src/engine/problem';
import type { Dump, SessionParts, SessionStart } from '../../../../src/extension/inspect/session';
import { InspectorSession } from '../../../../src/extension/inspect/session';
import { InspectorThread } from '../../../../src/extension/inspect/thread';
import { problemData } from '../../../../src/protocol/job';
import type { HostMessage, PanelState } from '../../../../src/protocol/panel';
import { isHostMessage } from '../../../../src/protocol/panelGuards';
import { removeTestFolders } from '../../support/workspace';
import { fakeScript } from './fakeThread';

const SELECTION = { icTile: 0, ocTile: 0, kij: 0, nij: 0, row: 0, col: 0, oNij: 0 };
const STATE: PanelState = { subject: 'id', selection: SELECTION, side: 'golden', view: 'tile', dataflow: 'weight-stationary', cycle: 0, follow: true };
const DUMP: Dump = { choice: { id: 'd1', name: 'psum memory', kind: 'psum' }, target: { type: 'files', name: 'psum memory', golden: ['/set/psum.txt'], dump: ['/sim/psum.memh'] }, files: ['/sim/psum.memh'] };
const CHANNEL = { type: 'channel', ocTile: 0, col: 0 };

interface Stage {
  readonly session: InspectorSession;
  readonly thread: InspectorThread;
  readonly posted: HostMessage[];
  /** What was done outside the page: name and arguments. */
  readonly done: unknown[][];
  readonly logged: string[];
  readonly watched: string[];
  readonly of: <T extends HostMessage['type']>(type: T) => Extract<HostMessage, { type: T }>[];
  readonly until: (type: HostMessage['type'], count?: number) => Promise<void>;
}

describe('an inspector between its page and its thread', () => {
  const stages: Stage[] = [];
  afterEach(() => {
    for (const { session } of stages.splice(0)) session.dispose();
  });
  after(removeTestFolders);

  function stage(behaviour = '', parts: Partial<SessionParts> = {}, start: Partial<SessionStart> = {}): Stage {
    const posted: HostMessage[] = [];
    const done: unknown[][] = [];
    const logged: string[] = [];
    const watched: string[] = [];
    const note = (name: string) => (...args: unknown[]): Promise<void> => Promise.resolve(void done.push([name, ...args]));
    const log = (text: string): void => { logged.push(text); };
    const thread = new InspectorThread(fakeScript(behaviour), { debug: () => undefined, warn: log }, { graceMs: 50 });
    const effects = { reveal: note('reveal'), say: (text: string) => void done.push(['say', text]), save: ({ data }: { data: unknown }) => (data === 'refuse' ? Promise.reject(new Error('no disk')) : note('save')(data)), copy: note('copy'), copyLink: note('copyLink'), act: note('act'), followed: (on: boolean) => void done.push(['followed', on]) };
    const session = new InspectorSession(
      {
        id: 'id',
        name: 'fake',
        thread,
        effects,
        log: { debug: () => undefined, warn: log, error: log },
        subject: () => Promise.resolve({ type: 'set', folder: '/set' }),
        dumps: () => Promise.resolve([DUMP]),
        target: (target) => Promise.resolve(target),
        workspace: () => [],
        folders: () => [],
        watch: (files) => { watched.push(...files); },
        post: (message) => {
          assert.ok(isHostMessage(message), JSON.stringify(message));
          posted.push(message);
        },
        ...parts,
      },
      { follow: true, ...start },
    );
    const of: Stage['of'] = (type) => posted.filter((message): message is Extract<HostMessage, { type: typeof type }> => message.type === type);
    const until: Stage['until'] = async (type, count = 1) => {
      while (of(type).length < count) await new Promise((resolve) => setTimeout(resolve, 5));
    };
    const made = { session, thread, posted, done, logged, watched, of, until };
    stages.push(made);
    return made;
  }

  async function opened(behaviour = '', parts: Partial<SessionParts> = {}, start: Partial<SessionStart> = {}): Promise<Stage> {
    const made = stage(behaviour, parts, start);
    await made.session.receive({ type: 'ready' });
    assert.equal(made.of('opened').length, 1);
    return made;
  }

  it('opens when the page is ready, and tells it of layer, dumps and state, once', async () => {
    const { session, posted, of } = await opened('', {}, { state: STATE });
    assert.deepEqual(posted.map(({ type }) => type), ['opening', 'opening', 'opened']);
    const [first] = of('opened');
    assert.deepEqual([first?.subject, first?.layer.name, first?.dumps, first?.state, first?.follow], ['id', 'fake', [DUMP.choice], STATE, true]);
    session.pageGone();
    await session.receive({ type: 'ready' });
    assert.equal(of('opened').length, 2);
    assert.equal(of('opened')[1]?.state, undefined, 'a page that was there before knows more than the host');
    assert.ok(!JSON.stringify(posted).includes('/set') && !JSON.stringify(posted).includes('/sim'), 'a page is told no path');
  });

  it('each question is answered once: answer, refused, cancelled', async () => {
    const { session, of, until } = await opened("if (q.type === 'widths') { fail(q); return; } if (q.type === 'layer') return; if (q.type === 'cancel') { answer(q, { type: 'cancelled' }); return; }");
    await session.receive({ type: 'ask', id: 1, question: CHANNEL });
    await session.receive({ type: 'ask', id: 2, question: { type: 'widths' } });
    void session.receive({ type: 'ask', id: 3, question: { type: 'layer' } });
    await session.receive({ type: 'cancel', id: 3 });
    await until('cancelled');
    assert.deepEqual(of('answer').map(({ id, answer }) => [id, answer.type]), [[1, 'channel']]);
    assert.deepEqual(of('refused').map(({ id, problem }) => [id, problem.code]), [[2, 'psum-overflow']]);
    assert.deepEqual(of('cancelled').map(({ id }) => id), [3]);
  });

  it('an ask that is no question is refused by its number, if it has one', async () => {
    const { session, of } = await opened();
    for (const id of [4, 0, -1, 1.5, '7', undefined]) await session.receive({ type: 'ask', id, question: { type: 'psums', icTile: 'x' } });
    assert.deepEqual(of('refused').map(({ id, problem }) => [id, problem.code]), [[4, 'internal'], [0, 'internal']]);
  });

  it('a dump is attached by its id; one that nobody offered, or that must not be read, is refused', async () => {
    const refuse = new Problem('not-trusted', 'No.', 'Trust it.');
    const one = await opened();
    await one.session.receive({ type: 'ask', id: 1, question: { type: 'compare', dump: 'd1' } });
    await one.session.receive({ type: 'ask', id: 2, question: { type: 'compare', dump: '/etc/passwd' } });
    assert.deepEqual(one.of('answer').map(({ answer }) => answer.type === 'compared' && answer.dump?.name), ['psum memory']);
    assert.deepEqual(one.of('refused').map(({ problem }) => problem.code), ['inspect-dump']);
    assert.ok(one.session.inputs.includes('/sim/psum.memh'));
    assert.ok(one.watched.includes('/set/psum.txt') && one.watched.includes('/sim/psum.memh'), 'a dump is watched as soon as it is compared');
    await one.session.receive({ type: 'ask', id: 3, question: { type: 'compare' } });
    assert.ok(!one.session.inputs.includes('/sim/psum.memh'));
    const untrusted = await opened('', { target: () => Promise.reject(refuse) });
    await untrusted.session.receive({ type: 'ask', id: 1, question: { type: 'compare', dump: 'd1' } });
    assert.deepEqual(untrusted.of('refused').map(({ problem }) => problem), [problemData(refuse)]);
  });

  it('a dump that a thread could not attach again is told in the page, without its path, and stays watched', async () => {
    const lost = new Problem('inspect-dump', 'The dump /sim/psum.memh cannot be read.', 'Run the simulation.', { file: '/sim/psum.memh' });
    const { session, of } = await opened();
    session.dumpLost(lost);
    assert.equal(of('dumpLost').length, 0, 'none was attached');
    await session.receive({ type: 'ask', id: 1, question: { type: 'compare', dump: 'd1' } });
    session.dumpLost(lost);
    const [told] = of('dumpLost');
    assert.deepEqual([told?.problem.what, told?.problem.next], ['The dump psum.memh cannot be read.', 'Run the simulation.']);
    assert.ok(!JSON.stringify(told).includes('/sim'));
    assert.ok(session.inputs.includes('/sim/psum.memh'));
  });

  it('shows a word in the editor, and says quietly when there is none', async () => {
    const { session, done } = await opened();
    await session.receive({ type: 'reveal', kind: 'psum', coordinates: { kij: 0 }, side: 'golden' });
    await session.receive({ type: 'reveal', kind: 'psum', coordinates: { kij: 1 }, side: 'golden' });
    await session.receive({ type: 'reveal', kind: 'psum', coordinates: { kij: 1 }, side: 'dump' });
    assert.deepEqual(done, [['reveal', { file: '/set/psum.txt', line: 0, column: 0, length: 4 }], ['say', 'TileScope: no golden file of this layer holds this psum. Generate Vectors writes them.'], ['say', 'TileScope: the dump has no word for this psum.']]);
  });

  it('a value to show waits for page and layer, and only the last one', async () => {
    const made = stage();
    made.session.show({ kind: 'psum', coordinates: { kij: 1 } });
    made.session.show({ kind: 'psum', coordinates: { kij: 2 }, dump: 'd1' });
    await made.session.receive({ type: 'ready' });
    assert.deepEqual(made.posted.slice(-2).map(({ type }) => type), ['opened', 'select']);
    assert.deepEqual(made.of('select'), [{ type: 'select', kind: 'psum', coordinates: { kij: 2 }, dump: 'd1' }]);
    made.session.pageGone();
    made.session.show({ kind: 'psum', coordinates: { kij: 3 } });
    assert.equal(made.of('select').length, 1);
    await made.session.receive({ type: 'ready' });
    assert.equal(made.of('select').length, 2);
  });

  it('what cannot be opened is an empty state with its problem and what can be done, and retry opens it', async () => {
    let broken = true;
    const { session, of } = stage('', { subject: () => (broken ? Promise.reject(new Problem('config-entry', 'No such layer.', 'Choose one.')) : Promise.resolve({ type: 'set', folder: '/set' })) });
    await session.receive({ type: 'ready' });
    assert.deepEqual(of('empty').map(({ problem, actions }) => [problem?.code, actions]), [['config-entry', ['retry', 'openConfiguration', 'chooseLayer', 'showLog']]]);
    session.pageGone();
    await session.receive({ type: 'ready' });
    assert.equal(of('empty').length, 2, 'a page that comes later is told as well');
    broken = false;
    await session.receive({ type: 'action', action: 'retry' });
    assert.equal(of('opened').length, 1);
    const none = stage('', { subject: () => Promise.resolve(undefined) });
    await none.session.receive({ type: 'ready' });
    assert.deepEqual(none.of('empty'), [{ type: 'empty', actions: ['chooseLayer', 'newLayer', 'openExample'] }]);
  });

  it('opened anew, old questions are answered as cancelled, and the later opening wins', async () => {
    const { session, of, until } = await opened("if (q.type === 'layer') return;");
    void session.receive({ type: 'ask', id: 1, question: { type: 'layer' } });
    const both = Promise.all([session.open(), session.open()]);
    await until('cancelled');
    await both;
    assert.deepEqual([of('opened').length, of('cancelled').map(({ id }) => id)], [2, [1]]);
    await session.receive({ type: 'ask', id: 2, question: CHANNEL });
    assert.equal(of('answer').length, 1);
  });

  it('dumps are told when they are others', async () => {
    let dumps: readonly Dump[] = [DUMP];
    const { session, of } = await opened('', { dumps: () => Promise.resolve(dumps) });
    await session.refreshDumps();
    assert.equal(of('dumps').length, 0);
    dumps = [DUMP, { ...DUMP, choice: { id: 'd2', name: 'outputs' } }];
    await session.refreshDumps();
    assert.deepEqual(of('dumps').map((message) => message.dumps.map(({ id }) => id)), [['d1', 'd2']]);
  });

  it('an effect that throws is said and logged, and the session goes on', async () => {
    const { session, done, logged, of } = await opened();
    await session.receive({ type: 'save', name: 'a', format: 'csv', data: 'refuse' });
    assert.match(String(done.shift()), /^say,.*no disk/);
    await session.receive({ type: 'copy', text: 'a', what: 'a value' });
    await session.receive({ type: 'follow', on: false });
    await session.receive({ type: 'action', action: 'checkDump' });
    await session.receive({ type: 'trouble', what: 'x'.repeat(1e6) });
    assert.deepEqual(done, [['copy', 'a', 'a value'], ['followed', false], ['act', 'checkDump']]);
    assert.equal(session.follow, false);
    assert.ok(logged.every((line) => line.length < 3000));
    assert.equal(of('opened').length, 1);
  });

  it('whatever a page says, nothing throws, nothing outside is done, and questions are still answered', async () => {
    const made = await opened();
    const word = fc.constantFrom('ready?', 'ask', 'cancel', 'reveal', 'selected', 'save', 'copyLink', 'action', 'tile', 'psums', '__proto__', 'constructor', 'toString');
    const hostile = fc.oneof(
      fc.anything({ withBigInt: true, withNullPrototype: true, withTypedArray: true, withMap: true }),
      fc.record({ type: word, id: fc.anything(), question: fc.oneof(fc.anything(), fc.record({ type: word, icTile: fc.anything(), ocTile: fc.anything() })), kind: fc.anything(), coordinates: fc.anything(), selection: fc.anything(), action: fc.anything() }),
    );
    await fc.assert(
      fc.asyncProperty(hostile, async (message) => { await made.session.receive(message); }),
      { seed: 11, numRuns: 2000 },
    );
    assert.deepEqual(made.done, []);
    await made.session.receive({ type: 'ask', id: 77, question: CHANNEL });
    assert.ok(made.of('answer').some(({ id }) => id === 77));
  });

  it('closed in the middle of a computation, its thread is gone and nothing more is told', async () => {
    const { session, thread, posted } = await opened("if (q.type === 'widths') { for (;;); }");
    const asked = session.receive({ type: 'ask', id: 1, question: { type: 'widths' } });
    await new Promise((resolve) => setTimeout(resolve, 20));
    const before = posted.length;
    session.dispose();
    await asked;
    assert.deepEqual([thread.isRunning, posted.length], [false, before]);
    await session.receive({ type: 'ready' });
    assert.equal(posted.length, before);
  });
});
