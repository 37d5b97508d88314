import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { surroundingsOfProcess } from '../../src/cli/terminal/process.ts';

function processWithKeyboard() {
  const keyboard = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => keyboard });
  const screen = Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 24 });
  const self = Object.create(process, {
    stdin: { value: keyboard },
    stdout: { value: screen },
    stderr: { value: screen },
  }) as NodeJS.Process;
  return { keyboard, ask: surroundingsOfProcess(self).ask ?? (() => Promise.reject(new Error('no one is there'))) };
}

describe('a question', () => {
  it.each([
    ['y', 'y\r', 'y'],
    ['Ctrl-C, which is not an answer', '\u0003', ''],
    ['Ctrl-D, which is none either', '\u0004', ''],
  ])('is answered by %s', async (_name, keys, answer) => {
    const { keyboard, ask } = processWithKeyboard();
    const asked = ask('Forget it? [y/N] ');
    keyboard.write(keys);
    expect(await asked).toBe(answer);
  });
});
