import { ContainerClient } from '@azure/storage-blob';
import { ConfigError, ConnectionError, HyggeError } from '../errors/hygge-error.ts';
import type { ConfigBlob, ConfigBlobs } from '../ports/config-blobs.ts';
import type { Condition, PutOutcome } from '../ports/filesystem.ts';
import type { Network } from '../ports/network.ts';
import { OutcomeUnknown } from '../ports/retry.ts';
import type { Secret } from '../ports/secret.ts';
import type { Instant } from '../ports/values.ts';
import { type Answer, answerIn, endingOf, isOpenWrite, isTransientAnswer } from '../remote/azure/answer.ts';
import { blobBody, blobPage } from '../remote/azure/blob-answers.ts';
import { addressWithSecret } from '../remote/azure/connection-string.ts';
import { defaultCredential } from '../remote/azure/credential.ts';
import { Sender, type SendOutcome } from '../remote/sender.ts';
import type { BlobPlace } from '../workspace/versions/place.ts';

/** The SDK sends each request only once, because this file decides about retries. */
const sentOnce = { retryOptions: { maxTries: 1 } } as const;

/** The blobs of a real container. No request is sent yet. */
export async function azureConfigBlobs(place: BlobPlace, network: Network): Promise<ConfigBlobs> {
  const container = await containerClient(place, network);
  const url = (place.url ?? container.url).replace(/\?.*$/s, '');
  return new AzureConfigBlobs(url, container, new Sender(network, new URL(url).origin));
}

interface SendOptions<T> {
  readonly doing: 'read' | 'write';
  /** The target of a conditional write; absent: the request may be repeated. */
  readonly once?: string;
  readonly ask: () => Promise<T>;
  /** The result for an answer that is not a failure here; undefined: the answer is a failure. */
  readonly expected?: (answer: Answer) => T | undefined;
}

class AzureConfigBlobs implements ConfigBlobs {
  readonly url: string;
  readonly #container: ContainerClient;
  readonly #sender: Sender;
  #serverDate: Date | undefined;

  constructor(url: string, container: ContainerClient, sender: Sender) {
    this.url = url;
    this.#container = container;
    this.#sender = sender;
  }

  now(): Instant {
    return (this.#serverDate ?? new Date()).toISOString();
  }

  async get(name: string): Promise<{ readonly body: Uint8Array; readonly etag: string } | undefined> {
    const found = await this.#send<{ body: Uint8Array; etag: string } | 'absent'>({
      doing: 'read',
      ask: async () => {
        const answer = await this.#container.getBlockBlobClient(name).download(0, undefined, { maxRetryRequests: 0 });
        this.#serverDate = answer.date ?? this.#serverDate;
        return { body: await blobBody(answer.readableStreamBody), etag: answer.etag ?? '' };
      },
      expected: absent,
    });
    return found === 'absent' ? undefined : found;
  }

  async put(name: string, body: Uint8Array, condition: Condition): Promise<PutOutcome> {
    const put = await this.#put(name, body, condition);
    if (put !== 'no container') return put;
    await this.#send({ doing: 'write', ask: () => this.#container.createIfNotExists() });
    const again = await this.#put(name, body, condition);
    return again === 'no container' ? { outcome: 'refused' } : again;
  }

  #put(name: string, body: Uint8Array, condition: Condition): Promise<PutOutcome | 'no container'> {
    const conditions = 'ifMatch' in condition ? { ifMatch: condition.ifMatch } : { ifNoneMatch: '*' };
    const blobHTTPHeaders = { blobContentType: 'application/json' };
    return this.#send<PutOutcome | 'no container'>({
      doing: 'write',
      once: name,
      ask: async () => {
        const answer = await this.#container.getBlockBlobClient(name).upload(body, body.byteLength, { conditions, blobHTTPHeaders });
        this.#serverDate = answer.date ?? this.#serverDate;
        return { outcome: 'written', etag: answer.etag ?? '' };
      },
      expected: ({ status, code }) => {
        if (code === 'ContainerNotFound') return 'no container';
        return status === 412 || code === 'BlobAlreadyExists' || code === 'BlobNotFound' ? { outcome: 'refused' } : undefined;
      },
    });
  }

  async *list(prefix: string): AsyncGenerator<ConfigBlob> {
    let from: string | undefined;
    do {
      const at = from;
      const page = await this.#send<Awaited<ReturnType<typeof blobPage>> | 'absent'>({
        doing: 'read',
        ask: () => blobPage(this.#container, prefix, at),
        expected: absent,
      });
      if (page === 'absent') return;
      for (const { name, properties } of page.blobs)
        yield { name, etag: quotedTag(properties.etag), modifiedAt: properties.lastModified.toISOString() };
      from = page.next;
    } while (from !== undefined);
  }

  async remove(name: string, ifMatch: string): Promise<void> {
    await this.#send<unknown>({
      doing: 'write',
      once: name,
      ask: () => this.#container.getBlockBlobClient(name).delete({ conditions: { ifMatch } }),
      expected: (answer) => (answer.status === 412 ? 'another' : absent(answer)),
    });
  }

  #send<T>({ doing, once, ask, expected }: SendOptions<T>): Promise<T> {
    const judge = (error: unknown): SendOutcome<T> => {
      if (error instanceof HyggeError) throw error;
      const answer = answerIn(error);
      this.#serverDate = answer.date ?? this.#serverDate;
      const answered = expected?.(answer);
      if (answered !== undefined) return { answer: answered };
      const { status, retryAfterMs } = answer;
      return {
        ending: endingOf(answer),
        status,
        retryAfterMs,
        error: (spent) => refusal(error, { url: this.url, doing, once: once !== undefined, spent }),
      };
    };
    return this.#sender.send({ once }, ask, judge);
  }
}

function absent({ status }: Answer): 'absent' | undefined {
  return status === 404 ? 'absent' : undefined;
}

async function containerClient(place: BlobPlace, network: Network): Promise<ContainerClient> {
  const { access, container, url } = place;
  switch (access.by) {
    case 'connection string':
      mustBeAddresses(access.secret);
      return new ContainerClient(access.secret.reveal(), container, sentOnce);
    case 'sas':
      return new ContainerClient(`${url}?${access.secret.reveal()}`, undefined, sentOnce);
    case 'identity':
      return new ContainerClient(url ?? '', await defaultCredential(network, access.clientId, url), sentOnce);
  }
}

/** Throws if the address of the container contains a secret, because the address is shown. */
function mustBeAddresses(text: Secret): void {
  const endpoint = addressWithSecret(text);
  if (endpoint === undefined) return;
  throw new ConfigError({
    code: 'HYG-1932',
    what: `The ${endpoint} in the connection string of the config contains more than an address.`,
    why: ['Messages show this address, so they would also show a signature or a user in it.'],
    tryThis: ['Move the text after the `?` into SharedAccessSignature=…, and remove the `?`', 'Remove a user before the `@`'],
  });
}

/** Listings show etags without the quotes that conditions need. */
function quotedTag(etag: string): string {
  return etag.startsWith('"') ? etag : `"${etag}"`;
}

/** Converts errors of the storage SDK. The original errors are dropped, because the address of their request may contain a signature. */

interface RefusedRequest {
  readonly url: string;
  readonly doing: 'read' | 'write';
  /** Whether the request was a conditional write, which may have happened. */
  readonly once: boolean;
  /** Whether the request was sent as often as allowed. */
  readonly spent: boolean;
}

/** A failed request: its known result, or `OutcomeUnknown`. */
function refusal(error: unknown, { url, doing, once, spent }: RefusedRequest): Error {
  const answer = answerIn(error);
  const { status, code, retryAfterMs } = answer;
  if (!once || !isOpenWrite(answer)) return asConnectionError(error, { url, doing, spent });
  return new OutcomeUnknown(`no clear answer to a write in ${url}: ${code || (status ?? 'no answer')}`, { spent, retryAfterMs });
}

function asConnectionError(error: unknown, { url, doing, spent }: Omit<RefusedRequest, 'once'>): HyggeError {
  const answer = answerIn(error);
  const { status } = answer;
  const code = answer.code || (error instanceof Error ? error.name : String(error));
  if (answer.denied) return refused({ url, doing, code, status: answer.unsigned ? undefined : status });
  if (status === 400 && /InvalidResourceName|InvalidUri|OutOfRangeInput/.test(code)) {
    return new ConfigError({
      code: 'HYG-1932',
      what: `${JSON.stringify(url)} is not an address of a blob container.`,
      why: [`The storage says ${code}.`],
      tryThis: ['A container is named with 3 to 63 lower-case letters, digits and single dashes: hygge-config'],
    });
  }
  return new ConnectionError({
    code: 'HYG-6303',
    what: `${url} cannot be reached.`,
    why: [status === undefined ? code : `The storage answered ${status} ${code}.`],
    tryThis: ['Check the name of the account, and whether this machine may reach it.', 'Then try again.'],
    transient: status === undefined || isTransientAnswer(answer),
    spent,
    retryAfterMs: answer.retryAfterMs,
  });
}

function refused(about: {
  readonly url: string;
  readonly doing: 'read' | 'write';
  readonly code: string;
  readonly status: number | undefined;
}): ConnectionError {
  const { url, doing, code, status } = about;
  const role = doing === 'read' ? 'Storage Blob Data Reader' : 'Storage Blob Data Contributor';
  const { why, tryThis } =
    status === undefined ? nobody : code === 'AuthenticationFailed' || code === 'InvalidAuthenticationInfo' ? stranger : noRight(role);
  return new ConnectionError({ code: 'HYG-6302', what: `${url} denies permission to ${doing}.`, why: [`${why}: ${code}.`], tryThis });
}

const nobody = {
  why: 'No one is signed in here, and there is no managed identity',
  tryThis: [
    'On your machine: az login',
    'In the cloud: give the app a managed identity',
    'Or use a connection string: AzureWebJobsStorage',
  ],
};
const stranger = {
  why: 'The storage rejects the sign-in',
  tryThis: [
    'With a connection string or SAS: check that it is whole and not expired',
    'Otherwise: az login, with the account of the right tenant',
  ],
};
const noRight = (role: string) => ({
  why: 'The sign-in worked, but the identity has no right to do this',
  tryThis: [
    `Grant the identity of this run the role ${role} on the container or its account. The role takes effect after some minutes.`,
    'Check that the firewall of the account lets this machine in.',
  ],
});
