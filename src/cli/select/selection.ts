import { didYouMean, nearest } from '../../errors/did-you-mean.ts';
import { ConfigError } from '../../errors/hygge-error.ts';
import { shownEntity, shownName } from '../../narrate/text/visible.ts';
import type { EntityKey } from '../../ports/values.ts';
import { namePattern } from '../../workspace/name-pattern.ts';
import { unreadable } from '../terminal/usage.ts';

/** The filters of a command. Names may be patterns: `*` matches any text, and `?` one character. An existing name with these characters has priority over the pattern. */
export interface Filter {
  /** The values of `--flow`, each of which may be a list such as `a,b`. */
  readonly flow?: readonly string[] | undefined;
  /** The values of `--entity`, each as `flow.entity`. */
  readonly entity?: readonly string[] | undefined;
  /** The arguments: flows, or entities as `flow.entity`. */
  readonly names?: readonly string[] | undefined;
  /** The values of `--exclude`: flows, or entities as `flow.entity`, which are removed from the selected entities. */
  readonly exclude?: readonly string[] | undefined;
  /** Limits the selection to the entities for which the function returns true. */
  readonly only?: ((key: EntityKey) => boolean) | undefined;
}

interface Flow<Entity extends EntityKey = EntityKey> {
  readonly name: string;
  readonly entities: readonly Entity[];
}

/** Whether the filters may select fewer than all entities. */
export function isFiltered(filter: Filter): boolean {
  return namesSome(filter) || Boolean(filter.exclude?.length) || filter.only !== undefined;
}

function namesSome({ flow, entity, names }: Filter): boolean {
  return Boolean(flow?.length || entity?.length || names?.length);
}

/** Whether the filters may select some entities of a flow, not only whole flows. */
export function choosesEntities({ entity, names, only }: Filter): boolean {
  return entity !== undefined || only !== undefined || Boolean(names?.some((name) => name.includes('.')));
}

/**
 * The entities that the filters name, in the order of the workspace. Without a filter, all entities. The filters `flow`, `entity` and `names` each narrow
 * the selection: an entity is selected if each given filter names it. Throws a ConfigError for a missing name, and for a pattern without a match. Throws a
 * ConfigError if the other filters leave no entity of a name, and if `exclude` removes all entities.
 */
export function select<Entity extends EntityKey>(flows: readonly Flow<Entity>[], filter: Filter): readonly Entity[] {
  const { flow = [], entity = [], names = [], exclude = [], only = () => true } = filter;
  const kinds: readonly (readonly Selector<Entity>[])[] = [
    flow.flatMap((value) => value.split(',').map((part) => flowSelector(part.trim(), '-f ', flows))),
    entity.flatMap((value) => entitySelectors(value, '-e ', flows)),
    names.flatMap((value) => eitherNamed(value, flows)),
  ].filter((kind) => kind.length > 0);
  const sets = kinds.map((kind) => new Set(kind.flatMap(({ entities }) => entities)));
  const all = flows.flatMap((one) => one.entities);
  const common = all.filter((spec) => sets.every((set) => set.has(spec)));
  if (kinds.length > 1) mustAllTakePart(kinds.flat(), common);
  const left = new Set(exclude.flatMap((value) => eitherNamed(value, flows).flatMap(({ entities }) => entities)));
  const chosen = common.filter((spec) => !left.has(spec));
  if (common.length > 0 && chosen.length === 0) throw nothingLeft(exclude);
  return chosen.filter(only);
}

/** A name or pattern in a command line. */
interface Selector<Entity> {
  /** The text in the command line: `-f shop`, `-e shop.orders`, `shop`. */
  readonly shown: string;
  /** The same selection as an option for entities, to combine it with other options: `-e 'shop.*'`. */
  readonly asEntity: string;
  readonly entities: readonly Entity[];
}

/** Throws if a name has no effect. The person wanted the name to add or to exclude entities, and hygge can not know which of the two. */
function mustAllTakePart<Entity extends EntityKey>(selectors: readonly Selector<Entity>[], common: readonly Entity[]): void {
  const taken = new Set(common);
  const idle = selectors.filter(({ entities }) => !entities.some((spec) => taken.has(spec)));
  const [first] = idle;
  if (first === undefined) return;
  const others = selectors.filter((one) => !idle.includes(one));
  throw unreadable(
    `${first.shown} names nothing that the other options also name.`,
    [
      `To select what any option names: ${selectors.map(({ asEntity }) => asEntity).join(' ')}`,
      ...(others.length === 0 ? [] : [`To select only what all options name: ${others.map(({ shown }) => shown).join(' ')}`]),
    ],
    ['-f, -e and names narrow the choice together: an entity is selected if each of them names it.'],
  );
}

function nothingLeft(exclude: readonly string[]): ConfigError {
  return unreadable(
    '--exclude leaves nothing to do.',
    ['Leave out less, or name more', 'See all entities: hygge list entities'],
    [`Left out: ${listed(exclude)}`],
  );
}

/** `select` for callers that get the flows later. */
export function selectionBy(filter: Filter): (flows: readonly Flow[]) => readonly EntityKey[] {
  return (flows) => select(flows, filter);
}

/** Selects the entity of a name, if the entity exists. The caller reports a missing entity. */
export function justOne(name: string): (flows: readonly Flow[]) => readonly EntityKey[] {
  return (flows) => flows.flatMap(({ entities }) => entities.filter(({ flow, entity }) => `${flow}.${entity}` === name));
}

/** The only entity that an argument names. */
export function selectOne<Entity extends EntityKey>(flows: readonly Flow<Entity>[], name: string): Entity {
  return entityNamed(keyNamed(name, flows), flows);
}

/** The parts of `flow.entity`. The text is split at its first dot. */
export function splitName(name: string): EntityKey {
  return keyNamed(name, []);
}

/** The parts of `flow.entity`. A name without a dot is compared with the names in the workspace, to suggest the intended entity. */
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

/** A name that may be a flow or an entity. A text with a dot is an entity, or a pattern for several entities. Any other text is a flow. */
function eitherNamed<Entity extends EntityKey>(value: string, flows: readonly Flow<Entity>[]): readonly Selector<Entity>[] {
  if (value.includes('.')) return entitySelectors(value, '', flows);
  return value.split(',').map((part) => flowSelector(part.trim(), '', flows));
}

function flowSelector<Entity extends EntityKey>(name: string, option: string, flows: readonly Flow<Entity>[]): Selector<Entity> {
  const entities = flowsLike(name, flows).flatMap((flow) => flow.entities);
  return { shown: `${option}${inShell(name)}`, asEntity: `-e ${inShell(`${name}.*`)}`, entities };
}

/** A word in the form for a shell. */
function inShell(word: string): string {
  return /^[\w.@%+:,/-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function flowsLike<Entity extends EntityKey>(name: string, flows: readonly Flow<Entity>[]): readonly Flow<Entity>[] {
  const found = matching(name, flows, (flow) => flow.name);
  if (found.length > 0 || !isPattern(name)) return found.length > 0 ? found : [flowNamed(name, flows)];
  const names = flows.map((flow) => flow.name);
  throw new ConfigError({
    code: 'HYG-1902',
    what: `No flow matches ${shownName(name)}.`,
    why: [names.length === 0 ? 'The workspace has no flows yet.' : `There is: ${listed(names)}`],
    tryThis: [...near(name, names), 'See all: hygge list flows'],
  });
}

// The whole value is tried first, since the name of an entity may contain a comma.
function entitySelectors<Entity extends EntityKey>(
  value: string,
  option: string,
  flows: readonly Flow<Entity>[],
): readonly Selector<Entity>[] {
  const selector = (name: string, entities: readonly Entity[]): Selector<Entity> => ({
    shown: `${option}${inShell(name)}`,
    asEntity: `-e ${inShell(name)}`,
    entities,
  });
  const whole = value.includes('.') ? find(splitName(value), flows) : undefined;
  if (whole !== undefined) return [selector(value, [whole])];
  const parts = value.includes(',') ? value.split(',').map((part) => part.trim()) : [value];
  return parts.map((part) => selector(part, entitiesLike(keyNamed(part, flows, true), flows)));
}

function entitiesLike<Entity extends EntityKey>(key: EntityKey, flows: readonly Flow<Entity>[]): readonly Entity[] {
  if (!isPattern(key.flow) && !isPattern(key.entity)) return [entityNamed(key, flows)];
  const inside = flowsLike(key.flow, flows);
  const found = inside.flatMap((flow) => matching(key.entity, flow.entities, (spec) => spec.entity));
  if (found.length > 0) return found;
  const names = inside.flatMap((flow) => flow.entities).map((spec) => spec.entity);
  throw new ConfigError({
    code: 'HYG-1902',
    what: `No entity matches ${shownEntity(key.flow, key.entity)}.`,
    why: [names.length === 0 ? `Nothing is in ${listed(inside.map(({ name }) => name))}.` : `There is: ${listed(names)}`],
    tryThis: [...near(key.entity, names), 'See all: hygge list entities'],
  });
}

const isPattern = (name: string): boolean => /[*?]/.test(name);

/** The item with exactly this name. If no item has this name, the items that match the pattern. */
function matching<One>(name: string, all: readonly One[], nameOf: (one: One) => string): readonly One[] {
  const same = all.filter((one) => nameOf(one) === name);
  if (same.length > 0 || !isPattern(name)) return same;
  const pattern = namePattern(name, 'u');
  return all.filter((one) => pattern.test(nameOf(one)));
}

function near(pattern: string, names: readonly string[]): readonly string[] {
  const bare = pattern.replaceAll(/[*?]/g, '');
  const meant = bare === '' ? [] : nearest(bare, names);
  return meant.length === 0 ? [] : [`Near it: ${listed(meant)}`];
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
  const called = flows.flatMap((flow) => flow.entities).filter((spec) => spec.entity === name);
  throw new ConfigError({
    code: 'HYG-1902',
    what: `There is no flow ${shownName(name)}.`,
    why: [names.length === 0 ? 'The workspace has no flows yet.' : `There is: ${listed(names)}`],
    tryThis: [
      ...(meant === undefined ? [] : [`Did you mean ${shownName(meant)}?`]),
      ...called.slice(0, listedAtMost).map((spec) => `The entity: ${shownEntity(spec.flow, spec.entity)}`),
      'See all: hygge list flows',
    ],
  });
}

const listedAtMost = 20;

function listed(names: readonly string[]): string {
  const shown = names.slice(0, listedAtMost).map(shownName).join(', ');
  return names.length > listedAtMost ? `${shown}, and ${names.length - listedAtMost} more` : shown;
}
