import * as z from 'zod';
import { type Connector, type ConnectorSides, defineConnector } from '../../src/engine/contracts/connector.ts';
import { localHome, localStore } from '../../src/files/connectors/config.ts';
import { local, parquet } from '../../src/files/connectors/local-connector.ts';
import { formatKinds } from '../../src/formats/formats.ts';
import { FileNotFound } from '../../src/ports/filesystem.ts';
import { secret } from '../../src/ports/secret-schema.ts';
import type { WorkspaceFiles } from '../../src/ports/workspace-files.ts';
import { type LoadRequest, loadWorkspace, type Workspace } from '../../src/workspace/load/load.ts';
import { ConfigErrors } from '../../src/workspace/yaml/problems.ts';

/** Where the workspaces of these tests pretend to be. */
export const root = '/projects/shop';

/** A folder of files in memory, by path relative to the workspace's root. */
export function filesOf(texts: Readonly<Record<string, string>>): WorkspaceFiles {
  const absolute = new Map(Object.entries(texts).map(([path, text]) => [`${root}/${path}`, text]));
  return {
    async list(dir) {
      const prefix = dir === '/' ? '/' : `${dir}/`;
      const below = [...absolute.keys(), `${root}/.`].filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
      if (below.length === 0) throw new FileNotFound(dir);
      const names = new Map(below.filter((path) => path !== '.').map((path) => [path.split('/')[0] ?? '', path.includes('/')]));
      return [...names].map(([name, directory]) => ({ name, directory })).reverse();
    },
    async read(path) {
      const text = absolute.get(path);
      if (text === undefined) throw new FileNotFound(path);
      return text;
    },
  };
}

function noRun(): never {
  throw new Error('the workspace only reads configs');
}

const unopened = { open: noRun, probe: noRun, requirements: () => [] };

interface Schemas {
  readonly home?: z.ZodType<unknown>;
  readonly store?: z.ZodType<unknown>;
}

type More = Partial<Pick<ConnectorSides<never, never>, 'family' | 'formats' | 'addresses' | 'place' | 'remote'>>;

export function connector(id: string, sides: Schemas, more: More = {}): Connector {
  return defineConnector({
    id,
    family: 'databases',
    ...more,
    summary: id,
    verifiedAgainst: 'nothing',
    ...(sides.home === undefined ? {} : { home: { ...unopened, config: sides.home } }),
    ...(sides.store === undefined ? {} : { store: { ...unopened, at: noRun, config: sides.store } }),
  });
}

/** The product's schemas for files, and others of the kinds that are to come. */
const all: readonly Connector[] = [
  connector('local', { home: localHome, store: localStore }, local),
  connector('parquet', { home: localHome, store: localStore }, parquet),
  connector('warehouse', {
    home: z.strictObject({
      server: z.string(),
      port: z.int().optional(),
      trust: z.boolean().optional(),
      password: secret().optional(),
      table: z.string().optional(),
      query: z.string().optional(),
    }),
    store: z.strictObject({ server: z.string(), password: secret().optional(), table: z.string(), parallel_workers: z.int().optional() }),
  }),
  connector(
    'lake',
    {
      store: z.strictObject({ container: z.string(), path: z.string().min(1), base: z.string(), format: z.string().optional() }),
    },
    { family: 'files', formats: formatKinds, remote: { locate: () => undefined, url: () => '' } },
  ),
];

export const connectors = {
  types: () => all.map(({ id }) => id),
  find: async (type: string) => all.find(({ id }) => id === type),
};

export type Texts = Readonly<Record<string, string>>;

export function load(texts: Texts, request: Partial<LoadRequest> = {}): Promise<Workspace> {
  return loadWorkspace({ directory: root, env: {}, date: '2026-11-20', connectors, files: filesOf(texts), ...request });
}

/** What is wrong with a workspace; fails when nothing is. */
export async function mistakes(texts: Texts, request: Partial<LoadRequest> = {}): Promise<ConfigErrors['errors']> {
  try {
    await load(texts, request);
  } catch (error) {
    if (error instanceof ConfigErrors) return error.errors;
    throw error;
  }
  throw new Error('nothing was found wrong with this workspace');
}

/** The one entity of a workspace. */
export async function onlyEntity(texts: Texts, request: Partial<LoadRequest> = {}) {
  const workspace = await load(texts, request);
  const [entity, ...others] = workspace.flows.flatMap(({ entities }) => entities);
  if (entity === undefined || others.length > 0) throw new Error(`one entity was expected, not ${others.length + (entity ? 1 : 0)}`);
  return entity;
}

/** The config of a side, to look into. */
export function configOf(side: { readonly config: unknown }): Readonly<Record<string, unknown>> {
  return side.config as Readonly<Record<string, unknown>>;
}

export const flow = 'home: in\nstore: out\n';
