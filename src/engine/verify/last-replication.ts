/** Which settled rows other systems have taken over, as far as is known. The state keeps it as separate objects, so that readers of the state need not query those systems. */

import type { Replication } from '../../ports/answers/replication.ts';
import { retry } from '../../ports/retry.ts';
import type { LastReplication, ReplicatedUntil, Settled, StateStore } from '../../ports/state.ts';
import type { EntityKey, Json } from '../../ports/values.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import { readRow } from '../protocol/row.ts';

/** The folder of these objects. Their names ascend with time. */
const replicationFolder = 'replicated/';

/** The record of an answer, as the state keeps it. */
export interface StoredReplication extends LastReplication {
  /** The id of the commit to which the answer belongs. */
  readonly commit: string;
  /** See `Replication.baseline`. Absent: an older hygge kept the answer. */
  readonly baseline?: Json;
}

/** The newest record. Null: the other system was never asked. Throws the errors of the state. */
export async function lastReplication(
  state: Pick<StateStore, 'listObjects' | 'getObject'>,
  key: EntityKey,
): Promise<StoredReplication | null> {
  const last = (await refs(state, key)).at(-1);
  if (last === undefined) return null;
  return ((await retry(() => state.getObject(key, last))) as unknown as StoredReplication | undefined) ?? null;
}

/** The `baseline` of the newest record: see `Replica.of`. Throws the errors of the state. */
export async function replicationBaseline(state: Pick<StateStore, 'listObjects' | 'getObject'>, key: EntityKey): Promise<Json> {
  return (await lastReplication(state, key))?.baseline ?? null;
}

/** Records an answer about the commit that settled last. The record replaces earlier answers. An answer about another commit is ignored. Throws the errors of the state. */
export async function recordReplication(
  key: EntityKey,
  { commit, found }: { readonly commit: string; readonly found: Replication },
  { state, random }: Pick<EnginePorts, 'state' | 'random'>,
): Promise<void> {
  const { row } = await retry(() => readRow({ state }, key));
  const settled = row?.settled;
  if (settled?.id !== commit) return;
  const before = await lastReplication(state, key);
  const own = `${replicationFolder}${random.id()}`;
  const kept: StoredReplication = { commit, ...replicationAnswer(found, settled, before), baseline: found.baseline };
  await retry(() => state.putObject(key, own, kept as unknown as Json));
  const older = (await refs(state, key)).filter((ref) => ref < own);
  if (older.length > 0) await retry(() => state.removeObjects(key, older));
}

/** Makes a record of another system’s answer about the last commit. `status`, its JSON and the page show this record. @param before the record of the previous answer. */
export function replicationAnswer(found: Replication, settled: Settled, before: StoredReplication | null): LastReplication {
  const { askedAt, state, said, behind } = found;
  const isReplicated = state === 'replicated';
  return {
    asked_at: askedAt,
    ...{ state, said },
    files_behind: isReplicated ? 0 : (behind?.files ?? null),
    rows_behind: isReplicated ? 0 : (behind?.rows ?? null),
    until: isReplicated ? untilNow(settled, { askedAt, before }) : stillThere(before?.until ?? null, settled),
  };
}

function untilNow(
  { id, at, watermark }: Settled,
  { askedAt, before }: { readonly askedAt: string; readonly before: StoredReplication | null },
): ReplicatedUntil {
  const wasSeen = before?.commit === id && before.state === 'replicated' ? before.until : null;
  return { settled_at: at, watermark: watermark?.text ?? null, seen_at: wasSeen?.seen_at ?? askedAt };
}

/** What was known before, if it is still true. A full load that was planned later may have made the table anew. */
export function stillThere(until: ReplicatedUntil | null, { fullAt }: Pick<Settled, 'fullAt'>): ReplicatedUntil | null {
  return until !== null && fullAt !== undefined && fullAt > until.settled_at ? null : until;
}

async function refs(state: Pick<StateStore, 'listObjects'>, key: EntityKey) {
  return [...(await retry(() => state.listObjects(key, replicationFolder)))].sort();
}
