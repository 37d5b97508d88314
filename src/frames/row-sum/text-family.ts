import type { DataType } from '../schema.ts';

/** Types whose values are texts. A document or an id on one side may be a plain text on the other side. */
const textKinds: ReadonlySet<string> = new Set(['string', 'uuid', 'json']);

export function isText({ kind }: Pick<DataType, 'kind'>): boolean {
  return textKinds.has(kind);
}

/** The family of a type. In one family, the same value has the same canonical text, whatever the width, scale, unit or zone of its type is. Each type of text is a family of its own (`isText`). */
export function textFamily({ kind }: Pick<DataType, 'kind'>): string {
  if (/^u?int\d|^decimal$/.test(kind)) return 'number';
  return kind.startsWith('float') ? 'float' : kind;
}
