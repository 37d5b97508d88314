/**
 * The life of a Delta table into which a store merges by key, beside another program: it appends rows, some with keys of the store's, marks rows, puts files together,
 * vacuums and cleans the log, also between the last look of a commit and its entry. A model says which rows each version has.
 */
import { expect } from 'vitest';
import { realClock } from '../../../src/adapters/real-clock.ts';
import { realRandom } from '../../../src/adapters/real-random.ts';
import { realScratch } from '../../../src/adapters/real-scratch.ts';
import type { DeltaFile } from '../../../src/delta/table.ts';
import { DeletedRows } from '../../../src/delta/values/deleted-rows.ts';
import { vectorPlace } from '../../../src/delta/values/vector.ts';
import { VectorFile } from '../../../src/delta/write/vector.ts';
import type { Intent } from '../../../src/engine/contracts/intent.ts';
import type { Counts, Writing } from '../../../src/engine/contracts/writing.ts';
import { HyggeError } from '../../../src/errors/hygge-error.ts';
import { writeCheckpoint } from '../../../src/files/delta-store/checkpoint.ts';
import { DeltaHead } from '../../../src/files/delta-store/head.ts';
import { LogCache } from '../../../src/files/delta-store/log-cache.ts';
import { deltaStore } from '../../../src/files/delta-store/store.ts';
import type { FilePlace } from '../../../src/files/store/layout.ts';
import type { FileSystem } from '../../../src/ports/filesystem.ts';
import { but } from '../but.ts';
import { Bench, run } from '../connector-conformance/bench.ts';
import { simFrame } from '../connector-conformance/frames.ts';
import { Unscheduled } from '../sim/at-once.ts';
import { Disk, SimFileSystem } from '../sim/disk.ts';
import { decodeLines, encodedLines, jsonLines } from '../sim/jsonl-format.ts';
import { simulatedMerging } from '../sim/merging.ts';
import { baseSchema, type Row, row, rowText } from '../sim/rows.ts';
import { rowsApart } from '../sim/rows-apart.ts';
import { markedRows } from './marked-rows.ts';

const entryName = (version: number) => `_delta_log/${String(version).padStart(20, '0')}.json`;
const clock = realClock();
const anyPlace: FilePlace = {
  ...{ type: 'test', root: 'lake', folder: '', flow: 'f', entity: 'e', layout: 'plain' },
  extension: jsonLines.extension,
} as FilePlace;

/** Logs are kept by their addresses, so each life has an address of its own. */
let lives = 0;

/** Files of rows that the store did not settle, in the name that a rewritten one has as well. */
const isTheirs = (name: string): boolean => /^(theirs-|part-)/.test(name);

type Foreign = 'append' | 'compact' | 'mark' | 'vacuum' | 'clean';
type Listed = readonly [name: string, file: DeltaFile];
const ids = 12;

export class MergeLife implements AsyncDisposable {
  readonly steps: string[] = [];
  /** Commits that counted, of which some were overtaken by an entry of the other program, and some wrote files of changes. */
  readonly ended = { committed: 0, raced: 0, fed: 0 };
  readonly #disk: Disk;
  readonly #files: FileSystem;
  readonly #scratch = realScratch();
  readonly #bench: Bench;
  #state: number;
  #epoch = 0;
  #mark = 10;
  /** Marks below the newest one that no row has. */
  readonly #older = [1, 3, 5, 7, 9];
  #rows: readonly Row[] = [];
  #between: (() => Promise<void>) | undefined;
  readonly #hasFeed: boolean;
  #made = 0;

  /** @param merge how rows go. @param hasFeed the other program switches the change feed on, once the table is there. */
  constructor(seed: number, merge: 'deletion_vectors' | 'copy_on_write' = 'deletion_vectors', hasFeed = false) {
    const place: FilePlace = { ...anyPlace, ...(merge === 'copy_on_write' ? { merge } : {}) };
    this.#state = seed >>> 0;
    this.#hasFeed = hasFeed;
    this.#disk = new Disk(`memory://merge-life-${++lives}`);
    const plain = new SimFileSystem(new Unscheduled('test', () => undefined), this.#disk, { name: 'lake', step: () => undefined });
    this.#files = but<FileSystem>(plain, {
      put: async (path, body, condition) => {
        if (/^_delta_log\/\d+\.json$/.test(path)) {
          const act = this.#between;
          this.#between = undefined;
          await act?.();
        }
        return plain.put(path, body, condition);
      },
    });
    const how = { apart: rowsApart, random: realRandom(), scratch: this.#scratch, merging: simulatedMerging };
    const open = async (at: FilePlace = place) =>
      deltaStore({ files: this.#files, place: at, clock, where: 'lake', format: jsonLines, targetBytes: 1_000_000, ...how });
    this.#bench = new Bench({
      open,
      at: (at) => open(at as unknown as FilePlace),
      frame: simFrame,
      settled: async () => [],
      [Symbol.asyncDispose]: async () => undefined,
    });
  }

  /** One step of hygge or of the other program, and then the rows of the newest version. */
  async step(): Promise<void> {
    await (this.#epoch === 0 || this.#chance(0.55) ? this.#ownStep() : this.#foreign(this.#anyForeign()));
    expect(await this.#found(), this.steps.join('\n')).toEqual(this.#rows.map(rowText).sort());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#scratch[Symbol.asyncDispose]();
  }

  // ---- of hygge

  async #ownStep(): Promise<void> {
    const epoch = ++this.#epoch;
    if (epoch > 1 && !this.#hasFeed && this.#chance(0.15)) return this.#range(epoch);
    const isFull = epoch === 1 || this.#chance(0.1);
    const keepsNewer = !isFull && this.#chance(0.3);
    // Some rows come twice, and some watermarks are smaller than those that settled.
    const live = Array.from({ length: 1 + this.#roll(5) }, () => row(1 + this.#roll(ids), this.#nextMark(keepsNewer)));
    const deleted = isFull ? [] : Array.from({ length: this.#roll(3) }, () => row(1 + this.#roll(ids), this.#nextMark(keepsNewer)));
    this.steps.push(
      `${epoch}: ${isFull ? 'full' : 'merge'}${keepsNewer ? ' keeps newer' : ''} ${live.map(rowText).join(' ')} without ${deleted.map(rowText).join(' ')}`,
    );
    if (epoch > 1 && this.#chance(0.5)) {
      const kind = this.#anyForeign();
      this.#between = async () => {
        this.ended.raced++;
        this.steps.push('  meanwhile');
        await this.#foreign(kind);
      };
    }
    const written = [{ rows: live }, ...(deleted.length === 0 ? [] : [{ role: 'deleted' as const, rows: deleted }])];
    const parts = await this.#bench.stage(run(epoch), written);
    const writing: Writing = {
      ...{ key: ['id'] },
      ...(isFull ? { mode: 'swap', why: 'full_load' } : { mode: 'merge', why: 'key', ...(keepsNewer ? { keepsNewer: true } : {}) }),
    };
    const supersede = isFull ? ({ what: 'all', foreign: 'replace' } as const) : ({ what: 'nothing' } as const);
    const before = new Set(isFull ? await this.#present() : []);
    const intent = await this.#bench.decide(run(epoch), parts, supersede, writing);
    const outcome = await this.#bench.outcome(intent).catch((error: unknown) => error);
    this.#between = undefined;
    const isDone = typeof outcome === 'object' && outcome !== null && 'outcome' in outcome && outcome.outcome === 'committed';
    if (isFull && !isDone && this.#hasRaced()) {
      // Files that were to go were put together meanwhile.
      if (typeof outcome === 'object' && outcome !== null && 'because' in outcome)
        await (await this.#bench.under.at(intent.place)).giveUp(intent, outcome.because as never, 'unseen');
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
    const { metadata, protocol } = (await this.#table())?.snapshot ?? {};
    if (metadata === undefined || protocol === undefined) return;
    const isListed = protocol.minWriterVersion === 7;
    const writerFeatures = [...(protocol.writerFeatures ?? []), 'changeDataFeed'];
    const { schema, configuration, ...more } = metadata;
    this.#put([
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
    const entry = this.#disk.bodies.get(entryName((await this.#table())?.snapshot.version ?? -1)) as Uint8Array;
    const actions = new TextDecoder().decode(entry).split('\n').filter(Boolean);
    const paths = actions.flatMap((line) => (JSON.parse(line) as { readonly cdc?: { readonly path: string } }).cdc?.path ?? []);
    const rows = paths.flatMap((path) => decodeLines(this.#disk.bodies.get(decodeURIComponent(path)) as Uint8Array).rows);
    const of = (...kinds: readonly string[]) => rows.filter(({ _change_type: kind }) => kinds.includes(String(kind)));
    const texts = (some: readonly Row[]) => some.map(({ _change_type: _, ...one }) => rowText(one as Row));
    const about = this.steps.join('\n');
    const added = actions.flatMap((line) => (JSON.parse(line) as { readonly add?: { readonly path: string } }).add?.path ?? []);
    // Some readers of the feed take a file without rows for its end.
    for (const one of await this.#active()) if (added.includes(one[0])) expect(this.#rowsIn(one).length, about).toBeGreaterThan(0);
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
    const [from, to] = [2 * this.#roll(this.#mark / 2), 2 * this.#roll(this.#mark / 2)].sort((a, b) => a - b) as [number, number];
    const keepsNewer = this.#chance(0.7);
    const own = await this.#ownRows();
    const isInside = ({ mark }: Row) => mark !== null && mark >= from && mark < to;
    // A row that replaces its like would not count as another one here.
    const there = new Set(this.#rows.map(({ mark }) => mark));
    const inside = this.#older.filter((mark) => mark >= from && mark < to && !there.has(mark));
    const live = Array.from({ length: Math.min(inside.length, this.#roll(4)) }, (_, i) => row(1 + this.#roll(ids), inside[i] as number));
    this.steps.push(`${epoch}: range ${from} to ${to}${keepsNewer ? ' keeps newer' : ''} ${live.map(rowText).join(' ')}`);
    const writing: Writing = { mode: 'merge', key: ['id'], why: 'key', ...(keepsNewer ? { keepsNewer: true } : {}) };
    const how = { spans: [{ from, to }], writing };
    const intent = await this.#bench.decideRanges(epoch, [{ rows: live }], how).catch((error: unknown) => error);
    // Files that another program marked are not written anew.
    if (intent instanceof HyggeError && intent.code === 'HYG-3923') return;
    if (intent instanceof Error) throw intent;
    const outcome = await this.#bench.outcome(intent as Intent);
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
    return (await this.#active()).filter(([name]) => !isTheirs(name)).flatMap((one) => this.#rowsIn(one));
  }

  #hasRaced(): boolean {
    return this.steps.lastIndexOf('  meanwhile') > this.steps.findLastIndex((step) => /^\d/.test(step));
  }

  async #present(): Promise<readonly string[]> {
    return this.#found();
  }

  #nextMark(isOlder: boolean): number {
    // Marks that settle are even, so that no two rows have the same one.
    if (isOlder && this.#older.length > 0 && this.#chance(0.5)) return this.#older.splice(this.#roll(this.#older.length), 1)[0] as number;
    this.#mark += 2;
    this.#older.push(this.#mark - 1);
    return this.#mark;
  }

  // ---- of the other program

  #anyForeign(): Foreign {
    return this.#pick(['append', 'append', 'compact', 'compact', 'mark', 'mark', 'vacuum', 'clean'] as const);
  }

  async #foreign(kind: Foreign): Promise<void> {
    const files = await this.#active();
    const own = files.filter(([name]) => !isTheirs(name));
    const theirs = files.filter(([name]) => isTheirs(name));
    this.steps.push(`other: ${kind}`);
    if (kind === 'append') {
      const rows = Array.from({ length: 1 + this.#roll(2) }, () => row(1 + this.#roll(2 * ids), this.#nextMark(false)));
      this.#rows = [...this.#rows, ...rows];
      this.#entry('WRITE', [], [this.#file('theirs', rows)], true);
    } else if (kind === 'compact') {
      const [of, prefix] = theirs.length > 1 && this.#chance(0.3) ? [theirs, 'theirs'] : [own, 'other'];
      const some = of.filter(() => this.#chance(0.6));
      if (some.length === 0) return;
      const rows = some.flatMap((one) => this.#rowsIn(one));
      this.#entry('OPTIMIZE', some, rows.length === 0 ? [] : [this.#file(prefix, rows)], false);
    } else if (kind === 'mark') {
      // It knows vectors only in a table that has them.
      if (!files.some(([, { vector }]) => vector !== null)) return;
      const one = this.#pick(files);
      const there = this.#placesIn(one);
      if (there.length < 2) return;
      const [at, gone] = this.#pick(there);
      this.#markRow(one, at);
      const index = this.#rows.findIndex((each) => rowText(each) === rowText(gone));
      this.#rows = this.#rows.filter((_, i) => i !== index);
    } else if (kind === 'vacuum') {
      const there = new Set(files.map(([name]) => name));
      const vectors = new Set(files.flatMap(([, { vector }]) => (vector === null ? [] : [vectorPath(vector)])));
      const isDead = (path: string) => (path.endsWith('.bin') ? !vectors.has(path) : !there.has(path));
      // What is younger than a week stays: files and vectors of a commit under way are.
      if (this.#between === undefined && !this.#hasRaced())
        for (const path of [...this.#disk.bodies.keys()]) if (!path.startsWith('_') && isDead(path)) await this.#disk.remove(path);
    } else {
      const table = await this.#table();
      if (table !== undefined) await writeCheckpoint({ files: this.#files, log: this.#files, table, at: Date.now() });
    }
  }

  #markRow([name, file]: Listed, at: number): void {
    const { rows } = decodeLines(this.#disk.bodies.get(name) as Uint8Array);
    const deleted = new DeletedRows(rows.length);
    for (const one of this.#marks(file)) deleted.addOne(one);
    deleted.addOne(at);
    const vectors = new VectorFile(`another ${++this.#made}`);
    const vector = vectors.add(deleted);
    this.#disk.plant(vectors.path, vectors.bytes());
    this.#entry('DELETE', [[name, file]], [{ ...file, vector }], true);
  }

  #file(prefix: string, rows: readonly Row[]): DeltaFile {
    const path = `${prefix}-${++this.#made}.jsonl`;
    const body = encodedLines(baseSchema, rows);
    this.#disk.plant(path, body);
    const stats = JSON.stringify({ numRecords: rows.length });
    return { path, partitionValues: {}, bytes: body.length, modificationTime: 1, vector: null, stats };
  }

  #entry(operation: string, removes: readonly Listed[], adds: readonly DeltaFile[], dataChange: boolean): void {
    const vectorOf = ({ vector }: DeltaFile) => (vector === null ? {} : { deletionVector: { ...vector, offset: vector.offset ?? 0 } });
    const gone = removes.map(([, file]) => ({
      remove: { path: file.path, size: file.bytes, partitionValues: {}, deletionTimestamp: Date.now(), dataChange, ...vectorOf(file) },
    }));
    const come = adds.map((file) => ({
      add: {
        path: file.path,
        size: file.bytes,
        partitionValues: {},
        modificationTime: 1,
        dataChange,
        stats: file.stats,
        ...vectorOf(file),
      },
    }));
    this.#put([{ commitInfo: { operation, timestamp: Date.now() } }, ...gone, ...come]);
  }

  #put(lines: readonly object[]): void {
    const next =
      Math.max(-1, ...[...this.#disk.bodies.keys()].map((path) => Number(/^_delta_log\/(\d+)\.json$/.exec(path)?.[1] ?? -1))) + 1;
    this.#disk.plant(entryName(next), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  }

  // ---- what is there

  #table() {
    return new DeltaHead(this.#files, anyPlace, { clock, checkpoint: async () => false, cache: new LogCache() }).table();
  }

  async #active(): Promise<readonly Listed[]> {
    return [...((await this.#table())?.active ?? [])];
  }

  #marks({ vector }: DeltaFile): ReadonlySet<number> {
    if (vector === null) return new Set();
    return markedRows({ ...vector, offset: vector.offset ?? 0 }, (path) => this.#disk.bodies.get(path) as Uint8Array);
  }

  #placesIn([name, file]: Listed): readonly (readonly [at: number, row: Row])[] {
    const marks = this.#marks(file);
    const { rows } = decodeLines(this.#disk.bodies.get(name) as Uint8Array);
    return rows.flatMap((one, at) => (marks.has(at) ? [] : [[at, one] as const]));
  }

  #rowsIn(one: Listed): readonly Row[] {
    return this.#placesIn(one).map(([, each]) => each);
  }

  async #found(): Promise<readonly string[]> {
    return (await this.#active()).flatMap((one) => this.#rowsIn(one).map(rowText)).sort();
  }

  // ---- chance

  #roll(below: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) % below;
  }

  #chance(of: number): boolean {
    return this.#roll(1000) < of * 1000;
  }

  #pick<T>(some: readonly T[]): T {
    return some[this.#roll(some.length)] as T;
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
