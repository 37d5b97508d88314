/** `verify: { replicated }`: asks after a run whether the other system has taken over the settled rows. Whatever the answer is, the settled rows stay. */
import { HyggeError } from '../../errors/hygge-error.ts';
import type { Replication } from '../../ports/answers/replication.ts';
import type { Note } from '../../ports/notes.ts';
import { retry } from '../../ports/retry.ts';
import type { Status } from '../../ports/state.ts';
import { defined, type Instant, type Json } from '../../ports/values.ts';
import type { Step } from '../contracts/frame.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import type { EntitySpec, ReplicationSpec } from '../contracts/spec.ts';
import { notReplicated } from '../errors/verify.ts';
import { inWords } from '../plan/full-every.ts';
import type { Aftermath } from './after-commit.ts';
import { recordReplication, replicationBaseline } from './last-replication.ts';

/** The first pause between two looks, in milliseconds. Each later pause is twice as long, up to a minute. */
const firstPauseMs = 5_000;
const usualPauseMs = 60_000;
/** After half an hour, a pause is this share of the time that was waited so far. Each look stays in a history, so a day has fewer than 200 looks. */
const pausePart = 1 / 30;
const longestPauseMs = 15 * 60_000;

/** How long a run waits for a proof if the figures already match, in milliseconds. */
const proofMs = 2 * 60_000;

/** The cursor of a wait for the other system. */
export interface Looks {
  readonly since: Instant;
  readonly looks: number;
  /** The commit for which the run waits. Absent: no look has found the commit yet. */
  readonly commit?: WaitedCommit;
}

export interface WaitedCommit {
  readonly id: string;
  /** The figures of the commit’s head: see `Replica.figures`. */
  readonly figures: Json;
}

/** How a wait ended. `superseded`: a later full load made the table anew before the other system took the rows over. */
export type ReplicationResult = 'replicated' | 'probably' | 'not replicated' | 'stopped' | 'unknown' | 'superseded';

export interface ReplicationEnd extends Aftermath {
  readonly result: ReplicationResult;
}

/** Whether a run waits. A failed run does not wait. Every other run waits, even a run without new rows, because the replication may have stopped. */
export function awaitsReplication({ replication }: EntitySpec, { status }: { readonly status: Status }): boolean {
  return replication !== undefined && status !== 'error';
}

type LookAnswer = { readonly state: Replication['state'] | 'superseded'; readonly said: string | null; readonly commit?: WaitedCommit };

/**
 * Looks once, and returns the time of the next look. The first look decides for which commit the run waits, whatever settles later. A transient error
 * of the other system is thrown until the time is over. After that it is a warning.
 */
export async function awaitReplication(spec: EntitySpec, ports: EnginePorts, cursor?: Json): Promise<Step<ReplicationEnd>> {
  const { replication } = spec;
  if (replication === undefined) return { done: { ...nothingAmiss, result: 'replicated' } };
  const { clock } = ports;
  const { since, looks, commit } = (cursor as Looks | undefined) ?? { since: clock.now(), looks: 0 };
  const waitedMs = Date.parse(clock.now()) - Date.parse(since);
  const found = await look(spec, ports, commit).catch((error: unknown): LookAnswer | { readonly failed: string } => {
    if (!(error instanceof HyggeError)) throw error;
    if (error.transient && waitedMs < replication.withinMs) return { state: 'waiting', said: error.what, ...defined({ commit }) };
    return { failed: error.what };
  });
  if ('failed' in found)
    return { done: { status: 'warn', notes: [{ code: 'replication_unknown', what: found.failed }], error: null, result: 'unknown' } };
  const { state, said } = found;
  if (state === 'replicated') return { done: { ...nothingAmiss, result: state } };
  if (state === 'superseded') return { done: { ...nothingAmiss, notes: [{ code: 'replication_superseded' }], result: state } };
  const patienceMs = state === 'probably' ? Math.min(replication.withinMs, proofMs) : replication.withinMs;
  if (state !== 'stopped' && waitedMs < patienceMs) {
    const grownMs = Math.min(longestPauseMs, Math.max(usualPauseMs, waitedMs * pausePart));
    const pauseMs = Math.min(grownMs, firstPauseMs * 2 ** looks, patienceMs - waitedMs);
    const next: Looks = { since, looks: looks + 1, ...defined({ commit: found.commit }) };
    const notBefore = new Date(Date.parse(clock.now()) + Math.max(1, pauseMs)).toISOString();
    return { again: next as unknown as Json, notBefore, ...defined({ waitsFor: said ?? undefined }) };
  }
  if (state === 'probably') return { done: { ...nothingAmiss, notes: [{ code: 'probably_replicated', said }], result: state } };
  return { done: aftermathOf(spec, replication, { state, said }) };
}

/**
 * The replication of a commit. @param waited the commit; undefined: the last commit. The answer about the last commit is kept for readers of the
 * state. If the answer can’t be kept, the look does not fail.
 */
async function look(spec: EntitySpec, ports: EnginePorts, waited: WaitedCommit | undefined): Promise<LookAnswer> {
  const store = await ports.store(spec);
  const head = await retry(() => store.head());
  // No row has settled, or readers of the store see settled rows at once. The plan has refused a store whose readers see settled rows at once.
  if (head === null || store.replica === undefined) return { state: 'replicated', said: null };
  const { replica } = store;
  const commit = waited ?? { id: head.id, figures: replica.figures(head) };
  const earlier = commit.id === head.id ? undefined : commit.figures;
  const found = await replica.of(head, await replicationBaseline(ports.state, spec), 'usual', earlier);
  await recordReplication(spec, { commit: head.id, found }, ports).catch((error: unknown) => {
    if (!(error instanceof HyggeError)) throw error;
  });
  if (found.earlier === 'recreated') return { state: 'superseded', said: null };
  const { state, said } = found.state === 'replicated' ? found : (found.earlier ?? found);
  return { state, said, commit };
}

const nothingAmiss: Aftermath = { status: null, notes: [], error: null };

function aftermathOf(
  spec: EntitySpec,
  { withinMs, fails }: ReplicationSpec,
  { state, said }: Pick<Replication, 'state' | 'said'>,
): ReplicationEnd {
  const result = state === 'stopped' ? 'stopped' : 'not replicated';
  const waited = state === 'stopped' ? null : inWords(withinMs);
  if (fails) return { status: 'error', notes: [], error: notReplicated(spec, { said, waited }).toDetails(), result };
  const note: Note = waited === null ? { code: 'replication_stopped', said } : { code: 'not_replicated', said, waited };
  return { status: 'warn', notes: [note], error: null, result };
}
