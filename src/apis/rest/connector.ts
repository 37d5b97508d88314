/** The connector for `type: rest_api`: any HTTP API that lists records as JSON. */
import { type Connector, defineConnector, type Finding, type HomeSide, type Opening } from '../../engine/contracts/connector.ts';
import { counted } from '../../errors/as-argument.ts';
import { findingsOf } from '../requests/findings.ts';
import { requestRequirements } from '../requests/requirements.ts';
import { connectionConfig, type RestConfig, restConfig } from './config.ts';
import { type EventsHome, eventFeed, eventsHome } from './events-home.ts';
import { type RestHome, restHome } from './home.ts';

const home: HomeSide<RestConfig> = {
  config: restConfig,
  open,
  probe,
  async propose(config, opening) {
    await using opened = await restHome(config, opening);
    return await opened.proposal(opening.entity);
  },
  described: async (source, flow, opening) => (await import('../openapi/description-reader.ts')).described(source, flow, opening),
  requirements: requestRequirements,
  parents: {
    nameIn: ({ from }) => from,
    unfit: ({ from, each }) =>
      from === undefined && each === undefined
        ? undefined
        : 'The rows of this entity are not records of their own list, because the entity has from or each.',
    join: (config, of) => ({ ...config, of }),
  },
  feeds: {
    names: [eventFeed],
    clashingKey: besideEvents,
    missingKey: ({ events }) =>
      events === undefined ? { key: 'events', needs: 'This key says where the API lists its events.' } : undefined,
  },
};

async function open(config: RestConfig, opening: Opening): Promise<RestHome | EventsHome> {
  const { events } = config;
  return opening.changeFeed === eventFeed && events !== undefined
    ? await eventsHome({ ...config, events }, opening)
    : await restHome(config, opening);
}

/** The config key for finding new records in the list itself, if the config also has events. Events make this key useless. */
function besideEvents(config: RestConfig): { readonly key: string; readonly needs: string } | undefined {
  const key = (['window', 'append_only', 'each', 'deleted', 'from'] as const).find((name) => config[name] !== undefined);
  return key && { key, needs: 'Events report which records are new and which are deleted.' };
}

async function probe(config: RestConfig, opening: Opening): Promise<readonly Finding[]> {
  await using home = await open(config, opening);
  const { place } = home;
  return await findingsOf(
    { auth: config.auth, place },
    () => home.firstPage(),
    ({ records, next }) => [
      `${place} lists ${counted(records, 'record')} on its first page; ${next ? 'more pages follow' : 'no page follows'}`,
    ],
  );
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
