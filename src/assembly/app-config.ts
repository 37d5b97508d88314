/** The config that a function app runs: a version in blob storage, or a folder on this machine. */
import { resolve } from 'node:path';
import type { ConfigError } from '../errors/hygge-error.ts';
import type { Network } from '../ports/network.ts';
import { type SecretValues, secretValuesOf } from '../ports/secrets/values.ts';
import type { StateStore } from '../ports/state.ts';
import type { Json } from '../ports/values.ts';
import type { WorkspaceFiles } from '../ports/workspace-files.ts';
import { connectors } from '../registry.ts';
import type { FoundEntities } from '../workspace/load/finds.ts';
import { type FlowSpec, isFinding, loadWorkspace, type Workspace } from '../workspace/load/load.ts';
import { findWorkspace } from '../workspace/read/find.ts';
import { readWorkspace } from '../workspace/read/read.ts';
import { ConfigErrors, collectProblems } from '../workspace/yaml/problems.ts';
import { configIsFolder, openConfigVersion } from './config-versions.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** An opened config. */
export interface OpenedConfig {
  /** The id of the version. Null: the config is a folder of this machine, which is identified by its content. */
  readonly id: string | null;
  readonly files: WorkspaceFiles;
  readonly directory: string;
  readonly rootless: boolean;
  /** The target of a version; undefined: HYGGE_TARGET or hygge.yml decides. */
  readonly target?: string;
  /** The secrets of the process. */
  readonly secrets: SecretValues;
}

export async function openConfig(env: Environment, network: Network, id: string | 'current'): Promise<OpenedConfig> {
  const folder = await configIsFolder(env);
  const secrets = secretValuesOf(network);
  if (folder === null) return { ...(await openConfigVersion(env, network, id)), secrets };
  const { workspaceFiles } = await import('../adapters/workspace-files.ts');
  return { id: null, files: workspaceFiles, directory: resolve(folder), rootless: false, secrets };
}

export interface FlowRequest {
  readonly flow: string;
  readonly date: string;
  /** Values by path below the flow, from the request that starts a run. */
  readonly vars?: { readonly [path: string]: Json };
  /** The found entities of a flow that names no entities. */
  readonly entities?: FoundEntities;
}

/** A workspace with one flow, without the errors of other flows. Throws `ConfigErrors`. */
export async function loadFlow(env: Environment, opened: OpenedConfig, request: FlowRequest): Promise<Workspace> {
  const { flow, date, vars = {}, entities } = request;
  // JSON is YAML, so each value is read exactly as written.
  const given = Object.entries(vars).map(([path, value]) => `flow.${flow}.${path}=${JSON.stringify(value)}`);
  const found = entities && new Map([[flow, entities]]);
  return await loadWorkspace({ ...opened, env, date, connectors, vars: given, flow, found });
}

/** All flows, for a caller that opens none of them, so that variables of other apps may be unset. Throws `ConfigErrors` if hygge.yml itself can't be used. */
export async function loadReadOnly(
  env: Environment,
  opened: OpenedConfig,
  { date, state }: { readonly date: string; readonly state: Pick<StateStore, 'entities'> },
): Promise<Workspace> {
  const request = { ...opened, env, date, connectors, looking: true };
  const workspace = await loadWorkspace(request);
  const finding = workspace.flows.filter(isFinding);
  if (finding.length === 0) return workspace;
  const { findKnown } = await import('./found/find.ts');
  const known = await Promise.all(finding.map(async (flow) => [flow.name, await findKnown(flow, state)] as const));
  return await loadWorkspace({ ...request, found: new Map(known.filter(([, found]) => found.length > 0)) });
}

/** A flow that can be run, or its errors. */
export type LoadedFlow = { readonly name: string } & (
  | { readonly workspace: Workspace; readonly flow: FlowSpec }
  | { readonly errors: readonly ConfigError[] }
);

/** Every flow. Throws `ConfigErrors` if hygge.yml itself can't be used, so that the flows are unknown. */
export async function findFlows(env: Environment, opened: OpenedConfig, date: string): Promise<readonly LoadedFlow[]> {
  const whole = await orErrors(() => loadWorkspace({ ...opened, env, date, connectors }));
  if (!('errors' in whole)) return whole.flows.map((flow) => ({ name: flow.name, workspace: whole, flow }));
  const fatal = await wrongForAll(env, opened, date);
  const names = await flowNames(env, opened);
  if (names.length === 0 || fatal.length > 0) throw new ConfigErrors(fatal.length > 0 ? fatal : whole.errors);
  const found: LoadedFlow[] = [];
  for (const flow of names) found.push(await findFlow(env, opened, { flow, date }));
  return attributed(found, whole.errors);
}

/** The settings of hygge.yml. A workspace without flows is then valid. */
async function wrongForAll(env: Environment, opened: OpenedConfig, date: string): Promise<readonly ConfigError[]> {
  const bare = await orErrors(() => loadFlow(env, opened, { flow: '', date }));
  return 'errors' in bare ? bare.errors.filter(({ code }) => code !== 'HYG-1044') : [];
}

async function findFlow(env: Environment, opened: OpenedConfig, request: FlowRequest): Promise<LoadedFlow> {
  const name = request.flow;
  const workspace = await orErrors(() => loadFlow(env, opened, request));
  if ('errors' in workspace) return { name, errors: workspace.errors };
  const flow = workspace.flows.find((one) => one.name === name);
  return flow === undefined ? { name, errors: [] } : { name, workspace, flow };
}

/** Some errors are about several flows, such as two flows that settle in one table. Such an error counts for each of these flows; if the flows are unknown, for all flows. */
function attributed(found: readonly LoadedFlow[], errors: readonly ConfigError[]): readonly LoadedFlow[] {
  const said = new Set(found.flatMap((one) => ('errors' in one ? one.errors.map(identity) : [])));
  const between = errors.filter((error) => !said.has(identity(error)));
  const isNobodys = (error: ConfigError) => !found.some(({ name }) => isAbout(name, error));
  return found.map((one) => {
    const own = between.filter((error) => isAbout(one.name, error) || isNobodys(error));
    if ('errors' in one && one.errors.length === 0) return { name: one.name, errors };
    return 'errors' in one || own.length === 0 ? one : { name: one.name, errors: own };
  });
}

/** Flows are identified by their folder, or by name if they are in one file. */
function isAbout(flow: string, { what, where }: ConfigError): boolean {
  const names = [...what.matchAll(/`([^`]+)`/g)].flatMap(([, name = '']) => [name, name.split('.')[0]]);
  return (where?.file.split('/').includes(flow) ?? true) || names.includes(flow);
}

function identity({ code, what, where }: ConfigError): string {
  return JSON.stringify([code, what, where?.file, where?.line]);
}

/** Names of flows, valid or invalid. */
async function flowNames(env: Environment, { files, directory, target }: OpenedConfig): Promise<readonly string[]> {
  const written = await readWorkspace(files, await findWorkspace(files, directory), env, collectProblems(), { target });
  return [...new Set(written.flows.map(({ name }) => name))];
}

async function orErrors<T>(load: () => Promise<T>): Promise<T | { readonly errors: readonly ConfigError[] }> {
  try {
    return await load();
  } catch (error) {
    if (error instanceof ConfigErrors) return { errors: error.errors };
    throw error;
  }
}
