import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { localFileSystem } from '../../../src/filesystems/disk/local.ts';
import type { FileSystem } from '../../../src/ports/filesystem.ts';
import { duck } from '../../support/duck.ts';
import { testFolder, testScratch } from '../../support/parquet-files.ts';
import { byLog, homeOver, readOnce } from './read-home.ts';

const padded = (version: number) => String(version).padStart(20, '0');

/** A table of 5,000 files in a checkpoint at version 10, and ten versions behind it with a file each. */
async function tableOfManyFiles(): Promise<string> {
  const folder = await testFolder();
  await mkdir(join(folder, '_delta_log'));
  const schema = JSON.stringify({ type: 'struct', fields: [{ name: 'id', type: 'long', nullable: true, metadata: {} }] });
  const map = 'MAP(VARCHAR, VARCHAR)';
  const stats = `'{"numRecords":10,"minValues":{"id":' || i || '},"maxValues":{"id":' || i || '},"nullCount":{"id":0}}'`;
  const add = `{path: 'part-' || i || '-' || md5(i::varchar) || '.parquet', partitionValues: MAP {}::${map}, size: 1000, modificationTime: 1700000000000, dataChange: false, stats: ${stats}}`;
  const metadata = `{id: 'x', format: {provider: 'parquet', options: MAP {}::${map}}, schemaString: '${schema}', partitionColumns: []::VARCHAR[], configuration: MAP {}::${map}}`;
  await duck(
    `copy (select ${add} as "add", null as protocol, null as "metaData" from range(5000) t(i)
       union all select null, {minReaderVersion: 1, minWriterVersion: 2}, null
       union all select null, null, ${metadata})
     to '${folder}/_delta_log/${padded(10)}.checkpoint.parquet' (format parquet)`,
  );
  await writeFile(join(folder, '_delta_log', `${padded(10)}.json`), '{"commitInfo":{"operation":"WRITE"}}\n');
  for (let version = 11; version <= 20; version++) {
    const path = `new-${version}.parquet`;
    await duck(`copy (select range + ${version * 10} as id from range(10)) to '${folder}/${path}' (format parquet)`);
    const size = (await localFileSystem(folder).stat(path))?.bytes;
    const one = { add: { path, partitionValues: {}, size, modificationTime: 1_700_000_000_000, dataChange: true } };
    await writeFile(join(folder, '_delta_log', `${padded(version)}.json`), `${JSON.stringify(one)}\n`);
  }
  return folder;
}

/** A system over the network, whose requests are counted. */
function counted(files: FileSystem): { readonly files: FileSystem; readonly asked: string[] } {
  const asked: string[] = [];
  const remote = new Proxy(files, {
    get(target, name) {
      if (name === 'localPath') return undefined;
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...args: readonly unknown[]) => {
        asked.push(`${String(name)} ${String(args[0])}`);
        return Reflect.apply(member, target, args) as unknown;
      };
    },
  });
  return { files: remote, asked };
}

it('an increment of ten files behind five thousand takes fewer than 40 requests', async () => {
  const folder = await tableOfManyFiles();
  const scratch = testScratch(folder);
  const { files, asked } = counted(localFileSystem(folder));
  const seen = [{ path: '_delta_log', bytes: 10, etag: 'x', modifiedAt: '2026-11-29T00:00:00.000Z' }];
  const to = await testFolder();
  const read = await readOnce((pinned) => homeOver(files, scratch, { pinned }), { window: byLog(seen, 'fail'), to, scratch });
  expect(read.version).toBe(20);
  const [row] = await duck(`select count(*) as n, min(id) as first, max(id) as last from read_parquet('${to}/*.parquet')`);
  expect(row).toMatchObject({ n: '100', first: '110', last: '209' });
  expect(asked.length, asked.join('\n')).toBeLessThan(40);
});
