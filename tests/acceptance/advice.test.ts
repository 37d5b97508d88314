import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hygge } from '../cli/workspace.ts';
import { noteWithin } from '../support/raised-codes.ts';
import { sampled, whole } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';

const byTime = 'home: in\nstore: lake\nrun_type: incremental\nwatermark: { column: at }\n';
const byId = byTime.replace('column: at', 'column: id');
const byFile = 'home: in\nstore: lake\nrun_type: incremental\n';
const rows = (from: number, to: number, id = 'range') =>
  `select ${id} as id, timestamp '2024-01-01' + interval (range) second as "at", 'n' || range as name from range(${from}, ${to})`;
const upTo = (n: number, from = 0) => Array.from({ length: n - from }, (_, i) => from + i);

interface Event {
  readonly event: string;
  readonly code?: string;
  readonly tryThis?: readonly string[];
}

async function go(workspace: TestWorkspace) {
  const run = await hygge(['go', '--output', 'json'], workspace.root);
  const events = run.stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Event);
  const error = events.find(({ event }) => event === 'error');
  noteWithin(error);
  return { ...run, error };
}

interface Spoilt {
  readonly name: string;
  readonly flow: string;
  /** Between the two runs. */
  readonly first?: (workspace: TestWorkspace) => unknown;
  readonly spoil: (workspace: TestWorkspace) => unknown;
  readonly code: string;
  /** What the advice says, and the ids that are settled once it was followed; 100 rows of 150 settle in each of two runs, 10 come later. */
  readonly ways: Readonly<Record<string, readonly number[]>>;
  /** What the advice asks for before its command. */
  readonly byHand?: (workspace: TestWorkspace) => unknown;
  /** For VALUE. */
  readonly value?: string;
  readonly at?: { readonly flow: string; readonly store?: string };
}

/** Rows 0–99 settle, then 100–149; then something happens, and 150–159 come to the source. */
async function spoilt({ flow, first, spoil }: Spoilt): Promise<TestWorkspace> {
  const workspace = new TestWorkspace({ 'flows/f/flow.yml': flow });
  await workspace.parquet('in/1.parquet', rows(0, 60));
  await workspace.parquet('in/1b.parquet', rows(60, 80));
  await workspace.parquet('in/1c.parquet', rows(80, 100));
  expect((await go(workspace)).code).toBe(0);
  await first?.(workspace);
  await workspace.parquet('in/2.parquet', rows(100, 150));
  expect((await go(workspace)).code).toBe(0);
  await workspace.parquet('in/3.parquet', rows(150, 160));
  await spoil(workspace);
  return workspace;
}

const write = (workspace: TestWorkspace, flow: string) => workspace.write({ 'flows/f/flow.yml': flow });
const drop = (workspace: TestWorkspace, ...path: string[]) => rmSync(workspace.path(...path), { recursive: true, force: true });
const keep = (folder: string) => (workspace: TestWorkspace) =>
  cpSync(workspace.path(folder), workspace.path(`${folder}.old`), { recursive: true });
const restore = (folder: string) => (workspace: TestWorkspace) => {
  drop(workspace, folder);
  renameSync(workspace.path(`${folder}.old`), workspace.path(folder));
};
const dataFiles = (workspace: TestWorkspace) => readdirSync(workspace.path('lake')).filter((name) => name.endsWith('.parquet'));
const tear = (workspace: TestWorkspace, kind: string) => {
  const folder = workspace.path('.hygge', 'objects', 'f', 'f', kind);
  for (const name of readdirSync(folder)) writeFileSync(`${folder}/${name}`, '{"torn');
};
const all = upTo(160);
const anew = 'hygge reset f.f, then hygge go';
const adopt = 'hygge reset f.f --adopt';
const above = 'hygge reset f.f --adopt --watermark VALUE';

const cases: readonly Spoilt[] = [
  { name: 'the state is gone', flow: byTime, spoil: (w) => drop(w, '.hygge'), code: 'HYG-2002', ways: { [adopt]: all, [anew]: all } },
  {
    name: 'the state is gone, by file',
    flow: byFile,
    spoil: (w) => drop(w, '.hygge'),
    code: 'HYG-2002',
    ways: { [adopt]: all, [anew]: all },
  },
  { name: 'the destination is gone', flow: byTime, spoil: (w) => drop(w, 'lake'), code: 'HYG-2003', ways: { [anew]: all } },
  {
    name: 'the record of commits is gone',
    flow: byTime,
    spoil: (w) => drop(w, 'lake', '_hygge'),
    code: 'HYG-2003',
    ways: { [anew]: all, [adopt]: all },
  },
  {
    name: 'something else is in the destination',
    flow: byTime,
    spoil: (w) => {
      drop(w, 'lake');
      return w.parquet('lake/theirs.parquet', rows(900, 903));
    },
    code: 'HYG-2003',
    ways: { [anew]: all, [above]: [...upTo(160, 150), 900, 901, 902] },
    value: '2024-01-01 00:02:29',
  },
  {
    name: 'an older state was put back',
    flow: byTime,
    first: keep('.hygge'),
    spoil: restore('.hygge'),
    code: 'HYG-2003',
    ways: { [anew]: all, [adopt]: all },
  },
  {
    name: 'an older destination was put back',
    flow: byTime,
    first: keep('lake'),
    spoil: restore('lake'),
    code: 'HYG-2003',
    ways: { [anew]: all, [adopt]: all },
  },
  {
    name: 'settled files are gone',
    flow: byTime,
    spoil: (w) => drop(w, 'lake', dataFiles(w).at(-1) ?? ''),
    code: 'HYG-2004',
    ways: { [anew]: all, [adopt]: [...upTo(149), ...upTo(160, 150)] },
  },
  {
    name: 'the source has moved',
    flow: byTime,
    spoil: (w) => {
      renameSync(w.path('in'), w.path('in2'));
      write(w, byTime.replace('home: in', 'home: in2'));
    },
    code: 'HYG-2007',
    ways: { [anew]: all, [adopt]: all },
  },
  {
    name: 'the same files have other paths now, by file',
    flow: byFile,
    spoil: (w) => {
      mkdirSync(w.path('in2'));
      renameSync(w.path('in'), w.path('in2/2024'));
      write(w, byFile.replace('home: in', 'home: in2'));
    },
    code: 'HYG-2007',
    ways: { [anew]: all },
  },
  {
    name: 'another column says what is new',
    flow: byTime,
    spoil: (w) => write(w, byId),
    code: 'HYG-2007',
    ways: { [anew]: all, [above]: all },
    value: '149',
  },
  {
    name: 'the column has another type',
    flow: byId,
    spoil: async (w) => {
      for (const [name, from, to] of [
        ['1', 0, 60],
        ['1b', 60, 80],
        ['1c', 80, 100],
        ['2', 100, 150],
        ['3', 150, 160],
      ] as const)
        await w.parquet(`in/${name}.parquet`, rows(from, to, 'range::hugeint::decimal(20,0)'));
      write(w, `${byId}schema_evolution: { type_changes: cast }\n`);
    },
    code: 'HYG-2007',
    ways: { [anew]: all, [above]: all },
    value: '149',
  },
  {
    name: 'the store got another format',
    flow: byTime.replace('store: lake', 'store: { path: lake, format: csv }'),
    spoil: (w) => write(w, byTime),
    code: 'HYG-4109',
    ways: { 'hygge go -d -e f.f': all },
  },
  {
    name: 'a flow by file got a watermark',
    flow: byFile,
    spoil: (w) => write(w, byId),
    code: 'HYG-2007',
    ways: { [anew]: all, [above]: all },
    value: '149',
  },
  {
    name: 'a flow with a watermark lost it',
    flow: byTime,
    spoil: (w) => write(w, byFile),
    code: 'HYG-2007',
    ways: { [anew]: all, [adopt]: all },
  },
  {
    name: 'the store has another path and the data has not moved',
    flow: byTime,
    spoil: (w) => write(w, byTime.replace('store: lake', 'store: lake2')),
    code: 'HYG-2007',
    ways: { [anew]: all },
    at: { flow: 'f', store: 'lake2' },
  },
  {
    name: 'the store has another path and the data has moved',
    flow: byTime,
    spoil: (w) => {
      renameSync(w.path('lake'), w.path('lake2'));
      write(w, byTime.replace('store: lake', 'store: lake2'));
    },
    code: 'HYG-2007',
    ways: { [anew]: all, [adopt]: all },
    at: { flow: 'f', store: 'lake2' },
  },
  {
    name: 'the list of files taken is gone',
    flow: byFile,
    spoil: (w) => drop(w, '.hygge', 'objects', 'f', 'f', 'seen'),
    code: 'HYG-5006',
    ways: { [anew]: all },
  },
  {
    name: 'what the columns were is gone',
    flow: byTime,
    spoil: (w) => drop(w, '.hygge', 'objects', 'f', 'f', 'schemas'),
    code: 'HYG-5006',
    ways: { [anew]: all },
  },
  {
    name: 'the workspace was copied without its state, and the store stayed',
    flow: byTime,
    spoil: (w) => {
      const path = w.path('lake', '_hygge', 'f', 'f', 'current.json');
      const head = JSON.parse(readFileSync(path, 'utf8')) as object;
      writeFileSync(path, JSON.stringify({ ...head, state: 'files /elsewhere/.hygge/state on laptop' }));
      drop(w, '.hygge');
    },
    code: 'HYG-2016',
    ways: { [adopt]: all, [anew]: all },
  },
  {
    name: 'the state file is torn, and is moved away as is said',
    flow: byFile,
    spoil: (w) => {
      const path = w.path('.hygge', 'state', 'f', 'f.state.yml');
      writeFileSync(path, readFileSync(path, 'utf8').slice(0, 200));
    },
    code: 'HYG-5001',
    byHand: (w) => drop(w, '.hygge', 'state', 'f', 'f.state.yml'),
    ways: { 'hygge reset f.f --adopt': all },
  },
  {
    name: 'the flow was renamed',
    flow: byTime,
    spoil: (w) => renameSync(w.path('flows/f'), w.path('flows/g')),
    code: 'HYG-2071',
    ways: { 'hygge state mv f.f g.g': all },
    at: { flow: 'g' },
  },
];

/** The commands of a piece of advice, as they would be typed. */
const typed = (way: string, value: string) =>
  [...way.matchAll(/hygge ([a-z]+(?: mv)?(?: [\w.-]+)*)/g)].map(([, words = '']) => [
    ...words
      .replace('VALUE', '@')
      .split(' ')
      .map((word) => (word === '@' ? value : word)),
    ...(words.startsWith('reset') ? ['--yes'] : []),
  ]);

describe('a place that another entity fills', () => {
  it('further in is not taken over', async () => {
    using inner = new TestWorkspace({ 'flows/f/flow.yml': byFile });
    using outer = new TestWorkspace();
    inner.write({ 'flows/f/flow.yml': byFile.replace('store: lake', `store: ${outer.path('lake/inner')}`) });
    outer.write({ 'flows/g/flow.yml': `${byFile}if_exists: replace\n` });
    await inner.parquet('in/1.parquet', rows(0, 10));
    await outer.parquet('in/1.parquet', rows(10, 20));
    expect((await go(inner)).error).toBeUndefined();
    const { error } = await go(outer);
    expect([error?.code, error?.tryThis?.join()]).toEqual(['HYG-2071', expect.not.stringContaining('state mv')]);
    expect((await outer.settled('lake/inner', 'f', 'f')).length).toBe(10);
  });
});

it('a journal that is gone is no reason to stop: nothing that settled depends on it', async () => {
  using workspace = await spoilt({ name: '', flow: byFile, spoil: (w) => drop(w, '.hygge', 'journal'), code: '', ways: {} });
  expect((await go(workspace)).error).toBeUndefined();
  expect((await workspace.settled('lake', 'f', 'f')).map((row) => Number(row.id)).sort((a, b) => a - b)).toEqual(all);
  expect((await hygge(['debug'], workspace.root)).code).toBe(0);
});

it('a state that was copied to a second machine: of the two that go on from it one is told', async () => {
  using workspace = await spoilt({ name: '', flow: byFile, spoil: keep('.hygge'), code: '', ways: {} });
  expect((await go(workspace)).error).toBeUndefined();
  restore('.hygge')(workspace);
  await workspace.parquet('in/4.parquet', rows(160, 170));
  expect((await go(workspace)).error).toMatchObject({ code: 'HYG-2003' });
  expect((await workspace.settled('lake', 'f', 'f')).length).toBe(160);
});

describe('a record of the state that is torn', () => {
  it('is moved away as is said, and then the way on is named', async () => {
    const kind = 'seen';
    using workspace = await spoilt({ name: '', flow: byFile, spoil: (w) => tear(w, kind), code: '', ways: {} });
    expect((await go(workspace)).error).toMatchObject({
      code: 'HYG-5005',
      tryThis: [expect.any(String), expect.stringContaining('move the file away')],
    });
    drop(workspace, '.hygge', 'objects', 'f', 'f', kind);
    const { error } = await go(workspace);
    expect([error?.code, error?.tryThis?.join()]).toEqual(['HYG-5006', expect.stringContaining('hygge reset f.f, then hygge go')]);
    expect((await hygge(['reset', 'f.f', '--yes'], workspace.root)).code).toBe(0);
    expect((await go(workspace)).error).toBeUndefined();
    expect((await workspace.settled('lake', 'f', 'f')).length).toBe(160);
  });
});

/** One way into each state; of the others some. */
const isFirst = ({ code }: Spoilt, i: number) => cases.findIndex((one) => one.code === code) === i;
const others = cases.filter((one, i) => !isFirst(one, i));
const chosen = [...cases.filter(isFirst), ...sampled(others, 8)];

describe('what a message advises leads on:', () => {
  it.each(chosen.map((one, i) => [one.name, one, i] as const))('%s', async (_name, one, i) => {
    const { at: { flow = 'f', store = 'lake' } = {}, value = '' } = one;
    const ways = Object.entries(one.ways);
    // Of several ways one, and not the same of each.
    for (const [way, ids] of whole ? ways : ways.slice(i % ways.length).slice(0, 1)) {
      using workspace = await spoilt(one);
      const { error, code } = await go(workspace);
      expect([error?.code, code]).toEqual([one.code, 1]);
      const told = error?.tryThis?.flatMap((line) => /hygge (?:reset|state|go -d) .*/.exec(line)?.[0].replace(/ \(.*|`.*/, '') ?? []);
      expect(told).toEqual(Object.keys(one.ways));
      expect((await hygge(['debug'], workspace.root)).stdout).toContain(one.code);
      await one.byHand?.(workspace);
      for (const command of typed(way, value)) {
        const run = await hygge(command, workspace.root);
        expect([command, run.code, run.code === 0 ? '' : run.stdout + run.stderr]).toEqual([command, 0, '']);
      }
      expect([way, (await go(workspace)).error]).toEqual([way, undefined]);
      const settled = await workspace.settled(store, flow, flow);
      expect(settled.map((row) => Number(row.id)).sort((a, b) => a - b)).toEqual(ids);
      const debug = await hygge(['debug'], workspace.root);
      expect([debug.code, debug.code === 0 ? '' : debug.stdout]).toEqual([0, '']);
    }
  });
});
