import { homeConformance } from '../../../support/connector-conformance/home.ts';
import { plainFrame } from '../../../support/connector-conformance/plain-rows.ts';
import { row } from '../../../support/sim/rows.ts';
import { PagedApi } from './api.ts';
import { apiHome } from './connector.ts';

const marks = [1, 2, 2, 3, 4, 5, 5, 6, null, 8];
const rows = marks.map((mark, i) => row(i + 1, mark));

homeConformance('an API-like home that a newcomer wrote', async () => {
  let now = Date.parse('2026-01-01T00:00:00.000Z');
  const api = new PagedApi(() => now);
  api.patience = 2;
  for (const { id, mark } of rows) api.put({ id, mark: mark === null ? null : BigInt(mark), name: `n${id}` });
  return {
    open: async () => apiHome(api, { url: 'https://api.example/items', page: 3, mark: { kind: 'int64' } }),
    rows,
    read: plainFrame,
    sleepUntil: (instant) => {
      now = Math.max(now, Date.parse(instant));
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
});
