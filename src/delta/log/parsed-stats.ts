/** The text of `stats`, made of the columns of `stats_parsed` that some checkpoints have in its place. */
import type { Arrow } from '../../frames/native.ts';
import type { DataType } from '../../frames/schema.ts';
import { cellReader } from '../../frames/values/cells.ts';

/** Writes the JSON of a value; undefined: there is none. */
type Writer = (row: number) => string | undefined;

/** The JSON of a row; null where the row has no statistics. */
export function statsReader(type: DataType, data: Arrow.Data): (row: number) => string | null {
  const write = writerOf(type, data);
  return (row) => write(row) ?? null;
}

function writerOf(type: DataType, data: Arrow.Data): Writer {
  if (type.kind === 'struct') return structWriter(type.fields, data);
  const read = cellReader(type, data);
  const textOf = textOfCell(type);
  if (textOf === undefined) return () => undefined;
  return (row) => {
    const cell = read(row);
    return cell === null ? undefined : textOf(cell);
  };
}

/** A struct whose fields are all null is none. */
function structWriter(fields: readonly { readonly name: string; readonly type: DataType }[], data: Arrow.Data): Writer {
  const writers = fields.flatMap(({ name, type }, at) => {
    const child = data.children[at];
    return child === undefined ? [] : [[`${JSON.stringify(name)}:`, writerOf(type, child)] as const];
  });
  return (row) => {
    let json = '';
    for (const [name, write] of writers) {
      const value = write(row);
      if (value !== undefined) json += `${json === '' ? '' : ','}${name}${value}`;
    }
    return json === '' ? undefined : `{${json}}`;
  };
}

/** As the log writes the value of each type in `stats`. Undefined: a type that has no bounds. */
function textOfCell(type: DataType): ((cell: unknown) => string) | undefined {
  switch (type.kind) {
    case 'string':
      return (cell) => JSON.stringify(cell);
    case 'bool':
      return (cell) => String(cell);
    case 'float32':
    case 'float64':
      return (cell) => (Number.isFinite(cell) ? (Object.is(cell, -0) ? '-0.0' : String(cell)) : JSON.stringify(String(cell)));
    case 'decimal':
      return (cell) => decimalText(cell as bigint, type.scale);
    case 'date':
      return (cell) => JSON.stringify(dayText(Number(cell) * 86_400_000));
    case 'timestamp':
      return (cell) => JSON.stringify(timeText(BigInt(cell as bigint), type));
    default:
      return type.kind.startsWith('int') || type.kind.startsWith('uint') ? (cell) => String(cell) : undefined;
  }
}

function decimalText(unscaled: bigint, scale: number): string {
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0');
  const point = digits.length - scale;
  return `${unscaled < 0n ? '-' : ''}${digits.slice(0, point)}${scale === 0 ? '' : `.${digits.slice(point)}`}`;
}

/** Years beyond four digits have a sign, as in ISO 8601. */
const dayText = (ms: number): string => new Date(ms).toISOString().replace(/T.*$/, '');

function timeText(value: bigint, { unit, zone }: Extract<DataType, { kind: 'timestamp' }>): string {
  const perSecond = unit === 'ms' ? 1_000n : unit === 'us' ? 1_000_000n : 1_000_000_000n;
  const within = ((value % perSecond) + perSecond) % perSecond;
  const seconds = (value - within) / perSecond;
  const digits = String(within).padStart(String(perSecond).length - 1, '0');
  return `${new Date(Number(seconds) * 1000).toISOString().slice(0, -5)}.${digits}${zone === undefined ? '' : 'Z'}`;
}
