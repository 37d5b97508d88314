/** Canonical texts in SQLite, which has no MD5, so hygge computes the sums. A value has a text only if the home can read the value, because the home refuses all others. */
import type { ColumnToSum, RowText, RowTexts } from '../row-sums.ts';
import { withoutZeros } from '../row-sums.ts';
import { dialect, quoteName } from './dialect.ts';

const noTime = '00:00:00.000000000';

function text({ column }: ColumnToSum): RowText {
  const { type, shownAsText } = column;
  const name = quoteName(column.name);
  switch (type.kind) {
    case 'bool':
      return { text: `CASE ${name} WHEN 0 THEN 'false' WHEN 1 THEN 'true' END` };
    case 'float32':
    case 'float64':
      return { double: `CAST(${name} AS REAL)` };
    case 'decimal':
      return {
        text: plain(name, type.scale),
        unable: {
          condition: `typeof(${name}) = 'real' AND abs(${name}) >= 1e${15 - type.scale}`,
          why: 'a number has more digits than a double keeps',
        },
      };
    case 'uint64':
      return { text: plain(name, 0) };
    case 'binary':
      return { text: `CASE WHEN ${name} IS NOT NULL THEN lower(hex(${name})) END` };
    case 'time':
      return { text: withoutZeros(`(${name} || substr('${noTime}', length(${name}) + 1))`) };
    case 'timestamp':
      return { text: `replace(${withoutZeros(dialect.sortExpression(name, type))}, ' ', 'T')` };
    case 'string':
      // SQLite’s own text of a double lacks some of its digits.
      return shownAsText
        ? { text: `CAST(${name} AS TEXT)`, unable: { condition: `typeof(${name}) = 'real'`, why: 'a column of texts has a number in it' } }
        : { text: name };
    default:
      return { text: `CAST(${name} AS TEXT)` };
  }
}

/** A number without leading and trailing zeros. A double is written with all digits of the scale, which are exact for a decimal of up to 15 digits. */
function plain(name: string, scale: number): string {
  const shown = `CASE typeof(${name}) WHEN 'real' THEN printf('%.${scale}f', ${name}) ELSE CAST(${name} AS TEXT) END`;
  const size = `ltrim(${shown}, '-')`;
  const short = `CASE WHEN instr(${size}, '.') > 0 THEN ${withoutZeros(size)} ELSE ${size} END`;
  const digits = `ltrim(${short}, '0')`;
  const whole = `CASE WHEN ${digits} = '' OR ${digits} LIKE '.%' THEN '0' ELSE '' END || ${digits}`;
  return `(SELECT CASE WHEN digits <> '0' AND ${shown} LIKE '-%' THEN '-' ELSE '' END || digits FROM (SELECT ${whole} AS digits))`;
}

export const rowTexts: RowTexts = { text };
