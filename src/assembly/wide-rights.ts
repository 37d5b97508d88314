import type { DataLocation } from '../engine/contracts/connector.ts';
import type { EntitySpec, SideSpec } from '../engine/contracts/spec.ts';
import type { Where } from '../errors/hygge-error.ts';
import { type ListedNeed, resourceText } from '../narrate/commands/need-lines.ts';
import { shownEntity, shownName } from '../narrate/text/visible.ts';
import { findConnector } from '../registry.ts';
import { fixedPart } from '../workspace/sides/paths.ts';
import type { InfraNeed } from './requirements.ts';

/** A right that is wider than its flow needs, because of paths in the workspace. */
export interface TooWideRight {
  readonly flows: readonly string[];
  readonly right: string;
  readonly on: string;
  readonly why: string;
  /** The change that narrows the right. */
  readonly change: string;
  readonly where: ListedNeed['where'];
}

interface Reach {
  readonly spec: EntitySpec;
  readonly side: 'home' | 'store';
  readonly place: DataLocation | undefined;
  readonly roles: readonly Extract<InfraNeed['requirement'], { readonly need: 'role' }>[];
  readonly where: Where | undefined;
}

/** Rights that the workspace's own paths make wider than needed. Pure. */
export async function wideRights(entities: readonly EntitySpec[]): Promise<readonly TooWideRight[]> {
  const reaches = (await Promise.all(entities.flatMap((spec) => [reachOf(spec, 'home'), reachOf(spec, 'store')]))).filter(
    ({ roles }) => roles.length > 0,
  );
  return [...sharedContainers(reaches), ...homesAtRoots(reaches), ...queries(reaches)];
}

async function reachOf(spec: EntitySpec, side: 'home' | 'store'): Promise<Reach> {
  const { type, config, where }: SideSpec = spec[side];
  const connector = await findConnector(type);
  const asked = connector?.[side]?.requirements(config, spec.watermark?.changes) ?? [];
  const roles = asked.flatMap((one) => (one.need === 'role' ? [one] : []));
  return { spec, side, place: connector?.place?.(config), roles, where };
}

/** The key of the config that names the bucket or container of a right, without the folder. */
const wholes = ['filesystem', 'container', 'bucket', 'workspace'] as const;

/** Two flows use one container, and one of the flows writes. The right of the writing flow also covers the files of the other flow. */
function sharedContainers(reaches: readonly Reach[]): readonly TooWideRight[] {
  const containers = new Map<string, Reach[]>();
  for (const reach of reaches) {
    if (reach.place === undefined || wholeOf(reach) === undefined) continue;
    containers.set(reach.place.root, [...(containers.get(reach.place.root) ?? []), reach]);
  }
  return [...containers.values()].flatMap((there) => {
    const flows = [...new Set(there.map(({ spec }) => spec.flow))];
    const writing = there.find(({ side }) => side === 'store');
    const whole = writing && wholeOf(writing);
    const [role] = writing?.roles ?? [];
    if (flows.length < 2 || writing === undefined || whole === undefined || role === undefined) return [];
    return [
      {
        flows,
        right: role.role,
        on: resourceText(role.resource),
        why: `${flows.map(shownName).join(', ')} share ${whole.key} ${whole.value}, and a right covers all of it.`,
        change: `Give each flow a ${whole.key} of its own.`,
        where: distinct(there.map(({ where }) => where)),
      },
    ];
  });
}

function wholeOf({ roles }: Reach): { readonly key: string; readonly value: string } | undefined {
  for (const { resource } of roles)
    for (const key of wholes) {
      const value = resource[key];
      if (value !== undefined) return { key, value };
    }
  return undefined;
}

function homesAtRoots(reaches: readonly Reach[]): readonly TooWideRight[] {
  return reaches.flatMap(({ spec, side, place, roles, where }) => {
    const [role] = roles;
    if (side !== 'home' || place === undefined || place.root === '' || role === undefined) return [];
    if (fixedPart(place.path === '' ? '/' : place.path, '') !== '/') return [];
    return [
      {
        flows: [spec.flow],
        right: roles.map(({ role }) => role).join(', '),
        on: resourceText(role.resource),
        why: `The home of ${shownEntity(spec.flow, spec.entity)} is the root of ${place.shown}: files that are added there later are read too.`,
        change: 'Put its files below a folder, and name that folder in `path`.',
        where: distinct([where]),
      },
    ];
  });
}

/** A query may name any table, so the right cannot be limited to one. */
function queries(reaches: readonly Reach[]): readonly TooWideRight[] {
  return reaches.flatMap(({ spec, side, roles, where }) => {
    const select = roles.find(({ role, resource }) => role === 'SELECT' && resource.table === undefined && resource.database !== undefined);
    if (side !== 'home' || select === undefined) return [];
    return [
      {
        flows: [spec.flow],
        right: select.role,
        on: resourceText(select.resource),
        why: `${shownEntity(spec.flow, spec.entity)} is read by a query, and a query may name any table.`,
        change: 'Make a view of the query, and read it with `table`.',
        where: distinct([where]),
      },
    ];
  });
}

function distinct(where: readonly (Where | undefined)[]): ListedNeed['where'] {
  const known = new Map(
    where.flatMap((one) => (one === undefined ? [] : [[`${one.file}:${one.line}`, { file: one.file, line: one.line }]])),
  );
  return [...known.values()];
}
