import { describe, expect, test } from 'vitest';
import { realClock } from '../../src/adapters/real-clock.ts';
import { realScratch } from '../../src/adapters/real-scratch.ts';
import { beginning, type Walk } from '../../src/apis/lists/pages.ts';
import { addressWithSecrets } from '../../src/apis/requests/named-secrets.ts';
import { restConfig } from '../../src/apis/rest/config.ts';
import { restHome } from '../../src/apis/rest/home.ts';
import { withoutSecretsInAddress } from '../../src/apis/rest/next-address.ts';
import { Secret } from '../../src/ports/secret.ts';
import type { Json } from '../../src/ports/values.ts';
import { pinnedBy, readStep } from '../support/apis/home-steps.ts';
import { scriptedScene } from '../support/apis/scripted-scene.ts';
import { here } from '../support/here.ts';
import { testNetwork } from '../support/test-network.ts';

const scene = scriptedScene();
const shared = {
  base_url: 'https://api.example/v1',
  endpoint: 'orders',
  auth: { type: 'bearer', token: 'to/ken & more' },
  params: { plain: 'open' },
  headers: { 'X-Pin': '1' },
  pagination: { type: 'next_url', at: 'next' },
};
const config = restConfig.parse(shared);
const stored = (at: string) => withoutSecretsInAddress({ from: 0, next: { ...beginning, at } }, config).next?.at;
const sent = (at: string) => addressWithSecrets(new URL(at), config).href;
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

test('a secret in the path of an address is stored by its place, and sent to its own origin alone', () => {
  const kept = String(stored('https://api.example/v1/to%2Fken%20%26%20more/orders?page=2'));
  expect(kept).not.toMatch(/to(%2F|\/)ken/i);
  expect(new URL(sent(kept)).pathname).toBe('/v1/to%2Fken%20%26%20more/orders');
  expect(sent(kept.replace('api.example', 'files.example'))).not.toMatch(/to(%2F|\/)ken/i);
});

describe('a token of a server', () => {
  const keptWith = (at: Walk['at'], pagination = config.pagination, token = 'first-token') =>
    withoutSecretsInAddress({ from: 0, next: { ...beginning, at } }, { ...config, pagination }, ['an older one', token]).next?.at;
  const cursors = restConfig.parse({ ...shared, pagination: { type: 'cursor', at: 'next', param: 'after' } }).pagination;
  const inCursor = (at: unknown, token: string) =>
    addressWithSecrets(
      new URL(`https://api.example/v1/orders?${new URLSearchParams({ after: String(at) })}`),
      config,
      token,
    ).searchParams.get('after');

  test('in an address is the new one after it was renewed', () => {
    const kept = String(keptWith('https://api.example/v1/orders?access_token=first-token&page=2'));
    expect(kept).not.toContain('first-token');
    expect(addressWithSecrets(new URL(kept), config, 'other/token').searchParams.get('access_token')).toBe('other/token');
  });

  test.each([
    ['as it is', (token: string) => `${token}|7`],
    ['encoded', (token: string) => `a=${encodeURIComponent(token)}&b=7`],
    ['in base64', (token: string) => Buffer.from(JSON.stringify({ token, page: 7 })).toString('base64')],
    ['in base64 of an address', (token: string) => Buffer.from(`${token}:::???>>>`).toString('base64url')],
    ['in one of three segments', (token: string) => `head.${Buffer.from(`{"t":"${token}"}`).toString('base64url')}.tail`],
  ])('in a cursor is the new one after it was renewed: %s', (_, cursor) => {
    const first = 'first/token';
    const kept = String(keptWith(cursor(first), cursors, first));
    expect(decodeURIComponent(kept)).not.toContain('first');
    expect(kept).not.toContain(Buffer.from(first).toString('base64').slice(0, 10));
    expect(inCursor(kept, first)).toBe(cursor(first));
    expect(inCursor(kept, 'other/token')).toBe(cursor('other/token'));
  });

  test('in parameters of a cursor, and in no cursor without one', () => {
    expect(keptWith({ after: 'first-token', page: '2' }, cursors)).toEqual({ after: '{secret sign-in}', page: '2' });
    const plain = Buffer.from('{"page":7,"other":"value"}').toString('base64');
    expect(keptWith(plain, cursors)).toBe(plain);
  });

  test('as the key of a record stays: the next record is compared with it', () => {
    const keyset = restConfig.parse({ ...shared, pagination: { type: 'keyset', field: 'id', param: 'after' } }).pagination;
    expect(keptWith('first-token', keyset)).toBe('first-token');
  });
});

test('a word behind another one in a header is a secret by itself', () => {
  const signed = restConfig.parse({ ...shared, auth: undefined, headers: { Authorization: new Secret('Token abc-def-ghi') } });
  const { next } = withoutSecretsInAddress({ from: 0, next: { ...beginning, at: 'https://api.example/v1/orders?t=abc-def-ghi' } }, signed);
  expect(String(next?.at)).not.toContain('abc-def-ghi');
  expect(addressWithSecrets(new URL(String(next?.at)), signed).searchParams.get('t')).toBe('abc-def-ghi');
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

test('a checkpoint of a run has no secret that an address repeats, and another step continues from it', async () => {
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
  const pinned = await pinnedBy(first);
  const { rows, checkpoint = null } = await readStep(await opened(pinned), { until: 'checkpoint' });
  expect([rows, JSON.stringify(checkpoint)]).toEqual([1, expect.stringContaining('secret+auth.token')]);
  expect(JSON.stringify(checkpoint)).not.toContain('s3cret');
  isOpen = true;
  expect((await readStep(await opened(pinned), { from: checkpoint })).rows).toBe(2);
});
