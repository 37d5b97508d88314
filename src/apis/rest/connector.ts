/** `type: rest_api`: any HTTP API that lists records as JSON. */
import { type Connector, defineConnector, type Finding, type HomeSide, type Opening } from '../../engine/contracts/connector.ts';
import { HyggeError } from '../../errors/hygge-error.ts';
import { requestRequirements, signInText } from '../requests/requirements.ts';
import { connectionConfig, type RestConfig, restConfig } from './config.ts';
import { restHome } from './home.ts';

const home: HomeSide<RestConfig> = {
  config: restConfig,
  open: (config, opening) => restHome(config, opening),
  probe,
  async propose(config, opening) {
    await using opened = await restHome(config, opening);
    return await opened.proposal(opening.entity);
  },
  requirements: requestRequirements,
  parents: {
    nameIn: ({ from }) => from,
    unfit: ({ from, each }) =>
      from === undefined && each === undefined ? undefined : 'Its rows are no records of a list of their own: it has from or each.',
    join: (config, of) => ({ ...config, of }),
  },
};

async function probe(config: RestConfig, opening: Opening): Promise<readonly Finding[]> {
  await using opened = await restHome(config, opening);
  try {
    const found = await opened.firstPage();
    const signed = config.auth === undefined ? [] : [{ ok: true, what: `signs in (${signInText(config.auth)})` }];
    if ('notBefore' in found) return [...signed, { ok: true, what: `${opened.place} asks to be left alone until ${found.notBefore}` }];
    const more = found.next ? 'more pages follow' : 'no page follows';
    return [
      ...signed,
      { ok: true, what: `${opened.place} lists ${found.records} ${found.records === 1 ? 'record' : 'records'} on its first page; ${more}` },
    ];
  } catch (error) {
    if (!(error instanceof HyggeError)) throw error;
    return [{ ok: false, what: error.what, why: error.why, tryThis: error.tryThis }];
  }
}

export const restApi: Connector = defineConnector({
  id: 'rest_api',
  summary: 'REST APIs that list records as JSON: pages, cursors, links',
  verifiedAgainst:
    'the APIs of WordPress and MediaWiki, an authorization server (oidc-provider), and our own server of lists that change while they are read',
  family: 'others',
  manifests: true,
  connection: connectionConfig,
  home,
});
