/** Writes the keys that plans propose into the YAML of their homes, and shows the changes (`hygge go --dry-run --write`). */
import { isDeepStrictEqual } from 'node:util';
import { isMap, isNode, isPair, isScalar, isSeq, parseDocument, visit } from 'yaml';
import { textToEdit, writeFileInside } from '../../adapters/version-folder.ts';
import type { EntitySpec } from '../../engine/contracts/spec.ts';
import { shellWord } from '../../errors/as-argument.ts';
import type { Where } from '../../errors/hygge-error.ts';
import { visible } from '../../narrate/text/visible.ts';
import type { HyggeEvent } from '../../ports/events.ts';
import type { Random } from '../../ports/random.ts';
import type { FlowSpec } from '../../workspace/load/load.ts';
import { inlineMap, quotedScalar } from '../draft/yaml.ts';

type HomeKeys = Readonly<Record<string, string>>;

export interface ProposedOf {
  readonly root: string;
  /** All entities of each flow, since an entity that was not planned may read another file by the same home. */
  readonly flows: readonly Pick<FlowSpec, 'entities' | 'finds'>[];
  readonly random: Pick<Random, 'nonce'>;
}

/** Returns lines for people: the changed lines of each file, or the lines that a person must write, with their file. */
export async function writeProposals(plans: readonly HyggeEvent[], to: ProposedOf): Promise<readonly string[]> {
  const proposed = new Map<EntitySpec, HomeKeys>();
  const entities = to.flows.flatMap((flow) => flow.entities);
  for (const plan of plans) {
    if (plan.event !== 'plan') continue;
    const spec = entities.find(({ flow, entity }) => flow === plan.flow && entity === plan.entity);
    if (spec !== undefined) proposed.set(spec, plan.proposes ?? {});
  }
  const lines: string[] = [];
  /** Entities that a pattern finds. The config has no section for a single one of these entities, so its keys can not be written. */
  const unplaced: EntitySpec[] = [];
  const findings = new Set(to.flows.flatMap(({ finds, entities }) => (finds === null ? [] : entities.filter(isInFlowFile))));
  const homes = Map.groupBy(entities, ({ home }) => JSON.stringify([home.where?.file, home.where?.line, home.where?.column]));
  const edits = [...homes.values()].flatMap((sharing): readonly PlannedEdit[] => {
    const keys = sharing.map((spec) => proposed.get(spec) ?? {});
    const [shared = {}] = keys;
    const where = sharing[0]?.home.where;
    const own = sharing.map((spec, at) => ({
      where: spec.where,
      keys: keys[at] ?? {},
      run: async (to: ProposedOf) => {
        if (!findings.has(spec)) return await writtenOf(spec, keys[at] ?? {}, to);
        if (isAny(keys[at] ?? {})) unplaced.push(spec);
        return [];
      },
    }));
    if (where === undefined || !isAny(shared) || !keys.every((one) => isDeepStrictEqual(one, shared))) return own;
    const orOwn = async (to: ProposedOf) => {
      const told = await written(to, where, [withKeys, shared]);
      if (told !== undefined) return told;
      const each: string[] = [];
      for (const one of own.toSorted(fromTheEnd)) each.push(...(await one.run(to)));
      return each;
    };
    return [{ where, keys: shared, run: orOwn }];
  });
  for (const { run } of edits.filter(({ keys }) => isAny(keys)).toSorted(fromTheEnd)) lines.push(...(await run(to)));
  for (const [flow, found] of Map.groupBy(unplaced, ({ flow }) => flow)) lines.push(...linesOnFound(flow, found));
  return lines.length === 0 ? ['No plan proposes a key: the config is unchanged.'] : ['', ...lines];
}

/** Whether an entity is in the file of its flow. Any other entity has a separate file, which identifies it. */
const isInFlowFile = ({ where }: EntitySpec): boolean => /(?:^|[\\/])flow\.ya?ml$/.test(where.file);

function linesOnFound(flow: string, [first, ...others]: readonly EntitySpec[]): readonly string[] {
  if (first === undefined) return [];
  const names = [first, ...others].map(({ entity }) => visible(entity));
  const shown = names.length > 3 ? `${names.slice(0, 2).join(', ')} and ${names.length - 2} more` : names.join(', ');
  return [
    `${visible(first.where.file)}, line ${first.where.line}: a pattern finds ${shown}, so no line contains the keys of one entity. First write a file for each entity:`,
    `    hygge generate entities --flow ${shellWord(flow)}`,
    '    hygge go --dry-run --write',
  ];
}

interface PlannedEdit {
  readonly where: Where;
  readonly keys: HomeKeys;
  readonly run: (to: ProposedOf) => Promise<readonly string[]>;
}

/** Sorts changes from the end of a file to its beginning, since a change moves the later lines. */
const fromTheEnd = ({ where: a }: PlannedEdit, { where: b }: PlannedEdit): number =>
  a.file === b.file ? b.line - a.line || b.column - a.column : a.file < b.file ? -1 : 1;

const isAny = (keys: HomeKeys): boolean => Object.keys(keys).length > 0;

async function writtenOf({ flow, entity, where }: EntitySpec, keys: HomeKeys, to: ProposedOf): Promise<readonly string[]> {
  if (!isAny(keys)) return [];
  const told = await written(to, where, [withOwnHome, keys]);
  return (
    told ?? [`${visible(where.file)}, line ${where.line}: write this for ${visible(`${flow}.${entity}`)}:`, `    home: ${inlineMap(keys)}`]
  );
}

type Edit = (text: string, offset: number, keys: HomeKeys) => string | undefined;

/** The lines of a change that was written. Undefined: nothing was written. */
async function written(
  { root, random }: Pick<ProposedOf, 'root' | 'random'>,
  { file, line, column }: Where,
  [edit, keys]: readonly [Edit, HomeKeys],
): Promise<readonly string[] | undefined> {
  const text = await textToEdit(root, file);
  if (text === undefined) return undefined;
  const lines = text.split('\n').slice(0, line - 1);
  const after = edit(text, lines.reduce((sum, one) => sum + one.length + 1, 0) + column - 1, keys);
  if (after === undefined) return undefined;
  await writeFileInside(root, file, after, random.nonce());
  return [`${visible(file)}:`, ...difference(text, after)];
}

type Values = Record<string, unknown>;

const isValues = (value: unknown): value is Values => typeof value === 'object' && value !== null && !Array.isArray(value);

/** The first of several texts whose YAML has the values that `change` makes. Other texts are wrong: an alias, for example, would change together with its anchor. */
function thatSays(text: string, after: readonly string[], change: (values: unknown) => unknown): string | undefined {
  const before = parseDocument(text, { merge: true });
  if (before.errors.length > 0) return undefined;
  const expected = change(structuredClone(before.toJS()));
  return after.find((one) => {
    const document = parseDocument(one, { merge: true });
    return document.errors.length === 0 && isDeepStrictEqual(document.toJS(), expected);
  });
}

const asParsed = (keys: HomeKeys): Values =>
  Object.fromEntries(Object.entries(keys).map(([key, value]) => [key, parseDocument(quotedScalar(value)).toJS()]));

/** The text with a new home for the entity at this offset, which is a name in a list, or a file without a home. Undefined: the text can not be changed. */
export function withOwnHome(text: string, offset: number, keys: HomeKeys): string | undefined {
  const document = parseDocument(text);
  const entities = document.get('entities', true);
  const at = isSeq(entities)
    ? entities.items.findIndex((node) => isScalar(node) && node.range != null && node.range[0] <= offset && offset < node.range[1])
    : -1;
  const name = isSeq(entities) ? entities.items[at] : undefined;
  if (isScalar(name) && name.range != null) {
    const [start, end] = name.range;
    const after = `${text.slice(0, start)}{ name: ${text.slice(start, end)}, home: ${inlineMap(keys)} }${text.slice(end)}`;
    return thatSays(text, [after], (values) => {
      if (isValues(values) && Array.isArray(values.entities)) values.entities[at] = { name: values.entities[at], home: asParsed(keys) };
      return values;
    });
  }
  if (document.has('home') || document.has('entities')) return undefined;
  const newline = newlineOf(text);
  const after = `${text === '' || text.endsWith('\n') ? text : `${text}${newline}`}home: ${inlineMap(keys)}${newline}`;
  return thatSays(text, [after], (values) => ({ ...(isValues(values) ? values : {}), home: asParsed(keys) }));
}

const newlineOf = (text: string): string => (text.includes('\r\n') ? '\r\n' : '\n');

/** The text with further keys in the home around this offset, and otherwise unchanged. Undefined: the offset is not in a home, or the home has one of the keys. */
export function withKeys(text: string, offset: number, keys: HomeKeys): string | undefined {
  let found: { readonly value: unknown; readonly path: readonly (string | number)[] } | undefined;
  visit(parseDocument(text), {
    Pair(_, { key, value }, ancestors) {
      if (!isScalar(key) || key.value !== 'home' || !isNode(value) || value.range == null) return;
      if (value.range[0] <= offset && offset < value.range[1]) found = { value, path: pathOf(ancestors) };
    },
  });
  if (found === undefined) return undefined;
  const { value, path } = found;
  const after = homesWith(text, value, keys);
  return thatSays(text, after, (values) => {
    const holder = path.reduce<unknown>((at, key) => (at as Values | undefined)?.[key], values);
    if (!isValues(holder)) return undefined;
    const home = holder.home;
    holder.home = { ...(isValues(home) ? home : { path: home }), ...asParsed(keys) };
    return values;
  });
}

/** The keys and indexes on the path from the root to the map that contains a pair. */
function pathOf(ancestors: readonly unknown[]): readonly (string | number)[] {
  return ancestors.flatMap((node, i): readonly (string | number)[] => {
    if (isPair(node)) return isScalar(node.key) ? [String(node.key.value)] : [];
    return isSeq(node) && ancestors[i + 1] !== undefined ? [node.items.indexOf(ancestors[i + 1])] : [];
  });
}

function homesWith(text: string, value: unknown, keys: HomeKeys): readonly string[] {
  if (!isNode(value) || value.range == null) return [];
  const [start, end] = value.range;
  const entries = Object.entries(keys).map(([key, one]) => `${key}: ${quotedScalar(one)}`);
  const inserted = (at: number, what: string) => `${text.slice(0, at)}${what}${text.slice(at)}`;
  if (isScalar(value)) {
    if (value.type === 'BLOCK_LITERAL' || value.type === 'BLOCK_FOLDED') return [];
    // Inside of a map, some texts need quotes.
    return [text.slice(start, end), JSON.stringify(value.value)].map(
      (path) => `${text.slice(0, start)}{ path: ${path}, ${entries.join(', ')} }${text.slice(end)}`,
    );
  }
  if (!isMap(value) || Object.keys(keys).some((key) => value.has(key))) return [];
  const [first, last] = [value.items[0], value.items.at(-1)];
  if (value.flow && last === undefined) return [inserted(start + 1, ` ${entries.join(', ')} `)];
  const [firstKey, lastValue] = [first?.key, last?.value];
  if (!isScalar(firstKey) || firstKey.range == null || !isNode(lastValue) || lastValue.range == null) return [];
  if (value.flow) return [inserted(lastValue.range[1], `, ${entries.join(', ')}`)];
  const indent = text.slice(text.lastIndexOf('\n', firstKey.range[0]) + 1, firstKey.range[0]).replace(/[^ ]/g, ' ');
  const lineEnd = text.indexOf('\n', lastValue.range[1] - 1);
  const newline = newlineOf(text);
  const added = entries.map((entry) => `${indent}${entry}${newline}`).join('');
  return [lineEnd === -1 ? `${text}${newline}${added.slice(0, -newline.length)}` : inserted(lineEnd + 1, added)];
}

/** The lines that a single change removes and adds. */
function difference(before: string, after: string): readonly string[] {
  const [old, now] = [before.split('\n'), after.split('\n')];
  let start = 0;
  while (start < old.length && old[start] === now[start]) start++;
  let end = 0;
  while (end < old.length - start && end < now.length - start && old.at(-1 - end) === now.at(-1 - end)) end++;
  const gone = old.slice(start, old.length - end).map((line) => `  - ${visible(line.trimEnd())}`);
  const added = now.slice(start, now.length - end).map((line) => `  + ${visible(line.trimEnd())}`);
  return [...gone, ...added];
}
