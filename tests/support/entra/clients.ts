import { randomUUID, verify, X509Certificate } from 'node:crypto';

/** An application that may sign in. Its id is that of the client; `principal` is what roles are given to. */
export interface Client {
  readonly id: string;
  readonly principal: string;
  readonly secret?: string;
  /** PEM of the certificate whose key signs its assertions. */
  readonly certificate?: string;
  /** Text of a federated token (workload identity) that is believed. */
  readonly federated?: string;
}

/** What this machine runs as. Asked for without an id it is the system-assigned one. */
export interface MachineIdentity {
  readonly id: string;
  readonly principal: string;
  readonly systemAssigned?: boolean;
}

export type How = 'secret' | 'certificate' | 'federated' | 'app service' | 'imds';

/** Whose token is to be issued, or what is wrong. */
export type Verdict =
  | { readonly principal: string; readonly audience: string; readonly how: How; readonly id: string }
  | { readonly status: number; readonly wrong: object };

export const wrong = (status: number, error: string, error_description: string): Verdict => ({
  status,
  wrong: { error, error_description, error_codes: [], correlation_id: randomUUID(), timestamp: new Date().toISOString() },
});

/** A client's request for a token; undefined: it is of a kind that is not done here. */
export function clientVerdict(path: string, body: URLSearchParams, tenant: string, clients: readonly Client[]): Verdict | undefined {
  const asked = path.split('/')[1];
  const id = body.get('client_id');
  const scope = body.get('scope')?.split(' ') ?? [];
  const wanted = scope.find((one) => one.endsWith('/.default'));
  if (body.get('grant_type') !== 'client_credentials' || wanted === undefined) return undefined;
  if (asked !== tenant) return wrong(400, 'invalid_request', `AADSTS90002: Tenant '${asked}' not found.`);
  const client = clients.find((one) => one.id === id);
  if (client === undefined) return wrong(400, 'unauthorized_client', `AADSTS700016: Application with identifier '${id}' was not found.`);
  const how = proof(client, body, tenant);
  if (how === undefined) return wrong(401, 'invalid_client', 'AADSTS7000215: Invalid client secret provided.');
  return { principal: client.principal, audience: wanted.slice(0, -'/.default'.length), how, id: client.id };
}

/** How a client has proved that it is the one it says; undefined: it has not. */
function proof({ secret, certificate, federated }: Client, body: URLSearchParams, tenant: string): How | undefined {
  const assertion = body.get('client_assertion');
  if (assertion === null) return secret !== undefined && body.get('client_secret') === secret ? 'secret' : undefined;
  if (federated !== undefined && assertion === federated) return 'federated';
  return certificate !== undefined && signedBy(certificate, assertion, tenant) ? 'certificate' : undefined;
}

const parsed = (part: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) as Record<string, unknown>;

function signedBy(certificate: string, assertion: string, tenant: string): boolean {
  const [head = '', claims = '', signature = ''] = assertion.split('.');
  if (signature === '') return false;
  const { alg } = parsed(head);
  const { aud, exp } = parsed(claims);
  const key = new X509Certificate(certificate).publicKey;
  // 6: RSA_PKCS1_PSS_PADDING.
  const how = alg === 'PS256' ? { key, padding: 6, saltLength: 32 } : key;
  const signed = verify('sha256', Buffer.from(`${head}.${claims}`), how, Buffer.from(signature, 'base64url'));
  return signed && String(aud).includes(`/${tenant}/`) && Number(exp) * 1000 > Date.now();
}

/** The request of whatever runs on this machine. */
export function machineVerdict(
  query: URLSearchParams,
  { allowed, how }: { readonly allowed: boolean; readonly how: 'app service' | 'imds' },
  machine: readonly MachineIdentity[],
): Verdict {
  if (!allowed) return wrong(how === 'imds' ? 400 : 401, 'invalid_request', 'Required header not specified.');
  const audience = query.get('resource');
  if (audience === null) return wrong(400, 'invalid_request', 'Required query variable resource is missing.');
  const id = query.get('client_id');
  const identity = machine.find((one) => (id === null ? (one.systemAssigned ?? false) : one.id === id));
  if (identity === undefined) return wrong(400, 'invalid_request', 'Identity not found.');
  return { principal: identity.principal, audience, how, id: identity.id };
}
