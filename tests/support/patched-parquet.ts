import { readFile, writeFile } from 'node:fs/promises';
import { listAt } from '../../src/formats/parquet/fields.ts';
import { parseFooter } from '../../src/formats/parquet/footer.ts';
import { tailOf } from '../../src/formats/parquet/join.ts';
import { encodeStruct, type ThriftField, type ThriftStruct } from '../../src/formats/parquet/thrift.ts';

type Changing = Map<number, ThriftField>;

/** What a footer says, changed in place: files as older or stranger writers make them. */
export interface Patch {
  /** The whole of it: how many rows there are, who wrote it. */
  readonly footer?: (footer: Changing) => void;
  /** All elements, the root first. */
  readonly elements?: (elements: Changing[]) => void;
  readonly element?: (element: Changing) => void;
  readonly metadata?: (metadata: Changing) => void;
  readonly statistics?: (statistics: Changing) => void;
}

export async function patchParquet(path: string, patch: Patch): Promise<void> {
  const file = await readFile(path);
  const length = file.readUInt32LE(file.length - 8);
  const start = file.length - 8 - length;
  const { tree } = parseFooter(file.subarray(start, file.length - 8), { name: path, start });
  patch.footer?.(tree as Changing);
  patch.elements?.(structs(tree, 2) as Changing[]);
  for (const element of structs(tree, 2)) patch.element?.(element);
  for (const group of structs(tree, 4))
    for (const column of structs(group, 1)) {
      const metadata = column.get(3)?.value as Changing;
      patch.metadata?.(metadata);
      const statistics = metadata.get(12)?.value as Changing | undefined;
      if (statistics) patch.statistics?.(statistics);
    }
  await writeFile(path, Buffer.concat([file.subarray(0, start), tailOf(encodeStruct(tree))]));
}

function structs(struct: ThriftStruct, id: number): readonly Changing[] {
  return listAt(struct, id) as unknown as readonly Changing[];
}
