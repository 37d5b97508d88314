/** Checks whether the newest value of a column can be a watermark. */

import { describeType } from '../../frames/describe-type.ts';
import { isRandomId } from '../../frames/times/text-order.ts';
import { parsedKey, watermarkText } from '../../frames/watermark-text.ts';
import type { Engine, Row, Session, SourceColumn } from '../engine.ts';
import { someIdsRandom, watermarkDoesNotFit, watermarkReadAsText } from '../errors.ts';

export function watermarkMustBeOrdered<K, S extends Session>(
  { readAsNumberAdvice }: Pick<Engine<K, S>, 'readAsNumberAdvice'>,
  place: string,
  { name, shownAsText, sourceType = '' }: SourceColumn,
): void {
  if (shownAsText) throw watermarkReadAsText(place, name, sourceType, readAsNumberAdvice?.(name));
}

/** The newest number as a watermark. The database writes a number with the digits of the value, but a watermark has the digits of the column’s type. */
export function canonicalBound(place: string, { name, type }: Pick<SourceColumn, 'name' | 'type'>, newest: string): string {
  if (type.kind !== 'decimal') return newest;
  const key = parsedKey(type, newest);
  if (key === undefined) throw watermarkDoesNotFit(place, { name, type: describeType(type) }, newest);
  return watermarkText(type, key);
}

/** The number of newest ids that are checked. Also the number of newest, and of oldest, times that are checked if times are texts. */
export const newestIdsSampled = 1_000;

/** Requires ids that begin with a time, because such ids increase. An id of another kind may be above all later ids, or below all of them. */
export function idsMustRise(place: string, { name }: Pick<SourceColumn, 'name'>, newest: readonly Row[]): void {
  const random = newest.find(({ newest: id }) => id != null && isRandomId(id));
  if (random?.newest != null) throw someIdsRandom(place, name, { id: random.newest, of: newest.length });
}
