import { readdirSync, readFileSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { everyFile } from '../cli/workspace.ts';
import { count, duck } from '../support/duck.ts';
import { CopyFolder } from './folder.ts';

const rows = (folder: CopyFolder, path: string) => duck(`select * from '${folder.path(path)}' order by all`);

describe('hygge copy, of files to a folder', () => {
  it('keeps its state with the destination, whichever way both are spelt and wherever it is made', async () => {
    using folder = new CopyFolder({ 'data/orders.csv': 'id\n1\n2\n' });
    symlinkSync(folder.path('data'), folder.path('linked'));
    await folder.copy('data/orders.csv', 'lake/orders');
    expect(readdirSync(folder.root).sort()).toEqual(['data', 'lake', 'linked']);
    for (const [from, to] of [
      ['./linked/../data/orders.csv', './lake/orders/'],
      ['linked/orders.csv', `file://${folder.path('lake/orders')}`],
    ] as const) {
      const { code, stdout } = await folder.copy(from, to);
      expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing new') });
    }
    const elsewhere = await folder.run(['copy', 'orders.csv', '../lake/orders'], 'data');
    expect(elsewhere.stdout).toContain('Nothing new');
  });

  it('replaces the rows that came from a file that has changed, and adds new ones', async () => {
    using folder = new CopyFolder({ 'in/a.csv': 'id\n1\n2\n', 'in/b.csv': 'id\n10\n' });
    await folder.copy('in', 'lake');
    writeFileSync(folder.path('in/a.csv'), 'id\n1\n2\n3\n');
    writeFileSync(folder.path('in/c.csv'), 'id\n20\n');
    expect((await folder.copy('in', 'lake')).code).toBe(0);
    const there = (await rows(folder, 'lake/*.parquet')).map(({ id }) => Number(id));
    expect(there).toEqual([1, 2, 3, 10, 20]);
  });

  it('tells a plan and writes nothing with --dry-run', async () => {
    using folder = new CopyFolder({ 'in.csv': 'id\n1\n' });
    const run = await folder.copy('in.csv', 'out', '--dry-run');
    expect(run.stdout).toContain('Nothing was moved, nothing was written.');
    expect(run.stdout).toContain('next  hygge copy in.csv out');
    expect(readdirSync(folder.root)).toEqual(['in.csv']);
  });

  it('changes nothing with --dry-run of all of it again: the next copy finds nothing new', async () => {
    using folder = new CopyFolder({ 'in.csv': 'id\n1\n' });
    await folder.copy('in.csv', 'out');
    const before = await everyFile(folder.root);
    const run = await folder.copy('in.csv', 'out', '-d', '--dry-run');
    expect(run).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing was moved, nothing was written.') });
    expect(await everyFile(folder.root)).toEqual(before);
    expect((await folder.copy('in.csv', 'out')).stdout).toContain('Nothing new');
  });
});

describe('hygge copy --limit', () => {
  it('settles the first rows, and the next copy without it replaces them by all', async () => {
    using folder = new CopyFolder({ 'in/a.csv': 'id\n1\n2\n3\n', 'in/b.csv': 'id\n4\n5\n' });
    const n = () => count(`select count(distinct id) as n from '${folder.path('out')}/*.parquet'`);
    expect((await folder.copy('in', 'out', '--limit', '4')).stdout).toContain('4 rows settled');
    expect(await n()).toBe(4);
    expect((await folder.copy('in', 'out')).code).toBe(0);
    expect(await n()).toBe(5);
    expect(await count(`select count(*) as n from '${folder.path('out')}/*.parquet'`)).toBe(5);
    expect((await folder.copy('in', 'out')).stdout).toContain('Nothing new');
  });
});

describe('hygge copy, to one file', () => {
  it('is that file, whole, whatever was there from the copy before', async () => {
    using folder = new CopyFolder({ 'in/a.csv': 'id,n\n1,1.5\n', 'in/b.csv': 'id,n\n2,\n3,4\n', 'near.parquet': 'someone else’s' });
    const run = await folder.copy('in', 'orders.parquet');
    expect({ code: run.code, stderr: run.stderr }).toEqual({ code: 0, stderr: '' });
    expect(await rows(folder, 'orders.parquet')).toEqual([
      { id: '1', n: 1.5 },
      { id: '2', n: null },
      { id: '3', n: 4 },
    ]);
    expect(readdirSync(folder.root).sort()).toEqual(['_hygge', 'in', 'near.parquet', 'orders.parquet']);
    writeFileSync(folder.path('in/b.csv'), 'id,n\n9,9\n');
    expect((await folder.copy('in', 'orders.parquet')).code).toBe(0);
    expect(await rows(folder, 'orders.parquet')).toEqual([
      { id: '1', n: 1.5 },
      { id: '9', n: 9 },
    ]);
    expect(readFileSync(folder.path('near.parquet'), 'utf8')).toBe('someone else’s');
  });

  it('takes files of several writers, whose row groups do not go together', async () => {
    using folder = new CopyFolder({ 'in.csv': 'id,n\n1,a\n', 'parts/readme': '' });
    await folder.copy('in.csv', 'parts/1.parquet');
    rmSync(folder.path('parts/_hygge'), { recursive: true });
    const more = "select range::bigint as id, 'x' || range as n from range(2, 5000)";
    await duck(`copy (${more}) to '${folder.path('parts/2.parquet')}' (format parquet, compression gzip, row_group_size 2048)`);
    await duck(`copy (select 7000::bigint as id, 'y' as n) to '${folder.path('parts/3.parquet')}' (format parquet, compression zstd)`);
    expect((await folder.copy('parts/*.parquet', 'all.parquet')).code).toBe(0);
    const differ = `(from '${folder.path('all.parquet')}') except all (from '${folder.path('parts')}/*.parquet')`;
    expect(await duck(differ)).toEqual([]);
    expect(await count(`select count(*) as n from '${folder.path('all.parquet')}'`)).toBe(5000);
  });

  it('never replaces a file that no copy has put there, until it is told to', async () => {
    using folder = new CopyFolder({ 'in.csv': 'id\n1\n', 'out.csv': 'mine\n' });
    const refused = await folder.copy('in.csv', 'out.csv');
    expect(refused.code).toBe(1);
    expect(refused.stdout).toContain('--if-exists replace');
    expect(readFileSync(folder.path('out.csv'), 'utf8')).toBe('mine\n');
    const appended = await folder.copy('in.csv', 'out.csv', '--if-exists', 'append');
    expect(appended.code).toBe(1);
    expect(appended.stdout).toContain('HYG-2014');
    expect(readFileSync(folder.path('out.csv'), 'utf8')).toBe('mine\n');
    expect((await folder.copy('in.csv', 'out.csv', '--if-exists', 'replace')).code).toBe(0);
    expect(readFileSync(folder.path('out.csv'), 'utf8')).toBe('id\n1\n');
  });

  it('is not taken for whole when it was edited', async () => {
    using folder = new CopyFolder({ 'in.csv': 'id\n1\n' });
    await folder.copy('in.csv', 'out.csv');
    writeFileSync(folder.path('out.csv'), 'id\n7\n');
    const again = await folder.copy('in.csv', 'out.csv');
    expect(again).toMatchObject({ code: 1, stdout: expect.stringContaining('HYG-2072') });
    expect(again.stdout).toContain('This turns the copy into one and continues there: hygge copy in.csv out.csv --save flows/out_csv');
    expect(readFileSync(folder.path('out.csv'), 'utf8')).toBe('id\n7\n');
  });
});

describe('hygge copy, of places whose names are alike or odd', () => {
  it.each([
    ['å.csv', 'ø.csv'],
    ['a b.csv', 'a_b.csv'],
    ['shop.db#a-b', 'shop.db#"a.b"'],
  ])('fills %s, then %s, and goes on with both', async (one, other) => {
    using folder = new CopyFolder({ 'in.csv': 'id\n1\n', 'more.csv': 'id\n2\n' });
    for (const [from, to] of [
      ['in.csv', one],
      ['more.csv', other],
      ['in.csv', one],
    ] as const) {
      const { code, stdout, stderr } = await folder.copy(from, to);
      expect({ code, stderr }, stdout).toEqual({ code: 0, stderr: '' });
    }
    if (one.includes('#')) return;
    expect(readFileSync(folder.path(one), 'utf8')).toBe('id\n1\n');
    expect(readFileSync(folder.path(other), 'utf8')).toBe('id\n2\n');
  });

  it('reads a file that is there, and whose name looks like a pattern', async () => {
    const path = 'd[1]/x.csv';
    const near = { 'd1/x.csv': 'id\n0\n' };
    using folder = new CopyFolder({ ...near, [path]: 'id\n7\n' });
    expect((await folder.copy(path, 'out')).code).toBe(0);
    expect(await rows(folder, 'out/*.parquet')).toEqual([{ id: '7' }]);
  });
});

describe('hygge copy, of CSV whose first row may be names or a row', () => {
  it('warns at the first settle, and not of what has settled', async () => {
    using folder = new CopyFolder({ 'in.csv': 'anna,oslo\nbo,bergen\n', 'in/id=9/a.csv': 'id,N,n\n1,2,3\n' });
    expect((await folder.copy('in.csv', 'out')).stdout).toContain('PASS=0 WARN=1');
    writeFileSync(folder.path('in.csv'), 'anna,oslo\nbo,bergen\ncem,rome\n');
    expect((await folder.copy('in.csv', 'out')).stdout).toContain('PASS=1 WARN=0');
    const { stdout } = await folder.copy('in', 'out2');
    expect(stdout).toContain('The values in the names of folders id=… are ignored');
    expect(stdout).toContain('columns N and n differ only in upper and lower case');
    expect(stdout).toContain('PASS=0 WARN=1');
  });

  it('says what it was taken for, and what it says to try takes it for the other', async () => {
    using folder = new CopyFolder({ 'in.csv': 'anna,oslo\nbo,bergen\n' });
    const first = await folder.copy('in.csv', 'out');
    expect(first.stdout).toContain(
      '! assuming that the first row is a header (anna, oslo). If the first row is data, set header: false of the home and load the entity again (-d)',
    );
    expect(await count(`select count(*) as n from '${folder.path('out')}/*.parquet'`)).toBe(1);
    const said = await folder.copy('in.csv', 'out', '--home', 'header=false', '-d');
    expect(said.code).toBe(0);
    expect(said.stdout).not.toContain('assuming');
    expect(await rows(folder, 'out/*.parquet')).toEqual([
      { column_1: 'anna', column_2: 'oslo' },
      { column_1: 'bo', column_2: 'bergen' },
    ]);
  });
});

describe('a copy with another watermark than before', () => {
  it('is refused, and what it says to try loads everything anew', async () => {
    using folder = new CopyFolder({ 'in.csv': 'id,at\n1,2024-01-01\n' });
    await folder.copy('in.csv', 'out', '--watermark', 'at');
    const refused = await folder.copy('in.csv', 'out', '--watermark', 'id');
    expect(refused).toMatchObject({ code: 1, stdout: expect.stringContaining('HYG-2007') });
    expect(refused.stdout).toContain('Load everything again: hygge copy in.csv out --watermark id -d\n');
    expect((await folder.copy('in.csv', 'out', '--watermark', 'id', '-d')).code).toBe(0);
    expect((await folder.copy('in.csv', 'out', '--watermark', 'id')).stdout).toContain('Nothing new');
    expect(await count(`select count(*) as n from '${folder.path('out')}/*.parquet'`)).toBe(1);
  });
});

describe('a copy whose destination was moved', () => {
  it('as a table is told how to go on, and does', async () => {
    const [before, after] = ['o/shop.db#x', 'p/shop.db#x'];
    using folder = new CopyFolder({ 'in.csv': 'id\n1\n' });
    expect((await folder.copy('in.csv', before)).code).toBe(0);
    renameSync(folder.path('o'), folder.path('p'));
    const stopped = await folder.copy('in.csv', after);
    expect(stopped.code).toBe(1);
    const [, to] = /hygge copy in\.csv (\S+) -d$/m.exec(stopped.stdout) ?? [];
    expect(to?.replaceAll("'", ''), stopped.stdout).toBe(after);
    expect((await folder.copy('in.csv', after, '-d')).code).toBe(0);
    expect((await folder.copy('in.csv', after)).code).toBe(0);
  });

  it('as a folder of another name goes on with two commands that are told', async () => {
    using folder = new CopyFolder({ 'in.csv': 'id\n1\n' });
    await folder.copy('in.csv', 'o');
    renameSync(folder.path('o'), folder.path('p'));
    const { stdout } = await folder.copy('in.csv', 'p');
    for (const command of ['hygge copy in.csv p --save flows/p', 'hygge state mv o.o p.p']) {
      expect(stdout).toContain(`: ${command}\n`);
      const { code, stderr } = await folder.run(command.split(' ').slice(1));
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    }
    expect(await folder.copy('in.csv', 'p', '-d')).toMatchObject({ code: 0 });
    expect(await rows(folder, 'p/*.parquet')).toEqual([{ id: '1' }]);
  });
});
