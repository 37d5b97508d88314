/** Sums of rows in DuckDB. Each hash is an unsigned 64-bit number until it is added up. */
import type { DataType } from '../../frames/schema.ts';
import type { CanonicalText, ColumnToSum, NoCanonicalText, RowSums } from '../row-sums.ts';
import { nanBits, rowTextItem, withoutZeros, zeroBits } from '../row-sums.ts';
import { finite, quoteName } from './dialect.ts';

const asText = (value: string): string => `${value}::VARCHAR`;
const md5 = (text: string): string => `('0x' || md5(${text})[1:16])::UBIGINT`;
/** DuckDB’s types without an equivalent in hygge whose texts depend on no setting. */
const settledTexts: ReadonlySet<string> = new Set(['HUGEINT', 'UHUGEINT', 'BIGNUM', 'BIT']);

function text({ column, specialValues }: ColumnToSum): CanonicalText | NoCanonicalText {
  const { type, sourceType = '', shownAsText } = column;
  const name = quoteName(column.name);
  const held = (value: string, readIf = finite(name, type)): CanonicalText =>
    specialValues === 'fail' || readIf === undefined ? { text: value } : { text: value, readIf };
  switch (type.kind) {
    case 'decimal':
      return { text: sourceType.startsWith('DECIMAL') ? decimal(name, type) : asText(name) };
    case 'float32':
    case 'float64': {
      const bits = `lower(hex(${name}::DOUBLE::BIT::BLOB))`;
      return { text: `CASE WHEN ${name} = 0 THEN '${zeroBits}' WHEN isnan(${name}) THEN '${nanBits}' ELSE ${bits} END`, fixedBytes: 16 };
    }
    case 'uuid':
      return sourceType === 'UUID' ? { text: asText(name), fixedBytes: 36 } : { text: `lower(${asText(name)})` };
    case 'binary':
      return { text: `lower(hex(${name}))` };
    case 'time':
      return held(asText(name), `${name} < '24:00:00'::${type.unit === 'ns' ? 'TIME_NS' : 'TIME'}`);
    case 'date':
      return held(asText(name));
    case 'timestamp':
      return held(`replace(${asText(type.zone === undefined ? name : `(${name} AT TIME ZONE 'UTC')`)}, ' ', 'T')`);
    case 'string':
      return shownAsText && !settledTexts.has(sourceType)
        ? { unable: `the text of ${sourceType} depends on settings of the session` }
        : { text: asText(name) };
    case 'duration':
      return { unable: 'an interval is compared while it is read' };
    default:
      return { text: asText(name) };
  }
}

/** If a decimal type has no digits before the point, DuckDB writes no zero before the point. */
function decimal(name: string, { precision, scale }: DataType & { readonly kind: 'decimal' }): string {
  if (scale === 0) return asText(name);
  const digits = withoutZeros(asText(name));
  if (precision > scale) return digits;
  return `CASE WHEN ${name} = 0 THEN '0' WHEN ${name} < 0 THEN '-0' || ${digits}[2:] ELSE '0' || ${digits} END`;
}

export const rowSums: RowSums = {
  text,
  hash: ({ text: value }) => md5(value),
  rowHash: (texts) => md5(texts.map((one) => rowTextItem(one, spelt)).join(' || ')),
  bits: (hash, from, count) => `((${hash} >> ${64 - from - count}) & ${2 ** count - 1})`,
  sumAsText(hash, ofNull) {
    const sum = `coalesce(sum(${hash}::HUGEINT) - 18446744073709551616::HUGEINT * count(*) FILTER (WHERE ${hash} >= 9223372036854775808), 0)`;
    return `(${ofNull === undefined ? sum : `${sum} + ${ofNull}::HUGEINT * (count(*) - count(${hash}))`})::VARCHAR`;
  },
  integerAsText: (expression) => `(${expression})::VARCHAR`,
};

const spelt = { bytes: (value: string) => asText(`strlen(${value})`), concat: (...parts: readonly string[]) => parts.join(' || ') };
