import type * as z from 'zod';
import type { SecretValues } from '../../ports/secrets/values.ts';
import type { HeartbeatSpec } from '../../ports/webhook.ts';
import { check } from '../check/check.ts';
import { keysOf } from '../check/schema-keys.ts';
import { presentSpelling } from '../entity/spellings.ts';
import { flowNameProblem, nameKey } from '../names.ts';
import { mergeMappings } from '../read/merge.ts';
import type { WrittenFlow, WrittenWorkspace } from '../read/read.ts';
import { readVars } from '../read/vars.ts';
import { entityFile, flowFileSchema, flowKeys, hyggeFile } from '../schema/schema.ts';
import type { WrittenState } from '../schema/state-schema.ts';
import { withZone } from '../schema/zones.ts';
import { warnOfSecrets } from '../sides/side.ts';
import { type Problems, quoted } from '../yaml/problems.ts';
import { whereIs } from '../yaml/source.ts';
import { child, type Entry, entry, type MapNode, only, type Tree, textOf, withEntry, without } from '../yaml/tree.ts';
import type { FindRule } from './finds.ts';
import type { CheckedEntity, CheckedFlow } from './flow.ts';
import { withoutRetired } from './retired-keys.ts';

export interface CheckedWorkspace {
  readonly name: string | undefined;
  readonly options: { readonly concurrency: number; readonly continueOnError: boolean };
  readonly localPlaces: 'relative' | 'absolute';
  readonly state: WrittenState | undefined;
  readonly defaults: MapNode | undefined;
  readonly notify: Tree | undefined;
  readonly journal: Entry | undefined;
  readonly report: Entry | undefined;
  readonly flows: readonly CheckedFlow[];
}

/** Checks each file alone: its keys, the types of values, and names. Older spellings are replaced afterwards. */
export function checkWorkspace(
  written: WrittenWorkspace,
  { vars, values }: { readonly vars: readonly string[]; readonly values?: SecretValues },
  problems: Problems,
): CheckedWorkspace {
  const top = written.top === undefined ? undefined : checkTop(written.top, problems);
  const named = namedFlows(written, problems);
  const layers = readVars(
    vars,
    named.map(({ name }) => name),
    problems,
    values,
  );
  const flows = named.flatMap((flow) => {
    const checked = checkFlow(flow, layers.get(flow.name), problems.of({ flow: flow.name }));
    return checked === undefined ? [] : [checked];
  });
  return {
    name: top?.name,
    options: { concurrency: top?.concurrency ?? 8, continueOnError: top?.continueOnError ?? true },
    localPlaces: top?.localPlaces ?? 'relative',
    state: top?.state,
    defaults: top?.defaults,
    notify: top?.notify,
    journal: top?.journal,
    report: top?.report,
    // Only the flow’s own files are checked here. Whether a flow lacks a key is known only together with the defaults of hygge.yml.
    flows: written.top === undefined ? [] : flows,
  };
}

interface Top {
  readonly name: string | undefined;
  readonly concurrency: number | undefined;
  readonly continueOnError: boolean | undefined;
  readonly localPlaces: 'relative' | 'absolute' | undefined;
  readonly state: WrittenState | undefined;
  readonly defaults: MapNode | undefined;
  readonly notify: Tree | undefined;
  readonly journal: Entry | undefined;
  readonly report: Entry | undefined;
}

function checkTop(written: MapNode, problems: Problems): Top {
  let tree = withoutRetired(written, 'workspace', problems);
  const held = entry(tree, 'defaults');
  if (held?.value.kind === 'map') tree = withEntry(tree, 'defaults', { ...held, value: layerOf(held.value, 'defaults', problems) });
  const flows = child(tree, 'flows');
  if (flows?.kind === 'map') {
    for (const [name, { value, spot }] of flows.entries) if (value.kind !== 'map') refuseBody(name, spot, problems.of({ flow: name }));
    tree = without(tree, 'flows');
  }
  const read = check(hyggeFile, tree, { name: 'hygge.yml', spot: tree.spot, prefix: [], elsewhere: belongs('workspace') }, problems)?.value;
  const defaults = child(tree, 'defaults');
  const state = child(tree, 'state');
  if (state?.kind === 'map') warnOfSecrets(state, problems);
  const report = child(tree, 'report');
  if (report?.kind === 'map') warnOfSecrets(report, problems);
  const connections = child(tree, 'connections');
  if (connections?.kind === 'map') warnOfSecrets(connections, problems);
  return {
    name: read?.name,
    concurrency: read?.options?.concurrency,
    continueOnError: read?.options?.continue_on_error,
    localPlaces: read?.options?.local_places,
    state: read?.state,
    defaults: defaults?.kind === 'map' ? defaults : undefined,
    notify: child(tree, 'notify'),
    journal: entry(tree, 'journal'),
    report: entry(tree, 'report'),
  };
}

function refuseBody(name: string, spot: MapNode['spot'], problems: Problems): void {
  problems.add({
    code: 'HYG-1011',
    what: `The flow ${quoted(name)} needs a map with at least \`home\` and \`store\`.`,
    tryThis: [`Write these keys below \`${name}:\`, indented.`],
    spot,
  });
}

/** The flows whose names are valid and unique. */
function namedFlows(written: WrittenWorkspace, problems: Problems): readonly WrittenFlow[] {
  const seen = new Map<string, WrittenFlow>();
  for (const flow of written.flows) {
    const wrong = flowNameProblem(flow.name);
    const before = seen.get(nameKey(flow.name));
    if (wrong !== undefined) {
      problems.of({ flow: flow.name }).add({
        code: 'HYG-1040',
        what: `A flow can't be named ${quoted(flow.name)}: ${wrong}.`,
        tryThis: ['Rename the flow (its folder, or its key below `flows:`).'],
        spot: flow.spot,
      });
    } else if (before !== undefined) {
      problems.of({ flow: flow.name }, { flow: before.name }).add({
        code: 'HYG-1041',
        what: `There are two flows named ${quoted(flow.name)}${before.name === flow.name ? '' : ` (the other is written ${quoted(before.name)})`}.`,
        why: [`The other flow is in ${whereIs(before.spot).file}.`],
        tryThis: ['Rename one of the two.'],
        spot: flow.spot,
      });
    } else seen.set(nameKey(flow.name), flow);
  }
  const unread = problems.errors().some((error) => error.code === 'HYG-1002' || error.code === 'HYG-1083');
  if (written.flows.length === 0 && !unread && written.top !== undefined && saysNoFlows(written.top)) {
    problems.add({
      code: 'HYG-1044',
      what: 'There are no flows in this workspace.',
      why: [`There is no ${textOf(written.top, 'flows_dir') ?? 'flows'}/<name>/flow.yml, and hygge.yml has no \`flows:\`.`],
      tryThis: ['Write a flows/<name>/flow.yml with a `home` and a `store`; `hygge init --example` shows one.'],
      spot: written.top.spot,
    });
  }
  return [...seen.values()];
}

/** A non-empty `flows:` has an error that was already reported. */
function saysNoFlows(top: MapNode): boolean {
  const flows = child(top, 'flows');
  return flows === undefined || (flows.kind === 'map' && flows.entries.size === 0);
}

function checkFlow(written: WrittenFlow, vars: MapNode | undefined, problems: Problems): CheckedFlow | undefined {
  const entityProblems = (entity: string): Problems => problems.of({ flow: written.name, entity });
  const files = written.entities.map((entity) => checkEntityFile(entity.tree, entity.name, entity.spot, entityProblems(entity.name)));
  if (written.tree === undefined) return undefined;
  const over = vars === undefined ? undefined : layerOf(vars, 'flow', problems);
  const own = layerOf(written.tree, 'flow', problems);
  const tree = normalEntities(
    over === undefined
      ? own
      : mergeMappings(
          own,
          only(over, (key) => flowKeys.has(key)),
        ),
    problems,
  );
  const subject = { name: 'a flow', spot: written.spot, prefix: [], elsewhere: belongs('flow') };
  const read = check(flowFileSchema, without(tree, ...(isEmptyList(tree) ? ['entities'] : [])), subject, problems)?.value;
  if (over !== undefined) check(flowFileSchema, over, subject, problems);
  const entities = [...inlineEntities(tree, problems), ...files];
  const finding = findingIn(entry(tree, 'entities'), read?.entities);
  const folderOnly = written.folder !== undefined && written.entities.length === 0;
  if (isEmptyList(tree) || (folderOnly && entities.length === 0 && finding === undefined)) noEntities(written, tree, problems);
  const defaults = child(tree, 'defaults');
  return {
    name: written.name,
    spot: written.spot,
    tree: only(tree, (key) => !flowKeys.has(key)),
    defaults: defaults?.kind === 'map' ? defaults : undefined,
    vars: over === undefined ? undefined : only(over, (key) => !flowKeys.has(key)),
    schedule: read?.schedule === undefined ? null : withZone(read.schedule, read.timezone ?? null),
    concurrency: read?.concurrency ?? null,
    allowVars: read?.allow_vars ?? [],
    notify: child(tree, 'notify'),
    heartbeat: heartbeatIn(tree, read?.heartbeat, problems),
    entities,
    ...(finding && { finding }),
  };
}

function heartbeatIn(tree: MapNode, written: z.output<typeof flowFileSchema>['heartbeat'], problems: Problems): HeartbeatSpec | null {
  if (written == null) return null;
  const held = child(tree, 'heartbeat');
  const values = held?.kind === 'map' ? [...held.entries.values()].map(({ value }) => value) : held === undefined ? [] : [held];
  const open = values.find((value) => value.kind === 'scalar' && typeof value.value === 'string' && !value.fromVariable);
  if (open !== undefined) {
    const advice = `\`heartbeat: \${HEARTBEAT_URL}\``;
    problems.warn(
      'secret heartbeat',
      `${quoted('heartbeat')} is written out in the file. A variable keeps it out of version control: ${advice}.`,
      open.spot,
    );
  }
  return 'url' in written ? { url: written.url, failUrl: written.fail_url ?? null } : { url: written, failUrl: null };
}

type WrittenEntities = NonNullable<z.output<typeof flowFileSchema>['entities']>;

/** The value of `entities` if it is not a list: the choice of entities at the home. */
function findingIn(held: Entry | undefined, written: WrittenEntities | undefined): FindRule | undefined {
  if (held === undefined || written === undefined || Array.isArray(written)) return undefined;
  if (typeof written === 'string') return { like: [written], exclude: [], views: false, spot: held.value.spot };
  const { like = ['*'], exclude = [], views = false } = written;
  return { like, exclude, views, spot: held.value.spot };
}

function layerOf(written: MapNode, level: 'flow' | 'entity' | 'defaults', problems: Problems): MapNode {
  const layer = presentSpelling(withoutRetired(written, level, problems), problems);
  const held = entry(layer, 'defaults');
  if (level !== 'flow' || held?.value.kind !== 'map') return layer;
  return withEntry(layer, 'defaults', { ...held, value: layerOf(held.value, 'defaults', problems) });
}

/** Entities that are written inline, in an older or the present spelling. */
function normalEntities(tree: MapNode, problems: Problems): MapNode {
  const held = entry(tree, 'entities');
  if (held?.value.kind !== 'list') return tree;
  const items = held.value.items.map((item) => (item.kind === 'map' ? layerOf(item, 'entity', problems) : item));
  return withEntry(tree, 'entities', { ...held, value: { ...held.value, items } });
}

function inlineEntities(tree: MapNode, problems: Problems): readonly CheckedEntity[] {
  const list = child(tree, 'entities');
  return list?.kind === 'list' ? list.items.flatMap((item, index) => inlineEntity(item, index, problems)) : [];
}

function inlineEntity(item: Tree, index: number, problems: Problems): readonly CheckedEntity[] {
  if (item.kind === 'scalar' && item.value !== null) {
    return [{ name: item.text, source: item.text, spot: item.spot, tree: { kind: 'map', entries: new Map(), spot: item.spot } }];
  }
  if (item.kind !== 'map') return [];
  const name = textOf(item, 'name');
  if (name === undefined) {
    problems.add({
      code: 'HYG-1012',
      what: '`name` is missing: an entity that is written in its flow needs it.',
      tryThis: ['Add `name: …` to this item of `entities`.'],
      spot: item.spot,
      missing: `entities.${index}.name`,
    });
    return [];
  }
  return [{ name, source: textOf(item, 'source') ?? name, spot: child(item, 'name')?.spot ?? item.spot, tree: item }];
}

function checkEntityFile(written: MapNode, name: string, spot: MapNode['spot'], problems: Problems): CheckedEntity {
  const tree = layerOf(written, 'entity', problems);
  check(entityFile, tree, { name: 'an entity', spot, prefix: [], elsewhere: belongs('entity') }, problems);
  return { name, source: textOf(tree, 'source') ?? name, spot, tree };
}

function isEmptyList(tree: MapNode): boolean {
  const list = child(tree, 'entities');
  return list?.kind === 'list' && list.items.length === 0;
}

function noEntities(written: WrittenFlow, tree: MapNode, problems: Problems): void {
  const inline = isEmptyList(tree);
  problems.add({
    code: 'HYG-1045',
    what: inline ? '`entities` is empty.' : `${written.folder?.source.name ?? 'entities/'} contains no entity that can be read.`,
    why: ['hygge does not load the whole home as one entity instead.'],
    tryThis: [inline ? 'Name at least one entity, or remove `entities`.' : 'Add a .yml file for each entity, or remove the folder.'],
    spot: inline ? (entry(tree, 'entities')?.spot ?? written.spot) : (written.folder ?? written.spot),
  });
}

/** Sentences about the map to which an unknown key probably belongs. */
function belongs(level: 'workspace' | 'flow' | 'entity'): (key: string) => string | undefined {
  return (key) => {
    if (['where', 'filter', 'query', 'sql'].includes(key))
      return 'Choose rows below `home:`: with `where`, or for a database also with `query`. A `watermark` selects new rows.';
    if (['path', 'table', 'type', 'format', 'connection', 'columns', 'exclude'].includes(key)) {
      return `${quoted(key)} belongs to a home or a store: write it below \`home:\` or \`store:\`.`;
    }
    if (level !== 'workspace' && keysOf(hyggeFile).has(key)) return `${quoted(key)} belongs in hygge.yml.`;
    if (level !== 'flow' && keysOf(flowFileSchema).has(key))
      return `${quoted(key)} belongs in flow.yml${level === 'workspace' ? ', or below `defaults:`' : ''}.`;
    return level === 'flow' && keysOf(entityFile).has(key) ? `${quoted(key)} belongs to an entity.` : undefined;
  };
}
