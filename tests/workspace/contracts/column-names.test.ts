import { expect, test } from 'vitest';
import { checkColumnNames } from '../../../src/workspace/contracts/read-contract.ts';
import { collectProblems } from '../../../src/workspace/yaml/problems.ts';

/** What is said of columns with these names, one a line. */
function said(names: readonly string[]) {
  const text = names.join('\n');
  const source = { name: 'contract.yml', text };
  const problems = collectProblems();
  let offset = 0;
  const columns = names.map((name) => {
    const spot = { source, offset };
    offset += name.length + 1;
    return { name, spot };
  });
  checkColumnNames(columns, problems);
  return problems.errors().map(({ where, why }) => [where?.line, why]);
}

test('a column that is there twice is told where it is, with the line of the first one', () => {
  expect(said(['id', 'name', 'at', 'name'])).toEqual([[4, ['The other one is in line 2.']]]);
  expect(said(['id', 'id', 'id'])).toEqual([
    [2, ['The other one is in line 1.']],
    [3, ['The other one is in line 1.']],
  ]);
  expect(said(['id', 'Id', 'iD'])).toEqual([]);
});
