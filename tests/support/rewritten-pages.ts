import { readFile, writeFile } from 'node:fs/promises';
import { integerAt, listAt, structAt, textAt } from '../../src/formats/parquet/fields.ts';
import { parseFooter } from '../../src/formats/parquet/footer.ts';
import { tailOf } from '../../src/formats/parquet/join.ts';
import { decodeStructFrom, encodeStruct, type ThriftField, type ThriftStruct, wire } from '../../src/formats/parquet/thrift.ts';

/** A page as it lies in a file. */
export interface PageBytes {
  /** Of the column, from the outside in; without the names of the levels of a list. */
  readonly column: string;
  readonly header: ThriftStruct;
  readonly body: Buffer;
}

/** Writes every page of a file anew: what a writer could have made as well. Answers how many pages there are. */
export async function rewritePages(
  path: string,
  change: (page: PageBytes, number: number) => Pick<PageBytes, 'header' | 'body'>,
): Promise<number> {
  const file = await readFile(path);
  const start = file.length - 8 - file.readUInt32LE(file.length - 8);
  const { tree } = parseFooter(file.subarray(start, file.length - 8), { name: path, start });
  const pieces: Uint8Array[] = [file.subarray(0, 4)];
  let at = 4;
  let count = 0;
  for (const group of listAt(tree, 4) as readonly ThriftStruct[])
    for (const column of listAt(group, 1) as readonly Map<number, ThriftField>[]) {
      const metadata = structAt(column, 3) as Map<number, ThriftField>;
      const name = textAt(new Map([[0, { type: wire.binary, value: listAt(metadata, 3)[0] as Uint8Array }]]), 0) ?? '';
      const from = Math.min(integerAt(metadata, 9) ?? 0, integerAt(metadata, 11) || Number.POSITIVE_INFINITY);
      const end = from + (integerAt(metadata, 7) ?? 0);
      const begin = at;
      for (let next = from; next < end; ) {
        const { struct: header, length } = decodeStructFrom(file.subarray(next, end));
        const size = integerAt(header, 3) ?? 0;
        const body = file.subarray(next + length, next + length + size);
        const isDictionary = integerAt(header, 1) === 2;
        if (!isDictionary && next === integerAt(metadata, 9)) metadata.set(9, { type: wire.i64, value: at });
        else if (isDictionary) metadata.set(11, { type: wire.i64, value: at });
        const made = change({ column: name, header, body }, count++);
        const bytes = [encodeStruct(new Map(made.header).set(3, { type: wire.i32, value: made.body.length })), made.body];
        pieces.push(...bytes);
        at += bytes.reduce((sum, piece) => sum + piece.length, 0);
        next += length + size;
      }
      metadata.set(7, { type: wire.i64, value: at - begin });
      for (const index of [4, 5, 6, 7]) column.delete(index);
    }
  await writeFile(path, Buffer.concat([...pieces, tailOf(encodeStruct(tree))]));
  return count;
}
