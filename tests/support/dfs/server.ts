import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Fault } from '../fault-proxy.ts';
import { answerOf, type Place } from './answers.ts';
import type { Bearer, Right } from './authorize.ts';
import type { Paging } from './dfs-list.ts';
import { type Answer, type Asked, type Door, NotDone, Refusal, refusalAnswer } from './exchange.ts';
import { OneLake, type Workspace } from './onelake.ts';
import { type FileNode, type FolderNode, lookup, newFolder, walk } from './tree.ts';

/** A request as a rule of faults sees it. */
export interface SeenAtDfs {
  readonly method: string;
  readonly door: Door;
  readonly account: string;
  readonly filesystem: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly bytes: number;
  /** Counted from 1 over all requests. */
  readonly number: number;
}

export interface DfsOptions {
  /** Each with its filesystems, and a key in base64 unless it takes tokens only. */
  readonly accounts: Readonly<Record<string, { readonly key?: string; readonly filesystems: readonly string[] }>>;
  readonly workspaces?: readonly Workspace[];
  /** Whose tokens are believed: the stand-in for Entra. */
  readonly bearer?: (token: string) => Bearer | undefined;
}

/** ADLS Gen2 and OneLake in memory: `<account>.dfs.core.windows.net`, `.blob.`, `onelake.dfs.fabric.microsoft.com`. */
export interface Dfs extends Disposable {
  readonly listener: RequestListener;
  /** Whether a host name is one of ours. */
  serves(host: string): boolean;
  readonly seen: readonly SeenAtDfs[];
  readonly paging: Paging;
  /** What those who show tokens may do, by object id; who is not named may write. */
  readonly rights: Map<string, Right>;
  /** Whether OneLake is asked by names too, or by ids only. True at first. */
  friendlyNames: boolean;
  /** Asked for each request; undefined lets it pass. Replaces the rule before. */
  rule(decide: (seen: SeenAtDfs) => Fault | undefined): void;
  /** What was asked and is not done here. Disposing throws unless it is empty. */
  readonly notDone: string[];
  /** Every file of a filesystem, past all doors. */
  files(account: string, filesystem: string): ReadonlyMap<string, FileNode>;
  /** What lies somewhere in a filesystem, past all doors: to look inside, or to change what clients don't expect to change. */
  root(account: string, filesystem: string): FolderNode;
}

const usual: Paging = { pageSize: 5000, emptyPages: false, itemNames: 'by turns' };

export function dfsServer({ accounts, workspaces = [], bearer = () => undefined }: DfsOptions): Dfs {
  const spaces = new Map(
    Object.entries(accounts).map(([name, { filesystems }]) => [name, new Map(filesystems.map((one) => [one, newFolder()]))]),
  );
  const seen: SeenAtDfs[] = [];
  const notDone: string[] = [];
  const rights = new Map<string, Right>();
  const paging: Paging = { ...usual };
  const place: Place = {
    spaces,
    onelake: workspaces.length > 0 ? new OneLake(workspaces) : undefined,
    paging,
    guard: {
      key: (account) => (Object.hasOwn(accounts, account) ? accounts[account]?.key : undefined),
      bearer,
      right: (principal) => rights.get(principal) ?? 'write',
    },
  };
  let decide: (one: SeenAtDfs) => Fault | undefined = () => undefined;
  const rootOf = (account: string, filesystem: string): FolderNode => {
    const root = account === 'onelake' ? place.onelake?.root(filesystem) : spaces.get(account)?.get(filesystem);
    if (root === undefined) throw new Error(`there is no ${account}/${filesystem}`);
    return root;
  };

  const listener: RequestListener = (request, response) => {
    void bodyOf(request).then(
      (body) => {
        const asked = askedOf(request, body);
        const one = { ...asked, bytes: body.length, number: seen.length + 1 };
        seen.push(one);
        return deliver(decide(one), request, response, () => settled(asked, place, notDone));
      },
      () => response.destroy(),
    );
  };
  return {
    listener,
    serves: (host) => {
      const parts = partsOf(host);
      return parts !== undefined && (parts.account === 'onelake' ? place.onelake !== undefined : spaces.has(parts.account));
    },
    seen,
    paging,
    rights,
    get friendlyNames() {
      return place.onelake?.friendlyNames ?? false;
    },
    set friendlyNames(allowed) {
      if (place.onelake !== undefined) place.onelake.friendlyNames = allowed;
    },
    rule(next) {
      decide = next;
    },
    notDone,
    files: (account, filesystem) =>
      new Map([...walk(rootOf(account, filesystem), '', true)].flatMap(({ path, node }) => (node.kind === 'file' ? [[path, node]] : []))),
    root: rootOf,
    [Symbol.dispose]() {
      if (notDone.length > 0) throw new Error(`the DFS server was asked for what it does not do:\n${notDone.join('\n')}`);
    },
  };
}

/** The node somewhere in a tree, for tests. */
export const nodeAt = lookup;

function settled(asked: Asked, place: Place, notDone: string[]): Answer {
  try {
    return answerOf(asked, place);
  } catch (error) {
    if (error instanceof Refusal) return refusalAnswer(asked, error);
    const why = error instanceof NotDone ? error.message : String(error instanceof Error ? error.stack : error);
    const line = `${asked.method} ${asked.host}${asked.rawPath}?${[...asked.query.keys()].join('&')}: ${why}`;
    notDone.push(line);
    return refusalAnswer(asked, new Refusal('NotDoneHere', 501, line));
  }
}

function partsOf(host: string): { readonly account: string; readonly door: Door } | undefined {
  const [, account, door] = /^([a-z0-9-]+)\.(dfs|blob)\.(?:core\.windows\.net|fabric\.microsoft\.com)(?::443)?$/.exec(host) ?? [];
  if (account === undefined || (door !== 'dfs' && door !== 'blob')) return undefined;
  return (account === 'onelake') === host.includes('.fabric.') ? { account, door } : undefined;
}

function askedOf(request: IncomingMessage, body: Buffer): Asked {
  const host = request.headers.host ?? '';
  const { account, door } = partsOf(host) ?? { account: '', door: 'dfs' };
  const [rawPath = '/', search = ''] = (request.url ?? '/').split(/\?(.*)/s);
  const [, filesystem = '', ...rest] = readable(rawPath).split('/');
  const path = rest.join('/').replace(/\/$/, '');
  const query = new URLSearchParams(search.replaceAll('+', '%2B'));
  return { door, method: request.method ?? '', host, account, rawPath, filesystem, path, query, headers: request.headers, body };
}

function readable(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

async function deliver(fault: Fault | undefined, request: IncomingMessage, response: ServerResponse, act: () => Answer): Promise<void> {
  if (fault === 'drop before') {
    request.socket.destroy();
    return;
  }
  if (typeof fault === 'object' && 'status' in fault) {
    const { status, code = 'ServerBusy', retryAfter, after } = fault;
    if (after) act();
    const refusal = new Refusal(code, status, 'The server is currently unable to receive requests. Please retry your request.', {
      ...(retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) }),
    });
    send(response, refusalAnswer({ door: partsOf(request.headers.host ?? '')?.door ?? 'dfs', method: request.method ?? '' }, refusal));
    return;
  }
  if (typeof fault === 'object') await fault.hold;
  const answer = act();
  if (fault === 'drop after') request.socket.destroy();
  else send(response, answer, fault === 'cut');
}

function send(response: ServerResponse, { status, headers = {}, body = '' }: Answer, cut = false): void {
  const bytes = Buffer.from(body as Buffer);
  response.writeHead(status, {
    'content-length': String(bytes.length),
    server: 'Windows-Azure-HDFS/1.0 Microsoft-HTTPAPI/2.0',
    'x-ms-request-id': randomUUID(),
    'x-ms-version': '2026-10-06',
    ...headers,
  });
  if (cut) response.write(bytes.subarray(0, bytes.length >> 1), () => response.destroy());
  else response.end(bytes);
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return chunks.length === 1 ? (chunks[0] ?? Buffer.alloc(0)) : Buffer.concat(chunks);
}
