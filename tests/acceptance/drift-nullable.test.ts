import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { parquetWriteFile } from 'hyparquet-writer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sampled } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';

type Load = 'full' | 'incremental';
type Answer = 'warn' | 'ignore' | 'fail';
/** What the column is in the files of one run after the other. */
type Path = readonly ('required' | 'nullable')[];

const paths: readonly Path[] = [
  ['required', 'nullable', 'required', 'required'],
  ['nullable', 'required', 'nullable', 'nullable'],
];

/** What is written, and the policy that it comes to. */
const configs: readonly (readonly [string, Answer])[] = [
  ['', 'warn'],
  ['schema: { mode: strict }', 'fail'],
  ['schema: { mode: warn }', 'warn'],
  ['schema: { mode: adapt }', 'warn'],
  ...(['warn', 'ignore', 'fail'] as const).flatMap((policy): (readonly [string, Answer])[] => [
    [`schema_evolution: { nullable_changes: ${policy} }`, policy],
    ...(['strict', 'warn', 'adapt'] as const).map((mode): readonly [string, Answer] => [
      `schema: { mode: ${mode} }, schema_evolution: { nullable_changes: ${policy} }`,
      policy,
    ]),
  ]),
];

interface Case {
  readonly load: Load;
  readonly path: Path;
  readonly config: string;
  readonly answer: Answer;
}

const all = (['full', 'incremental'] as const).flatMap((load) =>
  paths.flatMap((path) => configs.map(([config, answer]): Case => ({ load, path, config, answer }))),
);
/** A policy alone is tried every day; what it is beside a mode, now and then. */
const isAlone = ({ config }: Case) => !config.includes('mode');
const cases: readonly Case[] = [
  ...all.filter(isAlone),
  ...sampled(
    all.filter((one) => !isAlone(one)),
    5,
  ),
];
const entityOf = (one: Case) => `e${cases.indexOf(one)}`;

type Row = readonly [id: number, v: number | null];

/** Two rows more with each run; where nulls are allowed there are some. */
function rowsOf(run: number, nullable: boolean): readonly Row[] {
  return Array.from({ length: 2 + 2 * run }, (_, i): Row => [i + 1, nullable && i % 2 === 1 ? null : (i + 1) * 11]);
}

function write(path: string, rows: readonly Row[], nullable: boolean): void {
  mkdirSync(dirname(path), { recursive: true });
  parquetWriteFile({
    filename: path,
    columnData: [
      { name: 'id', data: rows.map(([id]) => BigInt(id)), type: 'INT64', nullable: false },
      { name: 'v', data: rows.map(([, v]) => (v === null ? null : BigInt(v))), type: 'INT64', nullable },
    ],
  });
}

/** Status of each run and what is settled in the end, by the tables of docs/schema.md. */
function model({ load, path, answer }: Case): { readonly statuses: readonly string[]; readonly rows: readonly Row[] } {
  let seen: string | undefined;
  let settled = new Map<number, number | null>();
  const statuses = path.map((is, run) => {
    const differs = seen !== undefined && seen !== is;
    if (differs && answer === 'fail') return 'error';
    seen = is;
    const fresh = new Map(rowsOf(run, is === 'nullable'));
    const lower = load === 'full' ? 0 : Math.max(0, ...settled.keys());
    settled = new Map([...settled, ...[...fresh].filter(([id]) => id >= lower)]);
    return differs && answer === 'warn' ? 'warn' : 'pass';
  });
  return { statuses, rows: [...settled].sort(([a], [b]) => a - b) };
}

describe('a column that may be null now, or no longer', () => {
  let workspace: TestWorkspace;
  const statuses = new Map<string, string[]>();

  beforeAll(async () => {
    workspace = new TestWorkspace({ 'hygge.yml': 'name: drift\noptions: { continue_on_error: true }\n' });
    for (const load of ['full', 'incremental'] as const) {
      const how = load === 'full' ? '' : 'run_type: incremental\nwatermark: { column: id }\n';
      const entities = cases
        .filter((one) => one.load === load)
        .map((one) => `  - { name: ${entityOf(one)}${one.config === '' ? '' : `, ${one.config}`} }\n`);
      workspace.write({
        [`flows/${load}/flow.yml`]: `home: in/{entity}.parquet\nstore: lake/${load}\n${how}entities:\n${entities.join('')}`,
      });
    }
    for (let run = 0; run < 4; run++) {
      for (const one of cases) {
        const nullable = one.path[run] === 'nullable';
        write(workspace.path(`in/${entityOf(one)}.parquet`), rowsOf(run, nullable), nullable);
      }
      const { events } = await workspace.run(['go', '--output', 'json']);
      for (const event of events) {
        if (event.event !== 'entity_done') continue;
        const key = String(event.entity);
        statuses.set(key, [...(statuses.get(key) ?? []), String(event.status)]);
      }
    }
  });

  afterAll(() => workspace[Symbol.dispose]());

  it.each(cases.map((one) => [`${one.load}, ${one.path.slice(0, 3).join(' → ')}, ${one.config || 'nothing said'}`, one] as const))(
    '%s',
    async (_name, one) => {
      const expected = model(one);
      expect(statuses.get(entityOf(one))).toEqual(expected.statuses);
      const rows = await workspace.settled(`lake/${one.load}`, one.load, entityOf(one));
      expect(rows.map(({ id, v }) => [Number(id), v === null ? null : Number(v)])).toEqual(expected.rows);
    },
  );

  it('settles as nullable once it was, and stays so', async () => {
    const nullableIn = async (path: Path, answer: Answer) => {
      const one = cases.find((each) => each.load === 'incremental' && each.path === path && each.answer === answer);
      if (!one) throw new Error('no such case');
      const { stdout } = await workspace.run(['schema', 'show', `incremental.${entityOf(one)}`, '--output', 'json']);
      const { columns } = JSON.parse(stdout) as { columns: { name: string; nullable: boolean }[] };
      return Object.fromEntries(columns.map(({ name, nullable }) => [name, nullable]));
    };
    const [first = [], second = []] = paths;
    expect(await nullableIn(first, 'warn')).toEqual({ id: false, v: true });
    expect(await nullableIn(first, 'fail')).toEqual({ id: false, v: false });
    expect(await nullableIn(second, 'ignore')).toEqual({ id: false, v: true });
  });

  it('is told in words, with the policy that decided', async () => {
    const one = cases[0];
    if (!one) throw new Error('no case');
    write(workspace.path(`in/${entityOf(one)}.parquet`), rowsOf(4, true), true);
    const { stdout } = await workspace.run(['go', '--dry-run', '-e', `full.${entityOf(one)}`]);
    expect(stdout).toContain('~ v not null → nullable: it may settle as null from now on (nullable_changes: warn)');
  });
});
