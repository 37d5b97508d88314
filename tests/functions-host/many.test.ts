import { mkdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { sharedAzurite } from '../support/azurite.ts';
import { count, duck } from '../support/duck.ts';
import { startHyggeApp } from '../support/function-host/hygge-app.ts';
import { sampled, whole } from '../support/samples.ts';

const azurite = sharedAzurite();

/** An instance is read whole at every step: this is where it becomes slow. */
const mostHistoryBytes = 150_000;

/** Entities of the wide flow: enough for several batches of them. */
const wide = whole ? 200 : 60;

/** One a day with a tenth of it, all of them whole in `npm run soak`. */
const slices = 3 * sampled(Array(333).keys(), 10).length + 1;

const trials: Readonly<Record<string, () => Promise<void>>> = {
  [`${wide} entities of one flow come to their end, and no history grows long`]: async () => {
    const names = Array.from({ length: wide }, (_, n) => `table_${n}`);
    const flow = `home: { type: parquet, path: "in/{entity}.parquet" }\nstore: { type: parquet, path: lake }\nentities: [${names.join(', ')}]\n`;
    await using app = await startHyggeApp({ azurite: await azurite(), files: { 'flows/wide/flow.yml': flow } });
    mkdirSync(app.workspace.path('in'));
    await duck(
      ...names.map((name, n) => `copy (select ${n} as n, range as id from range(${n + 1})) to '${app.workspace.path('in', name)}.parquet'`),
    );
    const rows = (wide * (wide + 1)) / 2;
    expect(await app.run('wide')).toMatchObject({ status: 'pass' });
    expect((await app.ended('wide')).output).toMatchObject({ pass: wide, rows });
    expect(await count(`select count(*) as n from '${app.workspace.path('lake')}/*/*.parquet'`)).toBe(rows);
    const { largestHistories, activities } = await app.host.ask('stats');
    expect(activities).toBeGreaterThan(3 * wide);
    // With all its entities in one history a flow of 60 would have some 40 kB.
    expect(largestHistories.filter(({ bytes }) => bytes > (whole ? mostHistoryBytes : 20_000))).toEqual([]);
  },
  [`an entity of ${slices} slices comes to its end, and no history grows long`]: async () => {
    const flow = 'home: { type: parquet, path: in }\nstore: { type: parquet, path: lake }\nrun_type: incremental\nchanged_files: replace\n';
    await using app = await startHyggeApp({ azurite: await azurite(), files: { 'flows/deep/flow.yml': flow } });
    mkdirSync(app.workspace.path('in'));
    await duck(
      `copy (select range as id, range // 2 as file from range(${2 * slices})) to '${app.workspace.path('in')}' (format parquet, partition_by (file), filename_pattern 'f_{uuid}', overwrite_or_ignore)`,
    );
    expect(await app.run('deep')).toMatchObject({ status: 'pass' });
    expect((await app.ended('deep')).output).toMatchObject({ pass: 1, rows: 2 * slices });
    const { largestHistories } = await app.host.ask('stats');
    expect(largestHistories.filter(({ bytes }) => bytes > mostHistoryBytes)).toEqual([]);
  },
  '150 entities with long names that all fail with long words keep within every cap': async () => {
    const names = Array.from({ length: 150 }, (_, n) => `${'a long name '.repeat(8)}${n}`);
    const list = names.map((name) => `  - { name: ${name}, home: { path: "nowhere/${'and no further/'.repeat(12)}${name}" } }`).join('\n');
    const flow = `home: { type: parquet, path: "." }\nstore: { type: parquet, path: lake }\nentities:\n${list}\n`;
    await using app = await startHyggeApp({
      azurite: await azurite(),
      files: { 'flows/long/flow.yml': flow },
      options: '{ continue_on_error: true }',
    });
    expect(await app.run('long')).toMatchObject({ status: 'error' });
    expect((await app.ended('long')).output).toMatchObject({ error: 150 });
  },
};

describe('more than anybody has', () => {
  it.each(sampled(Object.entries(trials), 3))('%s', (_, trial) => trial());
});
