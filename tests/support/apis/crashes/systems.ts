/** Systems that tell what was deleted, too: Stripe's events, a Salesforce org by pages and by jobs, delta links of Microsoft's OData library. */
import type { ODataService } from '../odata.ts';
import { client, field, startOrg } from '../salesforce/server.ts';
import { stripe, testKey } from '../stripe.ts';
import { type Change, type Kind, readBy, type SceneOptions, storeOf } from './scenes.ts';
import { tokenAuth } from './tokens.ts';

/** Records by number, each with a name that tells its version. */
class Records {
  readonly now = new Map<number, string>();
  readonly ever = new Set<string>();
  readonly #text: (id: number, name: string) => string;
  #version = 0;

  constructor(text = (id: number, name: string) => `${id} ${name}`) {
    this.#text = text;
  }

  put(id: number): string {
    const name = `v${++this.#version}`;
    this.now.set(id, name);
    this.ever.add(this.#text(id, name));
    return name;
  }

  texts(): readonly string[] {
    return [...this.now].map(([id, name]) => this.#text(id, name));
  }
}

/** The steps of a change: new records, changed ones, one that goes, and one that comes and goes. */
function changesOf(
  records: Records,
  when: Change['when'],
  deletes: boolean,
): readonly { readonly id: number; readonly what: 'put' | 'remove' }[] {
  const next = Math.max(...records.now.keys()) + 1;
  const [first = 1, second = 2] = [...records.now.keys()];
  const put = [next, next + 1, second].map((id) => ({ id, what: 'put' as const }));
  if (!deletes) return put;
  const gone = { id: when === 'between' ? first : second, what: 'remove' as const };
  return [...put, gone, { id: next + 1, what: 'remove' }];
}

const events: Kind = {
  name: 'a list, and then events of what changed',
  stores: ['keyed'],
  mayStop: 'HYG-3601',
  async open({ time, store }: SceneOptions) {
    const api = await stripe();
    const records = new Records((id, name) => `cus_${id} ${name}`);
    const tick = () => {
      api.now = Math.floor(time.ms / 1000);
    };
    const put = (id: number) => api.put({ id: `cus_${id}`, object: 'customer', name: records.put(id) });
    tick();
    for (let id = 1; id <= 7; id++) put(id);
    return {
      flow: `
home:
  type: rest_api
  base_url: "${api.url}"
  ${tokenAuth}
  endpoint: "{entity}"
  records: data
  pagination: { type: keyset, param: starting_after, field: id, has_more_at: has_more, page_size: 3, size_param: limit }
  events:
    endpoint: events
    params: { type: "customer.*" }
    from: "created[gte]"
    to: "created[lte]"
    format: epoch_s
    at: created
    record: data.object
    only: { at: data.object.object, is: customer }
    deleted: { at: type, is: customer.deleted }
    key: [id]
    kept: 30d
    order: newest_first
store: ${storeOf[store]}
${readBy(store, 'changes: events', 'id')}
entities: [customers]
`,
      wire: { tick, own: `Bearer ${testKey}` },
      row: "id || ' ' || name",
      table: 'customers',
      change({ when }: Change) {
        for (const { id, what } of changesOf(records, when, true)) {
          tick();
          if (what === 'put') put(id);
          else {
            api.remove(`cus_${id}`);
            records.now.delete(id);
          }
          time.ms += 700;
        }
      },
      rows: () => records.texts(),
      versions: () => records.ever,
      [Symbol.asyncDispose]: () => api[Symbol.asyncDispose](),
    };
  },
};

const salesforce = (api: 'rest' | 'bulk'): Kind => ({
  name: `an object of a Salesforce org, by ${api === 'rest' ? 'pages' : 'jobs'}`,
  stores: ['plain', 'keyed', 'full'],
  async open({ time, store }: SceneOptions) {
    const org = await startOrg();
    org.nowMs = () => time.ms;
    org.pageSize = 3;
    org.resultSize = 3;
    org.jobPolls = 1;
    org.object('Thing__c', [field('Name', 'string', { length: 80 })]);
    const records = new Records((id, name) => `${org.id('Thing__c', id)} ${name}`);
    const put = (id: number, stampMs = time.ms) => org.put('Thing__c', id, { Name: records.put(id), IsDeleted: false }, { stampMs });
    for (let id = 1; id <= 8; id++) {
      put(id);
      // Two of one second, now and then.
      if (id % 3 !== 0) time.ms += 1_000;
    }
    const deletes = store === 'keyed';
    return {
      flow: `
home:
  type: salesforce
  base_url: ${org.url}
  auth: { type: oauth2, token_url: "${org.url}/services/oauth2/token", client_id: ${client.id}, client_secret: ${client.secret} }
  api: ${api}
${deletes ? '  deleted: true' : ''}
store: ${storeOf[store]}
${readBy(store, 'column: SystemModstamp', 'Id')}
${deletes ? 'write_strategy: merge\ndeletes: apply' : ''}
entities: [Thing__c]
`,
      wire: { tick: () => undefined, expire: () => org.endSessions() },
      row: `"Id" || ' ' || "Name"`,
      table: 'Thing__c',
      change({ when, boundaryMs }: Change) {
        if (boundaryMs !== undefined) put(Math.max(...records.now.keys()) + 1, boundaryMs);
        for (const { id, what } of changesOf(records, when, deletes)) {
          if (what === 'put') put(id);
          else {
            org.remove('Thing__c', id);
            records.now.delete(id);
          }
          time.ms += 700;
        }
      },
      rows: () => records.texts(),
      versions: () => records.ever,
      async [Symbol.asyncDispose]() {
        await org[Symbol.asyncDispose]();
        if (org.unknown.length > 0) throw new Error(`the documentation has no such requests: ${org.unknown}`);
      },
    };
  },
});

export const systems: readonly Kind[] = [events, salesforce('rest'), salesforce('bulk')];

/** @param service one scene's at a time. */
export const deltaLinks = (service: ODataService): Kind => ({
  name: 'an entity set of OData, by delta links',
  stores: ['keyed'],
  async open({ time, store }: SceneOptions) {
    await service.reset();
    const records = new Records();
    const put = (id: number) => service.put({ id, name: records.put(id) });
    for (let id = 1; id <= 5; id++) await put(id);
    return {
      flow: `
home:
  type: odata
  base_url: "${service.url}"
  page_size: 2
  ${tokenAuth}
store: ${storeOf[store]}
${readBy(store, 'changes: delta_links', 'ID')}
entities: [Customers]
`,
      wire: { tick: () => undefined },
      row: `"ID" || ' ' || "Name"`,
      table: 'Customers',
      async change({ when }: Change) {
        for (const { id, what } of changesOf(records, when, true)) {
          if (what === 'put') await put(id);
          else {
            await service.remove(id);
            records.now.delete(id);
          }
          time.ms += 700;
        }
      },
      rows: () => records.texts(),
      versions: () => records.ever,
      [Symbol.asyncDispose]: async () => undefined,
    };
  },
});
