import { resolve } from 'node:path';
import { realClock } from '../../adapters/real-clock.ts';
import { versionFiles } from '../../adapters/version-files.ts';
import { workspaceFiles } from '../../adapters/workspace-files.ts';
import { secretStandIns, vaultStandIns } from '../../assembly/whole-workspace.ts';
import type { EntitySpec } from '../../engine/contracts/spec.ts';
import type { ValidationSpec } from '../../engine/contracts/validation.ts';
import { type ContractChecked, checkedLines, warningText } from '../../narrate/commands/finding-lines.ts';
import type { Instant } from '../../ports/values.ts';
import { connectors } from '../../registry.ts';
import { allEntityNames, ConfigErrors, isFinding, loadWorkspace, type Workspace } from '../../workspace/load/load.ts';
import { findWorkspace } from '../../workspace/read/find.ts';
import { targetNames } from '../../workspace/read/read.ts';
import type { VersionFiles } from '../../workspace/versions/content.ts';
import { gatherVersion } from '../../workspace/versions/gather.ts';
import { secretsWritten } from '../../workspace/versions/secrets.ts';
import { exit } from '../terminal/exit-code.ts';
import { openWorkspace } from '../terminal/open-workspace.ts';
import { printAnswer } from '../terminal/print.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';
import { environmentOf } from './place.ts';

/** A workspace that may be pushed: the workspace loads, and so do the entities that were found for it. */
export interface PushableWorkspace {
  readonly workspace: Workspace;
  readonly files: VersionFiles;
  /** Sentences about needs of the cloud that can not be checked on this machine. */
  readonly warnings: readonly string[];
}

/** Throws `ConfigErrors` with all errors. Secrets in the text are errors, unless the command allows them. */
export async function checkedWorkspace(
  flags: CommonFlags & { readonly allowSecrets?: true | undefined },
  surroundings: Surroundings,
  now: Instant,
): Promise<PushableWorkspace> {
  const { workspace, unset, environment } = await loadTolerantly(flags, surroundings, now);
  const files = await gatherVersion(workspace, workspaceFiles);
  const secrets = flags.allowSecrets ? [] : secretsWritten(files);
  if (secrets.length > 0) throw new ConfigErrors(secrets);
  const relative = await relativePaths(workspace, files, { now, environment });
  const warnings = [
    ...(unset.length === 0 ? [] : [`Not set here, so not checked: ${unset.join(', ')}. The app needs a value for each in its settings.`]),
    ...(relative.length === 0 ? [] : [relativeWarning(relative)]),
    ...(hasName(files) ? [] : ['hygge.yml has no `name`. In the cloud there is no folder whose name the journal could use instead.']),
  ];
  return { workspace, files, warnings };
}

const unsetCode = 'HYG-1020';
const rootlessCode = 'HYG-1080';

export interface LoadedWorkspace {
  readonly workspace: Workspace;
  readonly unset: readonly string[];
  readonly environment: Surroundings['environment'];
}

/** Loads a workspace on a machine that lacks the app’s secrets, such as a pipeline. If a variable is not set here, its text stays, unless the workspace has other errors. */
export async function loadTolerantly(flags: CommonFlags, surroundings: Surroundings, now: Instant): Promise<LoadedWorkspace> {
  const environment = await environmentOf(flags, surroundings);
  try {
    return { workspace: await openWorkspace(flags, surroundings, { now }), unset: [], environment };
  } catch (error) {
    if (!(error instanceof ConfigErrors)) throw error;
    const unset = [...new Set(error.errors.flatMap(({ code, what }) => (code === unsetCode ? (/`(\w+)`/.exec(what)?.[1] ?? []) : [])))];
    if (unset.length === 0) throw error;
    const directory = resolve(surroundings.directory, flags.directory ?? '.');
    const secrets = await secretStandIns(directory, { environment, target: flags.target });
    const standIns = { ...environment, ...Object.fromEntries(unset.map((name) => [name, secrets[name] ?? name.toLowerCase()])) };
    try {
      const workspace = await openWorkspace(flags, { ...surroundings, environment: standIns }, { now });
      return { workspace, unset, environment: standIns };
    } catch {
      // Either the workspace also has another error, or the stand-in for a variable is invalid at its place. In the second case only the real value can be checked.
      throw error;
    }
  }
}

export interface CheckFlags extends CommonFlags {
  /** Checks only the files, so variables that are not set are not errors. */
  readonly offline?: true | undefined;
}

/**
 * `hygge check`: checks whether the files are valid for each target. The command opens no source and no destination, and sends no request. With
 * `--offline`, variables may be unset. Throws `ConfigErrors` with everything that is wrong.
 */
export async function check(flags: CheckFlags, surroundings: Surroundings): Promise<number> {
  const now = realClock().now();
  const directory = resolve(surroundings.directory, flags.directory ?? '.');
  const meant = flags.target ?? surroundings.environment.HYGGE_TARGET;
  const names = await targetNames(workspaceFiles, await findWorkspace(workspaceFiles, directory));
  const targets = meant !== undefined || names.length === 0 ? [flags.target] : names;
  const wrong = new Map<string, ConfigErrors['errors'][number]>();
  const warnings = new Set<string>();
  const unset = new Set<string>();
  const contracts = new Map<string, ContractChecked>();
  let counts = { flows: 0, entities: 0, finding: 0 };
  for (const target of targets) {
    const found = await meantFor({ ...flags, target }, surroundings, now);
    for (const error of found.errors) wrong.set(JSON.stringify(error.toDetails()), error);
    for (const name of found.unset) unset.add(name);
    for (const warning of found.workspace?.warnings ?? []) warnings.add(warningText(warning));
    const flows = found.workspace === undefined ? [] : allEntityNames(found.workspace);
    const entities = flows.reduce((sum, flow) => sum + flow.entities.length, 0);
    for (const spec of (found.workspace?.flows ?? []).flatMap((flow) => flow.entities))
      if (spec.validation !== undefined) contracts.set(JSON.stringify([spec.flow, spec.entity]), contractOf(spec, spec.validation));
    counts = { flows: flows.length, entities, finding: (found.workspace?.flows ?? []).filter(isFinding).length };
  }
  if (wrong.size > 0) throw new ConfigErrors([...wrong.values()]);
  const told = { ...counts, targets: names, unset: [...unset].sort(), warnings: [...warnings], contracts: [...contracts.values()] };
  printAnswer(surroundings, flags, { rows: [told], lines: (palette) => checkedLines(told, palette) });
  return exit.ok;
}

function contractOf({ flow, entity }: EntitySpec, { contract, mode, rules, checks }: ValidationSpec): ContractChecked {
  return { flow, entity, contract, mode, rules: rules.length, checks: checks.length };
}

interface MeantFor {
  readonly workspace?: Workspace;
  readonly errors: ConfigErrors['errors'];
  readonly unset: readonly string[];
}

/** The workspace for one target. With `--offline`, variables that are not set keep their own text. An error in a line with an unset variable may have no other cause than the missing value. */
async function meantFor(flags: CheckFlags, surroundings: Surroundings, now: Instant): Promise<MeantFor> {
  const environment = { ...(await environmentOf(flags, surroundings)) };
  // Secrets in a vault are not set on this machine, so they are not reported as missing.
  const standIns = flags.offline ? secretStandIns : vaultStandIns;
  const secrets = await standIns(resolve(surroundings.directory, flags.directory ?? '.'), { environment, target: flags.target });
  const unset = new Set<string>();
  for (;;) {
    try {
      return { workspace: await openWorkspace(flags, { ...surroundings, environment }, { now }), errors: [], unset: [...unset] };
    } catch (error) {
      if (!(error instanceof ConfigErrors)) throw error;
      const missing = error.errors
        .flatMap(({ code, what }) => (code === unsetCode ? (/`(\w+)`/.exec(what)?.[1] ?? []) : []))
        .filter((name) => !unset.has(name) && (flags.offline || Object.hasOwn(secrets, name)));
      if (!flags.offline && missing.length === 0 && unset.size === 0) return { errors: error.errors, unset: [] };
      for (const name of missing) {
        unset.add(name);
        environment[name] = secrets[name] ?? name.toLowerCase();
      }
      if (missing.length > 0) continue;
      const ofVariables = [...unset].map((name) => new RegExp(`\\$\\{${name}[}:]`));
      const errors = error.errors.filter(
        ({ code, where }) => code === unsetCode || !ofVariables.some((one) => one.test(where?.text ?? '')),
      );
      if (errors.length > 0) return { errors, unset: [...unset] };
      return {
        workspace: await openWorkspace(flags, { ...surroundings, environment }, { now, tolerant: true }),
        errors,
        unset: [...unset],
      };
    }
  }
}

/** Errors about paths that are relative to the folder of hygge.yml, since the machine that runs the version may lack this folder. Loads the version as the app does. */
async function relativePaths(
  workspace: Workspace,
  files: VersionFiles,
  around: { readonly now: Instant; readonly environment: Surroundings['environment'] },
): Promise<ConfigErrors['errors']> {
  try {
    await loadWorkspace({
      directory: workspace.root,
      files: versionFiles(workspace.root, files),
      env: around.environment,
      date: around.now.slice(0, 10),
      connectors,
      rootless: true,
      target: workspace.target?.name,
    });
    return [];
  } catch (error) {
    if (error instanceof ConfigErrors && error.errors.every(({ code }) => code === rootlessCode)) return error.errors;
    throw error;
  }
}

function hasName(files: VersionFiles): boolean {
  return /^["']?name["']?\s*:/m.test(files.get('hygge.yml') ?? files.get('hygge.yaml') ?? '');
}

function relativeWarning(errors: ConfigErrors['errors']): string {
  const [first] = errors;
  const where = first?.where === undefined ? '' : ` (${first.where.file}:${first.where.line})`;
  const rest = errors.length === 1 ? '' : `, and ${errors.length - 1} more`;
  return `A path is relative to the folder of hygge.yml${where}${rest}. If the config runs in the cloud, HYGGE_ROOT must name a folder.`;
}
