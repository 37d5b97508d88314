/** What all databases are as connectors. */
import * as z from 'zod';
import {
  type Connector,
  defineConnector,
  type Finding,
  type Metadata,
  type MetadataRequest,
  type Opening,
  type Place,
} from '../engine/contracts/connector.ts';
import { HyggeError } from '../errors/hygge-error.ts';
import { type DatabaseHomeConfig, databaseHomeKeys, engineHomeKeys, homeClash, optionsOf, sourceOf } from './config.ts';
import type { Database, Engine, Session } from './engine.ts';
import { metadataDdl, metadataTables, stateDdl, stateTables } from './head.ts';
import { DatabaseHome, placeOf } from './home.ts';
import { poolOf, Sessions } from './sessions.ts';
import { type DatabaseStoreConfig, storeSide } from './store-side.ts';
import type { Writes } from './writes.ts';

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
    ...connectionOf(engine),
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

/** A database that has neither home nor store yet: state may live there. */
export function stateConnector<K, S extends Session>(database: Database<K, S>): Connector {
  const { id, summary, verifiedAgainst, addresses } = database;
  return defineConnector({ id, summary, verifiedAgainst, family: 'databases', addresses, ...connectionOf(database) });
}

function connectionOf<K, S extends Session>(database: Database<K, S>): Pick<Connector, 'connection' | 'state' | 'metadata'> {
  const whole = z.strictObject(database.keys).superRefine((keys, found) => {
    const clash = database.clash(keys as unknown as K);
    if (clash) found.addIssue({ code: 'custom', path: [clash.key], message: clash.needs });
  });
  return {
    connection: z.strictObject(database.keys).partial().describe(`${database.summary}.`),
    ...(database.stateSide ? { state: whole, metadata: (of) => metadataOf(database, of) } : {}),
  };
}

function placeIn<K, S extends Session>(engine: Engine<K, S>, config: K & DatabaseHomeConfig): Place | undefined {
  const source = sourceOf(config);
  if (!('table' in source)) return undefined;
  const { server, database } = engine.address(config);
  return { root: JSON.stringify([engine.id, server.toLowerCase(), database]), path: `/${source.table}/`, shown: placeOf(engine, config) };
}

type Keeper<K, S extends Session> = Database<K, S> & { readonly writes?: Writes<S> };

/** What a database administrator runs where hygge may not: all that it keeps of its own, and the rights to use it. */
function metadataOf<K, S extends Session>(database: Keeper<K, S>, of: MetadataRequest): Metadata {
  const { dialect, stateSide, writes } = database;
  const keys = of.config as K | null;
  if (stateSide === undefined) return { role: null, place: null, statements: [] };
  const role = of.role ?? (keys === null ? null : (database.role?.(keys) ?? null));
  const address = keys === null ? undefined : database.address(keys);
  const schemas = [...new Set([of.metadataSchema, ...(writes ? [of.stagingSchema] : [])])];
  const statements = [
    ...schemas.flatMap((schema) => stateSide.createSchema(schema) ?? []),
    ...(writes ? metadataDdl({ ...dialect, ...writes }, of.metadataSchema) : []),
    ...stateDdl(stateSide, of.metadataSchema),
    ...(role === null
      ? []
      : stateSide.grants({
          role,
          schema: of.metadataSchema,
          tables: [...(writes ? metadataTables : []), ...stateTables],
          stagingSchema: writes ? of.stagingSchema : null,
        })),
  ];
  return {
    role,
    place: address === undefined ? null : `${address.database}${address.server === '' ? '' : ` on ${address.server}`}`,
    statements,
  };
}
