import { resolve } from 'node:path';
import { workspaceFiles } from '../../adapters/workspace-files.ts';
import { type AppPlace, type InfraNeed, needsOf, variablesOf, whoNeeds } from '../../assembly/requirements.ts';
import { workspaceWithStandIns } from '../../assembly/whole-workspace.ts';
import { wideRights } from '../../assembly/wide-rights.ts';
import type { Where } from '../../errors/hygge-error.ts';
import { type ExplainedTold, explainLines, type HostTold, type RightTold, type VariableTold } from '../../narrate/commands/infra-lines.ts';
import { resourceText } from '../../narrate/commands/need-lines.ts';
import { secretValuesOf } from '../../ports/secrets/values.ts';
import { findWorkspace } from '../../workspace/read/find.ts';
import { readTarget } from '../../workspace/target/read.ts';
import { ConfigErrors } from '../../workspace/yaml/problems.ts';
import { select } from '../select/selection.ts';
import { exit } from '../terminal/exit-code.ts';
import { printAnswer } from '../terminal/print.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';

export interface ExplainFlags extends CommonFlags {
  readonly flow?: readonly string[] | undefined;
}

/** A placeholder for the storage of an app that is not deployed yet, so that the storage has no name. */
const someApp: AppPlace = {
  account: '<app>',
  suffix: 'core.windows.net',
  config: { container: 'hygge-config', host: '<config>.blob.core.windows.net' },
};

/** `hygge infra explain`: shows the rights of each flow. For each right, shows the resource, the reason, and the lines of the config that need the right. Sends no request. */
export async function infraExplain(flags: ExplainFlags, surroundings: Surroundings): Promise<number> {
  const directory = resolve(surroundings.directory, flags.directory ?? '.');
  const variables = await variablesOfTemplates(directory, flags.target);
  const environment = { ...surroundings.environment, ...variables };
  const target = variables === undefined ? flags.target : { ifAny: flags.target ?? '' };
  const { workspace, references } = await workspaceWithStandIns({
    directory,
    environment,
    target,
    secrets: secretValuesOf(surroundings.network),
  });
  const chosen = select(workspace.flows, { flow: flags.flow });
  const entities = workspace.flows.flatMap((flow) =>
    flow.entities.filter((spec) => chosen.some((one) => one.flow === spec.flow && one.entity === spec.entity)),
  );
  const needs = await needsOf({ workspace, entities, references, app: someApp });
  const flows = workspace.flows.filter(({ name }) => entities.some(({ flow }) => flow === name));
  const taken = flows.flatMap((flow) => variablesTold(flow.name, variablesOf(flow, references, workspace)));
  const wide = (await wideRights(workspace.flows.flatMap((flow) => flow.entities))).filter((one) =>
    one.flows.some((name) => flows.some((flow) => flow.name === name)),
  );
  const rows: readonly ExplainedTold[] = [
    ...byFlow(flows, rightsTold(needs)),
    ...byFlow(flows, hostsTold(needs)),
    ...taken,
    ...wide.map((one) => ({ kind: 'wide', ...one }) as const),
  ];
  printAnswer(surroundings, flags, { rows, lines: (palette, room) => explainLines(rows, palette, room) });
  return exit.ok;
}

/** The variables of a target. If hygge.yml has no targets, `infra/<target>.yml` alone defines a target. Undefined: the file does not exist. A file that is not filled in has no variables. */
async function variablesOfTemplates(directory: string, target: string | undefined): Promise<Readonly<Record<string, string>> | undefined> {
  if (target === undefined || !/^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(target)) return undefined;
  const { root } = await findWorkspace(workspaceFiles, directory);
  try {
    return (await readTarget({ files: workspaceFiles, root, target })).settings.variables ?? {};
  } catch (error) {
    if (!(error instanceof ConfigErrors)) throw error;
    return error.errors.some(({ code }) => code === 'HYG-1110') ? undefined : {};
  }
}

function byFlow<T extends { readonly flow: string }>(flows: readonly { readonly name: string }[], rows: readonly T[]): readonly T[] {
  return flows.flatMap(({ name }) => rows.filter(({ flow }) => flow === name));
}

type ExplainedRow = { for: string[]; where: { file: string; line: number }[] };

/** The rows without duplicates. Each row names all flows that need it. */
function merged<T extends { readonly flow: string }>(
  needs: readonly InfraNeed[],
  row: (need: InfraNeed) => T | undefined,
): readonly (T & { readonly for: readonly string[]; readonly where: ExplainedRow['where'] })[] {
  const all = new Map<string, T & ExplainedRow>();
  for (const need of needs) {
    const one = row(need);
    if (one === undefined) continue;
    const key = JSON.stringify(one);
    const held = all.get(key) ?? { ...one, for: [], where: [] };
    all.set(key, held);
    const who = entityPart(need);
    if (!held.for.includes(who)) held.for.push(who);
    add(held.where, need.where);
  }
  return [...all.values()];
}

function entityPart(need: InfraNeed): string {
  return need.entity === null ? whoNeeds(need) : `${need.part} of ${whoNeeds(need)}`;
}

function add(places: ExplainedRow['where'], where: Where | undefined): void {
  if (where === undefined || places.some(({ file, line }) => file === where.file && line === where.line)) return;
  places.push({ file: where.file, line: where.line });
}

function rightsTold(needs: readonly InfraNeed[]): readonly RightTold[] {
  return merged(needs, ({ flow, requirement: one }) =>
    one.need === 'role'
      ? {
          kind: 'right' as const,
          flow,
          system: one.system,
          resource: one.resource,
          on: resourceText(one.resource),
          right: one.role,
          doing: one.doing,
        }
      : undefined,
  );
}

const https = 443;

function hostsTold(needs: readonly InfraNeed[]): readonly HostTold[] {
  return merged(needs, ({ flow, requirement: one }) => {
    if (one.need !== 'host') return undefined;
    const [, host = one.name, port] = /^(.*?)(?:[:,](\d+))?$/.exec(one.name) ?? [];
    return { kind: 'host' as const, flow, host, port: one.port ?? (port === undefined ? https : Number(port)) };
  });
}

function variablesTold(flow: string, references: ReturnType<typeof variablesOf>): readonly VariableTold[] {
  const all = new Map<string, VariableTold & ExplainedRow>();
  for (const { name, hasDefault, secret, path, where } of references) {
    const held = all.get(name) ?? { kind: 'variable' as const, flow, name, secret: false, has_default: true, for: [], where: [] };
    add(held.where, where);
    const key = path.join('.');
    const who = held.for.includes(key) ? held.for : [...held.for, key];
    all.set(name, { ...held, secret: held.secret || secret, has_default: held.has_default && hasDefault, for: who });
  }
  return [...all.values()];
}
