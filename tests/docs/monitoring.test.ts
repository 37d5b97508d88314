import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { root } from '../architecture/sources.ts';
import { buildOnce, hyggeCommand, node } from '../support/run-hygge.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { blocksOf } from './blocks.ts';

const run = promisify(execFile);
const blocks = blocksOf(readFileSync(join(root, 'docs', 'monitoring.md'), 'utf8'));
const block = (language: string) => blocks.find((one) => one.language === language)?.text ?? '';

test('what docs/monitoring.md shows runs: the mirror, the query of a panel, the file of metrics', async () => {
  buildOnce();
  using workspace = new TestWorkspace({
    'hygge.yml': `${block('yaml')}\n  broken: { home: data/none, store: lake/broken }\n  new: { home: data/orders, store: lake/new }\n`,
  });
  await workspace.parquet('data/orders/1.parquet', 'select range as id from range(7)');
  expect(await workspace.run(['go', 'orders', 'broken'])).toMatchObject({ code: 1 });

  const monitoring = new DatabaseSync(workspace.path('monitoring.db'), { readOnly: true });
  const runs = monitoring.prepare(block('sql')).all();
  monitoring.close();
  expect(runs).toHaveLength(2);
  expect(runs).toContainEqual(expect.objectContaining({ flow: 'orders', status: 'pass', rows: 7, error_code: null }));
  expect(runs).toContainEqual(expect.objectContaining({ flow: 'broken', status: 'error', error_code: 'HYG-3201' }));

  mkdirSync(workspace.path('bin'));
  writeFileSync(workspace.path('bin/hygge'), `#!/bin/sh\nexec "${node}" "${hyggeCommand}" "$@"\n`);
  chmodSync(workspace.path('bin/hygge'), 0o755);
  writeFileSync(workspace.path('metrics.mjs'), block('js'));
  const env = { ...process.env, PATH: `${workspace.path('bin')}${delimiter}${process.env.PATH}` };
  await run(node, ['metrics.mjs', 'hygge.prom'], { cwd: workspace.root, env });
  const lines = readFileSync(workspace.path('hygge.prom'), 'utf8').split('\n');
  expect(lines).toContain('# TYPE hygge_ok gauge');
  expect(lines.filter((line) => line.startsWith('hygge_ok'))).toEqual([
    'hygge_ok{flow="orders",entity="orders"} 1',
    'hygge_ok{flow="broken",entity="broken"} 0',
  ]);
  expect(lines).toContain('hygge_settled_rows{flow="orders",entity="orders"} 7');
  const [, settled = ''] = /^hygge_settled_timestamp_seconds\{flow="orders",entity="orders"\} ([\d.]+)$/m.exec(lines.join('\n')) ?? [];
  expect(Math.abs(Number(settled) - Date.now() / 1000)).toBeLessThan(3600);
});

test('the columns of the query in KQL are keys of the event', async () => {
  using workspace = new TestWorkspace({ 'hygge.yml': 'name: k\nflows: { orders: { home: data/orders, store: lake/orders } }\n' });
  await workspace.parquet('data/orders/1.parquet', 'select range as id from range(7)');
  const { stdout } = await workspace.run(['go', '--output', 'json']);
  const done = stdout.split('\n').find((line) => line.includes('"entity_done"')) ?? '{}';
  const kql = blocks.find(({ text }) => text.startsWith('traces'))?.text ?? '';
  const named = [...kql.matchAll(/\be\.(\w+)/g)].map(([, key = '']) => key);
  expect(named).toContain('seconds');
  expect(named.filter((key) => !(key in JSON.parse(done)))).toEqual([]);
});
