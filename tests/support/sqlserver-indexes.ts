/** Indexes of the tables that the tests' TDS server holds: what the statements that make them say, and what the catalogue shows of them. */

/** As the catalogue has it; kinds are its numbers. */
export interface TableIndex {
  readonly name: string;
  readonly kind: string;
  readonly is_unique?: string;
  readonly is_primary?: string;
  readonly is_constraint?: string;
  readonly descending?: string;
  readonly filter?: string | null;
  readonly columns: readonly string[];
  readonly included?: readonly string[];
  readonly compression?: string;
}

const plainIndex = { is_unique: '0', is_primary: '0', is_constraint: '0', filter: null, descending: '0', compression: 'NONE' };

/** All that SWITCH compares of it. */
export const shapeOfIndex = ({ name: _, ...index }: TableIndex): string =>
  JSON.stringify(Object.entries({ ...plainIndex, included: [], ...index }).sort(([a], [b]) => (a < b ? -1 : 1)));

export function rowsOfIndex({ columns, included = [], ...index }: TableIndex): readonly Readonly<Record<string, string | null>>[] {
  const of = { ...plainIndex, ...index };
  if (columns.length + included.length === 0) return [{ ...of, column: null, included: null }];
  return [...columns.map((column) => ({ ...of, column, included: '0' })), ...included.map((column) => ({ ...of, column, included: '1' }))];
}

const name = String.raw`\[((?:[^\]]|\]\])*)\]`;
const on = `${name}\\.${name}`;
const plain = (quoted = ''): string => quoted.replaceAll(']]', ']');
const listed = (list = ''): readonly string[] => [...list.matchAll(new RegExp(name, 'g'))].map(([, part]) => plain(part));
const rest = String.raw`(?: \((?<key>.*?)\))?(?: INCLUDE \((?<beside>.*?)\))?(?: WHERE (?<filter>.*?))?(?: WITH \(DATA_COMPRESSION = (?<compression>\w+)\))?$`;
const created = new RegExp(
  `^CREATE (?<unique>UNIQUE )?(?<shape>CLUSTERED|NONCLUSTERED) (?<store>COLUMNSTORE )?INDEX ${name} ON ${on}${rest}`,
);
const added = new RegExp(
  `^ALTER TABLE ${on} ADD (?:CONSTRAINT ${name} )?(?<constraint>PRIMARY KEY|UNIQUE) (?<shape>CLUSTERED|NONCLUSTERED)${rest}`,
);
const gone = new RegExp(`^DROP INDEX ${name} ON ${on}$`);

/** What a statement makes of an index, or drops; undefined: it is about none. */
export function indexIn(sql: string): { readonly table: string; readonly index: TableIndex; readonly dropped?: string } | undefined {
  const [made, ofTable, drops] = [created.exec(sql), added.exec(sql), gone.exec(sql)];
  const groups: Readonly<Record<string, string | undefined>> = (made ?? ofTable)?.groups ?? {};
  const { unique, shape, store, constraint, key, beside, filter, compression } = groups;
  const [called, schema, table] = made ? made.slice(4, 7) : ofTable ? [ofTable[3], ofTable[1], ofTable[2]] : (drops?.slice(1) ?? []);
  if (schema === undefined || table === undefined) return undefined;
  const index: TableIndex = {
    name: plain(called ?? 'by itself'),
    kind: String((shape === 'CLUSTERED' ? 1 : 2) + (store === undefined ? 0 : 4)),
    is_unique: unique || constraint ? '1' : '0',
    is_primary: constraint === 'PRIMARY KEY' ? '1' : '0',
    is_constraint: constraint === 'UNIQUE' ? '1' : '0',
    ...(store !== undefined ? { columns: [], included: listed(key) } : { columns: listed(key), included: listed(beside) }),
    descending: / DESC/.test(key ?? '') ? '1' : '0',
    ...(filter === undefined ? {} : { filter }),
    ...(compression === undefined ? {} : { compression }),
  };
  return { table: `${plain(schema)}.${plain(table)}`, index, ...(drops ? { dropped: plain(called) } : {}) };
}
