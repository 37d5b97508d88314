/** Finds fields that may identify records, or distinguish new records from old records. The fields are proposed to a person, so no run uses them directly. */
import type { Body } from '../answers/document.ts';
import { type Found, membersOf, type Span } from '../answers/envelope.ts';

export interface Cursor {
  readonly column: string;
  /** The type to declare for the field, since JSON has no times: `timestamptz`, or `timestamp[ns, UTC]` if seconds have more than six decimal places. Null: the field has integers that count from 1970, which stay integers. */
  readonly type: string | null;
  /** For integers that count from 1970: the unit that they seem to count, as in `window.format`, and the time that the first integer means. */
  readonly counts?: { readonly format: 'epoch_s' | 'epoch_ms'; readonly first: string };
  /** Whether the name of the field says that a changed record gets a new time. */
  readonly followsChanges: boolean;
}

export interface Fields {
  /** A field that is different in each record, and never null. Undefined: no field of this kind has a usual name of a key. */
  readonly key: string | undefined;
  readonly cursor: Cursor | undefined;
  /** Whether records have the form of JSON:API. In this form, the fields of a record are in `attributes`, and become columns by `flatten`. */
  readonly isJsonApi: boolean;
}

/** The maximum number of records that are inspected. */
const mostRecords = 1_000;

const keyNames = ['id', 'uuid', 'guid', 'key', 'uid'];
const changeName = /^(updated|modified|changed|lastupdated?|lastmodified|lastchanged?|systemmodstamp|dateupdated|datemodified)/;
/** A time by which Zendesk filters its exports. This time also changes in cases in which the time that people see stays the same. */
const exportName = /^generatedtimestamp$/;
const creationName = /^(created|inserted|published|timestamp|datecreated|occurred|recorded)|timestamp$/;

/**
 * @param entity the name of the entity, since records of `orders` often have a key `order_id`.
 * @param separator the text between the names of a flattened column.
 */
export function fieldsOf(body: Body, records: readonly Span[], entity: string, separator = '_'): Fields {
  const rows = records
    .slice(0, mostRecords)
    .filter(({ start }) => body.bytes[start] === 0x7b)
    .map((record) => membersOf(body, record));
  const isJsonApi = rows.length > 0 && rows.every(isResource);
  const own = columnsOf(rows, '');
  const columns = isJsonApi ? [...own, ...columnsOf(rows.map(attributesOf), `attributes${separator}`)] : own;
  return { key: keyAmong(columns, entity), cursor: cursorAmong(columns), isJsonApi };
}

type Row = ReadonlyMap<string, Found>;

/** Whether a record has the form of JSON:API: https://jsonapi.org/format/#document-resource-objects */
function isResource(row: Row): boolean {
  return row.get('attributes')?.kind === 'object' && row.get('type')?.kind === 'string' && row.has('id');
}

function attributesOf(row: Row): Row {
  const bytes = Buffer.from(`${row.get('attributes')?.text ?? '{}'}\0`);
  return membersOf({ bytes }, { start: 0, end: bytes.length - 1 });
}

function columnsOf(rows: readonly Row[], prefix: string): readonly Column[] {
  return [...new Set(rows.flatMap((row) => [...row.keys()]))].map((name) => new Column(prefix, name, rows));
}

class Column {
  readonly name: string;
  /** The name of the column in the object that contains it. */
  readonly field: string;
  readonly #values: readonly (Found | undefined)[];

  constructor(prefix: string, field: string, rows: readonly Row[]) {
    this.name = `${prefix}${field}`;
    this.field = field;
    this.#values = rows.map((row) => row.get(field));
  }

  get count(): number {
    return this.#values.length;
  }

  get first(): string {
    return this.#values[0]?.text ?? '';
  }

  isAll(is: (value: Found) => boolean): boolean {
    return this.#values.every((value) => value !== undefined && is(value));
  }

  isUnique(): boolean {
    const scalars = this.isAll(({ kind, text }) => (kind === 'string' && text !== '') || kind === 'number');
    return scalars && new Set(this.#values.map((value) => value?.text)).size === this.#values.length;
  }
}

function keyAmong(columns: readonly Column[], entity: string): string | undefined {
  const own = `${plain(entity).replace(/ies$/, 'y').replace(/s$/, '')}id`;
  const rank = (one: Column) => {
    const name = plain(one.field);
    if (keyNames.includes(name)) return keyNames.indexOf(name);
    if (name === own) return keyNames.length;
    // Other names of ids are accepted only with several records, since each field of a single record is unique.
    return /(_id|Id|ID|id)$/.test(one.field) && one.count > 1 ? keyNames.length + 1 : undefined;
  };
  return ranked(
    columns.filter((one) => one.isUnique()),
    rank,
  );
}

function cursorAmong(columns: readonly Column[]): Cursor | undefined {
  const timed = columns.flatMap((one): readonly { readonly column: Column; readonly type: string | null }[] => {
    if (countOf(one) !== undefined) return [{ column: one, type: null }];
    const found = timeTypes.find(({ form }) => one.isAll(({ kind, text }) => kind === 'string' && form.test(text)));
    if (found === undefined) return [];
    const { type, fine = type } = found;
    return [{ column: one, type: one.isAll(({ text }) => !/\.\d{7}/.test(text)) ? type : fine }];
  });
  const types = new Map(timed.map(({ column: { name }, type }) => [name, type]));
  const rank = ({ name, field }: Column) => {
    const text = plain(field);
    const base = exportName.test(text) ? -5 : changeName.test(text) ? 0 : creationName.test(text) ? 10 : undefined;
    if (base === undefined) return undefined;
    // A time without a zone gets a lower rank, unless its name says that it is in UTC.
    const isDay = types.get(name) === 'date' ? 2 : 0;
    return base + isDay + (isZoneless(types.get(name) ?? null) && !isNamedUtc(name) ? 1 : 0);
  };
  const column = ranked(
    timed.map((one) => one.column),
    rank,
  );
  const type = types.get(column ?? '');
  if (column === undefined || type === undefined) return undefined;
  const found = timed.map((one) => one.column).find((one) => one.name === column);
  const counts = found && countOf(found);
  return { column, type, ...(counts === undefined ? {} : { counts }), followsChanges: isOfChanges(plain(found?.field ?? '')) };
}

function isOfChanges(name: string): boolean {
  return changeName.test(name) || exportName.test(name);
}

/** Whether the name of a column says that its times are in UTC: `modified_gmt`. */
export function isNamedUtc(name: string): boolean {
  return /gmt|utc/.test(plain(name));
}

/** The unit of a column with integers that are times of this century, in seconds or milliseconds since 1970. Undefined: the column has other values. */
function countOf(one: Column): Cursor['counts'] {
  const [format, unitMs] = one.isAll(({ text }) => /^\d{12,13}$/.test(text)) ? (['epoch_ms', 1] as const) : (['epoch_s', 1000] as const);
  const isTime = ({ kind, text }: Found) => kind === 'number' && /^\d+$/.test(text) && isOfThisCentury(Number(text) * unitMs);
  return one.isAll(isTime) ? { format, first: new Date(Number(one.first) * unitMs).toISOString().slice(0, 19) } : undefined;
}

function isOfThisCentury(ms: number): boolean {
  return ms >= Date.UTC(2000, 0) && ms < Date.UTC(2100, 0);
}

const day = String.raw`\d{4}-\d\d-\d\d`;
const clock = String.raw`[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?`;
const timeTypes: readonly { readonly type: string; readonly fine?: string; readonly form: RegExp }[] = [
  { type: 'timestamptz', fine: 'timestamp[ns, UTC]', form: new RegExp(`^${day}${clock} ?(Z|[+-]\\d\\d:?\\d\\d)$`, 'i') },
  { type: 'timestamp', fine: 'timestamp[ns]', form: new RegExp(`^${day}${clock}$`, 'i') },
  { type: 'date', form: new RegExp(`^${day}$`) },
];

const zoneless: ReadonlySet<string> = new Set(['timestamp', 'timestamp[ns]']);

/** @param type the type as it would be declared. */
export function isZoneless(type: string | null): boolean {
  return type !== null && zoneless.has(type);
}

/** The first column of the lowest rank. Undefined: no column has a rank. */
function ranked(columns: readonly Column[], rank: (one: Column) => number | undefined): string | undefined {
  const found = columns.flatMap((one) => {
    const at = rank(one);
    return at === undefined ? [] : [{ name: one.name, at }];
  });
  return found.sort((a, b) => a.at - b.at)[0]?.name;
}

const plain = (name: string) => name.toLowerCase().replace(/[^a-z]/g, '');
