import { realClock } from '../../adapters/real-clock.ts';
import { realRandom } from '../../adapters/real-random.ts';
import { workspaceFiles } from '../../adapters/workspace-files.ts';
import { enginePorts } from '../../assembly/ports.ts';
import { AskedStores } from '../../assembly/probes/asked-stores.ts';
import { checkDataEngine, checkEntity, checkState, failedCheck, findingEvent } from '../../assembly/probes/checks.ts';
import { checkUnlisted } from '../../assembly/probes/unlisted-tables.ts';
import { gathered, needsOf, variablesOf } from '../../assembly/requirements.ts';
import type { EntitySpec } from '../../engine/contracts/spec.ts';
import { ConnectionError } from '../../errors/hygge-error.ts';
import {
  type CheckResult,
  configIsValid,
  connectionText,
  debugClosing,
  debugOpening,
  findingLines,
  type ShownFindings,
  warningText,
} from '../../narrate/commands/finding-lines.ts';
import { needLines, type Variable, variableLines } from '../../narrate/commands/need-lines.ts';
import { shownEntity } from '../../narrate/text/visible.ts';
import { type Workspace, workspaceLabel } from '../../workspace/load/load.ts';
import { type References, readReferences } from '../../workspace/read/references.ts';
import { keepNames } from '../generate/starter.ts';
import { choose } from '../select/chosen-flows.ts';
import { type Filter, selectionBy } from '../select/selection.ts';
import { exit } from '../terminal/exit-code.ts';
import { openWorkspace } from '../terminal/open-workspace.ts';
import { printLines } from '../terminal/print.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';

/** `hygge debug`: checks everything that a run needs, without changes. Exit 1 if a check fails. */
export async function debug(flags: CommonFlags & Filter, surroundings: Surroundings): Promise<number> {
  const clock = realClock();
  const random = realRandom();
  const opened = await openWorkspace(flags, surroundings, { now: clock.now(), tolerant: true, opens: selectionBy(flags) }).catch(
    (error: unknown) => {
      // If a vault does not answer, that is a finding of this command.
      if (error instanceof ConnectionError) return error;
      throw error;
    },
  );
  if (opened instanceof ConnectionError) return vaultFailed(opened, flags, surroundings);
  const { workspace, entities, broken } = choose(opened, flags);
  await using ports = await enginePorts(workspace, { clock, random, emit: () => {}, network: surroundings.network });
  const all: CheckResult[] = [];
  const shown: ShownFindings = new Map();
  const report = (about: string, findings: readonly CheckResult[]): void => {
    all.push(...findings);
    if (flags.output === 'json') for (const finding of findings) surroundings.out.write(`${JSON.stringify(findingEvent(finding))}\n`);
    printLines(surroundings, flags, (palette) => findingLines(about, findings, palette, shown));
  };
  printLines(surroundings, flags, (palette) => debugOpening(workspaceLabel(workspace), workspace.root, palette));
  report('workspace', checkWorkspace(opened));
  for (const one of broken)
    report(
      one.flow,
      one.errors.map((error) => failedCheck(one.flow, error)),
    );
  report('machine', await checkDataEngine());
  report('state', await checkState(ports));
  const asked = new AskedStores();
  const met: Record<string, Readonly<Record<string, string>>> = {};
  for (const spec of entities) {
    const findings = await checkEntity(spec, ports, asked, ({ schema }) => {
      met[`${spec.flow}.${spec.entity}`] = Object.fromEntries(schema.map(({ name, source_type }) => [name, source_type]));
    });
    report(shownEntity(spec.flow, spec.entity), findings);
  }
  for (const flow of flowsOf(workspace, entities)) {
    const unlisted = await checkUnlisted(flow, workspace.flows, ports);
    if (unlisted.length > 0) report(flow.name, unlisted);
  }
  await keepNames({ ...opened, entities: opened.flows.flatMap((flow) => flow.entities) }, met);
  const references = await readReferences(workspaceFiles, workspace);
  const variables = variablesRead(workspace, entities, references);
  if (flags.output === 'json')
    for (const one of variables) surroundings.out.write(`${JSON.stringify({ event: 'variable', v: 1, ...one })}\n`);
  printLines(surroundings, flags, (palette) => variableLines(variables, palette));
  const needed = gathered(await needsOf({ workspace, entities, references, app: null }));
  if (flags.output === 'json') for (const one of needed) surroundings.out.write(`${JSON.stringify({ event: 'needs', v: 1, ...one })}\n`);
  printLines(surroundings, flags, (palette) => needLines(needed, palette));
  printLines(surroundings, flags, (palette) => debugClosing(all, palette));
  return all.every((finding) => finding.ok) ? exit.ok : exit.failed;
}

/** The flows that are checked. */
function flowsOf(workspace: Workspace, entities: readonly EntitySpec[]) {
  return workspace.flows.filter(({ name }) => entities.some(({ flow }) => flow === name));
}

function checkWorkspace(workspace: Workspace): readonly CheckResult[] {
  const entities = workspace.flows.flatMap((flow) => flow.entities).length;
  const about = 'workspace';
  const valid = configIsValid({ flows: workspace.flows.length, entities, files: workspace.files.length });
  return [
    ...(workspace.unusable.length === 0 ? [{ about, ok: true, what: valid, tryThis: [] }] : []),
    ...workspace.connections.map((connection) => ({
      about,
      ok: true,
      what: connectionText(connection),
      tryThis: [],
    })),
    ...workspace.warnings.map((warning) => ({
      about,
      ok: true,
      // A warning of the home becomes a finding of this check.
      ...(warning.foundFor === undefined ? {} : { warns: true as const }),
      what: warningText(warning),
      tryThis: [],
    })),
  ];
}

function vaultFailed(error: ConnectionError, flags: CommonFlags, surroundings: Surroundings): number {
  const { code, what, why, tryThis } = error;
  const finding: CheckResult = { about: 'workspace', ok: false, what: `${code} ${what}`, why, tryThis };
  if (flags.output === 'json') surroundings.out.write(`${JSON.stringify(findingEvent(finding))}\n`);
  printLines(surroundings, flags, (palette) => [...findingLines('workspace', [finding], palette), ...debugClosing([finding], palette)]);
  return exit.failed;
}

/** Each variable that the checked flows use, once, with its source. Values are never shown. */
function variablesRead(workspace: Workspace, entities: readonly EntitySpec[], references: References): readonly Variable[] {
  const read = flowsOf(workspace, entities).flatMap((flow) => variablesOf(flow, references, workspace));
  const names = [...new Set(read.map(({ name }) => name))].sort();
  return names.map((name) => {
    const isDefault = read.some((one) => one.name === name && one.hasDefault);
    return { name, ...(workspace.originOf(name) ?? { from: isDefault ? 'default' : null }) };
  });
}
