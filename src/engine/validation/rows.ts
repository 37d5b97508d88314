/** What becomes of rows that break rules: which rows end the run. */

import { type Measures, ownOf } from '../../frames/rules/measures.ts';
import type { Samples } from '../../frames/rules/sample.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { ruleBroken, tooManyApart } from '../errors/validation.ts';

interface JudgedSoFar {
  readonly measures: Measures;
  readonly samples: Samples;
  /** The number of rows that are apart, for any reason. */
  readonly broken: number;
  readonly quarantined: number;
}

/** Throws as soon as the run must fail, whatever rows follow: HYG-2121 if a row breaks a rule that ends the run, HYG-2122 if too many rows are apart. */
export function mustGoOn(spec: EntitySpec, { measures, samples, broken, quarantined }: JudgedSoFar): void {
  const most = spec.validation?.maxQuarantined ?? null;
  const failing = (spec.validation?.rules ?? []).filter(
    ({ name, severity }) => severity === 'fail' && (ownOf(measures.broken, name) ?? 0) > 0,
  );
  if (failing.length > 0) throw ruleBroken(spec, failing, { measures, samples });
  const apart = broken + quarantined;
  if (most !== null && 'rows' in most && apart > most.rows) throw tooManyApart(spec, { apart, of: null, most });
}

/** The same check for all rows of the run, after the last one. @param read how many rows were read, including unreadable ones. */
export function mustSettle(spec: EntitySpec, judged: JudgedSoFar & { readonly read: number }): void {
  mustGoOn(spec, judged);
  const most = spec.validation?.maxQuarantined ?? null;
  const apart = judged.broken + judged.quarantined;
  if (most !== null && 'percent' in most && apart * 100 > most.percent * judged.read)
    throw tooManyApart(spec, { apart, of: judged.read, most });
}

/** The columns that polish fills with another value in each run. */
export function stampedColumns({ polish }: EntitySpec): readonly string[] {
  return (polish?.added ?? []).filter(({ what }) => what !== 'constant' && what !== 'source file').map(({ name }) => name);
}
