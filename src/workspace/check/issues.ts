import type * as z from 'zod';
import { didYouMean } from '../../errors/did-you-mean.ts';
import { kindOf } from '../yaml/plain.ts';
import { keysNear, listed, quoted } from '../yaml/problems.ts';
import { meantBranch } from '../yaml/repair.ts';
import { hidesScalar, isSecretKeyName } from '../yaml/secret-lines.ts';
import type { Spot } from '../yaml/source.ts';
import { type Context, named } from '../yaml/subject.ts';
import { lookUp, type Tree } from '../yaml/tree.ts';
import { keysOf } from './schema-keys.ts';

type Issue = z.core.$ZodIssue;

/** Reports an issue that a schema found, as a message for people with file and line. */
export function explainIssue(issue: Issue, context: Context, above: readonly PropertyKey[] = []): void {
  const path = [...above, ...issue.path];
  const held = lookUp(context.tree, path)?.tree;
  if (held?.kind === 'scalar' && held.isUnset) return;
  switch (issue.code) {
    case 'unrecognized_keys':
      for (const key of issue.keys) unknownKey(key, path, context, ownReason(issue));
      return;
    case 'invalid_union': {
      const branch = meantBranch(issue);
      const choices = 'options' in issue ? issue.options?.filter((option) => typeof option === 'string') : undefined;
      if (choices !== undefined) notOneOf(path, choices, context);
      else if (branch.length > 0) for (const inner of branch) explainIssue(inner, context, path);
      else wrongKind(path, kindsOf(issue), context);
      return;
    }
    case 'invalid_type':
      wrongKind(path, [kindName(issue.expected)], context);
      return;
    case 'invalid_value':
      notOneOf(path, issue.values.map(String), context);
      return;
    case 'too_small':
    case 'too_big':
      bad(path, limitOf(issue), context);
      return;
    default:
      if (issue.code === 'custom' && typeof issue.params?.tryThis === 'string')
        saysItself(path, issue.message, issue.params.tryThis, context);
      else bad(path, issue.message, context);
  }
}

function kindsOf(issue: z.core.$ZodIssueInvalidUnion): readonly string[] {
  const kinds = issue.errors.flatMap((branch) =>
    branch.flatMap((inner) => (inner.code === 'invalid_type' ? [kindName(inner.expected)] : [])),
  );
  const known = kinds.filter((kind) => /^(a |text|true|nothing)/.test(kind));
  return [...new Set(known.length > 0 ? known : kinds)];
}

function kindName(expected: string): string {
  const names: Readonly<Record<string, string>> = {
    string: 'text',
    number: 'a number',
    int: 'a whole number',
    boolean: 'true or false',
    array: 'a list',
    object: 'a map',
    record: 'a map',
    null: 'nothing',
  };
  return names[expected] ?? expected;
}

function wrongKind(path: readonly PropertyKey[], kinds: readonly string[], context: Context): void {
  const held = lookUp(context.tree, path);
  const needed = kinds.filter((kind) => kind !== 'nothing').join(' or ') || 'another value';
  if (held === undefined) {
    missing(path, context);
    return;
  }
  const empty = held.tree.kind === 'scalar' && held.tree.value === null;
  context.problems.add({
    code: 'HYG-1011',
    what: empty
      ? `${named(path, context.subject)} has no value; it needs ${needed}.`
      : `${named(path, context.subject)} needs ${needed}, but it is ${kindOf(held.tree)}${echo(path, held.tree)}.`,
    tryThis: [remedy(path, kinds, held.tree)],
    spot: spotFor(held),
    meant: [...context.subject.prefix, ...path.map(String)].join('.'),
  });
}

function remedy(path: readonly PropertyKey[], kinds: readonly string[], tree: Tree): string {
  const key = String(path.at(-1) ?? 'key');
  if (kinds.includes('true or false')) return `Write \`${key}: true\` or \`${key}: false\`.`;
  if (kinds.includes('a whole number') || kinds.includes('a number')) return `Write a number without quotes: \`${key}: 8\`.`;
  if (kinds.includes('a list') && tree.kind === 'scalar')
    return `Write a list: \`${key}: [${isHidden(path) ? '…' : tree.shown || 'a, b'}]\`.`;
  if (kinds.includes('a list') && tree.kind === 'map') return `Write a list: below \`${key}:\` one \`- …\` a line.`;
  if (kinds.includes('text') && tree.kind !== 'scalar')
    return `Write one value; if it begins with \`{\` or \`[\`, put the value in quotes: \`${key}: "…"\`.`;
  if (kinds.includes('text')) return `Write a value after \`${key}:\`, or remove the key.`;
  if (key === 'watermark' && tree.kind === 'scalar' && tree.value !== null && !tree.fromVariable)
    return `Write the name of the column below the key, or in one line: \`watermark: { column: ${tree.shown} }\`.`;
  if (kinds.includes('a map')) return `Write keys below this key, indented, or in one line: \`${key}: { key: value }\`.`;
  return 'Write a value of the needed type, or remove the key.';
}

function missing(path: readonly PropertyKey[], context: Context): void {
  const key = String(path.at(-1));
  if (context.subject.internal?.includes(key)) return;
  const parent = path.length > 1 ? lookUp(context.tree, path.slice(0, -1)) : undefined;
  const group = path.length > 1 ? named(path.slice(0, -1), context.subject) : context.subject.name;
  context.problems.add({
    code: 'HYG-1012',
    what: `${quoted(key)} is missing: ${group} needs it.`,
    tryThis: [`Add \`${key}: …\`.`],
    spot: parent === undefined ? context.subject.spot : spotFor(parent),
    missing: [...context.subject.prefix, ...path.map(String)].join('.'),
  });
}

function notOneOf(path: readonly PropertyKey[], values: readonly string[], context: Context): void {
  const held = lookUp(context.tree, path);
  if (held === undefined) {
    missing(path, context);
    return;
  }
  const written = held.tree.kind === 'scalar' && !held.tree.fromVariable ? held.tree.text : '';
  const [begun, ...more] = values.filter((value) => written !== '' && value.startsWith(`${written.toLowerCase()}_`));
  const near = didYouMean(written, values) ?? (more.length === 0 ? begun : undefined);
  context.problems.add({
    code: 'HYG-1013',
    what: `${named(path, context.subject)} can't be ${held.tree.kind === 'scalar' && !isHidden(path) ? quoted(held.tree.shown) : kindOf(held.tree)}.${near === undefined ? '' : ` Did you mean ${quoted(near)}?`}`,
    tryThis: [values.length === 1 ? `It can only be ${listed(values)} for now.` : `It can be ${listed(values, 'or')}.`],
    spot: spotFor(held),
  });
}

function limitOf(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig): string {
  const limit = issue.code === 'too_small' ? issue.minimum : issue.maximum;
  if (issue.origin === 'string' && issue.code === 'too_small' && limit === 1) return 'some text; it is empty';
  const unit = issue.origin === 'string' ? ' characters' : issue.origin === 'array' || issue.origin === 'set' ? ' items' : '';
  if (unit === ' items' && issue.code === 'too_small' && limit === 1) return 'at least one item';
  const words = issue.inclusive === false ? ['more than', 'less than'] : ['at least', 'at most'];
  return `${words[issue.code === 'too_small' ? 0 : 1]} ${limit}${unit}`;
}

/** `message` says which value is needed. If `message` begins with a capital letter or a quote, it is a whole sentence. */
function bad(path: readonly PropertyKey[], message: string, context: Context): void {
  const held = lookUp(context.tree, path);
  if (held === undefined) {
    missing(path, context);
    return;
  }
  const sentence = /^[A-Z"]/.test(message);
  context.problems.add({
    code: String(path.at(-1)) === 'schedule' ? 'HYG-1070' : 'HYG-1013',
    what: sentence
      ? `${named(path, context.subject)}: ${message.replace(/\.?$/, '.')}`
      : `${named(path, context.subject)} needs ${message}${not(path, held.tree)}.`,
    tryThis: [
      sentence ? 'Correct the value, or remove the key.' : `Write ${message.replace(/^some text.*/, 'a value, or remove the key')}.`,
    ],
    spot: spotFor(held),
  });
}

/** The message of an issue whose schema gives a whole sentence and `params.tryThis`. */
function saysItself(path: readonly PropertyKey[], what: string, tryThis: string, context: Context): void {
  const held = lookUp(context.tree, path);
  context.problems.add({ code: 'HYG-1013', what, tryThis: [tryThis], spot: held === undefined ? context.subject.spot : spotFor(held) });
}

function not(path: readonly PropertyKey[], tree: Tree): string {
  return tree.kind === 'scalar' && tree.text !== '' && !isHidden(path) ? `, not ${quoted(tree.shown)}` : '';
}

function echo(path: readonly PropertyKey[], tree: Tree): string {
  return tree.kind === 'scalar' && !isHidden(path) ? ` (${quoted(tree.shown)})` : '';
}

/** Whether the value must be left out of a message. */
function isHidden(path: readonly PropertyKey[]): boolean {
  return path.some((key) => isSecretKeyName(String(key))) || hidesScalar(String(path.at(-1)));
}

function spotFor(held: NonNullable<ReturnType<typeof lookUp>>): Spot {
  return held.tree.kind === 'scalar' && held.tree.value !== null ? held.tree.spot : (held.entry?.spot ?? held.tree.spot);
}

/** The schema's own message (`error`) for a key that cannot exist, with the reason. */
function ownReason({ message }: z.core.$ZodIssueUnrecognizedKeys): readonly string[] {
  return message.startsWith('Unrecognized key') ? [] : [message];
}

/** Reports an unknown key, with the key that was probably meant and the keys that exist. */
function unknownKey(key: string, path: readonly PropertyKey[], context: Context, why: readonly string[]): void {
  const held = lookUp(context.tree, [...path, key])?.entry;
  const parent = lookUp(context.tree, path)?.tree;
  const known = [...keysOf(context.schema, path, parent)].filter((one) => !context.subject.internal?.includes(one)).sort();
  const there = parent?.kind === 'map' ? parent.entries : new Map<string, unknown>();
  const meant =
    didYouMean(
      key,
      known.filter((one) => !there.has(one)),
    ) ?? didYouMean(key, known);
  const elsewhere = meant === undefined ? context.subject.elsewhere?.(key) : undefined;
  const spot = held?.spot ?? context.subject.spot;
  if (key === 'mark_column') {
    context.problems.add({
      code: 'HYG-1084',
      what: `There is no \`mark_column\` in ${place(path, context)}: only a store that is a table has it.`,
      why: [
        'The column marks hygge’s rows in a table that other programs also write to. In a store of files, hygge’s rows are in files of their own.',
      ],
      tryThis: ['Remove it.'],
      spot,
    });
    return;
  }
  context.problems.add({
    code: 'HYG-1010',
    what: `There is no key ${quoted(key)} in ${place(path, context)}.${meant === undefined ? '' : ` Did you mean ${quoted(meant)}?`}`,
    why,
    tryThis: elsewhere === undefined ? [advice(key, known, meant)] : [elsewhere, advice(key, known, meant)],
    spot,
    ...(meant === undefined && elsewhere === undefined
      ? { stray: { key, value: writtenBehind(key, held?.value), mayBeSecret: mayHoldSecret(held?.value) } }
      : {}),
    ...(meant === undefined ? {} : { meant: [...context.subject.prefix, ...path.map(String), meant].join('.') }),
    // Values of unknown keys are not shown, because `pasword:` or `psw:` may be misspelt keys of a password.
    ...((meant === undefined ? elsewhere === undefined && mayHoldSecret(held?.value) : hidesScalar(meant))
      ? { hideFrom: spot.source.keyless ? 0 : spot.offset + key.length + 1 }
      : {}),
  });
}

/** The value for a suggested line of YAML, if any schema knows the key. */
function writtenBehind(key: string, value: Tree | undefined): string {
  if (value?.kind === 'list' && value.items.every((item) => item.kind === 'scalar'))
    return `[${value.items.map((item) => writtenBehind(key, item)).join(', ')}]`;
  const isShown = value?.kind === 'scalar' && value.value !== null && !value.fromVariable && !isHidden([key]) && value.shown.length < 40;
  if (!isShown) return '…';
  return /^[\w.+/-][\w.+/ -]*$/.test(value.shown) ? value.shown : JSON.stringify(value.shown);
}

/** Numbers, switches and short words are not secrets. */
function mayHoldSecret(value: Tree | undefined): boolean {
  if (value === undefined) return false;
  if (value.kind === 'list') return value.items.some(mayHoldSecret);
  if (value.kind === 'map') return [...value.entries.values()].some((one) => mayHoldSecret(one.value));
  return typeof value.value === 'string' && value.value.length >= 8 && !/^\$\{\w+\}$/.test(value.value);
}

/** @param meant the key of `known` that the message already names. */
function advice(key: string, known: readonly string[], meant: string | undefined): string {
  return known.length === 0 ? 'Remove it.' : keysNear(key, known, meant);
}

function place(path: readonly PropertyKey[], context: Context): string {
  return path.length === 0 ? context.subject.name : named(path, context.subject);
}
