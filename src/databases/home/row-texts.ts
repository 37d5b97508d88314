/** For a database without hash functions: a statement writes the canonical texts of rows, and hygge sums these rows. */

import {
  type OneBucketSums,
  type ProvesRows,
  RowsWithoutHash,
  type SummedColumn,
  type SumsRequest,
} from '../../engine/contracts/row-sums.ts';
import { rowText } from '../../frames/row-sum/canonical-text.ts';
import { hashOf } from '../../frames/row-sum/md5-bits.ts';
import { eachRowsTexts } from '../../frames/row-sum/row-hashes.ts';
import type { Engine, ReadOptions, Relation, Session, SourceColumn } from '../engine.ts';
import { comparableTextKind, type NoCanonicalText, type RowText, type RowTexts } from '../row-sums.ts';
import { whereAll } from '../select.ts';
import type { SummingHome } from './inside.ts';

/** What a home provides for sums of row texts. */
export interface HomeOfTexts<S extends Session>
  extends Pick<
    SummingHome<S>,
    'system' | 'place' | 'specialValues' | 'where' | 'oneMoment' | 'describedRelation' | 'windowConditionOf' | 'inSession'
  > {
  readonly engine: Pick<Engine<never, S>, 'dialect' | 'rows'>;
  readonly rowTexts: RowTexts;
  readonly scratch: ReadOptions['scratch'];
}

const batchRows = 20_000;

export function provesByTexts<S extends Session>(home: HomeOfTexts<S>): ProvesRows {
  const { engine, rowTexts, specialValues } = home;
  const textOf = (relation: Relation, { name, type }: SummedColumn): RowText | NoCanonicalText => {
    const column = relation.columns.find((one) => one.name === name);
    if (column === undefined) return { unable: `${name} is not a column of ${relation.shown}` };
    const kind = comparableTextKind(column.type);
    if (kind === undefined) return { unable: `the text of ${column.type.kind} values is made while they are read` };
    if (kind !== comparableTextKind(type))
      return { unable: `the value is compared as ${type.kind}, but the column is ${column.type.kind}` };
    return rowTexts.text({ column, specialValues });
  };
  const selected = (relation: Relation, { scope, columns }: Pick<SumsRequest, 'scope' | 'columns'>) => {
    const values = columns.map((column, at): SourceColumn => {
      const found = textOf(relation, column);
      if (isUnable(found)) throw new Error(`texts were requested for ${column.name}: ${found.unable}`);
      const value = 'double' in found ? found.double : found.text;
      const type = 'double' in found ? ({ kind: 'float64' } as const) : ({ kind: 'string' } as const);
      return { name: `v${at + 1}`, type, nullable: true, selectExpression: value, wire: '', shownAsText: false };
    });
    const list = values.map(({ name, selectExpression }) => `${selectExpression} AS ${name}`).join(', ');
    const conditions = whereAll([home.windowConditionOf(scope.window, relation), home.where]);
    return { values, sql: `SELECT ${list} FROM ${relation.from}${conditions}` };
  };
  const mustHaveTexts = async (session: S, relation: Relation, { scope, columns }: SumsRequest): Promise<void> => {
    const unable = columns.flatMap((column) => {
      const found = textOf(relation, column);
      return 'text' in found && found.unable !== undefined ? [found.unable] : [];
    });
    for (const { condition, why } of unable) {
      const where = whereAll([home.windowConditionOf(scope.window, relation), home.where, condition]);
      const rows = await session.query(engine.dialect.selectFirst('1 AS one', `FROM ${relation.from}${where}`));
      if (rows.length > 0) throw new RowsWithoutHash(why);
    }
  };
  return {
    system: home.system,
    whyUnable: async () => undefined,

    supports(columns) {
      const relation = home.describedRelation();
      const unable = columns.flatMap((column) => {
        const found = textOf(relation, column);
        return isUnable(found) ? [{ column: column.name, why: found.unable }] : [];
      });
      return { unable, oneMoment: home.oneMoment };
    },

    async statement(request) {
      const { sql, values } = selected(home.describedRelation(), request);
      return { sql, answers: values.map(({ name }) => name) };
    },

    sums(request, signal) {
      return home.inSession(async (session, relation) => {
        const { sql, values } = selected(relation, request);
        const { place, scratch } = home;
        const reading: ReadOptions = {
          ...{ schema: { columns: values }, specialValues, batchRows, scratch, fitsOneSlice: false, place, signal },
          releaseSession: async () => undefined,
        };
        await mustHaveTexts(session, relation, request);
        const sums = new TextSums(request.columns.length);
        for await (const item of engine.rows(session, sql, values, reading))
          if (!('rejected' in item)) for await (const texts of eachRowsTexts(item, values)) sums.add(texts);
        return sums.rows === 0 ? [] : [sums.found(request.of)];
      }, signal);
    },
  };
}

const isUnable = (found: RowText | NoCanonicalText): found is NoCanonicalText => !('text' in found || 'double' in found);

/** Sums rows from their texts as they arrive. */
class TextSums {
  rows = 0;
  #sum = 0n;
  readonly #columns: { count: number; sum: bigint }[];

  constructor(columns: number) {
    this.#columns = Array.from({ length: columns }, () => ({ count: 0, sum: 0n }));
  }

  add(texts: readonly (string | null)[]): void {
    this.rows++;
    this.#sum += hashOf(rowText(texts));
    for (const [at, column] of this.#columns.entries()) {
      const text = texts[at] ?? null;
      if (text === null) continue;
      column.count++;
      column.sum += hashOf(text);
    }
  }

  found(of: SumsRequest['of']): OneBucketSums {
    const columns = this.#columns.map(({ count, sum }) => ({ count, sum: String(sum) }));
    return { bucket: 0, rows: this.rows, sum: String(this.#sum), ...(of === 'rows' ? {} : { columns }) };
  }
}
