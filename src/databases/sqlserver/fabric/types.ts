/** What the types of Fabric are read as. Types that tables of Fabric do not have come from queries, and are read as those of SQL Server. */
import { type TypeMapping, typeMapping } from '../../source-columns.ts';
import { typeReadAs as sqlServerType, type Wire } from '../types.ts';

/**
 * An SQL endpoint of a Lakehouse cuts texts and binaries at 8,000 bytes, and does not say so. A text is cut in front of a character, which has at most four
 * bytes: what has fewer than 7,997 was not cut.
 */
const cutFrom = { text: 7997, binary: 8000 } as const;

/** The longest that a column has without being `(max)`. */
const longest = '8000';

/** @param mayBeCut whether the server may cut values of the longest columns: it does not in a table of a Warehouse. */
export function typeReadAs(declared: string, mayBeCut: boolean): TypeMapping<Wire> {
  const [, name = '', length = '1'] = /^([a-z0-9_]+)(?:\((\w+)(?:,\d+)?\))?$/.exec(declared) ?? [];
  const isCut = mayBeCut && length === longest;
  switch (name) {
    case 'char':
    case 'varchar':
      // The client decodes texts without a byte order mark in front. Bytes are what they are.
      return typeMapping(
        { kind: 'string' },
        { as: 'utf8', cutFrom: isCut ? cutFrom.text : null },
        { castInSelect: (column) => `CONVERT(varbinary(${length}), ${column})` },
      );
    case 'varbinary':
      return isCut
        ? typeMapping({ kind: 'binary' }, { as: 'bounded bytes', cutFrom: cutFrom.binary })
        : typeMapping({ kind: 'binary' }, { as: 'bytes' });
    default:
      return sqlServerType(declared, { timeUnit: 'ns' });
  }
}

/** About how many bytes a value of a type has. Texts are mostly short. */
export function usualBytes(declared: string): number {
  const [, name = '', length] = /^([a-z0-9_]+)(?:\((\w+)(?:,\d+)?\))?$/.exec(declared) ?? [];
  if (/char|binary|text/.test(name)) return length === 'max' ? 200 : Math.min(40, Number(length ?? 1));
  return { bit: 1, smallint: 2, int: 4, real: 4, date: 4, uniqueidentifier: 16, decimal: 16, numeric: 16 }[name] ?? 8;
}
