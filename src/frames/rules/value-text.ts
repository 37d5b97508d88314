import { HyggeError } from '../../errors/hygge-error.ts';
import type { DataType } from '../schema.ts';
import { canBeWatermark, parseWatermark } from '../watermark-text.ts';

/** Whether a config can have values of the type: types with one exact text for each value can be written, and floats. */
export function canBeWritten(type: DataType): boolean {
  return canBeWatermark(type) || type.kind === 'bool' || isFloat(type);
}

/** The canonical text of a value that a person wrote, with all its digits. Undefined: the text is not a value of the type. */
export function valueText(type: DataType, written: string): string | undefined {
  if (type.kind === 'bool') return /^(true|false)$/i.test(written) ? written.toLowerCase() : undefined;
  if (isFloat(type)) return float(written, type.kind === 'float32');
  try {
    return canBeWatermark(type) ? parseWatermark(written, { column: '', type }).text : undefined;
  } catch (error) {
    if (error instanceof HyggeError) return undefined;
    throw error;
  }
}

function isFloat(type: DataType): boolean {
  return type.kind === 'float32' || type.kind === 'float64';
}

function float(text: string, single: boolean): string | undefined {
  const special = /^([+-]?)\.?(inf|nan)$/i.exec(text);
  if (special) return `${special[1] === '-' ? '-' : ''}${special[2]?.toLowerCase()}`;
  const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : Number.NaN;
  return Number.isFinite(single ? Math.fround(value) : value) ? text : undefined;
}
