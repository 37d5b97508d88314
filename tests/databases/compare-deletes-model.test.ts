import { afterEach, expect, it, vi } from 'vitest';
import { DatabaseHome } from '../../src/databases/home/home.ts';
import { inProcess } from '../support/in-process.ts';
import { asked } from '../support/mariadb.ts';
import { SEED, sampled, whole } from '../support/samples.ts';
import { type Dice, dice } from '../support/sim/dice.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { type Database, firstOf, mariadb, onEach, postgres, sqlite } from './databases.ts';

interface SourceRow {
  readonly v: number;
  readonly n: number;
}

const below = (roll: Dice, n: number): number => Math.floor(roll() * n);
const pick = <T>(roll: Dice, all: readonly T[]): T => all[below(roll, all.length)] as T;

const keyKinds = [
  { columns: 'id integer', key: '[id]', of: (k: number) => `${k}` },
  { columns: 'id varchar(20)', key: '[id]', of: (k: number) => `'Key ${k}'` },
  { columns: 'id integer, part varchar(20)', key: '[id, part]', of: (k: number) => `${k % 7}, 'p${k}'` },
];

/** A source whose rows come, change, go and come back while a run compares keys, with a record of each row's life. */
class ChangingSource {
  readonly rows = new Map<number, SourceRow>();
  /** Rows as they were when they went, since the run began. */
  readonly gone = new Map<number, SourceRow>();
  readonly #database: Database;
  readonly #roll: Dice;
  readonly #kind: (typeof keyKinds)[number];
  #next = 0;
  #n = 0;

  constructor(database: Database, roll: Dice, kind: (typeof keyKinds)[number]) {
    this.#database = database;
    this.#roll = roll;
    this.#kind = kind;
  }

  async create(rows: number): Promise<void> {
    await this.#database.sql(`create table src (${this.#kind.columns}, k integer, v integer, n integer)`);
    await this.#put(Array.from({ length: rows }, () => this.#next++));
  }

  /** Some changes; rows that went since the run began may come back as they were. */
  async change(times: number, { mayRestore }: { readonly mayRestore: boolean }): Promise<void> {
    for (let i = 0; i < times; i++) {
      const key = pick(this.#roll, [...this.rows.keys()]);
      const what = pick(this.#roll, ['insert', 'update', 'delete', 'delete', 'return', 'restore'] as const);
      const [back] = this.gone;
      if (what === 'insert') await this.#put([this.#next++]);
      else if (what === 'update') await this.#replace(key);
      else if (what === 'delete' && this.rows.size > 20) await this.#remove(key);
      else if (back !== undefined && (what === 'return' || mayRestore)) {
        this.gone.delete(back[0]);
        await this.#put([back[0]], what === 'restore' ? back[1] : undefined);
      }
    }
  }

  async #replace(key: number): Promise<void> {
    await this.#database.sql(`delete from src where k = ${key}`);
    await this.#put([key]);
  }

  async #remove(key: number): Promise<void> {
    await this.#database.sql(`delete from src where k = ${key}`);
    this.gone.set(key, this.rows.get(key) as SourceRow);
    this.rows.delete(key);
  }

  async #put(keys: readonly number[], as?: SourceRow): Promise<void> {
    const all = keys.map((key) => [key, as ?? { v: below(this.#roll, 1000), n: ++this.#n }] as const);
    await this.#database.sql(
      `insert into src values ${all.map(([key, { v, n }]) => `(${this.#kind.of(key)}, ${key}, ${v}, ${n})`).join(', ')}`,
    );
    for (const [key, row] of all) this.rows.set(key, row);
  }
}

// MariaDB reads under several snapshots, the others under one.
onEach(
  asked(whole ? [postgres, mariadb, sqlite] : [mariadb, sqlite]),
  'keys that are compared in $name while others write',
  (opened, database) => {
    afterEach(() => void vi.restoreAllMocks());

    const seeds = Array.from({ length: whole ? 40 : 1 }, (_, i) => SEED + i);
    const actions = sampled(['mark', 'apply'] as const, 2, firstOf(database));
    it.each(seeds.flatMap((seed) => actions.map((action) => [seed, action] as const)))(
      'lose what is gone, and nothing else (SEED=%i, %s)',
      async (seed, action) => {
        const roll = dice(seed);
        const kind = pick(roll, keyKinds);
        await opened.cleared();
        const source = new ChangingSource(opened, roll, kind);
        await source.create(60);
        using workspace = new TestWorkspace({
          'hygge.yml': `name: w\nconnections: { c: ${opened.connection} }\n`,
          'flows/f/flow.yml': `home: { connection: c, table: src }\nstore: { connection: c, table: e${opened.keys} }
run_type: incremental\nwatermark: { column: n, key: ${kind.key} }\ndeletes: { compare: 1d, max: 90%, complete: true, pause: 0s, then: ${action} }\nentities: [e]\n`,
        });
        const go = async (...args: readonly string[]) => {
          const { code, stdout, stderr } = await inProcess(['go', ...args], workspace.root, { SHOP_SECRET: opened.password });
          expect(code, stdout + stderr).toBe(0);
        };
        const there = action === 'mark' ? 'e where _deleted is not true' : 'e';
        const keysThere = async () => new Set((await opened.sql(`select k from ${there}`)).map(Number));
        await go();

        let plans = 0;
        const plan = DatabaseHome.prototype.plan;
        vi.spyOn(DatabaseHome.prototype, 'plan').mockImplementation(async function (this: DatabaseHome<never, never>, ...given) {
          plans++;
          // A file that is open for reading may refuse a writer: then nothing changed, and the writer goes.
          await source.change(below(roll, 4), { mayRestore: true }).catch((error: unknown) => {
            if (!/locked|busy/i.test(String(error))) throw error;
          });
          return plan.apply(this, given);
        });
        for (let round = 0; round < 2; round++) {
          await source.change(6, { mayRestore: false });
          const [before, there] = [new Map(source.rows), await keysThere()];
          source.gone.clear();
          await go('--compare-deletes');
          const after = await keysThere();
          const kept = [...before.keys()].filter(
            (key) => there.has(key) && source.rows.has(key) && source.rows.get(key)?.n === before.get(key)?.n,
          );
          expect(kept.filter((key) => !after.has(key))).toEqual([]);
          const left = [...after].filter((key) => !before.has(key) && !source.rows.has(key) && !source.gone.has(key));
          expect(left).toEqual([]);
        }
        expect(plans).toBeGreaterThan(5);
        vi.restoreAllMocks();
        await go('--compare-deletes');
        const rows = (table: string) => opened.sql(`select k, v, n from ${table} order by k`);
        expect(await rows(there)).toEqual(await rows('src'));
        if (action === 'mark') expect((await opened.sql('select k from e where _deleted')).length).toBeGreaterThan(0);
        expect(await rows('src')).toHaveLength(source.rows.size);
      },
    );
  },
);
