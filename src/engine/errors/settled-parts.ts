/** Why small files are not put together, and why rows do not leave the quarantine. Codes: src/errors/codes/flow.ts, store.ts and validation.ts. */
import { asArgument, count, counted, entityName } from '../../errors/as-argument.ts';
import { FlowError, type HomeError, StoreError } from '../../errors/hygge-error.ts';
import type { EntityKey } from '../../ports/values.ts';
import type { EntitySpec } from '../contracts/spec.ts';
import type { Store } from '../contracts/store.ts';

export function storeNotCompacted(spec: EntitySpec, { where }: Pick<Store, 'where'>): FlowError {
  return new FlowError({
    code: 'HYG-2103',
    what: `${where} cannot be compacted: it is a ${spec.store.type} store, and only folders of files have small files to combine.`,
    why: ['A database, a mirrored table or a single file stores its rows in its own way.'],
    tryThis: ['Use the commands of that system to compact it'],
    where: spec.where,
  });
}

export function nothingToCompact(spec: EntitySpec): FlowError {
  return new FlowError({
    code: 'HYG-2103',
    what: `${entityName(spec)} has nothing to compact.`,
    why: ['Nothing has settled yet, or the next run loads everything again, which writes full files.'],
    tryThis: [`Run it first: hygge go -e ${asArgument(entityName(spec))}`],
    where: spec.where,
  });
}

/** @param rows how many rows were read from the parts, and how many were read back after staging. */
export function compactedRowsDiffer(key: EntityKey, where: string, rows: { readonly read: number; readonly written: number }): StoreError {
  const counts =
    rows.read === rows.written
      ? `${rows.read} rows each, and their row sums differ`
      : `${rows.read} rows were read, and ${rows.written} written`;
  return new StoreError({
    code: 'HYG-4117',
    what: `The files of ${entityName(key)} in ${where} were rewritten with other rows: ${counts}.`,
    why: ['hygge read them again before the commit. Nothing was committed, and the settled files stay unchanged.'],
    tryThis: [
      `Check whether they are intact: hygge verify --settled ${asArgument(entityName(key))}`,
      'Report this, with the columns and their types',
    ],
  });
}

export function quarantineNotRead(spec: EntitySpec, { where }: Pick<Store, 'where'>): FlowError {
  return new FlowError({
    code: 'HYG-2110',
    what: `The rows of ${entityName(spec)} in quarantine can't be read back: ${where} is a ${spec.store.type} store.`,
    why: ['hygge can write these rows there, but can’t read them.'],
    tryThis: [
      'Read them with a client of that system',
      `Or load everything again, with the present rules: hygge go -d -e ${asArgument(entityName(spec))}`,
    ],
    where: spec.where,
  });
}

export function nothingSettledToRelease(spec: EntitySpec): FlowError {
  return new FlowError({
    code: 'HYG-2111',
    what: `Nothing of ${entityName(spec)} is in quarantine.`,
    why: ['Nothing has settled yet, or the next run loads everything again.'],
    tryThis: [`Run it first: hygge go -e ${asArgument(entityName(spec))}`],
    where: spec.where,
  });
}

type Named = Pick<EntitySpec, 'flow' | 'entity' | 'where'>;

const shown = (spec: Named) => `hygge quarantine show ${asArgument(entityName(spec))}`;

/** How many ids an error names at most. */
const mostNamed = 5;

interface LeftRow {
  readonly id: string;
  /** How many mended rows with the id are too many, because they replace no row. */
  readonly more: number;
  /** How many rows in quarantine have the id. */
  readonly found: number;
}

export function notInQuarantine(spec: Named, file: string, left: readonly LeftRow[]): FlowError {
  const rows = left.reduce((sum, { more }) => sum + more, 0);
  const listed = left.slice(0, mostNamed).map(({ id, found }) => (found === 0 ? id : `${id} (${counted(found, 'row')} of it there)`));
  const others = left.length > mostNamed ? ` and ${count(left.length - mostNamed)} more` : '';
  return new FlowError({
    code: 'HYG-2112',
    what: `${counted(rows, 'row')} of ${file} ${rows === 1 ? 'replaces' : 'replace'} no row of ${entityName(spec)} in quarantine.`,
    why: [
      `_id: ${listed.join(', ')}${others}`,
      'These rows are no longer in quarantine: a replay settled them, a run read them again, or they were dropped. Or another program changed the ids.',
    ],
    tryThis: [`See the existing rows: ${shown(spec)}`, 'Remove these rows from the file'],
    where: spec.where,
  });
}

export function noMendedRow(spec: Named, file: string): FlowError {
  return new FlowError({
    code: 'HYG-2112',
    what: `${file} has no row.`,
    why: ['Nothing would change.'],
    tryThis: [`Write the rows to a file, and correct them there: ${shown(spec)} --to FILE`],
    where: spec.where,
  });
}

/** @param row the number of the row, counted from 1. */
export function rowWithoutId(spec: Named, file: string, row: number): FlowError {
  return new FlowError({
    code: 'HYG-2112',
    what: `Row ${count(row)} of ${file} has no _id.`,
    why: ['The _id names the quarantined row that a corrected row replaces. Rows that were never in quarantine can’t be added this way.'],
    tryThis: [`Copy the _id from the row in quarantine: ${shown(spec)} --to FILE`],
    where: spec.where,
  });
}

export function otherColumns(
  spec: Named,
  file: string,
  { missing, extra }: { readonly missing: readonly string[]; readonly extra: readonly string[] },
): FlowError {
  const list = (names: readonly string[]) => names.slice(0, 20).join(', ') + (names.length > 20 ? ', …' : '');
  return new FlowError({
    code: 'HYG-2113',
    what: `${file} does not have the columns of ${entityName(spec)}.`,
    why: [
      ...(missing.length === 0 ? [] : [`It lacks: ${list(missing)}`]),
      ...(extra.length === 0 ? [] : [`It has besides: ${list(extra)}`]),
    ],
    tryThis: [`Correct a file that hygge wrote, and leave its columns unchanged: ${shown(spec)} --to FILE`],
    where: spec.where,
  });
}

/** @param row the number of the row, counted from 1. */
export function notOfColumn(
  spec: Named,
  file: string,
  of: { readonly row: number; readonly column: string; readonly type: string },
): FlowError {
  return new FlowError({
    code: 'HYG-2113',
    what: `Row ${count(of.row)} of ${file} has a value in ${of.column} that is not a valid ${of.type}.`,
    why: ['Lists and structs are written as JSON. Every field of a struct has the name and the type that it settles with.'],
    tryThis: ['Correct the value: a row of the first export shows the format'],
    where: spec.where,
  });
}

export function mendedRowsChanged(spec: Named, file: string): FlowError {
  return new FlowError({
    code: 'HYG-2113',
    what: `${file} changed while it was read.`,
    why: ['Nothing was committed.'],
    tryThis: ['Close the file in the program that writes it, and run the command again'],
    where: spec.where,
  });
}

export function noSuchCorrection(spec: Named, id: string): FlowError {
  return new FlowError({
    code: 'HYG-2115',
    what: `${entityName(spec)} has no stored correction ${id}.`,
    why: ['Nothing was committed.'],
    tryThis: [`See the existing corrections: hygge quarantine corrections ${asArgument(entityName(spec))}`],
    where: spec.where,
  });
}

export function tooManyCorrections(spec: Named, { rows, most }: { readonly rows: number; readonly most: number }): FlowError {
  return new FlowError({
    code: 'HYG-2139',
    what: `${entityName(spec)} has ${count(rows)} standing corrections.`,
    why: [`At most ${count(most)} corrections are compared with the rows of the source. Nothing was committed.`],
    tryThis: [
      'Correct the rows in the source',
      `Then remove corrections, each by its id: hygge quarantine corrections ${asArgument(entityName(spec))}`,
    ],
    where: spec.where,
  });
}

export function maskedValueChanged(spec: Named, { column, id }: { readonly column: string; readonly id: string }): FlowError {
  return new FlowError({
    code: 'HYG-2114',
    what: `The masked column ${column} of ${entityName(spec)} was changed in a corrected row.`,
    why: [`_id: ${id}`, 'hygge masks its values when it reads the source. A value from the file would settle unmasked.'],
    tryThis: ['Restore the value that the column had in quarantine', 'Correct such a value in the source, and load it again'],
    where: spec.where,
  });
}

/** @param cause what the format says about the value. */
export function valueNotRead(spec: Named, { what, why, cause }: HomeError): FlowError {
  return new FlowError({
    code: 'HYG-2113',
    what,
    why: why.slice(0, 1),
    tryThis: ['Correct the value: the file as hygge wrote it shows the format', `Write it again: ${shown(spec)} --to FILE`],
    where: spec.where,
    cause,
  });
}

/** @param mark the settled watermark. */
export function replayedAtWatermark(
  spec: Named,
  { column, value, mark }: { readonly column: string; readonly value: string; readonly mark: string },
): FlowError {
  return new FlowError({
    code: 'HYG-2137',
    what: `A row of the replay has ${column} ${value}, and the watermark of ${entityName(spec)} is ${mark}.`,
    why: [
      'Later runs read the rows at and above the watermark again, and replace them by the rows of the source. If the source does not have this row there, those runs would stop or remove the row.',
    ],
    tryThis: [
      `Give the row a ${column} below ${mark}`,
      'Or correct it in the source. The next run reads it if it is at or above the watermark',
    ],
    where: spec.where,
  });
}
