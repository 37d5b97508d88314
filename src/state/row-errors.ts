import { DefectError, StateError } from '../errors/hygge-error.ts';
import type { StateRow } from '../ports/state.ts';
import type { EntityKey } from '../ports/values.ts';
import { fromStored, newestStateVersion, parseStoredRow, type StoredRow } from './stored-row.ts';

/** Maximum length of the texts for people. The exact row is stored as JSON next to these texts. */
const shownCharacters = 1000;

/** A text for people, changed so that every table accepts the text. */
export function shownText(text: string): string {
  return text.slice(0, shownCharacters).replaceAll('\0', ' ').toWellFormed();
}

/** Throws DefectError HYG-9403 for a row that could not be read back, so that the row is not written. */
export function readableRow({ flow, entity }: EntityKey, row: StoredRow): StoredRow {
  const stored = parseStoredRow(row);
  if (stored.success) return stored.data;
  throw new DefectError({
    code: 'HYG-9403',
    what: `The state of ${flow}.${entity} could not be read back, so it was not written.`,
    why: stored.error.issues.slice(0, 3).map((issue) => issue.message),
    tryThis: ['Run it again with `-v` and report what it prints.'],
  });
}

/** The row in a stored value of a table. Throws StateError: damaged HYG-5001, newer HYG-5002, another entity's HYG-5004. */
export function rowIn(key: EntityKey, { at, in: where }: { readonly at: string; readonly in: string }, value: unknown): StateRow {
  const version = typeof value === 'object' && value !== null && 'version' in value ? value.version : undefined;
  if (typeof version === 'number' && version > newestStateVersion) throw rowOfNewerVersion(at, version);
  const parsed = parseStoredRow(value);
  const state = parsed.success ? fromStored(parsed.data) : undefined;
  if (!parsed.success || state === undefined) throw damagedRow(key, at, where);
  const { entity, protocol } = parsed.data;
  if (entity !== key.entity || protocol.flow !== key.flow) throw anothersRow(key, at, `${protocol.flow}.${entity}`);
  return state;
}

export function rowOfNewerVersion(at: string, version: number): StateError {
  return new StateError({
    code: 'HYG-5002',
    what: `The ${at} was written by a newer hygge (format ${version}; this one knows ${newestStateVersion}).`,
    tryThis: ['Upgrade hygge here to the version that wrote it, or newer.'],
  });
}

const nothing = 'The run stopped before it read or wrote any data, because it does not guess the watermark.';

const wayBack = ({ flow, entity }: EntityKey): readonly [string, ...string[]] => [
  'Put the row back from a backup.',
  `Or delete the row and run \`hygge reset ${/^[\w.-]+$/.test(`${flow}.${entity}`) ? `${flow}.${entity}` : `'${flow}.${entity}'`} --adopt\`: hygge adopts the destination.`,
];

function damagedRow(key: EntityKey, at: string, where: string): StateError {
  return new StateError({
    code: 'HYG-5001',
    what: `The ${at} is damaged.`,
    why: [`${where} differs from what hygge wrote there.`, nothing],
    tryThis: wayBack(key),
  });
}

export function notOurRow(key: EntityKey, at: string, why: string): StateError {
  return new StateError({ code: 'HYG-5003', what: `The ${at} is not a state row of hygge.`, why: [why, nothing], tryThis: wayBack(key) });
}

function anothersRow(key: EntityKey, at: string, owner: string): StateError {
  return new StateError({
    code: 'HYG-5004',
    what: `The ${at} contains the state of ${owner}, not of ${key.flow}.${key.entity}.`,
    why: ['The row was copied by hand.'],
    tryThis: ['Rename permanently with `hygge state mv`.', ...wayBack(key)],
  });
}
