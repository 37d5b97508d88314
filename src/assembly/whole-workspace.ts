import { resolve } from 'node:path';
import { workspaceFiles } from '../adapters/workspace-files.ts';
import { FileNotFound } from '../ports/filesystem.ts';
import type { SecretValues } from '../ports/secrets/values.ts';
import type { WorkspaceFiles } from '../ports/workspace-files.ts';
import { connectors } from '../registry.ts';
import { type FlowSpec, isFinding, loadWorkspace, type Workspace } from '../workspace/load/load.ts';
import { isDotEnv } from '../workspace/read/dot-env.ts';
import { findWorkspace } from '../workspace/read/find.ts';
import { readWorkspace } from '../workspace/read/read.ts';
import { type Reference, type References, readReferences } from '../workspace/read/references.ts';
import type { Meant } from '../workspace/read/targets.ts';
import { collectProblems } from '../workspace/yaml/problems.ts';
import { child } from '../workspace/yaml/tree.ts';
import { everyEntity, unknownHost, unknownServer } from './requirements.ts';

export interface WholeWorkspace {
  readonly workspace: Workspace;
  readonly references: References;
}

export interface WholeRequest {
  /** The absolute path of the workspace. */
  readonly directory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whether the workspace is loaded without values of this machine: without `.env`, and without secrets that are set. */
  readonly elsewhere?: true;
  readonly target?: Meant;
  readonly secrets?: SecretValues;
}

/**
 * The workspace, and the uses of its variables. A flow that finds its entities has `everyEntity` for them. Each secret gets a placeholder, because its
 * value does not change the needs. All flows must load, because an incomplete workspace would give incomplete rights.
 */
export async function workspaceWithStandIns({ directory, environment, elsewhere, target, secrets }: WholeRequest): Promise<WholeWorkspace> {
  const files = elsewhere ? withoutDotEnv(workspaceFiles) : workspaceFiles;
  const { references, env } = await readHere(files, directory, { environment, target });
  const standIns = standInsOf(references);
  const set = { ...env, ...definedOnly(environment) };
  const workspace = await loadWorkspace({
    directory,
    env: elsewhere ? { ...set, ...standIns } : { ...standIns, ...set },
    // A right holds for every day's folder.
    date: '{date}',
    connectors,
    files,
    target,
    ...(secrets === undefined ? {} : { secrets }),
  });
  return {
    workspace: { ...workspace, flows: workspace.flows.map(withTemplate) },
    references: references ?? { variables: [], at: () => undefined },
  };
}

/** A flow that finds its entities gets one entity that represents all found entities, in addition to its named entities. */
function withTemplate(flow: FlowSpec): FlowSpec {
  return isFinding(flow) && flow.any !== null ? { ...flow, entities: [...flow.entities, { ...flow.any, entity: everyEntity }] } : flow;
}

/** Placeholders for variables that hold only secrets, each in the form of its secret. */
function standInsOf(references: References | undefined): Readonly<Record<string, string>> {
  const secrets = references?.variables.filter((one) => one.isSecret) ?? [];
  const plain = new Set(references?.variables.filter((one) => !secrets.includes(one)).map(({ name }) => name));
  return Object.fromEntries(secrets.flatMap((one) => (plain.has(one.name) ? [] : [[one.name, standInFor(one)]])));
}

/** The placeholders for the workspace around a folder; empty: no readable workspace. */
export async function secretStandIns(directory: string, around: WorkspaceContext): Promise<Readonly<Record<string, string>>> {
  return standInsOf((await readHere(workspaceFiles, directory, around)).references);
}

/** The placeholders if hygge.yml names a vault, which has the secrets; otherwise empty. */
export async function vaultStandIns(directory: string, around: WorkspaceContext): Promise<Readonly<Record<string, string>>> {
  const { references, hasVault } = await readHere(workspaceFiles, directory, around);
  return hasVault ? standInsOf(references) : {};
}

function definedOnly(environment: WholeRequest['environment']): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(environment).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
}

interface WorkspaceContext {
  readonly environment: WholeRequest['environment'];
  readonly target: Meant;
}

/** Undefined references: the workspace can’t be read, which is reported when it is loaded. `env` has the variables of its files, without the environment. */
async function readHere(files: WorkspaceFiles, directory: string, { environment, target }: WorkspaceContext) {
  try {
    const found = await findWorkspace(files, resolve(directory));
    const { HYGGE_TARGET } = environment;
    const written = await readWorkspace(files, found, { HYGGE_TARGET }, collectProblems(), { looking: true, target });
    const hasVault = child(written.top, 'secrets')?.kind === 'map';
    return { references: await readReferences(files, { root: found.root, ...written }), env: written.env, hasVault };
  } catch {
    return { references: undefined, env: {}, hasVault: false };
  }
}

function withoutDotEnv(files: WorkspaceFiles): WorkspaceFiles {
  return {
    ...files,
    read: (path) => (isDotEnv(path) ? Promise.reject(new FileNotFound(path)) : files.read(path)),
    list: (path) => files.list(path),
  };
}

/** A text in the form of a secret, which gives no access. */
function standInFor({ path, isAll }: Reference): string {
  const name = isAll ? (path.at(-1) ?? '').toLowerCase() : '';
  if (name === 'webhook' || name === 'fail_url' || path.includes('heartbeat')) return `https://${unknownHost}/`;
  if (name === 'connection_string')
    // A text that is both an address of a database and a connection string of a storage account. The type of the connection is known only after the workspace has loaded.
    return `postgres://unset:unset@${unknownServer}/unset?application_name=;AccountName=unset;AccountKey=dW5zZXQ=;EndpointSuffix=core.windows.net`;
  if (name === 'service_account_json')
    return '{"type":"service_account","client_email":"unset@unset.iam.gserviceaccount.com","private_key":"unset"}';
  return 'unset';
}
