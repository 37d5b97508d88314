import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe } from 'vitest';
import { parse } from 'yaml';
import { realClock } from '../../src/adapters/real-clock.ts';
import { realScratch } from '../../src/adapters/real-scratch.ts';
import { odataConfig } from '../../src/apis/odata/config.ts';
import { ODataHome } from '../../src/apis/odata/home.ts';
import { restConfig } from '../../src/apis/rest/config.ts';
import { restHome } from '../../src/apis/rest/home.ts';
import type { Json } from '../../src/ports/values.ts';
import { scriptedApi } from '../support/apis/scripted-api.ts';
import { homeConformance } from '../support/connector-conformance/home.ts';
import { plainFrame, plainRows } from '../support/connector-conformance/plain-rows.ts';
import { sampled } from '../support/samples.ts';
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

/** Without the row that comes twice: these APIs tell records apart by their ids. */
const rowsOnce = plainRows.slice(0, -1);

describe.each([
  ['GitHub', { window: { from: 'since', format: 'number' } }],
  ['Stripe', {}],
])('a REST API as the manifest of %s reads it', (system, more) => {
  homeConformance(`the keys of ${system}`, async () => {
    const records = rowsOnce.map(({ id, mark }) => ({ id, mark, name: `n${id}`, metadata: {} }));
    const api = await scriptedApi(({ query }) => {
      const since = query.since === undefined ? null : Number(query.since);
      const found = records.filter(({ mark }) => since === null || (mark !== null && mark >= since) || mark === null);
      if (system === 'GitHub') {
        const page = Number(query.page ?? 1);
        const next = new URLSearchParams({ ...query, page: String(page + 1) });
        const headers: Readonly<Record<string, string>> = page * 3 < found.length ? { link: `<${api.url}/items?${next}>; rel="next"` } : {};
        return { headers, body: JSON.stringify(found.slice((page - 1) * 3, page * 3)) };
      }
      const from = found.findIndex(({ id }) => String(id) === query.starting_after) + 1;
      return { body: JSON.stringify({ object: 'list', has_more: from + 3 < found.length, data: found.slice(from, from + 3) }) };
    });
    const scratch = realScratch();
    const {
      account: _,
      events: __,
      not_seen: ___,
      rate_limit: ____,
      ...keys
    } = defaultsOf(system.toLowerCase()) as Record<string, unknown>;
    const config = restConfig.parse({ ...keys, base_url: api.url, endpoint: 'items', clock: 'none', ...more });
    const opened = (pinned: Json | null) => restHome(config, { network: testNetwork, clock: realClock(), scratch, pinned });
    const described = await (await opened(null)).describe(undefined, 'for a run');
    return {
      open: () => opened('done' in described ? (described.done.pinned ?? null) : null),
      rows: rowsOnce,
      read: plainFrame,
      async [Symbol.asyncDispose]() {
        await api[Symbol.asyncDispose]();
        await scratch[Symbol.asyncDispose]();
      },
    };
  });
});

/** The plain rows repeat an id, so it is no key. */
const edmx = `<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="S" xmlns="http://docs.oasis-open.org/odata/ns/edm"><EntityType Name="item"><Key><PropertyRef Name="number"/></Key>
<Property Name="id" Type="Edm.Int64" Nullable="false"/><Property Name="mark" Type="Edm.Int64"/><Property Name="name" Type="Edm.String"/>
<Property Name="number" Type="Edm.Int64" Nullable="false"/></EntityType>
<EntityContainer Name="C"><EntitySet Name="items" EntityType="S.item"/></EntityContainer></Schema></edmx:DataServices></edmx:Edmx>`;

/** The keys of a home that a manifest has for each entity, but for where it lies and which columns it has. */
const defaultsOf = (name: string) => {
  const path = join(import.meta.dirname, '..', '..', 'src', 'apis', 'manifests', `${name}.yml`);
  const { watermark: _, endpoint: __, columns: ___, expand: ____, ...keys } = parse(readFileSync(path, 'utf8')).defaults;
  return keys as object;
};

const services = [
  ['a service of OData', {}],
  ['a service of OData in slices', { window: { slice: '2' } }],
  ['a service of OData whose pages we ask for', { pages: 'client', page_size: 3 }],
  ['a service of OData as the manifest of Dataverse reads it', defaultsOf('dataverse')],
  ['a service of OData as the manifest of Business Central reads it', { ...defaultsOf('business_central'), window: { nulls: true } }],
  ['a service of OData as the manifest of SharePoint lists reads it', defaultsOf('sharepoint_lists')],
] as const;

// Here in slices, and as Business Central is read.
describe.each(sampled(services, 3, 2))('%s', (name, keys) => {
  homeConformance(name, async () => {
    const records = plainRows.map(({ id, mark }, number) => ({ id, mark, name: `n${id}`, number }));
    const api = await scriptedApi(({ path, query }) => {
      if (path.endsWith('$metadata')) return { body: edmx };
      const { $filter: filter = '', skip = '0', $skip = '0', $top = '3', ...others } = query;
      const [from, to] = ['ge', 'le'].map((by) => new RegExp(`mark ${by} (-?\\d+)`).exec(filter)?.[1]);
      // Comparisons with null are never true.
      const fits = (mark: number | null) =>
        mark === null
          ? filter === '' || filter.includes('eq null')
          : (from === undefined || mark >= Number(from)) && (to === undefined || mark <= Number(to));
      const found = records.filter(({ mark }) => fits(mark));
      if (others.$orderby !== undefined)
        return { body: JSON.stringify({ '@odata.count': found.length, value: found.slice(Number($skip)).slice(0, Number($top)) }) };
      const next = new URLSearchParams({ ...others, ...(filter === '' ? {} : { $filter: filter }), skip: String(Number(skip) + 3) });
      const more = found.length > Number(skip) + 3 ? { '@odata.nextLink': `items?${next}` } : {};
      return { body: JSON.stringify({ '@odata.count': found.length, value: found.slice(Number(skip), Number(skip) + 3), ...more }) };
    });
    const scratch = realScratch();
    const config = odataConfig.parse({ base_url: api.url, clock: 'none', ...keys });
    const opened = (pinned: Json | null) =>
      new ODataHome(config, { flow: 'f', entity: 'items', network: testNetwork, clock: realClock(), scratch, pinned });
    const described = await opened(null).describe(undefined, 'for a run');
    return {
      open: async () => opened('done' in described ? (described.done.pinned ?? null) : null),
      rows: plainRows,
      read: plainFrame,
      async [Symbol.asyncDispose]() {
        await api[Symbol.asyncDispose]();
        await scratch[Symbol.asyncDispose]();
      },
    };
  });
});
