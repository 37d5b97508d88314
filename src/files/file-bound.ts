/** The newest value and the nulls of a column in one file, be the column in it, in its folder's name, or nowhere. */
import { sameType } from '../frames/describe-type.ts';
import type { Column } from '../frames/schema.ts';
import type { Watermark } from '../frames/watermark.ts';
import { compareWatermarks, parseWatermark } from '../frames/watermark-text.ts';
import type { Scratch } from '../ports/scratch.ts';
import type { OpenedFile } from './footers.ts';
import type { Format } from './format.ts';
import type { PartitionValue } from './partition-values.ts';

export interface FileColumn {
  readonly file: OpenedFile;
  /** As the home gives it. */
  readonly column: Pick<Column, 'name' | 'type'>;
  readonly folders: readonly PartitionValue[];
  readonly format: Format;
  readonly scratch: Scratch;
}

export async function newestIn(of: FileColumn, cap: string | null): Promise<Watermark | undefined> {
  const { file, column, format, scratch } = of;
  const { source, content } = file;
  const folder = of.folders.find(({ name }) => name === column.name);
  if (folder) return content.rows === 0 ? undefined : under(cap, { column: column.name, type: column.type, text: folder.text });
  const own = content.schema.columns.find(({ name }) => name === column.name);
  if (!own) return undefined;
  if (sameType(own.type, column.type)) return format.max({ source, content, column: column.name, cap, scratch });
  if (own.type.kind === 'null') return undefined;
  // Caps are for times, which are never widened.
  const newest = await format.max({ source, content, column: column.name, cap: null, scratch });
  return newest && parseWatermark(newest.text, { column: column.name, type: column.type });
}

function under(cap: string | null, value: Omit<Watermark, 'text'> & { readonly text: string | null }): Watermark | undefined {
  const { text } = value;
  if (text === null || (cap !== null && compareWatermarks({ ...value, text }, { ...value, text: cap }) > 0)) return undefined;
  return { ...value, text };
}

/** Where the file does not tell how many rows it has, one stands for all of them. */
export async function nullsIn({ file, column, folders, format, scratch }: FileColumn): Promise<number> {
  const { source, content } = file;
  const folder = folders.find(({ name }) => name === column.name);
  if (folder) return folder.text === null ? (content.rows ?? 1) : 0;
  if (!content.schema.columns.some(({ name }) => name === column.name)) return content.rows ?? 1;
  return format.nulls({ source, content, column: column.name, scratch });
}
