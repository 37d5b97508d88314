/**
 * The life of a Delta table that a store fills and another program writes to as well: it appends, deletes, puts files together, vacuums and cleans the log, also between
 * the last look of a commit and its entry. A model says which rows each version has.
 */
import { expect } from 'vitest';
import { checkpointBytes, RawState } from '../../../src/delta/write/checkpoint.ts';
import type { Intent } from '../../../src/engine/contracts/intent.ts';
import { HyggeError } from '../../../src/errors/hygge-error.ts';
import { writeCheckpoint } from '../../../src/files/delta-store/checkpoint.ts';
import { run, type Written } from '../connector-conformance/bench.ts';
import { type Row, row, rowText } from '../sim/rows.ts';
import { Chance, entryName, SharedTable } from './table-of-lives.ts';

export class StoreLife implements AsyncDisposable {
  readonly steps: string[] = [];
  /** How many commits of the store counted, and how many stopped. */
  readonly ended = { committed: 0, stopped: 0 };
  readonly #table = new SharedTable();
  readonly #chance: Chance;
  #epoch = 0;
  #id = 0;
  #bound = 0;
  #own: readonly Row[] = [];
  #theirs: readonly Row[] = [];
  /** Another program deleted rows of the open group since it settled. */
  #groupTouched = false;
  /** Since the last commit of hygge, another program moved or changed rows of hygge, and it cleaned the log. After both nothing leads on. */
  #moved = false;
  #cleaned = false;
  #raced = false;

  constructor(seed: number) {
    this.#chance = new Chance(seed);
  }

  /** One step of hygge or of the other program, and then the rows of the newest version. */
  async step(): Promise<void> {
    const own = this.#epoch === 0 || this.#chance.happens(0.5);
    const before = await this.#newest();
    await (own ? this.#ownStep() : this.#foreignStep());
    expect(await this.#table.rows(), [...this.steps, `version ${before} and on`].join('\n')).toEqual(this.#wanted());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#table[Symbol.asyncDispose]();
  }

  // ---- of hygge

  async #ownStep(): Promise<void> {
    const epoch = ++this.#epoch;
    this.#raced = false;
    if (this.#chance.happens(0.3) && (await this.#table.newest()) !== undefined) this.#table.between = () => this.#race();
    const kind = epoch === 1 ? 'append' : this.#chance.pick(['append', 'append', 'group', 'group', 'full', 'range', 'idle'] as const);
    this.steps.push(`${epoch}: ${kind}`);
    const group = this.#own.filter(({ mark }) => mark === this.#bound);
    if (kind === 'idle') return;
    if (kind === 'append') {
      const rows = this.#fresh(this.#bound);
      await this.#settle(
        (of) => this.#table.bench.stage(run(of), written(rows)).then((parts) => this.#table.bench.decide(run(of), parts)),
        [...this.#own, ...rows.all],
        rows.bound,
      );
    } else if (kind === 'group') {
      const late = Array.from({ length: 1 + this.#chance.roll(2) }, () => row(++this.#id, this.#bound));
      const above = this.#chance.happens(0.5) ? this.#fresh(this.#bound) : { data: [], group: [], all: [], bound: this.#bound };
      const again = [...group, ...late];
      const isSame = above.bound === this.#bound;
      const parts: readonly Written[] = isSame
        ? [{ role: 'boundary', rows: again }]
        : [{ rows: [...again, ...above.data] }, { role: 'boundary', rows: above.group }];
      const rest = this.#own.filter(({ mark }) => mark !== this.#bound);
      await this.#settle((of) => this.#table.bench.decideGroup(of, parts), [...rest, ...again, ...above.all], above.bound);
    } else if (kind === 'full') {
      const rows = this.#fresh(0);
      const foreign = this.#chance.happens(0.3) ? 'replace' : 'keep';
      await this.#settle(
        (of) =>
          this.#table.bench
            .stage(run(of), written(rows))
            .then((parts) => this.#table.bench.decide(run(of), parts, { what: 'all', foreign })),
        rows.all,
        rows.bound,
        foreign === 'replace' ? [] : undefined,
      );
    } else {
      const from = this.#chance.roll(this.#bound + 1);
      const to = Math.min(this.#bound, from + 1 + this.#chance.roll(4));
      const inside = Array.from({ length: this.#chance.roll(3) }, () => row(++this.#id, from + this.#chance.roll(Math.max(1, to - from))));
      if (from >= to) return;
      const stay = this.#own.filter(({ mark }) => mark === null || mark < from || mark >= to);
      await this.#settle((of) => this.#table.bench.decideRange(of, [{ rows: inside }], { from, to }), [...stay, ...inside], this.#bound);
    }
  }

  /** The rows from above a bound on, the newest of them as the open group. */
  #fresh(above: number): {
    readonly data: readonly Row[];
    readonly group: readonly Row[];
    readonly all: readonly Row[];
    readonly bound: number;
  } {
    const bound = above + 1 + this.#chance.roll(4);
    const data = Array.from({ length: bound - above > 1 ? this.#chance.roll(3) : 0 }, () =>
      row(++this.#id, above + 1 + this.#chance.roll(bound - above - 1)),
    );
    const group = Array.from({ length: 1 + this.#chance.roll(2) }, () => row(++this.#id, bound));
    return { data, group, all: [...data, ...group], bound };
  }

  async #settle(decide: (epoch: number) => Promise<Intent>, own: readonly Row[], bound: number, theirs?: readonly Row[]): Promise<void> {
    const isRange = this.steps.findLast((step) => /^\d/.test(step))?.endsWith('range') === true;
    const foreignBefore = new Set(this.#theirs.map(({ id }) => id));
    const [groupBefore, lostBefore] = [this.#groupTouched, this.#moved && this.#cleaned];
    const result = await this.#outcome(decide);
    this.#table.between = undefined;
    if (result === 'committed') {
      this.ended.committed++;
      const deleted = new Set(this.#deleted);
      this.#own = own.filter(({ id }) => !deleted.has(id));
      this.#bound = bound;
      if (theirs !== undefined) this.#theirs = this.#theirs.filter(({ id }) => !foreignBefore.has(id));
      // A backfill leaves the group as it is.
      this.#groupTouched = deleted.size > 0 || (isRange && groupBefore);
      [this.#moved, this.#cleaned] = [false, false];
    } else {
      this.ended.stopped++;
      this.steps.push(`  stopped: ${result}`);
      const mayStop = this.#raced || (result === 'HYG-3925' && groupBefore) || (result === 'HYG-3923' && lostBefore);
      expect(mayStop, [...this.steps, 'has no reason to stop'].join('\n')).toBe(true);
    }
    this.#deleted = [];
  }

  /** Ids that the other program deleted during a commit of the store. */
  #deleted: number[] = [];

  async #outcome(decide: (epoch: number) => Promise<Intent>): Promise<string> {
    try {
      const intent = await decide(this.#epoch);
      const outcome = await this.#table.bench.outcome(intent);
      if (typeof outcome === 'object' && outcome.outcome === 'refused') {
        const store = await this.#table.bench.under.at(intent.place);
        const reason = { code: outcome.because.code, what: outcome.because.what } as never;
        await store.giveUp(intent, reason, 'unseen');
        return outcome.because.code;
      }
      return typeof outcome === 'string' ? outcome : outcome.outcome;
    } catch (error) {
      if (error instanceof HyggeError && /^HYG-39(22|23|25)$/.test(error.code)) return error.code;
      throw error;
    }
  }

  // ---- of the other program

  async #foreignStep(): Promise<void> {
    const kind = this.#chance.pick(['append', 'append', 'compact', 'compact', 'compact', 'delete', 'vacuum', 'clean', 'property'] as const);
    this.steps.push(`other: ${kind}`);
    await this.#foreign(kind);
  }

  async #race(): Promise<void> {
    const kind = this.#chance.pick(['append', 'compact', 'clean', 'property'] as const);
    this.steps.push(`  meanwhile: ${kind}`);
    this.#raced = true;
    await this.#foreign(kind);
  }

  async #foreign(kind: 'append' | 'compact' | 'delete' | 'vacuum' | 'clean' | 'property'): Promise<void> {
    const files = await this.#table.active();
    const own = files.filter(([name]) => !name.startsWith('theirs-'));
    const theirs = files.filter(([name]) => name.startsWith('theirs-'));
    if (kind === 'append') {
      const rows = Array.from({ length: 1 + this.#chance.roll(2) }, () => row(++this.#id, 900 + this.#chance.roll(9)));
      this.#theirs = [...this.#theirs, ...rows];
      this.#table.entry('WRITE', [], [this.#table.file('theirs', rows)], true);
    } else if (kind === 'compact') {
      const [of, prefix] = theirs.length > 1 && this.#chance.happens(0.3) ? [theirs, 'theirs'] : [own, 'other'];
      const some = of.filter(() => this.#chance.happens(0.6));
      if (some.length < 1 || (of === own && !this.#mayMove())) return;
      this.#table.entry(
        'OPTIMIZE',
        some,
        [
          this.#table.file(
            prefix,
            some.flatMap((each) => this.#table.rowsIn(each)),
          ),
        ],
        false,
      );
    } else if (kind === 'delete') {
      const [one] = this.#chance.happens(0.7) ? own.filter(() => this.#chance.happens(0.5)) : theirs;
      if (one === undefined) return;
      const rows = this.#table.rowsIn(one);
      const gone = rows[this.#chance.roll(rows.length)];
      if (gone === undefined || rows.length < 2) return;
      const isOwn = own.includes(one);
      if (isOwn && !this.#mayMove()) return;
      this.#table.entry(
        'DELETE',
        [one],
        [
          this.#table.file(
            isOwn ? 'other' : 'theirs',
            rows.filter(({ id }) => id !== gone.id),
          ),
        ],
        true,
      );
      if (isOwn) this.#groupTouched ||= rows.some(({ mark }) => mark === this.#bound);
      this.#own = this.#own.filter(({ id }) => id !== gone.id);
      this.#theirs = this.#theirs.filter(({ id }) => id !== gone.id);
    } else if (kind === 'vacuum') {
      const there = new Set(files.map(([name]) => name));
      for (const path of [...this.#table.disk.bodies.keys()]) if (!path.startsWith('_') && !there.has(path)) await this.#remove(path);
    } else if (kind === 'clean') await this.#clean();
    else this.#table.entry('SET TBLPROPERTIES', [], [], false);
  }

  /** A checkpoint of the newest version, after which older entries go. */
  async #clean(): Promise<void> {
    const table = await this.#table.newest();
    if (table === undefined || (this.#moved && !this.#chance.happens(0.1))) return;
    const { version } = table.snapshot;
    const entries = [...this.#table.disk.bodies.keys()].filter((path) => /^_delta_log\/\d+\.json$/.test(path));
    if (entries.length === version + 1 && this.#chance.happens(0.5)) {
      const state = new RawState();
      for (let at = 0; at <= version; at++) state.apply(linesOf(this.#table.disk.bodies.get(entryName(at)) as Uint8Array) as never);
      this.#table.disk.plant(entryName(version).replace('.json', '.checkpoint.parquet'), checkpointBytes(state.actions(0)));
    } else if (!(await writeCheckpoint({ files: this.#table.files, log: this.#table.files, table, at: Date.now() }))) return;
    for (const path of entries) if (path < entryName(version)) await this.#remove(path);
    this.#cleaned = true;
  }

  /** Whether the other program moves or changes rows of hygge: after a cleaning it seldom does, since nothing but the log says what became of them. */
  #mayMove(): boolean {
    if (this.#cleaned && !this.#chance.happens(0.1)) return false;
    this.#moved = true;
    return true;
  }

  async #remove(path: string): Promise<void> {
    this.#table.disk.bodies.delete(path);
    await this.#table.disk.raw.remove(path);
  }

  // ---- what is there

  async #newest(): Promise<number> {
    return (await this.#table.newest())?.snapshot.version ?? -1;
  }

  #wanted(): readonly string[] {
    return [...this.#own, ...this.#theirs].map(rowText).sort();
  }
}

function written({ data, group }: { readonly data: readonly Row[]; readonly group: readonly Row[] }): readonly Written[] {
  return [...(data.length === 0 ? [] : [{ rows: data }]), { role: 'boundary' as const, rows: group }];
}

const linesOf = (body: Uint8Array): readonly unknown[] =>
  new TextDecoder()
    .decode(body)
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
