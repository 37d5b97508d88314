import { expect, test } from 'vitest';
import { ConnectionError } from '../../../src/errors/hygge-error.ts';
import { judged } from '../../../src/state/sql/errors.ts';

const side = { errorClass: () => 'final' as never, isDenied: () => false };
const of = { location: 'postgres db/erp', connection: 'erp', once: true };
const failed = (code: 'HYG-6501' | 'HYG-6506' | 'HYG-6521', transient: boolean) =>
  new ConnectionError({ code, what: 'No connection.', why: [], tryThis: [], transient });

test.each([
  ['a server that has no connection left is asked again later', 'HYG-6506', true, 'throttled'],
  ['a connection that broke is opened again', 'HYG-6501', true, 'undone'],
  ['a lock on the file has been waited for already', 'HYG-6521', true, 'final'],
  ['what no repeat can mend ends the command', 'HYG-6501', false, 'final'],
] as const)('%s: %s (transient: %s)', (_, code, transient, ending) => {
  const error = failed(code, transient);
  const failure = judged(error, side, of);
  expect(failure.ending).toBe(ending);
  expect(failure.error(true)).toMatchObject({ code, what: 'No connection.' });
});
