import { readFileSync, rmSync, statSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { everyFile } from '../cli/workspace.ts';
import { duck } from '../support/duck.ts';
import { DuckdbTestFile } from '../support/duckdb-file.ts';
import { noPostgres, postgresDatabase } from '../support/postgres.ts';
import { TestWorkspace } from '../support/workspace.ts';

let place: TestWorkspace;
beforeEach(() => {
  place = new TestWorkspace();
  rmSync(place.path('hygge.yml'));
});
afterEach(() => place[Symbol.dispose]());

const hygge = async (args: readonly string[], env: Readonly<Record<string, string>> = {}) => await place.run(args, { env });
const read = (path: string) => readFileSync(place.path(path), 'utf8');
const plainSecret = "c4n4ry/p#ss'w@rd";

/** All that was written, but for `.env`. */
async function everythingBut(...names: readonly string[]): Promise<string> {
  const files = Object.entries(await everyFile(place.root)).filter(([path]) => !names.some((name) => path.endsWith(name)));
  return files.map(([, text]) => Buffer.from(text.split(' ')[1] ?? '', 'base64').toString('latin1')).join('\n');
}

describe.skipIf(noPostgres() !== '')('hygge init --from PostgreSQL', () => {
  it('writes a schema as flows that pass debug and run; a password of the URL stands in .env alone', async () => {
    await using db = await postgresDatabase();
    await db.sql(`create role first_hour login superuser password '${plainSecret.replaceAll("'", "''")}'`);
    try {
      await db.sql(`create schema sales;
        create table sales.orders (id bigint generated always as identity primary key, changed_on date not null, made timestamptz not null default now());
        insert into sales.orders (changed_on) select date '2026-01-01' + i from generate_series(1, 50) i;
        create table sales."Codes" (code text not null, region text not null, label text, seen timestamp, constraint u unique (code, region) include (label));
        create unique index on sales."Codes" (label); create unique index on sales."Codes" (lower(code)); create unique index on sales."Codes" (region) where label is null;
        insert into sales."Codes" values ('a', 'b', 'c', now());
        create table sales.events (id bigint generated always as identity primary key, payload text); insert into sales.events (payload) values ('x');
        create table public.other (a int); analyze`);
      const url = `postgres://first_hour:${encodeURIComponent(plainSecret)}@${db.host}:${db.port}/${db.database}`;
      const made = await hygge(['init', 'lake', '--from', url, '--tables', 'sales.*', '--yes']);
      expect(made).toMatchObject({ code: 0, stderr: '' });
      expect(made.stdout).toContain('+ .env   the password; git passes it over');
      const flow = db.database;
      const entity = (name: string) => read(`lake/flows/${flow}/entities/${name}.yml`);
      expect(read(`lake/flows/${flow}/flow.yml`)).toContain('table: "sales.{entity}"');
      expect(entity('orders')).toMatch(
        /~50 rows.*\n# primary key: id\n\n.*changed_on: date.*\nrun_type: incremental\nwatermark: \{ column: changed_on, key: \[id\] \}\n/,
      );
      expect(entity('Codes')).toMatch(/# unique index: code, region\n[\s\S]*run_type: full_drop\n[\s\S]*seen: .*may be null/);
      expect(entity('events')).toMatch(/run_type: full_drop\n[\s\S]*# {3}id: .*counted up: only for rows that are added/);
      expect(statSync(place.path('lake/.env')).mode & 0o077).toBe(0);
      for (const form of [plainSecret, encodeURIComponent(plainSecret), 'c4n4ry']) {
        expect(await everythingBut('/.env')).not.toContain(form);
        expect(made.stdout).not.toContain(form);
      }
      expect(await hygge(['debug', '-C', 'lake'])).toMatchObject({ code: 0 });
      expect(await hygge(['check', '-C', 'lake'])).toMatchObject({ code: 0 });
      const gone = await hygge(['go', '-C', 'lake']);
      expect(gone.stdout).toContain('PASS=3 WARN=0 ERROR=0');
      expect(await duck(`select count(*)::int as n from '${place.path(`lake/data/lake/${flow}/orders`)}/*.parquet'`)).toEqual([{ n: 50 }]);

      // A variable stays one, and a folder whose .gitignore lets .env through gets no password.
      const byVariable = await hygge(['init', 'v', '--from', url.replace(/:[^:@]*@/, ':$' + '{PG_SECRET}@'), '--yes'], {
        PG_SECRET: plainSecret,
      });
      expect(byVariable).toMatchObject({ code: 0, stderr: '' });
      expect(read('v/hygge.yml')).toContain('password: "$' + '{PG_SECRET}"');
      expect(read(`v/flows/${flow}/entities/other.yml`)).toContain('home: { table: "public.other" }');
      place.write({ 'open/.gitignore': 'node_modules\n' });
      const open = await hygge(['init', 'open', '--from', `${url}#public.*`, '--yes']);
      expect(open.stdout).toMatch(/1\. cd open\n {2}2\. set \w+_PASSWORD, in the environment or in \.env\n/);
      expect(await everythingBut('lake/.env')).not.toContain('c4n4ry');
      const wrong = await hygge(['init', 'w', '--from', url.replace('c4n4ry', 'c4n4ry-not'), '--yes']);
      expect(wrong).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/HYG-65\d\d/) });
      expect(wrong.stderr).not.toContain('c4n4ry');
    } finally {
      await db.sql('drop schema if exists sales cascade; drop role if exists first_hour');
    }
  });
});

describe('hygge init --from a database with names that differ in little', () => {
  it('a name that begins or ends with a blank stays what it is, beside one without', async () => {
    const tables = [' orders', 'orders', 'orders '].map((name, at) => `create table "${name}" as select ${at} as a`);
    await DuckdbTestFile.ask(place.path('shop.duckdb'), ...tables);
    expect(await hygge(['init', 'lake', '--from', 'shop.duckdb', '--yes'])).toMatchObject({ code: 0, stderr: '' });
    expect((await hygge(['go', '-C', 'lake'])).stdout).toContain('PASS=3');
    const of = async (folder: string) => await duck(`select a from '${place.path('lake/data/lake/shop')}/${folder}/*.parquet'`);
    expect([await of('%20orders'), await of('orders'), await of('orders%20')]).toEqual([[{ a: 0 }], [{ a: 1 }], [{ a: 2 }]]);
  });
});
