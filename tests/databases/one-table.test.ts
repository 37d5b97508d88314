import { expect, test } from 'vitest';
import { inProcess } from '../support/in-process.ts';
import { TestWorkspace } from '../support/workspace.ts';

const postgres = (table: string, more = '') =>
  `store: { type: postgres, host: db.example, database: erp, user: u, table: '${table}'${more} }`;
const duckdb = (table: string) => `store: { type: duckdb, path: data/shop.duckdb, table: '${table}' }`;

test.each([
  [postgres('orders'), postgres('public.orders'), 'HYG-1052'],
  [postgres('"orders"'), postgres('public."orders"', ', port: 5432'), 'HYG-1052'],
  [postgres('orders'), postgres('orders', ', user: other').replace('user: u, ', ''), 'HYG-1052'],
  [postgres('a/b'), postgres('public."a/b"'), 'HYG-1052'],
  [postgres('"public.orders"'), postgres('public.orders'), undefined],
  [postgres('Orders'), postgres('orders'), undefined],
  [postgres('sales.orders'), postgres('orders'), undefined],
  [postgres('orders'), postgres('orders', ', port: 5433'), undefined],
  [postgres('a'), postgres('a/b'), undefined],
  [duckdb('orders'), duckdb('main.Orders'), 'HYG-1052'],
  [duckdb('orders'), duckdb('sales.orders'), undefined],
])('%s and %s are one table: %s', async (one, other, code) => {
  using workspace = new TestWorkspace({
    'hygge.yml': `name: w\nflows:\n  one:\n    home: in\n    ${one}\n  two:\n    home: in\n    ${other}\n`,
  });
  const { stdout, stderr } = await inProcess(['list', 'flows'], workspace.root, {});
  expect(/HYG-\d+/.exec(stdout + stderr)?.[0]).toBe(code);
});
