/**
 * Staged rows beside rows of which the source shows only some columns. They take turns: of each key the newest whole row, or else its oldest partial one, comes first,
 * and each later partial row sets what it shows of what is there by then.
 */
import { shownColumn } from '../../../frames/values/partial-rows.ts';
import type { Dialect, Session } from '../../engine.ts';
import type { StagedKeys } from '../context.ts';
import type { StagedRows } from './keys.ts';

type TurnsDialect = Pick<Dialect, 'quote' | 'selectFirst' | 'count' | 'literal'>;

/** Rows of one turn that are merged alike. */
export interface RowsOfTurn {
  readonly turn: number;
  readonly isGone: boolean;
  /** Characters as of `shownColumn`; null: whole rows. */
  readonly shown: string | null;
}

/** The rows that count, in brackets, with the number of their turn from 1 (`hygge_turn`), whether they are deleted (`hygge_gone`) and what they show. */
export function rowsInTurns({ quote }: Pick<Dialect, 'quote'>, staged: StagedRows, ordered: (name: string) => string): string {
  const { from, watermark } = staged;
  const columns = [...staged.columns.map(quote), 'hygge_gone', shownColumn].join(', ');
  const by = `partition by ${staged.keyExpressions.join(', ')}`;
  const inTime =
    watermark === null
      ? staged.keyExpressions.join(', ')
      : `case when ${quote(watermark)} is null then 0 else 1 end, ${ordered(watermark)}`;
  // A row that the next one of its key overwrites in the same columns takes no turn.
  const followed = `select ${columns}, row_number() over (${by} order by ${inTime}) as hygge_time, lead(${shownColumn}) over (${by} order by ${inTime}) as hygge_next from ${from} r`;
  const placed = `select ${columns}, row_number() over (${by} order by hygge_time) as hygge_place from (${followed}) f where ${shownColumn} is null or hygge_next is null or hygge_next <> ${shownColumn}`;
  const based = `select ${columns}, hygge_place, max(case when ${shownColumn} is null then hygge_place else 1 end) over (${by}) as hygge_base from (${placed}) p`;
  return `(select ${columns}, hygge_place - hygge_base + 1 as hygge_turn from (${based}) b where hygge_place >= hygge_base)`;
}

/** Without a key twice at the same watermark the rows of a key have an order. */
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

/** In the order in which they are merged. @param turns a table of `rowsInTurns`. */
export async function turnsIn(session: Session, turns: string): Promise<readonly RowsOfTurn[]> {
  const of = `hygge_turn, hygge_gone, ${shownColumn}`;
  const rows = await session.query(`select ${of} from ${turns} group by ${of} order by hygge_turn, hygge_gone desc`);
  return rows.map((row) => ({ turn: Number(row.hygge_turn), isGone: Number(row.hygge_gone) === 1, shown: row[shownColumn] ?? null }));
}

/** The rows of one turn, in brackets. */
export function rowsOfTurn(dialect: TurnsDialect, turns: string, { turn, isGone, shown }: RowsOfTurn, columns: readonly string[]): string {
  const shows = shown === null ? `${shownColumn} is null` : `${shownColumn} = ${dialect.literal({ kind: 'string' }, shown)}`;
  return `(select ${columns.map(dialect.quote).join(', ')} from ${turns} where hygge_turn = ${turn} and hygge_gone = ${isGone ? 1 : 0} and ${shows})`;
}

/** The columns that rows show; null: all. */
export function shownColumns({ partialColumns }: StagedRows, shown: string | null): ReadonlySet<string> | null {
  return shown === null ? null : new Set((partialColumns ?? []).filter((_, at) => shown[at] === '1'));
}
