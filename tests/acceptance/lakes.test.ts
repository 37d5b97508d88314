import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { duck } from '../support/duck.ts';
import type { LakePlace } from '../support/lakes/lake.ts';
import { sharedLakes } from '../support/lakes/test-lakes.ts';
import { sampled } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';

const incremental = 'run_type: incremental\nwatermark: { column: at }\n';
const rows = (from: number, to: number) =>
  `select range as id, timestamp '2026-01-01' + interval (range // 4) minute as at, 'näme ' || range as name from range(${from}, ${to})`;
/** In S3 the state lies beside the data. */
const stateOf = (lake: LakePlace) =>
  lake.side('state').replace(/^\{ type: s3, bucket: (\S+),(.*)path: "state"/, '{ type: object, path: "s3://$1/state",$2');

async function go(workspace: TestWorkspace, lake: LakePlace, flow: string) {
  const { stdout, stderr, events } = await workspace.run(['go', '--flow', flow, '--output', 'json'], { env: lake.env });
  expect(stdout + stderr).not.toContain(lake.env.LAKE_KEY ?? 'no key');
  expect(events.at(-1), stdout + stderr).toMatchObject({ event: 'summary', error: 0, total: 1 });
  return events.at(-1);
}

/** The files of rows, as the lake's own client has them, of which none is left over. */
async function downloaded(workspace: TestWorkspace, lake: LakePlace, to: string): Promise<readonly string[]> {
  workspace.write({ [`${to}/.keep`]: '' });
  await lake.download('', workspace.path(to));
  expect(await lake.unfinished()).toEqual([]);
  const files = readdirSync(workspace.path(to), { recursive: true, encoding: 'utf8' });
  expect(files.filter((file) => file.includes('/staging/'))).toEqual([]);
  return files.filter((file) => file.endsWith('.parquet') && !file.includes('_hygge'));
}

describe.each(sampled(sharedLakes(), 3))('a lake in $name', ({ name, missing, start }) => {
  test.skipIf(missing !== undefined)('takes rows from a local disk and gives them back, incrementally, as they were', async () => {
    await using lake = await start();
    using workspace = new TestWorkspace({
      'hygge.yml': `name: test\n${name === 's3' ? `state: ${stateOf(lake)}\n` : ''}`,
      'flows/up/flow.yml': `home: in\nstore: ${lake.side('raw')}\n${incremental}`,
      'flows/down/flow.yml': `home: ${lake.side('raw')}\nstore: out\n${incremental}`,
    });
    await workspace.parquet('in/1.parquet', rows(0, 3000));
    expect(await go(workspace, lake, 'up')).toMatchObject({ pass: 1, rows: 3000 });
    expect(await go(workspace, lake, 'down')).toMatchObject({ pass: 1, rows: 3000 });
    await workspace.parquet('in/2.parquet', rows(3000, 4000));
    expect(await go(workspace, lake, 'up')).toMatchObject({ pass: 1, rows: 1000 });
    expect(await go(workspace, lake, 'up')).toMatchObject({ skip: 1, rows: 0 });
    expect(await go(workspace, lake, 'down')).toMatchObject({ pass: 1, rows: 1000 });
    const written = await duck(`select * from '${workspace.path('in')}/*.parquet' order by all`);
    expect(await workspace.settled('out', 'down', 'down')).toEqual(written);
    const files = (await downloaded(workspace, lake, 'there')).map((file) => `'${workspace.path('there', file)}'`);
    expect(await duck(`select * from read_parquet([${files.join(', ')}]) order by all`)).toEqual(written);
    expect([...workspace.tree().keys()].some((path) => path.startsWith('.hygge/state/'))).toBe(name !== 's3');
  });
});
