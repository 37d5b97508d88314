import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type PageTraits, startShiftingPages } from '../support/apis/shifting-pages.ts';
import { duck } from '../support/duck.ts';
import { here, type RunHere } from '../support/here.ts';
import { quickWaitsInEachTest } from '../support/quick-waits.ts';
import { cases } from '../support/samples.ts';
import { asked } from '../support/sqlite-file.ts';
import { TestWorkspace } from '../support/workspace.ts';

quickWaitsInEachTest();

interface Kind {
  readonly traits: Partial<PageTraits>;
  readonly pagination: string;
}

/** Ways through the lists of parents and of children, which are of one kind here. */
const kinds: readonly Kind[] = [
  {
    traits: { position: 'page', total: 'header' },
    pagination: '{ type: page, page_size: 3, size_param: per_page, total_header: X-Total-Count }',
  },
  { traits: { position: 'offset' }, pagination: '{ type: offset, page_size: 3, size_param: per_page }' },
  { traits: { position: 'cursor', next: 'cursor' }, pagination: '{ type: cursor, param: cursor, at: next_cursor }' },
];

const changes = ['row', 'row', 'row', 'change', 'change', 'new parent', 'vanish', 'come back', 'forbid', 'allow', 'no answer'] as const;
type Change = (typeof changes)[number];

interface Case {
  readonly kind: Kind;
  readonly store: 'plain' | 'keyed';
  readonly overlap: boolean;
  readonly stepMs: number;
  readonly parents: number;
  readonly rows: number;
  readonly before: readonly (readonly [Change, number])[];
  readonly meanwhile: readonly (readonly [Change, number])[];
}

const someChanges = (minLength: number, maxLength: number) =>
  fc.array(fc.tuple(fc.constantFrom<Change>(...changes), fc.nat(1000)), { minLength, maxLength, size: 'max' });
const someCase: fc.Arbitrary<Case> = fc.record({
  kind: fc.constantFrom(...kinds),
  store: fc.constantFrom('plain', 'keyed' as const),
  overlap: fc.boolean(),
  stepMs: fc.integer({ min: 0, max: 1500 }),
  parents: fc.integer({ min: 2, max: 5 }),
  rows: fc.integer({ min: 6, max: 24 }),
  before: someChanges(10, 30),
  meanwhile: someChanges(0, 15),
});

/** A server with parents and their rows, and what happens to them. */
async function scene({ kind, stepMs, parents, rows: count }: Case) {
  const clock = { ms: Date.parse('2026-03-01T12:00:00.400Z') };
  const server = await startShiftingPages(kind.traits, { nowMs: () => clock.ms });
  const all: number[] = [];
  const versions = new Map<number, number>();
  let nextRow = 1;
  const listed = () => server.rows('/repos').all();
  const listOf = (parent: number) => server.rows(`/repos/${parent}/items`);
  const isReadable = (parent: number) => listed().some(({ id }) => id === parent) && !server.refused.has(`/repos/${parent}/items`);
  const put = (parent: number, id: number, stampMs = clock.ms) => {
    versions.set(id, (versions.get(id) ?? 0) + 1);
    listOf(parent).put(id, { v: versions.get(id) }, { stampMs });
  };
  const begunMs = clock.ms;
  const show = (parent: number) => server.rows('/repos').put(parent, { name: `r${parent}` }, { stampMs: 0 });
  const newParent = () => {
    all.push(all.length + 1);
    // It has rows from before any run.
    put(all.length, nextRow++, begunMs);
    show(all.length);
  };
  const change = ([what, which]: readonly [Change, number]) => {
    const parent = all[which % all.length] as number;
    const path = `/repos/${parent}/items`;
    const ids = listOf(parent).all();
    if (what === 'no answer') throw new Error('an answer that fails');
    if (what === 'new parent') newParent();
    else if (what === 'vanish') server.rows('/repos').remove(parent);
    else if (what === 'come back') show(parent);
    else if (what === 'forbid') server.refused.set(path, which % 2 === 0 ? 403 : 404);
    else if (what === 'allow') server.refused.delete(path);
    else if (what === 'row' || ids.length === 0) put(parent, nextRow++);
    else put(parent, ids[which % ids.length]?.id ?? 0);
    clock.ms += stepMs;
  };
  for (let i = 0; i < parents; i++) newParent();
  for (let i = 0; i < count; i++) change(['row', i * 7]);
  let waiting: (readonly [Change, number])[] = [];
  server.between = () => {
    clock.ms += stepMs;
    const now = waiting.shift();
    if (now) change(now);
  };
  const during = (what: readonly (readonly [Change, number])[]) => {
    waiting = [...what];
    clock.ms += 90_000;
  };
  const rows = () =>
    all.filter(isReadable).flatMap((parent) =>
      listOf(parent)
        .all()
        .map(({ id, fields }) => `${parent} ${id} v${fields.v}`),
    );
  return { server, change, during, rows, isEmpty: () => all.filter(isReadable).length === 0 };
}

const flow = (url: string, { kind, store, overlap }: Case, path: string) => ({
  'flows/f/flow.yml': `
home:
  type: rest_api
  base_url: ${url}
  endpoint: "{entity}"
  records: data
  pagination: ${kind.pagination}
entities:
  - repos
  - name: items
    home:
      from: repos
      endpoint: "repos/{id}/items"
      parent: { repo_id: id }
      window: { from: updated_since, to: updated_until, format: iso_ms }
      types: { repo_id: int64, id: int64, v: int64, updated_at: timestamptz }
    run_type: incremental
    watermark: { column: updated_at${overlap ? ', overlap: 1m' : ''}${store === 'keyed' ? ', key: [repo_id, id]' : ''} }
store: ${store === 'keyed' ? `{ type: sqlite, path: ${path}, table: "{entity}" }` : 'lake'}
`,
});

/** Beside changes a run may find that a list shifted (a page may even have the records of the one before), that the API does not answer, or that a parent, in the middle of its pages, or no parent can be read. */
function mayStop({ error, events }: RunHere): void {
  if (error === undefined || /^HYG-(3601|3604|3605|3640|6401|6404)$/.test(error)) return;
  expect(JSON.stringify(events.filter(({ event }) => event === 'error'))).toBe('');
}

test('the rows of parents that come, go and come back are whole after one more run', async () => {
  await fc.assert(
    fc.asyncProperty(someCase, async (of) => {
      const { server, change, during, rows, isEmpty } = await scene(of);
      await using _ = server;
      using workspace = new TestWorkspace();
      const path = workspace.path('out.db');
      workspace.write(flow(server.url, of, path));
      const go = () => here(workspace, 'go', '-e', 'f.items');
      const between = of.before.filter(([what]) => what !== 'no answer');
      const third = Math.ceil(of.meanwhile.length / 3);
      for (const round of [0, 1, 2]) {
        const meanwhile = of.meanwhile.slice(round * third, (round + 1) * third);
        during(meanwhile);
        mayStop(await go());
        for (const one of between.splice(0, Math.ceil(of.before.length / 3))) change(one);
      }
      during([]);
      const { error } = await go();
      if (isEmpty()) return;
      expect(error).toBeUndefined();
      const select = (from: string) => `select repo_id || ' ' || id || ' v' || v as one from ${from}`;
      const live = rows();
      const isMade = [...workspace.tree().keys()].some((name) => /(items\/.*parquet|out\.db)$/.test(name));
      const found = async () =>
        of.store === 'keyed' ? (asked(path, select('items'))[0] ?? []) : await duck(select(`'${workspace.path('lake/items/*.parquet')}'`));
      const settled = (isMade ? await found() : []).map(({ one }) => String(one)).sort();
      expect(live.filter((one) => !settled.includes(one))).toEqual([]);
      expect(settled.filter((one, i) => one === settled[i - 1])).toEqual([]);
      if (of.store === 'plain') return;
      // Of a row whose parent can be read, no other version is there.
      const parents = new Set(live.map((one) => one.split(' v')[0]));
      expect(settled.filter((one) => !live.includes(one) && parents.has(one.split(' v')[0]))).toEqual([]);
    }),
    { ...cases(30), endOnFailure: true },
  );
});
