import { expect, test } from 'vitest';
import { parseEvents, runHygge, startHygge } from '../support/run-hygge.ts';

test('hygge runs from its bundle and tells the version of the package', async () => {
  const { code, stdout } = await runHygge(['--version']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test('waiting for words that are never said ends with what was said instead', async () => {
  await using running = startHygge(['--help']);
  await expect(running.says(/this is not in the help/)).rejects.toThrow(/Usage: hygge/);
});

test('a hygge that takes too long is ended, and the wait with it', async () => {
  await expect(runHygge(['--help'], { timeoutMs: 1 })).rejects.toThrow('did not end within 1 ms');
});

test('a line on stdout that is not an event is an error in JSON mode', () => {
  expect(parseEvents('{"event":"summary","v":1}\n')).toHaveLength(1);
  expect(() => parseEvents('Settling…\n')).toThrow(SyntaxError);
});
