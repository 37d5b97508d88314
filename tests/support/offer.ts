import { createServer } from 'node:http';
import { listening } from './listening.ts';

export interface Offer extends AsyncDisposable {
  readonly url: string;
}

/**
 * A server for a whole vitest run, which the first file of tests starts that asks for it (GET); all of them are told how it is reached. One for each
 * path that is asked for.
 */
export async function offer<P extends AsyncDisposable>(start: (path: string) => Promise<P>, address: (of: P) => object): Promise<Offer> {
  const running = new Map<string, Promise<P>>();
  const server = createServer(async ({ url = '/' }, answer) => {
    try {
      const started = running.get(url) ?? start(url);
      running.set(url, started);
      answer.end(JSON.stringify(address(await started)));
    } catch (error) {
      answer.writeHead(500).end(String(error));
    }
  });
  const { url, ...there } = await listening(server);
  return {
    url: `${url}/`,
    async [Symbol.asyncDispose]() {
      await there[Symbol.asyncDispose]();
      for (const one of running.values()) await (await one.catch(() => undefined))?.[Symbol.asyncDispose]();
    },
  };
}
