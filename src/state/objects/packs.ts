import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { FileSystem } from '../../ports/filesystem.ts';
import type { JournalRow } from '../../ports/state.ts';
import { inverted } from '../inverted-time.ts';
import { type JournalDamage, lineOf, newestFirst, parseLines } from '../journal.ts';

const compress = promisify(gzip);
const decompress = promisify(gunzip);

const folder = 'packs';

/** How many parsed rows of all packs together stay in memory, about a kilobyte each. */
const mostKept = 10_000;

/** Many rows in one object, created once: `packs/<inverted time of the newest>~<of the oldest>~<hash>.ndjson.gz` below the journal's folder. */
export interface Pack {
  readonly path: string;
  /** Inverted times: `newest` is the smaller text. */
  readonly newest: string;
  readonly oldest: string;
}

export class JournalPacks {
  readonly #files: FileSystem;
  readonly #journal: string;
  /** Packs that were read. Packs never change, so each pack is read only once. The most recently used pack is last. */
  readonly #kept = new Map<string, readonly JournalRow[]>();

  constructor(files: FileSystem, journal: string) {
    this.#files = files;
    this.#journal = journal;
  }

  /** All packs, the newest first. */
  async list(): Promise<readonly Pack[]> {
    const found: Pack[] = [];
    for await (const { path } of this.#files.list(`${this.#journal}/${folder}`)) {
      const below = path.slice(this.#journal.length + 1);
      const [, newest, oldest] = /^packs\/(\d{13})~(\d{13})~[0-9a-f]{32}\.ndjson\.gz$/.exec(below) ?? [];
      if (newest !== undefined && oldest !== undefined) found.push({ path: below, newest, oldest });
    }
    return found;
  }

  /** The rows of a pack, newest first. Empty if the pack was pruned in the meantime. */
  async rows({ path }: Pack, told: (damage: JournalDamage) => void): Promise<readonly JournalRow[]> {
    const kept = this.#kept.get(path);
    if (kept !== undefined) return this.#keep(path, kept);
    const at = `${this.#journal}/${path}`;
    const file = await this.#files.get(at);
    if (file === undefined) return [];
    const text = await unpacked(file.body);
    const { rows, damaged } = text === undefined ? { rows: [], damaged: 1 } : parseLines(at, text);
    if (damaged > 0) told({ file: at, lines: damaged });
    return damaged > 0 ? rows : this.#keep(path, rows);
  }

  #keep(path: string, rows: readonly JournalRow[]): readonly JournalRow[] {
    this.#kept.delete(path);
    this.#kept.set(path, rows);
    let count = 0;
    for (const [each, held] of [...this.#kept].reverse()) {
      count += held.length;
      if (count > mostKept && each !== path) this.#kept.delete(each);
    }
    return rows;
  }

  /**
   * Puts rows into one object. Its name follows from the names of the rows. So if two processes pack the same rows, one process creates the object, and
   * both may remove the single rows. @param names of the single rows. Throws the errors of `put`; may be repeated.
   */
  async create(rows: readonly JournalRow[], names: readonly string[]): Promise<void> {
    const sorted = [...rows].sort(newestFirst);
    const [newest, oldest] = [sorted[0], sorted.at(-1)];
    if (newest === undefined || oldest === undefined) return;
    const hash = createHash('sha256')
      .update([...names].sort().join('\n'), 'utf8')
      .digest('hex');
    const path = `${folder}/${inverted(newest.finished_at)}~${inverted(oldest.finished_at)}~${hash.slice(0, 32)}.ndjson.gz`;
    const body = await compress(`${sorted.map(lineOf).join('\n')}\n`);
    await this.#files.put(`${this.#journal}/${path}`, body, { ifNoneMatch: '*' });
  }

  async remove({ path }: Pack): Promise<void> {
    this.#kept.delete(path);
    await this.#files.remove(`${this.#journal}/${path}`);
  }
}

async function unpacked(body: Uint8Array): Promise<string | undefined> {
  try {
    return (await decompress(body)).toString('utf8');
  } catch {
    return undefined;
  }
}
