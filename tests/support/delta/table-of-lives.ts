/** A Delta table on a simulated disk, into which a store of hygge settles and another program writes. */
import { realClock } from '../../../src/adapters/real-clock.ts';
import { realRandom } from '../../../src/adapters/real-random.ts';
import { realScratch } from '../../../src/adapters/real-scratch.ts';
import type { DeltaFile } from '../../../src/delta/table.ts';
import { DeltaHead } from '../../../src/files/delta-store/head.ts';
import { LogCache } from '../../../src/files/delta-store/log-cache.ts';
import { deltaStore } from '../../../src/files/delta-store/store.ts';
import type { FilePlace } from '../../../src/files/store/layout.ts';
import type { FileSystem } from '../../../src/ports/filesystem.ts';
import { but } from '../but.ts';
import { Bench } from '../connector-conformance/bench.ts';
import { simFrame } from '../connector-conformance/frames.ts';
import { Unscheduled } from '../sim/at-once.ts';
import { mulberry } from '../sim/dice.ts';
import { Disk, SimFileSystem } from '../sim/disk.ts';
import { decodeLines, encodedLines, jsonLines } from '../sim/jsonl-format.ts';
import { simulatedMerging } from '../sim/merging.ts';
import { baseSchema, type Row, rowText } from '../sim/rows.ts';
import { rowsApart } from '../sim/rows-apart.ts';
import { markedRows } from './marked-rows.ts';

export const entryName = (version: number): string => `_delta_log/${String(version).padStart(20, '0')}.json`;
const clock = realClock();
const anyPlace: FilePlace = {
  ...{ type: 'test', root: 'lake', folder: '', flow: 'f', entity: 'e', layout: 'plain' },
  extension: jsonLines.extension,
} as FilePlace;

/** Logs are kept by their addresses, so each table has an address of its own. */
let tables = 0;

export type Listed = readonly [name: string, file: DeltaFile];

export class SharedTable implements AsyncDisposable {
  readonly disk: Disk;
  readonly files: FileSystem;
  readonly bench: Bench;
  /** What happens once, between the last look of the next commit and its entry. */
  between: (() => Promise<void>) | undefined;
  readonly #scratch = realScratch();
  #made = 0;

  /** @param more of the place, such as how rows go. */
  constructor(more: Partial<FilePlace> = {}) {
    this.disk = new Disk(`memory://shared-table-${++tables}`);
    const plain = new SimFileSystem(new Unscheduled('test', () => undefined), this.disk, { name: 'lake', step: () => undefined });
    this.files = but<FileSystem>(plain, {
      put: async (path, body, condition) => {
        if (/^_delta_log\/\d+\.json$/.test(path)) {
          const act = this.between;
          this.between = undefined;
          await act?.();
        }
        return plain.put(path, body, condition);
      },
    });
    const how = { apart: rowsApart, random: realRandom(), scratch: this.#scratch, merging: simulatedMerging };
    const open = async (at: FilePlace = { ...anyPlace, ...more } as FilePlace) =>
      deltaStore({ files: this.files, place: at, clock, where: 'lake', format: jsonLines, targetBytes: 1_000_000, ...how });
    this.bench = new Bench({
      open,
      at: (at) => open(at as unknown as FilePlace),
      frame: simFrame,
      settled: async () => [],
      [Symbol.asyncDispose]: async () => undefined,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#scratch[Symbol.asyncDispose]();
  }

  // ---- of the other program

  /** A number for a name that nothing has. */
  nextNumber(): number {
    return ++this.#made;
  }

  file(prefix: string, rows: readonly Row[]): DeltaFile {
    const path = `${prefix}-${this.nextNumber()}.jsonl`;
    const body = encodedLines(baseSchema, rows);
    this.disk.plant(path, body);
    const stats = JSON.stringify({ numRecords: rows.length });
    return { path, partitionValues: {}, bytes: body.length, modificationTime: 1, vector: null, stats };
  }

  entry(operation: string, removes: readonly Listed[], adds: readonly DeltaFile[], dataChange: boolean): void {
    const actionOf = ({ path, bytes, vector }: DeltaFile) => ({
      ...{ path, size: bytes, partitionValues: {}, dataChange },
      ...(vector === null ? {} : { deletionVector: { ...vector, offset: vector.offset ?? 0 } }),
    });
    const gone = removes.map(([, file]) => ({
      remove: { ...actionOf(file), deletionTimestamp: Date.now(), extendedFileMetadata: true },
    }));
    const come = adds.map((file) => ({ add: { ...actionOf(file), modificationTime: 1, stats: file.stats } }));
    this.put([{ commitInfo: { operation, timestamp: Date.now() } }, ...gone, ...come]);
  }

  put(lines: readonly object[]): void {
    const last = Math.max(-1, ...[...this.disk.bodies.keys()].map((path) => Number(/^_delta_log\/(\d+)\.json$/.exec(path)?.[1] ?? -1)));
    this.disk.plant(entryName(last + 1), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  }

  // ---- what is there

  newest() {
    return new DeltaHead(this.files, anyPlace, { clock, checkpoint: async () => false, cache: new LogCache() }).table();
  }

  async active(): Promise<readonly Listed[]> {
    return [...((await this.newest())?.active ?? [])];
  }

  body(path: string): Uint8Array {
    return this.disk.bodies.get(path) as Uint8Array;
  }

  marks({ vector }: DeltaFile): ReadonlySet<number> {
    if (vector === null) return new Set();
    return markedRows({ ...vector, offset: vector.offset ?? 0 }, (path) => this.body(path));
  }

  placesIn([name, file]: Listed): readonly (readonly [at: number, row: Row])[] {
    const marks = this.marks(file);
    const { rows } = decodeLines(this.body(name));
    return rows.flatMap((one, at) => (marks.has(at) ? [] : [[at, one] as const]));
  }

  rowsIn(one: Listed): readonly Row[] {
    return this.placesIn(one).map(([, each]) => each);
  }

  async rows(): Promise<readonly string[]> {
    return (await this.active()).flatMap((one) => this.rowsIn(one).map(rowText)).sort();
  }
}

/** What happens by chance, the same for the same seed. */
export class Chance {
  readonly #next: () => number;

  constructor(seed: number) {
    this.#next = mulberry(seed);
  }

  /** A whole number from 0 to below `below`. */
  roll(below: number): number {
    return (this.#next() * 2 ** 32) % below;
  }

  /** @param of from 0 to 1. */
  happens(of: number): boolean {
    return this.roll(1000) < of * 1000;
  }

  pick<T>(some: readonly T[]): T {
    return some[this.roll(some.length)] as T;
  }
}
