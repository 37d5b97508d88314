import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TestWorkspace } from '../support/workspace.ts';

const first = 'id,n,at\n1,one,2024-01-01\n2,two,2024-01-02\n';
/** Row 1, below the watermark, was changed without a newer one, and row 3 is new. */
const changed = 'id,n,at\n1,other,2024-01-01\n2,two,2024-01-02\n3,three,2024-01-03\n';
/** Row 1 is gone, and row 3 is new. */
const shorter = 'id,n,at\n2,two,2024-01-02\n3,three,2024-01-03\n';

const flow = (verify: string) =>
  `home: in/f.csv\nstore: lake\nrun_type: incremental\nwatermark: { column: at, key: [id] }\nverify: ${verify}\n`;

describe('the comparison after a commit', () => {
  let workspace: TestWorkspace;
  beforeEach(() => {
    workspace = new TestWorkspace({ 'in/f.csv': first });
  });
  afterEach(() => workspace[Symbol.dispose]());

  async function go(...flags: readonly string[]) {
    const { code, stdout, stderr } = await workspace.run(['go', '--output', 'json', ...flags]);
    const events = stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
    const verified = events.filter(({ event }) => event === 'verified');
    const [done] = events.filter(({ event }) => event === 'entity_done');
    return { code, verified, done, stderr, events };
  }

  it('finds both sides the same, and says so', async () => {
    workspace.write({ 'flows/f/flow.yml': flow('checksums') });
    const { code, verified, done, stderr } = await go();
    expect(code).toBe(0);
    expect(verified).toMatchObject([{ verdict: 'same', by: 'checksums', flow: 'f', entity: 'f', rows: { source: 2, destination: 2 } }]);
    expect(done.status).toBe('pass');
    expect(stderr).toContain('f.f  verify: same: 2 rows on both sides');
    const { verified: again } = await go();
    expect(again, 'a run that committed nothing compares nothing').toEqual([]);
  });

  it('warns of a difference', async () => {
    workspace.write({ 'flows/f/flow.yml': flow('checksums') });
    await go();
    workspace.write({ 'in/f.csv': changed });
    const { code, verified, done } = await go();
    expect(code).toBe(0);
    expect(verified).toMatchObject([{ verdict: 'differs', differences: { changed: 1 } }]);
    expect(done).toMatchObject({ status: 'warn', rows: 1, watermark: '2024-01-03', codes: ['differs'] });
    expect(done.message).toBe('f.f differs from its source: 1 row changed');
    const rows = (await workspace.run(['journal', '--output', 'json'])).stdout
      .split('\n')
      .flatMap((line) => (line === '' ? [] : [JSON.parse(line)]));
    expect(rows.map(({ lane, status }) => [lane, status])).toEqual([
      ['verify', 'warn'],
      ['live', 'pass'],
      ['verify', 'pass'],
      ['live', 'pass'],
    ]);
    expect(rows[0].run_id).toBe(rows[1].run_id);
  });

  it('fails the run where the config says so: what settled stays, and so does the watermark', async () => {
    workspace.write({ 'flows/f/flow.yml': flow('{ checksums, on_difference: fail }') });
    await go();
    workspace.write({ 'in/f.csv': changed });
    const { code, done, stderr } = await go();
    expect(code).toBe(1);
    expect(done).toMatchObject({ status: 'error', rows: 1, watermark: '2024-01-03', error: { code: 'HYG-2095' } });
    expect(stderr).toContain('1 row settled; settled rows and the watermark stay');
    const next = await go();
    expect([next.code, next.done.status]).toEqual([0, 'skip']);
  });

  it('waits until the last one is as old as `every`', async () => {
    workspace.write({ 'flows/f/flow.yml': flow('{ every: 7d }') });
    expect((await go()).verified).toHaveLength(1);
    workspace.write({ 'in/f.csv': changed });
    const { verified, done } = await go();
    expect([verified.length, done.status]).toEqual([0, 'pass']);
  });

  it('is due again where the last comparison was of less than the config asks for', async () => {
    workspace.write({ 'flows/f/flow.yml': flow('{ every: 7d }').replace('verify', '# verify') });
    await go();
    expect((await workspace.run(['verify', 'f.f', '--range', '2024-01-01..2024-01-02', '--pause', '0s'])).code).toBe(0);
    workspace.write({ 'flows/f/flow.yml': flow('{ every: 7d }'), 'in/f.csv': `${first}3,three,2024-01-03\n` });
    expect((await go()).verified).toHaveLength(1);
    workspace.write({ 'in/f.csv': `${first}3,three,2024-01-03\n4,four,2024-01-04\n` });
    expect((await go()).verified).toHaveLength(0);
  });

  it('counts rows, and compares them only where the counts differ', async () => {
    workspace.write({ 'flows/f/flow.yml': flow('counts') });
    await go();
    workspace.write({ 'in/f.csv': changed });
    const counted = await go();
    expect(counted.verified).toMatchObject([{ verdict: 'same', by: 'counts', rows: { source: 3, destination: 3 }, differences: null }]);
    workspace.write({ 'in/f.csv': `${shorter}4,four,2024-01-04\n` });
    const { verified, done } = await go();
    expect(verified).toMatchObject([{ verdict: 'differs', by: 'checksums', differences: { only_in_destination: 1, changed: 0 } }]);
    expect(done.status).toBe('warn');
  });

  it('that can’t be made is a warning, and no failure', async () => {
    workspace.write({ 'flows/f/flow.yml': flow('{ columns: [missing], on_difference: fail }') });
    const { code, done } = await go();
    expect(code).toBe(0);
    expect(done).toMatchObject({ status: 'warn', rows: 2, codes: ['not_verified'] });
    expect(done.message).toContain('could not be compared after the commit: --columns: "missing" of f.f');
  });

  it('is in the plan, and does not follow a dry run or a backfill', async () => {
    workspace.write({ 'flows/f/flow.yml': flow('{ counts: true, every: 1d, on_difference: fail }') });
    const { events, verified } = await go('--dry-run');
    const [plan] = events.filter(({ event }) => event === 'plan');
    expect(plan.codes).toContain('verifies');
    expect(plan.warnings.join()).toContain('counted after a commit, if the last comparison is 1d old; a difference fails the run');
    expect(verified).toEqual([]);
    await go();
    const { stdout } = await workspace.run(['backfill', 'f.f', '--from', '2024-01-01', '--to', '2024-01-02', '--output', 'json']);
    expect(stdout).not.toContain('"verified"');
  });
});
