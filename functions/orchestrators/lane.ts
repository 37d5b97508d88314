import { positionsIn, rangesOf, shortenedRanges } from '../../src/engine/plan/entity-positions.ts';
import { defined, filled, type Json } from '../../src/ports/values.ts';
import { cut } from '../answer.ts';
import type { ChildEnd, Course, OrchestrationContext } from '../durable.ts';
import { besideInstance, entityInstance, nextLaneInstance, perLane } from '../instance-ids.ts';
import {
  countOf,
  type EntityInput,
  type EntityOutcome,
  type EntityWait,
  type FlowInput,
  type LaneOutcome,
  nothingYet,
  orchestrators,
  type RunInput,
} from '../run-input.ts';
import { giveUp, mostToldFailureBytes } from './give-up.ts';
import { crashAnswer } from './step.ts';

/** Limits that keep a step's input small: characters of ranges, and failures by name. */
const mostRanges = 1_500;
const mostFailed = 20;

/**
 * Runs entities one after another. After a failed entity the next one is still planned, because hygge-plan-entity checks `continue_on_error`. The remaining
 * entities continue in a new lane after `perLane` entities, or after an entity whose commit waits for another system. The current lane ends only after the
 * new lane has ended.
 */
export function* runLane(durable: OrchestrationContext): Course<LaneOutcome> {
  const { of, entities } = durable.input as FlowInput;
  const positions = positionsIn(entities);
  const told = (outcome: LaneOutcome, more = {}) =>
    durable.status({ entities: positions.length, done: countOf(outcome), rows: outcome.rows, ...more });
  const leaves = positions.length > 1 ? { leaves: true as const } : {};
  const waiting: WaitingEntity[] = [];
  let outcome = nothingYet;
  for (const [i, n] of positions.entries()) {
    const id = entityInstance(of.run, n);
    told(outcome, { under: id });
    const { waits, ...ended } = yield* entityIn(durable, { input: { of, n, ...leaves }, id });
    if (waits === undefined) outcome = together([outcome, outcomeOf(n, ended)]);
    else waiting.push({ n, wait: waits });
    const behind = positions.slice(i + 1);
    // A waiting commit has priority, because its table is missing until the commit continues. Entities that have settled can wait for the end of the lane.
    const forks = waits?.step === 'commit' || i + 1 === perLane || behind.length === 0;
    if (forks && waiting.length + behind.length > 0) {
      const rest = behind.length === 0 ? undefined : nextLaneInstance(durable.instance);
      told(outcome, { ...defined({ rest }), waiting: rangesOf(waiting.map((one) => one.n)) });
      outcome = together([outcome, ...(yield* restOf(durable, of, { waiting, behind }))]);
      told(outcome);
      break;
    }
    told(outcome);
  }
  return outcome;
}

interface WaitingEntity {
  readonly n: number;
  readonly wait: EntityWait;
}

/** All waiting entities run next to the continuing lane: a wait costs nothing, and the remaining steps of a commit read no rows. The follow-up runs of these entities later wait for their turn in the lane. */
function* restOf(
  durable: OrchestrationContext,
  of: RunInput,
  { waiting, behind }: { readonly waiting: readonly WaitingEntity[]; readonly behind: readonly number[] },
): Course<readonly LaneOutcome[]> {
  const willRead = waiting.filter(({ wait }) => wait.step === 'plan');
  const resting = waiting.filter(({ wait }) => wait.step !== 'plan');
  const beside = resting.map(({ n, wait }) => ({
    orchestrator: orchestrators.entity,
    input: { of, n, wait } as unknown as Json,
    id: besideInstance(of.run, n),
  }));
  const rest: FlowInput = { of, entities: rangesOf(behind) };
  const lane = { orchestrator: orchestrators.lane, input: rest as unknown as Json, id: nextLaneInstance(durable.instance) };
  const ends = yield* durable.children(behind.length === 0 ? beside : [...beside, lane]);
  const outcomes: LaneOutcome[] = [];
  // A lane that was ended from outside ends its entities too, but settled ones stay settled.
  const [moved] = ends.slice(beside.length);
  if (moved !== undefined)
    outcomes.push('done' in moved ? (moved.done as LaneOutcome) : lostLane(rest.entities, crashAnswer(moved.error, 1).error));
  for (const [i, { n, wait }] of resting.entries())
    outcomes.push(outcomeOf(n, yield* turnOf(durable, { of, n, wait }, ends[i] ?? noAnswer)));
  for (const { n, wait } of willRead) outcomes.push(outcomeOf(n, yield* resumed(durable, { of, n, wait })));
  return outcomes;
}

const noAnswer: ChildEnd = { error: new Error('no answer') };

/** The result of an entity that has waited: the runs after it take their turn, and an entity that was ended from outside is abandoned. */
function* turnOf(
  durable: OrchestrationContext,
  { of, n, wait }: WaitingEntity & { readonly of: RunInput },
  end: ChildEnd,
): Course<EntityOutcome> {
  if (!('done' in end)) return yield* giveUp(durable, { of, n, at: wait.at }, { failed: crashAnswer(end.error, 1).error, attempts: 1 });
  const ended = end.done as EntityOutcome;
  return ended.waits === undefined ? ended : yield* resumed(durable, { of, n, wait: ended.waits });
}

function resumed(durable: OrchestrationContext, { of, n, wait }: WaitingEntity & { readonly of: RunInput }): Course<EntityOutcome> {
  return entityIn(durable, { input: { of, n, wait }, id: `${entityInstance(of.run, n)}-f` });
}

export function lostLane(entities: string, error: FailureWords): LaneOutcome {
  return { ...nothingYet, error: positionsIn(entities).length, failed: entities, first: shortOf(error) };
}

interface FailureWords {
  readonly code: string;
  readonly what: string;
}

const shortOf = ({ code, what }: FailureWords): FailureWords => ({ code, what: cut(what, mostToldFailureBytes) });

/** An entity that was ended from outside is abandoned here, because no other code would release its claim or report its end. */
export function* entityIn(
  durable: OrchestrationContext,
  { input, id }: { readonly input: EntityInput; readonly id: string },
): Course<EntityOutcome> {
  const { of, wait } = input;
  const at = wait?.at ?? durable.now();
  const orchestrator = of.verify === undefined ? orchestrators.entity : orchestrators.verify;
  try {
    return (yield* durable.child({ orchestrator, input: input as unknown as Json, id })) as EntityOutcome;
  } catch (error) {
    if (of.verify !== undefined) return { status: 'error', rows: 0, bytes: 0, error: shortOf(crashAnswer(error, 1).error) };
    return yield* giveUp(durable, { ...input, at }, { failed: crashAnswer(error, 1).error, attempts: 1 });
  }
}

export function outcomeOf(n: number, { status, notStarted, rows, rowsRead, bytes, error, waitsApart }: EntityOutcome): LaneOutcome {
  const settled = status === 'pass' || status === 'warn';
  return {
    ...nothingYet,
    ...(notStarted ? { notStarted: 1 } : { [status]: 1 }),
    rows,
    ...defined({ rowsRead }),
    bytes,
    settled: settled ? `${n}` : '',
    failed: status === 'error' ? `${n}` : '',
    ...defined({ first: error, waitsApart: waitsApart && (1 as const) }),
  };
}

export function together(all: readonly LaneOutcome[]): LaneOutcome {
  const sum = (of: (one: LaneOutcome) => number) => all.reduce((total, one) => total + of(one), 0);
  const positions = (of: (one: LaneOutcome) => string) => all.flatMap((one) => positionsIn(of(one)));
  const unstarted = sum(({ notStarted = 0 }) => notStarted);
  const tellRead = all.some(({ rowsRead }) => rowsRead !== undefined);
  const told = all.filter((one) => one.first !== undefined);
  const { first } = told.find(({ error }) => error > 0) ?? told[0] ?? {};
  return {
    pass: sum(({ pass }) => pass),
    warn: sum(({ warn }) => warn),
    error: sum(({ error }) => error),
    skip: sum(({ skip }) => skip),
    ...filled({ notStarted: unstarted }),
    rows: sum(({ rows }) => rows),
    ...defined({ rowsRead: tellRead ? sum(({ rowsRead = 0 }) => rowsRead) : undefined }),
    bytes: sum(({ bytes }) => bytes),
    // The list may include entities that settled nothing, because a cleanup of their old records does no harm.
    settled: shortenedRanges(
      positions(({ settled }) => settled),
      mostRanges,
    ),
    failed: rangesOf(positions(({ failed }) => failed).slice(0, mostFailed)),
    ...defined({ first }),
    ...filled({ waitsApart: sum(({ waitsApart = 0 }) => waitsApart) }),
  };
}
