import type { ErrorDetails } from '../../src/ports/events.ts';
import { defined, type Json } from '../../src/ports/values.ts';
import type { Course, OrchestrationContext } from '../durable.ts';
import { type EntityInput, orchestrators } from '../run-input.ts';
import { folded, moveSlices, type SlicesInput, type SlicesOutcome, slicesPerStretch } from './slices.ts';
import { crashAnswer } from './step.ts';

/** The slices of an entity's plan. */
export interface PlannedSlices {
  readonly plan: string;
  readonly slices: number;
  readonly inOrder: boolean;
  /** How many slices run at once, if connections allow fewer than usual. */
  readonly atOnce?: number;
}

interface MovedSlices {
  /** Names of receipts, or of lists of receipts. */
  readonly receipts: readonly string[];
  readonly rows: number;
}

interface FailedSlices {
  readonly failed: ErrorDetails;
  readonly attempts: number;
}

/** The first group of slices runs here, so that a small entity needs one orchestration. Every other group has its own orchestration, to keep histories short. */
export function* moveAll(
  durable: OrchestrationContext,
  of: EntityInput,
  plan: PlannedSlices,
  turn: 'first' | 'again',
): Course<MovedSlices | FailedSlices> {
  const receipts: string[] = [];
  let rows = 0;
  let from: SlicesInput['from'] = 0;
  let goesOn: Pick<SlicesInput, 'cursor' | 'notBefore'> = {};
  for (let stretch = 0; from < plan.slices; stretch++) {
    const told = { stage: 'moving', slices: plan.slices, done: from, rows };
    if (stretch === 0) durable.status(told);
    const to = Math.min(plan.slices, from + slicesPerStretch);
    const { inOrder, atOnce } = plan;
    const most = defined({ atOnce });
    const input: SlicesInput = { ...of, plan: plan.plan, from, to, inOrder, ...most, ...goesOn };
    const moved =
      stretch === 0
        ? yield* moveSlices(durable, input)
        : yield* elsewhere(durable, input, { name: turn === 'again' ? `again-s${stretch}` : `s${stretch}`, told });
    if ('failed' in moved) return moved;
    receipts.push(...moved.receipts);
    rows += moved.rows;
    const { slice = to, ...next } = moved.next ?? {};
    from = slice;
    goesOn = next;
  }
  const lists = yield* folded(durable, { ...of, plan: plan.plan }, receipts);
  return 'failed' in lists ? lists : { receipts: lists.refs, rows };
}

function* elsewhere(
  durable: OrchestrationContext,
  input: SlicesInput,
  { name, told }: { readonly name: string; readonly told: { readonly [key: string]: Json } },
): Course<SlicesOutcome> {
  const id = `${durable.instance}-${name}`;
  durable.status({ ...told, under: id });
  try {
    return (yield* durable.child({ orchestrator: orchestrators.slices, input: input as unknown as Json, id })) as SlicesOutcome;
  } catch (error) {
    return { failed: crashAnswer(error, 1).error, attempts: 1 };
  }
}
