import { expect, test } from 'vitest';
import { grantAdvice, missingGrants } from '../../src/databases/connector/store-side.ts';
import type { GrantRequest, Session } from '../../src/databases/engine.ts';

const request = { read: { table: 't' } } as unknown as GrantRequest;
const refused = () => Promise.reject(new Error('permission denied for the catalogue'));
const session = {} as Session;

/** The statements of an account whose look into the catalogue ends so. */
function told(
  look: (() => Promise<readonly string[]>) | undefined,
  transaction: (work: (of: Session) => Promise<unknown>) => Promise<unknown>,
) {
  const sessions = { transaction: (_: unknown, work: (of: Session) => Promise<unknown>) => transaction(work) };
  return missingGrants({ missingGrantStatements: look }, sessions as never, request);
}

test.each<readonly [string, (() => Promise<readonly string[]>) | undefined, boolean, readonly string[]]>([
  ['those that the catalogue tells', async () => ['grant select on t to me'], true, ['grant select on t to me']],
  ['none, where none is missing', async () => [], true, []],
  ['none, where the engine knows none', undefined, true, []],
  ['none, where the account may not look', refused, true, []],
  ['none, where no transaction can begin', async () => ['grant select on t to me'], false, []],
])('beside the error that a role met stand the rights that it lacks: %s', async (_, look, begins, expected) => {
  expect(await told(look, (work) => (begins ? work(session) : refused()))).toEqual(expected);
});

test('each right is advised as a statement that can be run as it stands', () => {
  expect(grantAdvice(['grant a', 'grant b']).slice(1)).toEqual(['grant a;', 'grant b;']);
});
