import { createServer } from 'node:http';
import { bodyOf, listening } from './listening.ts';

/** A webhook that takes everything, and keeps what it was told. */
export async function webhook(): Promise<{ readonly url: string; readonly told: string[] } & AsyncDisposable> {
  const told: string[] = [];
  const server = createServer(async (request, response) => {
    told.push((await bodyOf(request)).toString());
    response.end();
  });
  const there = await listening(server);
  return { ...there, url: `${there.url}/`, told };
}
