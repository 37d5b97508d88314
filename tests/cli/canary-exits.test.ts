// biome-ignore-all lint/suspicious/noTemplateCurlyInString: variables of the config look like that
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { scriptedScene } from '../support/apis/scripted-scene.ts';
import { leaksOf } from '../support/function-host/leaks.ts';

const scene = scriptedScene();

const secrets = {
  HEADER: 'hEaDeR "canary"/1&~',
  PARAM: 'pArAm+canary/2<x>',
  CLIENT: 'cLiEnT~canary=3',
  OTHER: 'oThEr%2Fcanary4',
  HOOK_KEY: 'hOoK-canary-5abc',
};
const [token, refreshed] = ['aCcEsS.canary-6/token', 'rEfReSh.canary-7/token'];

/** A text as each system would repeat it. */
const coats = (secret: string): readonly string[] => [
  secret,
  encodeURIComponent(secret),
  new URLSearchParams({ a: secret }).toString(),
  JSON.stringify(secret),
  Buffer.from(secret).toString('base64'),
  Buffer.from(`user:${secret}`).toString('base64url'),
];

test('an API that repeats every secret in an error of status 200 brings none of them to any exit', async () => {
  const { api, workspace } = scene;
  const told: string[] = [];
  const all = [...Object.values(secrets), token, refreshed];
  api.script = ({ path, query, body, headers }) => {
    if (path === '/token') return { body: JSON.stringify({ access_token: token, refresh_token: refreshed, expires_in: 3600 }) };
    if (path.startsWith('/hook')) {
      told.push(body ?? '');
      return { body: '{}' };
    }
    // Of a token that another process was given, a process knows nothing until it is given one itself.
    const known = headers.authorization?.startsWith('Bearer') ? all : Object.values(secrets);
    const isIn =
      headers['x-trace'] === `Token ${secrets.HEADER}` || query.key === secrets.PARAM || headers.authorization?.startsWith('Basic');
    return { body: JSON.stringify({ data: [], error: `${isIn ? 'no scope' : 'nobody'}: ${known.flatMap(coats).join(' ')}` }) };
  };
  const home = (more: string) =>
    `home: { type: rest_api, base_url: "${api.url}", endpoint: orders, records: data, ${more} }\nstore: "lake/{flow}"\nnotify: { webhook: "\${HOOK}" }\n`;
  workspace.write({
    'hygge.yml': 'name: w\nreport: page/status.html\n',
    'flows/oauth/flow.yml': home(
      `params: { key: "\${PARAM}" }, auth: { type: oauth2, token_url: "${api.url}/token", client_id: c, client_secret: "\${CLIENT}" }`,
    ),
    'flows/header/flow.yml': home('headers: { X-Trace: "Token ${HEADER}" }'),
    'flows/other/flow.yml': home('auth: { type: basic, user: user, password: "${OTHER}" }'),
    '.env': `OTHER=${secrets.OTHER}\n`,
  });
  const { HEADER, PARAM, CLIENT } = secrets;
  const env = { HEADER, PARAM, CLIENT, HOOK: `${api.url}/hook/${secrets.HOOK_KEY}` };
  const outputs = new Map<string, string>();
  for (const command of [
    ['go', '-v'],
    ['go', '-v', '--output', 'json', '--dry-run'],
    ['go', '-v', '--output', 'json'],
    ['debug'],
    ['status', '--output', 'json'],
    ['journal', '--output', 'json'],
    ['journal', '--run', 'last', '--log'],
    ['report', '--messages', '--out', '-'],
    ['preview', 'oauth.oauth'],
  ]) {
    const { stdout, stderr } = await workspace.run(command, { env });
    outputs.set(`${command.join(' ')} on stdout`, stdout);
    outputs.set(`${command.join(' ')} on stderr`, stderr);
  }
  expect(`${outputs.get('go -v on stdout')}${outputs.get('go -v on stderr')}`).toContain('no scope: ***');
  expect(told.length).toBeGreaterThan(3);
  outputs.set('notices', told.join('\n'));
  for (const folder of ['.hygge', 'lake', 'page'])
    for (const path of workspace.tree(folder).keys()) outputs.set(path, readFileSync(workspace.path(path), 'latin1'));
  expect([...outputs.keys()].filter((path) => /journal|logs|state/.test(path)).length).toBeGreaterThan(5);
  expect(leaksOf(all, outputs)).toEqual([]);
});

test('a variable that `shown` lists is shown, and is not a secret of a header', async () => {
  const { api, workspace } = scene;
  api.script = () => ({ body: JSON.stringify({ data: [], error: 'no tenant northwind-retail here' }) });
  const flow = `home: { type: rest_api, base_url: "${api.url}", endpoint: orders, records: data, headers: { X-Tenant: "\${TENANT}" } }\nstore: lake\n`;
  workspace.write({ 'hygge.yml': 'name: w\n', 'flows/f/flow.yml': flow });
  const env = { TENANT: 'northwind-retail' };
  expect((await workspace.run(['go'], { env })).stdout).toContain('no tenant *** here');
  workspace.write({ 'hygge.yml': 'name: w\nshown: [TENANT]\n' });
  expect((await workspace.run(['go'], { env })).stdout).toContain('no tenant northwind-retail here');
});
