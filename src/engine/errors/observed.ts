/** Why a run stops whose source has no newest value to ask for. Codes: src/errors/codes/watermark.ts. */
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
    what: `The source of ${entityName(spec)} tells its newest ${column} only by being read, and watermark.lag is not set.`,
    why: ['The largest value seen would become the watermark: rows that come a little later with a smaller one would never be read.'],
    tryThis: [
      'Say how late rows may come: watermark.lag: 1h, or 2d. Rows younger than that wait for a later run',
      'Or read so much of the past again at each run: watermark.overlap: 2d (a store that can replace a range)',
      'Or load everything at each run: run_type: full_drop, without watermark',
    ],
    where: spec.where,
  });
}

export function observedById(spec: EntitySpec, { column, type }: Column, store: Store): FlowError {
  return new FlowError({
    code: 'HYG-2082',
    what: `The source of ${entityName(spec)} tells its newest ${column} only by being read, and ${column} is ${describeType(type)}, no time.`,
    why: [
      'No lag can say how late a row with a smaller value may come. Such rows are safe only where each is known by its key and merged.',
      store.writes.has('merge') ? 'watermark.key is not set.' : `${store.where} cannot merge by key.`,
    ],
    tryThis: [
      'Take a column of times as watermark.column, with watermark.lag and boundary: open',
      ...(store.writes.has('merge')
        ? ['Or name the key of the rows: watermark.key: [id]']
        : ['Or choose a store that merges, with watermark.key']),
      'Or load everything at each run: run_type: full_drop, without watermark',
    ],
    where: spec.where,
  });
}

/** @param pair of neighbours; null: two rows of one page. */
export function notAscending(
  spec: EntitySpec,
  column: string,
  pair: { readonly before: string; readonly after: string } | null,
): FlowError {
  return new FlowError({
    code: 'HYG-2104',
    what: `The source of ${entityName(spec)} does not list its rows in ascending order of ${column}${pair ? `: after ${pair.before} came ${pair.after}` : ''}.`,
    why: [
      'The largest value read becomes the watermark: a row that comes later with the same or a smaller one would never be read. Nothing was committed.',
    ],
    tryThis: [
      'Have the source sort by that column, each value once',
      'Or take a column of times, with watermark.lag',
      'Or load everything at each run: run_type: full_drop, without watermark',
    ],
    where: spec.where,
  });
}

export function lagWithoutTime(spec: EntitySpec, { column, type }: Column): FlowError {
  return new FlowError({
    code: 'HYG-2082',
    what: `watermark.lag of ${entityName(spec)} needs a time, but ${column} is ${describeType(type)}.`,
    why: ['A lag holds back rows younger than so long; this column does not say how old a row is.'],
    tryThis: ['Take watermark.lag away', 'Or choose a column with a timestamp or date in watermark.column'],
    where: spec.where,
  });
}

export function clockWithoutTime(spec: EntitySpec, { column, type }: Column): FlowError {
  return new FlowError({
    code: 'HYG-2083',
    what: `The source of ${entityName(spec)} says with its clock how far it can be read, but ${column} is ${describeType(type)}.`,
    why: ['Only a time can be compared with a clock.'],
    tryThis: [
      ...(type.kind === 'string' ? [`If its texts are times, declare that in the home: types: { ${column}: timestamptz }`] : []),
      ...(isInteger(type)
        ? [
            `If ${column} counts seconds or milliseconds since 1970, and the home has window.format: epoch_s, or epoch_ms`,
            `If ${column} is any other number that only grows, and the home has clock: clock: none. The run then reads up to the largest one`,
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
    what: `The source of ${entityName(spec)} is read up to its clock, so watermark.future: take can't be kept.`,
    why: ['Rows with a time in the future are not read yet: this source returns them when their time has come.'],
    tryThis: ['Take watermark.future away: such rows wait'],
    where: spec.where,
  });
}
