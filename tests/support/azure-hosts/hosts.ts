import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, request, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { forgetClients } from '../test-network.ts';
import { newAuthority } from './certificates.ts';

export interface Host {
  /** Whether a name, without its port, is one of ours. */
  serves(host: string): boolean;
  /** What answers there; text: the address of a server on this machine that does. */
  readonly to: RequestListener | string;
}

/** The internet as a test has it: a proxy that knows a few names, leads them to servers of this machine, and lets nothing else out. */
export interface Hosts extends AsyncDisposable {
  /** For a process that is started: it finds our hosts, and believes their certificates. */
  readonly env: Readonly<Record<string, string>>;
  /**
   * The same for this process, until disposed. Clients read it when they are made and keep it: one `Hosts` for a file of tests, begun
   * before the first client.
   *
   * @param more other variables of this process for as long.
   */
  inProcess(more?: Readonly<Record<string, string>>): Disposable;
  /** `host:port` of each that was asked for and is not ours, in order: what would have left this machine. */
  readonly refused: readonly string[];
  /** Connections so far, through TLS. Clients of Azure open one for each request where a proxy is in between. */
  readonly connections: { readonly host: string }[];
  /** PEM of the authority. */
  readonly authority: string;
}

const certified = [
  '*.dfs.core.windows.net',
  '*.blob.core.windows.net',
  '*.table.core.windows.net',
  '*.queue.core.windows.net',
  '*.vault.azure.net',
  '*.dfs.fabric.microsoft.com',
  '*.blob.fabric.microsoft.com',
  'api.fabric.microsoft.com',
  'login.microsoftonline.com',
  '*.googleapis.com',
  '*.amazonaws.com',
];

/** @param names more names for the certificate, as `*.example.com`. */
export async function startHosts(hosts: readonly Host[], names: readonly string[] = []): Promise<Hosts> {
  const authority = newAuthority();
  const { certificate: cert, key } = authority.issue([...certified, ...names]);
  const refused: string[] = [];
  const connections: { readonly host: string }[] = [];
  const sockets = new Set<Socket>();
  const found = (host: string): Host | undefined => hosts.find((one) => one.serves(host));

  const answer: RequestListener = (from, to) => {
    const host = (from.headers.host ?? '').replace(/:\d+$/, '');
    const there = found(host);
    if (there === undefined) to.writeHead(421).end();
    else if (typeof there.to === 'string') forward(there.to, from, to);
    else there.to(from, to);
  };
  const secure = createSecureServer({ cert, key }, answer);
  // Whoever asks keeps connections open; none is closed under a request.
  secure.keepAliveTimeout = 600_000;
  secure.on('tlsClientError', (_, socket) => socket.destroy());

  const proxy = createServer((from, to) => plain(from, to, answer, (host) => found(host) !== undefined, refused));
  proxy.keepAliveTimeout = 600_000;
  proxy.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket)).on('error', () => socket.destroy());
  });
  proxy.on('connect', (from: IncomingMessage, socket: Socket, head: Buffer) => {
    const [host = '', port] = (from.url ?? '').split(':');
    if (port !== '443' || found(host) === undefined) {
      refused.push(from.url ?? '');
      socket.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    connections.push({ host });
    socket.write('HTTP/1.1 200 Connection Established\r\n\r\n');
    if (head.length > 0) socket.unshift(head);
    secure.emit('connection', socket);
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');
  const { port } = proxy.address() as AddressInfo;
  const folder = mkdtempSync(join(tmpdir(), 'hygge-hosts-'));
  const file = join(folder, 'authority.pem');
  writeFileSync(file, authority.certificate);
  const env = {
    HTTPS_PROXY: `http://127.0.0.1:${port}`,
    HTTP_PROXY: `http://127.0.0.1:${port}`,
    NO_PROXY: '127.0.0.1,localhost',
    NODE_EXTRA_CA_CERTS: file,
  };
  return {
    env,
    inProcess: (more) => inProcess({ ...env, ...more }, authority.certificate),
    refused,
    connections,
    authority: authority.certificate,
    async [Symbol.asyncDispose]() {
      rmSync(folder, { recursive: true, force: true });
      const closed = once(proxy, 'close');
      proxy.close();
      proxy.closeAllConnections();
      secure.closeAllConnections();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Without TLS: an address as a whole in the first line. So does whoever asks for a machine's identity at 169.254.169.254. */
function plain(
  from: IncomingMessage,
  to: ServerResponse,
  answer: RequestListener,
  ours: (host: string) => boolean,
  refused: string[],
): void {
  const url = URL.canParse(from.url ?? '') ? new URL(from.url ?? '') : undefined;
  if (url === undefined || !ours(url.hostname)) {
    refused.push(url?.host ?? from.url ?? '');
    to.writeHead(502).end();
    return;
  }
  from.url = url.pathname + url.search;
  from.headers.host = url.host;
  answer(from, to);
}

function forward(target: string, from: IncomingMessage, to: ServerResponse): void {
  const { hostname, port } = new URL(target);
  const on = request({ hostname, port, method: from.method, path: from.url, headers: from.headers }, (answer) => {
    to.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(to);
  });
  on.once('error', () => to.destroy());
  from.pipe(on);
}

function inProcess(env: Readonly<Record<string, string>>, authority: string): Disposable {
  const names = Object.keys(env);
  const before = names.map((name) => [name, process.env[name]] as const);
  const trusted = getCACertificates('default');
  Object.assign(process.env, env);
  setDefaultCACertificates([...trusted, authority]);
  forgetClients();
  return {
    [Symbol.dispose]() {
      setDefaultCACertificates(trusted);
      forgetClients();
      for (const [name, value] of before) {
        if (value === undefined) delete process.env[name];
        else process.env[name] = value;
      }
    },
  };
}
