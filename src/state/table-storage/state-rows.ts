import { DefectError, StateError } from '../../errors/hygge-error.ts';
import type { StateRow } from '../../ports/state.ts';
import type { EntityKey } from '../../ports/values.ts';
import { asStoredRow, fromStored, newestStateVersion, toStored } from '../stored-row.ts';
import { keyPart, stateKey } from './keys.ts';
import { joined, lineEnds, pieces } from './stored-json.ts';
import type { Row } from './table.ts';

/** What a person looks for is cut at this; the exact row is JSON beside it. */
const shownCharacters = 1000;

/** A state row as the table keeps it: a property for each thing people look for, as text, and the exact row as JSON. */
export function stateEntity(key: EntityKey, row: StateRow): { partitionKey: string; rowKey: string } & Record<string, unknown> {
  const stored = asStoredRow(toStored(key, row, null));
  if (!stored.success)
    throw unwritable(
      key,
      stored.error.issues.map((issue) => issue.message),
    );
  const { watermark, rows_processed, last_run, status } = stored.data;
  return {
    partitionKey: keyPart(key.flow),
    rowKey: stateKey(key.entity),
    version: stored.data.version,
    ...shown({
      entity: key.entity,
      flow: key.flow,
      status,
      watermark: watermark?.value,
      watermark_column: watermark?.column,
      rows_processed: rows_processed === null ? undefined : String(rows_processed),
      last_run,
    }),
    ...pieces('state', stored.data, `The state of ${key.flow}.${key.entity}`),
  };
}

/** Texts for people, without those that are not there. */
export function shown(texts: Readonly<Record<string, string | null | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).flatMap(([name, text]) =>
      text == null ? [] : [[name, text.slice(0, shownCharacters).replace(lineEnds, ' ').toWellFormed()] as const],
    ),
  );
}

/** The row in it. Throws StateError: damaged HYG-5001, newer HYG-5002, not ours HYG-5003, another entity's HYG-5004. */
export function stateIn(key: EntityKey, place: string, row: Row): StateRow {
  const at = `row ${stateKey(key.entity)} of partition ${keyPart(key.flow)} in ${place}`;
  const { version } = row;
  if (typeof version === 'number' && version > newestStateVersion) throw newer(at, version);
  if (typeof version !== 'number' || typeof row.state !== 'string') throw notOurs(key, at);
  const parsed = asStoredRow(joined('state', row));
  const state = parsed.success ? fromStored(parsed.data) : undefined;
  if (!parsed.success || state === undefined) throw damaged(key, at);
  const { entity, protocol } = parsed.data;
  if (entity !== key.entity || protocol.flow !== key.flow) throw anothers(key, at, `${protocol.flow}.${entity}`);
  return state;
}

export function newer(at: string, version: number): StateError {
  return new StateError({
    code: 'HYG-5002',
    what: `The ${at} was written by a newer hygge (format ${version}; this one knows ${newestStateVersion}).`,
    tryThis: ['Upgrade hygge here to the version that wrote it, or newer.'],
  });
}

const nothing = 'The run stopped before it read or wrote any data; the watermark is not guessed.';

const wayBack = ({ flow, entity }: EntityKey): readonly [string, ...string[]] => [
  'Put the row back from a backup.',
  `Or delete it and run \`hygge reset ${/^[\w.-]+$/.test(`${flow}.${entity}`) ? `${flow}.${entity}` : `'${flow}.${entity}'`} --adopt\`: hygge takes the destination over as it is.`,
];

function damaged(key: EntityKey, at: string): StateError {
  return new StateError({
    code: 'HYG-5001',
    what: `The ${at} is damaged.`,
    why: ['Its property `state` is not what hygge wrote there.', nothing],
    tryThis: wayBack(key),
  });
}

function notOurs(key: EntityKey, at: string): StateError {
  return new StateError({
    code: 'HYG-5003',
    what: `The ${at} is not a state row of hygge.`,
    why: ['It has no `version` and `state` as hygge writes them.', nothing],
    tryThis: wayBack(key),
  });
}

function anothers(key: EntityKey, at: string, owner: string): StateError {
  return new StateError({
    code: 'HYG-5004',
    what: `The ${at} holds the state of ${owner}, not of ${key.flow}.${key.entity}.`,
    why: ['It was copied by hand.'],
    tryThis: ['Rename for good with `hygge state mv`.', ...wayBack(key)],
  });
}

function unwritable(key: EntityKey, why: readonly string[]): DefectError {
  return new DefectError({
    code: 'HYG-9403',
    what: `The state of ${key.flow}.${key.entity} would not be readable again; it was not written.`,
    why: why.slice(0, 3),
    tryThis: ['Run it again with `-v` and report what it prints.'],
  });
}
