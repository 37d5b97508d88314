/** Reads the metadata of a service from time to time, for all entities of a process. */
import { shortHash } from '../../frames/short-hash.ts';
import { secretsIn } from '../requests/config.ts';
import { ApiRequests, type LaterAnswer, type RequestsOpening } from '../requests/requests.ts';
import type { ODataConfig } from './config.ts';
import { type Edm, NotEdm, readEdm } from './edm.ts';
import { noMetadata } from './errors.ts';

/** The time for which read metadata is used. The entities of a run share the metadata, and a later run in the same process reads the metadata again. */
const freshMs = 60_000;

interface Kept {
  readonly askedMs: number;
  readonly edm: Promise<Edm | LaterAnswer>;
}

/** The metadata of a service. Throws HomeError HYG-3664, and the errors of `ApiRequests.get`. */
export async function metadataOf(config: ODataConfig, around: RequestsOpening): Promise<Edm | LaterAnswer> {
  const { base_url, auth, headers } = config;
  const { network, clock } = around;
  const shared = network.kept('odata metadata', shortHash(JSON.stringify([base_url, auth, headers, secretsIn([auth, headers])])), () => ({
    now: undefined as Kept | undefined,
  }));
  const { now } = shared;
  if (now !== undefined && clock.monotonicMs() - now.askedMs <= freshMs) return await now.edm;
  const asked: Kept = { askedMs: clock.monotonicMs(), edm: ask(config, around) };
  shared.now = asked;
  const forget = () => {
    if (shared.now === asked) shared.now = undefined;
  };
  try {
    const edm = await asked.edm;
    if ('notBefore' in edm) forget();
    return edm;
  } catch (error) {
    forget();
    throw error;
  }
}

async function ask(config: ODataConfig, around: RequestsOpening): Promise<Edm | LaterAnswer> {
  const url = new URL('$metadata', config.base_url.endsWith('/') ? config.base_url : `${config.base_url}/`);
  const place = `${url.origin}${url.pathname}`;
  const answer = await new ApiRequests(config, around, 'application/xml').get(url, place);
  if ('notBefore' in answer) return answer;
  try {
    return readEdm(answer.bytes.toString('utf8', 0, answer.length));
  } catch (error) {
    if (error instanceof NotEdm) throw noMetadata(place, error.message);
    throw error;
  }
}
