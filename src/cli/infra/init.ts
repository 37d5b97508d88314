import { resolve } from 'node:path';
import { realRandom } from '../../adapters/real-random.ts';
import { writeFileInside } from '../../adapters/version-folder.ts';
import { needsOf } from '../../assembly/requirements.ts';
import { workspaceWithStandIns } from '../../assembly/whole-workspace.ts';
import { ConfigError } from '../../errors/hygge-error.ts';
import { localFileSystem } from '../../filesystems/disk/local.ts';
import { targetSchema } from '../../workspace/schema/json-schema.ts';
import { targetPath } from '../../workspace/target/read.ts';
import { exit } from '../terminal/exit-code.ts';
import { printLines } from '../terminal/print.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';
import { unreadable } from '../terminal/usage.ts';

export interface InfraInitFlags extends CommonFlags {
  readonly target: string;
}

/** `hygge infra init`: writes a file with the settings of a target, for a person to fill in. Existing files are not overwritten. */
export async function infraInit(flags: InfraInitFlags, surroundings: Surroundings): Promise<number> {
  const { target } = flags;
  checkTargetName(target);
  const directory = resolve(surroundings.directory, flags.directory ?? '.');
  const { workspace, references } = await workspaceWithStandIns({
    directory,
    environment: surroundings.environment,
    target: { ifAny: target },
  });
  const entities = workspace.flows.flatMap((flow) => flow.entities);
  const needs = await needsOf({ workspace, entities, references, app: null });
  const accounts = new Map<string, Set<string>>();
  for (const { flow, requirement: one } of needs) {
    const account =
      one.need === 'role' ? /^([a-z0-9-]+)\.(dfs|blob|table)\.core\.windows\.net$/.exec(one.resource.account ?? '')?.[1] : undefined;
    if (account !== undefined) accounts.set(account, new Set([...(accounts.get(account) ?? []), flow]));
  }
  const file = targetPath(target);
  const files = localFileSystem(workspace.root);
  const bytes = (text: string) => new TextEncoder().encode(text);
  const put = await files.put(file, bytes(startText(accounts)), { ifNoneMatch: '*' });
  if (put.outcome === 'refused') {
    throw new ConfigError({
      code: 'HYG-1904',
      what: `${file} exists; init never overwrites files.`,
      tryThis: [`Edit the existing file, or choose another name: hygge infra init --target ${target}-2`],
    });
  }
  await writeFileInside(workspace.root, '.hygge/schema/infra.json', `${JSON.stringify(targetSchema(), null, 2)}\n`, realRandom().nonce());
  printLines(surroundings, flags, (palette) => [
    `${palette.good('+')} ${file}`,
    '',
    'Next:',
    `  1. fill in the file: values that are still empty are required`,
    `  2. hygge infra render azure --target ${target} --out out/${target}`,
  ]);
  return exit.ok;
}

/** Throws if the name of a target can not be the name of a file. */
export function checkTargetName(target: string): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,39}$/.test(target))
    throw unreadable(`--target ${JSON.stringify(target)} is not a name of up to 40 letters, digits, \`_\` and \`-\`.`, [
      'hygge infra init --target prod',
    ]);
}

function startText(accounts: ReadonlyMap<string, ReadonlySet<string>>): string {
  const named = [...accounts].sort(([a], [b]) => (a < b ? -1 : 1));
  return `# yaml-language-server: $schema=../.hygge/schema/infra.json
# The place where this workspace runs. Nothing here is a secret.

subscription: ""          # az account show --query id
region: westeurope
resource_group: ""        # of the apps; it has to be there

# An app for each flow. Flows that may share their rights can share one:
# apps: { nightly: [crm, erp] }

# Flows that are not deployed, such as those that read or settle on this machine.
# exclude: [hello]
${
  named.length === 0
    ? ''
    : `
# The resource groups of the accounts that the flows name: hygge grants rights there.
accounts:
${named.map(([account, flows]) => `  ${account}: { resource_group: "" }   # ${[...flows].join(', ')}\n`).join('')}`
}
# The values of variables of the config here. Secrets are not among them: they are in the vault.
# variables: { CRM_SCHEDULE: "0 0 2 * * *" }

# Who gets a message when a load fails, is late or did not happen.
# alert: [data@example.com]
`;
}
