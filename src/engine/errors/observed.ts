/** Why a run stops if its source can't answer a newest value. Codes: src/errors/codes/watermark.ts. */
import { entityName } from '../../errors/as-argument.ts';
import { FlowError } from '../../errors/hygge-error.ts';
import { describeType } from '../../frames/describe-type.ts';
import { isInteger } from '../../frames/times/future.ts';
import type { Watermark } from '../../frames/watermark.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import type { Store } from '../contracts/store.ts';

type Column = Pick<Watermark, 'column' | 'type'>;

export function newestOnlyByReadingWithoutLag(spec: EntitySpec, column: string): FlowError {
  return new FlowError({
    code: 'HYG-2081',
    what: `The source of ${entityName(spec)} shows its newest ${column} only when it is read, and watermark.lag is not set.`,
    why: ['The largest value would become the watermark. hygge would never read a row that appears later with a smaller value.'],
    tryThis: [
      'Set how late rows may appear: watermark.lag: 1h, or 2d. Newer rows wait for a later run',
      'Or read a part of the past again in each run: watermark.overlap: 2d (needs a store that can replace a range)',
      'Or load everything at each run: run_type: full_drop, without watermark',
    ],
    where: spec.where,
  });
}

export function observedById(spec: EntitySpec, { column, type }: Column, store: Store): FlowError {
  return new FlowError({
    code: 'HYG-2082',
    what: `The source of ${entityName(spec)} shows its newest ${column} only when it is read, and ${column} is ${describeType(type)}, not a time.`,
    why: [
      'A lag needs a time. Without a lag, rows that appear later with a smaller value are safe only if they are merged by a key.',
      store.writes.has('merge') ? 'watermark.key is not set.' : `${store.where} cannot merge by key.`,
    ],
    tryThis: [
      'Use a column of times as watermark.column, with watermark.lag and boundary: open',
      ...(store.writes.has('merge')
        ? ['Or name the key of the rows: watermark.key: [id]']
        : ['Or choose a store that merges, with watermark.key']),
      'Or load everything at each run: run_type: full_drop, without watermark',
    ],
    where: spec.where,
  });
}

/** @param pair two neighbouring values that do not ascend; null: the two rows are on one page. */
export function notAscending(
  spec: EntitySpec,
  column: string,
  pair: { readonly before: string; readonly after: string } | null,
): FlowError {
  return new FlowError({
    code: 'HYG-2104',
    what: `The source of ${entityName(spec)} does not list its rows in ascending order of ${column}${pair ? `: after ${pair.before} came ${pair.after}` : ''}.`,
    why: [
      'The largest value becomes the watermark. hygge would never read a row that appears later with the same or a smaller value. Nothing was committed.',
    ],
    tryThis: [
      'Let the source sort by that column, with each value once',
      'Or use a column of times, with watermark.lag',
      'Or load everything at each run: run_type: full_drop, without watermark',
    ],
    where: spec.where,
  });
}

export function lagWithoutTime(spec: EntitySpec, { column, type }: Column): FlowError {
  return new FlowError({
    code: 'HYG-2082',
    what: `watermark.lag of ${entityName(spec)} needs a time, but ${column} is ${describeType(type)}.`,
    why: ['A lag delays rows that are too new, but this column does not show how old a row is.'],
    tryThis: ['Remove watermark.lag', 'Or choose a column with a timestamp or date in watermark.column'],
    where: spec.where,
  });
}

export function clockWithoutTime(spec: EntitySpec, { column, type }: Column): FlowError {
  return new FlowError({
    code: 'HYG-2083',
    what: `The source of ${entityName(spec)} can be read up to its present time, but ${column} is ${describeType(type)}.`,
    why: ['Only a time can be compared with the present time.'],
    tryThis: [
      ...(type.kind === 'string' ? [`If its texts are times, declare that in the home: types: { ${column}: timestamptz }`] : []),
      ...(isInteger(type)
        ? [
            `If ${column} counts seconds or milliseconds since 1970, and the home supports the key, set window.format: epoch_s, or epoch_ms`,
            `If ${column} is any other number that only grows, and the home supports the key, set clock: none. The run then reads up to the largest number`,
          ]
        : []),
      'Choose a column with a timestamp or date in watermark.column',
      'Or load everything at each run: run_type: full_drop, without watermark',
    ],
    where: spec.where,
  });
}

export function clockTakesNoFuture(spec: EntitySpec): FlowError {
  return new FlowError({
    code: 'HYG-2083',
    what: `The source of ${entityName(spec)} is read up to its present time, so watermark.future: take has no effect.`,
    why: ['This source returns rows with a time in the future only after that time.'],
    tryThis: ['Remove watermark.future, so that such rows wait'],
    where: spec.where,
  });
}
