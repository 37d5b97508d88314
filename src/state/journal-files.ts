import { StateError } from '../errors/hygge-error.ts';
import type { GrowingFileSystem } from '../ports/filesystem.ts';
import { FileNotFound } from '../ports/outcome.ts';
import type { JournalFilter, JournalRow } from '../ports/state.ts';
import type { Instant } from '../ports/values.ts';
import { formatVersion, type JournalEntry, journalRow } from './stored-row.ts';

/** Lines of a journal file that are no rows: torn by a crash or edited. They are skipped, and told. */
export interface JournalDamage {
  readonly file: string;
  readonly lines: number;
}

/** A month's row is looked for in so many bytes first: it stands right where the file ended before, unless others came in between. */
const nearBytes = 64 * 1024;

const ending = '.ndjson';

/** The journal: one file a month, one row a line, only ever appended to. A row goes by the month in which it finished. */
export class JournalFiles {
  readonly #files: GrowingFileSystem;
  readonly #folder: string;

  constructor(files: GrowingFileSystem, folder: string) {
    this.#files = files;
    this.#folder = folder;
  }

  /** Where `row` will go. Written into the state row first, so that a crash before the append loses nothing. */
  async entry(row: JournalRow): Promise<JournalEntry> {
    const file = `${row.finished_at.slice(0, 7)}${ending}`;
    return { file, from: (await this.#files.stat(this.#path(file)))?.bytes ?? 0, row };
  }

  append({ file, row }: JournalEntry): Promise<void> {
    return this.#files.append(this.#path(file), new TextEncoder().encode(JSON.stringify({ version: formatVersion, ...row })));
  }

  /** Whether the row is in its file, whole. */
  async holds({ file, from, row }: JournalEntry): Promise<boolean> {
    for (const end of [from + nearBytes, Number.MAX_SAFE_INTEGER]) {
      const bytes = await this.#bytes(file, { start: from, end });
      const lines = decode(bytes)
        .split('\n')
        .filter((line) => line.includes(row.entity_run_id));
      if (lines.some((line) => parseLine(file, line)?.entity_run_id === row.entity_run_id)) return true;
      // Shorter than asked for: that was all there is.
      if (from + bytes.byteLength < end) return false;
    }
    return false;
  }

  /** Rows that pass the filter, newest first; of two with one id the first written counts. `unwritten` are rows known from elsewhere. */
  async read(
    filter: JournalFilter,
    unwritten: readonly JournalRow[],
    told: (damage: JournalDamage) => void,
  ): Promise<readonly JournalRow[]> {
    const found = new Map<string, JournalRow>();
    const limit = filter.limit ?? Number.POSITIVE_INFINITY;
    const missing = unwritten.filter((row) => passes(row, filter));
    const firstMonth = filter.since?.slice(0, 7) ?? '';
    for (const file of await this.#months(missing)) {
      if (found.size >= limit || file.slice(0, -ending.length) < firstMonth) break;
      const { rows, damaged } = parseLines(file, decode(await this.#bytes(file)));
      if (damaged > 0) told({ file: this.#path(file), lines: damaged });
      const here = missing.filter((row) => row.finished_at.startsWith(file.slice(0, -ending.length)));
      for (const row of [...rows.filter((each) => passes(each, filter)), ...here])
        if (!found.has(row.entity_run_id)) found.set(row.entity_run_id, row);
    }
    return [...found.values()].sort(newestFirst).slice(0, limit);
  }

  /** Months that were over before `before`. */
  async prune(before: Instant): Promise<number> {
    const old = (await this.#months([])).filter((file) => file.slice(0, -ending.length) < before.slice(0, 7));
    for (const file of old) await this.#files.remove(this.#path(file));
    return old.length;
  }

  /** Names of the month files, newest first, with those that only unwritten rows belong to. */
  async #months(unwritten: readonly JournalRow[]): Promise<string[]> {
    const names = new Set(unwritten.map((row) => `${row.finished_at.slice(0, 7)}${ending}`));
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

function decode(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

function passes(row: JournalRow, { flow, entity, run }: JournalFilter): boolean {
  return (
    (flow === undefined || row.flow === flow) &&
    (entity === undefined || row.entity === entity) &&
    (run === undefined || row.run_id === run)
  );
}

function newestFirst(a: JournalRow, b: JournalRow): number {
  if (a.finished_at !== b.finished_at) return a.finished_at < b.finished_at ? 1 : -1;
  return a.entity_run_id < b.entity_run_id ? 1 : -1;
}

function parseLines(file: string, text: string): { readonly rows: JournalRow[]; readonly damaged: number } {
  const rows: JournalRow[] = [];
  let damaged = 0;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const row = parseLine(file, line);
    if (row) rows.push(row);
    else damaged += 1;
  }
  return { rows, damaged };
}

function parseLine(file: string, line: string): JournalRow | undefined {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null || !('version' in value)) return undefined;
  if (typeof value.version === 'number' && value.version > formatVersion) throw newer(file, value.version);
  const parsed = journalRow.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}

function newer(file: string, version: number): StateError {
  return new StateError({
    code: 'HYG-5002',
    what: `The journal ${file} was written by a newer hygge (format ${version}; this one knows ${formatVersion}).`,
    tryThis: ['Upgrade hygge here to the version that wrote it, or newer.'],
  });
}
