/** What a newest value has to be, to be a watermark. */

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

/** A database writes a number with the digits that the value has; ours are those of the type that it is read as. */
export function canonicalBound(place: string, { name, type }: Pick<SourceColumn, 'name' | 'type'>, newest: string): string {
  if (type.kind !== 'decimal') return newest;
  const key = parsedKey(type, newest);
  if (key === undefined) throw watermarkDoesNotFit(place, { name, type: describeType(type) }, newest);
  return watermarkText(type, key);
}

/** So many of the newest ids are looked at, and as many of the newest and of the oldest times that are text. */
export const newestIdsSampled = 1_000;

/** Ids that begin with a time rise; one of another kind among them may come above all that are made later, and another below. */
export function idsMustRise(place: string, { name }: Pick<SourceColumn, 'name'>, newest: readonly Row[]): void {
  const random = newest.find(({ newest: id }) => id != null && isRandomId(id));
  if (random?.newest != null) throw someIdsRandom(place, name, { id: random.newest, of: newest.length });
}
