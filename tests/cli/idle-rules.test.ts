/** A rule that had nothing to judge in the rows of a run: nobody would know that it judged none, and it is not a warning. */
import { afterEach, describe, expect, it } from 'vitest';
import { inProcess } from '../support/in-process.ts';
import { TestWorkspace } from '../support/workspace.ts';

let place: TestWorkspace | undefined;
afterEach(() => place?.[Symbol.dispose]());

const contract = `columns:
  id: { type: int64, nullable: false }
  amt: { type: int64, min: 0 }
  a: { type: string, regex: "^[a-z]$" }
  kind: { type: string, in: [x, y] }
  opt: { type: int64, min: 0, optional: true }
rules:
  - { name: small, check: "amt < id", when: "a = 'q'" }
  - { name: pair, check: "amt < id" }
  - { name: seldom, check: "opt < id" }
`;

function scene() {
  const flow = `home: { path: "in/{entity}", format: csv }\nstore: { path: lake }\nrun_type: incremental\nvalidation: { contract: c.yml, mode: quarantine }\nentities: [e]\n`;
  const workspace = new TestWorkspace({ 'hygge.yml': 'name: w\n', 'flows/f/flow.yml': flow, 'c.yml': contract });
  place = workspace;
  return async (file: string, body: string) => {
    workspace.write({ [`in/e/${file}`]: body });
    const { code, stdout, stderr } = await inProcess(['go'], workspace.root, {});
    const said = (stdout + stderr).replaceAll(/\s+/g, ' ');
    return {
      code,
      said,
      idle: [...said.matchAll(/the rule (.*?) had nothing to judge in (.*?): (.*?) [–✓!]/g)].map((m) => m.slice(1).join(' | ')),
    };
  };
}

const compares = 'what it compares has only nulls';

describe('a rule that had nothing to judge', () => {
  it('is named with the file and the reason, and the run passes', async () => {
    const run = scene();
    const { code, said, idle } = await run('1.csv', 'id,amt,a,kind\n3,,z,x\n4,,w,\n');
    expect([code, idle]).toEqual([
      0,
      [
        'amt min | 2 rows of 1.csv | its column has only nulls',
        'small | 2 rows of 1.csv | no row meets its `when` with values to compare',
        `pair | 2 rows of 1.csv | ${compares}`,
      ],
    ]);
    expect(said).toContain('PASS=1');
  });

  it('is named where it is one of unique values, and is none where a row has one', async () => {
    const run = scene();
    place?.write({ 'c.yml': 'columns:\n  id: { type: int64 }\n  a: { type: string }\nunique: [[id, a]]\n' });
    expect(await run('1.csv', 'id,a\n3,x\n4,\n')).toMatchObject({ code: 0, idle: [] });
    const { code, said } = await run('2.csv', 'id,a\n5,\n6,\n');
    expect([code, said]).toEqual([0, expect.stringMatching(/uniqueness id, a had nothing to judge in 2 rows of 2.csv/)]);
    expect(said).toContain('PASS=1');
  });

  it('is none where one row has a value, where the run has no row, and where the contract calls its column optional', async () => {
    const run = scene();
    expect(await run('1.csv', 'id,amt,a,kind\n3,1,z,x\n4,,q,y\n5,2,q,\n')).toMatchObject({ code: 0, idle: [] });
    expect(await run('1.csv', 'id,amt,a,kind\n3,1,z,x\n4,,q,y\n5,2,q,\n')).toMatchObject({ code: 0, idle: [] });
  });

  it('is named by the warning of the column where the file lacks the column', async () => {
    const run = scene();
    await run('1.csv', 'id,amt,a,kind\n3,1,q,x\n');
    const { said, idle } = await run('2.csv', 'id,a,kind\n4,q,x\n');
    expect(said).toContain('no rule about it (amt min, small, pair) judged them');
    expect([idle, said.includes('WARN=1')]).toEqual([[], true]);
  });
});
