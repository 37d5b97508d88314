import { HomeError } from '../../errors/hygge-error.ts';
import type { Schema } from '../../frames/schema.ts';

/** The columns to read, in the source’s order; null: all columns. Throws for names that the source does not have. */
export function projection(schema: Schema, columns: readonly string[] | null, exclude: readonly string[] | null): readonly string[] | null {
  if (!columns && !exclude) return null;
  const names = schema.columns.map((column) => column.name);
  mustHave(schema, [...(columns ?? []), ...(exclude ?? [])], 'columns or exclude of the home');
  return names.filter((name) => (columns?.includes(name) ?? true) && !exclude?.includes(name));
}

/** Throws if the source lacks a column. @param key the config key that has the names. */
export function mustHave(schema: Schema, written: readonly string[], key: string): void {
  const names = schema.columns.map((column) => column.name);
  const unknown = written.filter((name) => !names.includes(name));
  if (unknown.length === 0) return;
  throw new HomeError({
    code: 'HYG-3205',
    what: `The source has no ${unknown.length === 1 ? 'column' : 'columns'} ${unknown.map((name) => JSON.stringify(name)).join(', ')}.`,
    why: [`It has: ${names.slice(0, 20).join(', ')}${names.length > 20 ? ', …' : ''}`],
    tryThis: [`Correct ${key}`],
  });
}
