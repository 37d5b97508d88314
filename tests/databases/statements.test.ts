import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { duckdb } from '../../src/databases/duckdb/duckdb.ts';
import { mysqlSyntax as mysql } from '../../src/databases/mysql/syntax.ts';
import { postgres } from '../../src/databases/postgres/postgres.ts';
import { conditionProblem, type SqlSyntax, statementsOf } from '../../src/databases/sql/statements.ts';
import { sqliteSyntax as sqlite } from '../../src/databases/sqlite/syntax.ts';
import { sqlServerSyntax as sqlserver } from '../../src/databases/sqlserver/syntax.ts';
import { SEED } from '../support/samples.ts';

const syntax = postgres.syntax as SqlSyntax;
const of = (sql: string) => statementsOf(sql, syntax).map(({ text, line }) => `${line}: ${text}`);

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
        const texts = statementsOf(statements.join('\n;\n'), syntax).map(({ text }) => text.trim());
        // A comment behind a statement belongs to nobody's text; what is before it does.
        expect(texts).toHaveLength(statements.length);
        for (const [i, text] of texts.entries()) expect(statements[i]?.trim().startsWith(text.slice(0, 6))).toBe(true);
      }),
      { seed: SEED, numRuns: 200 },
    );
  });

  it.each([
    ['drop table t', true],
    ['truncate t', true],
    ['with gone as (delete from t returning *) select * from gone', true],
    ['alter table t drop column c', true],
    ['explain analyze delete from t', true],
    ['do $$ begin drop table t; end $$', true],
    ["do $$ begin execute 'dr' || 'op table t'; end $$", true],
    ['/* harmless */ -- really\ndrop/**/table t', true],
    ['create table t (id int references o on delete cascade)', false],
    ["insert into t values ('drop table t')", false],
    ['create or replace table t (a int)', true],
    ['create or replace view v as select 1', false],
    ['create index "drop" on t (a)', false],
    ['grant delete, truncate on t to r', false],
    ['create trigger g before delete or update on t for each row execute function f()', false],
    ['comment on table t is $$ drop $$', false],
  ])('%s takes something away: %s', (sql, expected) => {
    expect(statementsOf(sql, syntax).map(({ isDestructive }) => isDestructive)).toEqual([expected]);
  });

  it.each([
    ['select 1;\nbegin;\nselect 2', 'HYG-1094', 'Line 2 says BEGIN'],
    ['start transaction', 'HYG-1094', 'Line 1 says START'],
    ["select 1;\nselect 'abc", 'HYG-1095', 'line 2'],
    ['select $$ abc', 'HYG-1095', 'line 1'],
    ['\n\n/* /* */', 'HYG-1095', 'line 3'],
    ['\\copy t from x', 'HYG-1095', 'line 1'],
    ['copy t from stdin;\n1\n\\.\n', 'HYG-1095', 'line 1'],
  ])('%j is refused as %s', (sql, code, what) => {
    expect(() => statementsOf(sql, syntax)).toThrow(expect.objectContaining({ code, what: expect.stringContaining(what) }));
  });

  it('of many statements takes no more than its length', () => {
    const sql = Array.from({ length: 20_000 }, (_, i) => `insert into t values (${i}, 'x;y');`).join('\n');
    const statements = statementsOf(sql, syntax);
    expect({ n: statements.length, last: statements.at(-1)?.line }).toEqual({ n: 20_000, last: 20_000 });
  });
});

const takenApart = (sql: string, by: SqlSyntax) => statementsOf(sql, by).map(({ text, line }) => `${line}: ${text}`);
const takesAway = (sql: string, by: SqlSyntax) => statementsOf(sql, by).some(({ isDestructive }) => isDestructive);

describe('a file of SQL for MySQL', () => {
  it.each<[string, string, readonly string[]]>([
    ['names and comments of its own', 'select `a;b``c`; # not; here\nselect 2', ['1: select `a;b``c`', '2: select 2']],
    ['backslashes in all texts', `select 'it\\'s;', "a\\";b";select 2`, [`1: select 'it\\'s;', "a\\";b"`, '1: select 2']],
    ['two dashes that are no comment', 'select 5--5; select 2', ['1: select 5--5', '1: select 2']],
    ['two dashes that are one', 'select 5-- 5; select 2\n; select 3', ['1: select 5-- 5; select 2', '2: select 3']],
    ['comments that end at once', '/* a /* b */ select 1', ['1: select 1']],
    [
      'comments that are run',
      '/*!40101 set names utf8 */;\n/*M!100 set a=1 */;',
      ['1: /*!40101 set names utf8 */', '2: /*M!100 set a=1 */'],
    ],
    [
      'another sign at the end',
      'select 1;\nDELIMITER //\ncreate procedure p() begin select 1; select 2; end//\nselect 3//\n  delimiter ;\nselect 4; select 5',
      ['1: select 1', '3: create procedure p() begin select 1; select 2; end', '4: select 3', '6: select 4', '6: select 5'],
    ],
    [
      'a sign of dollars',
      'delimiter $$\ncreate trigger g before insert on t for each row begin set new.a = 1; end$$',
      ['2: create trigger g before insert on t for each row begin set new.a = 1; end'],
    ],
    [
      'what mysqldump writes',
      'DELIMITER ;;\n/*!50003 CREATE*/ /*!50017 DEFINER=`root`@`localhost`*/ /*!50003 TRIGGER g BEFORE DELETE ON t FOR EACH ROW begin delete from u; end */;;\nDELIMITER ;\nselect 1;',
      [
        '2: /*!50003 CREATE*/ /*!50017 DEFINER=`root`@`localhost`*/ /*!50003 TRIGGER g BEFORE DELETE ON t FOR EACH ROW begin delete from u; end */',
        '4: select 1',
      ],
    ],
  ])('is taken apart: %s', (_, sql, expected) => {
    expect(takenApart(sql, mysql)).toEqual(expected);
  });

  it.each([
    ['/*!40101 drop table t */', true],
    ['create table x (a int) /*!99999 ; drop table t */', true],
    ['/* drop table t */ select 1', false],
    ['alter table t add c int default 5--5, drop column d', true],
    ['rename table a to b', true],
    ['alter table a rename to b', true],
    ['alter table a rename b', true],
    ['alter table a rename column x to y', false],
    ['replace into t values (1)', true],
    [`select replace(a, 'x', 'y') from t`, false],
    ['create or replace table t (a int)', true],
    ['create or replace view v as select 1', false],
    ['delete a from a join b using (id)', true],
    ['alter table t exchange partition p with table u', true],
    [`prepare s from 'dr op'`, true],
    [`execute immediate concat('dr', 'op table t')`, true],
    ['grant drop, delete on d.* to u', false],
    ['create definer = `r`@`h` trigger g before delete on t for each row delete from u', false],
    ["purge binary logs to 'x'", true],
  ])('%s takes something away: %s', (sql, expected) => {
    expect(takesAway(sql, mysql)).toBe(expected);
  });

  it.each([
    ['begin;', 'HYG-1094'],
    ['/*!40101 commit */', 'HYG-1094'],
    ['select 1\\G', 'HYG-1095'],
    ['/*!40101 select 1', 'HYG-1095'],
    ['select `a', 'HYG-1095'],
  ])('%j is refused as %s', (sql, code) => {
    expect(() => statementsOf(sql, mysql)).toThrow(expect.objectContaining({ code }));
  });
});

describe('a file of T-SQL', () => {
  it.each<[string, string, readonly string[]]>([
    ['by GO alone', 'select 1; select 2\nselect 3\nGO\nselect 4', ['1: select 1; select 2\nselect 3', '4: select 4']],
    ['GO between blanks, and with a comment', 'select 1\r\n  go -- next\r\nselect 2\r\nGo  \r\n', ['1: select 1', '3: select 2']],
    [
      'GO that is none',
      `select 1 as go\nselect '\nGO\n'\n/*\nGO\n/* GO */\nGO */ select [a]]\nGO\n]`,
      [`1: select 1 as go\nselect '\nGO\n'\n/*\nGO\n/* GO */\nGO */ select [a]]\nGO\n]`],
    ],
    ['a backslash that is only one', `select 'c:\\'\nGO\nselect 2`, [`1: select 'c:\\'`, '3: select 2']],
    [
      'procedures with transactions of their own',
      'create or alter procedure p as begin tran; commit\nGO',
      ['1: create or alter procedure p as begin tran; commit'],
    ],
    [
      'blocks',
      'if 1 = 1 begin select 1; end;\nbegin try select 1 end try begin catch throw end catch',
      ['1: if 1 = 1 begin select 1; end;\nbegin try select 1 end try begin catch throw end catch'],
    ],
  ])('is taken apart %s', (_, sql, expected) => {
    expect(takenApart(sql, sqlserver)).toEqual(expected);
  });

  it.each([
    ['select 1 drop table t', true],
    [`exec sp_rename 'a', 'b'`, true],
    [`exec [sys].[sp_rename] 'a', 'b'`, true],
    ['alter table a switch to b', true],
    [`exec ('dr' + 'op table t')`, true],
    [`exec sp_executesql N'x'`, true],
    ['exec dbo.load_orders', false],
    ['delete top (5) from t', true],
    ['merge t using s on 1 = 1 when matched then delete;', true],
    ["restore database d from disk = N'x' with replace", true],
    ['grant select, delete on t to r', false],
    ['grant select on t to r drop table t', true],
    ['create trigger g on t after delete as select 1', false],
    ['create table [drop] (a int)', false],
    [`select replace(a, 'x', 'y') from t`, false],
  ])('%s takes something away: %s', (sql, expected) => {
    expect(takesAway(sql, sqlserver)).toBe(expected);
  });

  it.each([
    ['begin tran select 1', 'HYG-1094'],
    ['select 1\nGO\nsave transaction a', 'HYG-1094'],
    ['select 1\nGO 5', 'HYG-1095'],
    [':r other.sql', 'HYG-1095'],
    ['select [a', 'HYG-1095'],
  ])('%j is refused as %s', (sql, code) => {
    expect(() => statementsOf(sql, sqlserver)).toThrow(expect.objectContaining({ code }));
  });
});

describe('a file of SQL for SQLite', () => {
  it.each<[string, string, readonly string[]]>([
    ['names of all kinds', 'select [a;b], `c;d`, "e;f"; select 2', ['1: select [a;b], `c;d`, "e;f"', '1: select 2']],
    [
      'triggers',
      'create trigger g after insert on t begin update u set a = case when 1 then 2 end; delete from w; end;\nselect 2',
      ['1: create trigger g after insert on t begin update u set a = case when 1 then 2 end; delete from w; end', '2: select 2'],
    ],
    ['comments that end at once', '/* a /* b */ select 1', ['1: select 1']],
  ])('is taken apart: %s', (_, sql, expected) => {
    expect(takenApart(sql, sqlite)).toEqual(expected);
  });

  it.each([
    ['insert or replace into t values (1)', true],
    ['replace into t values (1)', true],
    ['alter table a rename to b', true],
    ['alter table a rename column b to c', false],
    ['pragma writable_schema = 1', true],
    ['create temp trigger g after delete on t begin delete from u; end', false],
  ])('%s takes something away: %s', (sql, expected) => {
    expect(takesAway(sql, sqlite)).toBe(expected);
  });

  it.each([
    ['begin; select 1', 'HYG-1094'],
    ['PRAGMA foreign_keys = OFF', 'HYG-1095'],
  ])('%j is refused as %s', (sql, code) => {
    expect(() => statementsOf(sql, sqlite)).toThrow(expect.objectContaining({ code }));
  });
});

describe('a condition', () => {
  const all = { postgres: syntax, duckdb: duckdb.syntax as SqlSyntax, mysql, sqlite, sqlserver };

  it.each(Object.entries(all))('of %s closes what it opens, and ends where it ends', (_, of) => {
    const problems = [
      'a > 1) or (1 = 1',
      'a > 1; drop table t',
      'a > 1 /*',
      "a = 'x",
      '(a > 1',
      '/* only */ -- this',
      'a > 1 \u0000) or (1 = 1',
      'a -- \r) or (1 = 1',
    ];
    for (const sql of problems) expect(conditionProblem(sql, of), sql).toBeDefined();
    const sound = [
      "a in (1, ')') -- ) not this",
      "b = 'it''s; --' and (c is null /* ) */)",
      '"a)" > 1\r\n\tand b < 2',
      'a > (select max(a) from t)',
    ];
    for (const sql of sound) expect(conditionProblem(sql, of), sql).toBeUndefined();
  });

  it('is read as its database reads it', () => {
    const others = Object.keys(all) as (keyof typeof all)[];
    const refusing = (sql: string) => others.filter((name) => conditionProblem(sql, all[name]) !== undefined);
    expect(refusing("a = 'x\\') or (1 = 1")).toEqual(['postgres', 'duckdb', 'mysql', 'sqlite', 'sqlserver']);
    expect(refusing("a = 'x\\' ) or (b = '1")).toEqual(
      ['postgres', 'duckdb', 'sqlite', 'sqlserver', 'mysql'].filter((one) => one !== 'mysql'),
    );
    expect(refusing('a = $$)$$')).toEqual(['mysql', 'sqlite', 'sqlserver']);
    expect(refusing('a > 1 # )')).toEqual(['postgres', 'duckdb', 'sqlite', 'sqlserver']);
    expect(refusing('[a)] > 1')).toEqual(['postgres', 'duckdb', 'mysql']);
    expect(refusing('/* /* */ a > 1 -- */')).toEqual(['postgres', 'duckdb', 'sqlserver']);
    expect(refusing('a = ?')).toEqual(['sqlite']);
    expect(refusing('a = @b')).toEqual(['mysql', 'sqlite']);
    expect(refusing('delimiter > 1')).toEqual([]);
  });
});
