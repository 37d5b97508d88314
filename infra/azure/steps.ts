import { type Command, inOrder, type Step } from '../commands.ts';
import type { Deployment } from '../deployment.ts';
import type { AppNames, SharedNames } from './names.ts';

interface StepNames {
  readonly names: ReadonlyMap<string, AppNames>;
  readonly shared: SharedNames;
  readonly secrets: readonly { readonly name: string }[];
}

/** What deploys the rendered folder, in order. Options: https://learn.microsoft.com/cli/azure/reference-index */
export function azureSteps({ target, apps, isWorkspaceTarget }: Deployment, { names, shared, secrets }: StepNames): readonly Step[] {
  const { subscription, resource_group: group, network, variables = {} } = target.settings;
  // The workspace is loaded whole, wherever that is: as the target has it.
  const set = Object.fromEntries(Object.entries(variables).sort(([a], [b]) => (a < b ? -1 : 1)));
  const which = isWorkspaceTarget ? ['--target', target.name] : [];
  const az = (...args: readonly string[]): Command => ({ program: 'az', args });
  const hygge = (...args: readonly string[]): Command => ({
    program: 'hygge',
    args,
    ...(Object.keys(set).length === 0 ? {} : { variables: set }),
  });
  const step = (kind: Step['kind'], command: Command, app: string | null = null): Step => ({ kind, folder: 'azure', app, command });
  const inGroup = ['--subscription', subscription, '--resource-group', group];
  const create = (template: string) =>
    az('deployment', 'group', 'create', ...inGroup, '--template-file', `${template}.bicep`, '--parameters', `${template}.bicepparam`);
  const inVault = ['--subscription', subscription, '--vault-name', shared.vault];
  const put = (name: string) => az('keyvault', 'secret', 'set', ...inVault, '--name', name, '--file', 'SECRET.txt');
  const listed = step('secrets', az('keyvault', 'secret', 'list', ...inVault, '--query', '[].name', '--output', 'json'));
  return inOrder([
    ...apps.flatMap(({ name, flows }) => [
      step('pack', hygge('pack', ...which, '--flow', flows.map((flow) => flow.name).join(','), '--out', `${name}.zip`), name),
      step(
        'upload',
        az('functionapp', 'deployment', 'source', 'config-zip', ...inGroup, '--name', names.get(name)?.site ?? '', '--src', `${name}.zip`),
        name,
      ),
    ]),
    step('data', create('data')),
    ...(network === undefined ? [] : [step('network', create('network'))]),
    ...(secrets.length === 0 ? [] : [{ ...listed, secrets: new Map(secrets.map(({ name }) => [name, put(name)])) }]),
    step('apps', create('apps')),
    step('config', hygge('config', 'push', ...which, '--container', `https://${shared.config}.blob.core.windows.net/hygge-config`)),
  ]);
}
