import { realClock } from '../../adapters/real-clock.ts';
import type { RealPorts } from '../../assembly/ports.ts';
import type { Frame } from '../../engine/contracts/frame.ts';
import type { Quarantine, QuarantinedPart } from '../../engine/contracts/replacing.ts';
import type { EntitySpec } from '../../engine/contracts/spec.ts';
import { asPolars } from '../../frames/values/polars-frame.ts';
import { brokenColumnsIn } from '../../frames/values/rejected-rows.ts';
import { type QuarantineListed, quarantineLines } from '../../narrate/commands/list-lines.ts';
import type { JournalRow } from '../../ports/state.ts';
import { tellBroken } from '../select/broken-flows.ts';
import { lookingPorts, openChosen } from '../select/open-entities.ts';
import type { Filter } from '../select/selection.ts';
import { exit } from '../terminal/exit-code.ts';
import { printAnswer } from '../terminal/print.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';

export interface QuarantineListFlags extends CommonFlags, Filter {}

/** `hygge quarantine list`: counts waiting rows by rule, and names the first run of each rule. Stores are only read. */
export async function quarantineList(flags: QuarantineListFlags, surroundings: Surroundings): Promise<number> {
  const clock = realClock();
  const { workspace, entities, broken } = await openChosen(flags, surroundings, clock);
  await using ports = await lookingPorts(workspace, surroundings, clock);
  const rows: QuarantineListed[] = [];
  for (const spec of entities) rows.push(...(await listed(spec, ports)));
  printAnswer(surroundings, flags, { rows, lines: (palette, room) => quarantineLines(rows, { palette, room }) });
  tellBroken(broken, surroundings, flags);
  return broken.length > 0 ? exit.failed : exit.ok;
}

async function listed(spec: EntitySpec, ports: RealPorts): Promise<readonly QuarantineListed[]> {
  const store = await ports.store(spec);
  const reasons = store.quarantine === undefined ? [] : await countReasons(store.quarantine, new AbortController().signal);
  const { flow, entity } = spec;
  const journal = reasons.some(({ runs }) => runs.length > 0) ? await ports.state.journal({ flow, entity }) : [];
  return reasons.map(({ writtenBy, ...reason }) => ({ flow, entity, ...reason, ...timesOf(reason, journal), written_by: writtenBy }));
}

/** The times of the first and the last run that put these rows into quarantine, as far as the journal goes back. */
function timesOf({ runs }: Pick<QuarantinedReason, 'runs'>, journal: readonly JournalRow[]): Pick<QuarantineListed, 'since' | 'last'> {
  const times = journal.filter(({ entity_run_id: run }) => runs.includes(run)).map(({ finished_at: at }) => at);
  const sorted = times.toSorted();
  return { since: sorted[0] ?? null, last: sorted.at(-1) ?? null };
}

// ---- counts rows in quarantine by reason

/** Rows that break one rule, or are unreadable for one reason. */
interface QuarantinedReason {
  /** The name of the rule. Null: the rows are not readable. */
  readonly rule: string | null;
  /** The column of the rule. Null: the rule is about the whole row, or the row is not readable. */
  readonly column: string | null;
  /** The reason why rows are not readable. Null: the rows break a rule. */
  readonly reason: string | null;
  /** If rows can not be replayed because of the version of hygge that wrote them, this version. Null: the rows can be replayed, or are not readable. */
  readonly writtenBy: NonNullable<QuarantinedPart['writtenBy']> | null;
  readonly rows: number;
  /** The entity runs that put the rows into quarantine, as far as they are known. */
  readonly runs: readonly string[];
}

async function countReasons(quarantine: Quarantine, signal: AbortSignal): Promise<readonly QuarantinedReason[]> {
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
