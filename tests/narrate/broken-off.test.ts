import { expect, test } from 'vitest';
import { brokenOffLines } from '../../src/narrate/commands/infra-lines.ts';
import { noColor } from '../../src/narrate/text/palette.ts';

test.each([
  [['group', 'storage'], ['app'], ['', 'done      group, storage', 'not done  app']],
  [[], ['group', 'app'], ['', 'done      nothing', 'not done  group, app']],
])('a deployment that broke off tells what is done (%j) and what is not', (done, left, lines) => {
  expect(brokenOffLines({ done, left }, noColor)).toEqual(lines);
});
