import { secondsPerDay } from '../../../frames/calendar.ts';
import { withRoom } from '../../../frames/growing-array.ts';
import type { Arrow } from '../../../frames/native.ts';
import type { DataType, TimeUnit } from '../../../frames/schema.ts';
import { arrowType } from '../../../frames/values/arrow-type.ts';
import { ClockForm } from '../../bytes/clock-form.ts';
import type { Kernels } from '../../kernels/kernels.ts';
import { areas } from '../../kernels/layout.ts';
import type { Fields } from '../fields.ts';
import { type ColumnDecoder, takeGo, Validity } from './decoder.ts';
import { store, storeLong } from './integers.ts';
import { type Pattern, parseByPattern } from './patterns.ts';
import { type ValueForms, ValueReader } from './value-reader.ts';

/** Decodes dates as days since 1970-01-01, in 32 bits. */
export class DateDecoder implements ColumnDecoder {
  readonly type: DataType;
  readonly values = new Validity(32);
  readonly #clock = new ClockForm();
  readonly #reader: ValueReader;
  readonly #pattern: Pattern | null;
  readonly #plain: boolean;
  #days = new Int32Array(16);

  constructor(type: DataType, told: boolean, forms: ValueForms) {
    this.type = type;
    this.#reader = new ValueReader(forms.nulls, told);
    this.#pattern = forms.date;
    this.#plain = forms.date === null && !forms.nulls.likeValues;
  }

  decode(fields: Fields, column: number, bad: (row: number) => void): void {
    const { rows, bytes } = fields;
    const { values } = this;
    const reader = this.#reader;
    const clock = this.#clock;
    values.reserve(rows);
    this.#days = withRoom(this.#days, values.length + rows);
    const one = (row: number, place: number, at: number): boolean => {
      this.#days[at] = 0;
      if (!reader.find(fields, place)) return false;
      const { start, end } = reader;
      const fits = this.#pattern === null ? clock.date(bytes, start, end) : parseByPattern(this.#pattern, bytes, start, end, clock);
      if (fits) this.#days[at] = clock.days;
      else bad(row);
      return true;
    };
    takeGo({ fields, column, values, fast: this.#plain ? (...of) => this.#fast(...of) : undefined, one });
  }

  #fast(kernels: Kernels, column: number, stride: number, rows: number): number {
    const nulls = kernels.call.dates(column, stride, rows);
    this.#days.set(new Int32Array(kernels.memory, areas.values, rows), this.values.length - rows);
    return nulls;
  }

  finish(A: typeof Arrow): Arrow.Data {
    const { data } = this.values;
    return A.makeData({ type: new A.DateDay(), ...data, data: this.#days.subarray(0, data.length) });
  }
}

/** For each unit: how many units a second has, and how many nanoseconds a unit has. */
const unitSizes: Readonly<Record<TimeUnit, { readonly perSecond: number; readonly nanos: number; readonly digits: number }>> = {
  ms: { perSecond: 1e3, nanos: 1e6, digits: 3 },
  us: { perSecond: 1e6, nanos: 1e3, digits: 6 },
  ns: { perSecond: 1e9, nanos: 1, digits: 9 },
};

/** For each unit: how many days before or after 1970 fit into 64 bits. */
const mostDays: Readonly<Record<TimeUnit, number>> = { ms: 4_000_000, us: 4_000_000, ns: 106_750 };

/** Decodes timestamps and times of day, in 64 bits of their unit. Zeros after the last digit of the unit are dropped. If another digit follows there, the value does not fit. */
export class ClockDecoder implements ColumnDecoder {
  readonly type: DataType & { readonly kind: 'timestamp' | 'time' };
  readonly values = new Validity(64);
  readonly #clock = new ClockForm();
  readonly #reader: ValueReader;
  readonly #pattern: Pattern | null;
  readonly #told: boolean;
  readonly #plain: boolean;
  /** The time zone of the column. `none`: the column has wall-clock times. */
  readonly #zone: string;
  #words = new Int32Array(32);

  constructor(type: DataType & { readonly kind: 'timestamp' | 'time' }, told: boolean, forms: ValueForms) {
    this.type = type;
    this.#told = told;
    this.#reader = new ValueReader(forms.nulls, told);
    this.#pattern = type.kind === 'timestamp' ? forms.timestamp : null;
    this.#plain = type.kind === 'timestamp' && forms.timestamp === null && !forms.nulls.likeValues;
    this.#zone = (type.kind === 'timestamp' ? type.zone : undefined) ?? 'none';
  }

  decode(fields: Fields, column: number, bad: (row: number) => void): void {
    const { rows, bytes } = fields;
    const { values } = this;
    const reader = this.#reader;
    values.reserve(rows);
    this.#words = withRoom(this.#words, 2 * (values.length + rows));
    const one = (row: number, place: number, value: number): boolean => {
      const at = 2 * value;
      const isThere = reader.find(fields, place);
      const fits = isThere && this.#read(bytes, reader.start, reader.end) && this.#put(at);
      if (!fits) this.#words[at] = this.#words[at + 1] = 0;
      if (isThere && !fits) bad(row);
      return isThere;
    };
    takeGo({ fields, column, values, fast: this.#plain ? (...of) => this.#fast(...of) : undefined, one });
  }

  #fast(kernels: Kernels, column: number, stride: number, rows: number): number {
    const { perSecond, nanos } = unitSizes[this.type.unit];
    const zoned = this.#zone === 'none' ? 0 : 1;
    const nulls = kernels.call.timestamps(column, stride, rows, BigInt(perSecond), BigInt(nanos), zoned, mostDays[this.type.unit]);
    this.#words.set(new Int32Array(kernels.memory, areas.values, 2 * rows), 2 * (this.values.length - rows));
    return nulls;
  }

  #read(bytes: Uint8Array, start: number, end: number): boolean {
    const clock = this.#clock;
    if (this.type.kind === 'time') {
      clock.days = 0;
      return clock.timeOfDay(bytes, start, end);
    }
    if (this.#pattern !== null) return parseByPattern(this.#pattern, bytes, start, end, clock) && this.#agrees();
    return clock.timestamp(bytes, start, end) && (clock.hasTime || this.#told) && this.#agrees();
  }

  /** Whether the text has an offset if the column has a zone, and has no offset if the column has no zone. If the column was declared as UTC, a text without an offset is UTC too. */
  #agrees(): boolean {
    const { offset } = this.#clock;
    if (this.#zone === 'none') return Number.isNaN(offset);
    if (!Number.isNaN(offset)) return true;
    this.#clock.offset = 0;
    return this.#told && this.#zone === 'UTC';
  }

  /** Stores the time. False: the fraction is finer than the unit, or the unit can’t hold the instant. */
  #put(at: number): boolean {
    const clock = this.#clock;
    const { perSecond, nanos } = unitSizes[this.type.kind === 'time' ? 'ns' : this.type.unit];
    const finest = unitSizes[this.type.unit].nanos;
    if (finest > 1 && clock.nanos % finest !== 0) return false;
    const seconds = clock.days * secondsPerDay + clock.seconds - (this.#zone === 'none' ? 0 : clock.offset);
    const fraction = clock.nanos / nanos;
    const value = seconds * perSecond + fraction;
    if (value <= Number.MAX_SAFE_INTEGER && value >= -Number.MAX_SAFE_INTEGER) {
      store(this.#words, at, value);
      return true;
    }
    const large = BigInt(seconds) * BigInt(perSecond) + BigInt(fraction);
    if (BigInt.asIntN(64, large) !== large) return false;
    storeLong(this.#words, at, large);
    return true;
  }

  finish(A: typeof Arrow): Arrow.Data {
    const { data } = this.values;
    const values = new BigInt64Array(this.#words.buffer, this.#words.byteOffset, data.length);
    return A.makeData({ type: arrowType(A, this.type) as Arrow.Timestamp, ...data, data: values as unknown as Int32Array });
  }
}
