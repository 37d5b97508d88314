/** A run's window, as one file of a home can be asked for it: the column may be missing there, of a narrower type, or be in the folder's name. */
import type { Edge, Window } from '../../engine/contracts/contracts.ts';
import { sameType } from '../../frames/describe-type.ts';
import type { Schema } from '../../frames/schema.ts';
import { compareWatermarks } from '../../frames/watermark-text.ts';
import type { PartitionValue } from '../paths/partition-values.ts';

export type FileWindow =
  /** No row of the file is in it. */
  | { readonly rows: 'none' }
  /** `ask`: what the file's format is given; `after`: what is left to filter. */
  | { readonly rows: 'some'; readonly ask: Window; readonly after: Window | null };

export function fileWindow(window: Window, file: Schema, folders: readonly PartitionValue[]): FileWindow {
  const { column } = window;
  if (column === null) return { rows: 'some', ask: window, after: null };
  const everything: Window = { ...window, column: null, lower: null, upper: null, nulls: 'include' };
  const whole = (isIn: boolean): FileWindow => (isIn ? { rows: 'some', ask: everything, after: null } : { rows: 'none' });
  const folder = folders.find(({ name }) => name === column.column);
  if (folder) return whole(folder.text === null ? window.nulls === 'include' : isInside(window, { ...folder, text: folder.text }));
  const own = file.columns.find(({ name }) => name === column.column);
  if (!own) return whole(window.nulls === 'include');
  if (!sameType(own.type, column.type)) return { rows: 'some', ask: everything, after: window };
  return { rows: 'some', ask: window, after: null };
}

function isInside({ lower, upper }: Window, value: PartitionValue & { readonly text: string }): boolean {
  const against = (edge: Edge) => compareWatermarks(value, { type: value.type, text: edge.text });
  if (lower && (against(lower) < 0 || (against(lower) === 0 && !lower.inclusive))) return false;
  return !(upper && (against(upper) > 0 || (against(upper) === 0 && !upper.inclusive)));
}
