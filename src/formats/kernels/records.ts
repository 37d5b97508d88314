/** Finds the fields of records that are written plainly. */
import { answers, areas, writable } from './layout.ts';
import { marks } from './texts.ts';
import { type Code, code, i32, Label, type Local, v128, type WasmBuilder, when, whilst } from './wasm.ts';

/**
 * `records(from, to, columns, delimiter, newline, quote, comment, before, capacity, doubles)`: finds the fields of records from `from` on,
 * and adds their rows after `before` rows. Stops at `capacity` rows, at the end, and before a record that is not plain. A record is not
 * plain if it has a quote inside a field or another number of fields, or may be a comment. Returns where that record begins, and the number
 * of rows is in `answers.rows`. A byte that means nothing is passed as -1. `doubles` 1: a quote in quotes is written twice. `doubles` 0: a
 * record with quotes is not plain. The marks of fields without quotes stay unchanged.
 */
export function defineRecords(module: WasmBuilder): void {
  const parameters = ['i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32', 'i32'] as const;
  module.define({ name: 'records', parameters, result: 'i32' }, (given, local) => {
    const [from, to, columns, delimiter, newline, quote, comment, before, capacity, doubles] = given;
    const [row, at, rowStart, start, found, p, mask, i, byte] = [
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
    const [vector, delimiters, newlines, quotes] = [local('v128'), local('v128'), local('v128'), local('v128')];
    const most = local();
    const [closing, open, mark, behind] = [local(), local(), local(), local()];
    const end = new Label();
    const isOne = (kind: Local): Code => v128.eq(vector, kind);
    const field = (last: Code): readonly Code[] => [
      i32.store(writable.starts, at, start),
      i32.store(writable.ends, at, last),
      at.set(i32.add(at, 4)),
      start.set(i32.add(i, 1)),
    ];
    const rowEnd = (last: Code): readonly Code[] => [
      i32.store(writable.rowStarts, i32.mul(row, 4), rowStart),
      i32.store(writable.rowEnds, i32.mul(row, 4), last),
      row.set(i32.add(row, 1)),
      rowStart.set(start.get),
      found.set(code(0)),
      end.leave(i32.geU(row, capacity)),
      end.leave(i32.and(i32.eq(i32.load8(start), comment), i32.ltU(start, to))),
    ];
    /** Moves from the quote at `i` to the closing quote. A delimiter or a line end must follow the closing quote. The next vector begins after that delimiter or line end. */
    const inQuotes: readonly Code[] = [
      end.leave(i32.or(i32.eqz(doubles), i32.ne(i, start))),
      mark.set(code(marks.quoted)),
      closing.set(i32.add(i, 1)),
      open.set(code(1)),
      whilst(
        i32.and(open, i32.ltU(closing, to)),
        vector.set(v128.load(closing)),
        mask.set(v128.bitmask(isOne(quotes))),
        when(
          i32.eqz(mask),
          [closing.set(i32.add(closing, 16))],
          [
            closing.set(i32.add(closing, i32.ctz(mask))),
            when(
              i32.eq(i32.load8(closing, 1), quote),
              [mark.set(code(marks.escaped)), closing.set(i32.add(closing, 2))],
              [open.set(code(0))],
            ),
          ],
        ),
      ),
      behind.set(i32.add(closing, 1)),
      end.leave(i32.or(open, i32.geU(behind, to))),
      start.set(i32.add(i, 1)),
      i.set(behind.get),
      when(
        i32.and(
          i32.eq(i32.load8(i), 0x0d),
          i32.and(i32.eq(newline, 0x0a), i32.and(i32.ltU(i32.add(i, 1), to), i32.eq(i32.load8(i, 1), 0x0a))),
        ),
        [i.set(i32.add(i, 1))],
      ),
      byte.set(i32.load8(i)),
      i32.store8(writable.marks, i32.shrU(at, 2), mark),
      when(
        i32.eq(byte, delimiter),
        [end.leave(i32.eq(found, most)), ...field(closing.get), found.set(i32.add(found, 1))],
        [end.leave(i32.or(i32.ne(byte, newline), i32.ne(found, most))), ...field(closing.get), ...rowEnd(behind.get)],
      ),
      mask.set(code(0)),
      p.set(i32.sub(start, 16)),
    ];
    return [
      row.set(before.get),
      at.set(i32.mul(i32.mul(before, columns), 4)),
      rowStart.set(from.get),
      start.set(from.get),
      p.set(from.get),
      most.set(i32.sub(columns, 1)),
      delimiters.set(v128.splat(delimiter)),
      newlines.set(v128.splat(newline)),
      // If quotes mean nothing, the vector of delimiters takes the place of the vector of quotes.
      quotes.set(v128.splat(quote)),
      when(i32.ltS(quote, 0), [quotes.set(delimiters.get)]),
      end.around(
        end.leave(i32.or(i32.geU(row, capacity), i32.eq(i32.load8(from), comment))),
        whilst(
          i32.ltU(p, to),
          vector.set(v128.load(p)),
          mask.set(v128.bitmask(v128.or(v128.or(isOne(delimiters), isOne(newlines)), isOne(quotes)))),
          whilst(
            mask,
            i.set(i32.add(p, i32.ctz(mask))),
            end.leave(i32.geU(i, to)),
            mask.set(i32.and(mask, i32.sub(mask, 1))),
            byte.set(i32.load8(i)),
            when(
              i32.eq(byte, delimiter),
              [end.leave(i32.eq(found, most)), ...field(i.get), found.set(i32.add(found, 1))],
              [
                when(i32.eq(byte, quote), inQuotes, [
                  end.leave(i32.or(i32.ne(byte, newline), i32.ne(found, most))),
                  ...field(i32.sub(i, returnBefore(i, start, newline))),
                  ...rowEnd(i32.load(i32.sub(at, 4), areas.ends)),
                ]),
              ],
            ),
          ),
          p.set(i32.add(p, 16)),
        ),
      ),
      i32.store(writable.answers, answers.rows, row),
      rowStart.get,
    ];
  });
}

/** The code for 1 if a carriage return inside the field is before the line feed at `i`, and for 0 if no carriage return is there. */
function returnBefore(i: Local, start: Local, newline: Local): Code {
  return i32.and(i32.and(i32.eq(newline, 0x0a), i32.gtU(i, start)), i32.eq(i32.load8(i32.sub(i, 1)), 0x0d));
}
