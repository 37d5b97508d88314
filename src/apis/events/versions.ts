/**
 * Versions of changed records, for sources that list changes. A version consists of a second, and of the record’s position among the changes of that second. The
 * second is the time of the change or of the run. If a record has two changes, the later change is written.
 */
import type { DataType } from '../../frames/schema.ts';

/** The name of the version column, as `changeVersionColumn` of the engine. */
export const versionColumn = '_change_version';
export const versionType: DataType = { kind: 'int64' };

const perSecond = 1_000_000_000n;
/** The largest position that a record can have in a second. */
export const lastPlace = perSecond - 1n;

/** @param second since 1970. @param place the position of the record in the second, from 0 to `lastPlace`. */
export function versionOf(second: bigint, place: bigint): string {
  return String(second * perSecond + place);
}

/** The second of a version, counted since 1970. */
export function secondOf(version: string): bigint {
  return BigInt(version) / perSecond;
}
