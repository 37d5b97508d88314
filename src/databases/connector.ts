/** What all databases are as connectors. */
import * as z from 'zod';
import { type Connector, defineConnector, type Finding, type Opening, type Place } from '../engine/contracts/connector.ts';
import { HyggeError } from '../errors/hygge-error.ts';
import { type DatabaseHomeConfig, databaseHomeKeys, engineHomeKeys, homeClash, optionsOf, sourceOf } from './config.ts';
import type { Engine, Session } from './engine.ts';
import { DatabaseHome, placeOf } from './home.ts';
import { poolOf, Sessions } from './sessions.ts';
import { type DatabaseStoreConfig, storeSide } from './store-side.ts';

export function databaseConnector<K extends { readonly pool_size: number }, S extends Session>(engine: Engine<K, S>): Connector {
  type HomeConfig = K & DatabaseHomeConfig;

  const own = Object.fromEntries((engine.homeKeys ?? []).map((key) => [key, engineHomeKeys[key]]));
  const home = z
    .strictObject({ ...engine.keys, ...databaseHomeKeys, ...own })
    .superRefine((config, found) => {
      const clashes = [engine.clash(config as unknown as K), homeClash(config as DatabaseHomeConfig)].filter((one) => one !== undefined);
      for (const { key, needs } of clashes) found.addIssue({ code: 'custom', path: [key], message: needs });
    })
    .describe(`${engine.summary}.`) as unknown as z.ZodType<HomeConfig>;

  async function probe(config: HomeConfig, opening: Opening): Promise<readonly Finding[]> {
    const label = `hygge ${opening.flow}.${opening.entity}`;
    const sessions = new Sessions({ engine, pool: poolOf(engine, config, opening), label, place: placeOf(engine, config) });
    try {
      return await sessions.transaction({ mode: 'read', isolation: 'statement' }, async (session) =>
        engine.probe(session, await engine.look(session, sourceOf(config), optionsOf(config))),
      );
    } catch (error) {
      if (error instanceof HyggeError) return [{ ok: false, what: error.what, why: error.why, tryThis: error.tryThis }];
      throw error;
    }
  }

  return defineConnector<HomeConfig, K & DatabaseStoreConfig>({
    id: engine.id,
    summary: engine.summary,
    verifiedAgainst: engine.verifiedAgainst,
    family: 'databases',
    addresses: engine.addresses,
    connection: z.strictObject(engine.keys).partial().describe(`${engine.summary}.`),
    place: (config) => placeIn(engine, config as HomeConfig),
    home: {
      config: home,
      open: async (config, opening) => new DatabaseHome(engine, config, opening),
      probe,
      requirements: (config) => engine.requirements(config, ['read'], sourceOf(config)),
    },
    ...(engine.writes ? { store: storeSide({ ...engine, writes: engine.writes }) } : {}),
  });
}

function placeIn<K, S extends Session>(engine: Engine<K, S>, config: K & DatabaseHomeConfig): Place | undefined {
  const source = sourceOf(config);
  if (!('table' in source)) return undefined;
  const { server, database } = engine.address(config);
  return { root: JSON.stringify([engine.id, server.toLowerCase(), database]), path: `/${source.table}/`, shown: placeOf(engine, config) };
}
