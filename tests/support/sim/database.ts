import { hash } from 'node:crypto';
import { othersWrote } from '../../../src/engine/contracts/errors.ts';
import { type FenceRequest, headAfter, headOfFence, headOfRefusal } from '../../../src/engine/contracts/heads.ts';
import { type CommitOutcome, fenceHeadId, type GiveUpOutcome, type Intent } from '../../../src/engine/contracts/intent.ts';
import type { Head, Part } from '../../../src/engine/contracts/store.ts';
import type { Counts } from '../../../src/engine/contracts/writing.ts';
import type { CommitRefusalReason } from '../../../src/ports/state.ts';
import { adding, multiset, type Row } from './rows.ts';
import { deletes, type Incoming, newest, type SqlTarget, type TableRow, written } from './table.ts';

export interface StagingTable {
  readonly epoch: number;
  readonly lineage: string;
  readonly rows: readonly Row[];
}

/** A database with real transactions: each method is one, and happens whole or not at all. */
export class Database {
  head: Head | null = null;
  table: readonly TableRow[] = [];
  readonly staging = new Map<string, StagingTable>();
  /** One row a commit. */
  readonly commits = new Map<string, { readonly epoch: number; readonly counts: Counts }>();

  fill(name: string, table: StagingTable): void {
    if (this.staging.has(name)) throw new Error(`staging table ${name} exists already`);
    this.staging.set(name, table);
  }

  /** BEGIN; lock the head; compare; check the parts; DELETE; INSERT or MERGE; move the head; COMMIT. */
  commit(intent: Intent): CommitOutcome {
    if (this.head?.id === intent.id) return { outcome: 'already', counts: this.commits.get(intent.id)?.counts ?? nothingDone };
    if (this.head?.id === fenceHeadId(intent)) return 'given up';
    if ((this.head?.id ?? null) !== intent.prev) return 'fenced';
    if (!intent.parts.every((part) => this.whole(part))) return 'parts lost';
    const target = intent.target as unknown as SqlTarget;
    const writing = intent.writing ?? adding;
    const kept = this.table.filter((each) => !deletes(target, each));
    const deleted = this.table.length - kept.length;
    if (deleted !== target.count) throw othersWrote('sql lake', { found: deleted, prepared: target.count });
    const { table, counts } = written(kept, newest(this.staged(intent.parts, target.marked), writing.key).rows, writing);
    const done: Counts = { ...counts, deleted: deleted + counts.deleted };
    const head = this.#headAfter(intent, { table, byKey: counts.updated + counts.deleted, marked: target.marked });
    this.table = table;
    this.head = head;
    this.commits.set(intent.id, { epoch: intent.epoch, counts: done });
    return { outcome: 'committed', counts: done };
  }

  /** The rows of staging tables, as they would be inserted. */
  staged(parts: readonly Part[], mark: string | null): readonly Incoming[] {
    // What lies apart is not the entity's: it stays where it was staged.
    const own = parts.filter(({ role }) => role === 'data' || role === 'boundary' || role === 'deleted');
    return own.flatMap((part) =>
      (this.staging.get(String(part.ref))?.rows ?? []).map(
        (row): Incoming => ({ row, ours: true, mark, source: part.source, gone: part.role === 'deleted' }),
      ),
    );
  }

  /** COUNT(*) of what others inserted; null: a merge may have updated some of it, and no column tells. */
  foreignIn(table: readonly TableRow[], marked: string | null): number | null {
    if (marked !== null) return table.filter(({ mark }) => mark !== marked).length;
    if (!this.head) return table.length;
    return this.head.foreign === null ? null : table.length - this.head.rows;
  }

  #headAfter(intent: Intent, after: { readonly table: readonly TableRow[]; readonly byKey: number; readonly marked: string | null }): Head {
    const { table, byKey, marked } = after;
    const target = intent.target as unknown as SqlTarget;
    const before = target.where === 'everything' ? 0 : this.foreignIn(this.table, marked);
    const foreign = marked === null && before !== 0 && byKey > 0 ? null : before;
    const rows = marked === null ? table.length - (foreign ?? 0) : table.filter(({ mark }) => mark === marked).length;
    return headAfter(intent, { rows, foreign: marked === null ? foreign : table.length - rows });
  }

  /** BEGIN; lock the head; compare; move it to the fence; COMMIT. Nothing of the intent was ever visible, so there is no token to take. */
  giveUp(intent: Intent, reason: CommitRefusalReason): GiveUpOutcome {
    if (this.head?.id === intent.id) return 'committed';
    if (this.head?.id === fenceHeadId(intent)) return { removed: [] };
    if ((this.head?.id ?? null) !== intent.prev) return 'fenced';
    this.head = headOfRefusal(this.head, intent, reason);
    return { removed: [] };
  }

  whole(part: Part): boolean {
    const table = this.staging.get(String(part.ref));
    return table !== undefined && checksumOfRows(table.rows) === part.checksum;
  }

  fence(request: FenceRequest): Head | 'moved' {
    if (this.head?.id === request.id) return this.head;
    if ((this.head?.id ?? null) !== request.prev) return 'moved';
    const seen = Math.max(0, ...[...this.staging.values()].map((each) => each.epoch));
    const adopted = this.head === null || (this.head.nothing && request.keep);
    const rows = adopted ? this.table.length : (this.head?.rows ?? 0);
    this.head = headOfFence(this.head, request, { seen, rows, foreign: this.head?.foreign ?? 0 });
    return this.head;
  }
}

const nothingDone: Counts = { inserted: 0, updated: 0, deleted: 0 };

export function checksumOfRows(rows: readonly Row[]): string {
  return `sha256:${hash('sha256', multiset(rows))}`;
}
