/**
 * The life of a Delta table into which a store merges by key, beside another program: it appends rows, some with keys of the store's, marks rows, puts files together,
 * vacuums and cleans the log, also between the last look of a commit and its entry. A model says which rows each version has.
 */
import { expect } from 'vitest';
import type { DeltaFile } from '../../../src/delta/table.ts';
import { DeletedRows } from '../../../src/delta/values/deleted-rows.ts';
import { vectorPlace } from '../../../src/delta/values/vector.ts';
import { VectorFile } from '../../../src/delta/write/vector.ts';
import type { Intent } from '../../../src/engine/contracts/intent.ts';
import type { Counts, Writing } from '../../../src/engine/contracts/writing.ts';
import { HyggeError } from '../../../src/errors/hygge-error.ts';
import { writeCheckpoint } from '../../../src/files/delta-store/checkpoint.ts';
import { run } from '../connector-conformance/bench.ts';
import { decodeLines } from '../sim/jsonl-format.ts';
import { type Row, row, rowText } from '../sim/rows.ts';
import { Chance, entryName, type Listed, SharedTable } from './table-of-lives.ts';

/** Files of rows that the store did not settle, in the name that a rewritten one has as well. */
const isTheirs = (name: string): boolean => /^(theirs-|part-)/.test(name);

type Foreign = 'append' | 'compact' | 'mark' | 'vacuum' | 'clean';
const ids = 12;

export class MergeLife implements AsyncDisposable {
  readonly steps: string[] = [];
  /** Commits that counted, of which some were overtaken by an entry of the other program, and some wrote files of changes. */
  readonly ended = { committed: 0, raced: 0, fed: 0 };
  readonly #table: SharedTable;
  readonly #chance: Chance;
  #epoch = 0;
  #mark = 10;
  /** Marks below the newest one that no row has. */
  readonly #older = [1, 3, 5, 7, 9];
  #rows: readonly Row[] = [];
  readonly #hasFeed: boolean;

  /** @param merge how rows go. @param hasFeed the other program switches the change feed on, once the table is there. */
  constructor(seed: number, merge: 'deletion_vectors' | 'copy_on_write' = 'deletion_vectors', hasFeed = false) {
    this.#chance = new Chance(seed);
    this.#hasFeed = hasFeed;
    this.#table = new SharedTable(merge === 'copy_on_write' ? { merge } : {});
  }

  /** One step of hygge or of the other program, and then the rows of the newest version. */
  async step(): Promise<void> {
    await (this.#epoch === 0 || this.#chance.happens(0.55) ? this.#ownStep() : this.#foreign(this.#anyForeign()));
    expect(await this.#table.rows(), this.steps.join('\n')).toEqual(this.#rows.map(rowText).sort());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#table[Symbol.asyncDispose]();
  }

  // ---- of hygge

  async #ownStep(): Promise<void> {
    const epoch = ++this.#epoch;
    if (epoch > 1 && !this.#hasFeed && this.#chance.happens(0.15)) return this.#range(epoch);
    const isFull = epoch === 1 || this.#chance.happens(0.1);
    const keepsNewer = !isFull && this.#chance.happens(0.3);
    // Some rows come twice, and some watermarks are smaller than those that settled.
    const live = Array.from({ length: 1 + this.#chance.roll(5) }, () => row(1 + this.#chance.roll(ids), this.#nextMark(keepsNewer)));
    const deleted = isFull
      ? []
      : Array.from({ length: this.#chance.roll(3) }, () => row(1 + this.#chance.roll(ids), this.#nextMark(keepsNewer)));
    this.steps.push(
      `${epoch}: ${isFull ? 'full' : 'merge'}${keepsNewer ? ' keeps newer' : ''} ${live.map(rowText).join(' ')} without ${deleted.map(rowText).join(' ')}`,
    );
    if (epoch > 1 && this.#chance.happens(0.5)) {
      const kind = this.#anyForeign();
      this.#table.between = async () => {
        this.ended.raced++;
        this.steps.push('  meanwhile');
        await this.#foreign(kind);
      };
    }
    const written = [{ rows: live }, ...(deleted.length === 0 ? [] : [{ role: 'deleted' as const, rows: deleted }])];
    const parts = await this.#table.bench.stage(run(epoch), written);
    const writing: Writing = {
      ...{ key: ['id'] },
      ...(isFull ? { mode: 'swap', why: 'full_load' } : { mode: 'merge', why: 'key', ...(keepsNewer ? { keepsNewer: true } : {}) }),
    };
    const supersede = isFull ? ({ what: 'all', foreign: 'replace' } as const) : ({ what: 'nothing' } as const);
    const before = new Set(isFull ? await this.#table.rows() : []);
    const intent = await this.#table.bench.decide(run(epoch), parts, supersede, writing);
    const outcome = await this.#table.bench.outcome(intent).catch((error: unknown) => error);
    this.#table.between = undefined;
    const isDone = typeof outcome === 'object' && outcome !== null && 'outcome' in outcome && outcome.outcome === 'committed';
    if (isFull && !isDone && this.#hasRaced()) {
      // Files that were to go were put together meanwhile.
      if (typeof outcome === 'object' && outcome !== null && 'because' in outcome)
        await (await this.#table.bench.under.at(intent.place)).giveUp(intent, outcome.because as never, 'unseen');
      else throw outcome instanceof HyggeError ? outcome : new Error(`${JSON.stringify(outcome)}\n${this.steps.join('\n')}`);
      return;
    }
    expect(isDone, [...this.steps, `ended as ${outcome instanceof Error ? outcome.stack : JSON.stringify(outcome)}`].join('\n')).toBe(true);
    this.ended.committed++;
    const stay = isFull ? this.#rows.filter((one) => !before.has(rowText(one))) : this.#rows;
    const there = this.#rows;
    this.#rows = merged(stay, { live, deleted, keepsNewer, isFull });
    if (epoch === 1 && this.#hasFeed) await this.#switchFeedOn();
    else if (this.#hasFeed) await this.#checkFeed(isFull ? this.#rows : there, this.#rows);
  }

  async #switchFeedOn(): Promise<void> {
    const { metadata, protocol } = (await this.#table.newest())?.snapshot ?? {};
    if (metadata === undefined || protocol === undefined) return;
    const isListed = protocol.minWriterVersion === 7;
    const writerFeatures = [...(protocol.writerFeatures ?? []), 'changeDataFeed'];
    const { schema, configuration, ...more } = metadata;
    this.#table.put([
      { protocol: isListed ? { ...protocol, writerFeatures } : { minReaderVersion: 1, minWriterVersion: 4 } },
      {
        metaData: {
          ...{ ...more, schemaString: JSON.stringify(schema), format: { provider: 'parquet', options: {} } },
          configuration: { ...configuration, 'delta.enableChangeDataFeed': 'true' },
        },
      },
    ]);
  }

  /** The files of changes of the newest entry say what became of the rows that were there. Without such files rows only came. */
  async #checkFeed(there: readonly Row[], after: readonly Row[]): Promise<void> {
    const entry = this.#table.disk.bodies.get(entryName((await this.#table.newest())?.snapshot.version ?? -1)) as Uint8Array;
    const actions = new TextDecoder().decode(entry).split('\n').filter(Boolean);
    const paths = actions.flatMap((line) => (JSON.parse(line) as { readonly cdc?: { readonly path: string } }).cdc?.path ?? []);
    const rows = paths.flatMap((path) => decodeLines(this.#table.disk.bodies.get(decodeURIComponent(path)) as Uint8Array).rows);
    const of = (...kinds: readonly string[]) => rows.filter(({ _change_type: kind }) => kinds.includes(String(kind)));
    const texts = (some: readonly Row[]) => some.map(({ _change_type: _, ...one }) => rowText(one as Row));
    const about = this.steps.join('\n');
    const added = actions.flatMap((line) => (JSON.parse(line) as { readonly add?: { readonly path: string } }).add?.path ?? []);
    // Some readers of the feed take a file without rows for its end.
    for (const one of await this.#table.active())
      if (added.includes(one[0])) expect(this.#table.rowsIn(one).length, about).toBeGreaterThan(0);
    if (paths.length === 0)
      return expect(
        there.map(rowText).filter((one) => !after.map(rowText).includes(one)),
        about,
      ).toEqual([]);
    this.ended.fed++;
    const left = [...there.map(rowText), ...texts(of('insert', 'update_postimage'))];
    for (const gone of texts(of('delete', 'update_preimage'))) {
      expect(left, about).toContain(gone);
      left.splice(left.indexOf(gone), 1);
    }
    expect(left.sort(), about).toEqual(after.map(rowText).sort());
    const idsOf = (...kinds: readonly string[]) => new Set(of(...kinds).map(({ id }) => id));
    expect(idsOf('update_preimage'), about).toEqual(idsOf('update_postimage'));
    expect(
      [...idsOf('delete')].filter((id) => idsOf('insert').has(id)),
      about,
    ).toEqual([]);
  }

  /** A backfill: own rows of a range go, and files with other rows are written anew without them. Such rows are carried along, and are not rows of the run. */
  async #range(epoch: number): Promise<void> {
    const [from, to] = [2 * this.#chance.roll(this.#mark / 2), 2 * this.#chance.roll(this.#mark / 2)].sort((a, b) => a - b) as [
      number,
      number,
    ];
    const keepsNewer = this.#chance.happens(0.7);
    const own = await this.#ownRows();
    const isInside = ({ mark }: Row) => mark !== null && mark >= from && mark < to;
    // A row that replaces its like would not count as another one here.
    const there = new Set(this.#rows.map(({ mark }) => mark));
    const inside = this.#older.filter((mark) => mark >= from && mark < to && !there.has(mark));
    const live = Array.from({ length: Math.min(inside.length, this.#chance.roll(4)) }, (_, i) =>
      row(1 + this.#chance.roll(ids), inside[i] as number),
    );
    this.steps.push(`${epoch}: range ${from} to ${to}${keepsNewer ? ' keeps newer' : ''} ${live.map(rowText).join(' ')}`);
    const writing: Writing = { mode: 'merge', key: ['id'], why: 'key', ...(keepsNewer ? { keepsNewer: true } : {}) };
    const how = { spans: [{ from, to }], writing };
    const intent = await this.#table.bench.decideRanges(epoch, [{ rows: live }], how).catch((error: unknown) => error);
    // Files that another program marked are not written anew.
    if (intent instanceof HyggeError && intent.code === 'HYG-3923') return;
    if (intent instanceof Error) throw intent;
    const outcome = await this.#table.bench.outcome(intent as Intent);
    const gone = own.filter(isInside);
    this.#rows = merged(without(this.#rows, gone), { live, deleted: [], keepsNewer, isFull: false });
    const left = new Set(this.#rows.map(rowText));
    const settled = live.filter((one) => left.has(rowText(one))).length;
    const lost = own.filter((one) => !left.has(rowText(one))).length;
    this.ended.committed++;
    expect(outcome, this.steps.join('\n')).toMatchObject({ outcome: 'committed' });
    const { inserted, updated, deleted } = (outcome as { counts: Counts }).counts;
    expect([inserted + updated, updated + deleted], this.steps.join('\n')).toEqual([settled, lost]);
  }

  async #ownRows(): Promise<readonly Row[]> {
    return (await this.#table.active()).filter(([name]) => !isTheirs(name)).flatMap((one) => this.#table.rowsIn(one));
  }

  #hasRaced(): boolean {
    return this.steps.lastIndexOf('  meanwhile') > this.steps.findLastIndex((step) => /^\d/.test(step));
  }

  #nextMark(isOlder: boolean): number {
    // Marks that settle are even, so that no two rows have the same one.
    if (isOlder && this.#older.length > 0 && this.#chance.happens(0.5))
      return this.#older.splice(this.#chance.roll(this.#older.length), 1)[0] as number;
    this.#mark += 2;
    this.#older.push(this.#mark - 1);
    return this.#mark;
  }

  // ---- of the other program

  #anyForeign(): Foreign {
    return this.#chance.pick(['append', 'append', 'compact', 'compact', 'mark', 'mark', 'vacuum', 'clean'] as const);
  }

  async #foreign(kind: Foreign): Promise<void> {
    const files = await this.#table.active();
    const own = files.filter(([name]) => !isTheirs(name));
    const theirs = files.filter(([name]) => isTheirs(name));
    this.steps.push(`other: ${kind}`);
    if (kind === 'append') {
      const rows = Array.from({ length: 1 + this.#chance.roll(2) }, () => row(1 + this.#chance.roll(2 * ids), this.#nextMark(false)));
      this.#rows = [...this.#rows, ...rows];
      this.#table.entry('WRITE', [], [this.#table.file('theirs', rows)], true);
    } else if (kind === 'compact') {
      const [of, prefix] = theirs.length > 1 && this.#chance.happens(0.3) ? [theirs, 'theirs'] : [own, 'other'];
      const some = of.filter(() => this.#chance.happens(0.6));
      if (some.length === 0) return;
      const rows = some.flatMap((one) => this.#table.rowsIn(one));
      this.#table.entry('OPTIMIZE', some, rows.length === 0 ? [] : [this.#table.file(prefix, rows)], false);
    } else if (kind === 'mark') {
      // It knows vectors only in a table that has them.
      if (!files.some(([, { vector }]) => vector !== null)) return;
      const one = this.#chance.pick(files);
      const there = this.#table.placesIn(one);
      if (there.length < 2) return;
      const [at, gone] = this.#chance.pick(there);
      this.#markRow(one, at);
      const index = this.#rows.findIndex((each) => rowText(each) === rowText(gone));
      this.#rows = this.#rows.filter((_, i) => i !== index);
    } else if (kind === 'vacuum') {
      const there = new Set(files.map(([name]) => name));
      const vectors = new Set(files.flatMap(([, { vector }]) => (vector === null ? [] : [vectorPath(vector)])));
      const isDead = (path: string) => (path.endsWith('.bin') ? !vectors.has(path) : !there.has(path));
      // What is younger than a week stays: files and vectors of a commit under way are.
      if (this.#table.between === undefined && !this.#hasRaced())
        for (const path of [...this.#table.disk.bodies.keys()])
          if (!path.startsWith('_') && isDead(path)) await this.#table.disk.remove(path);
    } else {
      const table = await this.#table.newest();
      if (table !== undefined) await writeCheckpoint({ files: this.#table.files, log: this.#table.files, table, at: Date.now() });
    }
  }

  #markRow([name, file]: Listed, at: number): void {
    const { rows } = decodeLines(this.#table.body(name));
    const deleted = new DeletedRows(rows.length);
    for (const one of this.#table.marks(file)) deleted.addOne(one);
    deleted.addOne(at);
    const vectors = new VectorFile(`another ${this.#table.nextNumber()}`);
    const vector = vectors.add(deleted);
    this.#table.disk.plant(vectors.path, vectors.bytes());
    this.#table.entry('DELETE', [[name, file]], [{ ...file, vector }], true);
  }
}

const vectorPath = (vector: NonNullable<DeltaFile['vector']>): string => {
  const found = vectorPlace(vector, 'a file');
  return found?.kind === 'in table' ? found.path : '';
};

function without(rows: readonly Row[], gone: readonly Row[]): readonly Row[] {
  const texts = new Set(gone.map(rowText));
  return rows.filter((one) => !texts.has(rowText(one)));
}

/** What a merge makes of rows, in the words of the contract. */
function merged(
  there: readonly Row[],
  {
    live,
    deleted,
    keepsNewer,
    isFull,
  }: { readonly live: readonly Row[]; readonly deleted: readonly Row[]; readonly keepsNewer: boolean; readonly isFull: boolean },
): readonly Row[] {
  const newest = new Map<number, { readonly row: Row; readonly isDeleted: boolean }>();
  const all = [...live.map((one) => ({ row: one, isDeleted: false })), ...deleted.map((one) => ({ row: one, isDeleted: true }))];
  for (const one of all) if ((newest.get(one.row.id)?.row.mark ?? -1) < (one.row.mark ?? 0)) newest.set(one.row.id, one);
  const comes = [...newest.values()];
  const isNewer = (settled: Row, { row: one }: { readonly row: Row }) => (settled.mark ?? -1) > (one.mark ?? -1);
  const lost = new Set<number>();
  const stay = there.filter((settled) => {
    const one = isFull ? undefined : newest.get(settled.id);
    if (one === undefined) return true;
    const stays = isNewer(settled, one) && (keepsNewer || one.isDeleted);
    if (stays && !one.isDeleted) lost.add(settled.id);
    return stays;
  });
  return [...stay, ...comes.filter(({ row: one, isDeleted }) => !isDeleted && !lost.has(one.id)).map(({ row: one }) => one)];
}
