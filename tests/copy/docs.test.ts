import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { program } from '../../src/cli/program/program.ts';
import { fakeSurroundings } from '../cli/surroundings.ts';
import { blocksOf } from '../docs/blocks.ts';
import { Reader } from '../docs/follow.ts';
import { duck } from '../support/duck.ts';
import { lakeInRadosgw } from '../support/lakes/s3-lake.ts';
import { container } from '../support/lakes/test-lakes.ts';
import { noPostgres, postgresDatabase } from '../support/postgres.ts';
import { noRadosgw, sharedRadosgw } from '../support/radosgw.ts';
import { CopyFolder } from './folder.ts';

const page = readFileSync(join(import.meta.dirname, '..', '..', 'docs', 'copy.md'), 'utf8');

describe('docs/copy.md', () => {
  it('can be followed from top to bottom', async () => {
    using reader = new Reader();
    const blocks = blocksOf(page).filter(({ text }) => !text.includes('@host'));
    expect(blocks.length).toBeGreaterThan(6);
    for (const block of blocks) await reader.follow(block);
  });
});

/** Command lines of `hygge copy --help`, as a shell would take them apart. */
async function examples(): Promise<readonly (readonly string[])[]> {
  const surroundings = fakeSurroundings('/');
  await program(surroundings, () => {})
    .parseAsync(['copy', '--help'], { from: 'user' })
    .catch(() => undefined);
  const [, below = ''] = surroundings.stdout().split('\nExamples:\n');
  const lines = below.split('\n').filter((line) => line.startsWith('  hygge copy '));
  return lines.map((line) =>
    [...(line.trim().split(/ {2,}/)[0] ?? '').matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? ''),
  );
}

describe.skipIf(noPostgres() !== '' || noRadosgw() !== '')('each example of hygge copy --help', () => {
  it('runs', async () => {
    await using db = await postgresDatabase();
    await using lake = await lakeInRadosgw(await sharedRadosgw(), container());
    await db.sql(
      'create schema sales; create table sales.orders (id int); insert into sales.orders values (1); create table sales.lines (id int)',
    );
    using folder = new CopyFolder({ 'data/orders.csv': 'id,updated_at\n1,2024-01-01\n' });
    await folder.copy('data/orders.csv', 'shop.db#orders');
    const { endpoint, accessKeyId, bucket } = lake.sdk;
    const options = [`endpoint=${endpoint}`, 'region=us-east-1', `access_key_id=${accessKeyId}`, `secret_access_key=\${LAKE_KEY}`];
    const env = { ...lake.env, SHOP: db.password };
    const lines = await examples();
    expect(lines.length).toBe(9);
    for (const [, ...line] of lines) {
      const server = `postgres://${db.user}:\${SHOP}@${db.host}:${db.port}/${db.database}`;
      const args = line.map((word) =>
        word.replace(/postgres:\/\/me(:\$\{SHOP\})?@host\/shop/, () => server).replace('s3://lake', () => `s3://${bucket}`),
      );
      const more = args.some((word) => word.startsWith('s3:')) ? options.flatMap((one) => ['--store', one]) : [];
      const run = await folder.run([...args, ...more], '.', env);
      expect({ args, code: run.code, stderr: args.includes('-') ? '' : run.stderr, stdout: run.code === 0 ? '' : run.stdout }).toEqual({
        args,
        code: 0,
        stderr: '',
        stdout: '',
      });
    }
    expect((await folder.run(['go'])).stdout).toContain('Nothing new');
    expect(await duck(`select * from '${folder.path('orders.parquet')}'`)).toEqual([{ id: 1 }]);
  });
});
