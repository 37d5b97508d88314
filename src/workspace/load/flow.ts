import type { StoreSide } from '../../engine/contracts/connector.ts';
import { type EntitySpec, entityDefaults } from '../../engine/contracts/spec.ts';
import type { Where } from '../../errors/hygge-error.ts';
import type { HeartbeatSpec } from '../../ports/webhook.ts';
import { refuseUnanswerable } from '../contracts/checks.ts';
import type { NamedFiles } from '../contracts/named-files.ts';
import { asStoreJudges, settleContract } from '../contracts/settle.ts';
import { asTypesOfHome, overridesOf } from '../entity/overrides.ts';
import { settleSettings } from '../entity/settings.ts';
import { withManifest } from '../manifests/layer.ts';
import type { Systems } from '../manifests/systems.ts';
import { namePattern } from '../name-pattern.ts';
import { entityNameProblem, nameKey } from '../names.ts';
import { isShorthand } from '../read/merge.ts';

import { scheduled } from '../schema/zones.ts';
import { checkDatePlaceholders } from '../sides/date-placeholders.ts';
import { type SettledSide, type SideRequest, settleSide } from '../sides/side.ts';
import { collectProblems, listed, type Problems, quoted } from '../yaml/problems.ts';
import { type Spot, whereIs } from '../yaml/source.ts';
import { child, entry, type MapNode, mapping, type Tree, textOf } from '../yaml/tree.ts';
import {
  asEntities,
  checkFound,
  checkUnmatched,
  type FindRule,
  type Finds,
  type FoundAs,
  type FoundEntities,
  settleFinds,
  wantedOf,
  warnOfUnread,
} from './finds.ts';
import { type Layers, type MergedLayers, mergeLayer, mergeLayers } from './layers.ts';
import { withParent } from './parent.ts';
import { keyOf, readsItself } from './places.ts';

/** A flow whose files were checked one by one, but not yet as a merged whole. */
export interface CheckedFlow {
  readonly name: string;
  readonly spot: Spot;
  readonly tree: MapNode;
  readonly defaults: MapNode | undefined;
  readonly vars: MapNode | undefined;
  readonly schedule: string | null;
  readonly concurrency: number | null;
  readonly allowVars: readonly string[];
  /** The flow's own `notify:`; undefined: `notify:` of hygge.yml applies. */
  readonly notify: Tree | undefined;
  readonly heartbeat: HeartbeatSpec | null;
  /** The entities in the config. Empty: the flow finds its entities, or is its own entity. */
  readonly entities: readonly CheckedEntity[];
  /** The choice of found entities at the home, in addition to `entities`. */
  readonly finding?: FindRule;
}

export interface CheckedEntity {
  readonly name: string;
  /** The entity’s name at the home. */
  readonly source: string;
  /** The text that replaces `{entity}` in a path of the home; absent: the text is made from the entity’s name at the home. */
  readonly segment?: string;
  readonly spot: Spot;
  readonly tree: MapNode;
  /** Whether the entity was found at the home. */
  readonly is?: FoundAs;
}

export interface Surroundings extends Pick<SideRequest, 'root' | 'connections' | 'problems'> {
  readonly connectors: Systems;
  readonly workspace: string;
  /** The folder to which remembered local paths are relative: the root, or none. */
  readonly seenFrom: string;
  readonly date: string;
  readonly defaults: MapNode | undefined;
  readonly named: NamedFiles;
}

export interface SettledEntity {
  readonly spec: EntitySpec;
  readonly spot: Spot;
  readonly home: Pick<SettledSide, 'disk' | 'place' | 'spot'>;
  readonly store: Pick<SettledSide, 'disk' | 'place' | 'spot'>;
  /** Whether the entity is missing in the config. */
  readonly isFound: boolean;
}

/** Every entity of a flow, merged and checked. Invalid entities are left out, after their problems were reported. */
export async function settleFlow(flow: CheckedFlow, around: Surroundings): Promise<readonly SettledEntity[]> {
  const plain: CheckedEntity = { name: flow.name, source: flow.name, spot: flow.spot, tree: flow.tree };
  const entities = isWhole(flow) ? [plain] : unique(flow, around.problems);
  const settled: (SettledEntity | undefined)[] = [];
  for (const entity of entities) {
    const problems = around.problems.of({ flow: flow.name, entity: entity.name });
    settled.push(await settleEntity(flow, entity, { ...around, problems }));
  }
  return settled.filter((one) => one !== undefined);
}

/** A flow that names no entities and finds none is its own entity. */
function isWhole({ entities, finding }: Pick<CheckedFlow, 'entities' | 'finding'>): boolean {
  return entities.length === 0 && finding === undefined;
}

/** The flow with its found entities, and the home to search; `found` undefined: hygge has not searched. */
export async function withFound(
  flow: CheckedFlow,
  found: FoundEntities | undefined,
  around: Surroundings,
): Promise<{ readonly flow: CheckedFlow; readonly finds: Finds | null; readonly leftOut: readonly CheckedEntity[] }> {
  const { name, spot, finding } = flow;
  if (finding === undefined) return { flow, finds: null, leftOut: [] };
  const merged = mergeLayers(layersOf(flow, undefined, around));
  const finds = (await settleFinds({ name, spot, finding, merged }, around)) ?? null;
  const kept = flow.entities.filter((entity) => !isExcluded(entity, finding));
  if (finds === null || found === undefined) return { flow: { ...flow, entities: kept }, finds, leftOut: [] };
  const names = flow.entities.map((entity) => entity.name);
  if (!checkUnmatched(found, { flow: name, finding, named: names }, around.problems))
    checkFound(found, { flow: name, spot: finding.spot }, around.problems);
  warnOfUnread(found, { flow: name, finding, named: kept.map((entity) => entity.name) }, around.problems);
  const own = asEntities(wantedOf(found), finding);
  const left = found instanceof Error ? [] : found.filter(({ is }) => is === 'left out');
  const leftOut = asEntities(
    left.map((one) => ({ ...one, is: 'known' as const })),
    finding,
  );
  const named = (entity: CheckedEntity) => own.filter((one) => nameKey(one.name) === nameKey(entity.name));
  const files = kept.map((entity) => {
    const [there] = named(entity);
    if (there === undefined) return entity;
    // The `source` of a file names the found entity to which the file belongs.
    const source = entity.source === entity.name ? there.source : entity.source;
    return { ...there, ...entity, source, tree: mergeLayer(there.tree, entity.tree) };
  });
  // Of two found entities with similar names, a file belongs to the first only if its `source` names the first.
  const meant = kept.flatMap((entity) => (saysWhere(entity) ? named(entity) : named(entity).slice(0, 1)));
  const others = own.filter((one) => !meant.includes(one));
  return { flow: { ...flow, entities: [...files, ...others] }, finds, leftOut };
}

/** `exclude` also leaves out an entity that has a file. */
function isExcluded({ name }: CheckedEntity, { exclude }: FindRule): boolean {
  return exclude.some((pattern) => namePattern(pattern, 'iu').test(name));
}

function saysWhere({ name, source, tree }: CheckedEntity): boolean {
  const home = child(tree, 'home');
  return source !== name || (home?.kind === 'map' && ['path', 'table', 'query', 'soql'].some((key) => entry(home, key) !== undefined));
}

/** A template of the flow’s entities under the flow’s own name, for a flow without a search. An error of the template is an error of the flow. */
export async function settleAny(flow: CheckedFlow, around: Surroundings): Promise<EntitySpec | null> {
  const own: Problems = { ...around.problems, add: around.problems.add, of: () => own };
  const any = { name: flow.name, source: flow.name, spot: flow.spot, tree: mapping(flow.spot) };
  const [settled] = await settleFlow({ ...flow, entities: [any] }, { ...around, problems: own });
  return settled?.spec ?? null;
}

/** The found entities without the flow's own tables. A table in which the flow settles is not a source, even if the flow now leaves out the settled entity. */
export async function withoutOwnTables(
  entities: readonly SettledEntity[],
  { flow, leftOut }: { readonly flow: CheckedFlow; readonly leftOut: readonly CheckedEntity[] },
  around: Surroundings,
): Promise<readonly SettledEntity[]> {
  const before = leftOut.length === 0 ? [] : await settleFlow({ ...flow, entities: leftOut }, { ...around, problems: collectProblems() });
  const stores = new Set([...entities, ...before].flatMap(({ store }) => (store.place === undefined ? [] : [keyOf(store.place)])));
  return entities.filter(({ isFound, home }) => !isFound || home.place === undefined || !stores.has(keyOf(home.place)));
}

async function settleEntity(flow: CheckedFlow, entity: CheckedEntity, around: Surroundings): Promise<SettledEntity | undefined> {
  const onItsManifest = async (one: CheckedEntity): Promise<MergedLayers | undefined> => {
    const layers = mergeLayers(layersOf(flow, one, around));
    const tree = await onManifest(layers.tree, one, around);
    return tree && { ...layers, tree };
  };
  const merged = await onItsManifest(entity);
  if (merged === undefined) return undefined;
  const name = `flow ${quoted(flow.name)}`;
  const settings = settleSettings(merged.tree, { name, spot: entity.spot }, around.problems);
  const sideOf = (one: CheckedEntity, layers: MergedLayers, which: 'home' | 'store', from = layers.tree) => {
    const tree = entry(from, which)?.value;
    return settleSide({
      side: which,
      tree: tree?.kind === 'map' ? tree : undefined,
      pieces: layers.pieces(which),
      templates: {
        ...{ entity: which === 'home' ? one.source : one.name, flow: flow.name, date: around.date },
        ...(which === 'home' && one.segment !== undefined ? { segment: one.segment } : {}),
      },
      root: around.root,
      connectors: around.connectors,
      connections: around.connections,
      problems: around.problems,
      runType: settings?.runType,
      subject: { name, spot: flow.spot },
    });
  };
  const templates = { entity: entity.source, flow: flow.name, date: around.date };
  const naming = { entity: entity.name, flow: flow.name, templates, files: around.named, problems: around.problems };
  const { validation, expected, isPartial, checks } = await settleContract(merged.tree, naming);
  const store = await sideOf(entity, merged, 'store');
  const own = store && (await around.connectors.find(store.spec.type))?.store;
  const overrides = overridesOf(merged.tree, (written) => own?.ownType?.(written), around.problems);
  const written = await sideOf(entity, merged, 'home', asTypesOfHome(merged.tree, overrides));
  if (written === undefined || store === undefined) return undefined;
  const joined = await withParent(written, {
    ...{ tree: merged.tree, entity: entity.name, entities: flow.entities, connectors: around.connectors, problems: around.problems },
    settle: async (parent: CheckedEntity) => {
      const above = await onItsManifest(parent);
      return above && sideOf(parent, above, 'home');
    },
  });
  if (joined === undefined) return undefined;
  const { home, hasParent } = joined;
  checkShorthands([home, store], around.problems);
  if (settings === undefined || readsItself({ home, store, root: around.root }, flow, around.problems)) return undefined;
  if (checks.length > 0) {
    const { type } = home.spec;
    const connector = await around.connectors.find(type);
    if (connector !== undefined)
      refuseUnanswerable(checks, { type, family: connector.family, queryProblem: connector.home?.queryProblem }, around.problems);
  }
  if (!(await readsChanges({ tree: merged.tree, home: home.spec }, around))) return undefined;
  for (const which of ['home', 'store'] as const)
    checkDatePlaceholders({ side: which, tree: merged.tree, pieces: merged.pieces(which), runType: settings.runType }, around.problems);
  const asRead = hasParent ? withOpenBoundary(settings, merged.tree) : settings;
  const compacts = settlesAsCompacted({ tree: merged.tree, store: store.spec, own }, around.problems);
  if (compacts === 'refused') return undefined;
  const where: Where = whereIs(entity.spot);
  const marked = entry(child(merged.tree, 'watermark'), 'column');
  return {
    spot: entity.spot,
    home,
    store,
    isFound: entity.is !== undefined,
    spec: {
      workspace: around.workspace,
      root: around.seenFrom,
      flow: flow.name,
      entity: entity.name,
      home: home.spec,
      store: store.spec,
      ...asRead,
      ...(compacts ? {} : { compactEveryMs: entityDefaults.compactEveryMs }),
      ...(validation === undefined ? {} : { validation: asStoreJudges(validation, own) }),
      schema: { ...settings.schema, expected, overrides, ...(isPartial ? { expectsOthers: true as const } : {}) },
      schedule: flow.schedule,
      timezone: zoneOf(flow),
      where,
      homeWhere: whereIs(home.spot),
      watermarkWhere: marked === undefined ? where : whereIs(marked.spot),
      ...(entity.is === undefined || entity.is === 'known' ? {} : { found: entity.is }),
    },
  };
}

function zoneOf({ schedule }: Pick<CheckedFlow, 'schedule'>): string {
  return (schedule === null ? null : scheduled(schedule).zone) ?? entityDefaults.timezone;
}

/** Each group of parents keeps its own watermark, so rows at the watermark are not read again unless the config sets a boundary. */
function withOpenBoundary<T extends Pick<EntitySpec, 'watermark'>>(settings: T, tree: MapNode): T {
  const { watermark } = settings;
  if (watermark === null || entry(child(tree, 'watermark'), 'boundary') !== undefined) return settings;
  return { ...settings, watermark: { ...watermark, boundary: 'open' } };
}

/** The merged tree, with the settings of the system's manifest. Undefined: the problem with the manifest was reported. */
async function onManifest(
  tree: MapNode,
  { source, spot }: Pick<CheckedEntity, 'source' | 'spot'>,
  { connectors, connections, problems }: Surroundings,
): Promise<MapNode | undefined> {
  const home = child(tree, 'home');
  const connection = connections.get(textOf(home, 'connection') ?? '')?.connection;
  const type = textOf(home, 'type');
  const system = type === undefined || type === connection?.spec.type ? (connection?.system ?? type) : type;
  const manifest = system === undefined ? undefined : await connectors.manifestOf(system, problems);
  if (manifest === null) return undefined;
  return manifest === undefined ? tree : withManifest(tree, manifest, { source, spot, problems });
}

/** Whether the home, with its other keys, can be read by the feed of changes in `watermark.changes`. */
async function readsChanges(
  { tree, home }: { readonly tree: MapNode; readonly home: EntitySpec['home'] },
  { connectors, problems }: Surroundings,
): Promise<boolean> {
  const held = entry(child(tree, 'watermark'), 'changes');
  if (held === undefined) return true;
  const name = textOf(child(tree, 'watermark'), 'changes') ?? '';
  const feeds = (await connectors.find(home.type))?.home?.feeds;
  if (!feeds?.names.includes(name)) {
    problems.add({
      code: 'HYG-1013',
      what: `A home of type ${quoted(home.type)} does not support ${quoted(name)}.`,
      why: [feeds ? `It has ${listed(feeds.names)}.` : 'This home does not report which rows changed.'],
      tryThis: ['Name a column of its rows instead: `watermark: { column: updated_at }`.'],
      spot: held.spot,
    });
    return false;
  }
  const missing = feeds.missingKey?.(home.config as never);
  if (missing !== undefined)
    problems.add({
      code: 'HYG-1013',
      what: `${quoted(`watermark.changes: ${name}`)} needs ${quoted(`home.${missing.key}`)}.`,
      why: [missing.needs],
      tryThis: [`Set ${quoted(missing.key)} in the home.`, 'Or name a column in place of `changes`: `watermark: { column: updated_at }`.'],
      spot: held.spot,
    });
  if (missing !== undefined) return false;
  const clash = feeds.clashingKey(home.config as never);
  if (clash === undefined) return true;
  problems.add({
    code: 'HYG-1010',
    what: `${quoted(`home.${clash.key}`)} can't be combined with ${quoted(`watermark.changes: ${name}`)}.`,
    why: [clash.needs],
    tryThis: [`Remove ${quoted(clash.key)}.`, 'Or name a column in place of `changes`: `watermark: { column: updated_at }`.'],
    spot: entry(child(tree, 'home'), clash.key)?.spot ?? held.spot,
  });
  return false;
}

/** Whether the store supports `compact`. If the store does not support `compact`, a setting from `defaults` is left out. */
function settlesAsCompacted(
  {
    tree,
    store,
    own,
  }: { readonly tree: MapNode; readonly store: EntitySpec['store']; readonly own: Pick<StoreSide, 'compacts'> | undefined },
  problems: Problems,
): boolean | 'refused' {
  const held = entry(tree, 'compact');
  if (held === undefined || held.value.kind !== 'map') return false;
  if (own?.compacts?.(store.config as never)) return true;
  if (held.weight === 'default') return false;
  problems.add({
    code: 'HYG-1062',
    what: `${quoted('compact')} has no effect on a store of type ${quoted(store.type)}${own?.compacts === undefined ? '' : ' that is one file'}.`,
    why: [
      'Only a folder of files has small files to combine. A database, a mirrored table or a single file stores its rows in its own way.',
    ],
    tryThis: [
      'Remove `compact`, or write `compact: null` where a flow or its entities inherit it.',
      'Below `defaults`, it applies only to stores that are a folder of files.',
    ],
    spot: held.spot,
  });
  return 'refused';
}

function layersOf(flow: CheckedFlow, entity: CheckedEntity | undefined, around: Surroundings): Layers {
  return {
    workspaceDefaults: around.defaults,
    flowDefaults: flow.defaults,
    flow: flow.tree,
    entity: isWhole(flow) ? undefined : entity?.tree,
    vars: flow.vars,
  };
}

/** A written shorthand that neither home nor store accepts is an error, like any unknown key. */
function checkShorthands(sides: readonly SettledSide[], problems: Problems): void {
  const [home, store] = sides;
  for (const dropped of store?.dropped ?? []) {
    if (dropped.weight !== 'shorthand') continue;
    const key = dropped.spot.source.text.slice(dropped.spot.offset).match(/^\w+/)?.[0] ?? 'this key';
    const spread = key === 'batch_size' ? ['home', 'store'] : ['store'];
    const takenByHome = spread.includes('home') && !home?.dropped.some(({ spot }) => spot === dropped.spot);
    if (takenByHome || !isShorthand(key)) continue;
    problems.add({
      code: 'HYG-1010',
      what: `${quoted(key)} has no effect on the ${spread.join(' or the ')} of this flow (${sides.map(({ spec }) => spec.type).join(' → ')}).`,
      tryThis: ['Remove the key. Under `defaults`, the key would apply only where it has an effect.'],
      spot: dropped.spot,
    });
  }
}

function unique({ name: flow, entities }: CheckedFlow, problems: Problems): readonly CheckedEntity[] {
  const seen = new Map<string, CheckedEntity>();
  for (const entity of entities) {
    const wrong = entityNameProblem(entity.name) ?? entityNameProblem(entity.source);
    const before = seen.get(nameKey(entity.name));
    if (/^\*/.test(entity.name)) {
      problems.of({ flow, entity: entity.name }).add({
        code: 'HYG-1081',
        what: `${quoted(entity.name)} is not the name of an entity, but a list must have one name per entity.`,
        tryThis: [
          `Write the pattern without the list: \`entities: ${JSON.stringify(entity.name)}\`. Each run then reads all entities that exist.`,
          `Or generate a file for each existing entity: hygge generate entities --flow ${flow} --dry-run`,
          'To load many files as one entity, write the pattern into the path of the home.',
        ],
        spot: entity.spot,
      });
    } else if (wrong !== undefined) {
      problems.of({ flow, entity: entity.name }).add({
        code: 'HYG-1042',
        what: `An entity can't be named ${quoted(entity.name)}: ${wrong}.`,
        tryThis: [
          entity.is === undefined
            ? 'Rename the entity; `source:` may contain its name at the home.'
            : 'Leave the entity out with a pattern that matches it: `entities: { exclude: [ … ] }`.',
        ],
        spot: entity.spot,
      });
    } else if (before !== undefined) {
      problems.of({ flow, entity: entity.name }, { flow, entity: before.name }).add({
        code: 'HYG-1043',
        what: `There are two entities named ${quoted(entity.name)} in this flow${before.name === entity.name ? '' : ` (the other is written ${quoted(before.name)})`}.`,
        why: [
          entity.is === undefined
            ? `The other entity is in ${whereIs(before.spot).file}, line ${whereIs(before.spot).line}.`
            : 'Both were found at the home. Names that differ only in upper and lower case are one destination.',
        ],
        tryThis: [
          entity.is === undefined
            ? 'Rename one of the two; `source:` may contain its name at the home.'
            : 'Rename one of the two there; or name the right one in the home: `path: "data/{entity}.csv"`, `table: "sales.{entity}"`.',
        ],
        spot: entity.spot,
      });
    } else seen.set(nameKey(entity.name), entity);
  }
  return [...seen.values()];
}
