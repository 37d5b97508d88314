import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { duck } from '../../support/duck.ts';
import { testFolder } from '../../support/parquet-files.ts';

const files = 100_000;

/** A checkpoint of many files with statistics of 600 characters each, as writers with five columns make them. */
async function tableOfManyFiles(): Promise<string> {
  const folder = await testFolder();
  await mkdir(join(folder, '_delta_log'));
  const schema = JSON.stringify({ type: 'struct', fields: [{ name: 'day', type: 'date', nullable: true, metadata: {} }] });
  const values = 'MAP(VARCHAR, VARCHAR)';
  const add = `{
    path: 'day=2024-01-' || (10 + i % 20) || '/part-' || i || '-' || md5(i::varchar) || '.c000.snappy.parquet',
    partitionValues: MAP {'day': '2024-01-' || (10 + i % 20)}, size: i, modificationTime: 1700000000000 + i, dataChange: false,
    stats: '{"numRecords":' || i || ',"minValues":{"name":"' || md5((i + 1)::varchar) || '"},"more":"' || repeat('statistics ', 50) || '"}'}`;
  const metadata = `{id: 'x', format: {provider: 'parquet', options: MAP {}::${values}}, schemaString: '${schema}', partitionColumns: ['day'], configuration: MAP {}::${values}}`;
  await duck(
    `copy (select ${add} as "add", null as protocol, null as "metaData" from range(${files}) t(i)
       union all select null, {minReaderVersion: 1, minWriterVersion: 2}, null
       union all select null, null, ${metadata})
     to '${folder}/_delta_log/00000000000000000010.checkpoint.parquet' (format parquet, row_group_size 20480)`,
  );
  return folder;
}

test('a table of 100,000 files is read in memory that does not grow beyond 450 MB', async () => {
  const folder = await tableOfManyFiles();
  const root = join(import.meta.dirname, '..', '..', '..');
  const script = `
    const { snapshotOf } = await import(${JSON.stringify(join(root, 'src/delta/log/log.ts'))});
    const { localFileSystem } = await import(${JSON.stringify(join(root, 'src/filesystems/disk/local.ts'))});
    const access = { files: localFileSystem(${JSON.stringify(folder)}), signal: new AbortController().signal, table: 't' };
    const { files } = await snapshotOf(access, 'newest');
    const { maxRSS } = process.resourceUsage();
    console.log(JSON.stringify({ files: files.length, last: files.at(-1), mb: maxRSS / 1024 }));`;
  // With a bound for the heap, the figure does not hang on when garbage is collected.
  const { stdout } = await promisify(execFile)(process.execPath, ['--max-old-space-size=256', '--input-type=module', '-e', script]);
  const {
    files: read,
    last,
    mb,
  } = JSON.parse(stdout) as {
    readonly files: number;
    readonly last: { readonly bytes: number; readonly stats: string };
    readonly mb: number;
  };
  expect(read).toBe(files);
  expect(last.stats).toContain(`"numRecords":${last.bytes},`);
  expect(mb).toBeLessThan(450);
});
