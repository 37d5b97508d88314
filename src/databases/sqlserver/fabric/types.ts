/** The types of hygge that the types of Fabric are read as. Queries can return types that tables of Fabric can’t have. Types that tables can’t have are read as SQL Server reads them. */
import { type TypeMapping, typeMapping } from '../../source-columns.ts';
import { typeReadAs as sqlServerType, type Wire } from '../types.ts';

/**
 * An SQL endpoint of a Lakehouse cuts texts and binaries at 8,000 bytes without an error. A text is cut between characters of at most four bytes, so a text of
 * fewer than 7,997 bytes is whole.
 */
const cutFrom = { text: 7997, binary: 8000 } as const;

/** The maximum length of a column that is not declared as `(max)`. */
const longest = '8000';

/** @param mayBeCut whether the server may cut values of the longest columns. Values in a table of a Warehouse are never cut. */
export function typeReadAs(declared: string, mayBeCut: boolean): TypeMapping<Wire> {
  const [, name = '', length = '1'] = /^([a-z0-9_]+)(?:\((\w+)(?:,\d+)?\))?$/.exec(declared) ?? [];
  const isCut = mayBeCut && length === longest;
  switch (name) {
    case 'char':
    case 'varchar':
      // The text is read as bytes, because the client would remove a byte order mark from the beginning of a text.
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

/** The approximate number of bytes of a value of a type. Most texts are short. */
export function usualBytes(declared: string): number {
  const [, name = '', length] = /^([a-z0-9_]+)(?:\((\w+)(?:,\d+)?\))?$/.exec(declared) ?? [];
  if (/char|binary|text/.test(name)) return length === 'max' ? 200 : Math.min(40, Number(length ?? 1));
  return { bit: 1, smallint: 2, int: 4, real: 4, date: 4, uniqueidentifier: 16, decimal: 16, numeric: 16 }[name] ?? 8;
}
