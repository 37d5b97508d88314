/** What the types of Fabric are read as. Types that tables of Fabric do not have occur in queries, and are read as those of SQL Server. */
import { type TypeMapping, typeMapping } from '../../source-columns.ts';
import { typeReadAs as sqlServerType, type Wire } from '../types.ts';

/**
 * An SQL endpoint of a Lakehouse cuts texts and binaries at 8,000 bytes without an error. A text is cut before a character, which has at most four bytes: a text of
 * fewer than 7,997 bytes was not cut.
 */
const cutFrom = { text: 7997, binary: 8000 } as const;

/** The maximum length of a column that is not `(max)`. */
const longest = '8000';

/** @param mayBeCut whether the server may cut values of the longest columns: it does not in a table of a Warehouse. */
export function typeReadAs(declared: string, mayBeCut: boolean): TypeMapping<Wire> {
  const [, name = '', length = '1'] = /^([a-z0-9_]+)(?:\((\w+)(?:,\d+)?\))?$/.exec(declared) ?? [];
  const isCut = mayBeCut && length === longest;
  switch (name) {
    case 'char':
    case 'varchar':
      // The client removes a byte order mark at the beginning of texts. Bytes stay as they are.
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
