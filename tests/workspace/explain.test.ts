// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the config look like that
import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../src/errors/hygge-error.ts';
import { explain } from '../../src/workspace/check/explain.ts';
import { mistakes, type Texts } from './shop.ts';

const crm = (text: string, others: Texts = {}): Texts => ({ 'hygge.yml': 'name: shop\n', 'flows/crm/flow.yml': text, ...others });

/** The mistakes that people make most, and how they read. The texts are in golden/. */
const human: Readonly<Record<string, Texts>> = {
  'misspelt-key': crm('home: data/in\nstor: lake/crm\n'),
  'unset-variable': crm('home:\n  path: ${LAKE}/in\nstore: lake\n'),
  'tab-indentation': crm('home:\n\tpath: data/in\nstore: lake\n'),
  'unquoted-template': crm('home: { path: in/{entity}.parquet }\nstore: lake\nentities: [Account]\n'),
  'wrong-indentation': crm('home:\n  type: local\n   path: data/in\nstore: lake\n'),
  'missing-store': crm('home: data/in\n'),
  'wrong-connector': crm('home: { type: postgress, path: in }\nstore: lake\n'),
  'five-field-cron': crm('home: data/in\nstore: lake\nschedule: 0 2 * * *\n'),
  'store-names-a-file': crm('home: data/orders.parquet\nstore: lake/orders.parquet\n'),
  'several-at-once': crm(
    'home: data/in\nstore: lake\nrun_type: incrementel\nwatermark:\n  initial: 2024-01-01\n  lag: 5\nentities:\n  - Account\n  - { nam: Contact }\n',
  ),
};

describe('an explanation is read in one go', () => {
  test.each(Object.entries(human))('%s', async (name, files) => {
    await expect(explain(await mistakes(files))).toMatchFileSnapshot(`golden/${name}.txt`);
  });
});

const at = (text: string, column: number) =>
  new ConfigError({ code: 'HYG-1010', what: 'x', tryThis: ['y'], where: { file: 'f.yml', line: 3, column, text } });
const caret = (error: ConfigError) => {
  const lines = explain([error]).split('\n');
  const line = lines.findIndex((one) => one.includes('│'));
  return { line: lines[line] ?? '', below: lines[line + 1] ?? '' };
};

test('the caret is below the place, whatever the width of what is before it', () => {
  expect(caret(at('名前: x', 5))).toEqual({ line: '    3 │ 名前: x', below: '      │       ^' });
  expect(caret(at('a:\tb', 4))).toEqual({ line: '    3 │ a: b', below: '      │    ^' });
});

test('of a very long line only the part around the place is shown', () => {
  const { line, below } = caret(at(`${'a'.repeat(500)}X${'b'.repeat(500)}`, 501));
  expect(line.length).toBeLessThan(140);
  expect(line[below.indexOf('^')]).toBe('X');
});

test('escape sequences in a file never reach the terminal', async () => {
  const text = explain(await mistakes(crm('home: in\nstore: out\n"\u009b31mred": 1\n')));
  expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u);
  expect(text).toContain('31mred');
});
