/** What happens to rows that break rules, and which of these rows end the run. */

import { type Measures, ownOf } from '../../frames/rules/measures.ts';
import type { Samples } from '../../frames/rules/sample.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import { ruleBroken, tooManyApart } from '../errors/validation.ts';

interface JudgedSoFar {
  readonly measures: Measures;
  readonly samples: Samples;
  /** How many rows are set apart, for any reason. */
  readonly broken: number;
  readonly quarantined: number;
}

/** Throws as soon as it is certain that the run fails, whatever rows follow. HYG-2121: a row breaks a rule that ends the run. HYG-2122: too many rows are set apart. */
export function mustGoOn(spec: EntitySpec, { measures, samples, broken, quarantined }: JudgedSoFar): void {
  const most = spec.validation?.maxQuarantined ?? null;
  const failing = (spec.validation?.rules ?? []).filter(
    ({ name, severity }) => severity === 'fail' && (ownOf(measures.broken, name) ?? 0) > 0,
  );
  if (failing.length > 0) throw ruleBroken(spec, failing, { measures, samples });
  const apart = broken + quarantined;
  if (most !== null && 'rows' in most && apart > most.rows) throw tooManyApart(spec, { apart, of: null, most });
}

/** Checks all rows of the run in the same way, after the last row. @param read how many rows were read, including unreadable rows. */
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
