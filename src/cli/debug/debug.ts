import { realClock } from '../../adapters/real-clock.ts';
import { realRandom } from '../../adapters/real-random.ts';
import { workspaceFiles } from '../../adapters/workspace-files.ts';
import { enginePorts, type RealPorts } from '../../assembly/ports.ts';
import { gathered, needsOf } from '../../assembly/requirements.ts';
import { version } from '../../assembly/version.ts';
import type { EntitySpec } from '../../engine/contracts/spec.ts';
import { OpenSides } from '../../engine/entity/open-sides.ts';
import type { ConfigError } from '../../errors/hygge-error.ts';
import {
  type Checked,
  configIsValid,
  connectionText,
  debugClosing,
  debugOpening,
  findingLines,
  warningText,
} from '../../narrate/finding-lines.ts';
import { needLines } from '../../narrate/need-lines.ts';
import { planBrief } from '../../narrate/plan-lines.ts';
import { shownEntity } from '../../narrate/visible.ts';
import type { HyggeEvent } from '../../ports/events.ts';
import { mapConcurrent } from '../../ports/map-concurrent.ts';
import type { Workspace } from '../../workspace/load/load.ts';
import { readReferences } from '../../workspace/read/references.ts';
import { choose } from '../select/chosen-flows.ts';
import type { Filter } from '../select/selection.ts';
import { exit } from '../terminal/exit-code.ts';
import { openWorkspace } from '../terminal/open-workspace.ts';
import { printLines } from '../terminal/print.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';
import { AskedStores } from './asked-stores.ts';
import { checkAgreement, checkSides, guarded } from './check-entity.ts';

/** `hygge debug`: everything a run needs, looked at beforehand. Leaves nothing behind. Exit 1 when anything is amiss. */
export async function debug(flags: CommonFlags & Filter, surroundings: Surroundings): Promise<number> {
  const clock = realClock();
  const random = realRandom();
  const opened = await openWorkspace(flags, surroundings, { now: clock.now(), tolerant: true });
  const { workspace, entities, broken } = choose(opened, flags);
  await using ports = await enginePorts(workspace, { clock, random, emit: () => {}, network: surroundings.network });
  const all: Checked[] = [];
  const report = (about: string, findings: readonly Checked[]): void => {
    all.push(...findings);
    if (flags.output === 'json')
      for (const finding of findings) surroundings.out.write(`${JSON.stringify({ event: 'finding', v: 1, ...finding })}\n`);
    printLines(surroundings, flags, (palette) => findingLines(about, findings, palette));
  };
  printLines(surroundings, flags, (palette) => debugOpening(workspace.name, workspace.root, palette));
  report('workspace', checkWorkspace(opened));
  for (const one of broken)
    report(
      one.flow,
      one.errors.map((error) => wrongWith(one.flow, error)),
    );
  report('machine', await checkMachine());
  report('state', await checkState(ports));
  const asked = new AskedStores();
  for (const spec of entities) report(shownEntity(spec.flow, spec.entity), await checkEntity(spec, ports, asked));
  const references = await readReferences(workspaceFiles, workspace);
  const needed = gathered(await needsOf({ workspace, entities, references, app: null }));
  if (flags.output === 'json') for (const one of needed) surroundings.out.write(`${JSON.stringify({ event: 'needs', v: 1, ...one })}\n`);
  printLines(surroundings, flags, (palette) => needLines(needed, palette));
  printLines(surroundings, flags, (palette) => debugClosing(all, palette));
  return all.every((finding) => finding.ok) ? exit.ok : exit.failed;
}

function checkWorkspace(workspace: Workspace): readonly Checked[] {
  const entities = workspace.flows.flatMap((flow) => flow.entities).length;
  const about = 'workspace';
  const valid = configIsValid({ flows: workspace.flows.length, entities, files: workspace.files.length });
  return [
    ...(workspace.unusable.length === 0 ? [{ about, ok: true, what: valid, tryThis: [] }] : []),
    ...workspace.connections.map(({ name, type, maxReads, maxWrites }) => ({
      about,
      ok: true,
      what: connectionText({ name, type, maxReads, maxWrites }),
      tryThis: [],
    })),
    ...workspace.warnings.map((warning) => ({
      about,
      ok: true,
      what: warningText(warning),
      tryThis: [],
    })),
  ];
}

function wrongWith(about: string, { code, what, why, tryThis, where }: ConfigError): Checked {
  const place = where === undefined ? '' : `${where.file}:${where.line}:${where.column} `;
  return { about, ok: false, what: `${place}${code} ${what}`, why, tryThis };
}

/** The native engine is what most often fails to install. */
async function checkMachine(): Promise<readonly Checked[]> {
  const about = 'machine';
  return guarded(about, async () => {
    const { polars } = await import('../../frames/native.ts');
    await polars();
    return [{ about, ok: true, what: `Node ${process.versions.node}, hygge ${version}; the data engine loads`, tryThis: [] }];
  });
}

async function checkEntity(spec: EntitySpec, real: RealPorts, asked: AskedStores): Promise<readonly Checked[]> {
  await using sides = new OpenSides();
  const ports = { ...real, ...sides.over(real) };
  const found = [...(await checkSides(spec, ports, asked)), ...(await checkAgreement(spec, ports))];
  return found.every((finding) => finding.ok) ? [...found, ...(await checkPlan(spec, ports))] : found;
}

/** Whether a run could be planned: what only the data itself can tell (a watermark column that is gone, of another type, or not filled). */
async function checkPlan(spec: EntitySpec, ports: RealPorts): Promise<readonly Checked[]> {
  const about = shownEntity(spec.flow, spec.entity);
  const { dryRun } = await import('../../engine/drive/dry-run.ts');
  const heard: HyggeEvent[] = [];
  const request = { entities: [spec], invocationId: ports.random.id(), workspace: '', runType: null, signal: new AbortController().signal };
  await dryRun(request, { ...ports, emit: (event) => void heard.push(event) });
  return heard.flatMap((event): readonly Checked[] => {
    if (event.event === 'error') return [{ about, ok: false, what: `${event.code} ${event.what}`, why: event.why, tryThis: event.tryThis }];
    return event.event === 'plan' ? [{ about, ok: true, what: `next run: ${planBrief(event)}`, tryThis: [] }] : [];
  });
}

const about = 'state';

/** Whether state can be read, row by row, and written. Writing is tried with something that is taken back. */
async function checkState(ports: Pick<RealPorts, 'state' | 'random'>): Promise<readonly Checked[]> {
  const readable = await guarded(about, async () => {
    const keys = await ports.state.entities();
    await mapConcurrent(keys, (key) => ports.state.read(key));
    return [
      {
        about,
        ok: true,
        what: `Readable in ${ports.state.location}: ${keys.length} ${keys.length === 1 ? 'entity' : 'entities'}`,
        tryThis: [],
      },
    ];
  });
  const writable = await guarded(about, async () => {
    await ports.state.probe?.(ports.random.nonce());
    return [{ about, ok: true, what: 'Writable', tryThis: [] }];
  });
  return [...readable, ...writable];
}
