/** What a newest value must be like, to be a watermark. */

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

/** A database writes a number with the digits of the value; ours has the digits of the column's type. */
export function canonicalBound(place: string, { name, type }: Pick<SourceColumn, 'name' | 'type'>, newest: string): string {
  if (type.kind !== 'decimal') return newest;
  const key = parsedKey(type, newest);
  if (key === undefined) throw watermarkDoesNotFit(place, { name, type: describeType(type) }, newest);
  return watermarkText(type, key);
}

/** How many of the newest ids are checked, and how many of the newest and oldest times that are texts. */
export const newestIdsSampled = 1_000;

/** Ids that begin with a time increase. An id of another kind may be above all later ids, or below them. */
export function idsMustRise(place: string, { name }: Pick<SourceColumn, 'name'>, newest: readonly Row[]): void {
  const random = newest.find(({ newest: id }) => id != null && isRandomId(id));
  if (random?.newest != null) throw someIdsRandom(place, name, { id: random.newest, of: newest.length });
}
