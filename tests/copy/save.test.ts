import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { count } from '../support/duck.ts';
import { CopyFolder } from './folder.ts';

const lineage = (folder: CopyFolder, path: string) => JSON.parse(readFileSync(folder.path(path), 'utf8')).lineage;

describe('hygge copy --save', () => {
  it('writes a workspace in which go goes on where the copy was, and the copy where go was', async () => {
    using folder = new CopyFolder({ 'in/a.csv': 'id\n1\n2\n' });
    await folder.copy('in', 'lake/orders');
    const head = 'lake/orders/_hygge/orders/orders/current.json';
    const born = lineage(folder, head);
    const saved = await folder.copy('in', 'lake/orders', '--save', 'flows/orders');
    expect({ code: saved.code, stderr: saved.stderr }).toEqual({ code: 0, stderr: '' });
    expect(saved.stdout).toBe(
      '+ hygge.yml\n+ flows/orders/flow.yml\n+ .gitignore\n\nnext  hygge go -f orders    to continue after the copy\n',
    );
    const flow = readFileSync(folder.path('flows/orders/flow.yml'), 'utf8');
    expect(flow).toContain('# hygge copy in lake/orders\n');
    expect(flow).toContain('# Only files that are new or have changed.\nrun_type: incremental\n');

    const nothing = await folder.run(['go']);
    expect(nothing).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing new') });
    writeFileSync(folder.path('in/b.csv'), 'id\n3\n');
    expect((await folder.run(['go'])).stdout).toContain('1 row settled');
    expect(lineage(folder, head)).toBe(born);
    const again = await folder.copy('in', 'lake/orders');
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing new') });
    expect(await count(`select count(*) as n from '${folder.path('lake/orders')}/*.parquet'`)).toBe(3);
    expect((await folder.run(['status'])).stdout).toContain('orders');
    expect((await folder.run(['debug'])).code).toBe(0);
  });

  it('may come before the first copy, of one file too', async () => {
    using folder = new CopyFolder({ 'in.csv': 'id,n\n1,x\n' });
    expect((await folder.copy('in.csv', 'out.csv', '--save', 'flows/any')).code).toBe(0);
    expect((await folder.run(['go'])).code).toBe(0);
    expect(readFileSync(folder.path('out.csv'), 'utf8')).toBe('id,n\n1,x\n');
  });

  it('adds a flow to the workspace that an earlier one made, and leaves the rest of it alone', async () => {
    using folder = new CopyFolder({ 'in.csv': 'id\n1\n', 'two.csv': 'id\n1\n' });
    await folder.copy('in.csv', 'a.csv', '--save', 'flows/a_csv');
    const before = readFileSync(folder.path('hygge.yml'), 'utf8');
    await folder.copy('two.csv', 'b.csv');
    const saved = await folder.copy('two.csv', 'b.csv', '--save', 'flows/b_csv', '--output', 'json');
    expect(saved).toMatchObject({ code: 0, stdout: '{"path":"flows/b_csv/flow.yml","written":true}\n' });
    expect(readFileSync(folder.path('hygge.yml'), 'utf8')).toBe(before);
    expect((await folder.run(['go', '-f', 'a_csv,b_csv'])).code).toBe(0);
  });

  it.each([
    [['--save', 'orders'], 'HYG-1320'],
    [['--save', 'flows/other'], 'remembers its settled rows as lake, but flows/other would be another flow'],
    [['--save', 'sub/flows/lake'], 'belongs to the workspace in'],
    [['--save', 'flows/there'], 'never overwrites'],
    [['--save', 'flows/lake', '--dry-run'], '--save writes the flow and moves nothing'],
  ])('refuses %j', async (options, says) => {
    using folder = new CopyFolder({ 'in.csv': 'id\n1\n' });
    await folder.copy('in.csv', 'lake');
    mkdirSync(folder.path('flows/there'), { recursive: true });
    const told = await folder.copy('in.csv', 'lake', ...options);
    expect(told).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining(says) });
  });

  it('refuses a workspace that keeps its state elsewhere', async () => {
    using folder = new CopyFolder({ 'in.csv': 'id\n1\n', 'w/hygge.yml': 'name: mine\n', 'w/in.csv': 'id\n1\n' });
    await folder.copy('w/in.csv', 'w/lake');
    const told = await folder.copy('w/in.csv', 'w/lake', '--save', 'w/flows/lake');
    expect(told).toMatchObject({ code: 2, stderr: expect.stringContaining('would not find the rows that the copy has settled') });
    renameSync(folder.path('w/hygge.yml'), folder.path('w/old.yml'));
    expect((await folder.copy('w/in.csv', 'w/lake', '--save', 'w/flows/lake')).code).toBe(0);
    expect((await folder.run(['go', '-C', 'w'])).stdout).toContain('Nothing new');
  });
});
