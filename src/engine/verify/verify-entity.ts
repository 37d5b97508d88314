/** `hygge verify` of one entity: compares its source with the settled rows. It reads both sides and the state, takes no lease, and is read-only. */
import { Interrupted } from '../../errors/hygge-error.ts';
import { readable } from '../../errors/readable.ts';
import type { Comparison, ComparisonPlan, ComparisonProgress, VerifyRequest } from '../../ports/answers/comparison.ts';
import type { NotToldBecause } from '../../ports/state.ts';
import type { EnginePorts } from '../contracts/ports.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { detailsOf } from '../errors/details.ts';
import { compareOnce } from './one-comparison.ts';
import { ComparisonPaused, type Pausing } from './steps/paused-comparison.ts';

export interface VerifyContext {
  readonly ports: EnginePorts;
  readonly signal: AbortSignal;
  /** Called before rows are read. Called again if a run settled meanwhile. */
  readonly planned: (plan: ComparisonPlan) => void;
  readonly tell: (progress: ComparisonProgress) => void;
  /** How many comparisons this process makes at the same time. They share the memory for hashes of rows. */
  readonly atOnce: number;
  /** How the comparison pauses. Absent: it is made in one step. */
  readonly pausing?: Pausing;
}

/** How many times rows are compared, if a run settles meanwhile. */
const mostComparisons = 3;

/** Throws errors of the request, and ComparisonPaused if the time of a step is over. Errors of the two sides are part of the answer. */
export async function verifyEntity(spec: EntitySpec, request: VerifyRequest, context: VerifyContext): Promise<Comparison> {
  const { clock } = context.ports;
  const started = clock.monotonicMs();
  const seconds = () => Math.round((clock.monotonicMs() - started) / 10) / 100;
  let plan: ComparisonPlan | null = null;
  const planned = (made: ComparisonPlan): void => {
    plan = made;
    context.planned(made);
  };
  try {
    const moved = context.pausing?.left?.moved ?? 0;
    for (let left = mostComparisons - moved; ; left--) {
      const found = await compareOnce(spec, request, { ...context, planned, moved: mostComparisons - left });
      if (found !== 'moved') return { ...notTold(spec), ...found, plan, seconds: seconds() };
      if (left <= 1) return { ...notTold(spec, 'changed meanwhile'), plan, seconds: seconds() };
    }
  } catch (error) {
    if (error instanceof ComparisonPaused) throw error;
    if (error instanceof Interrupted || context.signal.aborted) return { ...notTold(spec, 'stopped'), plan, seconds: seconds() };
    return { ...notTold(spec), plan, seconds: seconds(), error: detailsOf(readable(error), spec) };
  }
}

function notTold({ flow, entity }: EntitySpec, because: NotToldBecause | null = null): Comparison {
  const told = { verdict: 'not told', by: 'checksums', ok: false, because, error: null } as const;
  return {
    flow,
    entity,
    ...told,
    plan: null,
    rows: null,
    differences: null,
    differing: [],
    repair: null,
    sums: null,
    source_as_settled: null,
    replica: null,
    settled_read_at: null,
    proof: null,
    work: null,
    seconds: 0,
  };
}
