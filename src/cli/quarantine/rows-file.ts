/** Writes rows in quarantine as a file. The name of the file shows its format. */
import { resolve } from 'node:path';
import type { Frame } from '../../engine/contracts/frame.ts';
import { ConfigError } from '../../errors/hygge-error.ts';
import { formatKinds, formatOf } from '../../formats/formats.ts';
import type { Schema } from '../../frames/schema.ts';
import { visible } from '../../narrate/text/visible.ts';
import type { Scratch } from '../../ports/scratch.ts';
import { nestedAsTexts, withNestedTexts } from './nested-texts.ts';

/** The file that a person names in a command. */
export interface RowsFile {
  /** The absolute path of the file. */
  readonly path: string;
  /** The path of the file as the person wrote it. */
  readonly shown: string;
  readonly format: 'parquet' | 'csv' | 'ndjson' | 'json';
  /** The delimiter with which a CSV file is written. */
  readonly delimiter: ',' | '\t';
}

/** The file for a path. Throws HYG-1947 if the extension of the path belongs to no format. */
export function rowsFile(written: string, directory: string): RowsFile {
  const [, ending = ''] = /\.([^./\\]+)$/.exec(written.toLowerCase()) ?? [];
  const kind = formatKinds.find(({ extensions }) => extensions.includes(ending));
  if (kind === undefined) throw unknownEnding(written);
  const format = kind.id as RowsFile['format'];
  return { path: resolve(directory, written), shown: written, format, delimiter: ending === 'tsv' ? '\t' : ',' };
}

/** The columns of a file. For CSV, nested values become JSON texts, since CSV fields can not contain them. */
export const schemaInFile = (schema: Schema, format: RowsFile['format']): Schema => (format === 'csv' ? withNestedTexts(schema) : schema);

/** The bytes of a file with all these rows. Each piece is valid until the next piece is requested. */
export async function* encodedRows(
  rows: AsyncIterable<Frame>,
  { schema, format, delimiter, scratch }: Pick<RowsFile, 'format' | 'delimiter'> & { readonly schema: Schema; readonly scratch: Scratch },
): AsyncGenerator<Uint8Array> {
  const writing = await formatOf(format, format === 'csv' ? { delimiter } : {});
  const encoder = writing.encoder({ schema: schemaInFile(schema, format), scratch, watermark: null });
  for await (const frame of rows) yield* encoder.add(format === 'csv' ? await nestedAsTexts(frame) : frame);
  yield* encoder.end();
}

function unknownEnding(written: string): ConfigError {
  return new ConfigError({
    code: 'HYG-1947',
    what: `The format of ${visible(written)} is unknown.`,
    why: ['Its name must end in a known format: .csv, .tsv, .parquet, .ndjson or .json.'],
    tryThis: /\.xlsx?$/i.test(written) ? ['Save the sheet as CSV'] : ['Use a name such as mended.csv'],
  });
}

export function alreadyThere(written: string): ConfigError {
  return new ConfigError({
    code: 'HYG-1947',
    what: `${visible(written)} exists already, and is not overwritten.`,
    why: ['Someone may have mended rows in it.'],
    tryThis: ['Give --to another name, or move the file away'],
  });
}

export function notThere(written: string): ConfigError {
  return new ConfigError({
    code: 'HYG-1947',
    what: `There is no file ${visible(written)}.`,
    why: ['A path begins at the current folder.'],
    tryThis: ['Check the name, and the folder you are in'],
  });
}
