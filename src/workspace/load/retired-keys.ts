import { type Problems, quoted } from '../yaml/problems.ts';
import { child, type Entry, entry, type MapNode, withEntry, without } from '../yaml/tree.ts';

export type Level = 'workspace' | 'flow' | 'entity' | 'defaults';

interface RetiredKey {
  readonly path: readonly string[];
  readonly levels: readonly Level[];
  readonly because: string;
}

const anywhere: readonly Level[] = ['flow', 'entity', 'defaults'];

/** Keys of the original that no longer have an effect. Each key is accepted with a warning. */
const retired: readonly RetiredKey[] = [
  { path: ['queue_size'], levels: anywhere, because: 'what is in flight is bounded by bytes' },
  { path: ['timeout'], levels: anywhere, because: 'an entity run has no time limit' },
  { path: ['name'], levels: ['flow'], because: 'a flow has the name of its folder' },
  { path: ['options'], levels: ['flow'], because: 'a flow has no options of its own' },
  { path: ['home', 'row_multiplier'], levels: anywhere, because: 'progress counts rows as they settle' },
  { path: ['home', 'driver'], levels: anywhere, because: 'no driver needs to be installed' },
  { path: ['store', 'driver'], levels: anywhere, because: 'no driver needs to be installed' },
  { path: ['options', 'log_level'], levels: ['workspace'], because: '`hygge go --verbose` shows more' },
  { path: ['journal', 'path'], levels: ['workspace', 'flow', 'entity', 'defaults'], because: 'the journal is kept with the state' },
  { path: ['journal', 'location'], levels: ['workspace', 'flow', 'entity', 'defaults'], because: 'the journal is kept with the state' },
];

/** Keys that are reserved for features of a later version. If such a key were ignored, it would look as if it worked. So each of these keys is an error. */
const reserved: Readonly<Record<Level, readonly string[]>> = {
  workspace: ['plugins'],
  flow: ['journal'],
  entity: ['journal'],
  defaults: ['journal'],
};

/** The layer without keys that no longer have an effect (a warning), and without keys of later versions (an error). */
export function withoutRetired(layer: MapNode, level: Level, problems: Problems): MapNode {
  let result = layer;
  for (const { path, levels, because } of retired) {
    if (levels.includes(level)) result = drop(result, path, because, problems);
  }
  for (const key of reserved[level]) {
    const held = entry(result, key);
    if (held === undefined) continue;
    if (!isEmpty(held)) refuse(key, held, problems);
    result = without(result, key);
  }
  return result;
}

function drop(layer: MapNode, path: readonly string[], because: string, problems: Problems): MapNode {
  const [first = '', second] = path;
  const held = second === undefined ? entry(layer, first) : entry(child(layer, first), second);
  if (held === undefined) return layer;
  const key = path.join('.');
  problems.warn(key, `${quoted(key)} has no effect any more (${because}); it can be removed.`, held.spot);
  const outer = entry(layer, first);
  if (second === undefined || outer?.value.kind !== 'map') return without(layer, first);
  return withEntry(layer, first, { ...outer, value: without(outer.value, second) });
}

function refuse(key: string, held: Entry, problems: Problems): void {
  problems.add({
    code: 'HYG-1014',
    what: `${quoted(key)} is not part of this version of hygge.`,
    why: ['If hygge ignored the key, the key would seem to work.'],
    tryThis: [`Remove ${quoted(key)} until your version supports it.`],
    spot: held.spot,
  });
}

function isEmpty(held: Entry): boolean {
  return held.value.kind === 'map' ? held.value.entries.size === 0 : held.value.kind === 'scalar' && held.value.value === null;
}
