import { expect, test } from 'vitest';
import { adviceForCallers } from '../../functions/triggers/advice.ts';
import { answerForError, errorAnswer } from '../../functions/triggers/answers.ts';
import { explainedCatalogue } from '../../src/errors/codes/examples.ts';
import { ConnectionError } from '../../src/errors/hygge-error.ts';

test.each([
  ['hygge go starts it again', 'POST /api/flows/<flow>/runs {} starts it again'],
  ['Wait for it: hygge go --wait', 'Wait for it: POST /api/flows/<flow>/runs {}'],
  ['Load it as usual: hygge go -e shop.orders', 'Load it as usual: POST /api/flows/shop/runs {"entities":["orders"]}'],
  [
    "Or load everything again: hygge go -d -e 'shop.my orders.v2'",
    'Or load everything again: POST /api/flows/shop/runs {"run_type":"full_drop","entities":["my orders.v2"]}',
  ],
  [
    'Load everything again: hygge reset shop.orders, then hygge go',
    'On the command line, where the workspace is: Load everything again: hygge reset shop.orders, then POST /api/flows/<flow>/runs {}',
  ],
  ['If you know that the run is gone permanently: hygge go -e shop.orders --take-over', /^On the command line/],
  ['Push a workspace: hygge config push', 'On the command line, where the workspace is: Push a workspace: hygge config push'],
  [
    'Run it again with -v and report what it prints: this is a fault',
    'Send the request again, and report the error with the messages in the log of the app: this is a fault',
  ],
  ['Check watermark.column', 'Check watermark.column'],
])('%s', (line, expected) => {
  expect(adviceForCallers(line)).toEqual(typeof expected === 'string' ? expected : expect.stringMatching(expected));
});

test('no advice of any error sends a caller to a command line without a word', () => {
  const lines = explainedCatalogue.flatMap(({ example }) => (example?.tryThis ?? []).map(adviceForCallers));
  expect(lines.length).toBeGreaterThan(300);
  const commands = /\bhygge (go|backfill|reset|debug|status|journal|preview|list|init|state|schema|config|pack)\b/;
  expect(lines.filter((line) => commands.test(line) && !line.startsWith('On the command line'))).toEqual([]);
});

test('an answer that may be another one later says when to ask again', () => {
  expect(errorAnswer(409, []).headers).toEqual({ 'Retry-After': '60' });
  expect(errorAnswer(400, []).headers).toBeUndefined();
  const busy = { code: 'HYG-6001' as const, what: 'busy', tryThis: [], transient: true };
  expect(answerForError(new ConnectionError(busy))).toMatchObject({ status: 503, headers: { 'Retry-After': '10' } });
  expect(answerForError(new ConnectionError({ ...busy, retryAfterMs: 61_500 }))).toMatchObject({ headers: { 'Retry-After': '62' } });
});
