import * as z from 'zod';
import { secret } from '../../ports/secret-schema.ts';

/** `notify:` as it is written. notify.ts interprets `notify` when hygge.yml and the flow are merged. */

const when = z.enum(['error', 'recovered', 'warn', 'stale', 'missed', 'slow']);

export const notify = z
  .strictObject({
    on: z.union([when.transform((one) => [one]), z.array(when).min(1)]).meta({
      description:
        'Which messages are sent. About runs: error (an entity failed), recovered (an entity that failed the last time passed), warn (passed with a warning). Sent by a watcher, without a run: stale (no rows have settled within `expect`), missed (a scheduled run was not started), slow (a run takes much longer than usual). See [silence.md](silence.md).',
      default: 'error, recovered',
    }),
    webhook: secret()
      .refine((url) => isHook(url.reveal()), { error: 'an https:// address' })
      .describe(
        'The address of a webhook: a Teams workflow, Slack, or anything that accepts JSON. It is a secret, so keep it in a variable.',
      ),
    format: z
      .enum(['teams', 'slack', 'json'])
      .describe('The format of the messages. The default depends on the host of the webhook: Teams, Slack, else JSON.'),
  })
  .partial();

/** Plain http is allowed only to this machine, because anyone who sees the address can post to it. */
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
  beat('The address that hygge calls after each run without a failure.'),
  z.strictObject({
    url: beat('This address gets a POST after each run without a failure.'),
    fail_url: beat(
      'This address gets a POST after each run in which an entity failed. Absent: hygge sends nothing after a failure.',
    ).optional(),
  }),
  z.null(),
]);
