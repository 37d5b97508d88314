import type { StateRow } from '../../ports/state.ts';
import type { EntityKey } from '../../ports/values.ts';
import { notOurRow, readableRow, rowIn, rowOfNewerVersion, shownText } from '../row-errors.ts';
import { newestStateVersion, toStored } from '../stored-row.ts';
import { keyPart, stateKey } from './keys.ts';
import { joinPieces, jsonPieces, lineEnds } from './stored-json.ts';
import type { Row } from './table.ts';

/** A state row in the table: a text property for each field that people search for, and the exact row as JSON. */
export function stateTableRow(key: EntityKey, row: StateRow): { partitionKey: string; rowKey: string } & Record<string, unknown> {
  const stored = readableRow(key, toStored(key, row, null));
  const { watermark, rows_processed, last_run, status } = stored;
  return {
    partitionKey: keyPart(key.flow),
    rowKey: stateKey(key.entity),
    version: stored.version,
    ...readableColumns({
      entity: key.entity,
      flow: key.flow,
      status,
      watermark: watermark?.value,
      watermark_column: watermark?.column,
      rows_processed: rows_processed === null ? undefined : String(rows_processed),
      last_run,
    }),
    ...jsonPieces('state', stored, `The state of ${key.flow}.${key.entity}`),
  };
}

/** Texts for people, without missing ones. */
export function readableColumns(texts: Readonly<Record<string, string | null | undefined>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(texts).flatMap(([name, text]) => (text == null ? [] : [[name, shownText(text).replace(lineEnds, ' ')] as const])),
  );
}

/** The state row in a table row. Throws StateError: damaged HYG-5001, newer HYG-5002, not hygge's HYG-5003, another entity's HYG-5004. */
export function stateIn(key: EntityKey, place: string, row: Row): StateRow {
  const at = `row ${stateKey(key.entity)} of partition ${keyPart(key.flow)} in ${place}`;
  const { version } = row;
  if (typeof version === 'number' && version > newestStateVersion) throw rowOfNewerVersion(at, version);
  if (typeof version !== 'number' || typeof row.state !== 'string')
    throw notOurRow(key, at, 'The row has no `version` and `state` as hygge writes them.');
  return rowIn(key, { at, in: 'Its property `state`' }, joinPieces('state', row));
}
