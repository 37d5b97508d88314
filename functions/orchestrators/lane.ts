import { positionsIn, rangesOf, shortenedRanges } from '../../src/engine/plan/entity-positions.ts';
import type { Json } from '../../src/ports/values.ts';
import { cut } from '../answer.ts';
import type { Course, OrchestrationContext } from '../durable.ts';
import {
  countOf,
  type EntityInput,
  type EntityOutcome,
  type EntityWait,
  type FlowInput,
  type LaneOutcome,
  lanePartId,
  orchestrators,
  perLane,
  type RunInput,
} from '../run-input.ts';
import { giveUp, mostToldFailureBytes } from './entity.ts';
import { crashAnswer } from './step.ts';

/** What is told of many entities fits into a step's input: characters of ranges, and failures by name. */
const mostRanges = 1_500;
const mostFailed = 20;

export const nothingYet: LaneOutcome = { pass: 0, warn: 0, error: 0, skip: 0, rows: 0, bytes: 0, settled: '', failed: '' };

/** Entities one after another. One that fails stops none of the others here: hygge-plan-entity sees what `continue_on_error` says. */
export function* runLane(durable: OrchestrationContext): Course<LaneOutcome> {
  const { of, entities } = durable.input as FlowInput;
  const positions = positionsIn(entities);
  let outcome = nothingYet;
  const told = () => durable.status({ entities: positions.length, done: countOf(outcome), rows: outcome.rows });
  if (positions.length > perLane) {
    for (let i = 0; i < positions.length; i += perLane) {
      const part = { of, entities: rangesOf(positions.slice(i, i + perLane)) };
      outcome = together([outcome, yield* laneIn(durable, { input: part, id: lanePartId(durable.instance, i / perLane) })]);
      told();
    }
    return outcome;
  }
  // One that waits for another system leaves its place to the next one.
  const leaves = positions.length > 1 ? { leaves: true } : {};
  const waiting: WaitingEntity[] = [];
  for (const n of positions) {
    const ended = yield* entityIn(durable, { input: { of, n, ...leaves } as unknown as Json, id: `${of.run}-e${n}` });
    if (ended.waits !== undefined) waiting.push({ n, wait: ended.waits });
    else outcome = together([outcome, outcomeOf(n, ended)]);
    told();
  }
  if (waiting.length > 0) outcome = together([outcome, ...(yield* waitedFor(durable, of, waiting))]);
  return outcome;
}

interface WaitingEntity {
  readonly n: number;
  readonly wait: EntityWait;
}

/** All at once, since waiting costs nothing. */
function* waitedFor(durable: OrchestrationContext, of: RunInput, waiting: readonly WaitingEntity[]): Course<readonly LaneOutcome[]> {
  const children = waiting.map(({ n, wait }) => ({
    orchestrator: orchestrators.entity,
    input: { of, n, wait } as unknown as Json,
    id: `${of.run}-e${n}-w`,
  }));
  const ends = yield* durable.children(children);
  const outcomes: LaneOutcome[] = [];
  for (const [i, { n, wait }] of waiting.entries()) {
    const end = ends[i] ?? { error: new Error('no answer') };
    // One that was ended from outside is given up; the others have ended by themselves.
    const ended =
      'done' in end
        ? (end.done as EntityOutcome)
        : yield* giveUp(durable, { of, n, at: wait.at }, { failed: crashAnswer(end.error, 1).error, attempts: 1 });
    outcomes.push(outcomeOf(n, ended));
  }
  return outcomes;
}

/** A lane that was ended from outside takes its entities with it; those that settled have. */
function* laneIn(durable: OrchestrationContext, { input, id }: { readonly input: FlowInput; readonly id: string }): Course<LaneOutcome> {
  try {
    return (yield* durable.child({ orchestrator: orchestrators.lane, input: input as unknown as Json, id })) as LaneOutcome;
  } catch (error) {
    return lostLane(input.entities, crashAnswer(error, 1).error);
  }
}

export function lostLane(entities: string, error: FailureWords): LaneOutcome {
  return { ...nothingYet, error: positionsIn(entities).length, failed: entities, first: shortOf(error) };
}

interface FailureWords {
  readonly code: string;
  readonly what: string;
}

const shortOf = ({ code, what }: FailureWords): FailureWords => ({ code, what: cut(what, mostToldFailureBytes) });

/** An entity that was ended from outside is given up here: no other code would give its claim back, or report it. */
export function* entityIn(
  durable: OrchestrationContext,
  { input, id }: { readonly input: Json; readonly id: string },
): Course<EntityOutcome> {
  const at = durable.now();
  const { of } = input as unknown as EntityInput;
  const orchestrator = of.verify === undefined ? orchestrators.entity : orchestrators.verify;
  try {
    return (yield* durable.child({ orchestrator, input, id })) as EntityOutcome;
  } catch (error) {
    if (of.verify !== undefined) return { status: 'error', rows: 0, bytes: 0, error: shortOf(crashAnswer(error, 1).error) };
    return yield* giveUp(durable, { ...(input as unknown as EntityInput), at }, { failed: crashAnswer(error, 1).error, attempts: 1 });
  }
}

export function outcomeOf(n: number, { status, notStarted, rows, rowsRead, bytes, error }: EntityOutcome): LaneOutcome {
  const settled = status === 'pass' || status === 'warn';
  return {
    ...nothingYet,
    ...(notStarted ? { notStarted: 1 } : { [status]: 1 }),
    rows,
    ...(rowsRead === undefined ? {} : { rowsRead }),
    bytes,
    settled: settled ? `${n}` : '',
    failed: status === 'error' ? `${n}` : '',
    ...(error === undefined ? {} : { first: error }),
  };
}

export function together(all: readonly LaneOutcome[]): LaneOutcome {
  const sum = (of: (one: LaneOutcome) => number) => all.reduce((total, one) => total + of(one), 0);
  const positions = (of: (one: LaneOutcome) => string) => all.flatMap((one) => positionsIn(of(one)));
  const unstarted = sum(({ notStarted = 0 }) => notStarted);
  const tellRead = all.some(({ rowsRead }) => rowsRead !== undefined);
  const first = all.find((one) => one.first !== undefined)?.first;
  return {
    pass: sum(({ pass }) => pass),
    warn: sum(({ warn }) => warn),
    error: sum(({ error }) => error),
    skip: sum(({ skip }) => skip),
    ...(unstarted === 0 ? {} : { notStarted: unstarted }),
    rows: sum(({ rows }) => rows),
    ...(tellRead ? { rowsRead: sum(({ rowsRead = 0 }) => rowsRead) } : {}),
    bytes: sum(({ bytes }) => bytes),
    // Some that settled nothing among them do no harm: their old records are looked through as well.
    settled: shortenedRanges(
      positions(({ settled }) => settled),
      mostRanges,
    ),
    failed: rangesOf(positions(({ failed }) => failed).slice(0, mostFailed)),
    ...(first === undefined ? {} : { first }),
  };
}
