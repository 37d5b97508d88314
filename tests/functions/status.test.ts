import { expect, test } from 'vitest';
import { servedAtStart } from '../../functions/served-flows.ts';
import { onStatus } from '../../functions/triggers/status.ts';
import { sharedAzurite } from '../support/azurite.ts';
import { AppOnAzurite, appOfShop, bodyOf, shop } from './app-on-azurite.ts';

const azurite = sharedAzurite();

const shopApp = async (files: Readonly<Record<string, string>> = {}) => appOfShop(await azurite(), { files });

async function status(app: AppOnAzurite, path = 'status', accept = '*/*') {
  const headers = { get: (name: string) => (name === 'accept' ? accept : null) };
  return await onStatus(app.app, await servedAtStart(app.app), { ...app.asked(path), headers }, app.called);
}

test('the page says what the state knows, and what is wrong with the config', async () => {
  using app = await shopApp({ 'flows/shop/flow.yml': shop, 'flows/bad/flow.yml': 'home: in\nstor: lake\n' });
  const go = await app.workspace.run(['go', '-f', 'shop'], { env: { AzureWebJobsStorage: app.env.AzureWebJobsStorage } });
  expect(go.code).toBe(0);
  const { html = '', headers } = await status(app);
  expect(html).toContain('<b>bad</b>: the flow cannot run');
  expect(html).toContain('10 rows');
  expect(html).toContain('Commands are for the command line, where the workspace is.');
  expect(headers).toMatchObject({ 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' });
  const one = await status(app, 'status?flow=shop');
  expect(one.html).toContain('<h1>The night went well.</h1>');
  const told = bodyOf(await status(app, 'status?flow=shop', 'application/json'));
  expect(told).toMatchObject({ level: 'good', entities: [{ flow: 'shop', entity: 'orders', status: 'pass' }, { entity: 'lines' }] });
});

test('the page shows nothing that quotes the data, unless messages are asked for', async () => {
  const flow = 'home: { path: in/people.csv, types: { born: int64 } }\nstore: lake/people\n';
  using app = await shopApp({ 'flows/people/flow.yml': flow, 'in/people.csv': 'id,born\n1,Elmegade 12\n' });
  const go = await app.workspace.run(['go'], { env: { AzureWebJobsStorage: app.env.AzureWebJobsStorage } });
  expect([go.code, go.stdout]).toEqual([1, expect.stringContaining('Elmegade')]);
  const pages = await Promise.all(['status', 'status?messages=false', 'status?messages=true'].map((path) => status(app, path)));
  expect(pages.map(({ html = '' }) => [html.includes('people'), html.includes('Elmegade')])).toEqual([
    [true, false],
    [true, false],
    [true, true],
  ]);
});

test('of a flow that is not there, and where no flow can be used, there are errors as elsewhere', async () => {
  using app = new AppOnAzurite(await azurite(), { 'flows/bad/flow.yml': 'home: in\nstor: lake\n' });
  expect((await status(app, 'status?flow=gone')).status).toBe(404);
  const answer = await status(app);
  expect([answer.status, bodyOf(answer).errors[0]?.code]).toEqual([500, 'HYG-1010']);
});
