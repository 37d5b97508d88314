import { decodeTime } from 'ulid';
import type { JournalFilter, JournalRow } from '../../ports/state.ts';
import { inverted } from '../inverted-time.ts';
import { newestFirst, passes } from '../journal.ts';
import type { Pack } from './packs.ts';
import { nameOf, type RowName } from './row-names.ts';

/** A row that may be part of the answer: read, or known by its name only. */
type Candidate = { readonly name: RowName; readonly row: JournalRow | undefined };

export function isUnread(candidate: RowName | JournalRow): candidate is RowName {
  return 'path' in candidate;
}

/** What is known so far of the answer to one question: the newest rows that pass, each entity run once. */
export class Answer {
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
    if (row !== undefined && !passes(row, this.#filter)) return;
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

  /** Whether any row of the pack is young enough to pass. */
  mayNeed({ newest }: Pack): boolean {
    return newest <= this.#earliest;
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
