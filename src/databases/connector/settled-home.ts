/** What settled in a table, as a home: the entity's own rows under the types that they settled with. */
import type { Opening } from '../../engine/contracts/connector.ts';
import type { Home } from '../../engine/contracts/home.ts';
import type { Head } from '../../engine/contracts/store.ts';
import { describeType } from '../../frames/describe-type.ts';
import type { DataType } from '../../frames/schema.ts';
import type { DatabaseHomeConfig } from '../config.ts';
import { quotedTable } from '../ddl.ts';
import type { Engine, Session, SourceColumn } from '../engine.ts';
import { DatabaseHome } from '../home/home.ts';
import { comparableTextKind } from '../row-sums.ts';
import type { TableName } from '../writes.ts';

export interface SettledTable {
  readonly table: TableName;
  readonly schema: NonNullable<Head['schema']>;
  /** An SQL condition for the entity's own rows; null: all rows are its own. */
  readonly ownRowsCondition: string | null;
}

/** @param keys those of the store. */
export function settledHome<K extends { readonly pool_size: number }, S extends Session>(
  engine: Engine<K, S>,
  keys: K,
  { table, schema, ownRowsCondition }: SettledTable,
  opening: Opening,
): Home {
  const types = new Map(schema.columns.map(({ name, type }) => [name, type]));
  const { changeFeed: _, ...without } = opening;
  const config: K & DatabaseHomeConfig = {
    ...keys,
    table: quotedTable(engine.dialect, table),
    query: undefined,
    columns: [...types.keys()] as [string, ...string[]],
    ...(ownRowsCondition === null ? {} : { where: ownRowsCondition }),
    ...{ special_values: 'fail', safe_wait: 0, booleans: true },
    ...(engine.homeKeys?.includes('types')
      ? { types: Object.fromEntries([...types].map(([name, type]) => [name, describeType(type)])) }
      : {}),
  };
  const settledAs = (column: SourceColumn) => columnAs(engine, column, types.get(column.name) ?? column.type);
  return new DatabaseHome(engine, config, { ...without, pinned: null }, { sessionLabelSuffix: 'settled', mapColumn: settledAs });
}

/** A column of the destination with the type that its values settled with. Numbers keep the width of their column, which no text shows. */
function columnAs<K, S extends Session>(engine: Engine<K, S>, column: SourceColumn, type: DataType): SourceColumn {
  if (comparableTextKind(column.type) === comparableTextKind(type)) return column;
  const own = engine.asSettledColumn?.(column, type);
  if (own !== undefined) return own;
  // Texts of uuids and documents lie in frames as other texts do.
  return column.type.kind === 'string' && (type.kind === 'uuid' || type.kind === 'json') ? { ...column, type } : column;
}
