// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the config look like that
import { expect, onTestFinished, test } from 'vitest';
import { scriptedApi } from '../support/apis/scripted-api.ts';
import { sharedAzurite } from '../support/azurite.ts';
import { everythingIn, leaksOf } from '../support/function-host/leaks.ts';
import { AppOnAzurite } from './app-on-azurite.ts';

const azurite = sharedAzurite();
const client = 'cLiEnT-canary/1"x';

test('a token that an API repeats in addresses and errors is in no history, log, answer or table, and a renewed one is sent in its place', async () => {
  const account = await azurite();
  const tokens: string[] = [];
  let pauses = 0;
  const api = await scriptedApi(({ path, query, headers }) => {
    const good = tokens.at(-1);
    if (path === '/token') {
      tokens.push(`aCcEsS-canary/${tokens.length}&x`);
      return { body: JSON.stringify({ access_token: tokens.at(-1), expires_in: 3600 }) };
    }
    if (headers.authorization !== `Bearer ${good}`) return { status: 401, body: '{}' };
    if (path === '/bad') return { body: JSON.stringify({ data: [], error: `token ${good} of ${client} has no scope` }) };
    const page = Number(query.page ?? 1);
    if (page > 1 && query.access_token !== good)
      return { status: 400, body: JSON.stringify({ message: `no token: ${query.access_token}` }) };
    if (page === 2 && pauses++ === 0) {
      // By the time of the next request the token is another one.
      tokens.push('no one knows');
      return { status: 429, headers: { 'retry-after': '3600' } };
    }
    const next = page < 3 ? { next: `/good?page=${page + 1}&access_token=${encodeURIComponent(good ?? '')}` } : {};
    return { headers: { date: 'Fri, 09 Jan 2026 00:00:00 GMT' }, body: JSON.stringify({ data: [{ id: page }], ...next }) };
  });
  onTestFinished(() => api[Symbol.asyncDispose]());
  const home = (endpoint: string) =>
    `home: { type: rest_api, base_url: "${api.url}", endpoint: ${endpoint}, records: data, pagination: { type: next_url, at: next }, auth: { type: oauth2, token_url: "${api.url}/token", client_id: c, client_secret: "\${CLIENT}" } }`;
  const flow = (endpoint: string) => `${home(endpoint)}\nstore: { type: parquet, path: "lake/${endpoint}" }\n`;
  const files = { 'flows/good/flow.yml': flow('good'), 'flows/bad/flow.yml': flow('bad') };
  using app = new AppOnAzurite(account, files, { env: () => ({ CLIENT: client }) });
  const answers: unknown[] = [];
  const statuses: unknown[] = [];
  for (const name of ['good', 'bad']) {
    const told = await app.run({}, name);
    answers.push(told);
    statuses.push(told.status);
  }
  expect([statuses, tokens.length]).toEqual([['pass', 'error'], 3]);
  const histories = [...app.replayer.histories.values()].map((one) => JSON.stringify(one)).join('\n');
  const places = new Map([
    ['histories', histories],
    ['log', app.log.map(({ line }) => line).join('\n')],
    ['answers', JSON.stringify(answers)],
    ...(await everythingIn(account)),
  ]);
  expect(places.get('log')).toContain('***');
  expect(leaksOf([client, ...tokens.filter((one) => one.includes('canary'))], places)).toEqual([]);
});
