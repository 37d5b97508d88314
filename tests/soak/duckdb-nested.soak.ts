import { expect, test } from 'vitest';
import { TestWorkspace } from '../support/workspace.ts';

test('31 nested columns fit into the memory that DuckDB has by default', async () => {
  using workspace = new TestWorkspace({
    'flows/f/flow.yml': 'home: { path: in, format: parquet }\nstore: { type: duckdb, path: out.db, table: t }\n',
  });
  const line = (i: number) =>
    `{'sku': md5((range * ${i + 1})::varchar), 'n': range % 7, 'price': (range / 3)::decimal(18,2), 'to': {'street': md5((range + ${i})::varchar), 'city': 'city ' || range}}`;
  const columns = Array.from({ length: 31 }, (_, i) => `[${line(i)}, ${line(i + 31)}] as c${i}`);
  await workspace.parquet('in/1.parquet', `select range as id, ${columns.join(', ')} from range(12000)`);
  const { code, stdout, stderr } = await workspace.run(['go']);
  expect(code, stdout + stderr).toBe(0);
});
