/** Masks columns of personal data as soon as they are read. Code after the home therefore never sees their values. */
import { createHmac } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Frame } from '../../engine/contracts/frame.ts';
import { didYouMean } from '../../errors/did-you-mean.ts';
import { ConnectionError, FlowError, HyggeError, type Where } from '../../errors/hygge-error.ts';
import type { Secret } from '../../ports/secret.ts';
import { type Arrow, arrow, type DataFrame, type LazyDataFrame, type Polars, polars } from '../native.ts';
import { letGoOfBytes } from '../native-bytes.ts';
import type { Column, DataType, Schema } from '../schema.ts';
import { withArrow } from '../values/from-polars.ts';
import { asPolars, type PolarsFrame } from '../values/polars-frame.ts';
import { polarsType } from '../values/polars-type.ts';
import { dataFrameOf } from '../values/to-polars.ts';
import { cellOf } from './canonical-text.ts';
import { TextBytes } from './text-bytes.ts';

/** How the values of a column are masked. `hash`: HMAC-SHA256 of the canonical text (docs/polish.md), as 64 hex digits. A number: this many characters from the beginning of the value. A null stays null. */
export type MaskBy = 'hash' | 'null' | number;

export interface Mask {
  /** How columns are masked, by their names in the source. */
  readonly columns: ReadonlyMap<string, MaskBy>;
  /** The secret of the hashes. Null: no column is hashed. */
  readonly secret: Secret | null;
}

export interface MaskedEntity {
  readonly flow: string;
  readonly entity: string;
  readonly where: Where;
}

/** The text that replaces a value. */
export const hidden = '***';

/** The keys of a home that an advice may mention. */
const keysOfHomes: readonly string[] = ['query', 'where', 'columns', 'exclude', 'table', 'types', 'bad_rows'];

/**
 * The same error without values. In hygge’s own sentences, everything in quotes (and `(email)=(ane@example.dk)`) is hidden, except names of
 * columns. The wording of a database is unknown, so more is hidden: only its first sentence stays, without the text between its first and
 * its last quote, and without numbers.
 */
export function maskedError(error: unknown, { columns }: Mask): unknown {
  const known = new Set([...columns.keys(), ...keysOfHomes]);
  const quiet = (text: string): string =>
    text
      .replaceAll(/"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'|`([^`]*)`|“([^”]*)”/g, (all, ...found: readonly (string | undefined)[]) =>
        known.has(found.slice(0, 4).find((one) => one !== undefined) ?? '') ? all : hidden,
      )
      .replaceAll(/=\([^)]*\)/g, `=(${hidden})`)
      .replaceAll(/\bthe number [-+\w.]+/g, `the number ${hidden}`);
  if (error instanceof FlowError || !(error instanceof Error)) return error;
  if (!(error instanceof HyggeError)) {
    // The class of the error and its other properties stay the same.
    const { message, stack = '' } = error;
    const said = quietWords(message, known);
    return Object.assign(error, {
      message: said,
      stack: stack.includes(message) ? stack.replaceAll(message, () => said) : quietWords(stack, known),
    });
  }
  const { code, what, why, tryThis, where, transient, retryAfterMs, spent, cause } = error;
  const Kind = error.constructor as typeof HyggeError;
  const words = error instanceof ConnectionError ? '' : wordsOf(cause);
  const isTheirs = (sentence: string) => words.includes(sentence.replace(/[.!?]$/, ''));
  const first = why.find(isTheirs);
  // The text of a database often has several lines, so the sentence is made from all lines.
  const theirs = cause instanceof Error ? quietWords(cause.message, known).replace(/[^.!?]$/, '$&.') : '';
  const reasons = why.flatMap((sentence) => (isTheirs(sentence) ? (sentence === first ? [theirs] : []) : [quiet(sentence)]));
  const details = { code, what: quiet(what), why: reasons, tryThis: tryThis.map(quiet), where, transient, spent };
  return new Kind(retryAfterMs === undefined ? details : { ...details, retryAfterMs });
}

/** The words of a database or a library in an error. '': the error has no such words, or they are unknown. */
function wordsOf(cause: unknown): string {
  if (!(cause instanceof Error)) return '';
  return [cause.message, 'detail' in cause ? cause.detail : '', 'hint' in cause ? cause.hint : ''].join('\n');
}

/**
 * The words without values. A value may contain quotes and line ends, and may have a line of its own. The text before the first quote of
 * the first line is certainly not a value. In a message of one line, the text after the last quote is not a value either.
 */
function quietWords(text: string, names: ReadonlySet<string>): string {
  const [line = ''] = text.split('\n');
  const quote = `(?<!n(?=.t\\b))["'\`“”«»‘’]`;
  const [, before = line, within, after] = new RegExp(`^(.*?)${quote}(?:(.*)${quote})?(.*)$`).exec(line) ?? [];
  if (within !== undefined && names.has(within)) return line;
  const outer = after === undefined ? [before] : [before, line === text.trimEnd() ? after : ''];
  return outer.map((part) => part.replaceAll(/(?<![\w.])[-+]?\d[\d.,:/-]*(?!\w)/g, hidden)).join(hidden);
}

export const noMask: Mask = { columns: new Map(), secret: null };

/** A fingerprint of the masks. With another secret, hashes are different, so the fingerprint changes with the secret. The fingerprint does not show the secret. */
export function maskFingerprint({ columns, secret }: Mask): string {
  const rules = JSON.stringify([...columns].sort(([a], [b]) => (a < b ? -1 : 1)));
  return createHmac('sha256', secret?.reveal() ?? '')
    .update(`hygge mask ${rules}`)
    .digest('hex')
    .slice(0, 12);
}

export function maskedSchema(schema: Schema, { columns }: Mask, of: MaskedEntity): Schema {
  const names = schema.columns.map(({ name }) => name);
  for (const name of columns.keys()) if (!names.includes(name)) throw noColumnToMask(of, name, names);
  return {
    ...schema,
    columns: schema.columns.map((column): Column => {
      const by = columns.get(column.name);
      const { name, type, nullable } = column;
      if (by === undefined) return column;
      if (by === 'null') return { name, type, nullable: true };
      if (by !== 'hash' && type.kind !== 'string') throw noFirstCharacters(of, column);
      return { name, type: { kind: 'string' }, nullable };
    }),
  };
}

export async function maskedFrame(given: Frame, mask: Mask, of: MaskedEntity): Promise<PolarsFrame> {
  const frame = asPolars(given);
  const pl = await polars();
  const schema = maskedSchema(frame.schema, mask, of);
  const all = frame.schema.columns;
  const whole = () => maskedPlan(pl, mask, { columns: all, lazy: () => frame.lazy(), collect: () => frame.collect() });
  const cast = frame.recast({
    schema,
    // Columns that are not masked may settle in their encoded form, without being decoded.
    plan: frame.storedInPart === undefined ? await whole() : whole,
    nulls: all.map(({ name }, index) => (mask.columns.get(name) === 'null' ? frame.rows : { as: index })),
    sourceName: (name) => (mask.columns.has(name) ? undefined : name),
    inPlace: {
      changed: [...mask.columns.keys()],
      async columns(names) {
        const data = await frame.columns(names);
        const columns = names.flatMap((name) => all.filter((column) => column.name === name));
        return (await maskedPlan(pl, mask, { columns, lazy: async () => data.lazy(), collect: async () => data })).collect();
      },
    },
  });
  return frame.origin === undefined ? cast : cast.readFrom(frame.origin, frame.columnsOfFile);
}

/** The rows with the columns to mask. If values are hashed, the rows are collected. */
interface RowsToMask {
  readonly columns: readonly Column[];
  lazy(): Promise<LazyDataFrame>;
  collect(): Promise<DataFrame>;
}

async function maskedPlan(pl: typeof Polars, mask: Mask, of: RowsToMask): Promise<LazyDataFrame> {
  const { columns } = of;
  const hasHashes = columns.some(({ name }) => mask.columns.get(name) === 'hash');
  const plan = hasHashes ? await hashed(await of.collect(), { columns }, mask) : await of.lazy();
  const others = columns.flatMap(({ name, type }) => {
    const by = mask.columns.get(name);
    if (by === undefined || by === 'hash') return [];
    const value = by === 'null' ? pl.lit(null).cast(polarsType(pl, type) ?? pl.String) : pl.col(name).str.slice(0, by);
    return [value.alias(name)];
  });
  return others.length === 0 ? plan : plan.withColumns(...others);
}

/** How many rows are hashed between two turns of the event loop. */
const rowsPerTurn = 16_384;
/** The number of hexadecimal digits of a SHA-256. */
const hexBytes = 64;

async function hashed(data: DataFrame, { columns }: Schema, mask: Mask) {
  const [A, pl] = await Promise.all([arrow(), polars()]);
  const key = mask.secret?.reveal() ?? '';
  const all = data.getColumns();
  let made = data;
  for (const [index, column] of columns.entries()) {
    const own = all[index];
    if (own === undefined || mask.columns.get(column.name) !== 'hash') continue;
    const one = await withArrow(pl.DataFrame([own]), async (table) => {
      const vector = await hashesOf(A, key, { table, type: column.type });
      const hashes = dataFrameOf(A, pl, new A.Table({ [column.name]: vector }));
      for (const { values, valueOffsets } of vector.data) for (const array of [values, valueOffsets]) letGoOfBytes(array);
      return hashes;
    });
    for (const hashes of one.getColumns()) made = made.withColumn(hashes);
  }
  return made.lazy();
}

async function hashesOf(
  A: typeof Arrow,
  key: string,
  { table, type }: { readonly table: Arrow.Table; readonly type: DataType },
): Promise<Arrow.Vector<Arrow.Utf8>> {
  const text = new TextBytes();
  const pieces: Arrow.Data<Arrow.Utf8>[] = [];
  for (const batch of table.batches) {
    const [column] = batch.data.children;
    if (column === undefined) continue;
    const cell = cellOf(type, column);
    const rows = batch.numRows;
    const bytes = Buffer.alloc(rows * hexBytes);
    const valueOffsets = new Int32Array(rows + 1);
    const nullBitmap = new Uint8Array((rows + 7) >> 3);
    let at = 0;
    let nullCount = 0;
    for (let row = 0; row < rows; row++) {
      text.clear();
      cell(row, text);
      const written = text.bytes;
      if (written.length === 2 && written[0] === 0x5f) nullCount++;
      else {
        at += bytes.write(createHmac('sha256', key).update(written).digest('hex'), at, 'latin1');
        nullBitmap[row >> 3] = (nullBitmap[row >> 3] as number) | (1 << (row & 7));
      }
      valueOffsets[row + 1] = at;
      if (row % rowsPerTurn === rowsPerTurn - 1) await setImmediate();
    }
    const nulls = nullCount === 0 ? { nullCount: 0 } : { nullCount, nullBitmap };
    pieces.push(A.makeData({ type: new A.Utf8(), length: rows, ...nulls, valueOffsets, data: bytes }));
  }
  return pieces.length === 0 ? A.vectorFromArray([], new A.Utf8()) : new A.Vector(pieces);
}

function noColumnToMask({ flow, entity, where }: MaskedEntity, name: string, names: readonly string[]): FlowError {
  const near = didYouMean(name, names);
  return new FlowError({
    code: 'HYG-2025',
    what: `The source of ${flow}.${entity} has no column ${JSON.stringify(name)}, which is to be masked.`,
    why: [
      `It has: ${names.slice(0, 20).join(', ')}${names.length > 20 ? ', …' : ''}`,
      'If the column has another name now, its values would settle unmasked.',
    ],
    tryThis: [
      ...(near === undefined ? [] : [`Did you mean ${JSON.stringify(near)}?`]),
      'Correct polish.mask.columns: names have the spelling of the source',
    ],
    where,
  });
}

function noFirstCharacters({ flow, entity, where }: MaskedEntity, { name, type, sourceType }: Column): FlowError {
  return new FlowError({
    code: 'HYG-2026',
    what: `The column ${JSON.stringify(name)} of ${flow}.${entity} is not text, so its first characters can't be kept.`,
    why: [`It is ${sourceType ?? type.kind}.`],
    tryThis: ['Mask it with hash, or with null'],
    where,
  });
}
