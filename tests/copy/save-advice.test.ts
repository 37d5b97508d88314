/** What HYG-1320 advises is typed as it stands, and then the flow continues after the copy. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CopyFolder } from './folder.ts';

describe('the advice of a refused --save', () => {
  it.each([
    ['lake', 'elsewhere/flows/lake'],
    ['lake', 'lake/flows/other'],
    ['out.csv', 'flows/any'],
  ])('of a copy to %s, after --save %s, works when it is typed', async (to, written) => {
    using folder = new CopyFolder({ 'w/in.csv': 'id\n1\n' });
    const copy = (...options: readonly string[]) => folder.run(['copy', folder.path('w/in.csv'), to, ...options], 'w');
    expect((await copy()).code).toBe(0);
    const refused = await copy('--save', written);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining('HYG-1320') });
    const advised = /--save (\S+)/.exec(refused.stderr.split('\n').find((line) => line.includes('try ')) ?? '')?.[1] ?? '';
    const saved = await copy('--save', advised);
    expect([saved.code, saved.stderr]).toEqual([0, '']);
    const root = advised.startsWith('/') ? dirname(dirname(advised)) : folder.path(`w/${dirname(dirname(advised))}`);
    expect((await folder.run(['go', '-C', root])).stdout).toMatch(/Nothing new|settled/);
  });

  it('names a folder that has no workspace yet', async () => {
    using folder = new CopyFolder({ 'w/v/in.csv': 'id\n1\n' });
    const copy = (...options: readonly string[]) => folder.run(['copy', 'in.csv', 'lake', ...options], 'w/v');
    expect((await copy()).code).toBe(0);
    writeFileSync(folder.path('w/v/hygge.yml'), 'name: mine\n');
    mkdirSync(folder.path('w/v/flows'), { recursive: true });
    const refused = await copy('--save', 'flows/lake');
    expect(refused.stderr).toContain('would not find the rows that the copy has settled');
    const advised = /--save (\S+)/.exec(refused.stderr.split('\n').find((line) => line.includes('try ')) ?? '')?.[1] ?? '';
    expect(advised).toBe(folder.path('w/flows/lake'));
    expect((await copy('--save', advised)).code).toBe(0);
  });
});
