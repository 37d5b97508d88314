import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { cellOf, cellsOf, outcomeOf, told } from '../support/apis/crashes/matrix.ts';
import { deltaLinks } from '../support/apis/crashes/systems.ts';
import { type Customer, noOData, type ODataService, startOData } from '../support/apis/odata.ts';
import { duck } from '../support/duck.ts';
import type { SeenRequest } from '../support/fault-proxy.ts';
import { here } from '../support/here.ts';
import { seeded } from '../support/kill-rounds.ts';
import { SEED, whole } from '../support/samples.ts';
import { asked } from '../support/sqlite-file.ts';
import { TestWorkspace } from '../support/workspace.ts';

const problem = noOData();
let service: ODataService;

const flowOf = ({ home = '', flow = '', store = '{ type: sqlite, path: out.db }', key = ', key: [ID]', entity = 'Customers' } = {}) => ({
  'flows/f/flow.yml': `
home: { type: odata, base_url: "${service.url}", page_size: 2${home} }
store: ${store}
run_type: incremental
watermark: { changes: delta_links${key} }
${flow}
entities: [${entity}]
`,
});

const customer = (id: number, name = `c${id}`): Customer => ({ id, name });
const first = [1, 2, 3, 4, 5].map((id) => customer(id));

async function settled(workspace: TestWorkspace, select = `ID || ' ' || Name`): Promise<readonly string[]> {
  const [rows = []] = asked(workspace.path('out.db'), `select ${select} as one from "Customers" order by 1`);
  return rows.map(({ one }) => String(one));
}

/** All rows that settled in files, whatever their format. */
async function settledRows(workspace: TestWorkspace): Promise<readonly string[]> {
  const sql = `select ID || ' ' || coalesce(Name, '–') || ' ' || _deleted as one from f."Customers"`;
  const { stdout } = await workspace.run(['query', sql, '--output', 'json']);
  return [...stdout.matchAll(/"one": ?"([^"]*)"/g)].map(([, one]) => String(one)).sort();
}

/** Changes whose answer has three pages: one record twice, one that comes and goes, and one that is removed. */
async function change(): Promise<readonly string[]> {
  await service.put(customer(2, 'changed'), customer(6), customer(7), customer(2, 'again'));
  await service.remove(7, 4);
  return ['1 c1', '2 again', '3 c3', '5 c5', '6 c6'];
}

const isPage = ({ path }: SeenRequest) => path.includes('/Customers');

describe.skipIf(problem !== '')(`delta links, by Microsoft's own server library ${problem}`, () => {
  beforeAll(async () => {
    service = await startOData();
  });
  afterAll(async () => {
    await service?.[Symbol.asyncDispose]();
  });
  beforeEach(async () => {
    await service.reset();
    service.proxy.rule(() => undefined);
    await service.put(...first);
  });

  test('what changed and what was removed comes to the destination, and a run without changes asks for metadata and one page', async () => {
    using workspace = new TestWorkspace(flowOf());
    expect((await here(workspace, 'go')).summary.rows).toBe(5);
    const is = await change();
    const { code } = await here(workspace, 'go');
    expect(code).toBe(0);
    expect(await settled(workspace)).toEqual(is);
    const before = service.proxy.seen.length;
    const still = await here(workspace, 'go');
    expect([still.code, still.summary.skip]).toEqual([0, 1]);
    expect(service.proxy.seen.slice(before).map(({ path }) => path)).toEqual(['/odata/$metadata', '/odata/Customers?$deltatoken=11']);
  });

  test('a link that has expired stops the run, and the full load that the message names continues from there', async () => {
    using workspace = new TestWorkspace(flowOf());
    await here(workspace, 'go');
    const is = await change();
    await service.expire();
    const stopped = await workspace.run(['go']);
    expect([stopped.code, stopped.stdout]).toEqual([1, expect.stringContaining('HYG-3660')]);
    expect(await settled(workspace)).toEqual(first.map(({ id, name }) => `${id} ${name}`));
    const advice = /hygge (go -d -e \S+)/.exec(stopped.stdout)?.[1] ?? '';
    expect((await here(workspace, ...advice.split(' '))).code).toBe(0);
    expect(await settled(workspace)).toEqual(is);
    await service.remove(1);
    expect((await here(workspace, 'go')).code).toBe(0);
    expect(await settled(workspace)).toEqual(is.slice(1));
  });

  test('410 at the start of a full load is not a link that has expired: the advice is not another full load', async () => {
    using workspace = new TestWorkspace(flowOf());
    service.proxy.rule((seen) => (isPage(seen) ? { status: 410 } : undefined));
    expect((await here(workspace, 'go')).error).toBe('HYG-3601');
    service.proxy.rule(() => undefined);
    expect((await here(workspace, 'go')).summary.rows).toBe(5);
  });

  test('deletes are marked, ignored, or added, as the flow says', async () => {
    using marked = new TestWorkspace(flowOf({ flow: 'deletes: mark' }));
    using ignored = new TestWorkspace(flowOf({ flow: 'deletes: ignore' }));
    using added = new TestWorkspace(flowOf({ store: 'lake', key: '' }));
    const all = [marked, ignored, added];
    for (const workspace of all) expect((await here(workspace, 'go')).code).toBe(0);
    await service.remove(3);
    await service.put(customer(1, 'new'));
    for (const workspace of all) expect((await here(workspace, 'go')).code).toBe(0);
    expect(await settled(marked, `ID || ' ' || coalesce(Name, '–') || ' ' || iif(_deleted, 'true', 'false')`)).toEqual([
      '1 new false',
      '2 c2 false',
      '3 c3 true',
      '4 c4 false',
      '5 c5 false',
    ]);
    expect(await settled(ignored)).toEqual(['1 new', '2 c2', '3 c3', '4 c4', '5 c5']);
    const files = `read_parquet('${added.path('lake/Customers/*.parquet')}')`;
    const rows = await duck(
      `select ID || ' ' || coalesce(Name, '–') || ' ' || _deleted as one from ${files} where ID in (1, 3) order by _change_version, ID`,
    );
    expect(rows.map(({ one }) => one)).toEqual(['1 c1 false', '3 c3 false', '3 – true', '1 new false']);
  });

  test.each([
    ['parquet', ''],
    ['delta', ''],
  ])('a removed entry is added to %s with its key and its mark, and the row before it keeps its values%s', async (format, key) => {
    const store = `{ type: local, path: lake, format: ${format} }`;
    using workspace = new TestWorkspace(flowOf({ store, key, flow: 'deletes: mark' }));
    expect((await here(workspace, 'go')).code).toBe(0);
    await service.remove(3);
    await service.partial(true);
    await service.put(customer(1, 'new'));
    const stopped = await here(workspace, 'go');
    await service.partial(false);
    // A change that shows only a part of its row can't settle beside whole rows.
    expect(stopped.error).toBe('HYG-2106');
    expect(await settledRows(workspace)).toEqual(first.map(({ id, name }) => `${id} ${name} false`));
    await service.put(customer(1, 'newer'));
    expect((await here(workspace, 'go')).error).toBeUndefined();
    // The service tells both changes of the first row, with its present values.
    const added = ['1 newer false', '1 newer false', '3 – true'];
    expect(await settledRows(workspace)).toEqual([...first.map(({ id, name }) => `${id} ${name} false`), ...added].sort());
  });

  test('a destination that is taken over continues from the link that is remembered with it, and not from a watermark by hand', async () => {
    using workspace = new TestWorkspace(flowOf());
    await here(workspace, 'go');
    const is = await change();
    expect((await workspace.run(['reset', 'f.Customers', '--adopt', '--yes'])).code).toBe(0);
    expect((await here(workspace, 'go')).code).toBe(0);
    expect(await settled(workspace)).toEqual(is);
    expect((await workspace.run(['reset', 'f.Customers', '--adopt', '--watermark', '1', '--yes'])).code).toBe(0);
    expect((await here(workspace, 'go')).error).toBe('HYG-3661');
  });

  test('what can not be followed is refused before anything settles', async () => {
    using untracked = new TestWorkspace(flowOf({ entity: 'Lines', key: '' }));
    await service.lines(3);
    expect((await here(untracked, 'go')).error).toBe('HYG-3661');
  });

  test('a change that shows only what changed sets only that, and files refuse it', async () => {
    using workspace = new TestWorkspace(flowOf());
    using files = new TestWorkspace(flowOf({ store: 'lake', key: '' }));
    for (const one of [workspace, files]) await here(one, 'go');
    const others = async () => {
      const [rows = []] = asked(workspace.path('out.db'), 'select * from "Customers" order by ID');
      return rows.map(({ Name: _, _change_version: __, ...rest }) => rest);
    };
    const before = await others();
    await service.partial(true);
    await service.put(customer(2, 'changed'));
    for (const one of [workspace, files]) expect((await here(one, 'go')).error).toBe(one === files ? 'HYG-2106' : undefined);
    expect(await settled(workspace)).toEqual(['1 c1', '2 changed', '3 c3', '4 c4', '5 c5']);
    expect(await others()).toEqual(before);
    await service.partial(false);
  });

  test('random changes before and while runs read, and runs that fail at any page, come to what the service has', async () => {
    using workspace = new TestWorkspace(flowOf());
    const id = fc.integer({ min: 1, max: 9 });
    const step = fc.record({ id, isRemoved: fc.boolean() });
    const round = fc.record({
      before: fc.array(step, { maxLength: 4 }),
      during: fc.array(step, { maxLength: 2 }),
      /** The page that fails; beyond the last one: none. */
      fails: fc.integer({ min: 1, max: 6 }),
    });
    const there = new Map(first.map(({ id, name }) => [id, name]));
    let made = 0;
    const carryOut = async (steps: readonly { readonly id: number; readonly isRemoved: boolean }[]) => {
      for (const { id, isRemoved } of steps) {
        if (isRemoved) {
          there.delete(id);
          await service.remove(id);
        } else {
          there.set(id, `v${++made}`);
          await service.put({ id, name: `v${made}` });
        }
      }
    };
    const rounds = fc.sample(round, { numRuns: 3, seed: SEED });
    for (const { before, during, fails } of rounds) {
      await carryOut(before);
      let pages = 0;
      service.proxy.rule((seen) => {
        if (!isPage(seen)) return undefined;
        pages++;
        if (pages === fails) return { status: 400 };
        return pages === 2 ? { hold: carryOut(during) } : undefined;
      });
      const { error } = await here(workspace, 'go');
      expect(error === undefined || error === 'HYG-3601', JSON.stringify(rounds)).toBe(true);
    }
    service.proxy.rule(() => undefined);
    expect((await here(workspace, 'go')).code).toBe(0);
    expect(await settled(workspace), JSON.stringify(rounds)).toEqual([...there].map(([id, name]) => `${id} ${name}`).sort());
  });

  test('a run that something goes wrong in at any request comes to what the service has', async () => {
    const kind = deltaLinks(service);
    for await (const cell of whole ? cellsOf(kind) : [cellOf(kind, seeded(SEED))])
      expect((await outcomeOf(cell)).wrong, told(cell)).toEqual([]);
  });
});
