/** Rows of a table that can't be read, against a model of what runs and backfills read: each of them lies in quarantine once. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { duck } from '../../support/duck.ts';
import { here } from '../../support/here.ts';
import { cases, sampled } from '../../support/samples.ts';
import { SqliteTestFile } from '../../support/sqlite-file.ts';
import { TestWorkspace } from '../../support/workspace.ts';

const stores = ['parquet files', 'a table'] as const;
type Store = (typeof stores)[number];

interface Kind {
  readonly mark: string;
  /** How many days before the watermark are read again by each run. */
  readonly overlap?: number;
  /** Rows without a watermark are read by each run. */
  readonly nulls?: true;
}

const kinds: Readonly<Record<string, Kind>> = {
  'a watermark alone': { mark: '' },
  'rows without a watermark': { mark: ', nulls: include', nulls: true },
  'a key': { mark: ', key: n' },
  'an overlap': { mark: ', overlap: 2d', overlap: 2 },
  'an overlap and rows without a watermark': { mark: ', overlap: 2d, nulls: include', overlap: 2, nulls: true },
  'an overlap and a key': { mark: ', overlap: 2d, key: n', overlap: 2 },
};

type Step =
  | { readonly do: 'add'; readonly day: number; readonly bad: boolean }
  | { readonly do: 'correct' | 'spoil'; readonly which: number }
  | { readonly do: 'go' | 'load all' }
  | { readonly do: 'backfill'; readonly from: number; readonly days: number };

const added = fc.record({ do: fc.constant('add' as const), day: fc.integer({ min: 0, max: 9 }), bad: fc.boolean() });
const went = fc.record({ do: fc.constant('go' as const) });
const step: fc.Arbitrary<Step> = fc.oneof(
  { arbitrary: added, weight: 6 },
  { arbitrary: went, weight: 3 },
  { arbitrary: fc.record({ do: fc.constantFrom('correct' as const, 'spoil' as const), which: fc.nat({ max: 20 }) }), weight: 2 },
  {
    arbitrary: fc.record({
      do: fc.constant('backfill' as const),
      from: fc.integer({ min: 1, max: 8 }),
      days: fc.integer({ min: 1, max: 4 }),
    }),
    weight: 2,
  },
  { arbitrary: fc.record({ do: fc.constant('load all' as const) }), weight: 1 },
);

const dateOf = (of: number) => `2024-01-0${of}`;

interface Row {
  readonly day: number | null;
  readonly id: number | string;
}

/** The source, what is read of it, and what therefore lies in quarantine: its text by the row's number. */
class Model {
  readonly source = new Map<number, Row>();
  readonly apart = new Map<number, { readonly day: number | null; readonly id: string }>();
  mark: number | null = null;
  readonly #kind: Kind;

  constructor(kind: Kind) {
    this.#kind = kind;
  }

  put(n: number, row: Row): void {
    this.source.set(n, row);
  }

  read(isRead: (day: number | null) => boolean): void {
    for (const [n, { day }] of this.apart) if (isRead(day)) this.apart.delete(n);
    for (const [n, { day, id }] of this.source) if (typeof id === 'string' && isRead(day)) this.apart.set(n, { day, id });
  }

  run(isFull: boolean): void {
    const { overlap = 0, nulls = false } = this.#kind;
    const lower = isFull || this.mark === null ? 0 : this.mark - overlap;
    this.read((day) => (day === null ? nulls : day >= lower));
    this.mark = Math.max(...[...this.source.values()].map(({ day }) => day ?? 0));
  }

  backfill(from: number, to: number): void {
    const { mark } = this;
    if (mark !== null) this.read((day) => day !== null && day >= from && day < Math.min(to, mark));
  }

  get texts(): readonly string[] {
    return [...this.apart].map(([n, { id }]) => `${n} ${id}`).sort();
  }
}

async function apartIn(workspace: TestWorkspace, file: SqliteTestFile, store: Store): Promise<readonly string[]> {
  const shown = (text: unknown) => {
    const { n, id } = JSON.parse(String(text)) as { readonly n: number; readonly id: string };
    return `${n} ${id}`;
  };
  if (store === 'a table') {
    const rows = file
      .sql('select "row" from hygge_metadata_rejected')
      .map(({ row }) => JSON.parse(String(row)) as { readonly text: string });
    return rows.map(({ text }) => shown(text)).sort();
  }
  const head = JSON.parse(readFileSync(workspace.path('lake/_hygge/f/f/current.json'), 'utf8')) as {
    readonly quarantine?: readonly { readonly name: string }[];
  };
  const names = (head.quarantine ?? []).map(({ name }) => `'${workspace.path('lake', name)}'`);
  if (names.length === 0) return [];
  return (await duck(`select text from read_parquet([${names.join(', ')}])`)).map(({ text }) => shown(text)).sort();
}

async function follow(steps: readonly Step[], kind: Kind, store: Store): Promise<void> {
  using file = new SqliteTestFile();
  const to = store === 'a table' ? `{ type: sqlite, path: ${file.path}, table: settled }` : '{ path: lake/, format: parquet }';
  using workspace = new TestWorkspace({
    'flows/f/flow.yml': `home: { type: sqlite, path: ${file.path}, table: t, bad_rows: quarantine }\nstore: ${to}\nrun_type: incremental\nwatermark: { column: at${kind.mark} }\n`,
  });
  file.sql('create table t (n integer primary key, at date, id integer)');
  const model = new Model(kind);
  let n = 0;
  const put = (number: number, { day, id }: Row) => {
    file.sql(
      `insert or replace into t values (${number}, ${day === null ? 'null' : `'${dateOf(day)}'`}, ${typeof id === 'string' ? `'${id}'` : id})`,
    );
    model.put(number, { day, id });
  };
  const isAsInModel = async () => expect(await apartIn(workspace, file, store)).toEqual(model.texts);
  for (const one of steps) {
    if (one.do === 'add') put(++n, { day: one.day === 0 ? (kind.nulls ? null : 1) : one.day, id: one.bad ? `bad ${n}` : n });
    else if (one.do === 'correct' || one.do === 'spoil') {
      const all = [...model.source].filter(([, { id }]) => (typeof id === 'string') === (one.do === 'correct'));
      const [number, row] = all[one.which % all.length] ?? [];
      if (number !== undefined && row) put(number, { ...row, id: one.do === 'correct' ? number : `spoiled ${number}` });
    } else if (one.do === 'backfill') {
      if (model.mark === null || one.from >= model.mark) continue;
      const to = Math.min(9, one.from + one.days);
      const args = ['backfill', 'f.f', '--from', dateOf(one.from), '--to', dateOf(to), '--again'];
      expect(await here(workspace, ...args), args.join(' ')).toMatchObject({ code: 0 });
      model.backfill(one.from, to);
      await isAsInModel();
    } else {
      const isFull = one.do === 'load all';
      if (model.source.size === 0) continue;
      expect(await here(workspace, 'go', ...(isFull ? ['-d'] : []))).toMatchObject({ code: 0 });
      model.run(isFull);
      await isAsInModel();
    }
  }
}

/** The shortest ways to each of what went wrong. */
const known: readonly (readonly Step[])[] = [
  [
    { do: 'add', day: 3, bad: true },
    { do: 'add', day: 3, bad: false },
    { do: 'go' },
    { do: 'add', day: 3, bad: false },
    { do: 'go' },
    { do: 'add', day: 5, bad: true },
    { do: 'go' },
  ],
  [
    ...[1, 2, 3, 4, 5].map((of): Step => ({ do: 'add', day: of, bad: true })),
    ...[1, 2, 3, 4, 5].map((of): Step => ({ do: 'add', day: of, bad: false })),
    { do: 'add', day: 0, bad: true },
    { do: 'go' },
    { do: 'backfill', from: 2, days: 2 },
    { do: 'correct', which: 1 },
    { do: 'add', day: 3, bad: true },
    { do: 'backfill', from: 2, days: 2 },
    { do: 'add', day: 5, bad: true },
    { do: 'go' },
    { do: 'backfill', from: 4, days: 4 },
    { do: 'add', day: 0, bad: true },
    { do: 'add', day: 7, bad: false },
    { do: 'go' },
  ],
];

const all = Object.entries(kinds).flatMap(([of, kind]) => stores.map((store) => ({ of, kind, store })));

describe('rows of a table that can not be read lie in quarantine once', () => {
  test.each(sampled(all, 12, 4))('by known ways: $of, on their way to $store', async ({ kind, store }) => {
    for (const steps of known) await follow(steps, kind, store);
  });

  test.each(sampled(all, 12))('by any runs in any order: $of, on their way to $store', async ({ kind, store }) => {
    const ways = fc.array(step, { minLength: 6, maxLength: 16 });
    await fc.assert(
      fc.asyncProperty(ways, (steps) => follow(steps, kind, store)),
      { ...cases(10), endOnFailure: true },
    );
  });
});
