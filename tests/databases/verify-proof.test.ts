import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inProcess } from '../support/in-process.ts';
import { isMysql, mariadbDatabase } from '../support/mariadb.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { type Database, duckdb, mariadb, postgres, sqlite } from './databases.ts';

interface Proof {
  readonly verdict: string;
  readonly sums: { readonly source: string; readonly destination: string };
  readonly source: ProofSide;
  readonly destination: ProofSide;
}

interface ProofSide {
  readonly rows: number;
  readonly sum: string;
  readonly columns: readonly { readonly name: string; readonly count: number; readonly sum: string }[];
}

const answerOf = ({ rows, sum, columns }: ProofSide): string =>
  ['0', rows, sum, ...columns.flatMap(({ count, sum: own }) => [count, own])].join(' ');

describe.each([postgres, mariadb, duckdb])('the proof of a comparison in $name', (kind) => {
  describe.skipIf(kind.missing !== '')('', () => {
    let database: Database;
    beforeAll(async () => {
      database = await kind.open();
      if (kind === mariadb && isMysql) {
        // MySQL 9.6 and later have no MD5 by themselves.
        await using server = await mariadbDatabase();
        await server.sql("install component 'file://component_classic_hashing'").catch(() => '');
      }
    });
    afterAll(() => database?.[Symbol.asyncDispose]());

    async function scene(store: string) {
      await database.cleared();
      await database.sql('create table src (id integer primary key, name varchar(20), price decimal(10, 2), placed timestamp null)');
      const rows = Array.from(
        { length: 50 },
        (_, n) => `(${n}, ${n % 7 === 0 ? 'null' : `'é${n} '`}, ${n}.50, '2026-01-02 00:00:${10 + n}')`,
      );
      await database.sql(`insert into src values ${rows.join(', ')}`);
      const workspace = new TestWorkspace({
        'hygge.yml': `name: w\nconnections: { c: ${database.connection} }\n`,
        'flows/f/flow.yml': `home: { connection: c, table: src }\nstore: ${store}\nentities: [e]\n`,
      });
      const hygge = (...args: readonly string[]) => inProcess(args, workspace.root, { SHOP_SECRET: database.password });
      expect(await hygge('go')).toMatchObject({ code: 0 });
      const folder = workspace.path('proof');
      const proof = () => JSON.parse(readFileSync(`${folder}/sums.json`, 'utf8')) as Proof;
      /** By the program of the system, which is not hygge's. */
      const ran = async (file: string) =>
        (await database.sql(readFileSync(`${folder}/${file}`, 'utf8').replaceAll(/^--.*\n/gm, ''))).at(-1);
      return { hygge, folder, proof, ran, [Symbol.dispose]: () => workspace[Symbol.dispose]() };
    }

    it('is SQL that gives the printed numbers, on both sides', async () => {
      using place = await scene(`{ connection: c, table: e${database.keys} }`);
      const { stdout, code } = await place.hygge('verify', 'f.e', '--proof', place.folder, '--output', 'json');
      expect({ code, found: JSON.parse(stdout) }).toMatchObject({ code: 0, found: { verdict: 'same', proof: { folder: place.folder } } });
      const proof = place.proof();
      expect(proof).toMatchObject({ verdict: 'same', source: { rows: 50 }, destination: { rows: 50, sum: proof.source.sum } });
      expect(proof.sums).toEqual({ source: proof.source.sum, destination: proof.destination.sum });
      expect(proof.source.columns.map(({ name, count }) => [name, count])).toEqual([
        ['id', 50],
        ['name', 42],
        ['price', 50],
        ['placed', 50],
      ]);
      expect(await place.ran('source.sql')).toBe(answerOf(proof.source));
      expect(await place.ran('destination.sql')).toBe(answerOf(proof.destination));
      const written = readdirSync(place.folder)
        .map((name) => readFileSync(`${place.folder}/${name}`, 'utf8'))
        .join('\n');
      if (database.password !== 'none') expect(written).not.toContain(database.password);
      expect(written).toContain('The answer has one row');
      await database.sql("update src set name = 'other' where id = 3");
      expect((await place.hygge('verify', 'f.e', '--proof', place.folder, '--pause', '0s')).code).toBe(1);
      const next = place.proof();
      expect(next).toMatchObject({ verdict: 'differs', destination: { sum: proof.destination.sum } });
      expect(await place.ran('source.sql')).toBe(answerOf(next.source));
      expect(next.source.sum).not.toBe(next.destination.sum);
    });

    it('is of one side where the other one is files, whose rows hygge sums', async () => {
      using place = await scene('{ path: lake }');
      expect((await place.hygge('verify', 'f.e', '--proof', place.folder)).code).toBe(0);
      const proof = place.proof();
      expect(await place.ran('source.sql')).toBe(answerOf(proof.source));
      expect(proof.destination).toEqual({ sql: null, why: 'the destination has no SQL that sums rows' });
      expect(readFileSync(`${place.folder}/README.md`, 'utf8')).toContain('The destination has no SQL here');
      // The rows were summed by hygge, in the place of SQL.
      expect(readFileSync(`${place.folder}/README.md`, 'utf8')).toMatch(
        new RegExp(`\\| destination \\| .* \\| 50 \\| ${proof.source.sum} \\|`),
      );
    });
  });
});

describe('a proof', () => {
  it.skipIf(sqlite.missing !== '')('is not written into a folder of others, of several entities, nor where no SQL sums rows', async () => {
    await using database = await sqlite.open();
    await database.sql('create table src (id integer primary key)', 'insert into src values (1)');
    using workspace = new TestWorkspace({
      'hygge.yml': `name: w\nconnections: { c: ${database.connection} }\n`,
      'flows/f/flow.yml': 'home: { connection: c, table: src }\nstore: { path: lake }\nentities: [e, { name: g }]\n',
    });
    const hygge = (...args: readonly string[]) => inProcess(args, workspace.root, {});
    await hygge('go');
    const folder = workspace.path('proof');
    expect((await hygge('verify', 'f.e', '--proof', folder)).stdout).toContain('HYG-2092');
    mkdirSync(folder);
    writeFileSync(`${folder}/notes.txt`, 'mine');
    const refused = await hygge('verify', 'f.e', '--proof', 'proof');
    expect(refused.stdout + refused.stderr).toContain('HYG-1914');
    expect(readdirSync(folder)).toEqual(['notes.txt']);
    mkdirSync(workspace.path('other'));
    writeFileSync(workspace.path('other/sums.json'), '{ "flow": "f", "entity": "g" }');
    expect((await hygge('verify', 'f.e', '--proof', 'other')).stderr).toContain('no proof of f.e');
    expect((await hygge('verify', 'f.e', '--proof', 'hygge.yml')).stderr).toContain('It is a file.');
    const several = await hygge('verify', '--proof', `${folder}2`);
    expect(several.stdout + several.stderr).toContain('--proof is of one entity');
    const sampled = await hygge('verify', 'f.e', '--proof', `${folder}2`, '--sample', '1%');
    expect(sampled.stdout + sampled.stderr).toContain('--sample');
  });

  it.skipIf(postgres.missing !== '')('is not written of a view that gives other values each time', async () => {
    await using database = await postgres.open();
    await database.sql('create view src as select i as id, clock_timestamp()::text as at from generate_series(1, 3) i');
    using workspace = new TestWorkspace({
      'hygge.yml': `name: w\nconnections: { c: ${database.connection} }\n`,
      'flows/f/flow.yml': 'home: { connection: c, table: src }\nstore: { path: lake }\nentities: [e]\n',
    });
    const hygge = (...args: readonly string[]) => inProcess(args, workspace.root, { SHOP_SECRET: database.password });
    await hygge('go');
    const told = await hygge('verify', 'f.e', '--proof', workspace.path('proof'), '--pause', '0s');
    expect(told.stdout).toContain('HYG-2093');
    expect(() => readdirSync(workspace.path('proof'))).toThrow();
  });
});
