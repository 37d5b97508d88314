import { createServer } from 'node:http';
import { bodyOf, listening } from './listening.ts';

interface Call {
  readonly method: string;
  readonly path: string;
  readonly type: string | undefined;
  readonly body: Record<string, unknown>;
}

export interface Webhook extends AsyncDisposable {
  readonly url: string;
  /** Bodies as they came. */
  readonly told: string[];
  readonly calls: Call[];
  /** How it answers. */
  status: number;
}

/** A webhook that keeps what it was told, and takes everything unless it is to answer otherwise. */
export async function webhook(status = 200): Promise<Webhook> {
  const server = createServer(async (request, response) => {
    const text = (await bodyOf(request)).toString();
    hook.told.push(text);
    const { method = '', url: path = '', headers } = request;
    hook.calls.push({ method, path, type: headers['content-type'], body: JSON.parse(text) });
    response.writeHead(hook.status, hook.status === 302 ? { location: '/elsewhere' } : {}).end('ok');
  });
  const there = await listening(server);
  const hook: Webhook = { ...there, url: `${there.url}/`, told: [], calls: [], status };
  return hook;
}
