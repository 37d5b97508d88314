/** The snapshot of an entity: what its rows are like, as settled. An object of its own, named by the settled state. */
import type { Expected } from '../checks/destination.ts';
import { sameSchema } from '../frames/describe-type.ts';
import type { Schema } from '../frames/schema.ts';
import { shortHash } from '../frames/short-hash.ts';
import { insist } from '../ports/outcome.ts';
import type { ObjectRef, StateRow } from '../ports/state.ts';
import type { Instant, Json } from '../ports/values.ts';
import { asExpected } from './evolving.ts';
import type { EnginePorts } from './ports.ts';
import { type Claim, type Plan, type Snapshot, schemaRef } from './records.ts';
import { readRow } from './row.ts';
import type { EntitySpec } from './spec.ts';
import { lostRecord } from './stops.ts';

/** As last settled; undefined before the first commit. A StateError when the record is gone. */
export async function readSnapshot(ports: EnginePorts, spec: EntitySpec, row: StateRow | undefined): Promise<Snapshot | undefined> {
  const ref = row?.settled?.snapshot;
  if (!ref) return undefined;
  const snapshot = (await insist(() => ports.state.getObject(spec, ref))) as unknown as Snapshot | undefined;
  if (!snapshot) throw lostRecord(spec, ref, ports.state.location, '');
  return snapshot;
}

/** What a run goes on from: how the source was read, named and settled. After `reset` there is nothing to go on from. */
export async function snapshotInForce(ports: EnginePorts, spec: EntitySpec, row: StateRow | undefined): Promise<Snapshot | undefined> {
  return row?.fullNext ? undefined : readSnapshot(ports, spec, row);
}

/** Where the snapshot of a commit lies. One that has not changed is kept under the name it has: its history is the list of changes. */
export async function snapshotOf(
  ports: EnginePorts,
  spec: EntitySpec,
  now: { readonly schema: Schema; readonly expects: readonly Expected[]; readonly plan: Plan; readonly id: string; readonly at: Instant },
): Promise<ObjectRef> {
  const { schema, expects, plan } = now;
  const { names, pinned, drift } = plan;
  const polish = polishMark(spec);
  const snapshot: Snapshot = { version: 1, schema, expects, drift, polish, run: plan.run, at: now.at, pinned, ...(names ? { names } : {}) };
  const { row } = await readRow(ports, spec);
  const before = row?.settled?.snapshot;
  if (before) {
    const settled = (await insist(() => ports.state.getObject(spec, before))) as unknown as Snapshot | undefined;
    if (settled && sameSnapshot(settled, snapshot)) return before;
  }
  const ref = schemaRef(plan, now.id);
  await insist(() => ports.state.putObject(spec, ref, snapshot as unknown as Json));
  return ref;
}

function sameSnapshot(a: Snapshot, b: Snapshot): boolean {
  const what = ({ schema, expects, drift, polish, pinned, names }: Snapshot) =>
    JSON.stringify([schema, expects, drift.map(({ kind, column }) => [kind, column]), polish, pinned, names ?? null]);
  return what(a) === what(b);
}

/** Equal for equal polish. */
export function polishMark({ polish }: EntitySpec): string | null {
  return polish === undefined ? null : shortHash(JSON.stringify(polish));
}

/** Every snapshot there was, the oldest first. */
export async function schemaHistory(ports: EnginePorts, spec: EntitySpec): Promise<readonly Snapshot[]> {
  const refs = await insist(() => ports.state.listObjects(spec, 'schemas/'));
  const found = await Promise.all(refs.map((ref) => insist(() => ports.state.getObject(spec, ref))));
  const snapshots = found.filter((one) => one !== undefined) as unknown as Snapshot[];
  return snapshots.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

/** The snapshot that goes with a head taken over: its columns, read and named as they were, where that is still known. */
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
  const settled = before ? ((await insist(() => ports.state.getObject(spec, before))) as unknown as Snapshot | undefined) : undefined;
  const ref = schemaRef(taken.fence, taken.fence.id);
  const known = settled && sameSchema(settled.schema, taken.schema) ? settled.expects : taken.schema.columns.map(asExpected);
  const { run = taken.run, at = taken.at, drift = [], polish = polishMark(spec), pinned = null, names } = settled ?? {};
  const snapshot: Snapshot = {
    version: 1,
    schema: taken.schema,
    expects: known,
    drift,
    polish,
    run,
    at,
    pinned,
    ...(names ? { names } : {}),
  };
  await insist(() => ports.state.putObject(spec, ref, snapshot as unknown as Json));
  return ref;
}
