import { describe, expect, test } from 'vitest';
import { azureConfigBlobs } from '../../src/adapters/azure-config-blobs.ts';
import { realRandom } from '../../src/adapters/real-random.ts';
import { HyggeError } from '../../src/errors/hygge-error.ts';
import type { ConfigBlobs } from '../../src/ports/config-blobs.ts';
import { Secret } from '../../src/ports/secret.ts';
import { encodeVersion } from '../../src/workspace/versions/content.ts';
import { prune } from '../../src/workspace/versions/prune.ts';
import { listVersions, push, readVersion, rollback } from '../../src/workspace/versions/versions.ts';
import { sharedAzurite } from '../support/azurite.ts';
import { collect } from '../support/collect.ts';
import { type Fault, startFaultProxy } from '../support/fault-proxy.ts';
import { sampled } from '../support/samples.ts';
import { testNetwork } from '../support/test-network.ts';

const azurite = sharedAzurite();
let containers = 0;

/** Clients of one new container; through a proxy, where there is one. */
async function container(through?: string) {
  const { connectionString, blobUrl } = await azurite();
  containers += 1;
  const text = through === undefined ? connectionString : connectionString.replace(blobUrl, through);
  const place = { kind: 'blob', url: null, container: `versions-${process.pid}-${containers}` } as const;
  return (direct = false): Promise<ConfigBlobs> =>
    azureConfigBlobs({ ...place, access: { by: 'connection string', secret: new Secret(direct ? connectionString : text) } }, testNetwork);
}

function version(word: string) {
  const encoded = encodeVersion(new Map([['hygge.yml', `name: ${word}\n`]]));
  return { ...encoded, flows: 1, target: null, message: word, keepMs: 90 * 86_400_000 };
}

async function ended(call: Promise<unknown>): Promise<string> {
  return await call.then(
    () => 'pushed',
    (error: unknown) => (error instanceof HyggeError ? error.code : String(error)),
  );
}

/** The same numbers for the same seed. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    return state / 2 ** 32;
  };
}

async function texts(blobs: ConfigBlobs): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for await (const { name } of blobs.list('')) {
    const blob = await blobs.get(name);
    if (blob !== undefined) found.set(name, new TextDecoder().decode(blob.body));
  }
  return found;
}

/** What was current, the last first, as the container tells it. */
async function chain(
  blobs: ConfigBlobs,
): Promise<readonly { readonly id: string; readonly prev: string | null; readonly message: string; readonly move: string }[]> {
  const all = await texts(blobs);
  const current = JSON.parse(all.get('current.json') ?? 'null');
  const history = [...all].filter(([name]) => name.startsWith('history/')).map(([, text]) => JSON.parse(text));
  return [current, ...history.filter(({ move }) => move !== current.move)];
}

describe('in real blobs', () => {
  test('a push that is told as done was done, and by no other, however many requests and answers are lost', async () => {
    const { blobUrl } = await azurite();
    await using proxy = await startFaultProxy(blobUrl);
    let lost = 0;
    for (const seed of sampled([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], 6)) {
      const client = await container(proxy.url);
      const next = numbers(seed);
      proxy.rule(({ method }): Fault | undefined => {
        const drawn = next();
        if (method !== 'PUT' || drawn > 0.3) return undefined;
        lost += 1;
        return drawn > 0.15 ? 'drop before' : 'drop after';
      });
      const people = ['anna', 'bob', 'cleo'].map((by) => `${by}-${seed}`);
      const outcomes = await Promise.all(
        people.map(async (by) => [by, await ended(push({ blobs: await client(), random: realRandom(), by }, version(by)))] as const),
      );
      const direct = await client(true);
      const links = await chain(direct);
      const told = (outcome: string) => outcomes.filter(([, one]) => one === outcome).map(([by]) => by);
      expect([seed, links.map(({ message }) => message).sort()]).toEqual([seed, told('pushed').sort()]);
      expect([seed, told('pushed').length + told('HYG-2301').length]).toEqual([seed, people.length]);
      for (const [nth, { prev, id }] of links.entries()) {
        expect(prev).toBe(links[nth + 1]?.id ?? null);
        expect((await readVersion(direct, id)).files.size).toBe(1);
      }
    }
    expect(lost).toBeGreaterThan(5);
  });

  test('a removal misses a blob that was written again, and an absent one', async () => {
    const blobs = await (await container())();
    const first = await blobs.put('x', new TextEncoder().encode('1'), { ifNoneMatch: '*' });
    const tag = first.outcome === 'written' ? first.etag : '';
    const listed = await collect(blobs.list(''));
    expect(listed.map(({ name }) => name)).toEqual(['x']);
    expect(await blobs.put('x', new TextEncoder().encode('2'), { ifNoneMatch: '*' })).toEqual({ outcome: 'refused' });
    expect(await blobs.put('x', new TextEncoder().encode('2'), { ifMatch: tag })).toMatchObject({ outcome: 'written' });
    expect(await blobs.put('x', new TextEncoder().encode('3'), { ifMatch: tag })).toEqual({ outcome: 'refused' });
    expect(await blobs.put('y', new TextEncoder().encode('3'), { ifMatch: tag })).toEqual({ outcome: 'refused' });
    await blobs.remove('x', listed[0]?.etag ?? '');
    expect(new TextDecoder().decode((await blobs.get('x'))?.body)).toBe('2');
    const [now] = await collect(blobs.list(''));
    await blobs.remove('x', now?.etag ?? '');
    expect(await blobs.get('x')).toBeUndefined();
    await blobs.remove('x', now?.etag ?? '');
  });

  test('pruning goes by the clock of the storage', async () => {
    const blobs = await (await container())();
    const random = realRandom();
    for (const word of ['one', 'two', 'three']) await push({ blobs, random, by: 'anna' }, version(word));
    expect(await prune(blobs, 0)).toBe(0);
    const inEightDays = { ...clientOf(blobs), now: () => new Date(Date.parse(blobs.now()) + 8 * 86_400_000).toISOString() };
    expect(await prune(inEightDays, 0)).toBe(2);
    expect((await listVersions(blobs)).map(({ message }) => message)).toEqual(['three']);
    expect((await rollback({ blobs, random, by: 'anna' }, undefined).catch((error: unknown) => error)) as object).toMatchObject({
      code: 'HYG-5303',
    });
  });

  test('a service that is busy is asked again, and a push ends well', async () => {
    const { blobUrl } = await azurite();
    await using proxy = await startFaultProxy(blobUrl);
    const client = await container(proxy.url);
    const busy = new Set(['versions/', 'current.json']);
    proxy.rule(({ method, path }) => {
      const name = [...busy].find((one) => method === 'PUT' && path.includes(one));
      if (name === undefined) return undefined;
      busy.delete(name);
      return { status: 503, code: 'ServerBusy' };
    });
    expect(await ended(push({ blobs: await client(), random: realRandom(), by: 'anna' }, version('one')))).toBe('pushed');
    expect(busy.size).toBe(0);
  });
});

function clientOf(blobs: ConfigBlobs): ConfigBlobs {
  return {
    url: blobs.url,
    now: () => blobs.now(),
    get: (name) => blobs.get(name),
    put: (name, body, condition) => blobs.put(name, body, condition),
    list: (prefix) => blobs.list(prefix),
    remove: (name, tag) => blobs.remove(name, tag),
  };
}
