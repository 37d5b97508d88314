/**
 * Merges staged rows of which the source shows only some columns, together with whole rows. The rows of a key are merged in turns. The newest whole row of a
 * key comes first. If a key has no whole row, its oldest partial row comes first. Each later partial row sets its own columns in the result.
 */
import { deletedRow, shownColumn, wholeRow } from '../../../frames/values/partial-rows.ts';
import type { Dialect, Session } from '../../engine.ts';
import type { StagedKeys } from '../context.ts';
import type { StagedRows } from './keys.ts';

type TurnsDialect = Pick<Dialect, 'quote' | 'selectFirst' | 'count' | 'literal'>;

/** The rows of one turn that are merged in the same way, because they show the same columns. */
export interface RowsOfTurn {
  readonly turn: number;
  readonly isGone: boolean;
  /** The characters of `shownColumn`. Null: the rows are whole. */
  readonly shown: string | null;
}

/** The rows that are merged, as text in brackets. Each row has the number of its turn from 1 (`hygge_turn`), whether it is deleted (`hygge_gone`), and the columns that it shows. */
export function rowsInTurns({ quote }: Pick<Dialect, 'quote'>, staged: StagedRows, ordered: (name: string) => string): string {
  const { from, watermark } = staged;
  const columns = [...staged.columns.map(quote), 'hygge_gone', shownColumn].join(', ');
  const by = `partition by ${staged.keyExpressions.join(', ')}`;
  const inTime =
    watermark === null
      ? staged.keyExpressions.join(', ')
      : `case when ${quote(watermark)} is null then 0 else 1 end, ${ordered(watermark)}`;
  // A row gets no turn if the next row of its key overwrites all its columns.
  const followed = `select ${columns}, row_number() over (${by} order by ${inTime}) as hygge_time, lead(${shownColumn}) over (${by} order by ${inTime}) as hygge_next from ${from} r`;
  const placed = `select ${columns}, row_number() over (${by} order by hygge_time) as hygge_place from (${followed}) f where ${shownColumn} is null or hygge_next is null or hygge_next <> ${shownColumn}`;
  const based = `select ${columns}, hygge_place, max(case when ${shownColumn} is null then hygge_place else 1 end) over (${by}) as hygge_base from (${placed}) p`;
  return `(select ${columns}, hygge_place - hygge_base + 1 as hygge_turn from (${based}) b where hygge_place >= hygge_base)`;
}

/** Finds keys that occur twice at the same watermark. Without such keys, the rows of each key have an order. */
export async function findKeysAtSameWatermark(
  session: Session,
  dialect: TurnsDialect,
  staged: StagedRows,
  ordered: (name: string) => string,
): Promise<{ readonly stagedKeys: StagedKeys; readonly example: string | null }> {
  const { key, keyExpressions, watermark } = staged;
  const by = [...keyExpressions, ...(watermark === null ? [] : [dialect.quote(watermark)])].join(', ');
  const shown = key.map((name) => `min(${dialect.quote(name)}) as ${dialect.quote(name)}`).join(', ');
  const turns = rowsInTurns(dialect, staged, ordered);
  const [twice] = await session.query(dialect.selectFirst(shown, `from ${turns} hygge_now group by ${by} having count(*) > 1`));
  return { stagedKeys: 'repeated', example: twice === undefined ? null : Object.values(twice).join(', ') };
}

/** The turns in the order in which they are merged. @param turns a table of `rowsInTurns`. */
export async function turnsIn(session: Session, turns: string): Promise<readonly RowsOfTurn[]> {
  const of = `hygge_turn, hygge_gone, ${shownColumn}`;
  const rows = await session.query(`select ${of} from ${turns} group by ${of} order by hygge_turn, hygge_gone desc`);
  return rows.map((row) => ({ turn: Number(row.hygge_turn), isGone: Number(row.hygge_gone) === 1, shown: row[shownColumn] ?? null }));
}

/** Whether a row settles even if the table has no row of its key. */
export const isWhole = (shown: string | null): boolean => shown === null || shown.endsWith(wholeRow);

interface LeftOut {
  /** The text of `rowsInTurns`, or a table with its rows. */
  readonly turns: string;
  /** The destination’s table. Null: the table does not exist. */
  readonly table: string | null;
  /** A condition: the row `hygge_now` of the destination has the key of `hygge_new`. */
  readonly on: string;
}

/** The partial rows that are left out, because the table has no row of their key whose columns could be set. Deleted rows are not counted. */
export function leftOutRows(dialect: TurnsDialect, { columns, keyExpressions }: StagedRows, of: LeftOut): string {
  const { turns, table, on } = of;
  const by = `over (partition by ${keyExpressions.join(', ')})`;
  const [whole, deleted] = [wholeRow, deletedRow].map((letter) => `like ${dialect.literal({ kind: 'string' }, `%${letter}`)}`);
  const first = `min(case when hygge_gone = 0 and (${shownColumn} is null or ${shownColumn} ${whole}) then hygge_turn end) ${by} as hygge_first`;
  const gone = `max(case when hygge_gone = 1 then 1 else 0 end) ${by} as hygge_was`;
  const placed = `(select ${[...columns.map(dialect.quote), shownColumn, 'hygge_turn', first, gone].join(', ')} from ${turns} hygge_all)`;
  const isThere = table === null ? '' : ` and (hygge_was = 1 or not exists (select 1 from ${table} hygge_now where ${on}))`;
  return `${placed} hygge_new where ${shownColumn} is not null and ${shownColumn} not ${deleted} and (hygge_first is null or hygge_turn < hygge_first)${isThere}`;
}

/** The rows of one turn, as text in brackets. */
export function rowsOfTurn(dialect: TurnsDialect, turns: string, { turn, isGone, shown }: RowsOfTurn, columns: readonly string[]): string {
  const shows = shown === null ? `${shownColumn} is null` : `${shownColumn} = ${dialect.literal({ kind: 'string' }, shown)}`;
  return `(select ${columns.map(dialect.quote).join(', ')} from ${turns} where hygge_turn = ${turn} and hygge_gone = ${isGone ? 1 : 0} and ${shows})`;
}

/** The columns that the rows show. Null: all columns. */
export function shownColumns({ partialColumns }: StagedRows, shown: string | null): ReadonlySet<string> | null {
  return shown === null ? null : new Set((partialColumns ?? []).filter((_, at) => shown[at] === '1'));
}
