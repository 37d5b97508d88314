import { hash } from 'node:crypto';
import type { Head, Part } from '../../../src/engine/contracts/contracts.ts';
import type { CommitOutcome, Intent } from '../../../src/engine/contracts/intent.ts';
import type { Range } from '../../../src/engine/contracts/replacing.ts';
import { markIn } from './marks.ts';
import { multiset, type Row } from './rows.ts';

export interface TableRow {
  readonly row: Row;
  /** Settled by hygge; others were there before. */
  readonly ours: boolean;
  readonly source: string | undefined;
}

export interface StagingTable {
  readonly epoch: number;
  readonly lineage: string;
  readonly rows: readonly Row[];
}

/** What a commit deletes, fixed when it was prepared. */
export type SqlTarget =
  | { readonly deletes: 'nothing' }
  | { readonly deletes: 'ours' | 'everything' }
  | { readonly deletes: 'boundary'; readonly column: string; readonly value: string | null }
  | { readonly deletes: 'sources'; readonly sources: readonly string[] }
  | { readonly deletes: 'range'; readonly range: Range };

/** A database with real transactions: each method is one, and happens whole or not at all. */
export class Database {
  head: Head | null = null;
  table: readonly TableRow[] = [];
  readonly staging = new Map<string, StagingTable>();
  readonly commits = new Map<string, number>();

  fill(name: string, table: StagingTable): void {
    if (this.staging.has(name)) throw new Error(`staging table ${name} exists already`);
    this.staging.set(name, table);
  }

  /** BEGIN; lock the head; compare; check the parts; publish; move the head; COMMIT. */
  commit(intent: Intent): CommitOutcome {
    if (this.head?.id === intent.id) return 'already';
    if ((this.head?.id ?? null) !== intent.prev) return 'fenced';
    if (!intent.parts.every((part) => this.whole(part))) return 'parts lost';
    const kept = this.table.filter((each) => !deleted(intent.target as unknown as SqlTarget, each));
    const added = intent.parts.flatMap((part) =>
      (this.staging.get(String(part.ref))?.rows ?? []).map((row): TableRow => ({ row, ours: true, source: part.source })),
    );
    this.table = [...kept, ...added];
    this.head = headAfter(intent, this.table.length);
    this.commits.set(intent.id, intent.epoch);
    return 'committed';
  }

  whole(part: Part): boolean {
    const table = this.staging.get(String(part.ref));
    return table !== undefined && checksumOfRows(table.rows) === part.checksum;
  }

  fence(request: { prev: string | null; id: string; lineage: string; above: number; state: string }): Head | 'moved' {
    if (this.head?.id === request.id) return this.head;
    if ((this.head?.id ?? null) !== request.prev) return 'moved';
    const epoch = Math.max(request.above, this.head?.epoch ?? 0, ...[...this.staging.values()].map((each) => each.epoch)) + 1;
    const { watermark = null, boundary = null, schema = null } = this.head ?? {};
    this.head = {
      id: request.id,
      prev: request.prev,
      epoch,
      lineage: request.lineage,
      state: request.state,
      watermark,
      boundary,
      schema,
      rows: this.table.length,
    };
    return this.head;
  }
}

function headAfter(intent: Intent, rows: number): Head {
  const { id, prev, epoch, lineage, state, schema } = intent;
  const { watermark, boundary } = intent.settles;
  return { id, prev, epoch, lineage, state, watermark, boundary, schema, rows };
}

export function deleted(target: SqlTarget, { row, ours, source }: TableRow): boolean {
  switch (target.deletes) {
    case 'nothing':
      return false;
    case 'everything':
      return true;
    case 'ours':
      return ours;
    case 'boundary': {
      const value = row[target.column] ?? null;
      return ours && (value === null || Number(value) === markIn(String(target.value)));
    }
    case 'sources':
      return ours && source !== undefined && target.sources.includes(source);
    case 'range':
      return ours && inRange(target.range, row);
  }
}

/** Rows without a watermark are always in the open boundary group, where they are read again at all. */
function inRange({ column, from, to, group }: Range, row: Row): boolean {
  const value = row[column] ?? null;
  if (value === null) return group === 'whole';
  const [low, high] = [Number(value) - markIn(from.text), to === null ? 1 : markIn(to.text) - Number(value)];
  return (low > 0 || (low === 0 && from.inclusive)) && (high > 0 || (high === 0 && (to === null || to.inclusive)));
}

export function checksumOfRows(rows: readonly Row[]): string {
  return `sha256:${hash('sha256', multiset(rows))}`;
}
