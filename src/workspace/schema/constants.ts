import { valueText } from '../../frames/rules/value-text.ts';
import type { DataType } from '../../frames/schema.ts';
import type { Scalar } from '../yaml/tree.ts';
import type { ConstantType } from './polish-schema.ts';

export interface ConstantValue {
  readonly type: DataType;
  /** The value, in the canonical text of its type. */
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

/** The value of a constant, from its written text, so that all digits are kept. Undefined: the type must be named, or does not fit the value. */
export function constantOf(written: Scalar, named: ConstantType | undefined): ConstantValue | undefined {
  const type = named ?? constantTypeOf(written);
  if (type === undefined) return undefined;
  if (written.value === null) return { type: types[type], text: null };
  const text = valueText(types[type], written.text);
  return text === undefined ? undefined : { type: types[type], text };
}

/** The value that YAML reads; undefined: the value differs from the written text, as for 007 and 0x1F. */
export function constantTypeOf({ value, text }: Scalar): ConstantType | undefined {
  if (value === null) return undefined;
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'bool';
  if (/^-?(0|[1-9]\d*)$/.test(text)) return 'int64';
  return /^-?(0|[1-9]\d*)(\.\d*)?(e[+-]?\d+)?$/i.test(text) || /^[+-]?\.(inf|nan)$/i.test(text) ? 'float64' : undefined;
}
