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
import type { Home } from '../../src/engine/contracts/home.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Scratch } from '../../src/ports/scratch.ts';
import type { Json } from '../../src/ports/values.ts';
import { type ScriptedAnswer, type ScriptedRequest, scriptedApi } from '../support/apis/scripted-api.ts';
import { homeConformance } from '../support/connector-conformance/home.ts';
import { plainFrame, plainRows } from '../support/connector-conformance/plain-rows.ts';
import { sampled } from '../support/samples.ts';
import { testNetwork } from '../support/test-network.ts';

type Listed = { readonly id: number; readonly mark: number | null; readonly name: string };
type Around = { readonly network: typeof testNetwork; readonly clock: Clock; readonly scratch: Scratch; readonly pinned: Json | null };

/** A home of an API on this machine that lists the plain rows. What its first look decided is known to each that is opened. */
function conforms(
  name: string,
  answer: (request: ScriptedRequest, records: readonly Listed[]) => ScriptedAnswer,
  home: (url: string, around: Around) => Home | Promise<Home>,
): void {
  homeConformance(name, async () => {
    const records = plainRows.map(({ id, mark }) => ({ id, mark, name: `n${id}` }));
    const api = await scriptedApi((request) => answer(request, records));
    const scratch = realScratch();
    const opened = (pinned: Json | null) => home(api.url, { network: testNetwork, clock: realClock(), scratch, pinned });
    const described = await (await opened(null)).describe(undefined, 'for a run');
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
}

/** What changed since then, and what tells nothing of it. */
const sinceThen = (records: readonly Listed[], { since }: ScriptedRequest['query']) =>
  records.filter(({ mark }) => since === undefined || mark === null || mark >= Number(since));
const pageBy = (found: readonly object[], from: number) => ({ body: JSON.stringify({ data: found.slice(from, from + 3) }) });
const window = { from: 'since', format: 'number' };

conforms(
  'a REST API of parents and their rows',
  ({ path, query }, records) => {
    if (path === '/parents') return { body: JSON.stringify([1, 2, 3].map((id) => ({ id }))) };
    if (path === '/parents/3/items') return { status: 404 };
    const mine = records.filter((_, i) => path === `/parents/${(i % 2) + 1}/items`);
    return pageBy(sinceThen(mine, query), Number(query.offset ?? 0));
  },
  (base_url, around) => {
    const child = { base_url, window, clock: 'none', endpoint: 'parents/{id}/items', from: 'parents', records: 'data' };
    const of = restConfig.parse({ base_url, endpoint: 'parents' });
    return restHome({ ...restConfig.parse({ ...child, pagination: { type: 'offset' } }), of }, around);
  },
);

conforms(
  'a REST API',
  ({ query }, records) => pageBy(sinceThen(records, query), Number(query.offset ?? 0)),
  (base_url, around) =>
    restHome(
      restConfig.parse({ base_url, endpoint: 'items', records: 'data', pagination: { type: 'offset' }, window, clock: 'none' }),
      around,
    ),
);

/** The keys of a home that a manifest has for each entity, but for where it lies and which columns it has. */
const defaultsOf = (name: string) => {
  const path = join(import.meta.dirname, '..', '..', 'src', 'apis', 'manifests', `${name}.yml`);
  const { watermark: _, endpoint: __, columns: ___, expand: ____, ...keys } = parse(readFileSync(path, 'utf8')).defaults;
  return keys as object;
};

/** The plain rows repeat an id, so it is not a key. */
const edmx = `<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
<Schema Namespace="S" xmlns="http://docs.oasis-open.org/odata/ns/edm"><EntityType Name="item"><Key><PropertyRef Name="number"/></Key>
<Property Name="id" Type="Edm.Int64" Nullable="false"/><Property Name="mark" Type="Edm.Int64"/><Property Name="name" Type="Edm.String"/>
<Property Name="number" Type="Edm.Int64" Nullable="false"/></EntityType>
<EntityContainer Name="C"><EntitySet Name="items" EntityType="S.item"/></EntityContainer></Schema></edmx:DataServices></edmx:Edmx>`;

const services = [
  ['a service of OData', {}],
  ['a service of OData in slices', { window: { slice: '2' } }],
  ['a service of OData whose pages we ask for', { pages: 'client', page_size: 3 }],
  ['a service of OData as the manifest of Dataverse reads it', defaultsOf('dataverse')],
  ['a service of OData as the manifest of Business Central reads it', { ...defaultsOf('business_central'), window: { nulls: true } }],
  ['a service of OData as the manifest of SharePoint lists reads it', defaultsOf('sharepoint_lists')],
] as const;

// Business Central is read here, in slices.
describe.each(sampled(services, 6, 1))('%s', (name, keys) => {
  conforms(
    name,
    ({ path, query }, records) => {
      if (path.endsWith('$metadata')) return { body: edmx };
      const { $filter: filter = '', skip = '0', $skip = '0', $top = '3', ...others } = query;
      const [from, to] = ['ge', 'le'].map((by) => new RegExp(`mark ${by} (-?\\d+)`).exec(filter)?.[1]);
      // Comparisons with null are never true.
      const fits = (mark: number | null) =>
        mark === null
          ? filter === '' || filter.includes('eq null')
          : (from === undefined || mark >= Number(from)) && (to === undefined || mark <= Number(to));
      const found = records.map((record, number) => ({ ...record, number })).filter(({ mark }) => fits(mark));
      if (others.$orderby !== undefined)
        return { body: JSON.stringify({ '@odata.count': found.length, value: found.slice(Number($skip)).slice(0, Number($top)) }) };
      const next = new URLSearchParams({ ...others, ...(filter === '' ? {} : { $filter: filter }), skip: String(Number(skip) + 3) });
      const more = found.length > Number(skip) + 3 ? { '@odata.nextLink': `items?${next}` } : {};
      return { body: JSON.stringify({ '@odata.count': found.length, value: found.slice(Number(skip), Number(skip) + 3), ...more }) };
    },
    (base_url, around) => new ODataHome(odataConfig.parse({ base_url, clock: 'none', ...keys }), { flow: 'f', entity: 'items', ...around }),
  );
});
