/** `hygge schema`: the columns as they settled, the columns of the source now, and what a run would do about the difference. It reads only metadata. */
import { HyggeError } from '../../errors/hygge-error.ts';
import type { Schema } from '../../frames/schema.ts';
import type { ErrorDetails } from '../../ports/events.ts';
import type { DriftFound } from '../../ports/notes.ts';
import type { StateRow } from '../../ports/state.ts';
import type { Instant, Json } from '../../ports/values.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import type { Baseline, SchemaSnapshot } from '../contracts/records.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { untilDone } from '../contracts/steps.ts';
import { readRow } from '../protocol/row.ts';
import { isSchemaAccepted } from '../schema/acceptance.ts';
import { keyDecisions, returnedColumns, withFirstNoticed } from '../schema/drift-report.ts';
import { configuredColumns, evolveSchema, migratedSource } from '../schema/evolved-schema.ts';
import { keysOf, namesPolishKeeps, shapeSource } from '../schema/shape.ts';
import { type Shaper, shaperFor } from '../schema/shaper.ts';
import { snapshotInForce } from '../schema/snapshot.ts';
import { homeOfRun } from './deletes.ts';
import { fullLoadDue } from './full-every.ts';
import { decideWrite, mergesFullLoads } from './modes.ts';

export interface SchemaLook {
  /** The columns that settled last. Undefined: no column has settled, or `reset` forgot them. */
  readonly snapshot: SchemaSnapshot | undefined;
  /** When rows or columns settled last. */
  readonly settledAt: Instant | null;
  /** Whether `reset` asked for a full load, so that the next run accepts the source’s columns. */
  readonly fullNext: boolean;
  /** Whether a decided commit waits. The next run finishes it first. */
  readonly pending: boolean;
  /** The source’s own columns. Null: the source shows its columns only while it is read. */
  readonly source: Schema | null;
  /** How the source was read when it settled. Null: a run would look at the source again. */
  readonly pinned: Json | null;
  /** The columns as a run would settle them now. Null: the run would stop, or the source does not show its columns. */
  readonly next: Schema | null;
  /** The differences between the settled columns and the source’s, with the decision about each, including decisions to stop. */
  readonly drift: readonly DriftFound[];
  /** Why a run would stop before it reads: because of drift, or of another problem with the columns. */
  readonly stop: ErrorDetails | null;
  readonly accepted: boolean;
  /** Why a run would stop even after the source’s columns are accepted. Null: it would not stop. */
  readonly stopIfAccepted: ErrorDetails | null;
  readonly load: Baseline['load'];
  /** The name of a column in the source, from its name in a drift note. Undefined: the source has no such column. */
  sourceOf(column: string): string | undefined;
}

export async function lookAtSchema(ports: EnginePorts, spec: EntitySpec): Promise<SchemaLook> {
  const { row } = await readRow(ports, spec);
  const snapshot = await snapshotInForce(ports, spec, row);
  const pinned = snapshot?.pinned ?? null;
  const store = await ports.store(spec);
  const home = homeOfRun(spec, store, await ports.home(spec, pinned));
  const description = await untilDone(ports.clock, (cursor) => home.describe(cursor));
  const source = description.schema ?? null;
  const keys = keysOf(spec, description);
  const now = ports.clock.now();
  const { settled = null, pending = null, fullNext = false } = row ?? {};
  const about = {
    snapshot,
    settledAt: settled?.at ?? null,
    fullNext,
    pending: pending !== null,
    source,
    pinned,
    load: nextLoad(spec, row, now),
  };
  if (source === null)
    return { ...about, next: null, drift: [], stop: null, accepted: false, stopIfAccepted: null, sourceOf: () => undefined };
  const accepted = await isSchemaAccepted(ports, spec, source);
  const run = { runId: 'look', entityRunId: 'look', startedAt: now };
  const request = { spec, store, snapshot, run, load: about.load, keys };
  const planned = await orStop(() => shapeSource(ports, request, source));
  const asAccepted = 'done' in planned ? planned : await orStop(() => shapeSource(ports, { ...request, asIfAccepted: true }, source));
  const order = snapshot?.source?.order;
  // The shaper here only applies the polish, and compares no columns.
  const shaping = await shaperFor(spec, store, run, {
    names: namesPolishKeeps(spec, snapshot),
    expected: null,
    accepted: false,
    load: 'full',
  });
  const configured = 'stop' in planned ? {} : configuredColumns(spec, shaping.polished(source));
  const before: Baseline = { expected: snapshot?.expects ?? null, order, accepted, load: about.load, ...configured };
  const drift = 'stop' in planned || accepted ? differences(spec, { shaping, source, before, snapshot, keys, now }) : planned.done.drift;
  return {
    ...about,
    accepted,
    stopIfAccepted: 'stop' in asAccepted ? asAccepted.stop : null,
    drift,
    next: 'stop' in planned ? null : planned.done.schema,
    stop: 'stop' in planned ? planned.stop : null,
    sourceOf: (column) => sourceOf(spec, shaping, source, column),
  };
}

/** Whether the next run writes all rows again. Planning decides it in the same way. */
function nextLoad(spec: EntitySpec, row: StateRow | undefined, now: Instant): Baseline['load'] {
  const settled = row?.settled ?? null;
  const decision = decideWrite({
    destination: settled === null || settled.nothing ? 'empty' : 'ours',
    runType: spec.runType,
    ifExists: spec.ifExists,
    canContinue: settled !== null && (spec.watermark ? settled.watermark : settled.seen) !== null,
    fullNext: row?.fullNext ?? false,
    fullDue: fullLoadDue(spec, row, now) !== null,
    // Any key will do here, because only the kind of load is asked for.
    key: 'none',
    strategy: spec.writeStrategy,
    canReplaceByKey: mergesFullLoads(spec),
    keepsForeignRows: false,
    swapWouldLose: false,
  });
  return decision !== 'refuse' && decision.supersede.what === 'all' ? 'full' : 'incremental';
}

async function orStop<T>(plan: () => Promise<T>): Promise<{ readonly done: T } | { readonly stop: ErrorDetails }> {
  try {
    return { done: await plan() };
  } catch (error) {
    if (error instanceof HyggeError && !error.transient) return { stop: error.toDetails() };
    throw error;
  }
}

interface ComparedSchema {
  readonly shaping: Shaper;
  readonly source: Schema;
  readonly before: Baseline;
  readonly snapshot: SchemaSnapshot | undefined;
  readonly keys: readonly string[];
  readonly now: Instant;
}

/** All differences between the columns, even those because of which a run would stop, and those that a person has accepted. */
function differences(spec: EntitySpec, { shaping, source, before, snapshot, keys, now }: ComparedSchema): readonly DriftFound[] {
  try {
    const compared: Baseline = before.accepted ? { ...before, load: 'incremental' } : before;
    const { decisions, order } = evolveSchema(spec, shaping.polished(source), compared);
    const returned = returnedColumns(snapshot, { names: order, load: before.load });
    const found = withFirstNoticed([...decisions, ...returned, ...keyDecisions(snapshot, keys)], snapshot, now);
    const anew = before.accepted && before.load === 'full' && spec.schema.expected === null;
    return found.map((one) =>
      anew && one.kind !== 'key' ? { ...one, severity: 'note', outcome: { code: 'anew', gone: one.kind === 'removed' } } : one,
    );
  } catch (error) {
    // If polish or migrations can’t be applied, the reason to stop says so.
    if (error instanceof HyggeError) return [];
    throw error;
  }
}

/** The name of a column in the source, found by going back through migrations and polish. */
function sourceOf(spec: EntitySpec, shaping: Shaper, source: Schema, column: string): string | undefined {
  const polished = shaping.polished(source);
  const migrated = migratedSource(spec, polished).columns.find((one) => one.column.name === column);
  return source.columns.find(({ name }) => shaping.settledName(name) === migrated?.from)?.name;
}
