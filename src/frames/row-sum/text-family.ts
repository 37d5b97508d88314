import type { DataType } from '../schema.ts';

/** Types whose values are texts: a document or an id on one side may be a plain text on the other. */
const textKinds: ReadonlySet<string> = new Set(['string', 'uuid', 'json']);

export function isText({ kind }: Pick<DataType, 'kind'>): boolean {
  return textKinds.has(kind);
}

/** Types of one family have the same canonical text for the same value, whatever their width, scale, unit or zone. Texts are families of their own (`isText`). */
export function textFamily({ kind }: Pick<DataType, 'kind'>): string {
  if (/^u?int\d|^decimal$/.test(kind)) return 'number';
  return kind.startsWith('float') ? 'float' : kind;
}
