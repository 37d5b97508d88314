/** Counts rows in quarantine by why they are there. */

import type { Frame } from '../../engine/contracts/frame.ts';
import type { Quarantine, QuarantinedPart } from '../../engine/contracts/replacing.ts';
import { asPolars } from '../../frames/values/polars-frame.ts';
import { brokenColumnsIn } from '../../frames/values/rejected-rows.ts';

/** Rows of one rule, or of one reason why they can't be read. */
export interface QuarantinedReason {
  /** The rule's name; null: the rows can't be read. */
  readonly rule: string | null;
  /** The column that the rule is about; null: it is about the row, or the row can't be read. */
  readonly column: string | null;
  /** Of rows that can't be read: what is wrong with them. */
  readonly reason: string | null;
  /** Why rows that break a rule can't be replayed: another version of hygge wrote them. Null: they can, or they can't be read at all. */
  readonly writtenBy: NonNullable<QuarantinedPart['writtenBy']> | null;
  readonly rows: number;
  /** The entity runs that set them apart, as far as they are known. */
  readonly runs: readonly string[];
}

export async function countReasons(quarantine: Quarantine, signal: AbortSignal): Promise<readonly QuarantinedReason[]> {
  const found = new Map<string, { reason: Omit<QuarantinedReason, 'rows' | 'runs'>; rows: number; runs: Set<string> }>();
  for (const { slice, because, runs, writtenBy = null } of await quarantine.parts()) {
    for await (const frame of quarantine.read(slice, signal)) {
      for (const { rows, ...why } of await reasonsIn(frame, because)) {
        const reason = { ...why, writtenBy: because === 'rule' ? writtenBy : null };
        const key = JSON.stringify(reason);
        const one = found.get(key) ?? { reason, rows: 0, runs: new Set() };
        found.set(key, one);
        one.rows += rows;
        for (const run of runs) one.runs.add(run);
      }
    }
  }
  return [...found.values()].map(({ reason, rows, runs }) => ({ ...reason, rows, runs: [...runs] })).toSorted((a, b) => b.rows - a.rows);
}

async function reasonsIn(frame: Frame, because: 'rule' | 'unreadable'): Promise<readonly Omit<QuarantinedReason, 'runs' | 'writtenBy'>[]> {
  const { rule = '_rule', column = '_column' } = brokenColumnsIn(frame.schema);
  const names = because === 'rule' ? [rule, column] : ['reason'];
  const data = (await asPolars(frame).collect()).select(...names);
  const counts = new Map<string, number>();
  for (const row of data.rows() as (string | null)[][]) {
    const key = JSON.stringify(row);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return [...counts].map(([key, rows]) => {
    const values = JSON.parse(key) as (string | null)[];
    if (because === 'unreadable') return { rule: null, column: null, reason: values[0] ?? null, rows };
    return { rule: values[0] ?? null, column: values[1] ?? null, reason: null, rows };
  });
}
