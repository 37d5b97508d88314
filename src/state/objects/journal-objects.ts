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

/** Fewer single rows of days that are over are left unchanged. */
const packFrom = 256;
/** As many go into one pack: some 3 MB of text, and one step's time. */
const mostInPack = 4_000;
/** How many single rows are kept in memory, about a kilobyte each. Watching a run asks for the same rows every few seconds. */
const mostKept = 4_000;
/** How often a question is asked again because rows went while it was answered. */
const mostAsks = 8;

/**
 * The journal where files can't grow: an object for each row, whose name says all that rows are asked for by. Rows of days that are over are
 * packed together, so that a month is tens of objects and not tens of thousands. Packing is written first and removes after: a crash between
 * leaves rows twice, which readers see once.
 */
export class JournalObjects implements Journal {
  readonly byRequest = true;
  readonly #files: FileSystem;
  readonly #folder: string;
  readonly #packs: JournalPacks;
  /** Rows never change: what was read once need not be read again. */
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
    // Refused: it is there, and rows never change.
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

  /** Undefined: a row went between its listing and its reading, into a pack that may not have been listed yet. */
  async #answer({ filter, unwritten }: JournalQuestion, damaged: JournalDamage[], isLast: boolean): Promise<JournalRow[] | undefined> {
    const answer = new Answer(filter);
    for (const row of unwritten) answer.take(row);
    // Single rows first: one that is packed after this is in a pack that is listed now, or it is missed when it is read.
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

  /** The rows of days that are over, oldest first, when there are enough of them. */
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

  /** When the day began, inverted; by the service's clock where it has one, and never later than the day of the newest row. */
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

/** A row that may be part of the answer: read, or known by its name only. */
type Candidate = { readonly name: RowName; readonly row: JournalRow | undefined };

function isUnread(candidate: RowName | JournalRow): candidate is RowName {
  return 'path' in candidate;
}

/** What is known so far of the answer to one question: the newest rows that pass, each entity run once. */
class Answer {
  readonly isLimited: boolean;
  readonly #filter: JournalFilter;
  readonly #limit: number;
  /** No row that finished before can pass; inverted. */
  readonly #earliest: string;
  /** By entity run. */
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
    // Of two with one id the first counts, and of the same one twice that which is read already.
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

  /** Whether any row of the pack is of the time that is asked for. */
  mayNeed({ newest, oldest }: Pack): boolean {
    const { before } = this.#filter;
    return newest <= this.#earliest && (before === undefined || oldest > inverted(before));
  }

  /** Whether the pack may hold rows that belong to the newest: asked of packs in the order of their newest. */
  needs({ newest }: Pack): boolean {
    if (this.#found.size < this.#limit) return true;
    const last = this.#sorted()[this.#limit - 1];
    return last === undefined || newest <= last.name.time;
  }

  /** The newest that are asked for, read or not. */
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

/** A run's id says when it began, and clocks are not wrong by more than a day. */
function beganAt(run: string | undefined): string {
  if (run === undefined || !/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(run)) return '';
  return new Date(Math.max(0, decodeTime(run) - dayMs)).toISOString();
}

/**
 * Names of journal rows, below the journal's folder: `rows/<flow>/<entity>/<inverted time>~<run>~<entity run>.json`. They say what rows are asked
 * for by, so that a question is a listing and reads no row in vain. `encodeSegment` leaves no `~` of its own.
 */
const separator = '~';
const ending = '.json';

const rowsFolder = 'rows';

/** What the name of a row tells. Flow, entity and ids are as names have them: equal for equals, not for reading. */
interface RowName {
  /** Below the journal's folder. */
  readonly path: string;
  readonly flow: string;
  readonly entity: string;
  /** When it finished, inverted: the newest sorts first. */
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

/** What a name below the journal's folder tells; undefined: it is none of a row. */
function readName(path: string): RowName | undefined {
  const [folder, flow, entity, file, ...deeper] = path.split('/');
  if (folder !== rowsFolder || flow === undefined || entity === undefined || deeper.length > 0) return undefined;
  const [time, run, entityRun, ...more] = file?.endsWith(ending) ? file.slice(0, -ending.length).split(separator) : [];
  if (time === undefined || !/^\d{13}$/.test(time) || run === undefined || entityRun === undefined || more.length > 0) return undefined;
  return { path, flow, entity, time, run, entityRun };
}

/** Below which folder every row lies that can pass. */
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

/** An id as a part of a name. Ours are ULIDs; whatever is longer than three of them becomes its hash. */
function idPart(id: string): string {
  const encoded = encodeSegment(id);
  return encoded.length <= longestId ? encoded : `%.${hash('sha256', id).slice(0, 32)}`;
}
