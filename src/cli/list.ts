import { realClock } from '../adapters/real-clock.ts';
import { connectorLines, entityLines, flowLines, type ListedEntity, type ListedFlow } from '../narrate/list-lines.ts';
import { findConnector } from '../registry.ts';
import type { Workspace } from '../workspace/load.ts';
import { exit } from './exit-code.ts';
import { openWorkspace } from './open-workspace.ts';
import { printAnswer } from './print.ts';
import { nextTime } from './schedule.ts';
import { select } from './selection.ts';
import type { CommonFlags, Surroundings } from './surroundings.ts';
import { unreadable } from './usage.ts';

export interface ListFlags extends CommonFlags {
  readonly what: 'flows' | 'entities' | 'connectors';
  readonly flow?: readonly string[] | undefined;
}

/** `hygge list`: what the workspace, or hygge itself, has. Opens nothing that it would have to reach. */
export async function list(flags: ListFlags, surroundings: Surroundings): Promise<number> {
  if (flags.what === 'connectors') {
    if (flags.flow !== undefined) throw unreadable('--flow is for flows and entities.', ['hygge list connectors']);
    const { listedConnectors } = await import('./list-connectors.ts');
    const rows = await listedConnectors();
    printAnswer(surroundings, flags, { rows, lines: (palette) => connectorLines(rows, palette) });
    return exit.ok;
  }
  const now = realClock().now();
  const { flows } = await openWorkspace(flags, surroundings, { now });
  const entities = select(flows, { flow: flags.flow });
  if (flags.what === 'flows') {
    const rows = await listedFlows(
      flows.filter(({ name }) => entities.some((spec) => spec.flow === name)),
      now,
    );
    printAnswer(surroundings, flags, { rows, lines: (palette, room) => flowLines(rows, palette, room) });
  } else {
    const rows = await Promise.all(entities.map(listedEntity));
    printAnswer(surroundings, flags, { rows, lines: (palette, room) => entityLines(rows, palette, room) });
  }
  return exit.ok;
}

async function listedFlows(flows: Workspace['flows'], now: string): Promise<readonly ListedFlow[]> {
  return Promise.all(
    flows.map(async ({ name, entities, schedule }) => {
      const types = (side: 'home' | 'store'): string => [...new Set(entities.map((spec) => spec[side].type))].join(', ');
      return {
        flow: name,
        entities: entities.length,
        from: types('home'),
        to: types('store'),
        schedule,
        next: await nextTime(schedule, now),
      };
    }),
  );
}

async function listedEntity(spec: Workspace['flows'][number]['entities'][number]): Promise<ListedEntity> {
  const place = async (side: 'home' | 'store'): Promise<string | null> => {
    const remote = (await findConnector(spec[side].type))?.remote;
    if (remote !== undefined) return remote.url(spec[side].config);
    const { path, table } = spec[side].config as { readonly path?: unknown; readonly table?: unknown };
    const found = [table, path].find((one) => typeof one === 'string') ?? null;
    return found === null ? null : inside(spec.root, found as string);
  };
  const watermark = spec.watermark?.column ?? null;
  return { flow: spec.flow, entity: spec.entity, run_type: spec.runType, watermark, from: await place('home'), to: await place('store') };
}

function inside(root: string, path: string): string {
  return path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path;
}
