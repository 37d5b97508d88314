import { expect, test } from 'vitest';
import { realClock } from '../../src/adapters/real-clock.ts';
import { realScratch } from '../../src/adapters/real-scratch.ts';
import { beginning } from '../../src/apis/lists/pages.ts';
import { restConfig } from '../../src/apis/rest/config.ts';
import { restHome } from '../../src/apis/rest/home.ts';
import { withoutSecretsInAddress, withSecretsInAddress } from '../../src/apis/rest/next-address.ts';
import { everything } from '../../src/engine/contracts/home.ts';
import type { Json } from '../../src/ports/values.ts';
import { scriptedScene } from '../support/apis/scripted-scene.ts';
import { here } from '../support/here.ts';
import { testNetwork } from '../support/test-network.ts';

const scene = scriptedScene();
const config = restConfig.parse({
  base_url: 'https://api.example/v1',
  endpoint: 'orders',
  auth: { type: 'bearer', token: 'to/ken & more' },
  params: { plain: 'open' },
  headers: { 'X-Pin': '1' },
  pagination: { type: 'next_url', at: 'next' },
});
const stored = (at: string) => withoutSecretsInAddress({ from: 0, next: { ...beginning, at } }, config).next?.at;
const sent = (at: string) => withSecretsInAddress(new URL(at), config).href;
const own = 'https://api.example/v1/orders?page=2&access_token=to%2Fken+%26+more&q=a%20b';

test('a secret in the address of a next page is stored by its place, and sent as it is', () => {
  const kept = String(stored(own));
  expect(kept).not.toMatch(/to(%2F|\/)ken/i);
  expect(new URL(kept).searchParams.get('access_token')).toBe('{secret auth.token}');
  expect([...new URL(sent(kept)).searchParams]).toEqual([...new URL(own).searchParams]);
});

test('a secret as a part of a value is found, and a short one only as the whole', () => {
  const kept = String(stored('https://api.example/v1/orders?auth=Token+to%2Fken+%26+more&page=11'));
  expect([...new URL(kept).searchParams]).toEqual([
    ['auth', 'Token {secret auth.token}'],
    ['page', '11'],
  ]);
});

test('no secret is sent to another origin, and an address without one stays as it is written', () => {
  const elsewhere = String(stored(own.replace('api.example', 'files.example')));
  expect(sent(elsewhere)).toBe('https://files.example/v1/orders?page=2&q=a+b');
  const plain = 'https://api.example/v1/orders?cursor=a%20b%2Bc';
  expect([stored(plain), sent(plain)]).toEqual([plain, plain]);
});

test('a run follows addresses that repeat secrets of parameters and of the sign-in', async () => {
  const { api, workspace } = scene;
  workspace.write({
    '.env': 'TOKEN=s3cret-token\nKEY=s3cret-key\n',
    'flows/f/flow.yml': `home: { type: rest_api, base_url: "${api.url}", endpoint: orders, records: data, pagination: { type: next_url, at: next }, auth: { type: bearer, token: "\${TOKEN}" }, params: { key: "\${KEY}" } }\nstore: lake\nentities: [orders]\n`,
  });
  api.script = ({ query, headers }) => {
    const page = Number(query.page ?? 1);
    const isIn =
      headers.authorization === 'Bearer s3cret-token' &&
      query.key === 's3cret-key' &&
      (page === 1 || query.access_token === 's3cret-token');
    if (!isIn) return { status: 401, body: '{}' };
    const next = `/orders?page=${page + 1}&key=s3cret-key&access_token=s3cret-token`;
    return {
      headers: { date: 'Fri, 09 Jan 2026 00:00:00 GMT' },
      body: JSON.stringify({ data: [{ id: page }], ...(page < 3 ? { next } : {}) }),
    };
  };
  expect((await here(workspace, 'go')).summary.rows).toBe(3);
});

test('a checkpoint of a run has no secret that an address repeats, and another step goes on from it', async () => {
  await using scratch = realScratch();
  const { api } = scene;
  const known = restConfig.parse({
    ...{ base_url: api.url, endpoint: 'orders', records: 'data', pagination: { type: 'next_url', at: 'next' } },
    auth: { type: 'bearer', token: 's3cret-token' },
  });
  let isOpen = false;
  api.script = ({ query }) => {
    const page = Number(query.page ?? 1);
    if (page > 1 && query.access_token !== 's3cret-token') return { status: 401, body: '{}' };
    if (page === 2 && !isOpen) return { status: 429, headers: { 'retry-after': '3600' } };
    const next = page < 3 ? { next: `/orders?page=${page + 1}&access_token=s3cret-token` } : {};
    return { headers: { date: 'Fri, 09 Jan 2026 00:00:00 GMT' }, body: JSON.stringify({ data: [{ id: page }], ...next }) };
  };
  const opened = (pinned: Json | null) => restHome(known, { network: testNetwork, clock: realClock(), scratch, pinned });
  await using first = await opened(null);
  const described = await first.describe();
  const pinned = 'done' in described ? (described.done.pinned ?? null) : null;
  const slice = { ref: {}, rows: null, bytes: null };
  const { signal } = new AbortController();
  let [rows, checkpoint] = [0, null as Json | null];
  for await (const item of (await opened(pinned)).read(slice, everything, undefined, signal)) {
    if ('rows' in item) rows += item.rows;
    if ('checkpoint' in item) checkpoint = item.checkpoint;
    if (checkpoint !== null) break;
  }
  expect([rows, JSON.stringify(checkpoint)]).toEqual([1, expect.stringContaining('secret+auth.token')]);
  expect(JSON.stringify(checkpoint)).not.toContain('s3cret');
  isOpen = true;
  for await (const item of (await opened(pinned)).read(slice, everything, checkpoint ?? undefined, signal))
    if ('rows' in item) rows += item.rows;
  expect(rows).toBe(3);
});
