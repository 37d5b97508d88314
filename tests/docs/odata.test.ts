import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type EdmProperty, typeOfProperty } from '../../src/apis/odata/edm.ts';
import { describeType } from '../../src/frames/describe-type.ts';
import { noOData, startOData } from '../support/apis/odata.ts';
import { DuckdbTestFile } from '../support/duckdb-file.ts';
import { inProcess } from '../support/in-process.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { blocksOf } from './blocks.ts';

const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'odata.md'), 'utf8');
const problem = noOData();
const none = { types: new Map(), sets: new Map(), singletons: new Map(), tracked: new Set<string>() };

test('the table of types says what is so', () => {
  const rows = [...page.matchAll(/^\| `(Edm\.\w+)(?:\((\d+),(\d+)\))?` \| `?([^|`]+)`? \|/gm)];
  expect(rows.length).toBeGreaterThan(17);
  for (const [, type = '', precision, scale, ours = ''] of rows) {
    const digits = (text: string | undefined) => (text === undefined ? undefined : Number(text));
    const property: EdmProperty = { name: 'x', type, precision: digits(precision), scale: digits(scale), isNullable: true };
    const found = typeOfProperty(none, property);
    expect([type, found === null ? '–' : describeType(found)]).toEqual([type, ours.trim()]);
  }
  const fine = (type: string) => typeOfProperty(none, { name: 'x', type, precision: 7, scale: undefined, isNullable: true });
  expect([fine('Edm.DateTimeOffset'), fine('Edm.TimeOfDay')]).toEqual([
    { kind: 'timestamp', unit: 'ns', zone: 'UTC' },
    { kind: 'time', unit: 'ns' },
  ]);
});

describe.skipIf(problem !== '')(`with the service ${problem}`, () => {
  test('the example of docs/odata.md runs as it stands, and once more for what changed', async () => {
    await using service = await startOData();
    using workspace = new TestWorkspace();
    for (const { language, text } of blocksOf(page))
      if (language === 'yaml') workspace.write({ [/^# (\S+\.yml)/.exec(text)?.[1] ?? '']: text });
    await service.put({ id: 1, name: 'bun' }, { id: 2, name: 'bread' });
    const run = (command: string) => inProcess([command, '--no-color'], workspace.root, { ERP_URL: service.url, ERP_TOKEN: 't0k3n' });
    const debug = await run('debug');
    expect([debug.code, debug.stdout]).toEqual([0, expect.stringContaining('has 4 columns by its metadata; its key is ID')]);
    expect(debug.stdout).toMatch(/secret\s+ERP_TOKEN \(token\)\s+for erp/);
    expect((await run('go')).code).toBe(0);
    await service.put({ id: 2, name: 'rye bread' });
    await service.remove(1);
    expect((await run('go')).code).toBe(0);
    const [rows] = await DuckdbTestFile.ask(workspace.path('lake/erp.duckdb'), 'select ID, Name from "Customers"');
    expect(rows).toEqual([{ ID: 2, Name: 'rye bread' }]);
  });
});
