/** The rows of a data file that its vector in the log marks. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { DeletedRows } from '../../../src/delta/values/deleted-rows.ts';
import { rowsOfBitmaps } from '../../../src/delta/values/roaring.ts';
import { vectorPlace } from '../../../src/delta/values/vector.ts';
import { z85Bytes } from '../../../src/delta/values/z85.ts';

/** As an `add` has it. */
export interface RawVector {
  readonly storageType: 'i' | 'p' | 'u';
  readonly pathOrInlineDv: string;
  readonly offset?: number;
  readonly sizeInBytes: number;
  readonly cardinality: number;
}

/** @param read a file of the table's folder. */
export function markedRows(vector: RawVector, read: (path: string) => Uint8Array): ReadonlySet<number> {
  const { offset = 0, sizeInBytes, cardinality } = vector;
  const place = vectorPlace({ ...vector, offset }, 'a file');
  const inFile = (file: Uint8Array) => file.subarray(offset + 4, offset + 4 + sizeInBytes);
  const inline = () => (z85Bytes(vector.pathOrInlineDv) as Uint8Array).subarray(0, sizeInBytes);
  const bytes =
    place === undefined ? inline() : inFile(place.kind === 'in table' ? read(place.path) : readFileSync(fileURLToPath(place.uri)));
  const deleted: DeletedRows = rowsOfBitmaps(bytes, 2 ** 40);
  const rows = new Set<number>();
  for (const [block, bits] of deleted.blocks())
    for (const [byte, eight] of bits.entries())
      for (let bit = 0; bit < 8; bit++) if ((eight & (1 << bit)) !== 0) rows.add(block * 65_536 + byte * 8 + bit);
  if (rows.size !== cardinality) throw new Error(`a vector of ${rows.size} rows, and the log says ${cardinality}`);
  return rows;
}
