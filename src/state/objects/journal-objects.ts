import { hash } from 'node:crypto';
import { decodeTime } from 'ulid';
import type { FileSystem } from '../../ports/filesystem.ts';
import { mapConcurrent } from '../../ports/map-concurrent.ts';
import type { JournalFilter, JournalRow } from '../../ports/state.ts';
import type { Instant } from '../../ports/values.ts';
import { encodeSegment } from '../../workspace/names.ts';
import { instantIn, inverted } from '../inverted-time.ts';
import {
  type Journal,
  type JournalDamage,
  type JournalQuestion,
  lineOf,
  matchesFilter,
  newestFirst,
  parseJournalLine,
} from '../journal.ts';
import type { JournalEntry } from '../stored-row.ts';
import { JournalPacks, type Pack } from './packs.ts';

/** The minimum number of single rows of past days that are packed together. */
const packFrom = 256;
/** The maximum number of rows in one pack: about 3 MB of text, which is written within one step. */
const mostInPack = 4_000;
/** How many single rows stay in memory, about a kilobyte each. A command that watches a run reads the same rows every few seconds. */
const mostKept = 4_000;
/** How often a query is repeated if rows disappear while it runs. */
const mostAsks = 8;

/**
 * The journal for trees without growing files: one object per row, whose name contains everything that rows are filtered by. Rows of past days are packed
 * together, so that a month has tens of objects instead of tens of thousands. A pack is written first, and then its single rows are removed. If the process
 * crashes between the two steps, some rows exist twice; readers count each row once.
 */
export class JournalObjects implements Journal {
  readonly byRequest = true;
  readonly #files: FileSystem;
  readonly #folder: string;
  readonly #packs: JournalPacks;
  /** Rows that were read. Rows never change, so each row is read only once. */
  readonly #kept = new Map<string, JournalRow>();

  constructor(files: FileSystem, folder: string) {
    this.#files = files;
    this.#folder = folder;
    this.#packs = new JournalPacks(files, folder);
  }

  async entry(row: JournalRow): Promise<JournalEntry> {
    return { file: nameOf(row).path, from: 0, row };
  }

  async append({ row }: JournalEntry): Promise<void> {
    // Rejected: the row exists already, and rows never change.
    await this.#files.put(this.#path(nameOf(row).path), new TextEncoder().encode(`${lineOf(row)}\n`), { ifNoneMatch: '*' });
  }

  async holds({ row }: JournalEntry): Promise<boolean> {
    const { path, time } = nameOf(row);
    if ((await this.#files.stat(this.#path(path))) !== undefined) return true;
    const about = (await this.#packs.list()).filter(({ newest, oldest }) => newest <= time && time <= oldest);
    for (const pack of about) {
      const rows = await this.#packs.rows(pack, () => undefined);
      if (rows.some((each) => each.entity_run_id === row.entity_run_id)) return true;
    }
    return false;
  }

  async read(asked: JournalQuestion): Promise<readonly JournalRow[]> {
    if ((asked.filter.limit ?? 1) <= 0) return [];
    for (let ask = 1; ; ask++) {
      const damaged: JournalDamage[] = [];
      const rows = await this.#answer(asked, damaged, ask === mostAsks);
      if (rows === undefined) continue;
      damaged.forEach(asked.told);
      return rows;
    }
  }

  /** Undefined: a row was listed, and was then moved into a pack before it was read. The pack may be missing in the listing. */
  async #answer({ filter, unwritten }: JournalQuestion, damaged: JournalDamage[], isLast: boolean): Promise<JournalRow[] | undefined> {
    const answer = new Answer(filter);
    for (const row of unwritten) answer.take(row);
    // Single rows are listed before packs. If a row is packed between the two listings, either its pack is in the list of packs, or the read of the row fails.
    for (const name of await this.#names(folderFor(filter))) if (namePasses(name, filter)) answer.take(name);
    const packs = (await this.#packs.list()).filter((pack) => answer.mayNeed(pack));
    for (;;) {
      while (packs[0] !== undefined && answer.needs(packs[0])) {
        const next = packs.splice(0, answer.isLimited ? 4 : 8);
        const loaded = await mapConcurrent(next, (pack) => this.#packs.rows(pack, (damage) => damaged.push(damage)));
        for (const row of loaded.flat()) answer.take(row);
      }
      const unread = answer.newest().filter(isUnread);
      if (unread.length === 0) return answer.rows();
      const read = await mapConcurrent(unread, (name) => this.#row(name));
      if (read.includes('gone') && !isLast) return undefined;
      for (const [at, name] of unread.entries()) {
        const row = read[at];
        if (typeof row === 'object' && matchesFilter(row, filter)) answer.put(name, row);
        else answer.leaveOut(name);
        if (row === 'damaged') damaged.push({ file: this.#path(name.path), lines: 1 });
      }
    }
  }

  async #names(folder: string): Promise<RowName[]> {
    const names: RowName[] = [];
    for await (const { path } of this.#files.list(this.#path(folder))) {
      const name = readName(path.slice(this.#folder.length + 1));
      if (name !== undefined) names.push(name);
    }
    return names;
  }

  async #row({ path }: RowName): Promise<JournalRow | 'gone' | 'damaged'> {
    const kept = this.#kept.get(path);
    if (kept !== undefined) return kept;
    const at = this.#path(path);
    const file = await this.#files.get(at);
    if (file === undefined) return 'gone';
    const row = parseJournalLine(at, new TextDecoder().decode(file.body));
    if (row === undefined) return 'damaged';
    const [first] = this.#kept.keys();
    if (this.#kept.size >= mostKept && first !== undefined) this.#kept.delete(first);
    this.#kept.set(path, row);
    return row;
  }

  async prune(before: Instant): Promise<number> {
    const names = await this.#names(rowsFolder);
    const isOld = (time: string) => time > inverted(before);
    const old = names.filter(({ time }) => isOld(time));
    await this.#remove(old);
    const packs = (await this.#packs.list()).filter(({ newest }) => isOld(newest));
    await mapConcurrent(packs, (pack) => this.#packs.remove(pack));
    await this.#pack(names.filter(({ time }) => !isOld(time)));
    return old.length + packs.length;
  }

  /** Packs the rows of past days, oldest first, if there are enough rows. */
  async #pack(names: readonly RowName[]): Promise<void> {
    const today = this.#today(names);
    const closed = names.filter(({ time }) => time > today).sort((a, b) => (a.time > b.time ? -1 : 1));
    if (closed.length < packFrom) return;
    const chosen = closed.slice(0, mostInPack);
    const read = await mapConcurrent(chosen, (name) => this.#row(name));
    const rows = read.filter((row) => typeof row === 'object');
    const packed = chosen.filter((_, at) => typeof read[at] === 'object');
    await this.#packs.create(
      rows,
      packed.map(({ path }) => path),
    );
    await this.#remove(packed);
  }

  /** The beginning of the current day, inverted, by the service’s clock if the service has one. Never later than the day of the newest row. */
  #today(names: readonly RowName[]): string {
    const [newest = inverted('')] = names.map(({ time }) => time).sort();
    const now = inverted(this.#files.now?.() ?? instantIn(newest));
    const earlier = [now, newest].sort().at(-1) ?? newest;
    return inverted(`${instantIn(earlier).slice(0, 10)}T00:00:00.000Z`);
  }

  async #remove(names: readonly RowName[]): Promise<void> {
    await mapConcurrent(names, ({ path }) => this.#files.remove(this.#path(path)));
  }

  #path(below: string): string {
    return `${this.#folder}/${below}`;
  }
}

/** A row that may be part of the answer. Only its name is known until the row is read. */
type Candidate = { readonly name: RowName; readonly row: JournalRow | undefined };

function isUnread(candidate: RowName | JournalRow): candidate is RowName {
  return 'path' in candidate;
}

/** The rows found so far for one query: the newest that pass, each entity run once. */
class Answer {
  readonly isLimited: boolean;
  readonly #filter: JournalFilter;
  readonly #limit: number;
  /** The earliest time at which a row of the answer can have finished, inverted. */
  readonly #earliest: string;
  /** Candidates by entity run. */
  readonly #found = new Map<string, Candidate>();
  readonly #leftOut = new Set<string>();

  constructor(filter: JournalFilter) {
    this.#filter = filter;
    this.#limit = filter.limit ?? Number.POSITIVE_INFINITY;
    this.isLimited = filter.limit !== undefined;
    this.#earliest = [inverted(filter.since ?? ''), inverted(beganAt(filter.run))].sort()[0] ?? '';
  }

  take(one: RowName | JournalRow): void {
    const candidate = isUnread(one) ? { name: one, row: undefined } : { name: nameOf(one), row: one };
    const { name, row } = candidate;
    if (this.#leftOut.has(name.path) && row === undefined) return;
    if (row !== undefined && !matchesFilter(row, this.#filter)) return;
    const known = this.#found.get(name.entityRun);
    // Of two rows with the same id, the first counts. If a row was already read, it replaces its unread name.
    const isBetter = known === undefined || name.time > known.name.time || (name.time === known.name.time && known.row === undefined);
    if (isBetter) this.#found.set(name.entityRun, candidate);
  }

  put(name: RowName, row: JournalRow): void {
    this.#found.set(name.entityRun, { name, row });
  }

  leaveOut(name: RowName): void {
    this.#leftOut.add(name.path);
    if (this.#found.get(name.entityRun)?.name.path === name.path) this.#found.delete(name.entityRun);
  }

  /** Whether any row of the pack is in the requested time. */
  mayNeed({ newest, oldest }: Pack): boolean {
    const { before } = this.#filter;
    return newest <= this.#earliest && (before === undefined || oldest > inverted(before));
  }

  /** Whether the pack may contain some of the newest rows. Packs must be checked in the order of their newest rows. */
  needs({ newest }: Pack): boolean {
    if (this.#found.size < this.#limit) return true;
    const last = this.#sorted()[this.#limit - 1];
    return last === undefined || newest <= last.name.time;
  }

  /** The newest requested rows. An unread row is represented by its name. */
  newest(): readonly (RowName | JournalRow)[] {
    return this.#sorted()
      .slice(0, this.#limit)
      .map(({ name, row }) => row ?? name);
  }

  rows(): JournalRow[] {
    return this.newest()
      .flatMap((one) => (isUnread(one) ? [] : [one]))
      .sort(newestFirst);
  }

  #sorted(): Candidate[] {
    return [...this.#found.values()].sort((a, b) => order(a.name, b.name));
  }
}

function order(a: RowName, b: RowName): number {
  if (a.time !== b.time) return a.time < b.time ? -1 : 1;
  return a.entityRun < b.entityRun ? 1 : -1;
}

const dayMs = 86_400_000;

/** The earliest possible start of a run, inverted. The id contains the start time, and clocks are assumed to be wrong by at most a day. */
function beganAt(run: string | undefined): string {
  if (run === undefined || !/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(run)) return '';
  return new Date(Math.max(0, decodeTime(run) - dayMs)).toISOString();
}

/**
 * Names of journal rows, below the journal's folder: `rows/<flow>/<entity>/<inverted time>~<run>~<entity run>.json`. The names contain all properties
 * that a query filters by, so a query lists names and reads only the needed rows. `encodeSegment` produces no `~`.
 */
const separator = '~';
const ending = '.json';

const rowsFolder = 'rows';

/** The parts of a row's name. Flow, entity and ids stay encoded as in names, so they can be compared but not shown. */
interface RowName {
  /** The path of the row below the journal’s folder. */
  readonly path: string;
  readonly flow: string;
  readonly entity: string;
  /** When the row finished, inverted: the newest sorts first. */
  readonly time: string;
  readonly run: string;
  readonly entityRun: string;
}

function nameOf(row: JournalRow): RowName {
  const [flow, entity] = [encodeSegment(row.flow), encodeSegment(row.entity)];
  const [time, run, entityRun] = [inverted(row.finished_at), idPart(row.run_id), idPart(row.entity_run_id)];
  const file = `${[time, run, entityRun].join(separator)}${ending}`;
  return { path: `${rowsFolder}/${flow}/${entity}/${file}`, flow, entity, time, run, entityRun };
}

/** The parts of a name below the journal's folder; undefined: it is not the name of a row. */
function readName(path: string): RowName | undefined {
  const [folder, flow, entity, file, ...deeper] = path.split('/');
  if (folder !== rowsFolder || flow === undefined || entity === undefined || deeper.length > 0) return undefined;
  const [time, run, entityRun, ...more] = file?.endsWith(ending) ? file.slice(0, -ending.length).split(separator) : [];
  if (time === undefined || !/^\d{13}$/.test(time) || run === undefined || entityRun === undefined || more.length > 0) return undefined;
  return { path, flow, entity, time, run, entityRun };
}

/** The folder that contains every row that can pass the filter. */
function folderFor({ flow, entity }: JournalFilter): string {
  if (flow === undefined) return rowsFolder;
  const below = `${rowsFolder}/${encodeSegment(flow)}`;
  return entity === undefined ? below : `${below}/${encodeSegment(entity)}`;
}

function namePasses(name: RowName, { flow, entity, run, since, before }: JournalFilter): boolean {
  return (
    (flow === undefined || name.flow === encodeSegment(flow)) &&
    (entity === undefined || name.entity === encodeSegment(entity)) &&
    (run === undefined || name.run === idPart(run)) &&
    (since === undefined || name.time <= inverted(since)) &&
    (before === undefined || name.time > inverted(before))
  );
}

const longestId = 90;

/** An id as a part of a name. hygge’s ids are ULIDs. An id that is longer than three ULIDs is replaced by its hash. */
function idPart(id: string): string {
  const encoded = encodeSegment(id);
  return encoded.length <= longestId ? encoded : `%.${hash('sha256', id).slice(0, 32)}`;
}
