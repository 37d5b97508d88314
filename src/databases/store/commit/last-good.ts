/** Finds the rows of a range that stay. The newer version of such a row goes to `rejected`, so no row would replace its last good version. */
import type { PrepareRequest } from '../../../engine/contracts/intent.ts';
import { hullOf, type Ranges } from '../../../engine/contracts/replacing.ts';
import type { Part } from '../../../engine/contracts/store.ts';
import { exactCell } from '../../../frames/exact-json/exact-cell.ts';
import type { DataType, Schema } from '../../../frames/schema.ts';
import { memberText } from '../../../frames/values/rejected-rows.ts';
import { compareWatermarkKeys, parsedKey, watermarkText } from '../../../frames/watermark-text.ts';
import type { Json } from '../../../ports/values.ts';
import { quotedTable } from '../../ddl.ts';
import type { Row } from '../../engine.ts';
import { countDestinationRows, type LastGood, type StoreContext } from '../context.ts';
import { hasAllRejectedColumns, headKeyValues, ownTable } from '../head.ts';
import { cellText, columnsFrom } from '../staging/apart-rows.ts';
import { asStagedRef, stagedTableName } from '../staging/staged-tables.ts';
import { isComparable, lastGoodCondition } from './delete-condition.ts';
import { apartThatStays } from './rejected-rows.ts';

/** The maximum number of keys in a condition, because more keys would make the statement too long. If there are more keys, every row of the range stays, unless a row of the source replaces it. */
const mostKeys = 1000;
/** The number of keys that one query looks for. */
const keysAtOnce = 256;
/** The number of rows in one statement. */
const pageRows = 1000;

/** The last good rows in a range. Undefined: the range has no such row. @param where the condition of the range. */
export async function lastGoodIn(
  context: StoreContext,
  { supersede, parts, schema, writing }: Pick<PrepareRequest, 'supersede' | 'parts' | 'schema' | 'writing'>,
  where: string,
): Promise<LastGood | undefined> {
  if (supersede.what !== 'range' || supersede.lastGood !== 'stays' || writing.key.length === 0) return undefined;
  const key = writing.key.map((name) => ({ name, type: typeOf(schema, name) }));
  const gathered = new KeysApart(key, supersede);
  for (const part of parts.filter((one) => asStagedRef(one).apart)) await gathered.addStaged(context, part);
  await gathered.addThere(context, supersede);
  if (gathered.hasUnknown) return { key, rows: 'any' };
  const rows = await found(context, { where, key, rows: gathered.keys() });
  return rows.length === 0 ? undefined : { key, rows: rows.length > mostKeys ? 'any' : rows };
}

const typeOf = ({ columns }: Schema, name: string): DataType => columns.find((column) => column.name === name)?.type ?? { kind: 'string' };

interface Searched {
  readonly where: string;
  readonly key: LastGood['key'];
  readonly rows: readonly (readonly string[])[];
}

/** The keys that a row of the range has. The list of keys is halved, and halves without a match are dropped at once. */
async function found(context: StoreContext, of: Searched): Promise<Searched['rows']> {
  const { rows } = of;
  if (rows.length === 0) return [];
  if (rows.length <= keysAtOnce) {
    const condition = lastGoodCondition(context.dialect, { key: of.key, rows });
    const there = await countDestinationRows(context, `${of.where} and ${condition}`);
    if (there === 0 || rows.length === 1) return there === 0 ? [] : rows;
  }
  const half = Math.ceil(rows.length / 2);
  return [...(await found(context, { ...of, rows: rows.slice(0, half) })), ...(await found(context, { ...of, rows: rows.slice(half) }))];
}

/** The keys of rows that go to `rejected`. */
class KeysApart {
  /** The key of a row is unknown, so the row may be a newer version of any row. */
  hasUnknown = false;
  readonly #key: LastGood['key'];
  readonly #ranges: Ranges;
  readonly #found = new Map<string, readonly string[]>();

  constructor(key: LastGood['key'], ranges: Ranges) {
    this.#key = key;
    this.#ranges = ranges;
  }

  keys(): Searched['rows'] {
    return [...this.#found.values()];
  }

  /** Adds staged rows, whatever their watermarks are, because the source has these rows now. */
  async addStaged(context: StoreContext, part: Part): Promise<void> {
    if (part.role === 'correction') return;
    const { dialect, place, session } = context;
    const { quote } = dialect;
    const table = quotedTable(dialect, stagedTableName(dialect, place, asStagedRef(part).name));
    const list = ['columns', 'row'].map((name) => `${quote(name)} as n_${name}`).join(', ');
    const rows = await session.query(`select ${list} from ${table}`);
    for (const row of rows) this.#add({ ...row, n_role: part.role });
  }

  /** Adds rows that stay in the table `rejected`. */
  async addThere(context: StoreContext, ranges: Ranges): Promise<void> {
    const { dialect, place, session } = context;
    const { quote, ownTables } = dialect;
    if ((await hasAllRejectedColumns(session, dialect, place)) !== true) return;
    const names = ['role', 'columns', 'row', 'watermark', 'id', 'copy'];
    const list = names.map((name) => `${quote(name)} as n_${name}`).join(', ');
    const from = `from ${ownTable(dialect, place, 'rejected')} where ${apartThatStays(dialect, { supersede: { what: 'range', ...ranges } })}`;
    const [id, copy, at] = [quote('id'), quote('copy'), ownTables.parameter(4)];
    for (let last: Row | undefined; ; ) {
      const beyond = last === undefined ? '' : ` and (${id} > ${at} or (${id} = ${at} and ${copy} > ${Number(last.n_copy)}))`;
      const values = [...headKeyValues(place.key), ...(last === undefined ? [] : [last.n_id ?? ''])];
      const rows: readonly Row[] = await session.query(
        dialect.selectFirst(list, `${from} and ${quote('part')} is not null${beyond} order by ${id}, ${copy}`, pageRows),
        values,
      );
      for (const row of rows) this.#add(row);
      last = rows.at(-1);
      if (rows.length < pageRows) return;
    }
  }

  #add({ n_role: role, n_columns: columns, n_row: row, n_watermark: mark = null }: Row): void {
    const read = JSON.parse(row ?? '{}') as Readonly<Record<string, Json>>;
    const textOf = role === 'quarantine' ? unreadableText(read) : readableText(columns ?? '', read);
    if (this.#isBelow(mark)) return;
    const values = this.#valuesOf(textOf);
    if (values === 'unknown') this.hasUnknown = true;
    else if (values !== 'none') this.#found.set(JSON.stringify(values), values);
  }

  /** Whether a row is older than the ranges, so that the row is not a newer version of a row in the ranges. Rows in the ranges are read again, and leave `rejected`. */
  #isBelow(mark: string | null): boolean {
    const { type, ranges } = this.#ranges;
    const { from } = hullOf(ranges);
    const [at, start] = [mark === null ? undefined : parsedKey(type, mark), parsedKey(type, from.text)];
    return at !== undefined && start !== undefined && compareWatermarkKeys(at, start) < 0;
  }

  /** The key of a row. `none`: no settled row has this key. */
  #valuesOf(textOf: TextOf): readonly string[] | 'unknown' | 'none' {
    const values: string[] = [];
    for (const { name, type } of this.#key) {
      const value = textOf(name);
      if (value === undefined) return 'unknown';
      if (value === null) return 'none';
      const parsed = isComparable(type) ? parsedKey(type, value) : null;
      if (parsed === undefined) return 'none';
      values.push(parsed === null ? '' : watermarkText(type, parsed));
    }
    return values;
  }
}

type TextOf = (name: string) => string | null | undefined;

/** The text of a row that can’t be read, if the text is a JSON object. */
function unreadableText({ source, line, reason, text }: Readonly<Record<string, Json>>): TextOf {
  const of = { source: String(source ?? ''), line: typeof line === 'number' ? line : null, reason: String(reason ?? '') };
  return memberText({ ...of, text: typeof text === 'string' ? text : '' });
}

function readableText(columns: string, row: Readonly<Record<string, Json>>): TextOf {
  const types = new Map((columnsFrom(columns) ?? []).map(({ name, type }) => [name, type]));
  return (name) => {
    const type = types.get(name);
    if (type === undefined) return undefined;
    const value = row[name] ?? null;
    return value === null ? null : (cellText(type, exactCell(type, value)) ?? '');
  };
}
