/**
 * Shapes of config, with rows that come, change, break a rule, are mended and are deleted. After each run both sides are the same. What a person changes then is
 * found, and a repair brings back exactly the rows that were there before.
 */
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { inProcess } from '../support/in-process.ts';
import { SEED, sampled, whole } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';

/** Numbers from 0 to below 1, the same ones for the same seed. */
function numbersOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const stores = ['table', 'table with a mark', 'table of versions', 'lake'] as const;
const leavesOut = ['nothing', 'a rule', 'bad rows'] as const;
const deletes = ['none', 'removed', 'marked'] as const;
/** `with nulls`: rows without a watermark belong to the closed group. */
const boundaries = ['open', 'closed', 'closed, with nulls'] as const;

interface Shape {
  readonly store: (typeof stores)[number];
  readonly leavesOut: (typeof leavesOut)[number];
  readonly deletes: (typeof deletes)[number];
  readonly boundary: (typeof boundaries)[number];
}

/** Keys are compared in tables that are merged into. */
const canCompare = (store: Shape['store']) => store === 'table' || store === 'table with a mark';
const shapes: readonly Shape[] = stores.flatMap((store) =>
  leavesOut.flatMap((left) =>
    deletes.flatMap((deleted) =>
      deleted === 'none' || canCompare(store) ? boundaries.map((boundary) => ({ store, leavesOut: left, deletes: deleted, boundary })) : [],
    ),
  ),
);

function flowOf({ store, leavesOut: left, deletes: deleted, boundary }: Shape): string {
  const table = `{ type: sqlite, path: out.db, table: e${store === 'table with a mark' ? ', mark_column: whose' : ''} }`;
  return `home: { type: sqlite, path: src.db, table: t, types: { v: int64 }${left === 'bad rows' ? ', bad_rows: quarantine' : ''} }
store: ${store === 'lake' ? '{ path: lake }' : table}
run_type: incremental
watermark: { column: upd, ${store === 'table of versions' ? '' : 'key: [id], '}boundary: ${boundary === 'closed, with nulls' ? 'closed, nulls: include' : boundary} }
${left === 'a rule' ? 'validation: { contract: c.yml, mode: quarantine }\n' : ''}${
  deleted === 'none' ? '' : `deletes: { compare: 1d, max: 90%, complete: true, pause: 0s${deleted === 'marked' ? ', then: mark' : ''} }\n`
}entities: [e]
`;
}

class Scene implements Disposable {
  readonly #workspace: TestWorkspace;
  readonly #shape: Shape;
  readonly #next: () => number;
  #mark = 0;
  /** Keys whose row in the source does not settle. */
  readonly left = new Set<number>();

  constructor(shape: Shape, seed: number) {
    this.#shape = shape;
    this.#next = numbersOf(seed);
    this.#workspace = new TestWorkspace({
      'hygge.yml': 'name: w\n',
      'flows/f/flow.yml': flowOf(shape),
      'c.yml': 'columns: { v: { type: int64, min: 0 } }\n',
    });
    this.source('create table t (id integer primary key, upd integer, v)');
  }

  [Symbol.dispose](): void {
    this.#workspace[Symbol.dispose]();
  }

  source(sql: string): Record<string, unknown>[] {
    return this.#sql('src.db', sql);
  }

  destination(sql: string): Record<string, unknown>[] {
    return this.#sql('out.db', sql);
  }

  #sql(file: string, sql: string): Record<string, unknown>[] {
    const database = new DatabaseSync(this.#workspace.path(file));
    try {
      return database.prepare(sql).all() as Record<string, unknown>[];
    } finally {
      database.close();
    }
  }

  below(n: number): number {
    return Math.floor(this.#next() * n);
  }

  /** Mostly a new value; sometimes the last one again. */
  mark(): number {
    if (this.#mark === 0 || this.#next() < 0.8) this.#mark += 1 + this.below(3);
    return this.#mark;
  }

  /** A value that settles, or one that does not. */
  value(): string {
    const { leavesOut: left } = this.#shape;
    if (left === 'nothing' || this.#next() < 0.8) return `${this.below(1000)}`;
    return left === 'a rule' ? `-${1 + this.below(9)}` : `'n/a'`;
  }

  /** A step of the source's own. */
  changeSource(): void {
    // What comes after a run has a watermark of its own.
    this.#mark++;
    const ids = this.source('select id from t').map(({ id }) => Number(id));
    const put = (id: number) => {
      const value = this.value();
      const isUnmarked = this.#shape.boundary === 'closed, with nulls' && this.#next() < 0.15;
      this.source(`insert or replace into t values (${id}, ${isUnmarked ? 'null' : this.mark()}, ${value})`);
      if (/^\d/.test(value)) this.left.delete(id);
      else this.left.add(id);
    };
    const last = Math.max(0, ...ids, ...this.#seen);
    for (let n = 0; n < 3 + this.below(4); n++) {
      this.#seen.add(last + n + 1);
      put(last + n + 1);
    }
    for (let n = 0; n < 3 && ids.length > 0; n++) put(ids[this.below(ids.length)] as number);
    if (this.#shape.deletes === 'none' || ids.length < 8) return;
    const gone = ids[this.below(ids.length)] as number;
    this.source(`delete from t where id = ${gone}`);
    this.left.delete(gone);
  }
  readonly #seen = new Set<number>();

  async hygge(...args: readonly string[]): Promise<{ readonly code: number; readonly out: string }> {
    const { code, stdout, stderr } = await inProcess(args, this.#workspace.root, {});
    return { code, out: stdout + stderr };
  }

  async go(): Promise<void> {
    const { code, out } = await this.hygge('go', ...(this.#shape.deletes === 'none' ? [] : ['--compare-deletes']));
    expect(code, out).toBe(0);
    this.said = out;
  }
  said = '';

  async verify(...args: readonly string[]): Promise<{ readonly code: number; readonly out: string }> {
    return this.hygge('verify', '--pause', '0s', ...args);
  }

  /** All rows of the destination, in an order of their own. */
  async settled(): Promise<readonly string[]> {
    const rows = this.#shape.store === 'lake' ? await this.#workspace.settled('lake', 'f', 'e') : this.destination('select * from e');
    return rows.map((row) => JSON.stringify(row, (_, value: unknown) => (typeof value === 'bigint' ? Number(value) : value))).sort();
  }

  /** What a table must have: the newest row of each key that settled. */
  mustHaveAll(): void {
    const mark = this.#shape.deletes === 'marked' ? 'where _deleted is not true' : '';
    const there = new Map(this.destination(`select id, upd, v from e ${mark} order by upd`).map((row) => [Number(row.id), row]));
    for (const row of this.source('select id, upd, v from t'))
      if (!this.left.has(Number(row.id))) expect({ ...there.get(Number(row.id)) }).toEqual({ ...row });
    if (this.#shape.deletes === 'none') return;
    const ids = new Set(this.source('select id from t').map(({ id }) => Number(id)));
    expect(
      [...there.keys()].filter((id) => !ids.has(id)),
      this.said,
    ).toEqual([]);
  }

  /** Rows of the table that a repair can bring back: below the watermark, and beside no row that stays. */
  mendable(): readonly Record<string, unknown>[] {
    const live = this.#shape.deletes === 'marked' ? 'where _deleted is not true' : '';
    const rows = this.destination(`select rowid as place, * from e ${live}`);
    const all = this.destination('select * from e');
    const source = new Map(this.source('select id, upd from t').map(({ id, upd }) => [Number(id), Number(upd)]));
    const isNow = (row: Record<string, unknown>) => source.get(Number(row.id)) === Number(row.upd) && !this.left.has(Number(row.id));
    const top = Math.max(...all.map(({ upd }) => Number(upd)));
    const stays = new Set(all.filter((row) => !isNow(row)).map(({ upd }) => Number(upd)));
    return rows.filter((row) => row.upd !== null && isNow(row) && Number(row.upd) < top && !stays.has(Number(row.upd)));
  }
}

const seeds = whole ? [1, 2, 3, 4, 5].map((n) => SEED + n) : [SEED];

describe.each(sampled(shapes, 36))('$store, $leavesOut is left out, deletes: $deletes, $boundary', (shape) => {
  test.each(seeds)('is the same after each run, and repaired exactly (seed %i)', async (seed) => {
    using scene = new Scene(shape, seed + shapes.indexOf(shape));
    for (let round = 0; round < 3; round++) {
      scene.changeSource();
      await scene.go();
      const same = await scene.verify();
      expect(same.code, same.out).toBe(0);
      if (shape.store !== 'lake') scene.mustHaveAll();
    }
    const before = await scene.settled();
    if (shape.store === 'lake') {
      // Nobody changes a lake by hand: the source changes a row below its watermark.
      const [row] = scene.source('select id, upd from t where upd < (select max(upd) from t) order by upd');
      if (row === undefined || scene.left.has(Number(row.id))) return;
      scene.source(`update t set v = 4321 where id = ${row.id}`);
    } else {
      const rows = scene.mendable();
      const [one, two, three] = [rows[0], rows.at(-1), rows[Math.floor(rows.length / 2)]];
      if (one === undefined || two === undefined || three === undefined) return;
      scene.destination(`update e set v = 9999 where rowid = ${three.place}`);
      scene.destination(`delete from e where rowid = ${one.place}`);
      if (two.place !== one.place && two.place !== three.place) scene.destination(`update e set v = null where rowid = ${two.place}`);
    }
    const differs = await scene.verify();
    expect(differs.code, differs.out).toBe(1);
    const repaired = await scene.verify('--repair', '--yes');
    const after = await scene.settled();
    if (shape.store === 'lake') {
      if (repaired.code === 0) expect(after.filter((row) => !before.includes(row))).toEqual([expect.stringContaining('4321')]);
      expect(before.filter((row) => !after.includes(row)).length, repaired.out).toBeLessThanOrEqual(1);
    } else {
      expect(after, repaired.out).toEqual(before);
      expect(repaired.code, repaired.out).toBe(0);
    }
    const again = await scene.verify();
    expect(again.code, again.out).toBe(repaired.code);
  });
});
