import { didYouMean } from '../../errors/did-you-mean.ts';
import { listed, quoted } from '../yaml/problems.ts';
import { hidesScalar } from '../yaml/secret-lines.ts';
import { type Context, named } from '../yaml/subject.ts';
import { lookUp } from '../yaml/tree.ts';
import { keysOf } from './schema-keys.ts';

/** Says that nothing goes by this key, what was probably meant, and what there is. */
export function unknownKey(key: string, path: readonly PropertyKey[], context: Context): void {
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
      what: `There is no \`mark_column\` in ${place(path, context)}: it is for stores that are tables.`,
      why: ['A column tells our rows from those of others in one table; where rows settle in files of their own, the files tell.'],
      tryThis: ['Remove it.'],
      spot,
    });
    return;
  }
  context.problems.add({
    code: 'HYG-1010',
    what: `There is no key ${quoted(key)} in ${place(path, context)}.${meant === undefined ? '' : ` Did you mean ${quoted(meant)}?`}`,
    tryThis: elsewhere === undefined ? [advice(known)] : [elsewhere, advice(known)],
    spot,
    ...(meant === undefined ? {} : { meant: [...context.subject.prefix, ...path.map(String), meant].join('.') }),
    // A misspelt `pasword:` must not put its value on the screen.
    ...(meant !== undefined && hidesScalar(meant) ? { hideFrom: spot.source.keyless ? 0 : spot.offset + key.length + 1 } : {}),
  });
}

function advice(known: readonly string[]): string {
  return known.length === 0 ? 'Remove it.' : `The keys are ${listed(known)}.`;
}

function place(path: readonly PropertyKey[], context: Context): string {
  return path.length === 0 ? context.subject.name : named(path, context.subject);
}
