import { stepTooLarge } from '../src/assembly/errors.ts';
import type { Step } from '../src/engine/contracts/frame.ts';
import type { ErrorDetails } from '../src/ports/events.ts';
import type { Json } from '../src/ports/values.ts';

/** The answer of an activity. An activity throws only if its machine fails; other errors are in the answer. */
export type Answer<T = Json> =
  | { readonly ok: true; readonly step: Step<T> }
  | {
      readonly ok: false;
      readonly error: ErrorDetails;
      /** The earliest time of a useful retry. */
      readonly transient: boolean;
      readonly waitMs: number;
    };

/** Inputs and outputs of activities are stored in the history of their orchestration, which is read again at every step. */
export const mostBytes = 4096;

export function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? '', 'utf8');
}

/** An error in at most this many bytes of JSON; the log has the removed parts. */
export function cutToFit(error: ErrorDetails, most = 3000): ErrorDetails {
  const { code, what, why, tryThis, where } = error;
  // First, the quoted line is removed, because it is the longest field.
  const place = where && { where: { file: cut(where.file, 200), line: where.line, column: where.column } };
  const tries: readonly ErrorDetails[] = [
    error,
    { ...short({ code, what, why, tryThis }, 400), ...place },
    { ...short({ code, what, why: why.slice(0, 2), tryThis: tryThis.slice(0, 2) }, 200), ...place },
    { ...short({ code, what, why: [], tryThis: tryThis.slice(0, 1) }, 100) },
  ];
  const bare = { code, what: '', why: [], tryThis: [] };
  return tries.find((one) => bytesOf(one) <= most) ?? { ...bare, what: cut(what, Math.max(0, most - bytesOf(bare))) };
}

function short({ code, what, why, tryThis }: Omit<ErrorDetails, 'where'>, most: number): ErrorDetails {
  return { code, what: cut(what, most), why: why.map((line) => cut(line, most)), tryThis: tryThis.map((line) => cut(line, most)) };
}

const dots = '…';

/** The beginning of a text, in at most this many bytes of JSON: a quotation mark needs two, a Japanese character three. */
export function cut(text: string, most: number): string {
  if (inJson(text) <= most) return text;
  let kept = '';
  let left = most - inJson(dots);
  for (const letter of text.toWellFormed()) {
    left -= inJson(letter);
    if (left < 0) break;
    kept += letter;
  }
  return most < inJson(dots) ? '' : kept + dots;
}

function inJson(text: string): number {
  return bytesOf(text) - 2;
}

/** Throws DefectError if an input or output of an activity is too large for a history. */
export function mustBeSmall(name: string, what: 'input' | 'output', value: unknown): void {
  const bytes = bytesOf(value);
  if (bytes <= mostBytes) return;
  throw stepTooLarge(name, what, { bytes, most: mostBytes });
}
