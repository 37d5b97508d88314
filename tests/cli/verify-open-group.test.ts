/** Rows at the watermark: those that come after a run wait for the next run, and those that differ are found all the same. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Comparison } from '../../src/ports/answers/comparison.ts';
import type { Repair } from '../../src/ports/answers/repair.ts';
import { commandsIn } from '../support/commands.ts';
import { sampled } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';

let place: TestWorkspace | undefined;
afterEach(() => place?.[Symbol.dispose]());

const table = '{ type: sqlite, path: out.db, table: e }';
const lake = '{ path: lake }';

interface Scene {
  readonly store: string;
  /** Of the watermark, behind its column. */
  readonly watermark?: string;
  readonly more?: string;
}

/** Rows 1 to 9, three of each day. */
async function scene({ store, watermark = ', key: [id]', more = '' }: Scene) {
  const workspace = new TestWorkspace({
    'hygge.yml': 'name: w\n',
    'c.yml': 'columns: { v: { type: int64, min: 0 } }\n',
    'flows/f/flow.yml': `home: { type: sqlite, path: src.db, table: src }
store: ${store}
watermark: { column: day${watermark} }
run_type: incremental
entities: [e]
${more}`,
  });
  place = workspace;
  const { sql, hygge, verify, answerOf } = commandsIn(workspace);
  const json = <T = Comparison>(...args: readonly string[]) => answerOf<T>(...args);
  const source = (...all: readonly string[]) => sql('src.db', ...all);
  const hasKey = watermark.includes('key');
  source(
    `create table src (id integer${hasKey ? ' primary key' : ''}, day date${watermark.includes('nulls') ? '' : ' not null'}, v integer)`,
  );
  source(
    "with recursive c(x) as (select 1 union all select x + 1 from c where x < 9) insert into src select x, '2026-01-0' || ((x + 2) / 3), x from c",
  );
  expect(await hygge('go')).toMatchObject({ code: 0 });
  return { source, destination: (text: string) => sql('out.db', text), hygge, verify, json };
}

const two = "insert into src values (10, '2026-01-03', 10), (11, '2026-01-03', 11)";

const stores: readonly (readonly [string, string, string])[] = [
  ['a table', table, ', key: [id]'],
  ['a table without a key', table, ''],
  ['a lake', lake, ''],
  ['a lake that keeps versions', lake, ', key: [id]'],
];

describe.each(sampled(stores, 4))('rows at the watermark in %s', (_, store, watermark) => {
  it('that came after the run come with the next run', async () => {
    const { source, json, verify, hygge } = await scene({ store, watermark });
    source(two);
    expect(await json()).toMatchObject({
      ...{ verdict: 'same', because: 'so far', ok: true, code: 0, differing: [], repair: null },
      ...{ rows: { source: 9, destination: 9, at_watermark: 2, not_yet_due: 0 } },
    });
    const told = await verify();
    expect(told.stdout).toContain('same so far: 9 rows on both sides');
    expect(told.stdout).toContain('2 rows at the watermark arrived or changed after the last run: the next run loads them');
    expect(await hygge('go')).toMatchObject({ code: 0 });
    expect(await json()).toMatchObject({ verdict: 'same', because: null, rows: { source: 11, destination: 11 } });
  });

  it('leave differences below it to be found and mended', async () => {
    const { source, json } = await scene({ store, watermark });
    source(two, 'update src set v = 44 where id = 4');
    const found = await json();
    expect(found).toMatchObject({ verdict: 'differs', ok: false, rows: { at_watermark: 2 } });
    expect(found.repair?.ranges).toHaveLength(1);
    expect(await json<Repair>('--repair', '--yes')).toMatchObject({ verdict: 'mended', code: 0 });
    expect(await json()).toMatchObject({ verdict: 'same', because: 'so far' });
  });
});

const changes: readonly (readonly [string, string])[] = [
  ['a lost row', 'delete from e where id = 8'],
  ['a changed row', 'update e set v = 88 where id = 8'],
  ['a row of others', "insert into e (id, day, v) values (100, '2026-01-03', 1)"],
];

describe('a difference at the watermark, in a table', () => {
  it.each(sampled(changes, 3))('is found and mended while another program writes there: %s', async (_, change) => {
    const { source, destination, json, hygge } = await scene({ store: table });
    destination(change);
    source(two);
    expect(await json()).toMatchObject({ verdict: 'differs', ok: false, code: 1 });
    expect(await json<Repair>('--repair', '--yes')).toMatchObject({ verdict: 'mended', code: 0 });
    expect(await json()).toMatchObject({ verdict: 'same', because: null, rows: { source: 11, destination: 11 } });
    source("insert into src values (12, '2026-01-03', 12)");
    expect(await json()).toMatchObject({ verdict: 'same', because: 'so far' });
    expect(await hygge('go')).toMatchObject({ code: 0 });
    expect(await json()).toMatchObject({ verdict: 'same', because: null, rows: { source: 12, destination: 12 } });
  });
});

describe('rows at the watermark', () => {
  it('come with rows without a watermark, where these settle', async () => {
    const { source, json, hygge } = await scene({ store: table, watermark: ', key: [id], nulls: include' });
    source("insert into src values (20, null, 20), (21, '2026-01-03', 21)", 'update src set day = null where id = 2');
    expect(await json()).toMatchObject({
      ...{ verdict: 'same', because: 'so far' },
      rows: { source: 8, destination: 8, at_watermark: 3, updated_since: 1 },
    });
    expect(await hygge('go')).toMatchObject({ code: 0 });
    expect(await json()).toMatchObject({ verdict: 'same', because: null, rows: { source: 11, destination: 11 } });
  });

  it('that were deleted go with the next comparison of keys, and rows of others differ', async () => {
    const { source, destination, json } = await scene({ store: table, more: 'deletes: { compare: 1d }\n' });
    source(two, 'delete from src where id in (1, 8)');
    expect(await json()).toMatchObject({ verdict: 'same', because: 'so far', rows: { deletes_due: 2, at_watermark: 2, foreign: 0 } });
    destination("insert into e values (100, '2026-01-03', 1)");
    expect(await json()).toMatchObject({ verdict: 'differs', ok: false });
  });

  it('differ where the boundary is open: no run reads them', async () => {
    const { source, json } = await scene({ store: table, watermark: ', key: [id], boundary: open' });
    source(two);
    expect(await json()).toMatchObject({ verdict: 'differs', differences: { only_in_source: 2 } });
    expect(await json<Repair>('--repair', '--yes')).toMatchObject({ verdict: 'mended', code: 0 });
    expect(await json()).toMatchObject({ verdict: 'same', because: null, rows: { source: 11, destination: 11 } });
  });
});
