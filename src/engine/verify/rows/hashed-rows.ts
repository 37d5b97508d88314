/** Rows of frames as two hashes each. */
import { rowHashes } from '../../../frames/row-sum/row-hashes.ts';
import type { KeySet } from '../../../keys/key-set.ts';
import type { Frame } from '../../contracts/frame.ts';
import type { SummedColumn } from '../../contracts/row-sums.ts';
import { chosen, type HashedRows } from './bucket-sums.ts';
import { placesWithoutKey } from './left-out-keys.ts';

export function withoutKeys(rows: HashedRows, keys: KeySet): HashedRows {
  if (keys.size === 0) return rows;
  const { marks } = keys.missing(rows.keys);
  return chosen(rows, (at) => marks[at] === 1).rows;
}

export async function hashed(frame: Frame, columns: readonly SummedColumn[], key: readonly SummedColumn[]): Promise<HashedRows> {
  const rows = await rowHashes(frame, columns);
  if (key.length === 0) return { rows, keys: rows };
  return { rows, keys: await keyHashes(frame, key, rows) };
}

/** The hashes of the rows’ keys. A key with a null does not identify a row, so such a row counts as a key of its own, with the row’s hash. */
async function keyHashes(frame: Frame, key: readonly SummedColumn[], rows: BigInt64Array): Promise<BigInt64Array> {
  const keys = await rowHashes(frame, key);
  for (const at of await placesWithoutKey(frame, key)) keys[at] = rows[at] as bigint;
  return keys;
}
