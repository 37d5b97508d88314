import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { postgres } from '../../src/databases/postgres/postgres.ts';
import { type Lexis, statementsOf } from '../../src/databases/sql/statements.ts';

const lexis = postgres.lexis as Lexis;
const of = (sql: string) => statementsOf(sql, lexis).map(({ text, line }) => `${line}: ${text}`);

describe('a file of SQL', () => {
  it.each<[string, string, readonly string[]]>([
    ['nothing', ' \n-- only this\n/* and this */ ;;\n', []],
    ['two, the last without an end', 'select 1;\nselect 2', ['1: select 1', '2: select 2']],
    ['strings with signs in them', `select 'a;b''c--d';\nselect E'it\\'s; /*';`, [`1: select 'a;b''c--d'`, `2: select E'it\\'s; /*'`]],
    ['a backslash that is only one', `select 'c:\\';\nselect 2`, [`1: select 'c:\\'`, '2: select 2']],
    ['names with signs in them', 'create table "a;b""c" (x int);\nselect 1', ['1: create table "a;b""c" (x int)', '2: select 1']],
    ['comments in comments', '/* a /* b; */ ; */ select 1; -- ; not an end\nselect 2', ['1: select 1', '2: select 2']],
    [
      'texts between dollars',
      'do $$ begin; end $$;\nselect $a$ ; $$ ; $a$;\nselect 1',
      ['1: do $$ begin; end $$', '2: select $a$ ; $$ ; $a$', '3: select 1'],
    ],
    ['a dollar in a name and in a parameter', 'select a$b$c; select $1', ['1: select a$b$c', '1: select $1']],
    [
      'bodies of functions',
      'create or replace function f() returns int begin atomic select case when true then 1 end; select 2; end;\nselect 3',
      ['1: create or replace function f() returns int begin atomic select case when true then 1 end; select 2; end', '2: select 3'],
    ],
    [
      'rules',
      'create rule r as on insert to t do (select 1; select 2);\nselect 3',
      ['1: create rule r as on insert to t do (select 1; select 2)', '2: select 3'],
    ],
    ['lines', 'select 1;\n\n\n  select\n 2;\r\nselect 3', ['1: select 1', '4: select\n 2', '6: select 3']],
  ])('is taken apart: %s', (_, sql, expected) => {
    expect(of(sql)).toEqual(expected);
  });

  it('comes apart into what it was put together of, whatever that is', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "'a;b'",
        "'it''s'",
        '"x;y"',
        '$$ ; $$',
        '$q$ $$ ; $q$',
        '/* ; /* ; */ */',
        '-- ;\n',
        "E'\\';'",
        'case',
        'begin',
        'a$b',
        '(1)',
        ',',
        '\n',
      ),
      fc.stringMatching(/^[a-z0-9 ]{1,12}$/),
    );
    const statement = fc.array(piece, { minLength: 1, maxLength: 8 }).map((pieces) => `select ${pieces.join(' ')}`);
    fc.assert(
      fc.property(fc.array(statement, { minLength: 1, maxLength: 6 }), (statements) => {
        const texts = statementsOf(statements.join('\n;\n'), lexis).map(({ text }) => text.trim());
        // A comment behind a statement belongs to nobody's text; what is before it does.
        expect(texts).toHaveLength(statements.length);
        for (const [i, text] of texts.entries()) expect(statements[i]?.trim().startsWith(text.slice(0, 6))).toBe(true);
      }),
      { numRuns: 200 },
    );
  });

  it.each([
    ['drop table t', true],
    ['DROP VIEW v', true],
    ['truncate t', true],
    ['delete from t', true],
    ['with gone as (delete from t returning *) select * from gone', true],
    ['alter table t drop column c', true],
    ['alter table t alter column c drop not null', true],
    ['explain analyze delete from t', true],
    ['do $$ begin drop table t; end $$', true],
    ["do 'begin delete from t; end'", true],
    ["do $$ begin execute 'dr' || 'op table t'; end $$", true],
    ['/* harmless */ -- really\ndrop/**/table t', true],
    ['create table t (id int references o on delete cascade)', false],
    ["insert into t values ('drop table t')", false],
    ['create or replace table t (a int)', true],
    ['create or replace view v as select 1', false],
    ['create index "drop" on t (a)', false],
    ['grant delete, truncate on t to r', false],
    ['revoke delete on t from r', false],
    ['alter default privileges in schema s grant delete on tables to r', false],
    ['create trigger g before delete or update on t for each row execute function f()', false],
    ['create policy p on t for delete using (true)', false],
    ['do $$ begin perform 1; end $$', false],
    ['comment on table t is $$ drop $$', false],
  ])('%s takes something away: %s', (sql, expected) => {
    expect(statementsOf(sql, lexis).map(({ isDestructive }) => isDestructive)).toEqual([expected]);
  });

  it.each([
    ['select 1;\nbegin;\nselect 2', 'HYG-1094', 'Line 2 says BEGIN'],
    ['COMMIT', 'HYG-1094', 'Line 1 says COMMIT'],
    ['start transaction', 'HYG-1094', 'Line 1 says START'],
    ["select 1;\nselect 'abc", 'HYG-1095', 'line 2'],
    ['select "abc', 'HYG-1095', 'line 1'],
    ['select $$ abc', 'HYG-1095', 'line 1'],
    ['\n\n/* /* */', 'HYG-1095', 'line 3'],
    ['\\copy t from x', 'HYG-1095', 'line 1'],
    ['copy t from stdin;\n1\n\\.\n', 'HYG-1095', 'line 1'],
  ])('%j is refused as %s', (sql, code, what) => {
    expect(() => statementsOf(sql, lexis)).toThrow(expect.objectContaining({ code, what: expect.stringContaining(what) }));
  });

  it('of many statements takes no more than its length', () => {
    const sql = Array.from({ length: 20_000 }, (_, i) => `insert into t values (${i}, 'x;y');`).join('\n');
    const statements = statementsOf(sql, lexis);
    expect({ n: statements.length, last: statements.at(-1)?.line }).toEqual({ n: 20_000, last: 20_000 });
  });
});
