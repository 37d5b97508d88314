/** Kernels that share one memory, the content of this memory, and access to the content. */
import { monthLengths, monthStarts } from '../../frames/calendar.ts';
import { defineDigits } from './digits.ts';
import { defineFamiliar } from './familiar.ts';
import { fifth, leastFifth } from './floats.ts';
import { answers, areas, mostFields, mostText, pages } from './layout.ts';
import { defineLines } from './lines.ts';
import { defineDecimals, defineFloats, defineIntegers } from './numbers.ts';
import { defineRecords } from './records.ts';
import { defineTexts, defineTruths } from './texts.ts';
import { defineDates, defineTimestamps } from './times.ts';
import { WasmBuilder } from './wasm.ts';

/** The first parameters of each kernel for a column. */
type Column = readonly [first: number, stride: number, rows: number];

/** The functions of the WebAssembly module. `defineRecords` and the other `define…` functions describe them. */
export interface KernelFunctions {
  records(
    ...given: readonly [
      from: number,
      to: number,
      columns: number,
      delimiter: number,
      newline: number,
      quote: number,
      comment: number,
      before: number,
      capacity: number,
      doubles: 0 | 1,
    ]
  ): number;
  integers(...given: readonly [...Column, least: bigint, most: bigint]): number;
  decimals(...given: readonly [...Column, scale: number, most: number]): number;
  floats(...given: readonly [...Column, mostWhole: number, exact: number]): number;
  lines(from: number, to: number, values: number, capacity: number): number;
  familiar(from: number, to: number, values: number): number;
  truths(...given: Column): number;
  dates(...given: Column): number;
  timestamps(...given: readonly [...Column, perSecond: bigint, nanos: bigint, zoned: number, mostDays: number]): number;
  texts(...given: readonly [...Column, base: number, emptyIsNull: number, escape: number]): number;
}

/** The kernels of one thread. The content of their memory is valid until the next text is loaded. */
export class Kernels {
  readonly call: KernelFunctions;
  readonly memory: ArrayBuffer;
  readonly bytes: Buffer;
  readonly #answers: Int32Array;
  readonly #starts: Uint32Array;
  readonly #ends: Uint32Array;

  constructor() {
    const memory = newMemory();
    this.memory = memory.buffer;
    this.bytes = Buffer.from(memory.buffer);
    this.#answers = new Int32Array(memory.buffer, areas.answers, 16);
    this.#starts = new Uint32Array(memory.buffer, areas.starts, mostFields);
    this.#ends = new Uint32Array(memory.buffer, areas.ends, mostFields);
    fillTables(memory.buffer);
    this.call = this.#checked(kernelsIn(memory));
  }

  /** Checks the results of the kernels before they are used. A mistake in a kernel therefore ends the run before a wrong value settles. */
  #checked(kernel: KernelFunctions): KernelFunctions {
    const column = (nulls: number, [first, stride, rows]: Column): number => {
      const odd = this.answer('odd');
      mustBe(areInside(first, stride, rows) && nulls >= 0 && odd >= 0 && nulls + odd <= rows);
      return nulls;
    };
    return {
      records: (...given) => {
        const [from, to, columns, , , , , before, capacity] = given;
        const next = kernel.records(...given);
        this.#mustLieIn({ from, to, next }, { columns, before, capacity });
        return next;
      },
      lines: (from, to, values, capacity) => {
        const next = kernel.lines(from, to, values, capacity);
        this.#mustLieIn({ from, to, next }, { columns: values, before: 0, capacity });
        return next;
      },
      familiar: (from, to, values) => {
        const next = kernel.familiar(from, to, values);
        mustBe(next >= from && next <= to);
        return next;
      },
      texts: (...given) => {
        const [first, stride, rows] = given;
        const nulls = kernel.texts(...given);
        const used = this.answer('used');
        mustBe(areInside(first, stride, rows) && nulls >= 0 && nulls <= rows && used >= 0 && used <= mostText);
        return nulls;
      },
      integers: (...given) => column(kernel.integers(...given), [given[0], given[1], given[2]]),
      decimals: (...given) => column(kernel.decimals(...given), [given[0], given[1], given[2]]),
      floats: (...given) => column(kernel.floats(...given), [given[0], given[1], given[2]]),
      truths: (...given) => column(kernel.truths(...given), given),
      dates: (...given) => column(kernel.dates(...given), given),
      timestamps: (...given) => column(kernel.timestamps(...given), [given[0], given[1], given[2]]),
    };
  }

  /** Checks that the number of rows is at most the capacity, and that the end of the rows is inside the text. */
  #mustLieIn(
    { from, to, next }: { readonly from: number; readonly to: number; readonly next: number },
    { columns, before, capacity }: { readonly columns: number; readonly before: number; readonly capacity: number },
  ): void {
    const rows = this.answer('rows');
    mustBe(rows >= before && rows <= Math.max(before, capacity) && rows * columns <= mostFields && next >= from && next <= to);
    const [starts, ends] = [this.#starts, this.#ends];
    let last = from;
    for (let field = before * columns; field < rows * columns; field++) {
      const start = starts[field] as number;
      const end = ends[field] as number;
      if (start < last || end < start) mustBe(false);
      last = end;
    }
    mustBe(last <= next);
  }

  /** Copies the text into the memory of the kernels. Undefined: the text is too long. */
  load(text: Uint8Array): Buffer | undefined {
    if (text.length > mostText) return undefined;
    this.bytes.set(text, areas.text);
    return this.bytes.subarray(0, areas.text + text.length);
  }

  answer(which: keyof typeof answers): number {
    return this.#answers[answers[which] / 4] as number;
  }

  /** The position at which a field begins. */
  start(field: number): number {
    return this.#starts[field] as number;
  }

  end(field: number): number {
    return this.#ends[field] as number;
  }

  /** The first `count` rows in the list of null rows or odd rows. */
  rows(list: 'nulls' | 'odd', count: number): Uint32Array {
    return new Uint32Array(this.memory, areas[list], count);
  }
}

/** The part of the WebAssembly API that Node’s types lack. */
interface Host {
  readonly Memory: new (of: { readonly initial: number; readonly maximum: number }) => { readonly buffer: ArrayBuffer };
  readonly Module: new (code: Uint8Array<ArrayBuffer>) => object;
  readonly Instance: new (module: object, imports: { readonly host: object }) => { readonly exports: unknown };
}

const areInside = (first: number, stride: number, rows: number): boolean => rows === 0 || first + (rows - 1) * stride < mostFields;

function mustBe(isSo: boolean): void {
  if (!isSo) throw new Error('a kernel returned an impossible result, which was not used');
}

const host = (globalThis as unknown as { readonly WebAssembly: Host }).WebAssembly;

/** A new memory with room for `areas`. */
export function newMemory(): { readonly buffer: ArrayBuffer } {
  return new host.Memory({ initial: pages, maximum: pages });
}

/** The kernels over a memory from `newMemory`. Their results are not checked. */
export function kernelsIn(memory: object): KernelFunctions {
  return new host.Instance(compiled(), { host: { memory } }).exports as KernelFunctions;
}

function compiled(): object {
  const module = new WasmBuilder();
  const digits = defineDigits(module);
  defineRecords(module);
  defineIntegers(module, digits);
  defineDecimals(module, digits);
  defineFloats(module, digits);
  defineTruths(module);
  defineDates(module);
  defineTimestamps(module, digits);
  defineTexts(module);
  defineLines(module);
  defineFamiliar(module);
  return new host.Module(module.bytes());
}

function fillTables(memory: ArrayBuffer): void {
  const view = new DataView(memory);
  for (let i = 0; i <= 18; i++) view.setBigInt64(areas.powers + 8 * i, 10n ** BigInt(i), true);
  for (let i = 0; i <= 22; i++) view.setFloat64(areas.floatPowers + 8 * i, 10 ** i, true);
  for (let exponent = leastFifth; exponent <= 0; exponent++) {
    const at = areas.fifths + 16 * (exponent - leastFifth);
    view.setBigUint64(at, fifth(exponent) >> 64n, true);
    view.setBigUint64(at + 8, BigInt.asUintN(64, fifth(exponent)), true);
  }
  for (let month = 1; month <= 12; month++) {
    view.setInt32(areas.monthLengths + 4 * month, monthLengths[month - 1] as number, true);
    view.setInt32(areas.monthStarts + 4 * month, monthStarts[month - 1] as number, true);
  }
}

let own: Kernels | undefined;

/** The kernels of this thread. */
export function kernels(): Kernels {
  own ??= new Kernels();
  return own;
}
