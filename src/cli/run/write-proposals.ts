/** `hygge go --dry-run --write`: puts the keys that plans propose into the YAML of their homes, and shows what changed. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isMap, isNode, isScalar, isSeq, type Pair, parseDocument, type Scalar, visit } from 'yaml';
import { writeFileInside } from '../../adapters/version-folder.ts';
import type { EntitySpec } from '../../engine/contracts/spec.ts';
import type { Where } from '../../errors/hygge-error.ts';
import { visible } from '../../narrate/text/visible.ts';
import type { HyggeEvent } from '../../ports/events.ts';
import type { Random } from '../../ports/random.ts';
import type { FlowSpec } from '../../workspace/load/load.ts';
import { quotedScalar } from '../draft/yaml.ts';

type HomeKeys = Readonly<Record<string, string>>;

export interface ProposedOf {
  readonly root: string;
  /** All entities of each flow. An entity that was not planned may read another file by the same home. */
  readonly flows: readonly Pick<FlowSpec, 'entities'>[];
  readonly random: Pick<Random, 'nonce'>;
}

/** Lines for people: the changed lines of each file, or what a person has to write where. */
export async function writeProposals(plans: readonly HyggeEvent[], to: ProposedOf): Promise<readonly string[]> {
  const proposed = new Map<EntitySpec, HomeKeys>();
  const entities = to.flows.flatMap((flow) => flow.entities);
  for (const plan of plans) {
    if (plan.event !== 'plan') continue;
    const spec = entities.find(({ flow, entity }) => flow === plan.flow && entity === plan.entity);
    if (spec !== undefined) proposed.set(spec, plan.proposes ?? {});
  }
  const lines: string[] = [];
  for (const sharing of groupedBy(entities, ({ home }) => JSON.stringify([home.where?.file, home.where?.line, home.where?.column]))) {
    const keys = sharing.map((spec) => proposed.get(spec) ?? {});
    const [shared = {}] = keys;
    const where = sharing[0]?.home.where;
    const isShared = where !== undefined && keys.every((one) => JSON.stringify(one) === JSON.stringify(shared));
    const told = isShared && isAny(shared) ? await written(to, where, [withKeys, shared]) : undefined;
    if (told !== undefined) lines.push(...told);
    else for (const [at, spec] of sharing.entries()) lines.push(...(await writtenOf(spec, keys[at] ?? {}, to)));
  }
  return lines.length === 0
    ? ['No plan proposes a key: the config is unchanged.']
    : ['', 'The config has the proposed keys now:', ...lines];
}

const isAny = (keys: HomeKeys): boolean => Object.keys(keys).length > 0;

async function writtenOf({ flow, entity, where }: EntitySpec, keys: HomeKeys, to: ProposedOf): Promise<readonly string[]> {
  if (!isAny(keys)) return [];
  const told = await written(to, where, [withOwnHome, keys]);
  return (
    told ?? [`${visible(where.file)}, line ${where.line}: write this for ${visible(`${flow}.${entity}`)}:`, `    home: ${mapOf(keys)}`]
  );
}

function groupedBy<T>(all: readonly T[], keyOf: (one: T) => string): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const one of all) groups.set(keyOf(one), [...(groups.get(keyOf(one)) ?? []), one]);
  return [...groups.values()];
}

type Edit = (text: string, offset: number, keys: HomeKeys) => string | undefined;

/** Undefined: nothing was written. */
async function written(
  { root, random }: Pick<ProposedOf, 'root' | 'random'>,
  { file, line, column }: Where,
  [edit, keys]: readonly [Edit, HomeKeys],
): Promise<readonly string[] | undefined> {
  const text = await readFile(join(root, file), 'utf8');
  const lines = text.split('\n').slice(0, line - 1);
  const after = edit(text, lines.reduce((sum, one) => sum + one.length + 1, 0) + column - 1, keys);
  if (after === undefined) return undefined;
  await writeFileInside(root, file, after, random.nonce());
  return [`${visible(file)}:`, ...difference(text, after)];
}

const mapOf = (keys: HomeKeys): string =>
  `{ ${Object.entries(keys)
    .map(([key, value]) => `${key}: ${quotedScalar(value)}`)
    .join(', ')} }`;

/** The text with a home of its own for the entity at this place: a name in a list, or a file without a home. */
export function withOwnHome(text: string, offset: number, keys: HomeKeys): string | undefined {
  const document = parseDocument(text);
  let name: Scalar | undefined;
  visit(document, {
    Scalar(_, node) {
      if (node.range != null && node.range[0] <= offset && offset < node.range[1]) name = node;
    },
  });
  if (name?.range != null && isSeq(document.get('entities', true))) {
    const [start, end] = name.range;
    return `${text.slice(0, start)}{ name: ${text.slice(start, end)}, home: ${mapOf(keys)} }${text.slice(end)}`;
  }
  if (document.has('home') || document.has('entities')) return undefined;
  return `${text === '' || text.endsWith('\n') ? text : `${text}\n`}home: ${mapOf(keys)}\n`;
}

/** The text with more keys in the home around this place; the rest is unchanged. Undefined: no home is there, or it has such a key. */
export function withKeys(text: string, offset: number, keys: HomeKeys): string | undefined {
  let home: Pair | undefined;
  visit(parseDocument(text), {
    Pair(_, pair) {
      const { key, value } = pair;
      if (!isScalar(key) || key.value !== 'home' || !isNode(value) || value.range == null) return;
      if (value.range[0] <= offset && offset < value.range[1]) home = pair;
    },
  });
  const value = home?.value;
  if (!isNode(value) || value.range == null) return undefined;
  const [start, end] = value.range;
  const entries = Object.entries(keys).map(([key, one]) => `${key}: ${quotedScalar(one)}`);
  if (isScalar(value)) return `${text.slice(0, start)}{ path: ${text.slice(start, end)}, ${entries.join(', ')} }${text.slice(end)}`;
  if (!isMap(value) || Object.keys(keys).some((key) => value.has(key))) return undefined;
  const last = value.items.at(-1);
  const [firstKey, lastValue] = [value.items[0]?.key, last?.value];
  if (value.flow) {
    const close = text.lastIndexOf('}', end - 1);
    return `${text.slice(0, close).replace(/,?\s*$/, '')}, ${entries.join(', ')} ${text.slice(close)}`;
  }
  if (!isScalar(firstKey) || firstKey.range == null || !isNode(lastValue) || lastValue.range == null) return undefined;
  const indent = ' '.repeat(firstKey.range[0] - (text.lastIndexOf('\n', firstKey.range[0]) + 1));
  const lineEnd = text.indexOf('\n', lastValue.range[1] - 1);
  const at = lineEnd === -1 ? text.length : lineEnd;
  return `${text.slice(0, at)}${entries.map((entry) => `\n${indent}${entry}`).join('')}${text.slice(at)}`;
}

function difference(before: string, after: string): readonly string[] {
  const [old, now] = [before.split('\n'), after.split('\n')];
  const gone = old.filter((line) => !now.includes(line)).map((line) => `  - ${visible(line)}`);
  const added = now.filter((line) => !old.includes(line)).map((line) => `  + ${visible(line)}`);
  return [...gone, ...added];
}
