/** Kernels for texts and truth values. */
import { defineColumn } from './column.ts';
import { answers, areas, writable } from './layout.ts';
import { i32, v128, type WasmBuilder, when, whilst } from './wasm.ts';

const littleEndian = (text: string): number => Buffer.from(text, 'latin1').readInt32LE(0);

/** Adds the kernel for `true` and `false`. A truth value is one byte. */
export function defineTruths(module: WasmBuilder): void {
  defineColumn(module, {
    name: 'truths',
    parameters: [],
    value: 'i32',
    bytes: 1,
    store: (to, value) => i32.store8(writable.values, to, value),
    field({ start, end, value, known }, _, local) {
      const length = local();
      return [
        length.set(i32.sub(end, start)),
        value.set(i32.and(i32.eq(length, 4), i32.eq(i32.load(start), littleEndian('true')))),
        known.set(
          i32.or(
            value,
            i32.and(i32.eq(length, 5), i32.and(i32.eq(i32.load(start), littleEndian('fals')), i32.eq(i32.load8(start, 4), 0x65))),
          ),
        ),
      ];
    },
  });
}

/** How a field is written. `areas.marks` has one of these numbers for each field. */
export const marks = { plain: 0, quoted: 1, escaped: 2 } as const;

/**
 * `texts(first, stride, rows, base, emptyIsNull, escapeByte)`: writes the texts of a column one after the other to `areas.texts`. The end
 * of each text, plus `base`, is in `areas.values`. If a text is marked as escaped, each `escapeByte` before another byte is left out. Null
 * rows are in `areas.nulls`, and the result is their number. With `emptyIsNull`, a plain empty field is null. The number of written bytes
 * is in `answers.used`.
 */
export function defineTexts(module: WasmBuilder): void {
  const parameters = ['i32', 'i32', 'i32', 'i32', 'i32', 'i32'] as const;
  module.define({ name: 'texts', parameters, result: 'i32' }, ([first, stride, rows, base, emptyIsNull, escapeByte], local) => {
    const [row, at, start, end, to, next, offsets, nulls, mark] = [
      local(),
      local(),
      local(),
      local(),
      local(),
      local(),
      local(),
      local(),
      local(),
    ];
    const isEscape = i32.and(i32.eq(i32.load8(start), escapeByte), i32.ltU(i32.add(start, 1), end));
    return [
      at.set(first.get),
      whilst(
        i32.ltU(row, rows),
        start.set(i32.load(i32.mul(at, 4), areas.starts)),
        end.set(i32.load(i32.mul(at, 4), areas.ends)),
        mark.set(i32.load8(at, areas.marks)),
        when(i32.eq(start, end), [
          when(i32.and(emptyIsNull, i32.eqz(mark)), [i32.store(writable.nulls, i32.mul(nulls, 4), row), nulls.set(i32.add(nulls, 1))]),
        ]),
        when(
          i32.eq(mark, marks.escaped),
          [
            whilst(
              i32.ltU(start, end),
              start.set(i32.add(start, isEscape)),
              i32.store8(writable.texts, to, i32.load8(start)),
              start.set(i32.add(start, 1)),
              to.set(i32.add(to, 1)),
            ),
          ],
          [
            next.set(i32.add(to, i32.sub(end, start))),
            // Whole vectors are copied. The copied bytes after the end of a text are overwritten by the next text.
            whilst(
              i32.ltU(start, end),
              v128.store(writable.texts, to, v128.load(start)),
              start.set(i32.add(start, 16)),
              to.set(i32.add(to, 16)),
            ),
            to.set(next.get),
          ],
        ),
        i32.store(writable.values, offsets, i32.add(base, to)),
        offsets.set(i32.add(offsets, 4)),
        row.set(i32.add(row, 1)),
        at.set(i32.add(at, stride)),
      ),
      i32.store(writable.answers, answers.used, to),
      nulls.get,
    ];
  });
}
