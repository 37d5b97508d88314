/** Finds the account of a sign-in, as the API reports it. Keys of two accounts look alike. */
import * as z from 'zod';
import { shortHash } from '../../frames/short-hash.ts';
import type { Network } from '../../ports/network.ts';
import { envelopeOf } from '../answers/envelope.ts';
import { noPage } from '../answers/errors.ts';
import { ofDocument } from '../answers/readable.ts';
import { addressOf, type RequestsConfig, secretsIn } from './config.ts';
import type { ApiRequests, LaterAnswer } from './requests.ts';

const text = z.string().min(1);

export const account = z
  .strictObject({
    endpoint: text.describe('The path below `base_url` of the account: `account`.'),
    at: text.describe('The path in the answer to the value that identifies the account: `id`.'),
  })
  .optional()
  .describe(
    'The request that shows the account of the sign-in. An incremental load does not continue with another account. If the API answers 403 or 404, hygge does not compare the accounts.',
  );

interface Asked {
  readonly config: RequestsConfig;
  readonly where: { readonly endpoint: string; readonly at: string };
  readonly network: Network;
  readonly requests: Pick<ApiRequests, 'getIfThere'>;
}

/** The account of a sign-in, which is requested once in a process. Undefined: the API does not report the account. Throws HomeError HYG-3602. */
export async function accountOf({ config, where, network, requests }: Asked): Promise<string | undefined | LaterAnswer> {
  const { base_url, auth, headers } = config;
  const url = addressOf({ base_url, endpoint: where.endpoint });
  const signIn = shortHash(JSON.stringify([url.href, auth, headers, secretsIn([auth, headers])]));
  const kept = network.kept<{ id?: string }>('api account', signIn, () => ({}));
  if (kept.id !== undefined) return kept.id;
  const page = `${url.origin}${url.pathname}`;
  const answer = await requests.getIfThere(url, page);
  if ('notBefore' in answer) return answer;
  if ('absent' in answer) return undefined;
  const found = ofDocument(page, () => envelopeOf(answer, null, [where.at])).values.get(where.at);
  if (found === undefined || !['string', 'number'].includes(found.kind) || found.text === '')
    throw noPage(page, `There is no account at ${where.at}.`);
  kept.id = found.text;
  return kept.id;
}
