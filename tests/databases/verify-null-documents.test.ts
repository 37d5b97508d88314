import { describe, expect, test } from 'vitest';
import type { Comparison } from '../../src/ports/answers/comparison.ts';
import { inProcess } from '../support/in-process.ts';
import { sampled } from '../support/samples.ts';
import { duckdb, firstOf, placeIn, postgres } from './databases.ts';

const formats = ['ndjson', 'json', 'parquet'] as const;

describe.each([postgres, duckdb])('documents of JSON that are null in $name', (kind) => {
  const title = 'are the same as what settled of them in files of %s, and other documents are not';
  test.skipIf(kind.missing !== '').for(sampled(formats, 3, firstOf(kind)))(title, async (format) => {
    await using place = await placeIn(kind, () => ({
      'flows/f/flow.yml': `home: { connection: c, table: src }\nstore: { path: lake, format: ${format} }\nrun_type: full_drop\nentities: [e]\n`,
    }));
    const { database, workspace } = place;
    await database.sql('create table src (id integer primary key, doc json)');
    await database.sql(`insert into src values (1, ' null '), (2, null), (3, '{"a": null}'), (4, '"null"'), (5, '[null]')`);
    const hygge = (...args: readonly string[]) => inProcess(args, workspace.root, { SHOP_SECRET: database.password });
    const verified = async (): Promise<Comparison> => {
      const { stdout, stderr } = await hygge('verify', '--output', 'json', '--pause', '0s');
      expect(stdout, stderr).not.toBe('');
      return JSON.parse(stdout) as Comparison;
    };
    const loaded = await hygge('go');
    expect(loaded.code, loaded.stderr).toBe(0);
    expect(await verified()).toMatchObject({ verdict: 'same', differing: [], rows: { source: 5, destination: 5 } });

    await database.sql(`update src set doc = '{"a": null, "b": null}' where id = 3`);
    await database.sql(`update src set doc = 'null' where id = 4`);
    await database.sql(`update src set doc = '0' where id = 2`);
    const found = await verified();
    expect(found.verdict).toBe('differs');
    expect(found.differing.map(({ key }) => key?.id).sort()).toEqual(['2', '3', '4']);
  });
});
