/** Reads a description from a file or an address, and turns it into entities. */
import type { DescribedEntities, DescribedFlow, DescriptionSource, Opening } from '../../engine/contracts/connector.ts';
import { HomeError } from '../../errors/hygge-error.ts';
import { ApiRequests } from '../requests/requests.ts';
import { describedEntities } from './entities.ts';
import { noDescription } from './errors.ts';

const accepted = 'application/json, application/yaml, application/vnd.oai.openapi, text/yaml, text/plain;q=0.9, */*;q=0.8';

/** @param opening the files and network of a separate process. Throws ConfigError HYG-3695 or HYG-3696, or the HomeError of an address that does not answer. */
export async function described(source: DescriptionSource, flow: DescribedFlow, opening: Opening): Promise<DescribedEntities> {
  if ('text' in source) return describedEntities(source.text, source.name, flow);
  const { url } = source;
  const name = `${url.origin}${url.pathname}`;
  await using requests = new ApiRequests({ base_url: url.origin }, opening, accepted);
  const answer = await requests.get(url, name).catch((error: unknown) => {
    throw error instanceof HomeError && error.code === 'HYG-3607'
      ? noDescription(name, 'The address leads to another server. Download the description, and name the file.')
      : error;
  });
  if ('notBefore' in answer) throw noDescription(name, `The server requests a pause until ${answer.notBefore}.`);
  return describedEntities(answer.bytes.toString('utf8', 0, answer.length), name, flow);
}
