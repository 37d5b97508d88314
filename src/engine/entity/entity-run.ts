/** One entity run in this process: it plans, moves slices and commits, with retries. After a failure the run is given up, or finished if its commit was decided. */
import { HyggeError, Interrupted } from '../../errors/hygge-error.ts';
import type { EntitySummary, ErrorDetails, EventBody } from '../../ports/events.ts';
import type { Note } from '../../ports/notes.ts';
import type { Semaphore } from '../../ports/semaphore.ts';
import type { SkipReason, Status } from '../../ports/state.ts';
import { defined, type Instant, type Json } from '../../ports/values.ts';
import { endFailedEntityRun } from '../commit/abandon.ts';
import { commitEntity, type EntityRunEnd } from '../commit/commit.ts';
import { recordSlices } from '../commit/gather.ts';
import { foldIntoLists } from '../commit/receipt-lists.ts';
import type { Step } from '../contracts/frame.ts';
import { type EnginePorts, eventBase } from '../contracts/ports.ts';
import type { RunIds } from '../contracts/records.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { notBeforeOf, sleepUntil, untilDone } from '../contracts/steps.ts';
import { messageAndCodes } from '../contracts/words.ts';
import { detailsOf } from '../errors/details.ts';
import { interruptedCode, interruption, maybeDecided } from '../errors/interruption.ts';
import { heldByOtherRun } from '../errors/run.ts';
import { type LookOutcome, lookAndPlan } from '../look/look.ts';
import { moveSlice, type SliceResult } from '../move/move.ts';
import { failureTold, laneName, laneTold, type RunLane } from '../plan/lane.ts';
import type { PlanOutcome } from '../plan/plan.ts';
import { readRow } from '../protocol/row.ts';
import type { Aftermath } from '../verify/after-commit.ts';
import type { ConnectionLimits } from './connection-limits.ts';
import { OpenSides } from './open-sides.ts';
import { configuredRetryForMs, defaultRetryForMs, type OutagePatience, Outages } from './outages.ts';
import { InMemoryRunObjects } from './own-objects.ts';
import {
  attemptsPerStep,
  hasNoRetriesLeft,
  isTransient,
  lostItsSnapshot,
  needsNewSurvey,
  type RetriedStep,
  type Retry,
  waitAfterMs,
  withRetries,
} from './retry.ts';
import { type StandstillStep, watched } from './standstill.ts';

/** What a person chooses for all runs of an invocation. */
export interface RunOptions {
  readonly workspace: string;
  readonly wait: boolean;
  readonly takeOver: boolean;
  /** How long a run waits for a system that does not answer, as the command line says. Absent: as the connection says. */
  readonly retryForMs?: number | undefined;
  /** Stops the run. It aborts with an `Interrupted` as its reason. */
  readonly signal: AbortSignal;
}

export interface EntityRunRequest extends RunOptions {
  readonly ids: RunIds;
  readonly spec: EntitySpec;
  readonly runType: EntitySpec['runType'] | null;
  /** The lane of a run that is not live. Absent: the run is live. */
  readonly lane?: RunLane;
  /** Limits how many slices of all entities move at once. */
  readonly sliceSlots: Semaphore;
  /** Whether a comparison of keys follows this run. If it does, the rows are verified only after the comparison. Absent: no comparison follows. */
  readonly keysFollow?: () => Promise<boolean>;
  /** Called when the run only waits for another system, so that another entity may begin. It may be called again. */
  readonly leavePlace?: () => void;
  /** For a comparison of keys: how the live run before it ended. The rows of both runs are verified together. */
  readonly after?: Status;
  /** The limits of connections over all entities. Absent: no other entity is running. */
  readonly limits?: ConnectionLimits;
  /** The systems that do not answer, over all entities. Absent: no other entity is running. */
  readonly outages?: Outages;
}

/** How a step is stopped, and when it has to end. */
type Until = Pick<RetriedStep, 'signal' | 'untilMs'>;

type PlannedOutcome = Extract<PlanOutcome, { outcome: 'planned' }>;

type NothingOutcome = Extract<LookOutcome, { outcome: 'nothing' }>;

type EntityStage = 'rolled_forward' | 'reading' | 'paused' | 'slice_done' | 'committing' | 'settled' | 'replicating';

/** `waitsFor`: what another system has to do before the run continues. */
interface Pause {
  readonly until: Instant;
  readonly waitsFor?: string | undefined;
}

/** Where a slice continues, and not before which time. */
interface GoesOn {
  readonly cursor: Json | undefined;
  readonly notBefore?: Instant | undefined;
}

const sliceBudgetMs = 3 * 60_000;
const longestPollMs = 5_000;
const progressEveryMs = 200;
/** The longest time that releasing a claim takes after a system did not answer. It is short because the run has already waited long. */
const givingUpMs = 10_000;

export async function runEntity(request: EntityRunRequest, ports: EnginePorts): Promise<EntitySummary> {
  await using sides = new OpenSides();
  const run = new EntityRun(request, sides.over({ ...ports, state: new InMemoryRunObjects(ports.state) }, request.signal));
  try {
    const ended = await run.go(() => sides.endReading());
    return await run.compared(ended);
  } catch (error) {
    return await run.giveUp(error);
  }
}

class EntityRun {
  readonly #request: EntityRunRequest;
  readonly #ports: EnginePorts;
  readonly #startedAt: Instant;
  readonly #startedMs: number;
  #attempts = 1;
  #toldMs = Number.NEGATIVE_INFINITY;
  readonly #rowsBySlice = new Map<number, number>();
  #slicesDone = 0;
  /** What interrupted the latest slice. Undefined: no slice was interrupted since the plan was made, or a later attempt succeeded. */
  #lost: HyggeError | undefined;
  /** The latest time until which the source asked for a pause. The time may have passed. */
  #notBefore: Instant | undefined;
  readonly #outages: Outages;
  /** Whether the addresses of home and store are known to be right, because the entity has settled or was planned. */
  #isKnown = false;

  constructor(request: EntityRunRequest, ports: EnginePorts) {
    this.#request = request;
    this.#ports = ports;
    this.#startedAt = ports.clock.now();
    this.#startedMs = ports.clock.monotonicMs();
    this.#outages = request.outages ?? new Outages(ports);
  }

  async go(endReading: () => Promise<void>): Promise<EntityRunEnd> {
    const { ids, spec, workspace, signal } = this.#request;
    const moved = await this.#moved();
    if ('ended' in moved) return moved.ended;
    await endReading();
    const { planned, receipts } = moved;
    signal.throwIfAborted();
    if (planned) this.#progress('committing', planned);
    const request = { ...ids, workspace, plan: planned?.plan ?? '', receipts };
    const ended = await this.#step('commit', (cursor) =>
      this.#limited('writes', () => this.#watched('commit', () => commitEntity(request, this.#ports, cursor))),
    );
    if (planned) this.#progress('settled', planned);
    return ended.where === '' ? { ...ended, where: spec.flow } : ended;
  }

  /** Adds the findings after the commit: whether the commit was replicated, and the comparison with the source. The run has settled, so a failure here does not give the run up. */
  async compared(settled: EntityRunEnd): Promise<EntitySummary> {
    const { ids, spec, workspace, signal, lane, after, keysFollow } = this.#request;
    const { ended, error: stuck } = await this.#replicated(settled);
    if (stuck !== null) return this.summary(ended, stuck);
    if (spec.verify === undefined || (lane && after === undefined) || signal.aborted) return this.summary(ended, null);
    // If the state has an error, the comparison of keys meets the error again and reports it.
    if (await keysFollow?.().catch(() => false)) return this.summary(ended, null);
    const { hasCommitted, isDue, longestVerifyMs, verifyAfterCommit } = await import('../verify/after-commit.ts');
    const committed = hasCommitted(ended) || after === undefined ? ended : { status: after };
    if (!(await isDue(spec, committed, this.#ports))) return this.summary(ended, null);
    const request = { ids, spec, workspace, budgetMs: longestVerifyMs, signal };
    const { status, notes, error } = await this.#limited('both', () => verifyAfterCommit(request, this.#ports));
    return this.summary(this.#withAftermath(ended, { status, notes, error }), error);
  }

  #withAftermath(ended: EntityRunEnd, { status, notes, error }: Aftermath): EntityRunEnd {
    if (error !== null) this.#emit({ event: 'error', ...error });
    // Notes that the plan reported are not repeated.
    const told = new Set(ended.notes.map((note) => JSON.stringify(note)));
    const more = notes.filter((note) => !told.has(JSON.stringify(note)));
    const how = { ...ended, ...defined({ status: status ?? undefined }), notes: [...ended.notes, ...more] };
    return error === null ? how : { ...how, message: error.what };
  }

  /** Waits until another system has taken over the settled rows, if the config wants it. If a person stops the run, only the waiting ends. */
  async #replicated(ended: EntityRunEnd): Promise<{ readonly ended: EntityRunEnd; readonly error: ErrorDetails | null }> {
    const { spec, signal, lane, leavePlace } = this.#request;
    if (spec.replication === undefined || lane || signal.aborted) return { ended, error: null };
    const { awaitReplication, awaitsReplication } = await import('../verify/replication.ts');
    if (!awaitsReplication(spec, ended)) return { ended, error: null };
    try {
      const found = await this.#retrying('replicate', () =>
        untilDone(
          this.#ports.clock,
          (cursor) => awaitReplication(spec, this.#ports, cursor),
          signal,
          () => {
            leavePlace?.();
            this.#progress('replicating', undefined);
          },
        ),
      );
      return { ended: this.#withAftermath(ended, found), error: found.error };
    } catch (error) {
      if (signal.aborted) return { ended, error: null };
      throw error;
    }
  }

  /** Plans the run and moves its slices. Without `planned`, this very run has already ended. `ended`: there was no work. */
  async #moved(): Promise<{ readonly planned?: PlannedOutcome; readonly receipts: readonly string[] } | NothingOutcome> {
    let isLookedAgain = false;
    const losses = { count: 0, sinceMs: 0 };
    for (let again = 0; ; again++) {
      const planned = await this.#plan(again);
      if (planned === undefined) return { receipts: [] };
      if ('ended' in planned) return planned;
      this.#lost = undefined;
      try {
        return { planned, receipts: await this.#moveAll(planned) };
      } catch (error) {
        if (!(error instanceof HyggeError && needsNewSurvey(error))) throw error;
        this.#noteNotBefore(notBeforeOf(error));
        if (this.#notBefore !== undefined) await sleepUntil(this.#ports.clock, this.#notBefore, this.#request.signal);
        if (lostItsSnapshot(error)) await this.#planAgainLater(error, losses);
        else if (isLookedAgain) throw error;
        else {
          isLookedAgain = true;
          this.#onRetry({ step: 'plan', attempt: 1, wait_ms: 0, error: error.toDetails() });
        }
        this.#rowsBySlice.clear();
        this.#slicesDone = 0;
      }
    }
  }

  /** Waits a little before the next plan. If it has already waited three times, and a lost connection would no longer be tried again, it throws the error that broke the connection. */
  async #planAgainLater(error: HyggeError, losses: { count: number; sinceMs: number }): Promise<void> {
    const { clock, random } = this.#ports;
    if (losses.count++ === 0) losses.sinceMs = clock.monotonicMs();
    const cause = this.#lost ?? error;
    if (losses.count >= attemptsPerStep && clock.monotonicMs() - losses.sinceMs >= this.#waiting.patience.retryForMs) throw cause;
    const wait_ms = waitAfterMs(losses.count, random.fraction());
    this.#onRetry({ step: 'plan', attempt: losses.count, wait_ms, error: cause.toDetails() });
    await clock.sleep(wait_ms, this.#request.signal);
  }

  /** Plans the run. Undefined: this very run has already ended. */
  async #plan(again = 0): Promise<PlannedOutcome | NothingOutcome | undefined> {
    const { ids, spec, workspace, runType, wait, takeOver, lane, signal } = this.#request;
    for (let pollMs = 250; ; pollMs = Math.min(longestPollMs, pollMs * 2)) {
      signal.throwIfAborted();
      const request = { ...ids, workspace, runType, takeOver, again, startedAt: this.#startedAt, ...defined({ lane }) };
      const plan = await this.#step('plan', (cursor) =>
        this.#limited('reads', () => this.#watched('plan', () => lookAndPlan(request, this.#ports, cursor))),
      );
      if (plan.outcome === 'ended') return undefined;
      if (plan.outcome === 'nothing') return plan;
      if (plan.outcome === 'planned') {
        this.#isKnown = true;
        if (plan.rolledForward) this.#progress('rolled_forward', plan);
        return plan;
      }
      if (!wait) throw heldByOtherRun(spec, plan.lease);
      if (pollMs === 250) this.#emit({ event: 'warning', code: 'HYG-2001', message: heldByOtherRun(spec, plan.lease).what });
      await this.#ports.clock.sleep(pollMs, signal);
    }
  }

  async #moveAll(planned: PlannedOutcome): Promise<readonly string[]> {
    const stop = new AbortController();
    const signal = AbortSignal.any([this.#request.signal, stop.signal]);
    this.#progress('reading', planned);
    const chains = Array.from({ length: planned.slices }, (_, slice) => async () => {
      try {
        return await this.#moveOne(planned, slice, signal);
      } catch (error) {
        stop.abort(error);
        throw error;
      }
    });
    const settled = await Promise.allSettled(planned.inOrder ? [oneByOne(chains)] : chains.map((chain) => chain()));
    if (signal.aborted) throw signal.reason;
    const refs = settled.flatMap((outcome) => (outcome.status === 'fulfilled' ? outcome.value : []));
    return this.#fold(planned, refs);
  }

  #limited<T>(does: 'reads' | 'writes' | 'both', work: () => Promise<T>): Promise<T> {
    const { limits, spec } = this.#request;
    return limits ? limits.run(spec, { reads: does !== 'writes', writes: does !== 'reads' }, work) : work();
  }

  /** Moves one slice. While the source asks for a pause, another slice may use the place. */
  async #moveOne(planned: PlannedOutcome, slice: number, signal: AbortSignal): Promise<string[]> {
    const refs: string[] = [];
    for (let next: GoesOn | null = { cursor: undefined }; next !== null; ) {
      const { cursor, notBefore }: GoesOn = next;
      if (notBefore !== undefined) await this.#pause(notBefore, signal, planned);
      const stretch = (): Promise<GoesOn | null> => this.#moveStretch(planned, { slice, from: cursor, refs }, signal);
      // The work waits for a connection before it takes a place, so that waiting occupies no place.
      next = await this.#limited('both', () => this.#request.sliceSlots.run(stretch));
    }
    this.#slicesDone++;
    this.#progress('slice_done', planned);
    return refs;
  }

  /** Moves a slice to its end, or until the source asks for a pause. */
  async #moveStretch(
    planned: PlannedOutcome,
    { slice, from: begin, refs }: { readonly slice: number; readonly from: Json | undefined; readonly refs: string[] },
    signal: AbortSignal,
  ): Promise<GoesOn | null> {
    for (let cursor = begin; ; ) {
      signal.throwIfAborted();
      const from = cursor;
      const before = this.#rowsBySlice.get(slice) ?? 0;
      const attempt = { step: 'slice', signal, outages: this.#waiting, onRetry: this.#onRetry };
      const moved = await withRetries(this.#ports, attempt, (n) => {
        this.#attempts = Math.max(this.#attempts, n);
        let rowsNow = before;
        const request = { ...this.#request.ids, plan: planned.plan, slice, attempt: n, budgetMs: sliceBudgetMs };
        const onRows = (rows: number, hear: () => void) => {
          hear();
          rowsNow += rows;
          this.#rowsBySlice.set(slice, rowsNow);
          this.#progressNowAndThen(planned);
        };
        return this.#noted(
          this.#watched('slice', (hear) => moveSlice(request, this.#ports, { signal, onRows: (rows) => onRows(rows, hear) }, from)),
        );
      });
      const next = goesOn(moved);
      if ('done' in moved) refs.push(moved.done.receipt);
      if (next === null || next.notBefore !== undefined) return next;
      cursor = next.cursor;
    }
  }

  /** Does work of a step, and reports if the work stands still. */
  #watched<T>(step: StandstillStep, work: (hear: () => void) => Promise<T>): Promise<T> {
    const tell = (note: Note) => this.#emit({ event: 'warning', message: this.#ports.words.note(note) });
    return watched(this.#request.spec, step, { clock: this.#ports.clock, tell }, work);
  }

  /** Remembers what interrupted a slice. If the source’s snapshot ends because of the interruption, this is the reason that is reported. */
  async #noted<T>(moving: Promise<T>): Promise<T> {
    try {
      const moved = await moving;
      this.#lost = undefined;
      return moved;
    } catch (error) {
      if (error instanceof HyggeError && isTransient(error)) this.#lost = error;
      throw error;
    }
  }

  #noteNotBefore(notBefore: Instant | undefined): void {
    if (notBefore !== undefined && (this.#notBefore === undefined || notBefore > this.#notBefore)) this.#notBefore = notBefore;
  }

  /** Pauses, and reports the pause before it begins, so that a person knows why the run is silent. */
  async #pause(until: Instant, signal: AbortSignal, planned?: PlannedOutcome): Promise<void> {
    this.#noteNotBefore(until);
    this.#progress('paused', planned, { until });
    await sleepUntil(this.#ports.clock, until, signal);
    if (planned) this.#progress('reading', planned);
  }

  get #rows(): number {
    return [...this.#rowsBySlice.values()].reduce((sum, rows) => sum + rows, 0);
  }

  async #fold(planned: PlannedOutcome, refs: readonly string[]): Promise<readonly string[]> {
    const lists = foldIntoLists(refs);
    for (let step = lists.next(); ; ) {
      if (step.done) return step.value;
      const request = { ...this.#request.ids, plan: planned.plan, refs: step.value };
      step = lists.next((await this.#retrying('record', () => recordSlices(request, this.#ports))).list);
    }
  }

  #step<T>(name: string, work: (cursor: Json | undefined) => Promise<Step<T>>, until: Until = this.#request): Promise<T> {
    const onPause = (at: Instant, waitsFor?: string) => {
      // The commit waits for another system, and this entity reads no more rows. So another entity may begin.
      if (name === 'commit' && waitsFor !== undefined) this.#request.leavePlace?.();
      this.#progress('paused', undefined, { until: at, waitsFor });
    };
    return this.#retrying(name, () => untilDone(this.#ports.clock, work, until.signal, onPause), until);
  }

  #retrying<T>(step: string, work: () => Promise<T>, { signal, untilMs }: Until = this.#request): Promise<T> {
    return withRetries(this.#ports, { step, signal, untilMs, outages: this.#waiting, onRetry: this.#onRetry }, (n) => {
      this.#attempts = Math.max(this.#attempts, n);
      return work();
    });
  }

  /** Releases the claim if no commit was decided. A decided commit is still finished, and the result says so. */
  async giveUp(error: unknown): Promise<EntitySummary> {
    const { ids, spec, workspace, runType } = this.#request;
    let details = error instanceof Interrupted ? interruption(error) : detailsOf(error, spec);
    let undecided = true;
    if (!(error instanceof HyggeError && error.code === 'HYG-2001')) {
      try {
        const request = {
          ...ids,
          workspace,
          startedAt: this.#startedAt,
          runType: runType ?? spec.runType,
          error: details,
          attempts: this.#attempts,
          lane: laneName(this.#request.lane),
        };
        // A run that a person stopped is ended as carefully as any other run.
        const toTheEnd = new AbortController().signal;
        const untilMs = hasNoRetriesLeft(error) ? this.#ports.clock.monotonicMs() + givingUpMs : undefined;
        const abandoned = await this.#retrying('abandon', () => endFailedEntityRun(request, this.#ports), { signal: toTheEnd, untilMs });
        if ('error' in abandoned) details = abandoned.error;
        const decided = { ...ids, workspace, plan: '', receipts: [] };
        if (abandoned.outcome === 'settled')
          return this.summary(
            await this.#step('commit', (cursor) => this.#limited('writes', () => commitEntity(decided, this.#ports, cursor)), {
              signal: toTheEnd,
              untilMs,
            }),
            null,
          );
      } catch (second) {
        const { code, what } = detailsOf(second);
        details = maybeDecided(details);
        undecided = false;
        this.#emit({ event: 'warning', code, message: this.#ports.words.note({ code: 'claim_kept', what }) });
      }
    }
    if (!(error instanceof HyggeError || error instanceof Interrupted)) this.#ports.onDefect(error);
    const reason = undecided ? reasonOf(details) : undefined;
    if (reason === undefined) this.#emit({ event: 'error', ...details, ...failureTold(this.#request.lane) });
    return this.summary(
      {
        status: reason === undefined ? 'error' : 'skip',
        rows: 0,
        rowsRead: this.#rows,
        bytes: 0,
        parts: 0,
        watermark: null,
        where: '',
        notes: [],
        message: details.what,
      },
      details,
      reason,
    );
  }

  summary(ended: EntityRunEnd, error: ErrorDetails | null, reason?: SkipReason): EntitySummary {
    const { ids } = this.#request;
    const summary: EntitySummary = {
      flow: ids.flow,
      entity: ids.entity,
      status: ended.status,
      rows: ended.rows,
      rows_read: ended.rowsRead,
      ...apartTold(ended),
      entity_run_id: ids.entityRunId,
      watermark: ended.watermark,
      to: ended.where,
      files: ended.parts,
      bytes: ended.bytes,
      seconds: Math.round(this.#ports.clock.monotonicMs() - this.#startedMs) / 1000,
      ...messageAndCodes(this.#ports.words, ended),
      ...laneTold(this.#request.lane),
      ...defined({ error: error ?? undefined, reason }),
    };
    this.#emit({ event: 'entity_done', ...summary });
    return summary;
  }

  get #waiting(): { readonly shared: Outages; readonly patience: OutagePatience } {
    const { retryForMs, spec } = this.#request;
    const asked = retryForMs ?? configuredRetryForMs(spec);
    const hasEverWorked = async () => this.#isKnown || (await this.#hasSettled());
    return {
      shared: this.#outages,
      patience: { retryForMs: asked ?? defaultRetryForMs, isConfigured: asked !== undefined, hasEverWorked },
    };
  }

  async #hasSettled(): Promise<boolean> {
    try {
      const { row } = await readRow(this.#ports, this.#request.spec);
      this.#isKnown = row !== undefined && row.settled !== null;
    } catch {
      // Reading the state fails as well if the state is in the system that does not answer.
    }
    return this.#isKnown;
  }

  readonly #onRetry = (retry: Retry): void => {
    this.#emit({ event: 'retry', ...retry });
  };

  /** Reports progress a few times a second at most, because rows arrive frame by frame, and a person can’t read faster. */
  #progressNowAndThen(planned: PlannedOutcome): void {
    const now = this.#ports.clock.monotonicMs();
    if (now - this.#toldMs < progressEveryMs) return;
    this.#toldMs = now;
    this.#progress('reading', planned);
  }

  #progress(stage: EntityStage, planned: PlannedOutcome | undefined, pause?: Pause): void {
    this.#emit({
      event: 'progress',
      stage,
      rows: this.#rows,
      rows_total: planned?.rows ?? null,
      slices_done: this.#slicesDone,
      slices: planned?.slices ?? 0,
      ...defined({ not_before: pause?.until, waits_for: pause?.waitsFor }),
    });
  }

  #emit(body: EventBody): void {
    this.#ports.emit({ ...eventBase(this.#request.ids, this.#ports), ...body });
  }
}

function goesOn(moved: Step<SliceResult>): GoesOn | null {
  if ('again' in moved) return { cursor: moved.again, notBefore: moved.notBefore };
  const { cursor, notBefore } = moved.done;
  return cursor === null ? null : { cursor, notBefore };
}

/** Why an entity was skipped, if the error is not a failure. Undefined: the error is a failure. */
function reasonOf({ code }: ErrorDetails): 'held' | 'interrupted' | undefined {
  if (code === 'HYG-2001') return 'held';
  return code === interruptedCode ? 'interrupted' : undefined;
}

async function oneByOne(chains: ReadonlyArray<() => Promise<string[]>>): Promise<string[]> {
  const all: string[] = [];
  for (const chain of chains) all.push(...(await chain()));
  return all;
}

function apartTold({ quarantined = 0, rowsSettled = 0 }: EntityRunEnd): Pick<EntitySummary, 'rows_settled' | 'quarantined'> {
  return quarantined === 0 ? {} : { rows_settled: rowsSettled, quarantined };
}
