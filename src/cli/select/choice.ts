import { nearest } from '../../errors/did-you-mean.ts';
import { ConfigError } from '../../errors/hygge-error.ts';
import { visible } from '../../narrate/text/visible.ts';
import { namePattern } from '../../workspace/name-pattern.ts';

/** An item of a list from which a person chooses. */
export interface NamedChoice {
  /** The names of the item that patterns are compared with. The first name is shown. */
  readonly called: readonly string[];
  /** Whether the item is a view, which shows rows of tables. A pattern that also matches a table leaves out the view. */
  readonly isView?: boolean;
}

/** An item that hygge may be unable to read. */
export interface Readable extends NamedChoice {
  /** The reason why hygge can not read the item. Absent: hygge can read the item. */
  readonly unread?: string;
}

/** Divides items into the chosen items and the items that are left out. @param views whether views are requested. */
export function split<C extends Readable>(
  all: readonly C[],
  views: boolean,
): { readonly [part in 'taken' | 'views' | 'unread']: readonly C[] } {
  const readable = all.filter(({ unread }) => unread === undefined);
  const taken = views ? readable : withoutViews(readable);
  const takesViews = views || taken.some(({ isView }) => isView === true) || all.every(({ isView }) => isView === true);
  const isCounted = ({ isView }: C) => takesViews || isView !== true;
  return {
    taken,
    views: all.filter((one) => !isCounted(one)),
    unread: all.filter((one) => one.unread !== undefined && isCounted(one)),
  };
}

/** The items without views. If all items are views, the views stay. */
export function withoutViews<C extends NamedChoice>(found: readonly C[]): readonly C[] {
  const others = found.filter(({ isView }) => isView !== true);
  return others.length === 0 ? found : others;
}

/** The candidates that match at least one pattern, in their order. Throws if a pattern matches no candidate. */
export function matching<C extends NamedChoice>(
  candidates: readonly C[],
  patterns: readonly string[],
  shown: string,
  unread: readonly Readable[] = [],
): readonly C[] {
  const wanted = new Set<C>();
  for (const pattern of patterns) {
    const like = namePattern(pattern, 'iu');
    // An exact name has priority over a pattern. So a person can choose one of `Case` and `case`, or of `st*r` and `star`.
    const exact = candidates.filter(({ called }) => called.includes(pattern));
    const alike = exact.length > 0 ? exact : candidates.filter(({ called }) => called.some((name) => like.test(name)));
    const found = pattern === 'all' ? withoutViews(candidates) : exact.length > 0 ? exact : withoutViews(alike);
    if (found.length === 0) throw noneLike(pattern, candidates, { shown, unread });
    for (const one of found) wanted.add(one);
  }
  return candidates.filter((one) => wanted.has(one));
}

function noneLike(
  pattern: string,
  candidates: readonly NamedChoice[],
  { shown, unread }: { readonly shown: string; readonly unread: readonly Readable[] },
): ConfigError {
  const like = namePattern(pattern, 'iu');
  const [hidden] = unread.filter(({ called }) => called.some((name) => like.test(name)));
  if (hidden !== undefined)
    return new ConfigError({
      code: 'HYG-1902',
      what: `${visible(hidden.called[0] ?? '')} in ${visible(shown)} can't be read: ${visible(hidden.unread ?? '')}.`,
      tryThis: ['Give the role the right to read it, if that is the reason', 'Or choose other tables'],
    });
  const names = candidates.map(({ called: [name = ''] }) => name);
  const near = nearest(pattern.replaceAll(/[*?]/g, ''), names);
  return new ConfigError({
    code: 'HYG-1902',
    what: `Nothing in ${visible(shown)} is called ${visible(pattern)}.`,
    why: [
      near.length > 0
        ? `There is ${near.map(visible).join(', ')}.`
        : `There is ${names.slice(0, 10).map(visible).join(', ')}${names.length > 10 ? ' and more' : ''}.`,
    ],
    tryThis: ["Write existing names, or a pattern in quotes: --tables 'sales.*'", 'Or take everything: --yes'],
  });
}

/** The candidates that an answer of numbers, ranges, names and patterns means. If the answer is invalid, the result is a sentence. */
export function answered<C extends NamedChoice>(answer: string, candidates: readonly C[], shown: string): readonly C[] | string {
  const words = answer.split(/[\s,]+/).filter((word) => word !== '');
  const wanted = new Set<C>();
  for (const word of words) {
    const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(word) ?? [];
    if (first === undefined) {
      try {
        for (const one of matching(candidates, [word === '*' ? 'all' : word], shown)) wanted.add(one);
      } catch (error) {
        if (error instanceof ConfigError) return `${error.what} ${error.why.join(' ')}`;
        throw error;
      }
      continue;
    }
    const [from, to] = [Number(first), Number(last)];
    if (from < 1 || to < from || to > candidates.length) return `There is no ${word}: the numbers go from 1 to ${candidates.length}.`;
    for (const one of candidates.slice(from - 1, to)) wanted.add(one);
  }
  return candidates.filter((one) => wanted.has(one));
}
