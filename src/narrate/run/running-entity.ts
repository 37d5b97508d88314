import type { DriftTold, EventBase, EventBody, HyggeEvent } from '../../ports/events.ts';
import { createPace, type Pace } from '../text/pace.ts';
import { shownEntity } from '../text/visible.ts';
import { backfill } from '../work/backfill.ts';
import { workOfMode } from '../work/kinds.ts';
import { live } from '../work/live.ts';
import type { WorkWords } from '../work/work-words.ts';
import { type PlanRemark, remarksOf } from './drift-lines.ts';

export type EventOf<Name extends EventBody['event']> = EventBase & Extract<EventBody, { readonly event: Name }>;

export type Stage = EventOf<'progress'>['stage'] | 'started' | 'waiting';

/** One running entity, built from its events. */
export interface RunningEntity {
  readonly label: string;
  readonly flow: string;
  readonly entity: string;
  readonly sinceMs: number;
  readonly pace: Pace;
  stage: Stage;
  rows: number;
  rowsTotal: number | null;
  slices: number;
  slicesDone: number;
  detail: string | null;
  /** The systems that the entity may wait for, with the names in the plan; null: not known yet. */
  sides: string | null;
  /** Warnings of the plan, which are shown when the run ends with a warning. */
  remarks: readonly PlanRemark[];
  /** The differences between the source's columns and the settled ones. */
  drift: readonly DriftTold[];
  work: WorkWords;
  /** A backfill updates and inserts rows by their key: such a backfill removes no rows, and the number of new rows is unknown. */
  updatesByKey: boolean;
  /** How exactly the plan knows the number of rows. */
  expects: 'exactly' | 'about' | 'unknown';
  /** The time of the last progress event. */
  heardAtMs: number;
  /** The time of the last permanent progress line. */
  toldAtMs: number;
  /** Whether the line `Settling … into the store` was printed. */
  settlingTold: boolean;
  /** Whether the line about the wait for replication was printed. */
  replicatingTold: boolean;
  /** For `paused`: the end of the pause. */
  pausedUntilMs: number | null;
  /** The task that another system must finish before the run continues; null: the pause has another reason. */
  waitsFor: string | null;
  /** The last pause that was printed. */
  waitToldFor: string | null;
  /** The beginning and the end of a wait for a retry. */
  retry: { readonly attempt: number; readonly untilMs: number } | null;
}

/** The time of an event in milliseconds; 0 if the event has no readable time. */
export function timeOf(event: HyggeEvent): number {
  const ms = Date.parse(event.ts);
  return Number.isNaN(ms) ? 0 : ms;
}

export function keyOf(flow: string, entity: string): string {
  return JSON.stringify([flow, entity]);
}

/** @param label the name on the screen */
export function begin(flow: string, entity: string, nowMs: number, label = shownEntity(flow, entity)): RunningEntity {
  return {
    label,
    flow,
    entity,
    sinceMs: nowMs,
    pace: createPace(),
    stage: 'started',
    rows: 0,
    rowsTotal: null,
    slices: 0,
    slicesDone: 0,
    detail: null,
    sides: null,
    remarks: [],
    drift: [],
    work: live,
    updatesByKey: false,
    expects: 'exactly',
    heardAtMs: nowMs,
    toldAtMs: nowMs,
    settlingTold: false,
    replicatingTold: false,
    pausedUntilMs: null,
    waitsFor: null,
    waitToldFor: null,
    retry: null,
  };
}

/** If a read begins at a watermark, it finds fewer rows than its slices contain. So no total is shown. */
export function foresee(running: RunningEntity, plan: EventOf<'plan'>): void {
  running.heardAtMs = timeOf(plan);
  running.sides = `${plan.from} or ${plan.to}`;
  running.work = workOfMode(plan.mode);
  running.updatesByKey = running.work === backfill && plan.write?.mode === 'merge' && plan.replaces.length === 0;
  running.drift = plan.drift ?? [];
  running.remarks = remarksOf(plan);
  if (plan.rows.exact || plan.slices === 0) running.expects = 'exactly';
  else running.expects = plan.window.lower === null ? 'about' : 'unknown';
}

export function advance(running: RunningEntity, event: EventOf<'progress'>): void {
  running.heardAtMs = timeOf(event);
  running.stage = event.stage;
  running.rows = event.rows;
  running.rowsTotal = running.expects === 'unknown' ? null : event.rows_total;
  running.slices = event.slices;
  running.slicesDone = event.slices_done;
  running.detail = event.detail ?? null;
  running.pausedUntilMs = event.not_before === undefined ? null : Date.parse(event.not_before);
  running.waitsFor = event.waits_for ?? null;
  running.retry = null;
  running.pace.add(timeOf(event), event.rows);
}

const talkative: readonly Stage[] = ['started', 'claimed', 'reading', 'slice_done', 'committing'];

/** Milliseconds since the last event; 0 if the time is short, or if the reason for the wait is known. */
export function silenceOf({ stage, retry, heardAtMs }: RunningEntity, nowMs: number): number {
  return talkative.includes(stage) && retry === null ? Math.max(0, nowMs - heardAtMs) : 0;
}
