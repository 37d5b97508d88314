/** Times that a Delta table has no exact type for, and wall-clock times as instants in UTC. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Opening } from '../../../src/engine/contracts/connector.ts';
import { tablePlaceOf } from '../../../src/files/connectors/open.ts';
import { duck } from '../../support/duck.ts';
import { byTime, codeOf, errorOf, flowOf, StoreScene } from './store-scene.ts';

const at = (n: number, fraction: string) => `timestamp_ns '2026-01-0${n} 00:00:00.${fraction}'`;
type Row = readonly [id: number, at: string];

async function source(scene: StoreScene, ...rows: readonly Row[]): Promise<void> {
  const selects = rows.map(([id, time]) => `select ${id}::bigint as id, ${time} as "at", ${time} as seen`);
  await duck(`copy (${selects.join(' union all ')}) to '${scene.workspace.path('in.parquet')}' (format parquet)`);
}

/** By a reader that is not ours. */
async function rows(scene: StoreScene): Promise<readonly string[]> {
  const files = scene.others.state().files.map(({ path }) => `'${join(scene.table, decodeURIComponent(path))}'`);
  const found = await duck(
    "set timezone = 'UTC'",
    `select id || ' ' || strftime("at" at time zone 'UTC', '%Y-%m-%d %H:%M:%S.%f') as row from (select id, "at"::timestamptz as "at" from read_parquet([${files.join(', ')}])) order by id`,
  );
  return found.map(({ row }) => String(row));
}

const typesIn = (scene: StoreScene, version = 0): Readonly<Record<string, unknown>> => {
  const text = readFileSync(join(scene.table, '_delta_log', `${String(version).padStart(20, '0')}.json`), 'utf8');
  const { metaData } = JSON.parse(text.split('\n').find((line) => line.includes('metaData')) ?? '{}') as {
    metaData: { schemaString: string };
  };
  const { fields } = JSON.parse(metaData.schemaString) as { fields: readonly { name: string; type: unknown }[] };
  return Object.fromEntries(fields.map(({ name, type }) => [name, type]));
};

describe('timestamps: truncate', () => {
  it('cuts digits beyond microseconds, also of the watermark, and says so once', async () => {
    using scene = new StoreScene(flowOf(byTime, ', timestamps: truncate', 'in.parquet'));
    await source(scene, [1, at(1, '123456789')], [2, at(2, '000000999')]);
    const run = await scene.run('go');
    expect(errorOf(run)).toBeUndefined();
    expect(run.stdout.split('delta.times_cut').length - 1).toBe(1);
    expect(typesIn(scene)).toEqual({ id: 'long', at: 'timestamp_ntz', seen: 'timestamp_ntz' });
    expect(await rows(scene)).toEqual(['1 2026-01-01 00:00:00.123456', '2 2026-01-02 00:00:00.000000']);
    await source(scene, [1, at(1, '123456789')], [2, at(2, '000000999')], [3, at(2, '000000999')], [4, at(2, '000001001')]);
    expect(errorOf(await scene.run('go'))).toBeUndefined();
    expect((await rows(scene)).map((row) => row.slice(0, 1))).toEqual(['1', '2', '3', '4']);
    const verify = await scene.run('verify', 'f.f');
    expect(verify.code, verify.stdout).toBe(0);
    await source(scene, [1, at(1, '123456789')], [7, at(2, '000000500')], [4, at(2, '000001001')]);
    const backfill = await scene.run('backfill', 'f.f', '--from', '2026-01-02T00:00:00', '--to', '2026-01-03T00:00:00');
    expect(errorOf(backfill)).toBeUndefined();
    expect((await rows(scene)).map((row) => row.slice(0, 1))).toEqual(['1', '4', '7']);
  });
});

describe('timestamps: truncate is named, and leads on', () => {
  const rowsWith = (scene: StoreScene, ...times: readonly string[]) =>
    scene.workspace.parquet(
      'in.parquet',
      times.map((time, n) => `select ${n + 1}::bigint as id, timestamp '2026-01-0${n + 1}' as "at", ${time} as seen`).join(' union all '),
    );
  const seen = async (scene: StoreScene, column = 'seen') => {
    const files = scene.others.state().files.map(({ path }) => `'${join(scene.table, decodeURIComponent(path))}'`);
    const found = await duck(
      `select id || ' ' || coalesce(${column}::varchar, '') as row from read_parquet([${files.join(', ')}], union_by_name = true) order by id`,
    );
    return found.map(({ row }) => row);
  };

  it('where a column of microseconds has finer times from now on', async () => {
    using scene = new StoreScene(flowOf(byTime, '', 'in.parquet'));
    await rowsWith(scene, "timestamp '2026-01-01 00:00:00.5'");
    expect(errorOf(await scene.run('go'))).toBeUndefined();
    await rowsWith(scene, at(1, '5'), at(2, '123456789'));
    const stopped = await scene.run('go');
    expect(codeOf(stopped)).toBe('HYG-2012');
    expect(errorOf(stopped)?.tryThis?.join('\n')).toContain('hygge schema accept f.f');
    const accept = () => scene.workspace.run(['schema', 'accept', 'f.f', '--yes']);
    const refused = await accept();
    expect(refused.stderr).toMatch(/HYG-1907[\s\S]*would not let a run continue: Column seen_timestamp_ns/);
    expect(refused.stderr).toContain('store: { timestamps: truncate }');
    scene.workspace.write({ 'flows/f/flow.yml': flowOf(byTime, ', timestamps: truncate', 'in.parquet') });
    const accepted = await accept();
    expect(accepted.code, accepted.stdout + accepted.stderr).toBe(0);
    expect(errorOf(await scene.run('go'))).toBeUndefined();
    expect(await seen(scene, 'seen_timestamp_ns')).toEqual(['1 2026-01-01 00:00:00.5', '2 2026-01-02 00:00:00.123456']);
  });
});

describe('a watermark in milliseconds, which a Delta table holds in microseconds', () => {
  const write = (scene: StoreScene, ...rows: readonly (readonly [id: number, day: number])[]) =>
    scene.workspace.parquet(
      'in.parquet',
      rows.map(([id, day]) => `select ${id}::bigint as id, '2026-01-0${day}'::timestamp_ms as "at", 'n${id}' as name`).join(' union all '),
    );
  const day = (n: number) => `2026-01-0${n}T00:00:00`;
  const backfilled = async (scene: StoreScene, from: number, to: number) =>
    expect(errorOf(await scene.run('backfill', 'f.f', '--from', day(from), '--to', day(to)))).toBeUndefined();

  it('keeps its range in files that two backfills carry rows along in', async () => {
    using scene = new StoreScene(flowOf(byTime, '', 'in.parquet'));
    await write(scene, [1, 1], [2, 2], [3, 3], [4, 4], [5, 5]);
    expect(errorOf(await scene.run('go'))).toBeUndefined();
    await write(scene, [1, 1], [2, 2], [13, 3], [4, 4], [5, 5]);
    await backfilled(scene, 3, 4);
    await write(scene, [11, 1], [2, 2], [13, 3], [4, 4], [5, 5]);
    await backfilled(scene, 1, 2);
    expect(await scene.ids()).toEqual([2, 4, 5, 11, 13]);
  });

  it('keeps its range in files that a merge writes again', async () => {
    using scene = new StoreScene(
      flowOf('run_type: incremental\nwatermark: { column: at, key: id }\n', ', merge: copy_on_write', 'in.parquet'),
    );
    await write(scene, [1, 1], [2, 2], [3, 3]);
    expect(errorOf(await scene.run('go'))).toBeUndefined();
    await write(scene, [1, 1], [2, 6], [3, 3]);
    expect(errorOf(await scene.run('go'))).toBeUndefined();
    const records = readdirSync(scene.table, { recursive: true, encoding: 'utf8' }).filter(
      (name) => name.includes('/commits/') && name.endsWith('.json'),
    );
    const heads = records.map(
      (name) =>
        JSON.parse(readFileSync(join(scene.table, name), 'utf8')) as { head: { epoch: number; files: readonly { min?: string }[] } },
    );
    const newest = heads.map(({ head }) => head).sort((one, other) => other.epoch - one.epoch)[0];
    expect(newest?.files.map(({ min }) => min?.slice(0, 10)).sort()).toEqual(['2026-01-01', '2026-01-03', '2026-01-06']);
    await write(scene, [1, 1], [2, 6], [13, 3]);
    await backfilled(scene, 3, 4);
    expect(await scene.ids()).toEqual([1, 2, 13]);
  });
});

describe('wall_clock: utc', () => {
  it('makes instants in UTC of wall-clock times, and says so', async () => {
    using scene = new StoreScene(flowOf(byTime, ', wall_clock: utc, timestamps: truncate', 'in.parquet'));
    await source(scene, [1, at(1, '5')], [2, at(2, '5')]);
    const run = await scene.run('go');
    expect(errorOf(run)).toBeUndefined();
    expect(run.stdout.split('delta.wall_clock_in_utc').length - 1).toBe(1);
    expect(typesIn(scene)).toEqual({ id: 'long', at: 'timestamp', seen: 'timestamp' });
    await source(scene, [1, at(1, '5')], [2, at(2, '5')], [3, at(2, '5')], [4, at(3, '5')]);
    expect(errorOf(await scene.run('go'))).toBeUndefined();
    expect(await rows(scene)).toEqual([1, 2, 3, 4].map((id) => `${id} 2026-01-0${id < 3 ? id : id - 1} 00:00:00.500000`));
    await scene.others.optimize();
    await source(scene, [3, at(2, '5')], [4, at(3, '5')], [5, at(3, '5')], [6, at(4, '5')]);
    expect(errorOf(await scene.run('go'))).toBeUndefined();
    expect((await rows(scene)).map((row) => row.slice(0, 1))).toEqual(['1', '2', '3', '4', '5', '6']);
    await source(scene, [1, at(1, '5')], [2, at(2, '5')], [7, at(3, '5')], [6, at(4, '5')]);
    const backfill = await scene.run('backfill', 'f.f', '--from', '2026-01-03T00:00:00', '--to', '2026-01-04T00:00:00');
    expect(errorOf(backfill)).toBeUndefined();
    expect((await rows(scene)).map((row) => row.slice(0, 1))).toEqual(['1', '2', '3', '6', '7']);
    await source(scene, [1, at(1, '5')], [2, at(2, '5')], [3, at(2, '5')], [7, at(3, '5')], [6, at(4, '5')]);
    const verify = await scene.run('verify', 'f.f');
    expect(verify.code, verify.stdout).toBe(0);
  });

  it('of a watermark that is also the partition can be backfilled, with the rows of other partitions untouched', async () => {
    using scene = new StoreScene(flowOf(byTime, ', wall_clock: utc, timestamps: truncate, partition_by: [at]', 'in.parquet'));
    await source(scene, [1, at(1, '5')], [2, at(2, '5')], [3, at(3, '5')]);
    expect(errorOf(await scene.run('go'))).toBeUndefined();
    await source(scene, [1, at(1, '5')], [4, at(2, '5')], [3, at(3, '5')]);
    const backfill = await scene.run('backfill', 'f.f', '--from', '2026-01-02T00:00:00', '--to', '2026-01-03T00:00:00');
    expect(errorOf(backfill)).toBeUndefined();
    const ids = async () => {
      const files = scene.others.state().files.map(({ path }) => `'${join(scene.table, decodeURIComponent(path))}'`);
      return (await duck(`select id from read_parquet([${files.join(', ')}]) order by id`)).map(({ id }) => Number(id));
    };
    expect(await ids()).toEqual([1, 3, 4]);
    expect((await scene.run('verify', 'f.f')).code).toBe(0);
    await source(scene, [1, at(1, '5')], [4, at(2, '5')], [3, at(3, '5')], [5, at(3, '5')], [6, at(4, '5')]);
    expect(errorOf(await scene.run('go'))).toBeUndefined();
    expect(await ids()).toEqual([1, 3, 4, 5, 6]);
  });

  it('leaves a column that is there as it is', async () => {
    using scene = new StoreScene(flowOf(byTime, '', 'in.parquet'));
    const rowsOf = (...ids: readonly number[]) =>
      scene.workspace.parquet(
        'in.parquet',
        `select id, timestamp '2026-01-01 00:00:00.5' + to_days(id::integer - 1) as "at" from (values ${ids.map((id) => `(${id})`).join(', ')}) as r(id)`,
      );
    await rowsOf(1);
    await scene.run('go');
    scene.workspace.write({ 'flows/f/flow.yml': flowOf(byTime, ', wall_clock: utc', 'in.parquet') });
    await rowsOf(1, 2);
    expect(errorOf(await scene.run('go'))).toBeUndefined();
    expect(await rows(scene)).toEqual([1, 2].map((id) => `${id} 2026-01-0${id} 00:00:00.500000`));
    expect(typesIn(scene)).toMatchObject({ at: 'timestamp_ntz' });
  });
});

describe('the place of a table', () => {
  const placeOn = (type: string, more: object = {}) =>
    tablePlaceOf(
      { path: 'orders', base: 'orders', format: 'delta', target_file_size: '1MB', ...more },
      { flow: 'f', entity: 'e' } as unknown as Opening,
      { type, root: 'orders' },
    );

  it('has wall-clock times in UTC on OneLake alone, unless a key says otherwise', async () => {
    expect((await placeOn('onelake')).wallClock).toBe('utc');
    expect((await placeOn('onelake', { wall_clock: 'timestamp_ntz' })).wallClock).toBeUndefined();
    expect((await placeOn('adls')).wallClock).toBeUndefined();
    expect((await placeOn('local', { wall_clock: 'utc' })).wallClock).toBe('utc');
  });
});
