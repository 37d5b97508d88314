import { realClock } from '../../src/adapters/real-clock.ts';
import { realScratch } from '../../src/adapters/real-scratch.ts';
import { restConfig } from '../../src/apis/rest/config.ts';
import { restHome } from '../../src/apis/rest/home.ts';
import type { Json } from '../../src/ports/values.ts';
import { scriptedApi } from '../support/apis/scripted-api.ts';
import { homeConformance } from '../support/connector-conformance/home.ts';
import { plainFrame, plainRows } from '../support/connector-conformance/plain-rows.ts';
import { testNetwork } from '../support/test-network.ts';

homeConformance('a REST API of parents and their rows', async () => {
  const records = plainRows.map(({ id, mark }) => ({ id, mark, name: `n${id}` }));
  const api = await scriptedApi(({ path, query }) => {
    if (path === '/parents') return { body: JSON.stringify([1, 2, 3].map((id) => ({ id }))) };
    if (path === '/parents/3/items') return { status: 404 };
    const since = query.since === undefined ? null : Number(query.since);
    const mine = records.filter((_, i) => path === `/parents/${(i % 2) + 1}/items`);
    const found = mine.filter(({ mark }) => since === null || (mark !== null && mark >= since) || mark === null);
    const from = Number(query.offset ?? 0);
    return { body: JSON.stringify({ data: found.slice(from, from + 3) }) };
  });
  const scratch = realScratch();
  const given = { base_url: api.url, window: { from: 'since', format: 'number' }, clock: 'none' };
  const child = { ...given, endpoint: 'parents/{id}/items', from: 'parents', records: 'data', pagination: { type: 'offset' } };
  const config = { ...restConfig.parse(child), of: restConfig.parse({ base_url: api.url, endpoint: 'parents' }) };
  const opened = (pinned: Json | null) => restHome(config, { network: testNetwork, clock: realClock(), scratch, pinned });
  const described = await (await opened(null)).describe(undefined, 'for a run');
  return {
    open: () => opened('done' in described ? (described.done.pinned ?? null) : null),
    rows: plainRows,
    read: plainFrame,
    async [Symbol.asyncDispose]() {
      await api[Symbol.asyncDispose]();
      await scratch[Symbol.asyncDispose]();
    },
  };
});

homeConformance('a REST API', async () => {
  const records = plainRows.map(({ id, mark }) => ({ id, mark, name: `n${id}` }));
  const api = await scriptedApi(({ query }) => {
    const since = query.since === undefined ? null : Number(query.since);
    const found = records.filter(({ mark }) => since === null || (mark !== null && mark >= since) || mark === null);
    const from = Number(query.offset ?? 0);
    return { body: JSON.stringify({ data: found.slice(from, from + 3) }) };
  });
  const scratch = realScratch();
  const config = restConfig.parse({
    base_url: api.url,
    endpoint: 'items',
    records: 'data',
    pagination: { type: 'offset' },
    window: { from: 'since', format: 'number' },
    clock: 'none',
  });
  const opened = (pinned: Json | null) => restHome(config, { network: testNetwork, clock: realClock(), scratch, pinned });
  const described = await (await opened(null)).describe(undefined, 'for a run');
  return {
    open: () => opened('done' in described ? (described.done.pinned ?? null) : null),
    rows: plainRows,
    read: plainFrame,
    async [Symbol.asyncDispose]() {
      await api[Symbol.asyncDispose]();
      await scratch[Symbol.asyncDispose]();
    },
  };
});
