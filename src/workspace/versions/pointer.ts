import { StateError } from '../../errors/hygge-error.ts';
import type { Instant } from '../../ports/values.ts';
import { mustBeKnown, parseJson } from './content.ts';

/** One move of the pointer: the new current version, the time, and the person. `current.json` holds the last move. */
export interface Move {
  /** The id of the version. */
  readonly id: string;
  /** The version that was current before; null: the move was the first. */
  readonly prev: string | null;
  /** The id of this move. After a lost answer, the id shows whether this process made the move. */
  readonly move: string;
  readonly pushed_at: Instant;
  readonly by: string;
  readonly how: 'push' | 'rollback';
  readonly message: string | null;
  readonly flows: number;
  /** The version’s target; null: its workspace has no targets. Absent: an earlier version of hygge moved the pointer. */
  readonly target?: string | null;
}

export const pointerName = 'current.json';
export const historyFolder = 'history/';

export function encodeMove(move: Move): Uint8Array {
  return new TextEncoder().encode(`${JSON.stringify({ version: 1, ...move })}\n`);
}

/** The name of a move in the history, after another move has followed. The names make storage list the newest move first. */
export function historyName({ pushed_at, move }: Move): string {
  const inverted = 9_999_999_999_999 - Date.parse(pushed_at);
  return `${historyFolder}${String(inverted).padStart(13, '0')}-${move}.json`;
}

/** Throws a StateError if the blob contains no move, or a move that only a newer hygge can read. */
export function decodeMove(name: string, body: Uint8Array): Move {
  const stored = parseJson(body);
  if (typeof stored === 'object' && stored !== null) mustBeKnown(stored, `The blob ${name}`);
  if (!isMove(stored)) {
    throw new StateError({
      code: 'HYG-5302',
      what: `The blob ${name} is damaged.`,
      why: ['The blob should name the current version of the config, but does not.'],
      tryThis: [`Remove ${name} from the container, then push the workspace again: hygge config push`],
    });
  }
  const { id, prev, move, pushed_at, by, how, message, flows, target } = stored;
  return { id, prev, move, pushed_at, by, how, message, flows, ...(target === undefined ? {} : { target }) };
}

function isMove(stored: unknown): stored is Move {
  if (typeof stored !== 'object' || stored === null) return false;
  const held = stored as Partial<Record<keyof Move, unknown>>;
  return (
    isId(held.id) &&
    (held.prev === null || isId(held.prev)) &&
    typeof held.move === 'string' &&
    /^[0-9A-Za-z]{1,40}$/.test(held.move) &&
    typeof held.pushed_at === 'string' &&
    !Number.isNaN(Date.parse(held.pushed_at)) &&
    typeof held.by === 'string' &&
    (held.how === 'push' || held.how === 'rollback') &&
    (held.message === null || typeof held.message === 'string') &&
    typeof held.flows === 'number' &&
    (held.target === undefined || held.target === null || typeof held.target === 'string')
  );
}

function isId(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
}
