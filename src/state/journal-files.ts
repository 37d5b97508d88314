import type { AppendableFileSystem } from '../ports/filesystem.ts';
import { FileNotFound } from '../ports/filesystem.ts';
import type { JournalRow } from '../ports/state.ts';
import type { Instant } from '../ports/values.ts';
import { type Journal, type JournalQuestion, lineOf, matchesFilter, newestFirst, parseJournalLine, parseLines } from './journal.ts';
import type { JournalEntry } from './stored-row.ts';

/** How many bytes of a month’s file are searched first for a row. Usually the row is right after the position where the file ended before. */
const nearBytes = 64 * 1024;

const ending = '.ndjson';

/** The journal in growing files: one file a month, one row a line. Rows are only appended. A row belongs to the month in which its run finished. */
export class JournalFiles implements Journal {
  readonly byRequest = false;
  readonly #files: AppendableFileSystem;
  readonly #folder: string;

  constructor(files: AppendableFileSystem, folder: string) {
    this.#files = files;
    this.#folder = folder;
  }

  async entry(row: JournalRow): Promise<JournalEntry> {
    const file = fileOf(row);
    return { file, from: (await this.#files.stat(this.#path(file)))?.bytes ?? 0, row };
  }

  append({ row }: JournalEntry): Promise<void> {
    return this.#files.append(this.#path(fileOf(row)), new TextEncoder().encode(lineOf(row)));
  }

  async holds({ file: expected, from: expectedFrom, row }: JournalEntry): Promise<boolean> {
    const file = fileOf(row);
    // A state that was copied by hand may still name the journal file of its old folder.
    const from = expected === file ? expectedFrom : 0;
    for (const end of [from + nearBytes, Number.MAX_SAFE_INTEGER]) {
      const bytes = await this.#bytes(file, { start: from, end });
      const lines = decode(bytes)
        .split('\n')
        .filter((line) => line.includes(row.entity_run_id));
      if (lines.some((line) => parseJournalLine(file, line)?.entity_run_id === row.entity_run_id)) return true;
      // Fewer bytes than requested mean that the file ends here.
      if (from + bytes.byteLength < end) return false;
    }
    return false;
  }

  async read({ filter, unwritten, told }: JournalQuestion): Promise<readonly JournalRow[]> {
    const found = new Map<string, JournalRow>();
    const limit = filter.limit ?? Number.POSITIVE_INFINITY;
    const missing = unwritten.filter((row) => matchesFilter(row, filter));
    const firstMonth = filter.since?.slice(0, 7) ?? '';
    for (const file of await this.#months(missing)) {
      const month = file.slice(0, -ending.length);
      if (found.size >= limit || month < firstMonth) break;
      if (filter.before !== undefined && month > filter.before.slice(0, 7)) continue;
      const { rows, damaged } = parseLines(file, decode(await this.#bytes(file)));
      if (damaged > 0) told({ file: this.#path(file), lines: damaged });
      const here = missing.filter((row) => row.finished_at.startsWith(month));
      for (const row of [...rows.filter((each) => matchesFilter(each, filter)), ...here])
        if (!found.has(row.entity_run_id)) found.set(row.entity_run_id, row);
    }
    return [...found.values()].sort(newestFirst).slice(0, limit);
  }

  /** Removes the files of months that ended before `before`. */
  async prune(before: Instant): Promise<number> {
    const old = (await this.#months([])).filter((file) => file.slice(0, -ending.length) < before.slice(0, 7));
    for (const file of old) await this.#files.remove(this.#path(file));
    return old.length;
  }

  /** Names of the month files, newest first. Months whose rows are not written yet are included, although their files do not exist yet. */
  async #months(unwritten: readonly JournalRow[]): Promise<string[]> {
    const names = new Set(unwritten.map(fileOf));
    for await (const { path } of this.#files.list(this.#folder)) {
      const name = path.slice(this.#folder.length + 1);
      if (/^\d{4}-\d{2}\.ndjson$/.test(name)) names.add(name);
    }
    return [...names].sort().reverse();
  }

  async #bytes(file: string, range?: { readonly start: number; readonly end: number }): Promise<Uint8Array> {
    try {
      return await this.#files.read(this.#path(file), range);
    } catch (error) {
      if (error instanceof FileNotFound) return new Uint8Array();
      throw error;
    }
  }

  #path(file: string): string {
    return `${this.#folder}/${file}`;
  }
}

function fileOf(row: JournalRow): string {
  return `${row.finished_at.slice(0, 7)}${ending}`;
}

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
