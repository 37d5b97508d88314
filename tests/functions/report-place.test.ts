// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the config look like that
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { sharedAzurite } from '../support/azurite.ts';
import { AppOnAzurite, rows, shop } from './app-on-azurite.ts';

const azurite = sharedAzurite();

/** Two flows, with a page; the schedule of one is a setting of the app, and the other needs a variable that only another app has. */
async function twoFlows(report: string): Promise<AppOnAzurite> {
  const flows = {
    'flows/shop/flow.yml': `${shop}schedule: "%SHOP_TIMES%"\n`,
    'flows/crm/flow.yml': 'home: in/orders\nstore: "lake/${ELSEWHERE}/crm"\n',
  };
  const app = new AppOnAzurite(await azurite(), flows, {
    options: `{}\nreport: ${report}`,
    env: () => ({ SHOP_TIMES: '0 0 2 * * *' }),
  });
  for (const entity of ['orders', 'lines']) await app.workspace.parquet(`in/${entity}/1.parquet`, rows(0, 10));
  return app;
}

const warnings = (app: AppOnAzurite) => app.events().filter(({ event }) => event === 'warning');

test('closing a flow puts the page of all flows where readers find it, though the run is pinned to its own', async () => {
  using app = await twoFlows('lake/status.html');
  expect(await app.run()).toMatchObject({ status: 'pass', summary: { pass: 2 } });
  const html = readFileSync(app.workspace.path('lake/status.html'), 'utf8');
  expect(html).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
  expect(
    [...html.matchAll(/<h4>([^<]*)<\/h4><p class="state">([^<]*)/g)].map(([, name, said]) => `${name} ${said?.split(',')[0]}`),
  ).toEqual(['crm ! never run', 'orders ✓ passed', 'lines ✓ passed']);
  // The setting that the schedule is, is known here.
  expect(html).toMatch(/<dt>next run<\/dt><dd>in /);
  expect(warnings(app)).toEqual([]);
});

test('a page that cannot be put there leaves the run unchanged, and says so in the log', async () => {
  using app = await twoFlows('place/status.html');
  app.workspace.write({ place: 'a file where a folder should be' });
  expect(await app.run()).toMatchObject({ status: 'pass', summary: { pass: 2 } });
  expect(warnings(app)).toEqual([
    expect.objectContaining({ flow: 'shop', message: expect.stringContaining('the page could not be written to the place of `report`: ') }),
  ]);
});

test('a config that was broken meanwhile leaves the earlier page', async () => {
  using app = await twoFlows('lake/status.html');
  await app.run();
  const before = readFileSync(app.workspace.path('lake/status.html'), 'utf8');
  const good = readFileSync(app.workspace.path('hygge.yml'), 'utf8');
  app.before = (name) => {
    if (name === 'hygge-close-flow') app.workspace.write({ 'hygge.yml': `${good}nonsense: true\n` });
  };
  await app.run();
  expect(readFileSync(app.workspace.path('lake/status.html'), 'utf8')).toBe(before);
  expect(existsSync(app.workspace.path('lake/status.html'))).toBe(true);
});
