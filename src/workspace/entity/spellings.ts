import { type Problems, quoted } from '../yaml/problems.ts';
import { child, type Entry, entry, isNull, type MapNode, mapping, type Tree, textAt, withEntry, without } from '../yaml/tree.ts';
import { polishOfStore } from './polish.ts';

/**
 * Older spellings, in this one place:
 *
 * | written | means |
 * |---|---|
 * | `full_drop: true` | `run_type: full_drop` |
 * | `full_drop: false` | `run_type: incremental` |
 * | `load_type: full` | `run_type: full_drop` |
 * | `load_type: incremental` | `run_type: incremental` |
 * | `watermark_column` | `watermark.column` |
 * | `watermark_initial` | `watermark.initial` |
 * | `watermark.watermark_column` | `watermark.column` |
 * | `watermark.primary_key` | `watermark.key` |
 * | `home.incremental: {column, strategy}` | `run_type: incremental`, `watermark.column`; strategy `merge` is `write_strategy: merge` |
 * | `store.if_exists` | `if_exists` |
 * | `store.write_strategy` | `write_strategy` |
 * | `store.polish` | `polish` |
 * | `home: text` | `home.path` |
 * | `store: text` | `store.path` |
 * | `verify: counts` | `verify: { counts: true, checksums: false }`, so that a layer above may add keys |
 * | `verify: checksums` | `verify: { counts: false, checksums: true }`, so that a layer above may add keys |
 */
export function presentSpelling(layer: MapNode, problems: Problems): MapNode {
  let result = polishOfStore(bareVerify(bareSides(layer)), problems);
  result = move(result, ['full_drop'], ['run_type'], problems, (held) => translated(held, { true: 'full_drop', false: 'incremental' }));
  result = move(result, ['load_type'], ['run_type'], problems, (held) => translated(held, { full: 'full_drop' }));
  result = incrementalOfHome(result, problems);
  result = move(result, ['watermark', 'watermark_column'], ['watermark', 'column'], problems);
  result = move(result, ['watermark', 'primary_key'], ['watermark', 'key'], problems);
  result = move(result, ['watermark_column'], ['watermark', 'column'], problems);
  result = move(result, ['watermark_initial'], ['watermark', 'initial'], problems);
  result = move(result, ['store', 'if_exists'], ['if_exists'], problems);
  return move(result, ['store', 'write_strategy'], ['write_strategy'], problems);
}

function bareSides(layer: MapNode): MapNode {
  let result = layer;
  for (const side of ['home', 'store']) {
    const held = entry(layer, side);
    if (held?.value.kind !== 'scalar' || held.value.value === null) continue;
    const path: Entry = { spot: held.value.spot, value: { ...held.value, value: held.value.text }, weight: 'explicit' };
    result = withEntry(result, side, { ...held, value: mapping(held.spot, [['path', path]]) });
  }
  return result;
}

function bareVerify(layer: MapNode): MapNode {
  const held = entry(layer, 'verify');
  const word = held?.value.kind === 'scalar' ? held.value.value : undefined;
  if (held === undefined || (word !== 'counts' && word !== 'checksums')) return layer;
  const flag = (key: string): Entry => {
    const value = key === word;
    return { spot: held.value.spot, value: { ...textAt(held.value.spot, String(value)), value }, weight: 'explicit' };
  };
  const value = mapping(held.spot, [
    ['counts', flag('counts')],
    ['checksums', flag('checksums')],
  ]);
  return withEntry(layer, 'verify', { ...held, value });
}

function incrementalOfHome(layer: MapNode, problems: Problems): MapNode {
  const held = entry(child(layer, 'home'), 'incremental');
  if (held?.value.kind !== 'map') return layer;
  const strategy = entry(held.value, 'strategy');
  let result = move(layer, ['home', 'incremental', 'column'], ['watermark', 'column'], problems);
  if (strategy?.value.kind === 'scalar' && strategy.value.value === 'append') result = remove(result, ['home', 'incremental', 'strategy']);
  else if (strategy?.value.kind === 'scalar' && strategy.value.value === 'merge') {
    result = move(result, ['home', 'incremental', 'strategy'], ['write_strategy'], problems);
  }
  const rest = entry(child(result, 'home'), 'incremental')?.value;
  // Keys other than a column or a known strategy stay, so they are rejected as unknown keys.
  if (rest?.kind === 'map' && rest.entries.size > 0) return result;
  const runType: Entry = { spot: held.spot, value: textAt(held.spot, 'incremental'), weight: 'explicit' };
  return put(remove(result, ['home', 'incremental']), ['run_type'], runType, 'home.incremental', problems);
}

function translated(held: Entry, words: Readonly<Record<string, string>>): Entry {
  if (held.value.kind !== 'scalar') return held;
  const word = words[String(held.value.value)];
  return word === undefined ? held : { ...held, value: { ...held.value, value: word, text: word } };
}

function move(
  layer: MapNode,
  from: readonly string[],
  to: readonly string[],
  problems: Problems,
  change: (held: Entry) => Entry = (held) => held,
): MapNode {
  const held = deep(layer, from);
  return held === undefined ? layer : put(remove(layer, from), to, change(held), from.join('.'), problems);
}

/** Sets `to`. If `to` already has another value, the config is ambiguous, which is an error. */
function put(layer: MapNode, to: readonly string[], held: Entry, written: string, problems: Problems): MapNode {
  const before = deep(layer, to);
  if (before !== undefined && !same(before.value, held.value)) {
    problems.add({
      code: 'HYG-1015',
      what: `${quoted(written)} and ${quoted(to.join('.'))} contradict each other.`,
      why: [`${quoted(written)} is an older spelling of ${quoted(to.join('.'))}.`],
      tryThis: [`Keep only ${quoted(to.join('.'))}.`],
      spot: held.spot,
    });
    return layer;
  }
  return set(layer, to, held);
}

function same(a: Tree, b: Tree): boolean {
  if (a.kind === 'scalar' && b.kind === 'scalar') return a.text === b.text;
  const items = (tree: Tree) => (tree.kind === 'list' ? tree.items : [tree]).map((item) => (item.kind === 'scalar' ? item.text : ''));
  return JSON.stringify(items(a)) === JSON.stringify(items(b));
}

function deep(layer: MapNode, path: readonly string[]): Entry | undefined {
  const [key = '', ...rest] = path;
  const held = entry(layer, key);
  return rest.length === 0 || held === undefined ? held : held.value.kind === 'map' ? deep(held.value, rest) : undefined;
}

function set(layer: MapNode, path: readonly string[], held: Entry): MapNode {
  const [key = '', ...rest] = path;
  if (rest.length === 0) return withEntry(layer, key, held);
  const before = entry(layer, key);
  if (before !== undefined && before.value.kind !== 'map' && !isNull(before.value)) return layer;
  const inner = before?.value.kind === 'map' ? before.value : mapping(held.spot);
  return withEntry(layer, key, { spot: before?.spot ?? held.spot, value: set(inner, rest, held), weight: 'explicit' });
}

function remove(layer: MapNode, path: readonly string[]): MapNode {
  const [key = '', ...rest] = path;
  if (rest.length === 0) return without(layer, key);
  const held = entry(layer, key);
  return held?.value.kind === 'map' ? withEntry(layer, key, { ...held, value: remove(held.value, rest) }) : layer;
}
