/** The statements of a merge, for commits and for rehearsals. */
import { quotedColumns } from '../../ddl.ts';
import type { Dialect, Session } from '../../engine.ts';
import type { TableName, UpdateFromSource, Writes } from '../../writes.ts';

/** Updates existing rows. @returns the number of changed rows. */
export const updateRows = <S extends Session>(
  session: S,
  dialect: Pick<Writes<S>, 'merge'>,
  { name, ...update }: UpdateFromSource & { readonly name: TableName },
): Promise<number> =>
  dialect.merge.runUpdate ? dialect.merge.runUpdate(session, { ...update, name }) : session.execute(dialect.merge.update(update));

interface MatchedRows {
  /** The quoted name of the table with the rows. All names here are quoted. */
  readonly rows: string;
  readonly table: string;
  readonly on: string;
}

/** The rows `hygge_new` that match no row `hygge_now` of the table, as text for FROM. */
export const fromRowsWithoutMatch = ({ rows, table, on }: MatchedRows): string =>
  `${rows} hygge_new where not exists (select 1 from ${table} hygge_now where ${on})`;

/** `rowsWithout` in the engine’s own syntax, if the engine has such syntax. @param key a column that `on` compares. */
export const fromUnmatchedRows = (
  { merge: { fromUnmatchedRows } }: Pick<Writes, 'merge'>,
  of: MatchedRows & { readonly key: string },
): string => fromUnmatchedRows?.(of) ?? fromRowsWithoutMatch(of);

/** @param from the staged rows, as `hygge_new`. @param more a column with its own value. @param clause the text after the columns. */
export function insertFromStaged(
  dialect: Pick<Dialect, 'quote'> & Pick<Writes, 'merge'>,
  of: {
    readonly table: string;
    readonly columns: readonly string[];
    readonly from: string;
    readonly more?: readonly [column: string, value: string];
    readonly clause?: string | undefined;
  },
): string {
  const { table, columns, from, more, clause } = of;
  const into = quotedColumns(dialect, more === undefined ? columns : [...columns, more[0]]);
  return `insert into ${dialect.merge.insertTarget?.(table) ?? table} (${into})${clause === undefined ? '' : ` ${clause}`} select ${quotedColumns(dialect, columns, 'hygge_new.')}${more === undefined ? '' : `, ${more[1]}`} from ${from}`;
}
