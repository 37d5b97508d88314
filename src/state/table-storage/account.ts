import { TableClient, type TableServiceClientOptions, type TransactionAction } from '@azure/data-tables';
import type { BlobServiceClient, ContainerClient, StoragePipelineOptions } from '@azure/storage-blob';
import { ConfigError, HyggeError } from '../../errors/hygge-error.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Network } from '../../ports/network.ts';
import type { Waiting } from '../../ports/retry.ts';
import type { StorageAccess } from '../../ports/state.ts';
import type { Instant } from '../../ports/values.ts';
import { AccountClock } from '../../remote/account-clock.ts';
import { type Answer, answerIn, endingOf } from '../../remote/azure/answer.ts';
import { addressWithSecret } from '../../remote/azure/connection-string.ts';
import { defaultCredential } from '../../remote/azure/credential.ts';
import { Sender, type SendOutcome } from '../../remote/sender.ts';
import { failure } from './answers.ts';

export interface AccountRequest {
  readonly access: StorageAccess;
  readonly table: string;
  readonly container: string;
  readonly clock: Clock;
  /** How long to wait for an answer before the outcome counts as unknown. */
  readonly answerWithinMs?: number;
  readonly network: Network;
}

/** The table and the container of one storage account. The clients send each request once; `requests` does all retries. */
export interface Account {
  readonly table: TableClient;
  /** The client of the container, loaded at the first call, because most commands use only the table. */
  blobs(): Promise<ContainerClient>;
  readonly requests: Requests;
  /** Name of the container, for messages. */
  readonly container: string;
  /** The timeout of each request to the container. */
  readonly blobTimeoutMs: number;
  /** `table <name> of <address>`: contains no secret, and is the same for every way to sign in. */
  readonly place: string;
  readonly clock: Clock;
  /** The service’s time; undefined before its first answer. */
  now(): Instant | undefined;
  /** Must be called with the time in an answer for blobs. The time in answers for tables is read automatically. */
  hear(date: Date | undefined): void;
}

export type Action = TransactionAction;

/** Longer than any successful request, because the service itself stops after 30 s. */
const tableTimeoutMs = 35_000;
/** Longer than for the table, because objects may have some megabytes. */
const blobTimeoutMs = 120_000;

/** Prepares the access without a request. Throws ConfigError HYG-1076 if the connection string is invalid. */
export async function openAccount(request: AccountRequest): Promise<Account> {
  const { access, table, container, clock, answerWithinMs, network } = request;
  const time = new AccountClock(() => clock.monotonicMs());
  const { tableClient, blobClient } = await clients(network, access);
  const client = tableClient(table, tableOptions(time, answerWithinMs ?? tableTimeoutMs));
  const open = async (): Promise<ContainerClient> => (await blobClient(sentOnce)).getContainerClient(container);
  let blobs: Promise<ContainerClient> | undefined;
  return {
    table: client,
    blobs() {
      blobs ??= open();
      return blobs;
    },
    requests: new Requests(network, addressOf(client.url), { clock }),
    container,
    blobTimeoutMs: answerWithinMs ?? blobTimeoutMs,
    place: `table ${table} of ${addressOf(client.url)}`,
    clock,
    now: () => time.now(),
    hear: (date) => time.hear(date?.toUTCString()),
  };
}

/** The address of an account, without its SAS and without a default port. */
function addressOf(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`.replace(/\/+$/, '');
}

function tableOptions(time: AccountClock, timeoutMs: number): TableServiceClientOptions {
  return {
    retryOptions: { maxRetries: 0 },
    additionalPolicies: [
      {
        position: 'perRetry',
        policy: {
          name: 'hygge',
          async sendRequest(request, next) {
            if (request.timeout === 0) request.timeout = timeoutMs;
            const response = await next(request);
            time.hear(response.headers.get('date'));
            return response;
          },
        },
      },
    ],
  };
}

const sentOnce: StoragePipelineOptions = { retryOptions: { maxTries: 1 } };

interface Clients {
  tableClient(table: string, options: TableServiceClientOptions): TableClient;
  blobClient(options: StoragePipelineOptions): Promise<BlobServiceClient>;
}

async function clients(network: Network, access: StorageAccess): Promise<Clients> {
  if (access.by === 'connection string') {
    const endpoint = addressWithSecret(access.text);
    if (endpoint !== undefined) throw notOnlyAddress(endpoint);
    return byConnectionString(access.text.reveal());
  }
  const credential = await defaultCredential(network, access.clientId, access.tableUrl);
  return {
    tableClient: (table, options) => new TableClient(access.tableUrl, table, credential, options),
    async blobClient(options) {
      const { BlobServiceClient } = await import('@azure/storage-blob');
      return new BlobServiceClient(access.blobUrl, credential, options);
    },
  };
}

function byConnectionString(text: string): Clients {
  // HTTP is used only if the address begins with `http`: for an emulator, or a test.
  const plain = /(^|;)\s*(TableEndpoint|DefaultEndpointsProtocol)\s*=\s*http\s*(:|;|$)/i.test(text);
  return {
    tableClient: (table, options) =>
      parsed(() => TableClient.fromConnectionString(text, table, { ...options, allowInsecureConnection: plain })),
    async blobClient(options) {
      const { BlobServiceClient } = await import('@azure/storage-blob');
      return parsed(() => BlobServiceClient.fromConnectionString(text, options));
    },
  };
}

function notOnlyAddress(endpoint: string): ConfigError {
  return new ConfigError({
    code: 'HYG-1076',
    what: `The ${endpoint} in the connection string of the state contains more than an address.`,
    why: ['Messages show this address, so they would also show a signature or a user in it.'],
    tryThis: ['Move the text after the `?` into SharedAccessSignature=…, and remove the `?`', 'Remove a user before the `@`'],
  });
}

/** Hides the SDK’s error about an invalid connection string, because its message may contain parts of the string. */
function parsed<T>(parse: () => T): T {
  try {
    return parse();
  } catch {
    throw new ConfigError({
      code: 'HYG-1076',
      what: 'The connection string of the state is not one of a storage account.',
      why: ['It needs an AccountName with an AccountKey, or a TableEndpoint and a BlobEndpoint with a SharedAccessSignature.'],
      tryThis: [
        'Copy it again from the portal: storage account, Access keys, Connection string',
        'Check that the whole connection string is in quotes',
      ],
    });
  }
}

/** One request, and when it may be sent again. */
interface SendOptions<T> {
  /** The name of the table or the container, for messages. */
  readonly place: string;
  /** The target of a conditional write. If the write may have been carried out, it is not sent again, and the result is `OutcomeUnknown`. Absent: the request may be repeated. */
  readonly once?: string;
  readonly ask: () => Promise<T>;
  /** The result for an answer with an error status that is expected here. Undefined: the answer is a failure. */
  readonly expected?: (answer: Answer) => T | undefined;
}

/** Sends requests to the account of the state. */
class Requests {
  readonly #sender: Sender;

  constructor(network: Network, account: string, waiting: Partial<Waiting>) {
    this.#sender = new Sender(network, account, waiting);
  }

  /** Throws StateError HYG-5008, HYG-5009, ConnectionError HYG-6052, and `OutcomeUnknown` for a change that may have been made. */
  send<T>({ place, once, ask, expected }: SendOptions<T>): Promise<T> {
    const judge = (error: unknown): SendOutcome<T> => {
      if (error instanceof HyggeError) throw error;
      const answer = answerIn(error);
      const answered = expected?.(answer);
      if (answered !== undefined) return { answer: answered };
      const { status, retryAfterMs } = answer;
      const sent = once === undefined ? 'read' : 'write';
      return { ending: endingOf(answer), status, retryAfterMs, error: (spent) => failure(error, { place, sent, spent }) };
    };
    return this.#sender.send({ once: once === undefined ? undefined : `${place} ${once}` }, ask, judge);
  }
}
