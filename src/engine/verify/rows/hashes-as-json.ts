/** Hashes as text, for an object in the state. The text is base64 of their bytes. */
import type { DifferingKey } from './row-differences.ts';

export function textOfHashes(hashes: readonly bigint[] | BigInt64Array): string {
  return textOfNumbers(hashes instanceof BigInt64Array ? hashes : BigInt64Array.from(hashes));
}

export const hashesIn = (text: string): BigInt64Array => new BigInt64Array(bytesIn(text));

export function textOfNumbers({ buffer, byteOffset, byteLength }: BigInt64Array | Float64Array): string {
  return Buffer.from(buffer, byteOffset, byteLength).toString('base64');
}

/** The bytes are copied, because an array of 8-byte numbers needs aligned memory. */
export const bytesIn = (text: string): ArrayBuffer => Uint8Array.from(Buffer.from(text, 'base64')).buffer;

/** The rows of several keys: how many rows each key has, and the hashes of all rows, one key after another. */
interface RowsOfKeysAsJson {
  readonly counts: readonly number[];
  readonly rows: string;
}

export interface KeysAsJson {
  readonly keys: string;
  readonly source: RowsOfKeysAsJson;
  readonly destination: RowsOfKeysAsJson;
}

export function keysAsJson(all: readonly DifferingKey[]): KeysAsJson {
  const rowsOf = (side: 'source' | 'destination') => ({
    counts: all.map((one) => one[side].length),
    rows: textOfHashes(all.flatMap((one) => one[side])),
  });
  return { keys: textOfHashes(all.map(({ key }) => key)), source: rowsOf('source'), destination: rowsOf('destination') };
}

export function keysIn({
  keys,
  source,
  destination,
}: KeysAsJson): readonly (DifferingKey & Readonly<Record<'source' | 'destination', bigint[]>>)[] {
  const rowsOf = ({ counts, rows }: RowsOfKeysAsJson) => {
    const all = [...hashesIn(rows)];
    let end = 0;
    return counts.map((count) => {
      end += count;
      return all.slice(end - count, end);
    });
  };
  const [inSource, there] = [rowsOf(source), rowsOf(destination)];
  return [...hashesIn(keys)].map((key, at) => ({ key, source: inSource[at] ?? [], destination: there[at] ?? [] }));
}
