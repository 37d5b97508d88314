/** The snapshot of an entity: the columns of its rows as they settled. It is an object of its own, which the settled state names. */
import type { ExpectedColumn } from '../../checks/destination.ts';
import { sameSchema } from '../../frames/describe-type.ts';
import type { Schema } from '../../frames/schema.ts';
import { shortHash } from '../../frames/short-hash.ts';
import { retry } from '../../ports/retry.ts';
import type { ObjectRef, StateRow } from '../../ports/state.ts';
import { defined, type EntityKey, type Instant, type Json } from '../../ports/values.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import { type Claim, type Plan, type SchemaSnapshot, schemaRef } from '../contracts/records.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { lostRecord } from '../errors/run.ts';
import { readRow } from '../protocol/row.ts';
import { hasNoDriftNews } from './drift-report.ts';
import { expectedColumn } from './evolved-schema.ts';

/** The last settled snapshot. Undefined: no commit has settled yet. Throws a StateError if the record is gone. */
export async function readSnapshot(ports: EnginePorts, spec: EntitySpec, row: StateRow | undefined): Promise<SchemaSnapshot | undefined> {
  const ref = row?.settled?.snapshot;
  if (!ref) return undefined;
  const snapshot = (await retry(() => ports.state.getObject(spec, ref))) as unknown as SchemaSnapshot | undefined;
  if (!snapshot) throw lostRecord(spec, ref, ports.state.location, '');
  return snapshot;
}

/** The snapshot from which a run continues, with how the source was read, named and settled. After `reset` there is none. */
export async function snapshotInForce(
  ports: EnginePorts,
  spec: EntitySpec,
  row: StateRow | undefined,
): Promise<SchemaSnapshot | undefined> {
  return row?.fullNext ? undefined : readSnapshot(ports, spec, row);
}

/**
 * The snapshot of a commit: its name, and how it is written. An unchanged snapshot keeps its name, so the history is the list of changes.
 */
export async function snapshotOf(
  ports: EnginePorts,
  spec: EntitySpec,
  now: {
    readonly schema: Schema;
    readonly expects: readonly ExpectedColumn[];
    readonly plan: Plan;
    readonly id: string;
    readonly at: Instant;
    /** The row as it was read under the claim. So its settled facts stay true until the decision, or no decision follows. */
    readonly row: StateRow | undefined;
  },
): Promise<{ readonly ref: ObjectRef; readonly put: (() => Promise<unknown>) | null }> {
  const { schema, expects, plan, row } = now;
  const { names, pinned, drift, source } = plan;
  const before = row?.settled?.snapshot ?? null;
  const snapshot: SchemaSnapshot = {
    version: 1,
    schema,
    expects,
    drift,
    polish: polishFingerprint(spec),
    run: plan.run,
    at: now.at,
    pinned,
    ...defined({ names: names ?? undefined, source: source ?? undefined }),
    prev: before,
  };
  if (before) {
    const settled = (await retry(() => ports.state.getObject(spec, before))) as unknown as SchemaSnapshot | undefined;
    if (settled && sameSnapshot(settled, snapshot)) return { ref: before, put: null };
  }
  const ref = schemaRef(plan, now.id);
  return { ref, put: () => retry(() => ports.state.putObject(spec, ref, snapshot as unknown as Json)) };
}

function sameSnapshot(before: SchemaSnapshot, now: SchemaSnapshot): boolean {
  const what = ({ schema, expects, polish, pinned, names }: SchemaSnapshot) =>
    JSON.stringify([schema, expects, polish, pinned, names ?? null]);
  return what(before) === what(now) && sameTraits(before, now) && hasNoDriftNews(before, now);
}

/** Whether the traits are equal. Older versions did not remember the order; it was the settled order then. */
function sameTraits({ source: before, expects }: SchemaSnapshot, { source: now }: SchemaSnapshot): boolean {
  if (now === undefined) return before === undefined;
  const settled = { order: expects.flatMap(({ from }) => (from === null ? [] : [from])), keys: [] };
  const { order, keys } = before ?? settled;
  return JSON.stringify([order, keys]) === JSON.stringify([now.order, now.keys]);
}

/** A text that is equal for equal polish and equal overrides of types. */
export function polishFingerprint({ polish, schema }: EntitySpec): string | null {
  const overrides = schema.overrides.map(({ where: _where, ...override }) => override);
  if (overrides.length > 0) return shortHash(JSON.stringify([polish ?? null, overrides]));
  return polish === undefined ? null : shortHash(JSON.stringify(polish));
}

/**
 * Every snapshot that was in force, with the oldest first. Each snapshot names its predecessor. A snapshot of a run that died before its decision is
 * left out. Very old snapshots name no predecessor, so then all snapshots that the state lists are returned.
 */
export async function schemaHistory(ports: Pick<EnginePorts, 'state'>, key: EntityKey): Promise<readonly SchemaSnapshot[]> {
  const { row } = await readRow(ports, key);
  return await snapshotsOldestFirst(ports, key, { latest: row?.settled?.snapshot ?? null, since: '' });
}

/** The snapshots from `latest` back to the one in force at `since`. */
export async function snapshotsOldestFirst(
  ports: Pick<EnginePorts, 'state'>,
  key: EntityKey,
  { latest, since }: { readonly latest: ObjectRef | null; readonly since: Instant },
): Promise<readonly SchemaSnapshot[]> {
  const history: SchemaSnapshot[] = [];
  let ref = latest;
  while (ref !== null) {
    const snapshot = (await retry(() => ports.state.getObject(key, ref as ObjectRef))) as unknown as SchemaSnapshot | undefined;
    if (snapshot === undefined) break;
    history.unshift(snapshot);
    if (snapshot.at < since) break;
    if (snapshot.prev === undefined) return [...(await listedBefore(ports, key, snapshot)), ...history];
    ref = snapshot.prev;
  }
  return history;
}

async function listedBefore(ports: Pick<EnginePorts, 'state'>, spec: EntityKey, first: SchemaSnapshot): Promise<readonly SchemaSnapshot[]> {
  const refs = await retry(() => ports.state.listObjects(spec, 'schemas/'));
  const found = await Promise.all(refs.map((ref) => retry(() => ports.state.getObject(spec, ref))));
  const snapshots = found.filter((one) => one !== undefined) as unknown as SchemaSnapshot[];
  const older = snapshots.filter(({ prev, at, run }) => prev === undefined && at < first.at && run !== first.run);
  return older.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

/** The snapshot for a head that was taken over. It has the head’s columns, read and named as before if that is still known. */
export async function adoptedSnapshot(
  ports: EnginePorts,
  spec: EntitySpec,
  taken: {
    readonly fence: Claim & { readonly id: string };
    readonly schema: Schema;
    readonly row: StateRow;
    readonly run: string;
    readonly at: Instant;
  },
): Promise<ObjectRef> {
  const before = taken.row.settled?.snapshot;
  const settled = before ? ((await retry(() => ports.state.getObject(spec, before))) as unknown as SchemaSnapshot | undefined) : undefined;
  const ref = schemaRef(taken.fence, taken.fence.id);
  const known = settled && sameSchema(settled.schema, taken.schema) ? settled.expects : taken.schema.columns.map(expectedColumn);
  const { run = taken.run, at = taken.at, drift = [], polish = polishFingerprint(spec), pinned = null, names, source } = settled ?? {};
  const snapshot: SchemaSnapshot = {
    version: 1,
    schema: taken.schema,
    expects: known,
    drift,
    polish,
    run,
    at,
    pinned,
    ...defined({ names: names ?? undefined, source: source ?? undefined }),
    prev: before ?? null,
  };
  await retry(() => ports.state.putObject(spec, ref, snapshot as unknown as Json));
  return ref;
}
