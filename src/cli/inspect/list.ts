import { resolve } from 'node:path';
import { realClock } from '../../adapters/real-clock.ts';
import { workspaceFiles } from '../../adapters/workspace-files.ts';
import type { EntitySpec } from '../../engine/contracts/spec.ts';
import { ConfigError } from '../../errors/hygge-error.ts';
import {
  connectionLines,
  connectorLines,
  entityLines,
  flowLines,
  type ListedConnection,
  type ListedEntity,
  type ListedFlow,
} from '../../narrate/commands/list-lines.ts';
import type { EntityKey } from '../../ports/values.ts';
import { findConnector } from '../../registry.ts';
import { nextTime } from '../../report/schedule.ts';
import { brokenFlows, type FlowSpec, type UnusableFlow, type Workspace } from '../../workspace/load/load.ts';
import { findWorkspace } from '../../workspace/read/find.ts';
import { tellBroken } from '../select/broken-flows.ts';
import { select } from '../select/selection.ts';
import { exit } from '../terminal/exit-code.ts';
import { openWorkspace } from '../terminal/open-workspace.ts';
import { printAnswer } from '../terminal/print.ts';
import type { CommonFlags, Surroundings } from '../terminal/surroundings.ts';
import { unreadable } from '../terminal/usage.ts';

export interface ListFlags extends CommonFlags {
  readonly what: 'flows' | 'entities' | 'connections' | 'connectors';
  readonly flow?: readonly string[] | undefined;
}

/** The workspace around the current folder. Undefined: no workspace exists there, so hygge lists its own connectors. */
async function workspaceAround({ directory = '.' }: ListFlags, surroundings: Surroundings) {
  try {
    const { root } = await findWorkspace(workspaceFiles, resolve(surroundings.directory, directory));
    return { files: workspaceFiles, root };
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}

/** `hygge list`: lists the contents of the workspace, or the connectors of hygge. Sends no request to a system. */
export async function list(flags: ListFlags, surroundings: Surroundings): Promise<number> {
  if (flags.what === 'connectors') {
    if (flags.flow !== undefined) throw unreadable('--flow is for lists of flows and entities.', ['hygge list connectors']);
    const { listedConnectors } = await import('./list-connectors.ts');
    const rows = await listedConnectors(await workspaceAround(flags, surroundings));
    printAnswer(surroundings, flags, { rows, lines: (palette) => connectorLines(rows, palette) });
    return exit.ok;
  }
  const now = realClock().now();
  const workspace = await openWorkspace(flags, surroundings, { now, looking: true });
  const all = [...workspace.flows.map(listing), ...workspace.unusable.map(listingUnusable)];
  const entities = select(all, { flow: flags.flow });
  const chosen = all.filter(({ name }) => entities.some(({ flow }) => flow === name));
  const broken = brokenFlows(workspace).filter(({ flow }) => chosen.some(({ name }) => name === flow));
  if (flags.what === 'connections') {
    const rows = listedConnections(workspace, entities);
    printAnswer(surroundings, flags, { rows, lines: (palette, room) => connectionLines(rows, palette, room) });
  } else if (flags.what === 'flows') {
    const rows = await listedFlows(chosen, now);
    printAnswer(surroundings, flags, { rows, lines: (palette, room) => flowLines(rows, palette, room) });
  } else {
    const rows = await Promise.all(entities.map(listedEntity));
    printAnswer(surroundings, flags, { rows, lines: (palette, room) => entityLines(rows, palette, room) });
  }
  tellBroken(broken, surroundings, flags);
  return broken.length > 0 ? exit.failed : exit.ok;
}

function listedConnections({ connections }: Workspace, entities: ListedFlowFacts['entities']): readonly ListedConnection[] {
  return connections.map(({ name, type, maxReads, maxWrites }) => {
    const users = entities.filter(({ spec }) => [spec?.home, spec?.store].some((side) => side?.connection?.name === name));
    return { connection: name, type, max_reads: maxReads, max_writes: maxWrites, entities: users.length };
  });
}

/** The facts about a flow, as far as its file is readable. */
interface ListedFlowFacts {
  readonly name: string;
  readonly schedule: string | null;
  readonly entities: readonly (EntityKey & { readonly spec: EntitySpec | undefined })[];
}

/** A flow as it is listed. If the entities of the flow are found only when a run begins, the pattern that finds them is shown. */
function listing({ name, schedule, entities, finds }: FlowSpec): ListedFlowFacts {
  const named = entities.map((spec) => ({ flow: name, entity: spec.entity, spec }));
  return { name, schedule, entities: [...named, ...(finds?.like ?? []).map((entity) => ({ flow: name, entity, spec: undefined }))] };
}

function listingUnusable({ name, flow, entities }: UnusableFlow): ListedFlowFacts {
  return { name, schedule: flow?.schedule ?? null, entities: entities.map((one) => ({ flow: name, entity: one.name, spec: one.spec })) };
}

async function listedFlows(flows: readonly ListedFlowFacts[], now: string): Promise<readonly ListedFlow[]> {
  return Promise.all(
    flows.map(async ({ name, entities, schedule }) => {
      const types = (side: 'home' | 'store'): string => [...new Set(entities.flatMap(({ spec }) => spec?.[side].type ?? []))].join(', ');
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

async function listedEntity({ flow, entity, spec }: ListedFlowFacts['entities'][number]): Promise<ListedEntity> {
  if (spec === undefined) return { flow, entity, run_type: null, watermark: null, from: null, to: null };
  const place = async (side: 'home' | 'store'): Promise<string | null> => {
    const found = (await findConnector(spec[side].type))?.place?.(spec[side].config);
    return found === undefined ? null : inside(spec.root, found.shown);
  };
  const watermark = spec.watermark?.column ?? null;
  return { flow, entity, run_type: spec.runType, watermark, from: await place('home'), to: await place('store') };
}

function inside(root: string, path: string): string {
  return path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path;
}
