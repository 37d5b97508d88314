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

/** One entity run under way, as the events tell it. */
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
  /** The systems that a wait may be for, as the plan names them; null: not known yet. */
  sides: string | null;
  /** What the plan warned of; told when the run ends with a warning. */
  remarks: readonly PlanRemark[];
  /** How the source's columns differ from those that settled. */
  drift: readonly DriftTold[];
  work: WorkWords;
  /** A backfill updates and inserts rows by their key: none is removed, and how many are new is not known. */
  updatesByKey: boolean;
  /** What the plan knows of the rows to come. */
  expects: 'exactly' | 'about' | 'unknown';
  /** When an event last told how far it is. */
  heardAtMs: number;
  /** Progress was last put into a line of its own at this time. */
  toldAtMs: number;
  /** `Settling … into the store` was said. */
  settlingTold: boolean;
  /** That its replication is waited for was said. */
  replicatingTold: boolean;
  /** Of `paused`: until when. */
  pausedUntilMs: number | null;
  /** What another system has to do first; null: the pause has another reason. */
  waitsFor: string | null;
  /** The last one of these that was reported. */
  waitToldFor: string | null;
  /** Since when a retry is being waited for, and until when. */
  retry: { readonly attempt: number; readonly untilMs: number } | null;
}

/** Milliseconds of an event; 0 where it has no readable time. */
export function timeOf(event: HyggeEvent): number {
  const ms = Date.parse(event.ts);
  return Number.isNaN(ms) ? 0 : ms;
}

export function keyOf(flow: string, entity: string): string {
  return JSON.stringify([flow, entity]);
}

/** @param label what it is called on the screen */
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

/** A read that begins at a watermark finds fewer rows than the pieces it looks into hold: then nothing is foretold. */
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

/** Milliseconds since it was last heard of; 0 while that is nothing to speak of, or known for what it is. */
export function silenceOf({ stage, retry, heardAtMs }: RunningEntity, nowMs: number): number {
  return talkative.includes(stage) && retry === null ? Math.max(0, nowMs - heardAtMs) : 0;
}
