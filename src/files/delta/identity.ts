/** Checks whether a table is still the table whose rows settled. Version numbers do not show that, because another table also starts at 0. */
import type { DeltaSnapshot } from '../../delta/table.ts';
import { schemaOf } from '../../delta/values/schema.ts';
import { columnsOf } from '../../delta/values/values.ts';
import { describeType } from '../../frames/describe-type.ts';
import { holds } from '../../frames/widening.ts';
import type { PinnedTable, SettledTable } from './options.ts';
import type { DeltaTable } from './table.ts';

/** Throws HYG-3903 if the table is another table, if a settled version was rewritten, or if a column name now belongs to another column. */
export async function mustBeTheSame(table: DeltaTable, settled: SettledTable, now: DeltaSnapshot): Promise<void> {
  if (settled.metadata.id !== now.metadata.id) throw table.cannotGoOn('The table was dropped and made again.');
  const mark = settled.version > now.version || settled.mark === null ? null : await table.mark(settled.version);
  if (mark !== null && mark !== settled.mark)
    throw table.cannotGoOn(`Version ${settled.version} is not the version that settled, so the log was rewritten from that version on.`);
  mustNameAlike(table, settled, now);
}

type Columns = Pick<PinnedTable, 'protocol' | 'metadata'>;

function mustNameAlike(table: DeltaTable, one: Columns, now: DeltaSnapshot): void {
  const before = namesInFiles(one);
  const other = [...namesInFiles(now)].find(([name, inFiles]) => before.has(name) && before.get(name) !== inFiles);
  if (other !== undefined)
    throw table.cannotGoOn(
      `Column ${other[0]} is another column of the table than before. Columns were renamed, or the column was dropped and added again.`,
    );
}

/**
 * Checks whether files of earlier versions can be read like files of the version `now`. Throws HYG-3903 if a version has other partition columns, another
 * column of the same name, or a type whose values do not fit.
 */
export function mustReadAlike(table: DeltaTable, versions: readonly Columns[], now: DeltaSnapshot): void {
  const wanted = partitionsIn(now);
  if (versions.some((one) => partitionsIn(one) !== wanted))
    throw table.cannotGoOn('The table was replaced by one with other partition columns.');
  for (const one of versions) {
    mustNameAlike(table, one, now);
    mustHoldTypes(table, one, now);
  }
}

function mustHoldTypes(table: DeltaTable, one: Columns, now: DeltaSnapshot): void {
  const types = new Map(schemaOf(now.metadata).columns.map(({ name, type }) => [name, type]));
  for (const { name, type } of schemaOf(one.metadata).columns) {
    const other = types.get(name);
    if (other !== undefined && !holds(other, type))
      throw table.cannotGoOn(`Column ${name} was ${describeType(type)} and is ${describeType(other)} now: the table was replaced.`);
  }
}

function partitionsIn(of: Columns): string {
  const partitions = new Set(of.metadata.partitionColumns);
  const inFiles = columnsOf(of).columns.flatMap(({ name, physicalName }) => (partitions.has(name) ? [physicalName] : []));
  return JSON.stringify(inFiles.sort());
}

function namesInFiles(pinned: Columns): ReadonlyMap<string, string> {
  return new Map(columnsOf(pinned).columns.map(({ name, physicalName }) => [name, physicalName]));
}
