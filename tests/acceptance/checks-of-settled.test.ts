import { describe, expect, test } from 'vitest';
import { TestWorkspace } from '../support/workspace.ts';

/** Of five rows two break the rule, one of them without a note, and one can't be read. */
const files = ['id,age,note\n1,10,a\n2,20,b\n3,900,\n', 'id,age,note\n4,800,d\nfive,5,e\n'];

const flow = (checks: readonly string[]) => `home: { path: "in/{entity}/*.csv", bad_rows: quarantine, types: { id: int64 } }
store: lake/people
entities: [people]
run_type: full_drop
validation:
  mode: quarantine
  contract: contract.yml
  quality: { checks: [${checks.join(', ')}] }
`;
const contract = 'columns: { age: { type: int64, max: 120 } }\n';

async function go(check: string, more = '') {
  using workspace = new TestWorkspace({
    'flows/crm/flow.yml': flow([`{ ${check}, on_fail: fail${more} }`]),
    'contract.yml': contract,
    'in/people/1.csv': files[0] ?? '',
    'in/people/2.csv': files[1] ?? '',
  });
  const { code, stdout } = await workspace.run(['go']);
  const verified = code === 0 ? await workspace.run(['verify', '--contract']) : { code: 1 };
  return { code, stdout, verified: verified.code };
}

/** Checks, and whether they pass by the rows that settle and by those that were read. */
const matrix: readonly (readonly [string, boolean, boolean])[] = [
  ['type: volume, min_rows: 3', false, true],
  ['type: completeness, column: note, threshold: 0.9', true, false],
  ['type: range, column: age, of: max, max: 100', true, false],
  ['type: range, column: age, of: max, min: 100', false, true],
  ['type: range, column: age, of: mean, min: 16', false, true],
  ['type: range, column: age, of: distinct, min: 3', false, true],
];

describe.each(matrix)('the check { %s }', (check, bySettled, byRead) => {
  test('with rows: read judges those rows', async () => {
    const { code, stdout } = await go(check, ', rows: read');
    expect(code).toBe(byRead ? 0 : 1);
    expect(stdout).not.toContain('by the rows that were read');
  });

  test('without rows judges those that settle, and reports where the others give another verdict', async () => {
    const { code, stdout, verified } = await go(check);
    expect(code).toBe(bySettled ? 0 : 1);
    if (bySettled && !check.includes('volume')) expect(verified).toBe(0);
    expect(stdout.includes('would fail if all rows that were read counted')).toBe(bySettled && !byRead);
    expect(stdout.includes('(with rows: read it passes)')).toBe(!bySettled && byRead);
  });
});

test('rows is a key of completeness, range and volume', async () => {
  const { code, stdout } = await go('type: uniqueness, columns: id, rows: read');
  expect([code, stdout]).toEqual([2, '']);
});
