import * as z from 'zod';
import { secret } from '../../ports/secret-schema.ts';

/** `notify:` as it is written. What it means is settled in notify.ts, when hygge.yml and the flow are merged. */

const when = z.enum(['error', 'recovered', 'warn', 'stale', 'missed', 'slow']);

export const notify = z
  .strictObject({
    on: z.union([when.transform((one) => [one]), z.array(when).min(1)]).meta({
      description:
        'Which messages are sent. Of runs: error (an entity failed), recovered (what failed the last time passed), warn (passed with a warning). By a watcher, without a run: stale (no rows have settled within `expect`), missed (a scheduled run was not started), slow (a run takes much longer than usual). See [silence.md](silence.md).',
      default: 'error, recovered',
    }),
    webhook: secret()
      .refine((url) => isHook(url.reveal()), { error: 'an https:// address' })
      .describe('The address of a webhook: a Teams workflow, Slack, or anything that takes JSON. A secret: let a variable hold it.'),
    format: z
      .enum(['teams', 'slack', 'json'])
      .describe('What the webhook understands. By default as its host tells: Teams, Slack, else JSON.'),
  })
  .partial();

/** Plain http only to this very machine: the address is all that it takes to post there. */
function isHook(text: string): boolean {
  const url = URL.parse(text);
  return url?.protocol === 'https:' || (url?.protocol === 'http:' && /^(localhost|127\.0\.0\.1|\[::1\])$/.test(url.hostname));
}

const beat = (meaning: string) =>
  secret()
    .refine((url) => isHook(url.reveal()), { error: 'an https:// address' })
    .describe(meaning);

/** `heartbeat:` of a flow. */
export const heartbeat = z.union([
  beat('The address that is called after each run without a failure.'),
  z.strictObject({
    url: beat('Gets a POST after each run without a failure.'),
    fail_url: beat('Gets a POST after each run in which an entity failed. Absent: nothing is sent then.').optional(),
  }),
  z.null(),
]);
