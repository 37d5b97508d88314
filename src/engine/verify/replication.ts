/** `verify: { replicated }`: after a run, whether the other system has taken over what settled. What settled stays, whatever the answer is. */
import { HyggeError } from '../../errors/hygge-error.ts';
import type { Note } from '../../ports/notes.ts';
import { retry } from '../../ports/retry.ts';
import type { Status } from '../../ports/state.ts';
import { defined, type Instant, type Json } from '../../ports/values.ts';
import type { Step } from '../contracts/frame.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import type { EntitySpec, ReplicationSpec } from '../contracts/spec.ts';
import type { Replication } from '../contracts/store.ts';
import { notReplicated } from '../errors/verify.ts';
import { inWords } from '../plan/full-every.ts';
import type { Aftermath } from './after-commit.ts';
import { recordReplication, replicationBaseline } from './last-replication.ts';

/** The first pause between two looks; each later one is twice as long, up to a minute. */
const firstPauseMs = 5_000;
const usualPauseMs = 60_000;
/** After half an hour a pause is so much of the time that was waited for: each look stays in a history, and a day is fewer than 200 of them. */
const pausePart = 1 / 30;
const longestPauseMs = 15 * 60_000;

/** How long a proof is waited for where the figures fit. */
const proofMs = 2 * 60_000;

interface Looks {
  readonly since: Instant;
  readonly looks: number;
}

/** Only a run that failed is not followed by it: one that finds nothing new may stand before a replication that has stopped. */
export function awaitsReplication({ replication }: EntitySpec, { status }: { readonly status: Status }): boolean {
  return replication !== undefined && status !== 'error';
}

/** One look, and the time of the next one. An error of the other system that may pass is thrown until the time is over, and is a warning then. */
export async function awaitReplication(spec: EntitySpec, ports: EnginePorts, cursor?: Json): Promise<Step<Aftermath>> {
  const { replication } = spec;
  if (replication === undefined) return { done: nothingAmiss };
  const { clock } = ports;
  const { since, looks } = (cursor as Looks | undefined) ?? { since: clock.now(), looks: 0 };
  const waitedMs = Date.parse(clock.now()) - Date.parse(since);
  const found = await look(spec, ports).catch((error: unknown): Pick<Replication, 'state' | 'said'> | { readonly failed: string } => {
    if (!(error instanceof HyggeError)) throw error;
    if (error.transient && waitedMs < replication.withinMs) return { state: 'waiting', said: error.what };
    return { failed: error.what };
  });
  if ('failed' in found) return { done: { status: 'warn', notes: [{ code: 'replication_unknown', what: found.failed }], error: null } };
  if (found.state === 'replicated') return { done: nothingAmiss };
  const patienceMs = found.state === 'probably' ? Math.min(replication.withinMs, proofMs) : replication.withinMs;
  if (found.state !== 'stopped' && waitedMs < patienceMs) {
    const grownMs = Math.min(longestPauseMs, Math.max(usualPauseMs, waitedMs * pausePart));
    const pauseMs = Math.min(grownMs, firstPauseMs * 2 ** looks, patienceMs - waitedMs);
    const next: Looks = { since, looks: looks + 1 };
    const notBefore = new Date(Date.parse(clock.now()) + Math.max(1, pauseMs)).toISOString();
    return { again: next as unknown as Json, notBefore, ...defined({ waitsFor: found.said ?? undefined }) };
  }
  if (found.state === 'probably') return { done: { ...nothingAmiss, notes: [{ code: 'probably_replicated', said: found.said }] } };
  return { done: aftermathOf(spec, replication, found) };
}

/** The replication of the present head. What is found is kept, so that the state tells of it; that it can't be kept is no reason to fail. */
async function look(spec: EntitySpec, ports: EnginePorts): Promise<Pick<Replication, 'state' | 'said'>> {
  const store = await ports.store(spec);
  const head = await retry(() => store.head());
  // Nothing has settled, or the store is one that its readers see at once, which the plan has refused.
  if (head === null || store.replica === undefined) return { state: 'replicated', said: null };
  const found = await store.replica.of(head, await replicationBaseline(ports.state, spec), 'usual');
  await recordReplication(spec, { commit: head.id, found }, ports).catch((error: unknown) => {
    if (!(error instanceof HyggeError)) throw error;
  });
  return found;
}

const nothingAmiss: Aftermath = { status: null, notes: [], error: null };

function aftermathOf(
  spec: EntitySpec,
  { withinMs, fails }: ReplicationSpec,
  { state, said }: Pick<Replication, 'state' | 'said'>,
): Aftermath {
  const waited = state === 'stopped' ? null : inWords(withinMs);
  if (fails) return { status: 'error', notes: [], error: notReplicated(spec, { said, waited }).toDetails() };
  const note: Note = waited === null ? { code: 'replication_stopped', said } : { code: 'not_replicated', said, waited };
  return { status: 'warn', notes: [note], error: null };
}
