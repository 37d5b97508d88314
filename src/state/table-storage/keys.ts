import type { Instant } from '../../ports/values.ts';
import { decodeSegment, encodeSegment } from '../../workspace/names.ts';
import { inverted, invertedMillis, lastMillis, millisOf } from '../inverted-time.ts';

/**
 * Keys in the table. Partition: the flow. Rows: `s|entity` state, `j|inverted time|entity run` journal, `e|entity run` a mark: this entity run is in the
 * journal, `r|current|lane` and `r|inverted time|run` runs, `w|inverted time|wait` waits for replication. Names become plain ASCII: keys can’t contain `/ \
 * # ?` or control characters, `%` confuses proxies and libraries, and continuation tokens are sent in headers.
 */

const mark = '~';

/** The name as a part of a key. The text that `encodeSegment` produces never contains `~`. */
export function keyPart(name: string): string {
  return encodeSegment(name).replaceAll('%', mark);
}

/** The name in a part of a key. Undefined: the name was too long for a key, so the key contains a shortened name. */
export function nameIn(part: string): string | undefined {
  return decodeSegment(part.replaceAll(mark, '%'));
}

export const stateKey = (entity: string): string => `s|${keyPart(entity)}`;
export const journalKey = (finished: Instant, entityRunId: string): string => `j|${inverted(finished)}|${keyPart(entityRunId)}`;
export const markKey = (entityRunId: string): string => `e|${keyPart(entityRunId)}`;
export const currentRunKey = (lane: string): string => `r|current|${keyPart(lane)}`;
export const runKey = (started: Instant, runId: string): string => `r|${inverted(started)}|${keyPart(runId)}`;
export const waitKey = (started: Instant, waitId: string): string => `w|${inverted(started)}|${keyPart(waitId)}`;

/** Row keys `from ≤ key < to`. */
export interface KeyRange {
  readonly from: string;
  readonly to: string;
}

export const stateKeyRange: KeyRange = { from: 's|', to: 's}' };
export const journalKeyRange: KeyRange = { from: 'j|', to: 'j}' };
/** Keys of past runs, without the rows of current runs. */
export const pastRunKeyRange: KeyRange = { from: 'r|0', to: 'r|:' };
export const waitKeyRange: KeyRange = { from: 'w|0', to: 'w|:' };

/** Keys of the current runs of all lanes with this prefix. */
export function currentRunKeys(lanes: string): KeyRange {
  const from = currentRunKey(lanes);
  return { from, to: `${from.slice(0, -1)}${String.fromCharCode(from.charCodeAt(from.length - 1) + 1)}` };
}

/** The part of a range of inverted times before an instant. */
export function keysBefore({ from, to }: KeyRange, instant: Instant): KeyRange {
  return { from: `${from.slice(0, 2)}${invertedMillis(lastMillis - millisOf(instant) + 1)}`, to };
}

/** The part of a range of inverted times from an instant on. */
export function since({ from, to }: KeyRange, instant: Instant): KeyRange {
  return { from, to: keysBefore({ from, to }, instant).from };
}
