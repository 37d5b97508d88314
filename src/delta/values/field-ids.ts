/** Reads the field ids in the footer of a parquet file. Only the column mapping of tables needs field ids; hygge’s parquet format ignores them. */
import type { FileContent, FileSource } from '../../formats/contract/format.ts';
import { integerAt, textAt } from '../../formats/parquet/fields.ts';
import { openedOf } from '../../formats/parquet/opened-file.ts';
import type { ThriftStruct } from '../../formats/parquet/thrift.ts';
import type { Column, DataType } from '../../frames/schema.ts';

/** A column of a file, or a field in one, with its id. */
export interface FileField {
  readonly name: string;
  readonly type: DataType;
  /** The field id; undefined: the file has no id for the field. */
  readonly id: number | undefined;
  /** The fields of a struct, or of the struct in a list. */
  readonly fields: readonly FileField[];
}

interface Element {
  readonly name: string;
  readonly id: number | undefined;
  /** The numbers of the leaves below the element, or of the element itself: from (inclusive) to (exclusive). */
  readonly from: number;
  readonly to: number;
  readonly children: readonly Element[];
}

/** The columns of an inspected file, with the ids of its footer. */
export async function fileFields(source: FileSource, content: FileContent): Promise<readonly FileField[]> {
  const { footer } = await openedOf(source, content, { int96: 'us' });
  const cursor = { at: 0, leaf: 0 };
  const root = elementOf(footer.elements, cursor);
  let leaf = 0;
  return content.schema.columns.map((column) => {
    const field = fieldOf(column, { leaf, within: root });
    leaf += leavesOf(column.type);
    return field;
  });
}

function elementOf(elements: readonly ThriftStruct[], cursor: { at: number; leaf: number }): Element {
  const element = elements[cursor.at++] ?? new Map();
  const from = cursor.leaf;
  const count = integerAt(element, 5) ?? 0;
  if (count === 0 && element.has(1)) cursor.leaf++;
  const children = Array.from({ length: count }, () => elementOf(elements, cursor));
  return { name: textAt(element, 4) ?? '', id: integerAt(element, 9), from, to: cursor.leaf, children };
}

function leavesOf(type: DataType): number {
  if (type.kind === 'list') return leavesOf(type.item);
  return type.kind === 'struct' ? type.fields.reduce((sum, field) => sum + leavesOf(field.type), 0) : 1;
}

/**
 * Finds the schema element of a column or field: the outermost element above its leaves that has its name. Groups around the items
 * of lists are skipped, because they differ between files.
 */
function fieldOf(
  { name, type }: Pick<Column, 'name' | 'type'>,
  { leaf, within }: { readonly leaf: number; readonly within: Element },
): FileField {
  const element = named(within, { name, from: leaf, to: leaf + leavesOf(type) });
  let struct = type;
  while (struct.kind === 'list') struct = struct.item;
  let next = leaf;
  const fields =
    struct.kind !== 'struct'
      ? []
      : struct.fields.map((column) => {
          const field = fieldOf(column, { leaf: next, within: element ?? within });
          next += leavesOf(column.type);
          return field;
        });
  return { name, type, id: element?.id, fields };
}

function named(within: Element, wanted: Pick<Element, 'name' | 'from' | 'to'>): Element | undefined {
  for (const child of within.children) {
    if (child.to <= wanted.from || child.from >= wanted.to) continue;
    const isIt = child.name === wanted.name && child.from === wanted.from && child.to === wanted.to;
    const found = isIt ? child : named(child, wanted);
    if (found) return found;
  }
  return undefined;
}
