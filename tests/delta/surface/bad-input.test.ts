import { beforeEach, describe, expect, it } from 'vitest';
import { noRows, orders, writeDeltaTable } from '../../support/small-delta-table.ts';
import { TestWorkspace } from '../../support/workspace.ts';

let place: TestWorkspace;
beforeEach(async () => {
  place = new TestWorkspace();
  await writeDeltaTable(place.path('lake/orders'));
  return () => place[Symbol.dispose]();
});

const writeFlow = (home: string) => place.write({ 'flows/f/flow.yml': `store: out\nentities:\n  - name: orders\n    home: ${home}\n` });

/** A run that stops, and what it said. */
async function stopped(home: string, code: string): Promise<string> {
  writeFlow(home);
  const run = await place.run(['go']);
  const text = run.stdout + run.stderr;
  expect(text).toContain(code);
  expect(run.code).not.toBe(0);
  return text;
}

async function runs(home: string): Promise<void> {
  writeFlow(home);
  expect((await place.run(['go'])).code).toBe(0);
}

describe('a home that is not what its format says', () => {
  it('stops at plain files where a table is expected, and reads them as advised', async () => {
    await place.parquet('plain/1.parquet', 'select 1 as id');
    const text = await stopped('{ path: plain, format: delta }', 'HYG-3701');
    const advised = /Read plain files with `(.*?)`/.exec(text)?.[1];
    await runs(`{ path: plain, ${advised} }`);
  });

  it('stops at a table where plain files are expected, and reads it as advised', async () => {
    const text = await stopped('lake/orders', 'HYG-3901');
    const advised = /Read the files as a table: (.*) in home/.exec(text)?.[1];
    await runs(`{ path: lake/orders, ${advised} }`);
    expect(await place.settled('out', 'f', 'orders')).toHaveLength(3);
  });

  it('stops at a folder around tables, and reads one as advised', async () => {
    const text = await stopped('lake', 'HYG-3901');
    const advised = /Read each table by itself: path: (\S+) and (format: \w+) in home/.exec(text) ?? [];
    await runs(`{ path: ${advised[1]}, ${advised[2]} }`);
  });

  it('stops at the folder of the log, and reads the folder that holds it', async () => {
    const text = await stopped('{ path: lake/orders/_delta_log, format: delta }', 'HYG-3701');
    const advised = /(path: lake\/\S+)/.exec(text)?.[1];
    await runs(`{ ${advised}, format: delta }`);
  });

  it('stops at an empty folder', async () => {
    place.write({ 'empty/_delta_log/.keep': '' });
    await stopped('{ path: empty, format: delta }', 'HYG-3701');
  });
});

describe('a version', () => {
  it('that the table does not have stops, and the newest one is named and can be read', async () => {
    const text = await stopped('{ path: lake/orders, format: delta, version: 99 }', 'HYG-3704');
    const advised = /(version: \d+)/.exec(text)?.[1];
    await runs(`{ path: lake/orders, format: delta, ${advised} }`);
  });

  it('and a time together are refused before a run', async () => {
    writeFlow('{ path: lake/orders, format: delta, version: 0, timestamp: 2026-01-01T12:00:00Z }');
    const checked = await place.run(['check']);
    expect(checked.code).not.toBe(0);
    expect(checked.stdout + checked.stderr).toContain('version and timestamp both choose a version, so use only one of them');
    await runs('{ path: lake/orders, format: delta, timestamp: 2026-01-01T12:00:00Z }');
    expect((await place.settled('out', 'f', 'orders')).map(({ name }) => name)).toEqual(['ada', 'gone']);
  });

  it('of plain files is not a key', async () => {
    await place.parquet('plain/1.parquet', 'select 1 as id');
    await stopped('{ path: plain, format: parquet, version: 1 }', 'HYG-');
  });
});

describe('hygge debug of a Delta table', () => {
  const debug = async (home: string) => {
    writeFlow(home);
    const run = await place.run(['debug']);
    return { code: run.code, text: run.stdout + run.stderr };
  };

  it('names the version and the files that are read', async () => {
    expect(await debug('{ path: lake/orders, format: delta }')).toMatchObject({
      code: 0,
      text: expect.stringContaining('reads version 1 of lake/orders, 2 files'),
    });
  });

  it('names the feature that is refused', async () => {
    await writeDeltaTable(place.path('lake/new'), { ...orders, readerFeature: 'catalogManaged' });
    const { code, text } = await debug('{ path: lake/new, format: delta }');
    expect(code).not.toBe(0);
    expect(text).toContain('catalogManaged');
  });
});

it('a table of no rows is read as one', async () => {
  await writeDeltaTable(place.path('lake/none'), noRows);
  await runs('{ path: lake/none, format: delta }');
  const shown = await place.run(['preview', 'f.orders']);
  expect(shown.code).toBe(0);
  expect(shown.stdout).toContain('id');
});
