/**
 * The case of uuids in keys. hygge publishes uuids in lower case; earlier versions published the case of the source. For Fabric, texts in different case
 * are different, so the same uuid in upper case is the key of another row. With each new row, hygge therefore deletes the row with the upper-case key.
 */

import type { Frame } from '../../engine/contracts/frame.ts';
import { polars } from '../../frames/native.ts';
import type { Schema } from '../../frames/schema.ts';
import { asPolars, PolarsFrame } from '../../frames/values/polars-frame.ts';
import type { OwnNote } from '../../ports/notes.ts';
import type { FilesHead } from '../store/head/head-log.ts';
import { openFile, rowsOfFile } from './opened-files.ts';
import type { KeyStoreOptions, PartOfRows } from './settled-keys.ts';
import { rebuild } from './types.ts';

/**
 * The uuids of a key that may have arrived in upper case. Databases with a uuid type return lower case and report the type. For texts in files, only
 * the config names the type. In SQLite, `UUID` is only a name for texts.
 */
export function textUuids({ columns }: Schema, key: readonly string[]): readonly string[] {
  const uuids = columns.filter(({ type, sourceType }) => type.kind === 'uuid' && (sourceType === undefined || sourceType === 'UUID'));
  return uuids.map(({ name }) => name).filter((name) => key.includes(name));
}

/** The uuids that an earlier version, or another publisher, may have published in upper case. @param head of a table that has rows. */
export function maybeInCapitals(head: FilesHead | undefined, schema: Schema, key: readonly string[]): readonly string[] {
  return head?.smallUuids === true ? [] : textUuids(schema, key);
}

/** The keys of staged rows, with some or all of `uuids` in upper case. A uuid with only digits has no upper case. */
export async function* keysInCapitals(
  of: KeyStoreOptions,
  { parts, key, uuids }: { readonly parts: readonly PartOfRows[]; readonly key: readonly string[]; readonly uuids: readonly string[] },
): AsyncGenerator<Frame> {
  const signal = new AbortController().signal;
  for (const { staged, bytes } of parts) {
    const opened = await openFile(of, { path: staged, bytes });
    for await (const frame of rowsOfFile(of, opened, key, signal))
      for (const some of combinations(uuids)) {
        const capitals = await inCapitals(frame, some);
        if (capitals.rows > 0) yield capitals;
      }
  }
}

/** Rows in which each of these columns has a letter, with these columns in upper case. */
async function inCapitals(frame: Frame, names: readonly string[]): Promise<Frame> {
  const pl = await polars();
  const rows = await asPolars(frame).collect();
  const hasLetters = names.map((name) => pl.col(name).str.contains('[a-f]')).reduce((all, one) => all.and(one));
  const data = await rows
    .lazy()
    .filter(hasLetters)
    .withColumns(...names.map((name) => pl.col(name).str.toUpperCase().alias(name)))
    .collect();
  return PolarsFrame.of({ schema: frame.schema, data, bytes: Math.ceil((frame.bytes * data.height) / Math.max(1, frame.rows)) });
}

/** All combinations of the names that are not empty. */
function combinations([first, ...others]: readonly string[]): readonly (readonly string[])[] {
  if (first === undefined) return [];
  const without = combinations(others);
  return [[first], ...without, ...without.map((some) => [first, ...some])];
}

/** The note for a plan that merges: rows with upper-case keys are deleted. */
export function capitalsGo(uuids: readonly string[]): OwnNote {
  const columns = uuids.join(', ');
  return {
    code: 'open_mirroring.uuids_in_capitals',
    params: { columns: [...uuids] },
    text: `an earlier version published ${columns} with the letters of the source, and Fabric distinguishes upper and lower case. For each row of this run, hygge also deletes its key in upper case. Other rows keep their letters. To have only lower case and no such deletes: ${rebuild}`,
  };
}
