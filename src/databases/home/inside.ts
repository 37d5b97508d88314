/** Sums rows in the database: each request from `verify` becomes one statement. */

import type { Window } from '../../engine/contracts/home.ts';
import {
  type ComparesInside,
  type OneBucketSums,
  type PartOfWindow,
  RowsWithoutHash,
  type SummedColumn,
} from '../../engine/contracts/row-sums.ts';
import { DatabaseError, type Engine, type Relation, type Session } from '../engine.ts';
import type { RowSums } from '../row-sums.ts';
import { whereAll } from '../select.ts';
import { canonicalBound } from './bound-text.ts';
import {
  canonicalTextOf,
  comparedColumn,
  hashPartCondition,
  lostHash,
  type SumsSource,
  sumsStatement,
  valuePartCondition,
  whyNotOrdered,
} from './sums-statement.ts';

/** What a home provides for sums. */
export interface SummingHome<S extends Session> {
  readonly engine: Pick<Engine<never, S>, 'dialect' | 'finiteCondition'> & { readonly rowSums: RowSums };
  readonly system: string;
  readonly place: string;
  readonly specialValues: 'fail' | 'to_null';
  /** The `where` condition of the config. */
  readonly where: string | undefined;
  /** All statements read the state that the first statement read. */
  readonly oneMoment: boolean;
  /** The relation as `describe` found it. */
  describedRelation(): Relation;
  windowConditionOf(window: Window, relation: Relation): string | undefined;
  /** Runs statements in one session, under the home’s snapshot if it has one. */
  inSession<T>(work: (session: S, relation: Relation) => Promise<T>, signal: AbortSignal): Promise<T>;
}

export function comparesInside<S extends Session>(home: SummingHome<S>): ComparesInside {
  const { engine, specialValues, where } = home;
  const sourceOf = (relation: Relation): SumsSource => ({ engine, relation, specialValues });
  const conditions = (window: Window, relation: Relation) => [home.windowConditionOf(window, relation), where];
  const { whyUnableToSum } = engine.rowSums;
  return {
    system: home.system,

    whyUnable: async (signal) => (whyUnableToSum === undefined ? undefined : home.inSession((session) => whyUnableToSum(session), signal)),

    supports(columns, division) {
      const source = sourceOf(home.describedRelation());
      const why = (column: SummedColumn): string | undefined => {
        const found = canonicalTextOf(source, column);
        return 'unable' in found ? found.unable : undefined;
      };
      const ordered = division.by === 'value' ? [{ column: division.column, why: whyNotOrdered(source, division.column) }] : [];
      const keys = division.by === 'hash' ? division.key : [];
      const all = [...[...columns, ...keys].map((column) => ({ column, why: why(column) })), ...ordered];
      const unable = new Map(all.flatMap(({ column: { name }, why }) => (why === undefined ? [] : [[name, { column: name, why }]])));
      return { unable: [...unable.values()], oneMoment: home.oneMoment };
    },

    async statement(request) {
      const relation = home.describedRelation();
      return sumsStatement(sourceOf(relation), request, conditions(request.scope.window, relation));
    },

    sums(request, signal) {
      return home.inSession(async (session, relation) => {
        const { sql, answers } = sumsStatement(sourceOf(relation), request, conditions(request.scope.window, relation));
        const rows = await summedBy(session, engine.rowSums, sql);
        const buckets = rows.map((row): OneBucketSums => {
          const [bucket = '', counted = '', sum = '', ...columns] = answers.map((name) => row[name] ?? '');
          // Buckets do not include rows whose key has no hash.
          if ((bucket === '' && Number(counted) > 0) || isBeyondHashes(sum))
            throw new RowsWithoutHash('for some rows the database makes no text');
          const pairs = request.columns.map((_, n) => ({ count: Number(columns[2 * n]), sum: columns[2 * n + 1] ?? '0' }));
          return { bucket: Number(bucket), rows: Number(counted), sum, ...(request.of === 'rows' ? {} : { columns: pairs }) };
        });
        return buckets.filter(({ rows: counted }) => counted > 0).toSorted((a, b) => a.bucket - b.bucket);
      }, signal);
    },

    extremes(scope, column, signal) {
      return home.inSession(async (session, relation) => {
        const source = sourceOf(relation);
        const { column: own, isNull, ordered } = comparedColumn(source, column);
        const { dialect, finiteCondition } = engine;
        const quoted = dialect.quote(own.name);
        const from = `FROM ${relation.from}${whereAll([
          ...scopeConditions(source, scope, conditions(scope.window, relation)),
          `NOT (${isNull})`,
          finiteCondition?.(quoted, own.type),
        ])}`;
        const edge = async (order: 'ASC' | 'DESC') => {
          const canonical = dialect.canonicalText(quoted, own.type, own.sourceType);
          const [row] = await session.query(dialect.selectFirst(`${canonical} AS edge`, `${from} ORDER BY ${ordered} ${order}`));
          return row?.edge == null ? undefined : canonicalBound(home.place, own, row.edge);
        };
        const min = await edge('ASC');
        const max = min === undefined ? undefined : await edge('DESC');
        return min === undefined || max === undefined ? undefined : { min, max };
      }, signal);
    },
  };
}

async function summedBy(session: Session, { isolation = '', refusals }: RowSums, sql: string): ReturnType<Session['query']> {
  try {
    return await session.query(`${isolation}${sql}`);
  } catch (error) {
    if (error instanceof DatabaseError && refusals?.has(error.code ?? ''))
      throw new RowsWithoutHash(`the database refuses the statement: ${error.message}`);
    throw error;
  }
}

/** Whether a sum of hashes includes a row without a hash. */
function isBeyondHashes(sum: string): boolean {
  const value = BigInt(sum);
  return (value < 0n ? -value : value) > lostHash / 2n;
}

/** The conditions of a scope, written over the columns of the relation. */
export function scopeConditions(
  source: SumsSource,
  { part }: PartOfWindow,
  conditions: readonly (string | null | undefined)[],
): readonly (string | null | undefined)[] {
  return part === null ? conditions : [...conditions, valuePartCondition(source, part), hashPartCondition(source, part)];
}
