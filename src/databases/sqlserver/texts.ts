/** Text columns of the tables that hygge makes. Text columns are as long as their values, and are made longer in place. */
import type { TargetColumn } from '../../engine/contracts/catalog.ts';
import type { Session } from '../engine.ts';
import type { ColumnToWiden, TableName, TextLengths } from '../writes.ts';
import { columns as columnsIn, named } from './destination.ts';
import { quoteName } from './dialect.ts';
import { indexed, indexesOf } from './like.ts';
import { columnsIndex, keyIndex, keyUnfit, noColumnstoreIn, shapes } from './storage.ts';

/** The lengths that a text column may get. Among them are the maximum length of a key in a clustered index and in a nonclustered index, and of a column without `max`. */
const lengthsMade = [50, 100, 255, 450, 850, 2000, 4000];

export const lengths: TextLengths = {
  // A source may count characters, and one character may be two units in SQL Server. If a value does not fit, the column is made longer.
  sourceLimit(sourceType) {
    const [, length] = /^(?:n?varchar2?|n?char|character|character varying|bpchar)\((\d+)\)$/i.exec(sourceType.trim()) ?? [];
    const declared = Number(length ?? 0);
    return declared <= 4000 ? declared : 0;
  },
  lengthExpression: (column) => `datalength(${column}) / 2`,
  declaration(longest, source) {
    const length = source >= Math.max(1, longest) ? source : lengthsMade.find((one) => one >= longest);
    return length === undefined ? unlimited : `nvarchar(${length})`;
  },
  limitOf(declaration) {
    if (declaration === unlimited) return Number.POSITIVE_INFINITY;
    const [, length] = /^nvarchar\((\d+)\)$/.exec(declaration) ?? [];
    return length === undefined ? undefined : Number(length);
  },
  widenStatements,
};

const unlimited = 'nvarchar(max)';

/** An ALTER COLUMN statement with all properties of the column, because the column would lose any property that is left out. */
export function alteredTo(
  table: string,
  { name, collation }: Pick<TargetColumn, 'name' | 'collation'>,
  type: string,
  nullable: boolean,
): string {
  const collate = /char|text/.test(type) && collation != null ? ` COLLATE ${collation}` : '';
  return `alter table ${table} alter column ${quoteName(name)} ${type}${collate} ${nullable ? 'null' : 'not null'}`;
}

/**
 * A rowstore index stays if a text only gets a longer limit. A columnstore is recreated. If a column loses its limit, everything that uses the column is
 * recreated. hygge permanently drops those of its own indexes that can’t have the longer column.
 */
async function widenStatements(session: Session, table: TableName, longer: readonly ColumnToWiden[]): Promise<readonly string[]> {
  const target = named(table);
  const to = new Map(longer.map((one) => [one.column.name, one.declaration]));
  const all = await indexesOf(session, table);
  const isUnlimited = (name: string) => to.get(name) === unlimited;
  const types = ((await columnsIn(session, table)) ?? []).map(({ name, type }) => ({ name, type: to.get(name) ?? type }));
  const hindered = [...to.values()].includes(unlimited) ? await noColumnstoreIn(session, types) : undefined;
  const isGone = ({ name, kind, columns }: (typeof all)[number]): boolean => {
    if (name === columnsIndex) return hindered !== undefined;
    const key = types.filter((column) => columns.includes(column.name));
    return name === keyIndex && keyUnfit(key, kind === '1' ? shapes.clustered : shapes.beside) !== undefined;
  };
  const touched = all.filter((index) => {
    const [row] = index.rows;
    if (index.kind === '0' || row?.is_primary === '1' || row?.is_constraint === '1') return false;
    if (index.kind === '5' || index.kind === '6') return index.kind === '5' || index.columns.some((name) => to.has(name));
    return index.columns.some(isUnlimited) || isGone(index);
  });
  return [
    ...touched.toReversed().map(({ name }) => `DROP INDEX ${quoteName(name)} ON ${target}`),
    ...longer.map(({ column, declaration: type }) => alteredTo(target, column, type, column.nullable)),
    ...touched.filter((index) => !isGone(index)).flatMap((index) => indexed(target, index)),
  ];
}
