import { defined } from '../../src/ports/values.ts';
import { cut } from '../answer.ts';
import type { Course, OrchestrationContext } from '../durable.ts';
import type { ReplicationInput } from '../replication-input.ts';
import { activities, type EntityOutcome, type LaneOutcome, nothingYet } from '../run-input.ts';
import { verifyRows, withWarning } from './entity.ts';
import { close } from './flow.ts';
import { outcomeOf } from './lane.ts';
import { runStepUntilWait } from './step.ts';

/** The outcome before the first check. The outcome has 0 rows, because the run that settled the rows has already counted them. */
const settled: EntityOutcome = { status: 'pass', rows: 0, bytes: 0 };

/** Waits with timers until another system has applied the settled rows of an entity. Then compares the rows if the config asks for it, and closes as a run of the flow. */
export function* runReplication(durable: OrchestrationContext): Course<LaneOutcome> {
  const { of, n, at, cursor, notBefore, waitsFor, verifies } = durable.input as ReplicationInput;
  durable.status({
    run: of.run,
    stage: 'waiting',
    for: cut(waitsFor ?? 'the settled rows are not replicated yet', 300),
    until: notBefore ?? null,
  });
  const step = { activity: activities.awaitReplication, input: { of, n, at, after: settled } };
  const looked = yield* runStepUntilWait<EntityOutcome>(durable, step, { cursor, notBefore, leaves: false });
  if ('waits' in looked) throw new Error(`${step.activity} was not to leave`);
  // A failed check shows nothing about the replication, so the wait continues.
  const found: EntityOutcome = 'failed' in looked ? { ...withWarning(settled, looked.failed), replication: 'unknown' } : looked.done;
  const { replication } = found;
  if (replication === 'over') return nothingYet;
  const compares = verifies && found.status !== 'error' && replication !== 'superseded' && replication !== 'cancelled';
  const ended = compares ? yield* verifyRows(durable, { of, n, at }, found) : found;
  // A wait makes no record of the entity outdated, so there is no record to clean up.
  return yield* close(durable, of, { ...outcomeOf(n, ended), settled: '', ...defined({ replication }) });
}
