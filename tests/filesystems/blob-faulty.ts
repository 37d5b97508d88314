import { afterAll, beforeEach } from 'vitest';
import type { FileSystem, StagedFile } from '../../src/ports/filesystem.ts';
import type { Azurite } from '../support/azurite.ts';
import { type Fault, type FaultProxy, type SeenRequest, startFaultProxy } from '../support/fault-proxy.ts';
import { noWaiting } from '../support/no-waiting.ts';
import { type BlobContainer, blobTrees, filesIn, once } from './blob-account.ts';

/** A tree of blobs with a proxy before it. */
export interface Faulty {
  /** Through the proxy. */
  readonly files: FileSystem;
  /** Past it. */
  readonly truth: FileSystem;
  readonly proxy: FaultProxy;
  readonly place: BlobContainer;
  /** Milliseconds that would have been waited. */
  readonly waited: number[];
  /** The name in the container. */
  key(path: string): string;
  /** Does it to the first requests that are meant, so many times. */
  meet(fault: Fault, meant: (seen: SeenRequest) => boolean, times?: number): { readonly met: number };
}

/** One for each test of a file, and one proxy for all of them. */
export function faultyBlobs(azurite: () => Promise<Azurite>): () => Faulty {
  const tree = blobTrees(azurite);
  let proxy: FaultProxy | undefined;
  let under: Faulty | undefined;
  beforeEach(async () => {
    const { place, files: truth, folder } = await tree();
    proxy ??= await startFaultProxy(place.server.blobUrl);
    under = await faulty({ place, truth, folder, proxy });
  });
  afterAll(() => proxy?.[Symbol.asyncDispose]());
  return () => {
    if (under === undefined) throw new Error('outside of a test');
    return under;
  };
}

async function faulty(given: Pick<Faulty, 'place' | 'truth' | 'proxy'> & { readonly folder: string }): Promise<Faulty> {
  const { place, truth, proxy, folder } = given;
  const waited: number[] = [];
  proxy.rule(() => undefined);
  return {
    ...{ place, truth, proxy, waited },
    files: await filesIn(place, folder, { accountUrl: proxy.url, requests: { waiting: noWaiting(waited) } }),
    key: (path) => `${folder}/${path}`,
    meet(fault, meant, times = 1) {
      const count = { met: 0 };
      proxy.rule((seen) => {
        if (!meant(seen) || count.met === times) return undefined;
        count.met++;
        return fault;
      });
      return count;
    },
  };
}

export const isMark = ({ method, path }: SeenRequest): boolean => method === 'PUT' && path.includes('/.hygge-staged-');
export const isBlock = ({ method, path }: SeenRequest): boolean => method === 'PUT' && /[?&]comp=block&/.test(`${path}&`);
export const isCommit = ({ method, path }: SeenRequest): boolean => method === 'PUT' && path.includes('comp=blocklist');
export const isListing = ({ path }: SeenRequest): boolean => path.includes('comp=list') || path.includes('comp=properties');
export const isPut = ({ method, path }: SeenRequest): boolean => method === 'PUT' && !path.includes('comp=');

export const stageOne = (files: FileSystem, ...chunks: readonly string[]): Promise<StagedFile> =>
  files.stage({ staged: '_s/1', final: 'data/1' }, once(...chunks));

export const text = (content: Uint8Array): string => new TextDecoder().decode(content);
