/** What an increment asks of a system over the network. */
import { expect, it } from 'vitest';
import { registerConnector } from '../../../src/registry.ts';
import { here } from '../../support/here.ts';
import { MemoryFileSystem } from '../../support/memory-filesystem.ts';
import { type Containers, memoryLake } from '../../support/memory-lake.ts';
import { TestWorkspace } from '../../support/workspace.ts';

const text = (value: string) => new TextEncoder().encode(value);
const csv = (from: number, to: number) =>
  ['id,name', ...Array.from({ length: to - from }, (_, at) => `${from + at},n${from + at}`), ''].join('\n');

/** A tree in memory whose calls are noted. */
function counted(): { readonly tree: MemoryFileSystem; readonly asked: string[] } {
  const asked: string[] = [];
  const plain = new MemoryFileSystem({ url: 'memory://lake/orders', now: () => new Date().toISOString() });
  const tree = new Proxy(plain, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...args: readonly unknown[]) => {
        asked.push(`${String(name)} ${typeof args[0] === 'string' ? args[0] : ''}`);
        return Reflect.apply(member, target, args) as unknown;
      };
    },
  });
  return { tree, asked };
}

it('10,000 rows into a table of 500 files, five entries behind a checkpoint, take fewer than 40 requests', async () => {
  const { tree, asked } = counted();
  const containers: Containers = new Map([['lake\u0000orders', tree]]);
  const [memory] = memoryLake(containers);
  if (memory === undefined) throw new Error('there is no system in memory');
  using _ = registerConnector({ ...memory, id: 'mem' });
  const flow =
    'home: in.csv\nstore: { type: mem, bucket: lake, path: orders, format: delta }\nrun_type: incremental\nwatermark: { column: id }\n';
  using workspace = new TestWorkspace({ 'flows/f/flow.yml': flow });
  const go = async (from: number, to: number) => {
    workspace.write({ 'in.csv': csv(from, to) });
    const { code, events } = await here(workspace, 'go');
    expect(code, JSON.stringify(events.filter(({ event }) => event === 'error'))).toBe(0);
  };
  await go(0, 10);
  const names = Array.from({ length: 500 }, (_, at) => `theirs-${at}.parquet`);
  for (const name of names) await tree.put(name, text('rows'), { ifNoneMatch: '*' });
  const adds = names.map((path) => ({
    add: { path, partitionValues: {}, size: 4, modificationTime: 1, dataChange: true, stats: '{"numRecords":1}' },
  }));
  const entry = [{ commitInfo: { operation: 'WRITE', timestamp: 1 } }, ...adds].map((line) => JSON.stringify(line)).join('\n');
  await tree.put('_delta_log/00000000000000000001.json', text(`${entry}\n`), { ifNoneMatch: '*' });
  for (let run = 1; run < 15; run++) await go(run * 10, run * 10 + 10);
  asked.length = 0;
  await go(150, 10_150);
  expect(asked.some((call) => call.includes('checkpoint'))).toBe(true);
  expect(asked.length, asked.join('\n')).toBeLessThan(40);
});
