/** Every rule and check, in every mode, in a folder of files and in a table. What has to come out is asked of DuckDB. */
import { existsSync, readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { type CheckCell, checks, judgedRows, type Mode, modes, type RuleCell, rules } from '../support/contracts/cells.ts';
import { duck } from '../support/duck.ts';
import { SEED, sampled } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';

type Told = Readonly<Record<string, unknown>>;

/** A row in quarantine: its id and the rule that it breaks. */
type RowApart = readonly [rule: string, id: number];

/** A store, as another program reads it. */
interface Place {
  readonly name: string;
  /** `store:` of a flow, in one line. */
  readonly store: string;
  /** How an incremental flow writes there. */
  readonly ways: readonly Way[];
  /** Ids, in ascending order. */
  settled(workspace: TestWorkspace, entity: string): Promise<readonly number[]>;
  apart(workspace: TestWorkspace, entity: string): Promise<readonly RowApart[]>;
}

/** What the manifest of an entity lists. */
async function rowsOf(workspace: TestWorkspace, entity: string, what: 'files' | 'quarantine'): Promise<readonly Told[]> {
  const manifest = workspace.path('lake/_hygge/f', entity, 'current.json');
  if (!existsSync(manifest)) return [];
  const head = JSON.parse(readFileSync(manifest, 'utf8')) as Readonly<Record<string, readonly { readonly name: string }[] | undefined>>;
  const names = (head[what] ?? []).map(({ name }) => `'${workspace.path('lake', name)}'`);
  return names.length === 0 ? [] : await duck(`from read_parquet([${names.join(', ')}], hive_partitioning = false) order by id`);
}

function rowsIn(workspace: TestWorkspace, sql: string): readonly Told[] {
  using database = new DatabaseSync(workspace.path('out.db'));
  try {
    return database.prepare(sql).all();
  } catch (error) {
    if (/no such table/.test(String(error))) return [];
    throw error;
  }
}

const inOrder = (apart: readonly RowApart[]): readonly RowApart[] =>
  apart.toSorted(([a, one], [b, other]) => (a === b ? one - other : a < b ? -1 : 1));

const places: readonly Place[] = [
  {
    name: 'a folder of files',
    store: '{ path: lake }',
    ways: ['adds'],
    settled: async (workspace, entity) => (await rowsOf(workspace, entity, 'files')).map(({ id }) => Number(id)),
    apart: async (workspace, entity) =>
      inOrder((await rowsOf(workspace, entity, 'quarantine')).map(({ _rule, id }) => [String(_rule), Number(id)])),
  },
  {
    name: 'a table',
    store: '{ type: sqlite, path: out.db, table: "{entity}" }',
    ways: ['adds', 'merges'],
    settled: async (workspace, entity) => rowsIn(workspace, `select id from ${entity} order by id`).map(({ id }) => Number(id)),
    apart: async (workspace, entity) =>
      inOrder(
        rowsIn(workspace, `select rule, row from hygge_metadata_rejected where entity = '${entity}'`).map(({ rule, row }) => [
          String(rule),
          Number((JSON.parse(String(row)) as Told).id),
        ]),
      ),
  },
];

/** How rows come: all of them each time, or new ones, which are added or merged. */
type Way = 'all' | 'adds' | 'merges';

type Cell = { readonly entity: string; readonly mode: Mode; readonly way: Way } & (
  | { readonly rule: RuleCell }
  | { readonly check: CheckCell }
);

/** What came of an entity, or has to. */
interface Outcome {
  readonly status: string;
  readonly error: string | null;
  /** Events of rules and checks. */
  readonly told: readonly string[];
  readonly settled: readonly number[];
  readonly apart: readonly RowApart[];
}

/** A store that only merges has no full load without a key; checks of a run are of all rows where each run reads all. */
function cellsOf({ ways }: Place): readonly Cell[] {
  const ofRules = rules.flatMap((rule, i) =>
    modes.map((mode, j): Cell => {
      const all: readonly Way[] = ['all', ...ways];
      return { entity: `r${i}_${mode}`, mode, way: all[(i + j + SEED) % all.length] ?? 'all', rule };
    }),
  );
  const ofChecks = checks.flatMap((check, i) => modes.map((mode): Cell => ({ entity: `c${i}_${mode}`, mode, way: 'all', check })));
  return [...ofRules, ...ofChecks];
}

const incremental = (way: Way) => `run_type: incremental, watermark: { column: step${way === 'merges' ? ', key: [id]' : ''} }`;

function filesOf(place: Place, cells: readonly Cell[]): Readonly<Record<string, string>> {
  const entities = cells.map((cell) => {
    const how = cell.way === 'all' ? 'run_type: full_drop' : incremental(cell.way);
    const { entity, mode } = cell;
    const validation =
      'rule' in cell
        ? `{ contract: contracts/${entity}.yml, mode: ${mode} }`
        : `{ mode: ${mode}, quality: { checks: [${cell.check.check}, name: ${cell.check.name} }] } }`;
    return `  - { name: ${entity}, source: rows, ${how}, validation: ${validation} }\n`;
  });
  return {
    'hygge.yml': 'name: matrix\n',
    'flows/f/flow.yml': `home: { path: "in/{entity}" }\nstore: ${place.store}\nentities:\n${entities.join('')}`,
    'contracts/numbers.txt': '1\n2\n3\n',
    ...Object.fromEntries(cells.flatMap((cell) => ('rule' in cell ? [[`contracts/${cell.entity}.yml`, cell.rule.contract]] : []))),
  };
}

const ids = async (query: string) => (await duck(query)).map(({ id }) => Number(id));

interface RunBefore {
  readonly outcome: Outcome;
  /** What the source had then. */
  readonly rows: string;
}

/** By DuckDB alone. */
async function expectedOf(cell: Cell, rows: string, run: RunBefore | undefined): Promise<Outcome> {
  const before = run?.outcome;
  const all = await ids(`select id from (${rows}) order by id`);
  const nothing = { settled: before?.settled ?? [], apart: before?.apart ?? [] };
  const { mode } = cell;
  if ('check' in cell) {
    const [verdict] = await duck(`select (${cell.check.passes}) as passes from (${rows})`);
    if (verdict?.passes === true) return { status: 'pass', error: null, told: [], settled: all, apart: [] };
    if (mode === 'warn') return { status: 'warn', error: null, told: [`${cell.check.name} warned`], settled: all, apart: [] };
    return { status: 'error', error: 'HYG-2123', told: [`${cell.check.name} failed`], ...nothing };
  }
  const { rule, breaks } = cell.rule;
  const broken = await ids(`select id from (${rows}) where ${breaks} order by id`);
  // A run that adds or merges judges the rows that it reads: those from the watermark on.
  const isWhole = cell.way === 'all' || run === undefined || run.outcome.error !== null;
  const read = isWhole ? broken : await ids(`select id from (${rows}) where ${breaks} and step >= (select max(step) from (${run.rows}))`);
  const verdict = (told: string) =>
    ({ ...(read.length === 0 ? { status: 'pass', told: [] } : { status: 'warn', told: [`${rule} ${told}`] }), error: null }) as const;
  if (mode === 'fail' && read.length > 0) return { status: 'error', error: 'HYG-2121', told: [], ...nothing };
  if (mode !== 'quarantine') return { ...verdict('warned'), settled: all, apart: [] };
  const apart = new Set(broken);
  return {
    ...verdict('quarantined'),
    settled: all.filter((id) => !apart.has(id)),
    apart: broken.map((id): RowApart => [rule, id]),
  };
}

async function outcomeOf({ entity }: Cell, events: readonly Told[], [place, workspace]: [Place, TestWorkspace]): Promise<Outcome> {
  const of = events.filter((one) => one.entity === entity);
  const done = of.find(({ event }) => event === 'entity_done');
  return {
    status: String(done?.status),
    error: (done?.error as { readonly code: string } | undefined)?.code ?? null,
    told: of.filter(({ event }) => event === 'check').map(({ name, outcome }) => `${String(name)} ${String(outcome)}`),
    settled: await place.settled(workspace, entity),
    apart: await place.apart(workspace, entity),
  };
}

async function follow(place: Place, cells: readonly Cell[]): Promise<void> {
  using workspace = new TestWorkspace(filesOf(place, cells));
  let before: ReadonlyMap<string, RunBefore> = new Map();
  for (const [n, rows] of [32, 48].entries()) {
    await workspace.parquet('in/rows/rows.parquet', judgedRows(rows));
    const { code, events, stdout, stderr } = await workspace.run(['go', '--output', 'json']);
    if (code !== 0 && code !== 1) throw new Error(stdout + stderr);
    const expected = new Map<string, RunBefore>();
    const [are, should]: [string[], string[]] = [[], []];
    for (const cell of cells) {
      const [is, has] = [
        await outcomeOf(cell, events as unknown as readonly Told[], [place, workspace]),
        await expectedOf(cell, judgedRows(rows), before.get(cell.entity)),
      ];
      expected.set(cell.entity, { outcome: has, rows: judgedRows(rows) });
      if (JSON.stringify(is) === JSON.stringify(has)) continue;
      are.push(shown(cell, is));
      should.push(shown(cell, has));
    }
    expect(are, `run ${n + 1}`).toEqual(should);
    before = expected;
  }
}

/** In one line. */
function shown(cell: Cell, { status, error, told, settled, apart }: Outcome): string {
  const what = `${'rule' in cell ? cell.rule.rule : cell.check.name}, ${cell.mode}, ${cell.way}`;
  const lies = apart.map(([rule, id]) => `${rule} ${id}`).join(', ');
  return `${what}: ${status} ${error ?? ''} (${told.join(', ')}) settled ${settled.join(' ')} apart ${lies}`;
}

/** Of the cells of a store one in so many: no multiple of the number of modes, so that each of them comes up. */
const ofCells = 17;

test('each rule of the matrix is broken by some rows, and kept by others, in each of its runs', async () => {
  for (const { rule, breaks } of rules)
    for (const rows of [32, 48]) {
      const [found] = await duck(
        `select count(*) filter (${breaks}) as broken, count(*) filter ((${breaks}) is not true) as kept from (${judgedRows(rows)})`,
      );
      expect([Number(found?.broken) > 0, Number(found?.kept) > 0], rule).toEqual([true, true]);
    }
});

describe('rows under a contract, as a second reader finds them', () => {
  test.each(places.map((place, i) => ({ name: place.name, place, i })))('in $name', async ({ place, i }) => {
    await follow(place, sampled(cellsOf(place), ofCells, SEED + i));
  });
});
