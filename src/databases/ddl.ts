/** Tables and their changes as SQL. */
import type { Change } from '../engine/contracts/catalog.ts';
import type { Column } from '../frames/schema.ts';
import type { Dialect } from './engine.ts';
import type { TableName, Writes } from './writes.ts';

export type DdlDialect = Pick<Dialect, 'quote'> & Pick<Writes, 'declared' | 'changed'>;

export function named({ quote }: Pick<Dialect, 'quote'>, { schema, name }: TableName): string {
  return `${quote(schema)}.${quote(name)}`;
}

export function listed({ quote }: Pick<Dialect, 'quote'>, names: readonly string[], of = ''): string {
  return names.map((name) => `${of}${quote(name)}`).join(', ');
}

/** @param nulls `kept`: no column has to have a value, whatever its schema says. */
export function created(dialect: DdlDialect, table: TableName, columns: readonly Column[], nulls: 'kept' | 'as declared'): string {
  const declared = columns.map(({ name, type, nullable }) => {
    const required = nulls === 'as declared' && !nullable;
    return `${dialect.quote(name)} ${dialect.declared(type)}${required ? ' not null' : ''}`;
  });
  return `create table ${named(dialect, table)} (${declared.join(', ')})`;
}

export function altered(dialect: DdlDialect, table: TableName, changes: readonly Change[]): readonly string[] {
  return changes.map((change) => dialect.changed(named(dialect, table), change));
}
