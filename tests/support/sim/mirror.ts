import type { Head, PartRole } from '../../../src/engine/contracts/store.ts';
import type { NewestRows } from '../../../src/files/landing-zone/newest-rows.ts';
import { fileSource } from '../../../src/files/landing-zone/numbers.ts';
import { markerName } from '../../../src/files/landing-zone/row-marker.ts';
import type { FilesHead } from '../../../src/files/store/head/head-log.ts';
import type { Schema } from '../../../src/frames/schema.ts';
import type { PublishOutcome, StagedFile } from '../../../src/ports/filesystem.ts';
import type { Replication } from '../../../src/remote/fabric/fabric-api.ts';
import { type Destination, manifestReader } from './destination.ts';
import { checksumOf, Disk } from './disk.ts';
import { decodeLines } from './jsonl-format.ts';
import { type Row, rowsOfFrame, SimFrame } from './rows.ts';
import { must } from './violation.ts';

const zone = 'LandingZone';
const table = 'orders';
export const mirroredFolder = `${zone}/${table}`;
const metadataPath = `${mirroredFolder}/_metadata.json`;
const taken = '_ProcessedFiles';
const aWeek = 7 * 86_400_000;

const pathOf = (number: number) => `${mirroredFolder}/${String(number).padStart(20, '0')}.parquet`;
const takenPathOf = (number: number) => pathOf(number).replace(`${mirroredFolder}/`, `${mirroredFolder}/${taken}/`);

/** A landing zone, with the staged name that each published file had. */
export class MirrorDisk extends Disk {
  readonly published = new Map<string, string>();

  override async publish(file: StagedFile): Promise<PublishOutcome> {
    const outcome = await super.publish(file);
    if (outcome === 'published') this.published.set(file.staged, file.final);
    return outcome;
  }
}

/**
 * One table of a mirrored database, as much of the strict model in tests/support/fabric-replicator as one table needs, at once and past every port: a number belongs to
 * one content and comes once, files are taken in order, after their metadata, and moved away.
 */
export class Mirror {
  readonly disk: MirrorDisk;
  readonly #key: readonly string[];
  readonly #nowMs: () => number;
  /** Every number that was ever there since the folder was made: what readers see of it stays when Fabric removes the file. */
  readonly #contents = new Map<number, Uint8Array>();
  readonly #movedAt = new Map<number, number>();
  readonly #intruders = new Set<number>();
  #taken = 0;
  #looks = 0;
  #isListed = false;
  /** The table's folder was deleted, and the table is still there. */
  #isLeaving = false;
  #status: 'Running' | 'Stopped' = 'Running';
  readonly #readHead = manifestReader();
  /** The head whose keys were compared last: nothing of it changes. */
  #checked: FilesHead | null = null;

  constructor(disk: MirrorDisk, { key, nowMs }: { readonly key: readonly string[]; readonly nowMs: () => number }) {
    this.disk = disk;
    this.#key = key;
    this.#nowMs = nowMs;
  }

  stop(): void {
    this.#status = 'Stopped';
  }

  resume(): void {
    this.#status = 'Running';
  }

  /** After every write. */
  check(): void {
    for (const [path, body] of this.disk.bodies) {
      const number = numberIn(path);
      if (number === undefined) continue;
      // Another publisher may take a number while hygge is about to, and Fabric its file before hygge's comes.
      if (this.#intruders.has(number)) continue;
      must(!this.#movedAt.has(number), `number ${number} was taken and moved away, and is there again`);
      const known = this.#contents.get(number);
      if (known === undefined) this.#contents.set(number, body);
      else must(checksumOf(known) === checksumOf(body), `number ${number} has two contents`);
    }
    this.#checkKeys();
  }

  /** The keys that the head lists are those that Fabric has when it has taken all numbers of the head. */
  #checkKeys(): void {
    const head = this.#readHead(this.disk) as FilesHead | null;
    const until = nextNumberOf(head) - 1;
    if (head?.keys === undefined || head === this.#checked || this.#intruders.size > 0) return;
    // A person has deleted the folder.
    if (Array.from({ length: until }, (_, i) => i + 1).some((number) => !this.#contents.has(number))) return;
    const there = new Map<string, Row>();
    for (const { name } of head.keys.files) {
      const body = this.disk.bodies.get(name);
      must(body !== undefined, `the file of keys ${name} is gone`);
      for (const one of decodedKeys(body)) {
        const id = keyOf(one, head.keys.key);
        if (one.deleted === 'true') there.delete(id);
        else there.set(id, one);
      }
    }
    const kept = [...there.values()].map(({ id, mark }) => `${id}@${mark}`).sort();
    const has = this.rows(until).map(({ id, mark }) => `${id}@${mark}`);
    must(kept.join(' ') === has.sort().join(' '), `the keys that are kept are [${kept.join(' ')}], and Fabric has [${has.join(' ')}]`);
    this.#checked = head;
  }

  /**
   * One iteration of Fabric. Every other one leaves the last file where it is: both stand on Microsoft's pages. The last one is never removed, by which publishers see
   * where they are.
   */
  async look(): Promise<void> {
    this.check();
    this.#looks++;
    if (this.#status !== 'Running') return;
    if (this.#isLeaving) this.#drop();
    while (this.#contents.has(this.#taken + 1)) this.#take();
    for (let number = 1; number <= this.#taken; number++) {
      const isLast = number === this.#taken;
      if (!this.#movedAt.has(number) && !(isLast && this.#looks % 2 === 0)) await this.#moveAway(number);
      if (!isLast && (this.#movedAt.get(number) ?? Number.POSITIVE_INFINITY) + aWeek <= this.#nowMs())
        await this.disk.remove(takenPathOf(number));
    }
  }

  #take(): void {
    must(this.disk.bodies.has(metadataPath), `Fabric took number ${this.#taken + 1} before it was told the keys`);
    this.#taken++;
    this.#isListed = true;
  }

  async #moveAway(number: number): Promise<void> {
    const body = this.disk.bodies.get(pathOf(number));
    must(body !== undefined, `number ${number} is gone`);
    this.disk.plant(takenPathOf(number), body);
    await this.disk.remove(pathOf(number));
    this.#movedAt.set(number, this.#nowMs());
  }

  /** All files move and go, as the page has it under "Cleanup process". */
  async clean(): Promise<void> {
    await this.look();
    for (let number = 1; number <= this.#taken; number++) {
      if (!this.#movedAt.has(number)) await this.#moveAway(number);
      await this.disk.remove(takenPathOf(number));
    }
  }

  /** Somebody deletes the table's folder. */
  async deleteFolder(): Promise<void> {
    for (const path of [...this.disk.bodies.keys()]) if (path.startsWith(`${mirroredFolder}/`)) await this.disk.remove(path);
    this.#contents.clear();
    this.#movedAt.clear();
    this.#taken = 0;
    this.#isLeaving = this.#isListed;
  }

  #drop(): void {
    this.#isLeaving = false;
    this.#isListed = false;
  }

  /** Another publisher uses the next number that is free. */
  plantNext(body: string): void {
    if (!this.disk.bodies.has(metadataPath)) this.disk.plant(metadataPath, JSON.stringify(metadataOf(this.#key)));
    this.disk.plant(pathOf(this.highest + 1), body);
    this.check();
    this.#intruders.add(this.highest);
  }

  get highest(): number {
    return Math.max(0, ...this.#contents.keys());
  }

  /** What Fabric has when it has taken the numbers until this one. */
  rows(until: number): readonly Row[] {
    const bodies = Array.from({ length: until }, (_, i) => {
      const body = this.#contents.get(i + 1);
      must(body !== undefined, `number ${i + 1} of ${until} is missing: Fabric waits for it`);
      return decodedOf(body);
    });
    const all = bodies.flat();
    if (this.#key.length === 0) return all;
    const there = new Map<string, Row>();
    for (const one of all) {
      if (one[markerName] === undefined) there.set(keyOf(one, this.#key), one);
      else there.delete(keyOf(one, this.#key));
    }
    return [...there.values()];
  }

  /** Nothing waits: Fabric has taken all there is. */
  isCaughtUp(): boolean {
    return this.#taken === this.highest && !this.#isLeaving;
  }

  replication(): Replication {
    const shown = { schema: null, table, status: 'Replicating', error: null, processedRows: null, lastSync: null };
    return { status: this.#status, error: null, tables: this.#status === 'Running' && this.#isListed ? [shown] : [] };
  }

  holds({ staged, checksum }: StagedFile): boolean {
    const body = this.disk.bodies.get(staged);
    return body === undefined ? this.disk.published.has(staged) : checksumOf(body) === checksum;
  }
}

const metadataOf = (key: readonly string[]) => ({ keyColumns: key, ...(key.length === 0 ? {} : { isUpsertDefaultRowMarker: true }) });

const keyOf = (one: Row, key: readonly string[]) => JSON.stringify(key.map((name) => one[name] ?? null));

function numberIn(path: string): number | undefined {
  const digits = /^LandingZone\/orders\/(\d{20})\.parquet$/.exec(path)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

const keys = new WeakMap<Uint8Array, readonly Row[]>();

function decodedKeys(body: Uint8Array): readonly Row[] {
  const known = keys.get(body) ?? decodeLines(body).rows;
  keys.set(body, known);
  return known;
}

const decoded = new WeakMap<Uint8Array, readonly Row[]>();

function decodedOf(body: Uint8Array): readonly Row[] {
  const known = decoded.get(body);
  if (known !== undefined) return known;
  const { schema, rows } = decodeLines(body);
  const at = schema.columns.findIndex(({ name }) => name === markerName);
  must(at < 0 || at === schema.columns.length - 1, 'the marker is not the last column');
  must(
    rows.every((one) => one[markerName] === undefined || String(one[markerName]) === '2'),
    'a row has another marker than the one that deletes',
  );
  decoded.set(body, rows);
  return rows;
}

export const nextNumberOf = (head: Head | null): number => (head as Pick<FilesHead, 'nextNumber'> | null)?.nextNumber ?? 1;

/** What Fabric has of the numbers that the head lists, whenever it comes to take them. */
export function mirrorDestination(mirror: Mirror): Destination {
  const { disk } = mirror;
  const readHead = manifestReader();
  const head = () => readHead(disk);
  return {
    head,
    rows: () => mirror.rows(nextNumberOf(head()) - 1),
    holds: ({ ref }) => mirror.holds(ref as unknown as StagedFile),
    shows: ({ ref }) => {
      const final = disk.published.get((ref as unknown as StagedFile).staged);
      return final !== undefined && !isUnclear(head() as FilesHead | null, numberIn(final) ?? 0);
    },
    filled: () => mirror.highest > 0,
    strays: () => [],
    staged: () => [...disk.bodies.keys()].filter((path) => path.startsWith('_hygge/') && path.includes('/staging/')),
    reused: () => [],
    countsUpdates: true,
  };
}

/** Of a commit that was given up although it can't be told whether the number is used: its rows may be there until the table is made anew. */
const isUnclear = (head: FilesHead | null, number: number) => number >= nextNumberOf(head) && number < (head?.unclearUntil ?? 0);

/** `newestAgain` over simulated rows. */
export const simulatedNewest: NewestRows = async function* ({ files, format, scratch, where, key, parts, reader }) {
  const places: { readonly one: Row; readonly role: PartRole; readonly schema: Schema }[] = [];
  for (const { staged, bytes, role } of key.length === 0 ? [] : parts) {
    const source = fileSource(files, { name: `${where}: ${staged}`, path: staged, bytes });
    const content = await format.inspect(source, null);
    const window = { column: null, lower: null, upper: null, nulls: 'include', seen: null, changedFiles: 'fail' } as const;
    const how = { source, content, from: 0, to: 1, columns: null, window, scratch, signal: new AbortController().signal };
    for await (const frame of format.read({ ...how, frameBytes: 1_000_000, frameRows: 1_000 }))
      if (!('rejected' in frame)) {
        await reader?.read(frame, role === 'deleted' ? role : 'data');
        places.push(...rowsOfFrame(frame).map((one) => ({ one, role, schema: frame.schema })));
      }
  }
  const newest = new Map<string, { readonly at: number; readonly last: number }>();
  for (const [at, { one }] of places.entries()) {
    const name = keyOf(one, key);
    const before = newest.get(name);
    const isNewer = before === undefined || (one.mark ?? -1) >= (places[before.at]?.one.mark ?? -1);
    newest.set(name, { at: isNewer ? at : before.at, last: at });
  }
  for (const { one, role, schema } of [...newest.values()].flatMap(({ at, last }) => (at === last ? [] : (places[at] ?? []))))
    yield { role, frame: new SimFrame(schema, [one]) };
};
