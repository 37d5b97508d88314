/** `migrations:` of an entity: changes of the source that are planned, so no drift. Pure. */
import { describeType } from '../frames/describe-type.ts';
import type { Column, DataType, Schema } from '../frames/schema.ts';

export type Migration =
  /** The source's column `from` settles as `to`. Where the source has no `from` (yet) it changes nothing. */
  | { readonly what: 'rename'; readonly from: string; readonly to: string }
  /** It settles as this type; a value that has no exact one there stops the run. */
  | { readonly what: 'cast'; readonly column: string; readonly type: DataType }
  /** Where the source has no such column, it settles with this value instead of null. `text`: canonical. */
  | { readonly what: 'default'; readonly column: string; readonly type: DataType; readonly text: string };

/** A column after the migrations, and what it is before. */
export interface MigratedColumn {
  readonly column: Column;
  /** Null: the source has none, and it settles with `fill`. */
  readonly from: string | null;
  readonly fill: { readonly type: DataType; readonly text: string } | null;
  /** A cast or a default: that it differs from what settled is not drift. */
  readonly planned: boolean;
}

export interface Migrating {
  readonly columns: readonly MigratedColumn[];
  /** What can't be done to this source, a sentence each. */
  readonly problems: readonly string[];
}

export function migrate(source: Schema, migrations: readonly Migration[]): Migrating {
  let columns: readonly MigratedColumn[] = source.columns.map((column) => ({ column, from: column.name, fill: null, planned: false }));
  const problems: string[] = [];
  for (const migration of migrations) {
    switch (migration.what) {
      case 'rename':
        if (migration.from !== migration.to && has(columns, migration.from) && has(columns, migration.to))
          problems.push(`rename: ${migration.from} can't settle as ${migration.to}: the source has a column of that name as well`);
        else columns = columns.map((one) => (one.column.name === migration.from ? named(one, migration.to) : one));
        break;
      case 'cast':
        if (has(columns, migration.column))
          columns = columns.map((one) => (one.column.name === migration.column ? typed(one, migration.type) : one));
        else problems.push(`cast: there is no column ${migration.column} to settle as ${describeType(migration.type)}`);
        break;
      case 'default':
        if (!has(columns, migration.column)) columns = [...columns, filled(migration)];
    }
  }
  return { columns, problems };
}

function has(columns: readonly MigratedColumn[], name: string): boolean {
  return columns.some(({ column }) => column.name === name);
}

function named(one: MigratedColumn, name: string): MigratedColumn {
  return { ...one, column: { ...one.column, name } };
}

function typed(one: MigratedColumn, type: DataType): MigratedColumn {
  const { sourceType: _lost, ...column } = one.column;
  return { ...one, column: { ...column, type }, planned: true };
}

function filled({ column, type, text }: Migration & { readonly what: 'default' }): MigratedColumn {
  return { column: { name: column, type, nullable: false }, from: null, fill: { type, text }, planned: true };
}
