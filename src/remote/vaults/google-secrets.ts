import { readFile } from 'node:fs/promises';
import { HyggeError } from '../../errors/hygge-error.ts';
import type { Network } from '../../ports/network.ts';
import { Secret, type SecretLookup, type Vault } from '../../ports/secret.ts';
import { endedIn, reasonIn } from '../google/answer.ts';
import { identityOf, type Proof } from '../google/identity.ts';
import { waysToSignIn } from '../google/keys.ts';
import { type JsonAnswer, textIn } from '../json/json-requests.ts';
import { notReached, notSignedIn } from '../refusals.ts';
import { isRefusedByProxy } from '../sent-request.ts';
import { VaultRequests } from './vault-requests.ts';

const host = 'secretmanager.googleapis.com';

/** The scope of the tokens: the narrowest scope that the API accepts. */
const scope = 'https://www.googleapis.com/auth/cloud-platform';

/** Google Secret Manager of a project: https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets.versions/access */
export function googleSecrets(project: string, network: Network): Vault {
  const shown = `${host} (project ${project})`;
  const requests = new VaultRequests(network, host, shown);
  const identity = identityOf({}, { network, read: (path) => readFile(path, 'utf8'), waiting: undefined, scope });
  let last: Proof = {};

  const proof = async (): Promise<Proof> => {
    try {
      last = await identity.proof();
      return last;
    } catch (error) {
      if (error instanceof HyggeError) throw error;
      const ended = endedIn(error);
      const said = { url: host, doing: 'read', status: ended.status, code: ended.code } as const;
      throw isRefusedByProxy(ended) ? notReached(said, { transient: false }) : notSignedIn(said, waysToSignIn('default'));
    }
  };

  async function read(name: string, isLast: boolean): Promise<JsonAnswer> {
    const url = `https://${host}/v1/projects/${project}/secrets/${name}/versions/latest:access`;
    const answer = await requests.ask(
      async () => ({ method: 'GET', url, headers: { accept: 'application/json', ...(await proof()) } }),
      reasonIn,
    );
    if (answer.status !== 401 || isLast) return answer;
    // A token may expire early, so the next attempt uses a new token.
    identity.disbelieved(last);
    return await read(name, true);
  }

  return {
    async lookUp(name): Promise<SecretLookup> {
      if (!/^[\w-]{1,255}$/.test(name))
        return { lacks: 'no name', said: 'a name in this vault has letters, digits, `_` and `-`, up to 255 of them' };
      const answer = await read(name, false);
      const { status, code } = answer;
      const said = `${status} ${code}`;
      if (status === 404) return { lacks: 'unknown', said };
      if (code === 'FAILED_PRECONDITION') return { lacks: 'disabled', said };
      if (status === 401) throw notSignedIn({ url: host, doing: 'read', status, code }, waysToSignIn('default'));
      if (status === 403)
        throw requests.refused(answer, {
          right: `Grant the identity of this run the role Secret Manager Secret Accessor (roles/secretmanager.secretAccessor) in the project ${project}. And check that the Secret Manager API of the project is enabled.`,
        });
      const version = textIn(answer.body, 'name')?.split('/').at(-1);
      if (status !== 200 || version === undefined) throw requests.strange(answer);
      const value = asText(textIn(answer.body, 'payload', 'data') ?? '');
      if (value === undefined) return { lacks: 'not text', said: 'the secret has bytes, not text' };
      return value === '' ? { lacks: 'empty', said: 'it is empty' } : { secret: new Secret(value), version };
    },
  };
}

function asText(base64: string): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(base64, 'base64'));
  } catch {
    return undefined;
  }
}
