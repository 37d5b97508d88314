import { outcomeText } from '../checks/drift-text.ts';
import { interruptedCode } from '../engine/errors/interruption.ts';
import { schemaSteps } from '../engine/schema/schema-history.ts';
import { snapshotsOldestFirst } from '../engine/schema/snapshot.ts';
import { readable } from '../errors/readable.ts';
import type { EntityStatus } from '../narrate/commands/status-lines.ts';
import { presentText, signOf } from '../narrate/run/drift-lines.ts';
import { mapConcurrent } from '../ports/map-concurrent.ts';
import { retry } from '../ports/retry.ts';
import type { JournalRow, ObjectRef, StateStore } from '../ports/state.ts';
import type { EntityKey, Instant } from '../ports/values.ts';
import { type ScheduledEntity, type StatusContext, silenceRule, statusOf } from './entity-status.ts';
import { type History, historyOf, shownSince } from './history.ts';

/** The subject of a page. */
export interface ReportRequest {
  readonly workspace: string;
  /** The workspace's target; absent: the workspace has no targets. */
  readonly target?: string;
  readonly entities: readonly ScheduledEntity[];
  /** Flows that can't be used, with their errors. */
  readonly broken: readonly { readonly flow: string; readonly errors: readonly { readonly code: string }[] }[];
  readonly now: Instant;
  /** The version of the hygge that makes the page. */
  readonly version: string;
}

/** All facts of a page, only from the journal and the state. */
export interface ReportFacts extends Pick<ReportRequest, 'workspace' | 'target' | 'now' | 'version'> {
  /** Flows that can't be used, with the code of their first error. */
  readonly broken: readonly { readonly flow: string; readonly code: string }[];
  /** The entities in the order of the request, so that the entities of a flow are together. */
  readonly entities: readonly EntityFacts[];
  /** The column changes, the latest first. */
  readonly changes: readonly SchemaChange[];
  /** Runs that ended in the last 24 hours, the latest first. */
  readonly night: readonly JournalRow[];
  /** When the latest run ended; null: no run has ended. */
  readonly lastEnd: Instant | null;
  /** Why the journal cannot be read; null: it can be read. */
  readonly journal: { readonly code: string; readonly what: string } | null;
  /** Entities whose schemas cannot be read. */
  readonly unreadSchemas: number;
  /** Runs that are dated after `now`, because the clock of their machine is ahead; null: no such runs. */
  readonly ahead: { readonly runs: number; readonly ms: number } | null;
}

export interface EntityFacts {
  readonly status: EntityStatus;
  readonly history: History;
}

export interface SchemaChange extends EntityKey {
  readonly at: Instant;
  /** `+`, `-`, `~` or `·`. */
  readonly sign: string;
  /** The column; null: the change concerns all columns, or the key. */
  readonly column: string | null;
  readonly became: string;
  readonly outcome: string | null;
}

/** The tolerance, because clocks of two machines always differ a little. */
const usualSkewMs = 60_000;
const nightMs = 86_400_000;

/** Reads the state of each entity, the journal once, and the schemas that settled in the shown days. Throws errors that concern the whole state. */
export async function factsOf(
  { entities: wanted, broken, ...request }: ReportRequest,
  { state, host }: { readonly state: StateStore; readonly host: StatusContext['host'] },
): Promise<ReportFacts> {
  const { now } = request;
  const since = shownSince(now);
  const { rows, journal } = await journalOf(state, since);
  const known = new Set(wanted.map(nameOf));
  const byEntity = Map.groupBy(
    rows.filter((row) => known.has(nameOf(row))),
    nameOf,
  );
  const of = (key: EntityKey): readonly JournalRow[] => byEntity.get(nameOf(key)) ?? [];
  const around = {
    state,
    host,
    now,
    newest: async (key: EntityKey, test: (row: JournalRow) => boolean) => of(key).find(test),
  };
  const read = await mapConcurrent(wanted, async (spec) => ({ spec, ...(await statusOf(spec, around)) }));
  const changes = await mapConcurrent(read, ({ status, row }) =>
    changesOf(state, { key: status, latest: row?.settled?.snapshot ?? null, since }),
  );
  const shown = [...byEntity.values()].flat();
  const nowMs = Date.parse(now);
  const ahead = shown.map((row) => Date.parse(row.finished_at) - nowMs).filter((ms) => ms > usualSkewMs);
  return {
    ...request,
    broken: broken.map(({ flow, errors }) => ({ flow, code: errors[0]?.code ?? '' })),
    entities: read.map(({ spec, status, row }) => ({
      status,
      history: historyOf(of(status), { now, lastRun: row?.last?.run ?? null, interrupted: interruptedCode, silence: silenceRule(spec) }),
    })),
    changes: changes.flatMap((found) => found ?? []).sort((a, b) => (a.at === b.at ? 0 : a.at < b.at ? 1 : -1)),
    night: shown.filter((row) => Date.parse(row.finished_at) > nowMs - nightMs),
    lastEnd: shown
      .map((row) => row.finished_at)
      .reduce<string | null>((latest, at) => (latest === null || at > latest ? at : latest), null),
    journal,
    unreadSchemas: changes.filter((found) => found === null).length,
    ahead: ahead.length === 0 ? null : { runs: ahead.length, ms: Math.max(...ahead) },
  };
}

const nameOf = ({ flow, entity }: EntityKey): string => JSON.stringify([flow, entity]);

/** If the journal cannot be read, the page says so, and still shows the state. */
async function journalOf(
  state: StateStore,
  since: Instant,
): Promise<{ readonly rows: readonly JournalRow[]; readonly journal: ReportFacts['journal'] }> {
  try {
    const rows = await retry(() => state.journal({ since }));
    return { rows: rows.filter((row) => row.finished_at >= since), journal: null };
  } catch (error) {
    const { code, what } = readable(error);
    return { rows: [], journal: { code, what } };
  }
}

/** The column changes of an entity; null: the schemas cannot be read, but the other facts are shown. */
async function changesOf(
  state: StateStore,
  { key, latest, since }: { readonly key: EntityKey; readonly latest: ObjectRef | null; readonly since: Instant },
): Promise<readonly SchemaChange[] | null> {
  try {
    const steps = schemaSteps(await snapshotsOldestFirst({ state }, key, { latest, since }));
    const { flow, entity } = key;
    return steps
      .filter((step) => step.snapshot.at >= since)
      .flatMap(({ snapshot: { at }, changes }) =>
        changes.map((one) => ({
          flow,
          entity,
          at,
          sign: signOf(one.kind),
          column: one.column,
          became: one.column === null && one.kind === 'key' ? `key ${presentText(one)}` : presentText(one),
          outcome: one.outcome === null ? null : outcomeText(one.outcome),
        })),
      );
  } catch {
    return null;
  }
}
