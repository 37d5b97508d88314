/** SQL that finds staged rows with the same key. One row of each key settles, and the other rows go to `rejected`. */
import { isData, type KeysToCompare, type Part, type StageRequest } from '../../engine/contracts/store.ts';
import type { Schema } from '../../frames/schema.ts';
import { compareWatermarks } from '../../frames/watermark-text.ts';
import { groupingValue, rowsToUpsert, type StagedRows, sortExpressionFor, stagedRows } from './commit/keys.ts';
import { fromUnmatchedRows } from './commit/merge-statements.ts';
import type { StoreContext, StoreDialect } from './context.ts';
import { changesDestination, rowsOfParts } from './staging/staged-tables.ts';

/** Names of columns that are added to the columns of the rows. */
export interface RankNames {
  /** The rank of a row among the rows with its key. Only the row with rank 1 settles. */
  readonly place: string;
  /** 1 if the row is in the open group. */
  readonly group: string;
  /** Names of expressions that distinguish keys, by their index. `key` is for the checked key, `merged` for the merge key, and `other` for the other table of a join. */
  key(at: number): string;
  merged(at: number): string;
  other(at: number): string;
}

/** Makes names that no column of the rows has, in any case. */
export function rankNames(columns: readonly string[]): RankNames {
  let begin = 'hygge_';
  while (columns.some((name) => name.toLowerCase().startsWith(begin))) begin = `_${begin}`;
  return {
    ...{ place: `${begin}place`, group: `${begin}group` },
    key: (at) => `${begin}k${at}`,
    merged: (at) => `${begin}m${at}`,
    other: (at) => `${begin}of_${at}`,
  };
}

/** The newest staged row of each merge key, as text in brackets. */
interface NewestVersions {
  readonly rows: string;
  readonly staged: StagedRows;
}

/** The newest versions, if several staged rows settle as one row. Undefined: each staged row settles, or rows with the same key are only versions of one row. */
export async function newestVersions(
  context: Pick<StoreContext, 'session' | 'dialect' | 'place'>,
  { columns, schema, parts, mergeKey }: KeysToCompare,
): Promise<NewestVersions | undefined> {
  const { session, dialect } = context;
  const taking = parts.filter(changesDestination);
  if (mergeKey.length === 0 || mergeKey.every((name) => columns.includes(name)) || taking.length === 0) return undefined;
  const staged = stagedRows(context, { parts: taking, schema, key: mergeKey });
  const by = staged.keyExpressions.join(', ');
  const twice = await session.query(dialect.selectFirst('1 as one', `from ${staged.from} r group by ${by} having count(*) > 1`));
  const ordered = sortExpressionFor(dialect, schema, staged.watermark);
  const rows = rowsToUpsert(dialect, staged, twice.length === 0 ? 'once' : 'repeated', (name) => ordered(dialect.quote(name)));
  return { rows, staged };
}

/** Makes the statements that rank staged rows. */
export class RankedRows {
  readonly #of: Pick<StoreContext, 'dialect' | 'place'>;
  readonly #keys: KeysToCompare;
  readonly #columns: readonly string[];
  readonly names: RankNames;
  readonly #watermark: string | null;
  readonly #newest: NewestVersions | undefined;
  /** A condition for rows of the open group. One table may have rows of the open group and rows of the role `data`. Null: no row is in the open group. */
  readonly #isOfGroup: string | null;

  /** @param columns the columns of the staged rows. */
  constructor(
    of: Pick<StoreContext, 'dialect' | 'place'>,
    keys: KeysToCompare,
    {
      columns,
      newest,
      watermark,
    }: {
      readonly columns: readonly string[];
      readonly newest: NewestVersions | undefined;
      readonly watermark: StageRequest['watermark'];
    },
  ) {
    this.#of = of;
    this.#keys = keys;
    this.#columns = columns;
    this.names = rankNames(columns);
    this.#newest = newest;
    this.#isOfGroup = groupCondition(of.dialect, this.#settling, watermark);
    this.#watermark = stagedRows(of, { parts: this.#settling, schema: keys.schema, key: [] }).watermark;
  }

  get #settling() {
    return this.#keys.parts.filter(isData);
  }

  /** Inserts the ranked rows into a table. Rows with a unique key are left out. */
  insertRanked(table: string): string {
    const names = [...this.#quoted(this.#columns), this.names.place, this.names.group].join(', ');
    return `insert into ${table} (${names}) ${this.#newest === undefined ? this.#byKey() : this.#byVersions(this.#newest)}`;
  }

  /** The rows whose key occurs more than once, each with its rank. */
  #byKey(): string {
    const { columns } = this.#keys;
    const all = this.#withKeys(this.all, columns, 'a');
    const known = (of: string) => this.#keyNames(columns).map((name) => `${of}${name} is not null`);
    const keys = this.#keyNames(columns).join(', ');
    const repeated = `(select ${keys} from ${all} g where ${known('').join(' and ')} group by ${keys} having count(*) > 1)`;
    const rows = this.#withKeys(this.all, columns, 'b');
    const by = this.#keyNames(columns).map((name) => `r.${name}`);
    const place = `row_number() over (partition by ${by.join(', ')} order by ${[...this.#newestFirst(), this.names.group].join(', ')}) as ${this.names.place}`;
    const list = [...this.#quoted(this.#columns), place, this.names.group].join(', ');
    return `select ${list} from ${rows} r join ${this.#renamed(repeated, columns)} k on ${this.#sameKey(columns, 'r', 'k')}`;
  }

  /** All staged versions of each row whose newest version does not have rank 1 for its key. */
  #byVersions({ rows, staged }: NewestVersions): string {
    const { columns } = this.#keys;
    const { key } = staged;
    const both = [...this.#expressions(key).map((one, at) => `${one} as ${this.names.merged(at)}`), ...this.#quoted(this.#columns)];
    const candidates = `(select ${both.join(', ')}, ${this.#expressions(columns)
      .map((one, at) => `${one} as ${this.names.key(at)}`)
      .join(', ')} from ${rows} c)`;
    const known = this.#keyNames(columns).map((name) => `${name} is not null`);
    const merged = key.map((_, at) => this.names.merged(at));
    const place = `row_number() over (partition by ${this.#keyNames(columns).join(', ')} order by ${this.#newestFirst().join(', ')}) as ${this.names.place}`;
    const placed = `(select ${merged.join(', ')}, ${place} from ${candidates} d where ${known.join(' and ')})`;
    const losing = `(select distinct ${merged.map((name, at) => `${name} as ${this.names.other(at)}`).join(', ')} from ${placed} e where ${this.names.place} > 1)`;
    const all = this.#withKeys(this.all, key, 'a');
    const list = [...this.#quoted(this.#columns), `2 as ${this.names.place}`, this.names.group].join(', ');
    return `select ${list} from ${all} r join ${losing} k on ${this.#sameKey(key, 'r', 'k')}`;
  }

  /** Inserts the rows that settle, by two statements: rows with a unique key, and the row with rank 1 of each other key. */
  insertSettling(into: string, ranked: string): readonly string[] {
    const { dialect } = this.#of;
    const names = this.#quoted(this.#columns);
    const key = this.#newest?.staged.key ?? this.#keys.columns;
    const rows = this.#withKeys(this.all, key, 'a');
    const table = this.#renamed(this.#withKeys(ranked, key, 'q'), key);
    const on = this.#sameKey(key, 'hygge_new', 'hygge_now');
    const unmatched = fromUnmatchedRows(dialect, { rows, table, on, key: this.names.other(0) });
    return [
      `insert into ${into} (${names.join(', ')}) select ${names.map((name) => `hygge_new.${name}`).join(', ')} from ${unmatched}`,
      `insert into ${into} (${names.join(', ')}) select ${names.join(', ')} from ${ranked} f where ${this.names.place} = 1`,
    ];
  }

  /** The staged rows that would settle, as text in brackets. Each row has its group. */
  get all(): string {
    const { dialect, place } = this.#of;
    const rows = rowsOfParts(dialect, { place, schema: this.#keys.schema, parts: this.#settling, columns: this.#columns });
    const group = this.#isOfGroup === null ? '0' : `case when ${this.#isOfGroup} then 1 else 0 end`;
    return `(select ${this.#quoted(this.#columns).join(', ')}, ${group} as ${this.names.group} from (${rows}) w)`;
  }

  /** The rows as text in brackets, with the expressions of their keys as additional columns. */
  #withKeys(from: string, key: readonly string[], alias: string): string {
    const names = [...this.#quoted(this.#columns), this.names.group];
    const keys = this.#expressions(key).map((one, at) => `${one} as ${this.names.key(at)}`);
    return `(select ${[...names, ...keys].join(', ')} from ${from} ${alias})`;
  }

  /** Selects only the keys, under other names than the rows use. */
  #renamed(from: string, key: readonly string[]): string {
    return `(select ${this.#keyNames(key)
      .map((name, at) => `${name} as ${this.names.other(at)}`)
      .join(', ')} from ${from} n)`;
  }

  #sameKey(key: readonly string[], rows: string, keys: string): string {
    return key.map((_, at) => `${rows}.${this.names.key(at)} = ${keys}.${this.names.other(at)}`).join(' and ');
  }

  #keyNames(key: readonly string[]): readonly string[] {
    return key.map((_, at) => this.names.key(at));
  }

  #expressions(key: readonly string[]): readonly string[] {
    return key.map((name) => groupingValue(this.#of.dialect, this.#keys.schema, name));
  }

  #quoted(names: readonly string[]): readonly string[] {
    return names.map(this.#of.dialect.quote);
  }

  /** Expressions that order rows from the newest. If two rows are equal in all expressions, the rows are equal. */
  #newestFirst(): readonly string[] {
    const { dialect } = this.#of;
    const { schema } = this.#keys;
    const mark = this.#watermark;
    const newest =
      mark === null
        ? []
        : [
            `case when ${dialect.quote(mark)} is null then 1 else 0 end`,
            `${sortExpressionFor(dialect, schema, mark)(dialect.quote(mark))} desc`,
          ];
    const others = this.#columns.filter((name) => name !== mark);
    return [...newest, ...others.flatMap((name) => totalOrder(this.#of, schema, name))];
  }
}

/** A condition for rows of the open group. The group has all rows with its watermarks, so rows of the role `data` have lower watermarks. */
function groupCondition(
  { quote, literal, sortExpression }: StoreDialect,
  parts: readonly Part[],
  watermark: StageRequest['watermark'],
): string | null {
  const group = parts.filter(({ role }) => role === 'boundary');
  if (group.length === 0 || watermark === null) return null;
  const { type, column } = watermark;
  const order = (a: string, b: string) => compareWatermarks({ type, text: a }, { type, text: b });
  const from = group.flatMap(({ min }) => min ?? []).sort(order)[0];
  const to = group
    .flatMap(({ max }) => max ?? [])
    .sort(order)
    .at(-1);
  const ordered = sortExpression(quote(column), type);
  const edges =
    from === undefined || to === undefined ? [] : [`${ordered} >= ${literal(type, from)} and ${ordered} <= ${literal(type, to)}`];
  const unmarked = group.some((part) => (part.unmarked ?? 0) > 0) ? [`${quote(column)} is null`] : [];
  return [...edges, ...unmarked].join(' or ');
}

/** Expressions that give any two different values an order. */
function totalOrder({ dialect }: Pick<StoreContext, 'dialect'>, schema: Schema, name: string): readonly string[] {
  const type = schema.columns.find((column) => column.name === name)?.type ?? ({ kind: 'string' } as const);
  const value = dialect.quote(name);
  switch (type.kind) {
    case 'float32':
    case 'float64':
      // Zero and minus zero are equal as numbers, so their texts are compared as well.
      return [value, dialect.canonicalText(value, type)];
    case 'json':
    case 'list':
    case 'struct': {
      const text = dialect.canonicalText(value, { kind: 'string' });
      return [dialect.merge.digest?.(text) ?? dialect.merge.exactText?.(text) ?? text];
    }
    default:
      return [groupingValue(dialect, schema, name)];
  }
}
