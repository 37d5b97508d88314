/** Which settled rows other systems are known to have taken over. It is kept in the state as separate objects, so that readers of the state need not query those systems. */

import type { Replication } from '../../ports/answers/replication.ts';
import { retry } from '../../ports/retry.ts';
import type { LastReplication, ReplicatedUntil, Settled, StateStore } from '../../ports/state.ts';
import type { EntityKey, Json } from '../../ports/values.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import { readRow } from '../protocol/row.ts';

/** The names of these objects rise with time. */
const replicationFolder = 'replicated/';

/** The record of an answer as the state has it. */
export interface StoredReplication extends LastReplication {
  /** The id of the commit that the answer is about. */
  readonly commit: string;
  /** See `Replication.baseline`. Absent: an earlier version kept the answer. */
  readonly baseline?: Json;
}

/** The newest record. Null: the other system was never asked. Throws what the state throws. */
export async function lastReplication(
  state: Pick<StateStore, 'listObjects' | 'getObject'>,
  key: EntityKey,
): Promise<StoredReplication | null> {
  const last = (await refs(state, key)).at(-1);
  if (last === undefined) return null;
  return ((await retry(() => state.getObject(key, last))) as unknown as StoredReplication | undefined) ?? null;
}

/** See `Replica.of`. Throws what the state throws. */
export async function replicationBaseline(state: Pick<StateStore, 'listObjects' | 'getObject'>, key: EntityKey): Promise<Json> {
  return (await lastReplication(state, key))?.baseline ?? null;
}

/** Records an answer about the commit that settled last, in place of earlier answers. An answer about another commit is ignored. Throws what the state throws. */
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

/** Turns another system's answer about the last commit into the record that `status`, its JSON and the page show. @param before the record of the previous answer. */
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

/** A full load that was planned later may have recreated the table. */
export function stillThere(until: ReplicatedUntil | null, { fullAt }: Pick<Settled, 'fullAt'>): ReplicatedUntil | null {
  return until !== null && fullAt !== undefined && fullAt > until.settled_at ? null : until;
}

async function refs(state: Pick<StateStore, 'listObjects'>, key: EntityKey) {
  return [...(await retry(() => state.listObjects(key, replicationFolder)))].sort();
}
