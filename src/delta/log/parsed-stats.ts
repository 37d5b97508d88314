/** Makes the text of `stats` from `stats_parsed`, for checkpoints that have only `stats_parsed`. */
import { integerAt, structAt, truthAt } from '../../formats/parquet/fields.ts';
import { physical } from '../../formats/parquet/leaf-type.ts';
import type { ThriftStruct } from '../../formats/parquet/thrift.ts';
import type { Node } from './checkpoint-parquet.ts';
import type { LeafValue } from './leaf-decoder.ts';

type Cells = (row: number) => LeafValue | null;
/** Adds the JSON of a row’s value to the pieces of a text. False: the row has no value. */
type Writer = (row: number, into: string[]) => boolean;

/** The JSON of a row; null if the row has no statistics. Leaves that were not read are left out. */
export function statsFrom(node: Node | undefined, cellsOf: (leaf: Node) => Cells): (row: number) => string | null {
  if (node === undefined) return () => null;
  const write = writerOf(node, cellsOf);
  return (row) => {
    const pieces: string[] = [];
    // The pieces are joined by `join`, whose result is one piece of memory. The result of `+` would be a tree of pieces.
    return write(row, pieces) ? pieces.join('') : null;
  };
}

function writerOf(node: Node, cellsOf: (leaf: Node) => Cells): Writer {
  if (node.leaf === undefined) return structWriter(node.children, cellsOf);
  const cells = cellsOf(node);
  const textOf = textOfCell(node.element);
  return (row, into) => {
    const cell = cells(row);
    const json = cell === null ? undefined : textOf?.(cell);
    if (json === undefined) return false;
    into.push(json);
    return true;
  };
}

/** Writes a struct. A struct whose fields are all null counts as missing. */
function structWriter(children: readonly Node[], cellsOf: (leaf: Node) => Cells): Writer {
  const writers = children.map((one) => [`${JSON.stringify(one.name)}:`, writerOf(one, cellsOf)] as const);
  return (row, into) => {
    const start = into.length;
    for (const [name, write] of writers) {
      const before = into.length;
      into.push(before === start ? '{' : ',', name);
      if (!write(row, into)) into.length = before;
    }
    if (into.length === start) return false;
    into.push('}');
    return true;
  };
}

/** Converts values of a type to their form in `stats`. Undefined: bounds of this type are left out. */
function textOfCell(element: ThriftStruct): ((cell: LeafValue) => string) | undefined {
  const logical = structAt(element, 10);
  const converted = integerAt(element, 6);
  const isDecimal = logical?.has(5) === true || converted === 5;
  const scale = isDecimal ? (integerAt(structAt(logical ?? new Map(), 5) ?? new Map(), 1) ?? integerAt(element, 7) ?? 0) : 0;
  const type = integerAt(element, 1);
  switch (type) {
    case physical.boolean:
      return String;
    case physical.float:
    case physical.double:
      return (cell) => (Number.isFinite(cell) ? (Object.is(cell, -0) ? '-0.0' : String(cell)) : JSON.stringify(String(cell)));
    case physical.bytes:
      return isDecimal ? (cell) => decimalText(bigOf(cell as Uint8Array), scale) : (cell) => JSON.stringify(cell);
    case physical.fixed:
      return isDecimal ? (cell) => decimalText(bigOf(cell as Uint8Array), scale) : undefined;
    case physical.int32:
    case physical.int64:
      if (isDecimal) return (cell) => decimalText(BigInt(cell as number | bigint), scale);
      if (logical?.has(6) === true || converted === 6) return (cell) => JSON.stringify(dayText(Number(cell) * 86_400_000));
      return timestampText(logical, converted) ?? String;
    default:
      return undefined;
  }
}

function timestampText(logical: ThriftStruct | undefined, converted: number | undefined): ((cell: LeafValue) => string) | undefined {
  const stamp = structAt(logical ?? new Map(), 8);
  if (stamp === undefined && converted !== 9 && converted !== 10) return undefined;
  const unit = structAt(stamp ?? new Map(), 2);
  const digits = unit?.has(3) === true ? 9 : unit?.has(2) === true || (unit === undefined && converted === 10) ? 6 : 3;
  const isUtc = stamp === undefined || truthAt(stamp, 1) === true;
  return (cell) => JSON.stringify(timeText(BigInt(cell as number | bigint), digits, isUtc));
}

/** The number in bytes in two’s complement, the high byte first. */
const bigOf = (bytes: Uint8Array): bigint => BigInt.asIntN(bytes.length * 8, BigInt(`0x0${Buffer.from(bytes).toString('hex')}`));

function decimalText(unscaled: bigint, scale: number): string {
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  const point = digits.length - scale;
  return `${unscaled < 0n ? '-' : ''}${digits.slice(0, point)}${scale === 0 ? '' : `.${digits.slice(point)}`}`;
}

/** A day as text. A year with more than four digits has a sign, as in ISO 8601. */
const dayText = (ms: number): string => new Date(ms).toISOString().replace(/T.*$/, '');

function timeText(value: bigint, digits: number, isUtc: boolean): string {
  const perSecond = 10n ** BigInt(digits);
  const within = ((value % perSecond) + perSecond) % perSecond;
  const seconds = (value - within) / perSecond;
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, -5)}.${String(within).padStart(digits, '0')}${isUtc ? 'Z' : ''}`;
}
