/** The type table of MySQL and MariaDB: what each of their types is read as, and how its bytes come. Every value comes as text. */
import type { DataType } from '../../frames/schema.ts';

/** What the text of a value is. */
export type Wire =
  | 'bool'
  | 'number'
  | 'long'
  | 'float'
  | 'double'
  | 'decimal'
  | 'text'
  | 'bytes'
  | 'vector'
  | 'date'
  | 'timestamp'
  | 'duration';

export interface ReadAs {
  readonly type: DataType;
  readonly wire: Wire;
  /** Its place in the SELECT list, of the quoted column; null: it is sent as it is. */
  readonly select: ((column: string) => string) | null;
  readonly shownAsText: boolean;
  /** Some of its values ours can't hold. */
  readonly hasSpecialValues: boolean;
}

const of = (type: DataType, wire: Wire, more: Partial<Omit<ReadAs, 'type' | 'wire'>> = {}): ReadAs => ({
  ...{ type, wire, select: null, shownAsText: false, hasSpecialValues: false },
  ...more,
});

const whole = { tinyint: 8, smallint: 16, mediumint: 32, int: 32, bigint: 64 } as const;
const string: DataType = { kind: 'string' };
/** The text of a FLOAT has six digits, which is not all of them; that of a DOUBLE has. */
const asDouble = (column: string): string => `(${column} + 0e0)`;
const asNumber = (column: string): string => `(${column} + 0)`;
/** Without the four bytes of a reference system before it. */
const asWkb = (column: string): string => `ST_AsBinary(${column})`;

/** @param declared as the catalogue has it: `decimal(38,10) unsigned`, `tinyint(1)`, `enum('a','b')`. */
export function readAs(declared: string, booleans: boolean): ReadAs {
  const [, name = '', first, second] = /^(\w+)(?:\((\d+)(?:,(\d+))?\))?/.exec(declared.toLowerCase()) ?? [];
  const isUnsigned = /\bunsigned\b/i.test(declared.replace(/\(.*\)/s, ''));
  switch (name) {
    case 'tinyint':
    case 'smallint':
    case 'mediumint':
    case 'int':
    case 'bigint': {
      if (name === 'tinyint' && first === '1' && booleans) return of({ kind: 'bool' }, 'bool');
      return of({ kind: `${isUnsigned ? 'uint' : 'int'}${whole[name]}` } as DataType, whole[name] === 64 ? 'long' : 'number');
    }
    case 'year':
      return of({ kind: 'int16' }, 'number');
    case 'bit':
      return first === undefined || first === '1'
        ? of({ kind: 'bool' }, 'bool', { select: asNumber })
        : of({ kind: 'uint64' }, 'long', { select: asNumber });
    case 'float':
      return of({ kind: 'float32' }, 'float', { select: asDouble });
    case 'double':
      return of({ kind: 'float64' }, 'double');
    case 'decimal': {
      const [precision, scale] = [Number(first ?? 10), Number(second ?? 0)];
      return precision > 38 ? of(string, 'text', { shownAsText: true }) : of({ kind: 'decimal', precision, scale }, 'decimal');
    }
    case 'date':
      return of({ kind: 'date' }, 'date', { hasSpecialValues: true });
    case 'datetime':
      return of({ kind: 'timestamp', unit: 'us' }, 'timestamp', { hasSpecialValues: true });
    case 'timestamp':
      // The session's zone is UTC.
      return of({ kind: 'timestamp', unit: 'us', zone: 'UTC' }, 'timestamp', { hasSpecialValues: true });
    case 'time':
      return of({ kind: 'duration', unit: 'us' }, 'duration');
    case 'uuid':
      return of({ kind: 'uuid' }, 'text', { shownAsText: true });
    case 'json':
      return of({ kind: 'json' }, 'text');
    case 'binary':
    case 'varbinary':
    case 'tinyblob':
    case 'blob':
    case 'mediumblob':
    case 'longblob':
      return of({ kind: 'binary' }, 'bytes');
    case 'geometry':
    case 'point':
    case 'linestring':
    case 'polygon':
    case 'multipoint':
    case 'multilinestring':
    case 'multipolygon':
    case 'geometrycollection':
    case 'geomcollection':
      return of({ kind: 'binary' }, 'bytes', { select: asWkb });
    case 'vector':
      // The server's own text of it has six digits of each number, which is not all of them.
      return of(string, 'vector', { shownAsText: true });
    case 'enum':
    case 'set':
      // It is ordered by the numbers of its words.
      return of(string, 'text', { shownAsText: true });
    case 'char':
    case 'varchar':
    case 'tinytext':
    case 'text':
    case 'mediumtext':
    case 'longtext':
      return of(string, 'text');
    default:
      return of(string, 'text', { shownAsText: true });
  }
}

/** A column of an answer, as the server describes it on the wire. */
export interface Field {
  readonly name: string;
  readonly columnType?: number;
  readonly flags?: number | readonly string[];
  readonly columnLength?: number;
  readonly decimals?: number;
  readonly characterSet?: number;
}

const flagged = { unsigned: 32, enum: 256, set: 2048 };
const binary = 63;

/** As a table would declare it: all that is known of a column of a query. */
export function declaredOf({ columnType, flags = 0, columnLength = 0, decimals = 0, characterSet }: Field): string {
  const has = (flag: number): boolean => typeof flags === 'number' && (flags & flag) !== 0;
  const unsigned = has(flagged.unsigned) ? ' unsigned' : '';
  const isBinary = characterSet === binary;
  switch (columnType) {
    case 0:
    case 246:
      return `decimal(${columnLength - (decimals > 0 ? 1 : 0) - (unsigned ? 0 : 1)},${decimals})${unsigned}`;
    case 1:
      return `tinyint${columnLength === 1 ? '(1)' : ''}${unsigned}`;
    case 2:
      return `smallint${unsigned}`;
    case 3:
      return `int${unsigned}`;
    case 9:
      return `mediumint${unsigned}`;
    case 8:
      return `bigint${unsigned}`;
    case 4:
      return 'float';
    case 5:
      return 'double';
    case 7:
      return 'timestamp';
    case 10:
      return 'date';
    case 11:
      return 'time';
    case 12:
      return 'datetime';
    case 13:
      return 'year';
    case 16:
      return `bit(${columnLength})`;
    case 242:
      return 'vector';
    case 245:
      return 'json';
    case 255:
      return 'geometry';
    default:
      if (has(flagged.enum)) return 'enum';
      if (has(flagged.set)) return 'set';
      return isBinary ? 'varbinary' : 'varchar';
  }
}
