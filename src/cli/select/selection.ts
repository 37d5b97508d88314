import { didYouMean } from '../../errors/did-you-mean.ts';
import { ConfigError } from '../../errors/hygge-error.ts';
import { shownEntity, shownName } from '../../narrate/visible.ts';
import type { EntityKey } from '../../ports/values.ts';
import { unreadable } from '../terminal/usage.ts';

export interface Filter {
  /** `--flow`, each value possibly `a,b`. */
  readonly flow?: readonly string[] | undefined;
  /** `--entity`, each value `flow.entity`. */
  readonly entity?: readonly string[] | undefined;
}

interface Flow<Entity extends EntityKey = EntityKey> {
  readonly name: string;
  readonly entities: readonly Entity[];
}

export function isFiltered(filter: Filter): boolean {
  return Boolean(filter.flow?.length || filter.entity?.length);
}

/** The entities that the filters name, in the workspace's order; all of them without a filter. Throws a ConfigError for a name that is not there. */
export function select<Entity extends EntityKey>(flows: readonly Flow<Entity>[], filter: Filter): readonly Entity[] {
  if (!isFiltered(filter)) return flows.flatMap((flow) => flow.entities);
  const chosen = new Set<Entity>();
  for (const name of filter.flow?.flatMap((value) => value.split(',')).map((value) => value.trim()) ?? []) {
    for (const spec of flowNamed(name, flows).entities) chosen.add(spec);
  }
  for (const value of filter.entity ?? []) for (const spec of entitiesNamed(value, flows)) chosen.add(spec);
  return flows.flatMap((flow) => flow.entities).filter((spec) => chosen.has(spec));
}

/** The one entity an argument names. */
export function selectOne<Entity extends EntityKey>(flows: readonly Flow<Entity>[], name: string): Entity {
  return entityNamed(keyNamed(name, flows), flows);
}

/** `flow.entity`, split at the first dot. */
export function splitName(name: string): EntityKey {
  return keyNamed(name, []);
}

/** As `splitName`; what has no dot is looked for among the workspace's own names, to say what was meant. */
function keyNamed(name: string, flows: readonly Flow[], wholeFlows = false): EntityKey {
  const dot = name.indexOf('.');
  if (dot > 0 && dot < name.length - 1) return { flow: name.slice(0, dot), entity: name.slice(dot + 1) };
  const meant = flows.flatMap((flow) => flow.entities).filter((spec) => spec.entity === name);
  const whole = flows.filter((flow) => flow.name === name);
  throw unreadable(`${JSON.stringify(name)} is not of the form flow.entity.`, [
    ...meant.slice(0, listedAtMost).map((spec) => `Did you mean ${shownEntity(spec.flow, spec.entity)}?`),
    ...(wholeFlows ? whole.map((flow) => `The whole flow: -f ${flow.name}`) : []),
    ...(meant.length + (wholeFlows ? whole.length : 0) === 0 ? ['Write the flow, a dot, and the entity: crm.users'] : []),
    'See what there is: hygge list entities',
  ]);
}

// A comma may be part of an entity's name: the whole value is tried first.
function entitiesNamed<Entity extends EntityKey>(value: string, flows: readonly Flow<Entity>[]): readonly Entity[] {
  const whole = value.includes('.') ? find(splitName(value), flows) : undefined;
  if (whole !== undefined) return [whole];
  return (value.includes(',') ? value.split(',').map((part) => part.trim()) : [value]).map((part) =>
    entityNamed(keyNamed(part, flows, true), flows),
  );
}

function find<Entity extends EntityKey>(key: EntityKey, flows: readonly Flow<Entity>[]): Entity | undefined {
  return flows.find((flow) => flow.name === key.flow)?.entities.find((spec) => spec.entity === key.entity);
}

function entityNamed<Entity extends EntityKey>(key: EntityKey, flows: readonly Flow<Entity>[]): Entity {
  const found = find(key, flows);
  if (found !== undefined) return found;
  const flow = flowNamed(key.flow, flows);
  const names = flow.entities.map((spec) => spec.entity);
  const meant = didYouMean(key.entity, names);
  throw new ConfigError({
    code: 'HYG-1902',
    what: `The flow ${shownName(flow.name)} has no entity ${shownName(key.entity)}.`,
    why: [`It has: ${listed(names)}`],
    tryThis: [...(meant === undefined ? [] : [`Did you mean ${shownEntity(flow.name, meant)}?`]), 'See all: hygge list entities'],
  });
}

function flowNamed<Entity extends EntityKey>(name: string, flows: readonly Flow<Entity>[]): Flow<Entity> {
  const found = flows.find((flow) => flow.name === name);
  if (found !== undefined) return found;
  const names = flows.map((flow) => flow.name);
  const meant = didYouMean(name, names);
  throw new ConfigError({
    code: 'HYG-1902',
    what: `There is no flow ${shownName(name)}.`,
    why: [names.length === 0 ? 'The workspace has no flows yet.' : `There is: ${listed(names)}`],
    tryThis: [...(meant === undefined ? [] : [`Did you mean ${shownName(meant)}?`]), 'See all: hygge list flows'],
  });
}

const listedAtMost = 20;

function listed(names: readonly string[]): string {
  const shown = names.slice(0, listedAtMost).map(shownName).join(', ');
  return names.length > listedAtMost ? `${shown}, and ${names.length - listedAtMost} more` : shown;
}
