import type { App, PinnedFlow } from '../../src/assembly/app.ts';
import { appName } from '../../src/assembly/app-name.ts';
import type { BorrowedSides } from '../../src/assembly/entity-runs.ts';
import { noSuchPosition, stepOfAnotherApp } from '../../src/assembly/errors.ts';
import { raisedStopFlags } from '../../src/assembly/stop-flags.ts';
import type { Step } from '../../src/engine/contracts/frame.ts';
import type { EnginePorts } from '../../src/engine/contracts/ports.ts';
import type { RunIds } from '../../src/engine/contracts/records.ts';
import type { EntitySpec } from '../../src/engine/contracts/spec.ts';
import { idsOfFollowUp } from '../../src/engine/drive/follow-ups.ts';
import { OpenSides } from '../../src/engine/entity/open-sides.ts';
import { configuredRetryForMs } from '../../src/engine/entity/outages.ts';
import { isTransient, timerAfterMs, timerAttempts } from '../../src/engine/entity/retry.ts';
import { type StandstillStep, watched } from '../../src/engine/entity/standstill.ts';
import { interruption } from '../../src/engine/errors/interruption.ts';
import { Interrupted } from '../../src/errors/hygge-error.ts';
import type { ErrorDetails } from '../../src/ports/events.ts';
import type { Note } from '../../src/ports/notes.ts';
import { withWaiting } from '../../src/ports/retry.ts';
import { secretValuesOf } from '../../src/ports/secrets/values.ts';
import { defined, type EntityKey, type Json } from '../../src/ports/values.ts';
import { ConfigErrors } from '../../src/workspace/yaml/problems.ts';
import { type Answer, cutToFit, mustBeSmall } from '../answer.ts';
import { logWithoutSecrets, stepWithoutSecrets } from '../exits.ts';
import type { Instances } from '../instances.ts';
import { type Log, logged } from '../log.ts';
import { activities, type EntityInput, type RunInput } from '../run-input.ts';
import { endsRun, followsSettledRows, isLast } from '../step-kinds.ts';
import { followUpOf } from './follow-up.ts';
import { longPauseOf, waitingOf } from './pauses.ts';

/** The common input of every activity; each activity may have more input. */
export interface StepInput {
  readonly of: RunInput;
  /** The number of the attempt, from 1. */
  readonly attempt?: number;
  readonly cursor?: Json;
}

/** A step of the engine within one run. */
export interface ActivityContext {
  readonly app: App;
  readonly pinned: PinnedFlow;
  readonly ports: EnginePorts;
  /** Called at each event of the step, such as moved rows. Absent: nothing watches the step. */
  readonly hear?: () => void;
  /** The orchestrations of the app. Absent: the activity starts none. */
  readonly instances?: Instances;
}

/** The body of an activity. The body is loaded only when the activity is called, because moving data needs native code. */
export type Body<I extends StepInput> = (input: I, room: ActivityContext) => Promise<Step<unknown>>;

/** Runs one activity. The history stores its input and its answer, so both must be small. An input or answer that is too large is a fault of hygge, and stops the run. */
export async function carryOut<I extends StepInput>(name: string, body: () => Promise<Body<I>>, call: ActivityCall): Promise<Answer> {
  const values = secretValuesOf(call.app.network);
  const answer = await answered(name, body, { ...call, log: logWithoutSecrets(call.log, values) });
  return stepWithoutSecrets(answer, values);
}

/** One call of an activity. */
interface ActivityCall extends Pick<ActivityContext, 'app' | 'instances'> {
  readonly log: Log;
  readonly input: unknown;
}

async function answered<I extends StepInput>(
  name: string,
  body: () => Promise<Body<I>>,
  { app, log, input, instances }: ActivityCall,
): Promise<Answer> {
  const given = fromItsBeginning(input as I);
  let spec: EntitySpec | undefined;
  try {
    mustBeSmall(name, 'input', given);
    mustBeOurs(given.of, app);
    // Found entities are stored with the run that found them.
    const pinned = await app.pin({ ...given.of, run: given.of.replication?.run ?? given.of.run });
    spec = 'n' in given ? pinned.flow.entities[Number(given.n)] : undefined;
    const ports = await pinned.ports(logged(log));
    const room = { app, pinned, ports, ...defined({ instances }) };
    await using open = 'n' in given ? app.entityRuns.borrow(idsOf(given as unknown as EntityInput, room).entityRunId) : passing();
    const act = await body();
    const carriedOut = (hear: () => void) =>
      withWaiting(waitingOf(app), () => act(given, { ...room, hear, ports: open.sides.over(hearing(ports, hear)) }));
    const tell = (note: Note) => logged(log)({ ...eventOf(given, app, spec), event: 'warning', message: ports.words.note(note) });
    const work =
      spec === undefined ? carriedOut(() => undefined) : watched(spec, stepsTold[name] ?? 'other', { clock: app.clock, tell }, carriedOut);
    const step = (await work) as Step<Json>;
    const until = spec && longPauseOf(step, app.clock);
    if (until !== undefined) tell({ code: 'waits_until', until });
    if (endsRun(name, step)) open.end();
    mustBeSmall(name, 'output', step);
    return { ok: true, step };
  } catch (error) {
    return failure(error, { name, app, log, given, spec });
  }
}

const stepsTold: Readonly<Record<string, StandstillStep>> = {
  [activities.planEntity]: 'plan',
  [activities.moveSlice]: 'slice',
  [activities.commitEntity]: 'commit',
};

/** Each event is a sign of life. */
function hearing(ports: EnginePorts, hear: () => void): EnginePorts {
  const emit: EnginePorts['emit'] = (event) => {
    hear();
    ports.emit(event);
  };
  return { ...ports, emit };
}

function eventOf({ of: { invocation, run, flow } }: StepInput, { clock }: App, spec: EntitySpec | undefined) {
  const base = { v: 1 as const, ts: clock.now(), invocation_id: invocation, run_id: run, flow };
  return spec === undefined ? base : { ...base, entity: spec.entity };
}

/** A step that could not begin also answers "again", but its answer has no position to continue from. */
function fromItsBeginning<I extends StepInput>(input: I): I {
  const { cursor, ...begin } = input;
  return cursor === null ? (begin as I) : input;
}

/** Resources that a step of a whole flow opens are closed with the step. */
function passing(): BorrowedSides {
  const sides = new OpenSides();
  return { sides, end: () => undefined, [Symbol.asyncDispose]: () => sides[Symbol.asyncDispose]() };
}

interface FailureContext {
  readonly name: string;
  readonly app: App;
  readonly log: Log;
  readonly given: StepInput;
  /** Set if the step belongs to an entity and its config could be read. */
  readonly spec: EntitySpec | undefined;
}

async function failure(error: unknown, { name, app, log, given, spec }: FailureContext): Promise<Extract<Answer, { ok: false }>> {
  const attempt = given.attempt ?? 1;
  const entity = spec?.entity;
  const retryForMs = spec && configuredRetryForMs(spec);
  const transient = isTransient(error) && attempt < timerAttempts(error, retryForMs);
  const waitMs = transient ? timerAfterMs(attempt, { fraction: app.random.fraction(), error, now: app.clock.now(), retryForMs }) : 0;
  const { flow } = given.of;
  const details = await detailsOf(error, entity === undefined ? undefined : { flow, entity });
  const base = eventOf(given, app, spec);
  if (transient) logged(log)({ ...base, event: 'retry', step: name, attempt, wait_ms: waitMs, error: details });
  else if (isLast(name, given)) logged(log)({ ...base, event: 'error', ...details });
  else if (followsSettledRows(name, given)) logged(log)({ ...base, event: 'warning', code: details.code, message: details.what });
  if (details.code === 'HYG-9001' && error instanceof Error) log.error(error.stack ?? error.message);
  return { ok: false, error: cutToFit(details), transient, waitMs };
}

async function detailsOf(error: unknown, key?: EntityKey): Promise<ErrorDetails> {
  if (error instanceof Interrupted) return interruption(error);
  const [first] = error instanceof ConfigErrors ? error.errors : [];
  return (await import('../../src/engine/errors/details.ts')).detailsOf(first ?? error, key);
}

/** Apps that share a task hub get each other’s steps, but do not know each other’s config. */
function mustBeOurs({ app: theirs, run }: RunInput, { env }: App): void {
  if (theirs === undefined) return;
  const ours = appName(env);
  if (theirs !== ours) throw stepOfAnotherApp({ run, theirs, ours });
}

export function entityOf({ of, n }: EntityInput, { pinned }: ActivityContext): EntitySpec {
  const spec = pinned.flow.entities[n];
  if (spec !== undefined) return spec;
  throw noSuchPosition({ flow: of.flow, n, config: of.config });
}

export function idsOf(input: EntityInput, room: ActivityContext): RunIds {
  const { of, n, chunk } = input;
  const part = chunk === undefined ? `${n + 1}` : `${n + 1}-${chunk + 1}`;
  const ids = { invocationId: of.invocation, runId: of.run, entityRunId: `${of.run}.${part}`, flow: of.flow };
  const live = { ...ids, entity: entityOf(input, room).entity };
  const lane = followUpOf(input);
  return lane === undefined ? live : idsOfFollowUp(live, lane);
}

/** Throws if a request stopped the run. The orchestrator then abandons the run, and finishes a decided commit. */
export async function mustNotBeCancelled(of: RunInput, room: ActivityContext): Promise<void> {
  if ((await raisedStopFlags(room.pinned.state, of)).has('cancelled')) throw new Interrupted('cancelled');
}
