import { realClock } from '../adapters/real-clock.ts';
import { connectorLines, entityLines, flowLines, type ListedConnector } from '../narrate/status-lines.ts';
import { connectorTypes, findConnector } from '../registry.ts';
import { exit } from './exit-code.ts';
import { openWorkspace } from './open-workspace.ts';
import { printAnswer } from './print.ts';
import type { CommonFlags, Surroundings } from './surroundings.ts';

export interface ListFlags extends CommonFlags {
  readonly what: 'flows' | 'entities' | 'connectors';
}

/** `hygge list`: what the workspace, or hygge itself, has. */
export async function list(flags: ListFlags, surroundings: Surroundings): Promise<number> {
  if (flags.what === 'connectors') await listConnectors(flags, surroundings);
  else await listWorkspace(flags, surroundings);
  return exit.ok;
}

async function listWorkspace(flags: ListFlags, surroundings: Surroundings): Promise<void> {
  const { flows } = await openWorkspace(flags, surroundings, { now: realClock().now() });
  if (flags.what === 'flows') {
    const rows = flows.map((flow) => {
      const types = (side: 'home' | 'store'): string => [...new Set(flow.entities.map((spec) => spec[side].type))].join(', ');
      return { flow: flow.name, entities: flow.entities.length, from: types('home'), to: types('store'), schedule: flow.schedule };
    });
    printAnswer(surroundings, flags, { rows, lines: (palette) => flowLines(rows, palette) });
    return;
  }
  const rows = flows
    .flatMap((flow) => flow.entities)
    .map((spec) => ({ flow: spec.flow, entity: spec.entity, run_type: spec.runType, watermark: spec.watermark?.column ?? null }));
  printAnswer(surroundings, flags, { rows, lines: (palette) => entityLines(rows, palette) });
}

async function listConnectors(flags: ListFlags, surroundings: Surroundings): Promise<void> {
  const rows: ListedConnector[] = [];
  for (const type of connectorTypes()) {
    const connector = await findConnector(type);
    if (connector === undefined) continue;
    const { home, store, summary, verifiedAgainst } = connector;
    rows.push({ connector: type, home: home !== undefined, store: store !== undefined, summary, verified_against: verifiedAgainst });
  }
  printAnswer(surroundings, flags, { rows, lines: (palette) => connectorLines(rows, palette) });
}
