import type { Rule, Severity } from '../frames/rules/rule.ts';

/** A check is judged over all rows that a run read, after they are staged and before the commit is decided. */
export type Check = NamedCheck & CheckType;

interface NamedCheck {
  /** Unique among the checks of an entity; made of its type and columns where the config gives none. */
  readonly name: string;
  readonly onFail: Severity;
}

/** Which rows of a run are judged. `null`: the config names none. It means those that settle, and a run reports where those that were read give another verdict. */
interface OfRows {
  readonly rows: 'settled' | 'read' | null;
}

export type CheckType =
  /** At least this share (0 to 1) of the column's values is not null. */
  | ({ readonly type: 'completeness'; readonly column: string; readonly threshold: number } & OfRows)
  /** No two rows of the run have the same values in these columns. Rows with a null in one of them are not compared. */
  | {
      readonly type: 'uniqueness';
      readonly columns: readonly string[];
      /** The destination can set apart all rows of a key but the newest, which `quarantine` asks for. Absent: it can't. */
      readonly setsApart?: true;
    }
  /** The newest value of the column is at most this old. Without a column: the file of the source that was written last. */
  | { readonly type: 'freshness'; readonly column: string | null; readonly maxAgeMs: number }
  /** Bounds of the number of rows; null: no bound. `withinPercent`: of the median of recent runs of the same kind. */
  | (OfRows & {
      readonly type: 'volume';
      readonly minRows: number | null;
      readonly maxRows: number | null;
      readonly withinPercent: number | null;
      /** It is about all rows of the source, and judged where a run reads them all. */
      readonly ofAll?: true;
    })
  /** Bounds, as canonical text, of a number that the column's values give together; null: no bound. */
  | (OfRows & {
      readonly type: 'range';
      readonly column: string;
      readonly of: ColumnFigure;
      readonly min: string | null;
      readonly max: string | null;
    })
  /** Bounds of the number of rows that break a rule, or of their share of all rows, which breaking it does no harm by itself; null: no bound. */
  | {
      readonly type: 'broken rows';
      /** Its name is that of the check, and its severity `warn`: rows that break it settle. */
      readonly rule: Rule;
      readonly unit: 'rows' | 'percent';
      /** Digits, as they are written. */
      readonly min: string | null;
      readonly max: string | null;
      /** The end does not belong to it. */
      readonly excludesMin?: true;
      readonly excludesMax?: true;
    }
  /** Bounds of the one number that a query gives. The home is asked, which has to speak SQL. */
  | { readonly type: 'sql'; readonly query: string; readonly min: string | null; readonly max: string | null };

/** A check that puts rows into quarantine. */
export type SeparatingCheck = NamedCheck & CheckType & { readonly type: 'uniqueness' };

export const setsRowsApart = (check: Check): check is SeparatingCheck =>
  check.type === 'uniqueness' && check.setsApart === true && check.onFail === 'quarantine';

/** Whether the check, which concerns no single row that could be in quarantine, fails the run though the config says `quarantine`. */
export const failsInsteadOfQuarantine = (check: Check): boolean => check.onFail === 'quarantine' && !setsRowsApart(check);

export const columnFigures = ['min', 'max', 'sum', 'mean', 'distinct'] as const;
export type ColumnFigure = (typeof columnFigures)[number];
