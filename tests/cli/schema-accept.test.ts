import { rmSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { run } from '../../src/cli/program/run.ts';
import type { TestWorkspace } from '../support/workspace.ts';
import { after, before, changed, diff, incremental } from './changed-source.ts';
import { fakeSurroundings } from './surroundings.ts';
import { hygge } from './workspace.ts';

async function answering(answer: string, workspace: TestWorkspace) {
  const asked: string[] = [];
  const ask = async (question: string) => {
    asked.push(question);
    return answer;
  };
  const surroundings = fakeSurroundings(workspace.root, { ask });
  return { code: await run(['schema', 'accept', 'shop.orders'], surroundings), asked, stdout: surroundings.stdout() };
}

describe('hygge schema accept', () => {
  it('takes what was shown, once it is told to, and the next run settles it', async () => {
    using workspace = await changed(after);
    const { code, asked, stdout } = await answering('y', workspace);
    expect({ code, asked }).toEqual({
      code: 0,
      asked: ['Accept the source of shop.orders as it is now? No rows move before the next run. [y/N] '],
    });
    expect(stdout).toContain('The next run writes all rows again, with the columns as the source has them.');
    expect(await diff(workspace)).toMatchObject({ code: 0, accepted: true, stops: false });
    expect((await hygge(['go'], workspace.root)).code).toBe(0);
    const rows = await workspace.settled('lake/orders', 'shop', 'orders', 'lake');
    expect(rows.map((row) => Object.keys(row))[0]).toEqual(['id', 'amount', 'email', 'seen']);
  });

  it('of an incremental entity says what becomes of each column, and so it comes', async () => {
    using workspace = await changed(after, incremental);
    const { stdout } = await hygge(['schema', 'accept', 'shop.orders', '--yes'], workspace.root);
    expect(stdout).toContain('it settles as amount_string from now on; amount stays for the rows settled before (accepted)');
    expect((await hygge(['go'], workspace.root)).code).toBe(0);
    const rows = await workspace.settled('lake/orders', 'shop', 'orders', 'lake');
    expect(rows).toHaveLength(6);
    expect(rows.filter((row) => row.amount_string !== null && row.amount === null)).toHaveLength(5);
  });

  it('takes nothing that changes later', async () => {
    using workspace = await changed(after);
    await hygge(['schema', 'accept', 'shop.orders', '--yes'], workspace.root);
    await workspace.parquet('in/orders.parquet', `select true as id, 'x' as amount, timestamp '2026-01-01' as seen`);
    expect(await diff(workspace)).toMatchObject({ code: 1, accepted: false, stops: true });
  });

  it('changes nothing when the answer is no, and asks nothing without a terminal', async () => {
    using workspace = await changed(after);
    const files = workspace.tree();
    expect(await answering('', workspace)).toMatchObject({ code: 1, stdout: expect.stringMatching(/Left unchanged\.\n$/) });
    expect(await hygge(['schema', 'accept', 'shop.orders'], workspace.root)).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/HYG-1905 schema accept asks for confirmation[\s\S]*hygge schema accept shop\.orders --yes/),
    });
    expect(workspace.tree()).toEqual(files);
  });

  it('refuses where it would not help, and says what stops a run', async () => {
    using workspace = await changed(after, 'migrations: [{ cast: { fax: string } }]\n');
    expect(await diff(workspace)).toMatchObject({ code: 1, error: { code: 'HYG-2024' } });
    const { code, stderr } = await hygge(['schema', 'accept', 'shop.orders', '--yes'], workspace.root);
    expect(code).toBe(2);
    expect(stderr).toMatch(/HYG-1907[\s\S]*Accepting would not let a run continue: The migrations of shop\.orders/);
  });

  it.each([
    ['nothing has changed', async (workspace: TestWorkspace) => workspace.parquet('in/orders.parquet', before), /as they settled/],
    [
      'nothing has settled',
      async (workspace: TestWorkspace) => rmSync(workspace.path('.hygge'), { recursive: true }),
      /Nothing has settled yet/,
    ],
    [
      'a reset waits',
      async (workspace: TestWorkspace) => void (await hygge(['reset', 'shop.orders', '--yes'], workspace.root)),
      /was reset/,
    ],
  ])('refuses, and says why, when %s', async (_when, make, why) => {
    using workspace = await changed(after);
    await make(workspace);
    const { code, stderr } = await hygge(['schema', 'accept', 'shop.orders', '--yes'], workspace.root);
    expect({ code, code1907: /HYG-1907/.test(stderr) }).toEqual({ code: 2, code1907: true });
    expect(stderr).toMatch(why);
  });
});
