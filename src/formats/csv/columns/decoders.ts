import { BoolDecoder } from './bools.ts';
import { DecimalDecoder } from './decimals.ts';
import type { ColumnDecoder, CsvColumn } from './decoder.ts';
import { Float32Decoder, Float64Decoder } from './floats.ts';
import { IntegerDecoder } from './integers.ts';
import { BinaryDecoder, PlainTextDecoder } from './texts.ts';
import { ClockDecoder, DateDecoder } from './times.ts';
import type { ValueForms } from './value-reader.ts';

/** The decoder for a column. `escapeByte`: the byte that comes before a quote inside a quoted text. */
export function decoderOf({ type, told }: CsvColumn, forms: ValueForms, escapeByte: number): ColumnDecoder {
  switch (type.kind) {
    case 'bool':
      return new BoolDecoder(told, forms);
    case 'float32':
      return new Float32Decoder(told, forms);
    case 'float64':
      return new Float64Decoder(told, forms);
    case 'decimal':
      return new DecimalDecoder(type, told, forms);
    case 'date':
      return new DateDecoder(type, told, forms);
    case 'time':
    case 'timestamp':
      return new ClockDecoder(type, told, forms);
    case 'binary':
      return new BinaryDecoder(type, forms);
    case 'string':
    case 'uuid':
    case 'json':
      return new PlainTextDecoder(type, forms, escapeByte);
    default:
      return new IntegerDecoder(type, told, forms);
  }
}
