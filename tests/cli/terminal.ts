import type { Stream } from '../../src/cli/terminal/surroundings.ts';

/** A terminal as far as hygge uses one: lines, carriage return, cursor up, erase below, colours. Remembers every write. */
export function fakeTerminal(
  columns = 80,
  rows = 24,
): Stream & { readonly writes: string[]; lines(): string[]; readonly unknown: string[] } {
  const writes: string[] = [];
  const unknown: string[] = [];
  const screen: string[] = [''];
  let row = 0;
  let column = 0;

  function put(character: string): void {
    const line = (screen[row] ?? '').padEnd(column);
    screen[row] = line.slice(0, column) + character + line.slice(column + 1);
    column += 1;
  }

  function control(sequence: string): void {
    const up = /^\[(\d+)A$/.exec(sequence);
    if (up) row = Math.max(0, row - Number(up[1]));
    else if (sequence === '[J') {
      screen[row] = (screen[row] ?? '').slice(0, column);
      screen.length = row + 1;
    } else if (!/^\[\d+m$/.test(sequence)) unknown.push(sequence);
  }

  return {
    terminal: true,
    size: () => ({ columns, rows }),
    writes,
    unknown,
    lines: () => screen.map((line) => line.trimEnd()),
    write(text) {
      writes.push(text);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal reads them
      for (const [token, sequence] of text.matchAll(/\u001b(\[[\d;]*[A-Za-z])|[\s\S]/gu)) {
        if (sequence !== undefined) control(sequence);
        else if (token === '\n') {
          row += 1;
          column = 0;
          screen[row] ??= '';
        } else if (token === '\r') column = 0;
        else put(token);
      }
    },
  };
}

/** A pipe: remembers what was written. */
export function fakePipe(): Stream & { text(): string } {
  let all = '';
  return {
    terminal: false,
    size: () => ({ columns: 80, rows: 24 }),
    write: (text) => {
      all += text;
    },
    async pour(pieces) {
      for await (const piece of pieces) all += Buffer.from(piece).toString('utf8');
    },
    text: () => all,
  };
}
