import { expect, test } from 'vitest';
import { filesThatAsk } from '../support/files-that-ask.ts';
import { hiddenProgram } from '../support/optional-programs.ts';

test.each([
  ['', ''],
  ['mariadb', ''],
  ['dotnet', 'HYGGE_TEST_WITHOUT hides dotnet'],
  ['mariadb,dotnet', 'HYGGE_TEST_WITHOUT hides dotnet'],
  ['all', 'HYGGE_TEST_WITHOUT hides dotnet'],
])('HYGGE_TEST_WITHOUT=%s hides dotnet: %j', (names, reason) => {
  expect(hiddenProgram('dotnet', names)).toBe(reason);
});

test('a name that no program has is refused with the names that there are', () => {
  expect(() => hiddenProgram('dotnet', 'dotnt')).toThrow(/names dotnt; it knows all, chromium, dotnet, /);
});

test('a file of tests that asks for a program is found, directly or through what it imports; another one is not', () => {
  const found = filesThatAsk();
  expect(found).toEqual(
    expect.arrayContaining(['tests/apis/odata.test.ts', 'tests/report/browser.test.ts', 'tests/databases/mysql/home.test.ts']),
  );
  expect(found).not.toContain('tests/cli/go.test.ts');
});
