import { afterAll } from 'vitest';
import { type Azure, startAzure } from '../azure-hosts/azure.ts';
import { sharedAzurite } from '../azurite.ts';
import type { SeenAtDfs } from '../dfs/server.ts';
import { type Fault, type SeenRequest, startFaultProxy } from '../fault-proxy.ts';
import { startGcsServer } from '../gcs-server/server.ts';
import { noRadosgw, sharedRadosgw } from '../radosgw.ts';
import { adls, lakeInAzure, onelake, type Played } from './azure-lakes.ts';
import { lakeInAzurite } from './azurite-lake.ts';
import { lakeInGcs } from './gcs-lake.ts';
import type { TestLake } from './lake.ts';
import { lakeInRadosgw } from './s3-lake.ts';
import { container } from './test-lakes.ts';

/** What hygge asks of a lake. */
export interface LakeRequest {
  readonly method: string;
  /** What it is about, in a few words, the same for every lake and run: `PUT head`, `PUT mark`, `PUT part comp=blocklist`. */
  readonly what: string;
  /** Whether it changes anything. */
  readonly writes: boolean;
}

/** A lake of this process that can lose, hold and refuse what hygge asks. */
export interface FaultyLake extends TestLake {
  /** Asked for each request of hygge; undefined lets it pass. Replaces the rule before. */
  rule(decide: (asked: LakeRequest) => Fault | undefined): void;
}

/** A kind of lake as one file of tests has it: its server is shared with other files where it is a process of its own. */
export interface FaultyKind {
  readonly name: string;
  readonly missing: boolean;
  start(): Promise<FaultyLake>;
}

const verbs = ['comp', 'uploads', 'uploadId', 'partNumber', 'list-type', 'resource', 'action', 'mode', 'uploadType', 'upload_id'] as const;
const subjects = [
  ['mark', /\.hygge-staged-/],
  ['entry', /_delta_log\/\d{20}\.json/],
  ['head', /current\.json/],
  ['record', /\/commits\//],
  ['staged', /\/staging\//],
  ['part', /\.(parquet|csv|json|ndjson)/],
] as const;

function named(method: string, path: string, query: URLSearchParams, more = ''): LakeRequest {
  const subject = subjects.find(([, form]) => form.test(path))?.[0] ?? 'folder';
  const verb = verbs.flatMap((name) => {
    const value = query.get(name);
    if (value === null) return [];
    return /^[a-z]+$/i.test(value) && name !== 'uploadId' && name !== 'upload_id' ? `${name}=${value}` : name;
  });
  const what = [method, subject, ...verb, more].filter((word) => word !== '').join(' ');
  return { method, what, writes: method !== 'GET' && method !== 'HEAD' };
}

function ofProxy({ method, path }: SeenRequest): LakeRequest {
  const [, pathname = '', search = ''] = /^([^?]*)\??(.*)$/s.exec(path) ?? [];
  const move = /\/moveTo\//.test(pathname) ? 'move' : '';
  const query = new URLSearchParams(search);
  // Uploads to Cloud Storage have their name there.
  return named(method, `${pathname.replace(/^.*\/moveTo\//, '')}/${query.get('name') ?? ''}`, query, move);
}

function ofDfs({ method, path, query, headers, door }: SeenAtDfs): LakeRequest {
  return named(method, path, query, headers['x-ms-rename-source'] === undefined ? door : 'rename');
}

/** One for a file of tests: clients keep the way to it for as long as the process lives. */
function sharedAzure(): () => Promise<Azure> {
  let started: Promise<{ readonly azure: Azure; readonly end: () => Promise<void> }> | undefined;
  afterAll(async () => {
    await (await started)?.end();
  });
  return async () => {
    started ??= azureHere();
    return (await started).azure;
  };
}

async function azureHere(): Promise<{ readonly azure: Azure; readonly end: () => Promise<void> }> {
  const azure = await startAzure();
  const here = azure.inProcess();
  const end = async (): Promise<void> => {
    here[Symbol.dispose]();
    await azure[Symbol.asyncDispose]();
  };
  return { azure, end };
}

async function inAzure(azure: Azure, played: Played): Promise<FaultyLake> {
  const lake = lakeInAzure(azure, played);
  return {
    ...lake,
    rule: (decide) => azure.dfs.rule((seen) => decide(ofDfs(seen))),
    async [Symbol.asyncDispose]() {
      azure.dfs.rule(() => undefined);
      await lake.empty();
    },
  };
}

async function s3(): Promise<FaultyLake> {
  const radosgw = await sharedRadosgw();
  const proxy = await startFaultProxy(radosgw.endpoint);
  const lake = await lakeInRadosgw(radosgw, container(), proxy.url);
  return {
    ...lake,
    rule: (decide) => proxy.rule((seen) => decide(ofProxy(seen))),
    async [Symbol.asyncDispose]() {
      await lake[Symbol.asyncDispose]();
      await proxy[Symbol.asyncDispose]();
    },
  };
}

async function gcs(): Promise<FaultyLake> {
  const server = await startGcsServer();
  const proxy = await startFaultProxy(server.url);
  return {
    ...lakeInGcs(server, container(), proxy.url),
    rule: (decide) => proxy.rule((seen) => decide(ofProxy(seen))),
    async [Symbol.asyncDispose]() {
      await proxy[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
      if (server.notTaught.length > 0) throw new Error(`the server was not taught ${server.notTaught.join(', ')}`);
    },
  };
}

/** To be called while tests are collected. */
export function faultyKinds(): readonly FaultyKind[] {
  const azurite = sharedAzurite();
  const azure = sharedAzure();
  async function blob(): Promise<FaultyLake> {
    const server = await azurite();
    const proxy = await startFaultProxy(server.blobUrl);
    return {
      ...(await lakeInAzurite(server, container(), proxy.url)),
      rule: (decide) => proxy.rule((seen) => decide(ofProxy(seen))),
      [Symbol.asyncDispose]: () => proxy[Symbol.asyncDispose](),
    };
  }
  return [
    { name: 'adls', missing: false, start: async () => inAzure(await azure(), adls) },
    { name: 'onelake', missing: false, start: async () => inAzure(await azure(), onelake) },
    { name: 'azure_blob', missing: false, start: blob },
    { name: 's3', missing: noRadosgw() !== '', start: s3 },
    { name: 'gcs', missing: false, start: gcs },
  ];
}
