import { dateText, epochDays } from '../../../src/frames/calendar.ts';
import type { DataType } from '../../../src/frames/schema.ts';

/** Simulated watermarks are whole numbers; where the column is a date, days since 1970. */
export function markText(mark: number, type: DataType): string {
  return type.kind === 'date' ? dateText(mark) : String(mark);
}

export function markIn(text: string): number {
  return /^\d{4}-/.test(text) ? (epochDays(text) ?? Number.NaN) : Number(text);
}
