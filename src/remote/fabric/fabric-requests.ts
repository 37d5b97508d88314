/** Requests to Fabric's REST API: signed in, page by page. Every request may be sent twice. */
import type { TokenCredential } from '@azure/identity';
import { ConnectionError, HyggeError } from '../../errors/hygge-error.ts';
import type { Network } from '../../ports/network.ts';
import type { Waiting } from '../../ports/retry.ts';
import { answerIn } from '../azure/answer.ts';
import { signIn } from '../azure/credential.ts';
import { isGuid } from '../azure/guid.ts';
import { type AzureKeys, waysToSignInWithoutKeys } from '../azure/keys.ts';
import { type JsonAnswer, JsonRequests, textIn } from '../json/json-requests.ts';
import { notAllowed, notReached, notSignedIn, type ServiceAnswer } from '../refusals.ts';
import { shown } from '../sent-request.ts';

export const fabricHost = 'api.fabric.microsoft.com';
export const fabricOrigin = `https://${fabricHost}`;
const scope = `${fabricOrigin}/.default`;
/** A database has at most 1,000 mirrored tables, and a tenant thousands of workspaces. A list with more pages than this is an endless loop. */
const mostPages = 1_000;

/** The subject of a request, for messages about a refused request. */
export interface AskedAbout {
  /** The missing item: `mirrored database crm in the workspace Sales`. */
  readonly item: string;
  /** The right that the request needs. */
  readonly right: string;
  /** The next step if Fabric does not show the item, as a sentence. Absent: no next step. */
  readonly otherwise?: string;
}

interface RequestOptions {
  readonly body?: Readonly<Record<string, unknown>>;
  /** Statuses other than 200 and 202 that count as answers. */
  readonly also?: readonly number[];
  /** Milliseconds after which a request without an answer is sent again. */
  readonly answerWithinMs?: number;
}

/** The pages of a list: `items` is the member with the entries. */
interface Listed extends AskedAbout {
  readonly method: 'GET' | 'POST';
  readonly items: 'value' | 'data';
}

/**
 * Signs in with the config. Throws ConnectionError HYG-6402 if the config has no identity. @param
 * of.accountUrl defines the cloud that issues the tokens. @param of.instead the next step without an identity, as a sentence.
 */
export async function fabricRequests(
  keys: AzureKeys,
  { accountUrl, network, instead }: { readonly accountUrl: string; readonly network: Network; readonly instead: string },
): Promise<FabricRequests> {
  const { credential } = await signIn(keys, { account: '', accountUrl }, { network, env: process.env });
  if ('getToken' in credential) return new FabricRequests(network, credential);
  const said = {
    url: fabricOrigin,
    doing: 'read',
    status: undefined,
    code: 'A shared access signature gives access to OneLake only',
  } as const;
  throw notSignedIn(said, [instead]);
}

export class FabricRequests {
  readonly #credential: TokenCredential;
  readonly #requests: JsonRequests;
  readonly #found = new Map<string, Promise<string>>();

  /** @param waiting how requests outside of a step wait. */
  constructor(network: Network, credential: TokenCredential, waiting?: Partial<Waiting>) {
    this.#credential = credential;
    this.#requests = new JsonRequests(network, {
      host: fabricHost,
      lost: ({ status, code, retryAfterMs }) =>
        notReached(
          { url: fabricOrigin, doing: 'read', status, code },
          { transient: true, check: reaching, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) },
        ),
      waiting,
    });
  }

  /** The GUID of a workspace. Throws the errors of `ask`. Throws HYG-6403 if no workspace has the name, or several workspaces have the name. */
  async workspace(written: string, about: AskedAbout): Promise<string> {
    return isGuid(written) ? written : await this.idOf(written, { ...about, path: '/v1/workspaces', what: 'workspace' });
  }

  /** The GUID for a name, looked up once. */
  idOf(name: string, at: AskedAbout & { readonly path: string; readonly what: string }): Promise<string> {
    const asked = `${at.path} ${name}`;
    let found = this.#found.get(asked);
    if (found === undefined) {
      found = this.#lookUp(name, at);
      this.#found.set(asked, found);
      found.catch(() => this.#found.delete(asked));
    }
    return found;
  }

  async #lookUp(name: string, { path, what, ...about }: AskedAbout & { readonly path: string; readonly what: string }): Promise<string> {
    const ids: string[] = [];
    for await (const item of this.named(name, path, about)) ids.push(textIn(item, 'id') ?? '');
    return theOnly(ids, `${what} ${name}`, byGuid, about.otherwise);
  }

  /** Items of a list that have the name, in upper or lower case. */
  async *named(name: string, path: string, about: AskedAbout): AsyncGenerator<unknown> {
    for await (const item of this.pages(path, { ...about, method: 'GET', items: 'value' }))
      if (textIn(item, 'displayName')?.toLowerCase() === name.toLowerCase()) yield item;
  }

  async *pages(path: string, { method, items, ...about }: Listed): AsyncGenerator<unknown> {
    let query = '';
    for (let page = 0; page < mostPages; page++) {
      const answer = await this.ask(method, `${path}${query}`, about);
      const found = (answer.body as Readonly<Record<string, unknown>> | undefined)?.[items];
      if (!Array.isArray(found)) throw strange(answer);
      yield* found;
      const next = nextPage(answer, path);
      if (next === undefined) return;
      query = next;
    }
    throw new ConnectionError({
      code: 'HYG-6404',
      what: `${fabricOrigin} returned more than ${mostPages.toLocaleString('en-US')} pages.`,
      why: [`${path} has no end.`],
      tryThis: ['Name the workspace and the item by their GUIDs, because GUIDs need no list.'],
    });
  }

  /** An answer with status 200, 202 or a status in `also`. Throws ConnectionError HYG-6401, HYG-6402, HYG-6403 (the item does not exist or is not visible), HYG-6404, HYG-6053. */
  async ask(
    method: 'GET' | 'POST',
    path: string,
    { item, right, otherwise, body, also = [], answerWithinMs }: AskedAbout & RequestOptions,
  ): Promise<JsonAnswer> {
    const make = async () => ({
      method,
      url: `${fabricOrigin}${path}`,
      headers: {
        ...{ accept: 'application/json', authorization: await this.#proof() },
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    });
    const answer = await this.#requests.ask(make, (body) => textIn(body, 'errorCode'), answerWithinMs);
    if ([200, 202, ...also].includes(answer.status)) return answer;
    const said: ServiceAnswer = { url: fabricOrigin, doing: 'read', status: answer.status, code: answer.code };
    switch (answer.status) {
      case 401:
        throw notSignedIn(said, waysToSignInWithoutKeys);
      case 403:
        throw notAllowed(said, right, [
          'For an app or a service principal: allow it by the tenant setting “Service principals can use Fabric APIs”.',
        ]);
      case 404:
        throw notThere(item, otherwise);
      default:
        throw strange(answer);
    }
  }

  async #proof(): Promise<string> {
    try {
      const token = await this.#credential.getToken(scope);
      return `Bearer ${token?.token ?? ''}`;
    } catch (error) {
      if (error instanceof HyggeError) throw error;
      const { status, code } = answerIn(error);
      throw notSignedIn({ url: fabricOrigin, doing: 'read', status, code }, waysToSignInWithoutKeys);
    }
  }
}

/**
 * The query of the next page; undefined: this is the last page. Fabric’s token may already be encoded for an address, so Fabric’s own address is used if it belongs
 * to the same list: https://learn.microsoft.com/rest/api/fabric/articles/pagination.
 */
function nextPage({ body }: JsonAnswer, path: string): string | undefined {
  const uri = textIn(body, 'continuationUri');
  const next = uri !== undefined && URL.canParse(uri) ? new URL(uri) : undefined;
  if (next?.origin === fabricOrigin && next.pathname === path && next.search !== '') return next.search;
  const token = textIn(body, 'continuationToken');
  return token === undefined || token === '' ? undefined : `?continuationToken=${encodeURIComponent(token)}`;
}

const reaching = [`Check whether this machine may reach ${fabricHost}: hygge debug lists the hosts.`];

const byGuid = 'Write the GUID in place of the name.';

/** The only id of a list. Throws HYG-6403 if the list is empty or has several ids. @param remedy the next step if there are several ids. */
export function theOnly(ids: readonly string[], what: string, remedy = byGuid, otherwise?: string): string {
  const [id, ...others] = ids;
  if (id === undefined) throw notThere(what, otherwise);
  if (others.length > 0) throw ambiguous(what, ids, remedy);
  return id;
}

/** The error for an item that Fabric does not show. Fabric also hides items whose capacity is paused: https://learn.microsoft.com/fabric/mirroring/troubleshooting */
function notThere(what: string, otherwise: string | undefined): ConnectionError {
  return new ConnectionError({
    code: 'HYG-6403',
    what: `Fabric shows no ${what}.`,
    why: ['The workspace or item does not exist, its capacity is paused, or the identity of this run may not see it.'],
    tryThis: [
      'Check the names: GUIDs are in the address of the item in Fabric.',
      'Resume the capacity of the workspace if it is paused.',
      ...(otherwise === undefined ? [] : [otherwise]),
    ],
  });
}

function ambiguous(what: string, ids: readonly string[], remedy: string): ConnectionError {
  return new ConnectionError({
    code: 'HYG-6403',
    what: `Fabric shows more than one ${what}.`,
    why: [`Their GUIDs: ${ids.join(', ')}.`],
    tryThis: [remedy],
  });
}

export function strange(answer: JsonAnswer): ConnectionError {
  return new ConnectionError({
    code: 'HYG-6404',
    what: `${fabricOrigin} returned no usable answer.`,
    why: [`Fabric answered ${shown(answer)}${messageOf(answer)}.`],
    tryThis: ['Check that no other system in between, such as a proxy, answers instead.', 'Then run it again: nothing was changed.'],
  });
}

function messageOf({ body }: JsonAnswer): string {
  const message = textIn(body, 'message');
  return message === undefined ? '' : `: ${message.replace(/\.$/, '')}`;
}

/** Fabric's own sentence in a refusing answer. */
export function refusalIn(answer: JsonAnswer): string {
  return textIn(answer.body, 'message') ?? textIn(answer.body, 'errorCode') ?? `it answered ${shown(answer)}`;
}
