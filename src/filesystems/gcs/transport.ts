import { Agent as PlainAgent } from 'node:http';
import { Agent as TlsAgent } from 'node:https';
import type { gaxios } from 'google-auth-library';
import type { Proof } from '../../remote/google/identity.ts';
import { agentsKnowProxies, isBehindProxy } from '../../remote/proxies.ts';
import type { Said } from '../remote/refusals.ts';
import { type Received, receive } from './receive.ts';

export interface Request {
  readonly doing: Said['doing'];
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Whole. */
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Memory that may hold the answer's body. */
  readonly into?: Uint8Array | undefined;
  /** Bytes that come back, as far as one knows: a large answer takes its time. */
  readonly comes?: number;
  /** The address itself proves who we are. */
  readonly unsigned?: boolean;
}

/** Of a bad line. */
const bytesPerMs = 32;

interface Way {
  readonly endpoint: string;
  readonly answerWithinMs: number;
}

/** One transport an account: its connections are shared by every filesystem of the process. */
const transports = new Map<string, Promise<gaxios.Gaxios>>();

/** One request and its answer, whatever the status. Throws what the library throws: `endedIn` reads it. */
export async function exchange(request: Request, proof: Proof, { endpoint, answerWithinMs }: Way): Promise<Received> {
  const transport = transports.get(endpoint) ?? open();
  transports.set(endpoint, transport);
  const { method, url, body, into, comes = 0 } = request;
  const options: gaxios.GaxiosOptions & { compress: boolean } = {
    method,
    url,
    // Stored bytes, also of objects that say they are gzip: sizes and ranges are of those.
    headers: { 'accept-encoding': 'gzip', ...request.headers, ...proof },
    compress: false,
    redirect: 'manual',
    responseType: 'stream',
    validateStatus: () => true,
    timeout: answerWithinMs + Math.ceil(((body?.byteLength ?? 0) + comes) / bytesPerMs),
    ...(body === undefined ? {} : { data: body }),
  };
  const { status, headers, data } = await (await transport).request<AsyncIterable<Uint8Array>>(options);
  return { status, headers, body: await receive(data, headers, status < 300 ? into : undefined) };
}

async function open(): Promise<gaxios.Gaxios> {
  const { gaxios } = await import('google-auth-library');
  const isBehind = isBehindProxy(process.env);
  // The library's own way through a proxy keeps no connection; any agent of ours would go past the proxy where Node's can't.
  if (isBehind && !agentsKnowProxies) return new gaxios.Gaxios();
  const kept = { keepAlive: true, maxSockets: 64, maxFreeSockets: 64, ...(isBehind ? { proxyEnv: process.env } : {}) };
  const [tls, plain] = [new TlsAgent(kept), new PlainAgent(kept)];
  return new gaxios.Gaxios({ agent: ({ protocol }: URL) => (protocol === 'https:' ? tls : plain) });
}
