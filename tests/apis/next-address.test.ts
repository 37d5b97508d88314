import { expect, test } from 'vitest';
import { beginning } from '../../src/apis/lists/pages.ts';
import { restConfig } from '../../src/apis/rest/config.ts';
import { withoutSecretsInAddress, withSecretsInAddress } from '../../src/apis/rest/next-address.ts';
import { scriptedScene } from '../support/apis/scripted-scene.ts';
import { here } from '../support/here.ts';

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
