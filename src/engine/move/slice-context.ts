/** What the step of a slice gets, whatever the work of the slice is. */
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
  /** Milliseconds after which the step stops at the first checkpoint. */
  readonly budgetMs: number;
  /** The most milliseconds of a comparison of keys. It can't be divided over steps, so a longer one is refused (HYG-2090). Absent: there is no limit. */
  readonly comparesWithinMs?: number;
}

/** What a driver gives a running slice: a signal that stops it, and callbacks that report its progress. */
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

/** What an attempt moved, and where the next one continues; null: the slice is complete. */
export interface MovedSlice extends Moved {
  readonly next: Resumption | null;
}
