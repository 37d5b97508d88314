import type { Rule, Severity } from '../frames/rules/rule.ts';

/** A check is evaluated over all rows that a run read, after they are staged and before the commit is decided. */
export type Check = NamedCheck & CheckType;

interface NamedCheck {
  /** The name of the check, unique within an entity. If the config gives no name, it is made from the type and the columns. */
  readonly name: string;
  readonly onFail: Severity;
}

/** Which rows of a run are checked. `null`: not set in the config. In this case the settled rows are checked; if the verdict about all read rows is different, the run reports this. */
interface OfRows {
  readonly rows: 'settled' | 'read' | null;
}

export type CheckType =
  /** The smallest share (0 to 1) of the column's values that must not be null. */
  | ({ readonly type: 'completeness'; readonly column: string; readonly threshold: number } & OfRows)
  /** Every row of the run must have different values in these columns. Rows with a null in one of these columns are ignored. */
  | {
      readonly type: 'uniqueness';
      readonly columns: readonly string[];
      /** Whether the destination can put all rows of a key except the newest into quarantine, as `quarantine` needs. */
      readonly setsApart?: true;
    }
  /** The largest allowed age of the column's newest value. Without a column: of the source's newest file. */
  | { readonly type: 'freshness'; readonly column: string | null; readonly maxAgeMs: number }
  /** Bounds of the number of rows; null: no bound. `withinPercent`: around the median of recent runs of the same kind. */
  | (OfRows & {
      readonly type: 'volume';
      readonly minRows: number | null;
      readonly maxRows: number | null;
      readonly withinPercent: number | null;
      /** Whether the check concerns all rows of the source, so that it needs a run that reads all rows. */
      readonly ofAll?: true;
    })
  /** Bounds, as canonical text, of an aggregate of the column's values; null: no bound. */
  | (OfRows & {
      readonly type: 'range';
      readonly column: string;
      readonly of: ColumnFigure;
      readonly min: string | null;
      readonly max: string | null;
    })
  /** Bounds of the number or share of rows that break a rule; null: no bound. The rule alone never stops a run. */
  | {
      readonly type: 'broken rows';
      /** The rule has the name of the check and the severity `warn`, so rows that break the rule settle. */
      readonly rule: Rule;
      readonly unit: 'rows' | 'percent';
      /** The bound in its written digits. */
      readonly min: string | null;
      readonly max: string | null;
      /** Whether the end is excluded. */
      readonly excludesMin?: true;
      readonly excludesMax?: true;
    }
  /** Bounds of the single number that a query returns. The home runs the query, so the home must support SQL. */
  | { readonly type: 'sql'; readonly query: string; readonly min: string | null; readonly max: string | null };

/** A check that puts rows into quarantine. */
export type SeparatingCheck = NamedCheck & CheckType & { readonly type: 'uniqueness' };

export const setsRowsApart = (check: Check): check is SeparatingCheck =>
  check.type === 'uniqueness' && check.setsApart === true && check.onFail === 'quarantine';

/** Whether the check fails the run although the config says `quarantine`, because the check concerns no single row. */
export const failsInsteadOfQuarantine = (check: Check): boolean => check.onFail === 'quarantine' && !setsRowsApart(check);

export const columnFigures = ['min', 'max', 'sum', 'mean', 'distinct'] as const;
export type ColumnFigure = (typeof columnFigures)[number];
