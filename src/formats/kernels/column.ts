/** The code that all kernels for columns share. A kernel processes the fields of one column, and lists the rows that it can’t read. */
import { answers, areas, writable } from './layout.ts';
import { type Area, type Code, code, i32, type Local, type ValueType, type WasmBuilder, when, whilst } from './wasm.ts';

export interface FieldOf {
  readonly start: Local;
  /** The position after the last byte of the field. An empty field has no code, so `end` differs from `start`. */
  readonly end: Local;
  /** The value of the field, which is zero before the field is read. */
  readonly value: Local;
  /** The codes set this variable to 1 when `value` is the value of the field. */
  readonly known: Local;
}

export interface ColumnKernel<P extends readonly ValueType[]> {
  readonly name: string;
  /** The types of the kernel’s parameters after the parameters of all kernels. */
  readonly parameters: P;
  readonly value: ValueType;
  readonly bytes: number;
  /** `to`: a position in `writable.values`, in bytes. */
  store(to: Local, value: Local): Code;
  /** The codes for a field that is not empty. */
  field(of: FieldOf, parameters: { readonly [K in keyof P]: Local }, local: (type?: ValueType) => Local): readonly Code[];
}

/**
 * `name(first, stride, rows, …)`: writes the values of a column to `areas.values`. `first` is the index of the column’s first field in the
 * batch. `stride` is the number of fields from one value to the next. An empty field is null: its row is in `areas.nulls`, and the result
 * is the number of nulls. A row whose value has an unusual form is in `areas.odd`.
 */
export function defineColumn<const P extends readonly ValueType[]>(module: WasmBuilder, kernel: ColumnKernel<P>): void {
  const parameters = ['i32', 'i32', 'i32', ...kernel.parameters] as const;
  module.define({ name: kernel.name, parameters, result: 'i32' }, ([first, stride, rows, ...more], local) => {
    const [row, at, to, nulls, odd] = [local(), local(), local(), local(), local()];
    const field: FieldOf = { start: local(), end: local(), value: local(kernel.value), known: local() };
    const { start, end, value, known } = field;
    const list = (area: Area, length: Local): Code => i32.store(area, i32.mul(length, 4), row);
    const nothing = local(kernel.value);
    return [
      at.set(i32.mul(first, 4)),
      whilst(
        i32.ltU(row, rows),
        start.set(i32.load(at, areas.starts)),
        end.set(i32.load(at, areas.ends)),
        value.set(nothing.get),
        when(
          i32.eq(start, end),
          [list(writable.nulls, nulls), nulls.set(i32.add(nulls, 1))],
          [
            known.set(code(0)),
            ...kernel.field(field, more as unknown as { readonly [K in keyof P]: Local }, local),
            when(i32.eqz(known), [list(writable.odd, odd), odd.set(i32.add(odd, 1)), value.set(nothing.get)]),
          ],
        ),
        kernel.store(to, value),
        row.set(i32.add(row, 1)),
        at.set(i32.add(at, i32.mul(stride, 4))),
        to.set(i32.add(to, kernel.bytes)),
      ),
      i32.store(writable.answers, answers.odd, odd),
      nulls.get,
    ];
  });
}
