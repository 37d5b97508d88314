import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inProcess } from '../support/in-process.ts';
import { isMysql, mariadbDatabase } from '../support/mariadb.ts';
import { noPostgresTools } from '../support/postgres.ts';
import { answerOf, duckIn, readProof } from '../support/run-proof.ts';
import { whole } from '../support/samples.ts';
import { TestWorkspace } from '../support/workspace.ts';
import { type Database, duckdb, mariadb, placeIn, postgres } from './databases.ts';
import { openDatabase as openPostgres } from './postgres/support.ts';

/** SQL literals. */
const texts = ["'é '", "'it''s'", "'two\nlines'", "'🏡'", "''", `'"x" | y'`];

const kinds = [postgres, mariadb, duckdb];

describe.each(kinds)('the proof of a comparison in $name', (kind) => {
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

    async function scene(store: string, more = '') {
      await database.cleared();
      await database.sql('create table src (id integer primary key, name varchar(20), price decimal(10, 2), placed timestamp null)');
      const rows = Array.from(
        { length: 20 },
        (_, n) => `(${n}, ${n % 7 === 0 ? 'null' : (texts[n % texts.length] ?? '')}, ${n}.50, '2026-01-02 00:00:${10 + n}')`,
      );
      await database.sql(`insert into src values ${rows.join(', ')}`);
      const workspace = new TestWorkspace({
        'hygge.yml': `name: w\nconnections: { c: ${database.connection} }\n`,
        'flows/f/flow.yml': `home: { connection: c, table: src }\nstore: ${store}\n${more}entities: [e]\n`,
      });
      const hygge = (...args: readonly string[]) => inProcess(args, workspace.root, { SHOP_SECRET: database.password });
      expect(await hygge('go')).toMatchObject({ code: 0 });
      const folder = workspace.path('proof');
      const proof = () => readProof(folder);
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
      expect(proof).toMatchObject({ verdict: 'same', source: { rows: 20 }, destination: { rows: 20, sum: proof.source.sum } });
      expect(proof.sums).toEqual({ source: proof.source.sum, destination: proof.destination.sum });
      expect(proof.source.columns.map(({ name, count }) => [name, count])).toEqual([
        ['id', 20],
        ['name', 17],
        ['price', 20],
        ['placed', 20],
      ]);
      expect(await place.ran('source.sql')).toBe(answerOf(proof.source));
      expect(await place.ran('destination.sql')).toBe(answerOf(proof.destination));
      const written = readdirSync(place.folder)
        .map((name) => readFileSync(`${place.folder}/${name}`, 'utf8'))
        .join('\n');
      if (database.password !== 'none') expect(written).not.toContain(database.password);
      expect(written).toContain('The answer has one row');
      if (kind !== duckdb) return;
      await database.sql("update src set name = 'other' where id = 3");
      expect((await place.hygge('verify', 'f.e', '--proof', place.folder, '--pause', '0s')).code).toBe(1);
      const next = place.proof();
      expect(next).toMatchObject({ verdict: 'differs', destination: { sum: proof.destination.sum } });
      expect(await place.ran('source.sql')).toBe(answerOf(next.source));
      expect(next.source.sum).not.toBe(next.destination.sum);
    });

    if (whole || kind === duckdb)
      it('ends at the settled watermark: rows that the source gets above it change no number, rows below it do', async () => {
        using place = await scene(`{ connection: c, table: e${database.keys} }`, 'run_type: incremental\nwatermark: { column: placed }\n');
        expect((await place.hygge('verify', 'f.e', '--proof', place.folder)).code).toBe(0);
        const proof = place.proof();
        expect(proof).toMatchObject({ verdict: 'same', source: { rows: 20 } });
        await database.sql("insert into src values (900, 'later', 1, '2027-01-01 00:00:00')");
        expect(await place.ran('source.sql')).toBe(answerOf(proof.source));
        await database.sql("insert into src values (901, 'earlier', 1, '2026-01-01 00:00:00')");
        expect(await place.ran('source.sql')).not.toBe(answerOf(proof.source));
        expect((await place.hygge('verify', 'f.e', '--proof', place.folder, '--pause', '0s')).code).toBe(1);
        expect(place.proof()).toMatchObject({ verdict: 'differs', source: { rows: 21 }, destination: { rows: 20 } });
      });

    if (whole || kind === duckdb)
      it('is of both sides where the other one is files', async () => {
        using place = await scene('{ path: lake }');
        expect((await place.hygge('verify', 'f.e', '--proof', place.folder)).code).toBe(0);
        const { source, destination } = place.proof();
        expect(await place.ran('source.sql')).toBe(answerOf(source));
        expect(destination).toMatchObject({ was_run: true, rows: 20, sum: source.sum });
        expect(await duckIn(`${place.folder}/../lake`, `${place.folder}/destination.sql`)).toBe(answerOf(destination));
      });

    const notExactly = 'is of one side where SQL reads the files of the other one not exactly: hygge sums their rows';
    if (whole || kind === duckdb)
      it(notExactly, async () => {
        using place = await scene('{ path: lake, format: json }');
        expect((await place.hygge('verify', 'f.e', '--proof', place.folder)).code).toBe(0);
        const { source, destination } = place.proof();
        expect(await place.ran('source.sql')).toBe(answerOf(source));
        expect(destination).toEqual({ sql: null, why: 'the destination has no SQL that sums rows' });
        expect(readFileSync(`${place.folder}/README.md`, 'utf8')).toContain('There is no destination.sql to run');
        // The rows were summed by hygge, in the place of SQL.
        expect(readFileSync(`${place.folder}/README.md`, 'utf8')).toMatch(
          new RegExp(`\\| destination \\| .* \\| 20 \\| ${source.sum} \\|`),
        );
      });
  });
});

describe('a proof', () => {
  it('is not written into a folder of others, of several entities, nor where no SQL sums rows', async () => {
    using workspace = new TestWorkspace({
      'data/e/a.csv': 'id\n1\n',
      'data/g/a.csv': 'id\n1\n',
      'flows/f/flow.yml': 'home: { path: data, format: csv }\nstore: { path: lake, format: json }\nentities: [e, { name: g }]\n',
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
    expect(several.stdout + several.stderr).toContain('--proof is for one entity');
    const sampled = await hygge('verify', 'f.e', '--proof', `${folder}2`, '--sample', '1%');
    expect(sampled.stdout + sampled.stderr).toContain('--sample');
  });

  it.skipIf(postgres.missing !== '' || noPostgresTools() !== '')('is read by psql as it lies there', async () => {
    await using opened = await openPostgres();
    const { db } = opened;
    const { host, port, database, user, password } = db;
    await db.sql('create table src (id bigint primary key, at timestamptz, ratio float8, day date, on_sale boolean, raw bytea, note text)');
    await db.sql(`insert into src values (9223372036854775807, '2026-01-31 23:59:59.5+02', 'NaN', '0001-01-01', true, '\\x00ff', e'a\\'b\\n🏡 '),
      (-9223372036854775808, '1969-12-31 23:59:59.999999+00', -0.0, '9999-12-31', false, '', ''), (0, null, null, null, null, null, null)`);
    const connection = JSON.stringify({ type: 'postgres', host, port, database, user, password: `\${SHOP_SECRET}` });
    using workspace = new TestWorkspace({
      'hygge.yml': `name: w\nconnections: { c: ${connection} }\n`,
      'flows/f/flow.yml': 'home: { connection: c, table: src }\nstore: { connection: c, table: e }\nentities: [e]\n',
    });
    const hygge = (...args: readonly string[]) => inProcess(args, workspace.root, { SHOP_SECRET: password });
    expect(await hygge('go')).toMatchObject({ code: 0 });
    expect((await hygge('verify', 'f.e', '--proof', 'proof')).code).toBe(0);
    const proof = readProof(workspace.path('proof'));
    expect(proof).toMatchObject({ verdict: 'same', source: { rows: 3, columns: { length: 7 } } });
    const numbers = (printed: string) =>
      printed
        .split('\n')[2]
        ?.split('|')
        .map((one) => one.trim())
        .join(' ');
    for (const side of ['source', 'destination'] as const)
      expect(numbers(await db.script(readFileSync(workspace.path(`proof/${side}.sql`), 'utf8')))).toBe(answerOf(proof[side]));
  });

  it.skipIf(postgres.missing !== '')('is not written of a view that gives other values each time', async () => {
    await using place = await placeIn(postgres, () => ({
      'flows/f/flow.yml': 'home: { connection: c, table: src }\nstore: { path: lake }\nentities: [e]\n',
    }));
    const { database, workspace } = place;
    await database.sql('create view src as select i as id, clock_timestamp()::text as at from generate_series(1, 3) i');
    const hygge = (...args: readonly string[]) => inProcess(args, workspace.root, { SHOP_SECRET: database.password });
    await hygge('go');
    const told = await hygge('verify', 'f.e', '--proof', workspace.path('proof'), '--pause', '0s');
    expect(told.stdout).toContain('HYG-2093');
    expect(() => readdirSync(workspace.path('proof'))).toThrow();
  });
});
