/** What the step of a slice gets, whatever kind of work the slice is. */
import type { SliceRef } from '../contracts/home.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import type { Plan, RunIds } from '../contracts/records.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import type { Moved } from '../records/receipts.ts';
import type { Resumption } from './frame-stream.ts';

export interface MoveRequest extends RunIds {
  readonly plan: string;
  readonly slice: number;
  readonly attempt: number;
  /** After this time, in milliseconds, the step stops at the next checkpoint. */
  readonly budgetMs: number;
  /** How long a comparison of keys may take, in milliseconds. It can’t be divided into steps, so a longer comparison is refused (HYG-2090). Absent: it may take any time. */
  readonly comparesWithinMs?: number;
}

/** What a driver gives to a running slice: a signal that stops the slice, and functions that are told about its progress. */
export interface SliceWatcher {
  readonly signal: AbortSignal;
  readonly onRows: (rows: number) => void;
}

/** One attempt at a slice. */
export interface SliceContext {
  readonly ports: EnginePorts;
  readonly spec: EntitySpec;
  readonly plan: Plan;
  readonly slice: SliceRef;
  readonly request: MoveRequest;
  readonly watching: SliceWatcher;
}

/** What an attempt moved, and where the next attempt continues. Null: the slice is complete. */
export interface MovedSlice extends Moved {
  readonly next: Resumption | null;
}
