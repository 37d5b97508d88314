import { basename, dirname, resolve } from 'node:path';
import { realClock } from '../../adapters/real-clock.ts';
import { realRandom } from '../../adapters/real-random.ts';
import { writeFileInside } from '../../adapters/version-folder.ts';
import type { Connector } from '../../engine/contracts/connector.ts';
import { didYouMean } from '../../errors/did-you-mean.ts';
import { type MetadataScript, metadataLines } from '../../narrate/commands/generate-lines.ts';
import { connectorTypes, findConnector } from '../../registry.ts';
import { entitiesOrTemplate, type Workspace } from '../../workspace/load/load.ts';
import { exit } from '../terminal/exit-code.ts';
import { openWorkspace } from '../terminal/open-workspace.ts';
import { printAnswer, printLines } from '../terminal/print.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';
import { unreadable } from '../terminal/usage.ts';

export interface MetadataFlags extends CommonFlags {
  readonly connection?: string | undefined;
  readonly dialect?: string | undefined;
  readonly role?: string | undefined;
  readonly to?: string | undefined;
}

/** `hygge generate ddl --metadata`: prints the statements with which an administrator creates schemas, so that hygge need not create them. Sends no query to a database. */
export async function generateMetadata(flags: MetadataFlags, surroundings: Surroundings): Promise<number> {
  const scripts = flags.dialect === undefined ? await ofWorkspace(flags, surroundings) : [await ofType(flags.dialect, flags)];
  const lines = metadataLines(scripts);
  if (flags.to !== undefined) {
    const path = resolve(surroundings.directory, flags.to);
    await writeFileInside(dirname(path), basename(path), `${lines.join('\n')}\n`, realRandom().nonce());
    printLines(surroundings, flags, () => [`Written to ${flags.to}`]);
    return exit.ok;
  }
  printAnswer(surroundings, flags, {
    rows: scripts.flatMap(({ connection, statements }) => statements.map((statement) => ({ connection, statement }))),
    lines: () => lines,
    verbatim: true,
  });
  return exit.ok;
}

type Script = MetadataScript;

const usual = { metadataSchema: 'hygge_metadata', stagingSchema: 'hygge_staging', keeps: ['store', 'state'] } as const;

async function keeper(type: string): Promise<Connector & Required<Pick<Connector, 'metadata'>>> {
  const connector = await findConnector(type);
  const { metadata } = connector ?? {};
  if (connector !== undefined && metadata !== undefined) return { ...connector, metadata };
  const all = await Promise.all(connectorTypes().map(findConnector));
  const types = all.flatMap((one) => (one?.metadata ? [one.id] : []));
  const near = didYouMean(type, types);
  throw unreadable(`hygge keeps no tables of its own in a database of type ${type}.${near === undefined ? '' : ` Did you mean ${near}?`}`, [
    `It keeps its tables in databases of the types ${types.join(', ')}`,
  ]);
}

async function ofType(type: string, { role = null }: { readonly role?: string | null | undefined }): Promise<Script> {
  const { metadata } = await keeper(type);
  return { type, connection: null, ...metadata({ ...usual, config: null, role: role ?? null }) };
}

/** One script for each pair of schemas that a store, or the state, has in a database. */
async function ofWorkspace(flags: MetadataFlags, surroundings: Surroundings): Promise<readonly Script[]> {
  const workspace = await openWorkspace(flags, surroundings, { now: realClock().now(), looking: true });
  const { connection: wanted, role = null } = flags;
  const names = workspace.connections.map(({ name }) => name);
  if (wanted !== undefined && !names.includes(wanted)) {
    const near = didYouMean(wanted, names);
    throw unreadable(`There is no connection ${wanted} in hygge.yml.${near === undefined ? '' : ` Did you mean ${near}?`}`, [
      names.length === 0 ? 'For any database: hygge generate ddl --metadata --dialect postgres' : `It has ${names.join(', ')}`,
    ]);
  }
  const scripts = new Map<string, Script>();
  for (const { connection, type, config, ...schemas } of placesIn(workspace)) {
    if (wanted !== undefined && connection !== wanted) continue;
    const { metadata } = await keeper(type);
    const made: Script = { type, connection, ...metadata({ ...usual, ...schemas, config, role }) };
    scripts.set(JSON.stringify([made.place, made.statements]), made);
  }
  if (scripts.size > 0) return [...scripts.values()];
  const spec = workspace.connections.find(({ name }) => name === wanted);
  if (spec !== undefined) return [{ ...(await ofType(spec.type, { role })), connection: spec.name }];
  throw unreadable('No store of this workspace is in a database, and neither is its state.', [
    'For any database: hygge generate ddl --metadata --dialect postgres --role …',
  ]);
}

interface MetadataPlace {
  readonly connection: string | null;
  readonly type: string;
  readonly config: unknown;
  readonly metadataSchema?: string;
  readonly stagingSchema?: string;
  readonly keeps: readonly ('store' | 'state')[];
}

/** The databases and schemas in which hygge keeps its own tables: for the state, and for stores in databases. */
function placesIn({ state, flows, mirror }: Workspace): readonly MetadataPlace[] {
  const inState = state.type === 'sql' ? [{ ...state, type: state.engine, metadataSchema: state.schema, keeps: ['state'] as const }] : [];
  const entities = [...flows.flatMap(entitiesOrTemplate), ...(mirror ? [mirror] : [])];
  const stores = entities.flatMap(({ store }): MetadataPlace[] => {
    const { metadata_schema: metadataSchema, staging_schema: stagingSchema } = store.config as Readonly<Record<string, unknown>>;
    if (typeof metadataSchema !== 'string' || typeof stagingSchema !== 'string') return [];
    return [
      {
        connection: store.connection?.name ?? null,
        type: store.type,
        config: store.config,
        metadataSchema,
        stagingSchema,
        keeps: ['store'],
      },
    ];
  });
  const isBoth = (one: MetadataPlace) =>
    inState.some((kept) => kept.connection === one.connection && kept.metadataSchema === one.metadataSchema);
  const both = stores.filter(isBoth).map((one): MetadataPlace => ({ ...one, keeps: usual.keeps }));
  return both.length > 0 ? [...both, ...stores.filter((one) => !isBoth(one))] : [...inState, ...stores];
}
