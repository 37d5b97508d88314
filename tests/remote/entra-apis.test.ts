import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { restFlow, settledRows } from '../support/apis/rest-flow.ts';
import { client, machine, tenant } from '../support/azure-hosts/azure.ts';
import { selfSigned } from '../support/azure-hosts/certificates.ts';
import { type Hosts, startHosts } from '../support/azure-hosts/hosts.ts';
import type { Client } from '../support/entra/clients.ts';
import { type Entra, startEntra } from '../support/entra/entra.ts';
import { inProcess } from '../support/in-process.ts';
import { TestWorkspace } from '../support/workspace.ts';

const certificate = selfSigned('hygge');
/** Their tokens are kept, so each test signs in as another. */
const clients: readonly Client[] = Array.from({ length: 9 }, (_, n) => ({
  ...client,
  id: client.id.replace(/^./, String(n)),
  certificate: certificate.certificate,
}));
const api = 'shop.crm.dynamics.com';
const base = `https://${api}/api/data/v9.2/`;

let entra: Entra;
let hosts: Hosts;
let inThisProcess: Disposable;
let workspace: TestWorkspace;
/** Tokens that the API does not believe any more. */
const revoked = new Set<string>();
let onPage: (page: number, token: string) => void = () => undefined;

/** An API that believes tokens of Entra that are for it, as Dataverse does. */
function answer(request: IncomingMessage, response: ServerResponse): void {
  const token = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  const shown = entra.bearer(token);
  const page = Number(new URL(request.url ?? '', base).searchParams.get('page'));
  onPage(page, token);
  const isBelieved = shown !== undefined && !shown.expired && shown.audience === `https://${api}` && !revoked.has(token);
  response.writeHead(isBelieved ? 200 : 401, { 'content-type': 'application/json' });
  response.end(isBelieved ? JSON.stringify({ value: page > 2 ? [] : [{ id: page }] }) : '{"error": {"code": "0x80048306"}}');
}

beforeAll(async () => {
  entra = await startEntra({ tenant, clients, machine: [machine] });
  const ours = [
    { serves: (host: string) => host === api, to: answer },
    { serves: (host: string) => entra.serves(host), to: entra.listener },
  ];
  hosts = await startHosts(ours, ['*.crm.dynamics.com']);
  inThisProcess = hosts.inProcess(entra.identityEnv);
});
afterAll(async () => {
  inThisProcess?.[Symbol.dispose]();
  await hosts?.[Symbol.asyncDispose]();
  await entra?.[Symbol.asyncDispose]();
});
beforeEach(() => {
  workspace = new TestWorkspace();
  onPage = () => undefined;
});
afterEach(() => workspace[Symbol.dispose]());

let applications = 0;
const named = '"$' + '{CLIENT_SECRET}"';
const application = () => `tenant_id: ${tenant}, client_id: ${clients[applications++]?.id}`;
const go = (auth: string, command = 'go', secret = client.secret) => {
  restFlow(workspace, base, { home: `records: value\npagination: { type: page, start: 1 }\nauth: { type: entra${auth} }` });
  const args = command === 'go' ? [command, '--output', 'json', '-v'] : [command, '--no-color'];
  return inProcess(args, workspace.root, { CLIENT_SECRET: secret });
};
const issued = () => entra.issued.at(-1);

describe('an API that trusts Entra ID', () => {
  test('is read as a service principal by its secret, with a token for the origin of base_url', async () => {
    const before = entra.issued.length;
    const { code, stdout, stderr } = await go(`, ${application()}, client_secret: ${named}`);
    expect([code, await settledRows(workspace)]).toEqual([0, ['1', '2']]);
    expect(entra.issued.slice(before)).toEqual([{ principal: client.principal, audience: `https://${api}`, how: 'secret' }]);
    for (const secret of [client.secret ?? '', 'eyJhbGci']) expect(stdout + stderr).not.toContain(secret);
  });

  test('is read as a service principal by its certificate', async () => {
    workspace.write({ 'app.pem': certificate.certificate + certificate.key });
    const { code } = await go(
      `, ${application()}, client_certificate_path: ${workspace.path('app.pem')}, scope: "https://${api}/.default"`,
    );
    expect([code, issued()?.how]).toEqual([0, 'certificate']);
  });

  test('is read as the managed identity of what runs hygge', async () => {
    const { code } = await go(`, credential: managed_identity, resource: "https://${api}/"`);
    expect([code, issued()]).toEqual([0, { principal: machine.principal, audience: `https://${api}`, how: 'app service' }]);
  });

  test('is read on where it no longer believes the token in the middle', async () => {
    const before = entra.issued.length;
    onPage = (page, token) => {
      if (page === 2 && entra.issued.length === before + 1) revoked.add(token);
    };
    expect((await go(`, ${application()}, client_secret: ${named}`)).code).toBe(0);
    expect([await settledRows(workspace), entra.issued.length]).toEqual([['1', '2'], before + 2]);
  });

  test('that is meant by another resource refuses the token', async () => {
    const { code, stdout } = await go(`, ${application()}, client_secret: ${named}, resource: "https://graph.microsoft.com"`);
    expect([code, stdout]).toEqual([1, expect.stringContaining('HYG-6402')]);
  });

  test('is not asked where Entra ID refuses the secret', async () => {
    let pages = 0;
    onPage = () => {
      pages++;
    };
    const { code, stdout, stderr } = await go(`, ${application()}, client_secret: ${named}`, 'go', 'not-the-secret');
    expect([code, stdout, pages]).toEqual([1, expect.stringContaining('AADSTS7000215'), 0]);
    expect(stdout).toContain(`The token is for https://${api}/.default`);
    expect(stdout + stderr).not.toContain('not-the-secret');
  });

  test('is named by debug, with whom it signs in as and what that needs', async () => {
    const { code, stdout } = await go(`, ${application()}, client_secret: ${named}`, 'debug');
    expect([code, stdout]).toEqual([0, expect.stringContaining('signs in (entra: service_principal)')]);
    expect(stdout).toMatch(/host\s+login\.microsoftonline\.com/);
    expect(stdout).toMatch(/secret\s+CLIENT_SECRET \(client_secret\)/);
  });
});
