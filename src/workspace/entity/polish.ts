import type { WatermarkSpec } from '../../engine/contracts/spec.ts';
import { knownDirectives, unknownDirective } from '../../frames/polish/load-time.ts';
import type { Mask, MaskBy } from '../../frames/polish/mask.ts';
import type { AddedColumn, Polish } from '../../frames/polish/polish.ts';
import { constantOf, constantTypeOf } from '../schema/constants.ts';
import type { WrittenPolish } from '../schema/polish-schema.ts';
import { constantTypes } from '../schema/polish-schema.ts';
import { warnOfSecrets } from '../sides/side.ts';
import { listed, type Problems, quoted } from '../yaml/problems.ts';
import { child, entry, type MapNode, type Scalar, type Tree, withEntry, without } from '../yaml/tree.ts';

/** Below `store`, where an older config has the key. */
export function polishOfStore(layer: MapNode, problems: Problems): MapNode {
  const store = entry(layer, 'store');
  const held = entry(store?.value, 'polish');
  if (store?.value.kind !== 'map' || held === undefined) return layer;
  const rest = withEntry(layer, 'store', { ...store, value: without(store.value, 'polish') });
  if (!layer.entries.has('polish')) return withEntry(rest, 'polish', { ...held, weight: 'explicit' });
  problems.add({
    code: 'HYG-1015',
    what: '`store.polish` and `polish` are both set, and only one of them can be valid.',
    why: ['`store.polish` is an older spelling of `polish`.'],
    tryThis: ['Move the keys below `store.polish` to `polish`.'],
    spot: held.spot,
  });
  return rest;
}

/**
 * The settings of polish after all layers are merged; undefined: nothing is polished. Errors are added to `problems`. @param tree of the entity, for the
 * lines of errors and the written form of numbers.
 */
export function settlePolish(written: WrittenPolish | null | undefined, tree: MapNode, problems: Problems): Polish | undefined {
  if (!written) return undefined;
  const polished = child(tree, 'polish');
  const { columns } = written;
  const named = columns?.remove_special === true || columns?.remove_spaces === true || (columns?.case ?? null) !== null;
  const settled: Polish = {
    names: named
      ? { removeSpecial: columns?.remove_special ?? false, removeSpaces: columns?.remove_spaces ?? false, case: columns?.case ?? null }
      : null,
    hashIds: (written.hash_ids ?? []).map(({ name, from_columns, hex }) => ({
      name,
      from: from_columns,
      form: hex === false ? 'bytes' : 'hex',
    })),
    added: [
      ...constants(written, polished, problems),
      ...loadTimes(written, polished, problems),
      ...origins(written),
      ...rowMarker(written, polished, problems),
    ],
  };
  checkNames(settled, polished, problems);
  return settled.names === null && settled.hashIds.length === 0 && settled.added.length === 0 ? undefined : settled;
}

/** The columns that are masked, after all layers are merged; undefined: no column is masked. @param watermark of the entity. */
export function resolveMask(
  written: WrittenPolish | null | undefined,
  tree: MapNode,
  { watermark, problems }: { readonly watermark: WatermarkSpec | null; readonly problems: Problems },
): Mask | undefined {
  const found = child(child(tree, 'polish'), 'mask');
  const columns = new Map(Object.entries(written?.mask?.columns ?? {}).map(([name, by]) => [name, maskOf(by)] as const));
  if (found === undefined || columns.size === 0) return undefined;
  const refuse = (name: string, what: string, why: string, tryThis: string) =>
    problems.add({
      code: 'HYG-1019',
      what,
      why: [why],
      tryThis: [tryThis],
      spot: entry(child(found, 'columns'), name)?.spot ?? found.spot,
    });
  for (const [name, by] of columns) {
    if (name === watermark?.column)
      refuse(
        name,
        `${quoted(name)} is the watermark, which can't be masked.`,
        'The newest watermark is stored unmasked in the state, in the journal and next to the data. hygge compares it with settled rows.',
        'Use another column as the watermark, or leave this one unchanged.',
      );
    else if (by !== 'hash' && watermark?.key.includes(name))
      refuse(
        name,
        `${quoted(name)} is part of the key, and only \`hash\` keeps its values distinct.`,
        'With null or the first characters alone, rows with different keys would replace each other.',
        `Write \`${name}: hash\`: the same value always has the same hash.`,
      );
  }
  const secret = written?.mask?.secret ?? null;
  if (secret === null && [...columns.values()].includes('hash'))
    problems.add({
      code: 'HYG-1019',
      what: '`mask` has hashes, but no `secret` to make them with.',
      why: ['Without a secret, anyone who hashes all phone numbers or known addresses can find the owner of each hash.'],
      tryThis: [`Keep a long random text in a variable: \`secret: "\${MASK_SECRET}"\`.`, 'Make a secret: openssl rand -hex 32'],
      spot: found.spot,
    });
  warnOfSecrets(found as MapNode, problems);
  return { columns, secret };
}

const maskOf = (by: 'hash' | 'null' | null | { readonly first: number }): MaskBy =>
  by === null ? 'null' : typeof by === 'string' ? by : by.first;

function constants(written: WrittenPolish, tree: Tree | undefined, problems: Problems): readonly AddedColumn[] {
  return (written.constants ?? []).flatMap(({ name, type }, index) => {
    const value = child(itemOf(tree, 'constants', index), 'value');
    if (value?.kind !== 'scalar') return [];
    const constant = constantOf(value, type);
    if (constant !== undefined) return [{ name, what: 'constant' as const, ...constant }];
    problems.add({ code: 'HYG-1013', ...constantRefused(value, type ?? constantTypeOf(value)), spot: value.spot });
    return [];
  });
}

function constantRefused(value: Scalar, type: string | undefined): { readonly what: string; readonly tryThis: readonly [string] } {
  const shown = value.value === null ? 'nothing' : quoted(value.shown);
  if (type !== undefined)
    return { what: `${shown} is not a valid ${type}.`, tryThis: ['Write a value of that type, or name another `type`.'] };
  const types = `Name its type, for example \`type: string\`: it can be ${listed(constantTypes, 'or')}.`;
  return { what: `The type of this constant can't be decided: its value is ${shown}.`, tryThis: [types] };
}

function loadTimes(written: WrittenPolish, tree: Tree | undefined, problems: Problems): readonly AddedColumn[] {
  return (written.timestamps ?? []).flatMap((one, index) => {
    const item = itemOf(tree, 'timestamps', index);
    const local = entry(item, 'source');
    if (one.source === 'now_local' && local)
      problems.warn(
        'now_local',
        '`now_local` means `now_utc`: a run is the same wherever it runs, so its times are UTC.',
        local.value.spot,
      );
    const type = one.type ?? (one.format === undefined ? 'datetime' : 'string');
    const spot = child(item, 'format')?.spot;
    const unknown = one.format === undefined ? undefined : unknownDirective(one.format);
    if (spot !== undefined && type === 'datetime') {
      const what = '`format` is only for text, but `type` is `datetime`.';
      problems.add({ code: 'HYG-1013', what, tryThis: ['Remove `format`, or write `type: string`.'], spot });
    } else if (spot !== undefined && unknown !== undefined) {
      const what = `${quoted(unknown)} has no meaning in a format.`;
      problems.add({ code: 'HYG-1013', what, tryThis: [`There are ${listed(knownDirectives)}.`], spot });
    }
    return [{ name: one.name, what: 'load time' as const, format: type === 'datetime' ? null : (one.format ?? '%FT%T.%fZ') }];
  });
}

function origins({ columns_from: from }: WrittenPolish): readonly AddedColumn[] {
  const facts = [
    ['run id', from?.run_id],
    ['entity run id', from?.entity_run_id],
    ['source file', from?.source_file],
  ] as const;
  return facts.flatMap(([what, name]) => (name === undefined ? [] : [{ name, what }]));
}

/** `__rowMarker__` must be the last column, where its readers look for it. */
function rowMarker({ add_row_marker: marker }: WrittenPolish, tree: Tree | undefined, problems: Problems): readonly AddedColumn[] {
  const held = entry(tree, 'add_row_marker');
  if (marker === undefined || held === undefined) return [];
  const advice = 'is an older spelling: write `constants: [{ name: __rowMarker__, value: 4 }]`';
  problems.warn('add_row_marker', `\`add_row_marker\` ${advice}.`, held.spot);
  return marker.enabled === true
    ? [{ name: '__rowMarker__', what: 'constant', type: { kind: 'int64' }, text: String(marker.value ?? 4) }]
    : [];
}

/** Upper and lower case are ignored, as in databases. */
function checkNames({ hashIds, added }: Polish, tree: Tree | undefined, problems: Problems): void {
  const seen = new Set<string>();
  for (const { name } of [...hashIds, ...added]) {
    const key = name.normalize('NFC').toLowerCase();
    const spot = tree?.spot;
    if (seen.has(key) && spot !== undefined)
      problems.add({
        code: 'HYG-1016',
        what: `Polish adds two columns named ${quoted(name)}.`,
        why: ['As in databases, upper and lower case make no difference.'],
        tryThis: ['Give one of the two another name.'],
        spot: spotOf(tree, name) ?? spot,
      });
    seen.add(key);
  }
}

/** The last line where the name is written. */
function spotOf(tree: Tree | undefined, name: string): Scalar['spot'] | undefined {
  if (tree?.kind === 'scalar') return tree.text === name ? tree.spot : undefined;
  const inside = tree?.kind === 'list' ? tree.items : tree?.kind === 'map' ? [...tree.entries.values()].map(({ value }) => value) : [];
  return inside
    .map((one) => spotOf(one, name))
    .filter((spot) => spot !== undefined)
    .at(-1);
}

function itemOf(tree: Tree | undefined, key: string, index: number): Tree | undefined {
  const list = child(tree, key);
  return list?.kind === 'list' ? list.items[index] : undefined;
}
