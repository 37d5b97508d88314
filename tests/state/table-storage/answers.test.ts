import { describe, expect, test } from 'vitest';
import { OutcomeUnknown } from '../../../src/ports/retry.ts';
import { failure } from '../../../src/state/table-storage/answers.ts';

/** An error as the SDKs throw them. */
function sdkError(name: string, message: string, more: object = {}): Error {
  return Object.assign(new Error(message), { name, ...more });
}

const told = (error: unknown, sent: 'read' | 'write' = 'read') => failure(error, { place: 'table t', sent, spent: false });

describe('what the way to the service says', () => {
  test('a missing sign-in is a question of rights, with every line of why but the first left out', () => {
    for (const name of ['CredentialUnavailableError', 'AggregateAuthenticationError', 'AuthenticationRequiredError'])
      expect(told(sdkError(name, 'no one is signed in\nEnvironmentCredential: …'))).toMatchObject({
        code: 'HYG-5009',
        transient: false,
        why: ['no one is signed in (no answer)'],
        tryThis: expect.arrayContaining([expect.stringContaining('az login')]),
      });
  });

  test('a sign-in that is busy is worth another try', () => {
    expect(told(sdkError('AuthenticationError', 'busy', { statusCode: 503 }))).toMatchObject({ code: 'HYG-5008', transient: true });
    expect(told(sdkError('AuthenticationError', 'no', { statusCode: 400 }))).toMatchObject({ code: 'HYG-5009', transient: false });
  });

  test('a table that is being deleted is worth another try', () => {
    const deleting = sdkError('RestError', '', {
      statusCode: 409,
      details: { odataError: { code: 'TableBeingDeleted', message: { value: 'gone soon' } } },
    });
    expect(told(deleting, 'write')).toMatchObject({ code: 'HYG-5008', transient: true, why: ['gone soon (409 TableBeingDeleted)'] });
  });

  test('only a write can be unknown, and only when it was sent', () => {
    const reset = sdkError('RestError', 'reset', { code: 'ECONNRESET' });
    expect(told(reset, 'write')).toBeInstanceOf(OutcomeUnknown);
    expect(told(reset, 'read')).toMatchObject({ code: 'HYG-5008', transient: true });
    expect(told(sdkError('RestError', 'no such host', { code: 'ENOTFOUND' }), 'write')).toMatchObject({
      code: 'HYG-5008',
      transient: true,
    });
    expect(told(sdkError('RestError', 'bad', { statusCode: 400, code: 'InvalidInput' }), 'write')).toMatchObject({ transient: false });
  });

  test('a mistake of ours stays what it is', () => {
    const mistake = new TypeError('x is not a function');
    expect(told(mistake, 'write')).toBe(mistake);
  });

  test('no request goes along with the error: it carries signatures', () => {
    const request = { headers: { authorization: 'SharedKey canary' }, url: 'https://a.table.core.windows.net/t?sig=canary' };
    const error = told(sdkError('RestError', 'bad', { statusCode: 400, request, response: { headers: { get: () => undefined } } }));
    expect(error).toMatchObject({ code: 'HYG-5008' });
    expect(JSON.stringify((error as Error).cause)).not.toContain('canary');
    expect((error as Error).cause).not.toHaveProperty('request');
  });
});
