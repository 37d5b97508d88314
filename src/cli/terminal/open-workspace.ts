import { resolve } from 'node:path';
import { openVault } from '../../adapters/vaults.ts';
import { workspaceFiles } from '../../adapters/workspace-files.ts';
import { secretValuesOf } from '../../ports/secrets/values.ts';
import type { Instant } from '../../ports/values.ts';
import { connectors } from '../../registry.ts';
import { isFinding, type LoadRequest, loadWorkspace, type Workspace } from '../../workspace/load/load.ts';
import type { Opens } from '../../workspace/read/secrets.ts';
import type { CommonFlags, Surroundings } from './surroundings.ts';

interface OpenOptions {
  readonly now: Instant;
  readonly vars?: readonly string[] | undefined;
  readonly otherState?: string | undefined;
  /** Whether flows with errors are listed in `unusable`. If so, the selection decides whether their errors matter. */
  readonly tolerant?: true;
  /** Like `tolerant`. In addition, variables that only flows need may be unset, because the command opens no flow. */
  readonly looking?: true;
  /** The owners of the secrets that are requested from a vault: entities, or only the state. Absent: the command opens nothing, so no vault is queried. */
  readonly opens?: NonNullable<Opens['entities']> | 'state';
}

/** The owners of the secrets to look up, with the identity of this process. @param mentions texts that may name a connection too. */
export function opening({ network }: Pick<Surroundings, 'network'>, entities: Opens['entities'], mentions: readonly string[] = []): Opens {
  return { entities, mentions, vault: (settings) => openVault(settings, network) };
}

/** The workspace of a command. Throws `ConfigErrors` with all errors. */
export async function openWorkspace(
  flags: Pick<CommonFlags, 'directory' | 'target'>,
  surroundings: Surroundings,
  run: OpenOptions,
): Promise<Workspace> {
  const request: LoadRequest = {
    directory: resolve(surroundings.directory, flags.directory ?? '.'),
    env: surroundings.environment,
    target: flags.target,
    vars: run.vars ?? [],
    otherState: run.otherState,
    date: run.now.slice(0, 10),
    connectors,
    files: workspaceFiles,
    tolerant: run.tolerant === true,
    looking: run.looking === true,
    secrets: secretValuesOf(surroundings.network),
    opens: run.opens && opening(surroundings, run.opens === 'state' ? null : run.opens, run.vars),
  };
  const workspace = await loadWorkspace(request);
  const finding = [...workspace.flows, ...workspace.unusable.flatMap(({ flow }) => flow ?? [])].filter(isFinding);
  if (finding.length === 0 || run.opens === undefined) return workspace;
  const { findEntities } = await import('./find-entities.ts');
  return await loadWorkspace({ ...request, found: await findEntities(workspace, { finding, opens: run.opens }, surroundings) });
}
