/** The places of unreadable rows in the window, by their watermark. */
import type { RejectedRow } from '../../frames/values/rejected-rows.ts';
import { rejectedFingerprint } from '../../frames/values/rejected-rows.ts';
import type { Fingerprint } from '../../frames/watermark.ts';
import { compareWatermarks } from '../../frames/watermark-text.ts';
import type { Edge, Window } from '../contracts/home.ts';

export const hasPlace = ({ watermark }: RejectedRow): boolean => watermark !== undefined;

/** The rows with their watermarks. If the source counts a value as inside the window, but the value’s text is outside of the window, it is not known where the row lies. */
export function placedIn(rows: readonly RejectedRow[], window: Window): readonly RejectedRow[] {
  return rows.map((row) => (isInside(row, window) ? row : withoutPlace(row)));
}

/** The fingerprint of the open boundary group’s unreadable rows. It is added to the fingerprint of the group. */
export function groupFingerprintOf(rows: readonly RejectedRow[]): Fingerprint {
  return rejectedFingerprint(rows.filter(hasPlace));
}

function withoutPlace({ watermark: _, ...row }: RejectedRow): RejectedRow {
  return row;
}

function isInside({ watermark: text }: RejectedRow, { column, lower, upper, nulls }: Window): boolean {
  if (text === undefined || column === null) return true;
  if (text === null) return nulls === 'include';
  const beyond = (edge: Edge | null, sign: 1 | -1) => {
    if (edge === null) return false;
    const order = sign * compareWatermarks({ type: column.type, text }, { type: column.type, text: edge.text });
    return order < 0 || (order === 0 && !edge.inclusive);
  };
  return !beyond(lower, 1) && !beyond(upper, -1);
}
