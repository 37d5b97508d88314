/** `migrations:` of an entity: planned changes of the source, which are not drift. Pure. */
import { describeType } from '../frames/describe-type.ts';
import type { Column, DataType, Schema } from '../frames/schema.ts';

export type Migration =
  /** The source's column `from` settles as `to`. If the source has no column `from` (yet), nothing changes. */
  | { readonly what: 'rename'; readonly from: string; readonly to: string }
  /** The column settles with this type; a value that the type cannot hold exactly stops the run. */
  | { readonly what: 'cast'; readonly column: string; readonly type: DataType }
  /** If the source has no such column, the column settles with this value instead of null. `text`: the canonical text of the value. */
  | { readonly what: 'default'; readonly column: string; readonly type: DataType; readonly text: string };

/** A column after the migrations, and its source before them. */
export interface MigratedColumn {
  readonly column: Column;
  /** The source column; null: the source has no such column, so the column settles with `fill`. */
  readonly from: string | null;
  readonly fill: { readonly type: DataType; readonly text: string } | null;
  /** Whether a cast or a default applies, so that a difference from the settled column is not drift. */
  readonly planned: boolean;
}

export interface Migrating {
  readonly columns: readonly MigratedColumn[];
  /** Migrations that are not possible with this source, one sentence each. */
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
