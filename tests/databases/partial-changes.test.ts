/** Events that show only a part of their record: a merge sets what they show, in every database, and other stores refuse them. */
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ScriptedApi, scriptedApi } from '../support/apis/scripted-api.ts';
import { here } from '../support/here.ts';
import { cases, whole } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { type Database, type DatabaseKind, duckdb, mariadb, postgres, sqlite, sqlserver } from './databases.ts';

type Fields = Readonly<Record<string, string | null>>;
type Item = Fields & { readonly id: string };
interface Event {
  readonly item: Item;
  readonly isDeleted?: boolean;
}

let api: ScriptedApi;
/** The time of the API, in seconds since 1970. */
let now = 0;
let listed: readonly Item[] = [];
let events: (Event & { readonly at: number })[] = [];

beforeEach(async () => {
  [now, listed, events] = [1_790_000_000, [], []];
  api = await scriptedApi(({ path, query }) => {
    const [from, to] = [Number(query.from ?? 0), Number(query.to ?? now)];
    const told = events
      .filter(({ at }) => at >= from && at <= to)
      .map(({ at, item, isDeleted }) => ({ at, kind: isDeleted ? 'deleted' : 'changed', item }))
      .reverse();
    const data = path === '/events' ? told : listed;
    return { headers: { date: new Date(now * 1000).toUTCString() }, body: JSON.stringify({ data, has_more: false }) };
  });
});
afterEach(async () => {
  await api[Symbol.asyncDispose]();
});

function happens(...all: readonly Event[]): void {
  now += 60;
  events.push(...all.map((event) => ({ ...event, at: now })));
  now += 120;
}

const flowOf = (store: string, { deletes = '', more = '', leftOut = '' } = {}) => ({
  'flows/f/flow.yml': `
home:
  type: rest_api
  base_url: "${api.url}"
  endpoint: items
  records: data
  pagination: { type: keyset, param: after, field: id, has_more_at: has_more, page_size: 100, size_param: limit }
  types: { name: string, tiers: string, note: string }
  events: { endpoint: events, from: from, to: to, format: epoch_s, at: at, record: item, key: [id], kept: 30d, deleted: { at: kind, is: deleted }${leftOut} }
store: ${store}
run_type: incremental
watermark: { changes: events, key: [id] }
${deletes === '' ? '' : `deletes: ${deletes}`}
${more}
entities: [items]
`,
});

const workspaceOf = (database: Database, more: Parameters<typeof flowOf>[1] = {}) =>
  new TestWorkspace({
    'hygge.yml': `name: w\nconnections: { c: ${database.connection} }\n`,
    '.env': `SHOP_SECRET=${database.password}\n`,
    ...flowOf(`{ connection: c, table: e${database.keys} }`, more),
  });

async function go(workspace: TestWorkspace): Promise<void> {
  const ran = await here(workspace, 'go');
  expect([ran.code, ran.events.find(({ event }) => event === 'error')]).toEqual([0, undefined]);
}

const columns = ['id', 'name', 'tiers', 'note'] as const;

/** Each value, a dash for a null. */
async function settled(database: Database, marks: boolean): Promise<readonly string[]> {
  const values = columns.map((name) => `coalesce(${name}, '-') as ${name}`).join(', ');
  const rows = await database.sql(`select ${values}${marks ? ', _deleted' : ''} from e order by id`);
  return rows.map((row) => row.replace(/ (t|1)$/, ' true').replace(/ (f|0)$/, ' false'));
}

const shown = (item: Item, isDeleted: boolean | null) =>
  [...columns.map((name) => item[name] ?? '-'), ...(isDeleted === null ? [] : [isDeleted])].join(' ');

type Deletes = 'apply' | 'mark' | 'ignore';

/** What the events make of the list, one after another. */
function modelled(list: readonly Item[], all: readonly Event[], deletes: Deletes): readonly string[] {
  const rows = new Map<string, { item: Item; isDeleted: boolean }>(list.map((item) => [item.id, { item, isDeleted: false }]));
  for (const { item, isDeleted = false } of all) {
    if (isDeleted && deletes === 'ignore') continue;
    if (isDeleted && deletes === 'apply') rows.delete(item.id);
    // Nothing is known of the other columns of a row that is not there.
    else if (rows.has(item.id) || columns.every((name) => name in item))
      rows.set(item.id, { item: { ...rows.get(item.id)?.item, ...item }, isDeleted });
  }
  return [...rows.values()]
    .map(({ item, isDeleted }) => shown(item, deletes === 'mark' ? isDeleted : null))
    .sort((a, b) => Number(a > b) - Number(a < b));
}

const list: readonly Item[] = [
  { id: '1', name: 'a', tiers: 'gold', note: null },
  { id: '2', name: 'b', tiers: null, note: 'n' },
  { id: '3', name: null, tiers: 'iron', note: 'o' },
  { id: '5', name: 'e', tiers: 'tin', note: 'p' },
  { id: '6', name: 'f', tiers: 'zinc', note: 'q' },
];

const history: readonly Event[] = [
  { item: { id: '1', name: 'a2' } },
  { item: { id: '2', tiers: 'silver' } },
  { item: { id: '2', note: null } },
  { item: { id: '3', name: 'c2', tiers: 't', note: 'x' } },
  { item: { id: '3', note: 'y' } },
  { item: { id: '4', name: 'd', tiers: 'u', note: 'v' } },
  { item: { id: '4', tiers: 'w' } },
  { item: { id: '4' }, isDeleted: true },
  { item: { id: '4', name: 'again', tiers: null, note: 'z' } },
  { item: { id: '5' }, isDeleted: true },
  { item: { id: '6' }, isDeleted: true },
  { item: { id: '6', name: 'back' } },
  { item: { id: '7', name: 'new' } },
];

const actions = ['mark', 'apply', 'ignore'] as const;

// What a row of a merge shows is decided by the statements of each: SQLite is asked everything, of each other one that which has most columns.
describe.each<DatabaseKind>(whole ? [sqlite, postgres, mariadb, duckdb, sqlserver] : [sqlite, mariadb, sqlserver])(
  'events that show a part of a record, merged into $name',
  (kind) => {
    test.skipIf(kind.missing !== '').each(whole || kind === sqlite ? actions : actions.slice(0, 1))(
      'set what they show, one after another, with deletes: %s',
      async (deletes) => {
        await using database = await kind.open();
        using workspace = workspaceOf(database, { deletes, ...(deletes === 'apply' ? { more: 'write_strategy: merge' } : {}) });
        listed = list;
        now += 120;
        await go(workspace);
        happens(...history);
        await go(workspace);
        expect(await settled(database, deletes === 'mark')).toEqual(modelled(list, history, deletes));
        // A run of one such change.
        const later: Event = { item: { id: '1', note: 'later' } };
        happens(later);
        await go(workspace);
        expect(await settled(database, deletes === 'mark')).toEqual(modelled(list, [...history, later], deletes));
      },
    );
  },
);

const field = fc.option(fc.constantFrom('a', 'b', 'c', 'd'), { nil: null });
const change = fc.record({
  item: fc.record({ id: fc.constantFrom('1', '2', '3', '8'), name: field, tiers: field, note: field }, { requiredKeys: ['id'] }),
  isDeleted: fc.boolean(),
});

describe.each<DatabaseKind>(whole ? [sqlite, duckdb] : [sqlite])('random events, merged into $name', (kind) => {
  test.skipIf(kind.missing !== '').each(whole ? (['apply', 'mark'] as const) : (['mark'] as const))(
    'leave what they say one after another, with deletes: %s',
    async (deletes) => {
      await fc.assert(
        fc.asyncProperty(fc.array(fc.array(change, { minLength: 1, maxLength: 8 }), { minLength: 1, maxLength: 3 }), async (runs) => {
          await using database = await kind.open();
          using workspace = workspaceOf(database, { deletes, ...(deletes === 'apply' ? { more: 'write_strategy: merge' } : {}) });
          events = [];
          listed = list;
          now += 120;
          await go(workspace);
          for (const [at, run] of runs.entries()) {
            happens(...run);
            await go(workspace);
            expect(await settled(database, deletes === 'mark')).toEqual(modelled(list, runs.slice(0, at + 1).flat(), deletes));
          }
        }),
        cases(20),
      );
    },
  );
});
