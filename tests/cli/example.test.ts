import { expect, it } from 'vitest';
import { duck } from '../support/duck.ts';
import { exampleWorkspace } from './workspace.ts';

it('the example is 1,000 orders of 50 customers, and every value is there', async () => {
  await using workspace = await exampleWorkspace();
  const [orders] = await duck(`
    select count(*)::int as rows, count(distinct order_id)::int as ids, max(order_id)::int as last, bool_and(customer_id between 1 and 50) as known,
      count(columns(*))::int from '${workspace.root}/data/inbox/orders.parquet'`);
  expect(Object.values(orders ?? {})).toEqual([1000, 1000, 1000, true, ...Array(6).fill(1000)]);
  const [customers] = await duck(`select count(columns(*))::int from '${workspace.root}/data/inbox/customers.parquet'`);
  expect(Object.values(customers ?? {})).toEqual(Array(4).fill(50));
});
