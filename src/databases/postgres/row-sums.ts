/** Sums rows in PostgreSQL. `to_json` writes dates and times in the same way for any DateStyle. */
import type { DataType } from '../../frames/schema.ts';
import type { SourceColumn } from '../engine.ts';
import type { CanonicalText, ColumnToSum, NoCanonicalText, RowSums, SummedText } from '../row-sums.ts';
import { nanBits, rowTextItem, withoutZeros, zeroBits } from '../row-sums.ts';
import { wireOf } from '../source-columns.ts';
import { finite, quoteName } from './dialect.ts';
import type { Wire } from './types.ts';

/** The oids of types that are read as text, and whose text depends on no setting. */
const settledTexts: ReadonlySet<number> = new Set([
  ...[1700, 869, 650, 829, 774, 1560, 1562], // numeric, inet, cidr, macaddr, macaddr8, bit, varbit
  ...[18, 3220, 3614, 3615, 3904, 3926, 3906], // "char", pg_lsn, tsvector, tsquery, int4range, int8range, numrange
]);

const utf8 = (text: string): string => `pg_catalog.convert_to(${text}, 'UTF8')`;
const md5 = (text: string): string =>
  `('x' || pg_catalog.substr(pg_catalog.md5(${utf8(text)}), 1, 16))::pg_catalog.bit(64)::pg_catalog.int8`;
const asJson = (value: string): string => `pg_catalog.btrim(pg_catalog.to_json(${value})::pg_catalog.text, '"')`;
const asText = (value: string): string => `${value}::pg_catalog.text`;

const microseconds = (interval: string): string => `(EXTRACT(EPOCH FROM ${interval}) * 1000000)::pg_catalog.int8`;

const ascii = (text: string, fixedBytes?: number): CanonicalText => ({
  text,
  isAscii: true,
  ...(fixedBytes === undefined ? {} : { fixedBytes }),
});

export function text({ column, specialValues }: ColumnToSum): CanonicalText | NoCanonicalText {
  const { type } = column;
  const name = quoteName(column.name);
  const held = (found: CanonicalText, readIf: string | undefined): CanonicalText =>
    specialValues === 'fail' || readIf === undefined ? found : { ...found, readIf };
  switch (type.kind) {
    case 'bool':
    case 'int16':
    case 'int32':
    case 'int64':
    case 'uint32':
      return ascii(asText(name));
    case 'decimal':
      return held(ascii(decimal(column, name, type.scale)), `${asText(name)} NOT IN ('NaN', 'Infinity', '-Infinity')`);
    case 'float32':
    case 'float64': {
      const bits = `pg_catalog.encode(pg_catalog.float8send(${name}), 'hex')`;
      return ascii(`CASE WHEN ${name} = 0 THEN '${zeroBits}' WHEN ${name} = 'NaN' THEN '${nanBits}' ELSE ${bits} END`, 16);
    }
    case 'uuid':
      return ascii(asText(name), 36);
    case 'binary':
      return ascii(`pg_catalog.encode(${name}, 'hex')`);
    case 'date':
      return held(ascii(asJson(name)), finite(name, type));
    case 'time':
      return held(ascii(asText(name)), `${name} < TIME '24:00:00'`);
    case 'timestamp':
      return held(ascii(asJson(type.zone === undefined ? name : `pg_catalog.timezone('UTC', ${name})`)), finite(name, type));
    case 'duration':
      return ascii(withoutZeros(asText(`(${microseconds(name)} * 0.000001)`), 'pg_catalog.rtrim'));
    case 'string':
      return string(column, name);
    default:
      return { unable: `a column of ${column.sourceType} has no canonical text there` };
  }
}

function decimal({ wire, sourceType }: ColumnToSum['column'], name: string, scale: number): string {
  const read = wireAs(wire);
  // A setting decides how many digits after the point a value of `money` has.
  if (read.as === 'money') {
    const cents = `('x' || pg_catalog.encode(pg_catalog.cash_send(${name}), 'hex'))::pg_catalog.bit(64)::pg_catalog.int8`;
    const value = asText(`(${cents} * 1e-${scale}::pg_catalog.numeric)`);
    return scale === 0 ? asText(`(${cents})`) : withoutZeros(value, 'pg_catalog.rtrim');
  }
  if (sourceType?.includes('(') !== true)
    return `CASE WHEN pg_catalog.scale(${name}) > 0 THEN ${withoutZeros(asText(name), 'pg_catalog.rtrim')} ELSE ${asText(name)} END`;
  return scale === 0 ? asText(name) : withoutZeros(asText(name), 'pg_catalog.rtrim');
}

const wireAs = (wire: string): Wire => wireOf<Wire>({ wire } as ColumnToSum['column']);

function string({ wire, shownAsText, sourceType }: ColumnToSum['column'], name: string): CanonicalText | NoCanonicalText {
  const [, oid] = JSON.parse(wire) as readonly [string, number];
  if (shownAsText)
    return settledTexts.has(oid) ? { text: asText(name) } : { unable: `the text of ${sourceType} depends on settings of the session` };
  // A cast would remove the trailing blanks of a char(n), but hygge reads char(n) with the blanks.
  return { text: oid === 1042 ? `pg_catalog.textin(pg_catalog.bpcharout(${name}))` : asText(name) };
}

export const rowSums: RowSums = {
  text,
  hash: ({ text: value }) => md5(value),
  rowHash: (texts) => md5(texts.map(item).join(' || ')),
  bits: (hash, from, count) => `((${hash} >> ${64 - from - count}) & ${2 ** count - 1})`,
  sumAsText(hash, ofNull) {
    const sum = `coalesce(sum(${hash}), 0)`;
    return `(${ofNull === undefined ? sum : `${sum} + ${ofNull}::pg_catalog.numeric * (count(*) - count(${hash}))`})::pg_catalog.text`;
  },
  integerAsText: (expression) => `(${expression})::pg_catalog.text`,
  // Without this clause, the planner repeats each expression wherever its name is used.
  optimizerFence: 'OFFSET 0',
};

function item(one: SummedText): string {
  const bytes = (value: string) => asText(`pg_catalog.octet_length(${one.isAscii ? value : utf8(value)})`);
  return rowTextItem(one, { bytes, concat: (...parts) => parts.join(' || ') });
}

/** A column of a store as the type that hygge stored in it. An interval that hygge wrote has no months and no days, so it is only a length of time. */
export function settledAs(column: SourceColumn, type: DataType): SourceColumn | undefined {
  if (type.kind !== 'duration' || column.sourceType !== 'interval') return undefined;
  const name = quoteName(column.name);
  const wire = JSON.stringify([column.name, 20, -1, { as: 'int8' } satisfies Wire]);
  return {
    ...column,
    type: { kind: 'duration', unit: 'us' },
    shownAsText: false,
    wire,
    selectExpression: `${microseconds(name)} AS ${name}`,
  };
}
