import { daysOf, parseInstant } from '../frames/calendar.ts';
import type { DataType } from '../frames/schema.ts';
import { watermarkText } from '../frames/watermark-text.ts';
import type { ConstantType } from './polish-schema.ts';
import type { Scalar } from './tree.ts';

export interface ConstantValue {
  readonly type: DataType;
  /** In the canonical text of its type. */
  readonly text: string | null;
}

const types: Readonly<Record<ConstantType, DataType>> = {
  string: { kind: 'string' },
  bool: { kind: 'bool' },
  int32: { kind: 'int32' },
  int64: { kind: 'int64' },
  float64: { kind: 'float64' },
  date: { kind: 'date' },
  datetime: { kind: 'timestamp', unit: 'us', zone: 'UTC' },
};

/** The value of a constant, from the text as it was written: no digit of it is lost. Undefined: its type must be named, or does not fit. */
export function constantOf(written: Scalar, named: ConstantType | undefined): ConstantValue | undefined {
  const type = named ?? constantTypeOf(written);
  if (type === undefined) return undefined;
  if (written.value === null) return { type: types[type], text: null };
  const text = canonical(type, written.text);
  return text === undefined ? undefined : { type: types[type], text };
}

/** What YAML says, unless it would change what is written: 007 and 0x1F are no plain numbers. */
export function constantTypeOf({ value, text }: Scalar): ConstantType | undefined {
  if (value === null) return undefined;
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (/^-?(0|[1-9]\d*)$/.test(text)) return 'int64';
  return /^-?(0|[1-9]\d*)(\.\d*)?(e[+-]?\d+)?$/i.test(text) || /^[+-]?\.(inf|nan)$/i.test(text) ? 'float64' : undefined;
}

function canonical(type: ConstantType, text: string): string | undefined {
  switch (type) {
    case 'string':
      return text;
    case 'bool':
      return /^(true|false)$/i.test(text) ? text.toLowerCase() : undefined;
    case 'int32':
    case 'int64':
      return integer(text, type === 'int32' ? 32 : 64);
    case 'float64':
      return float(text);
    case 'date':
      return daysOf(text) === undefined ? undefined : text;
    case 'datetime':
      return instant(text);
  }
}

function integer(text: string, bits: number): string | undefined {
  const value = /^[+-]?\d+$/.test(text) ? BigInt(text.replace(/^\+/, '')) : undefined;
  return value !== undefined && BigInt.asIntN(bits, value) === value ? value.toString() : undefined;
}

function float(text: string): string | undefined {
  const special = /^([+-]?)\.?(inf|nan)$/i.exec(text);
  if (special) return `${special[1] === '-' ? '-' : ''}${special[2]?.toLowerCase()}`;
  const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(value) ? text : undefined;
}

/** Without an offset it is UTC. */
function instant(text: string): string | undefined {
  const written = parseInstant(text, 'us');
  if (written === undefined) return undefined;
  const micros = written.wall - BigInt(written.offsetSeconds ?? 0) * 1_000_000n;
  return BigInt.asIntN(64, micros) === micros ? watermarkText(types.datetime, micros) : undefined;
}
