/** `pagination` as YAML, for advice that a person can paste. */
import { mapAsYaml } from '../../errors/as-yaml.ts';
import type { Instead } from '../answers/errors.ts';
import type { Pagination } from './config.ts';
import type { PageKeys, Sign } from './list-signs.ts';

const keyOrder = [
  'type',
  'at',
  'header',
  'param',
  'start',
  'field',
  'key',
  'overlap',
  'page_size',
  'size_param',
  'end',
  'has_more_at',
  'last_at',
  'total_at',
  'total_header',
  'ignore_next',
  'ignore',
] as const;
type Values = Readonly<Partial<Record<(typeof keyOrder)[number], string | number | boolean | readonly string[] | undefined>>>;

/** The value of `pagination`. Keys that are undefined are left out. */
export function pagesAsYaml(keys: PageKeys | Values): string {
  return mapAsYaml(keyOrder, keys);
}

/** What the config has, with other values for some keys, and without its defaults. */
export function withKeys(pages: Pagination, changed: Values): string {
  const given: Values = { ...pages, ...changed };
  const hasOwnParam = pages.type === 'page' || pages.type === 'offset';
  return pagesAsYaml({
    ...given,
    param: hasOwnParam && given.param === pages.type ? undefined : given.param,
    end: given.end === 'empty' ? undefined : given.end,
  });
}

/** What the config has, where the parameter of the page takes a position. */
export function byPosition(pages: Pagination): string {
  const { start: _start, overlap: _overlap, param, ...rest } = pages as Pagination & Values;
  return withKeys({ ...rest, type: 'offset' } as Pagination, { param });
}

/** What the config has, where the parameter of the position takes the number of a page. */
export function byNumber(pages: Pagination): string {
  return withKeys({ ...pages, type: 'page' } as Pagination, {});
}

/** The signs that the config ignores, and these. */
export function ignoredWith({ ignore = [] }: Pagination, by: readonly Pick<Sign, 'name'>[]): readonly Sign['name'][] {
  return [...new Set([...ignore, ...by.map(({ name }) => name)])];
}

/** What the config has, where these signs say nothing. */
export function ignoring(pages: Pagination, by: readonly Pick<Sign, 'name'>[]): string {
  const ignore = ignoredWith(pages, by);
  const hasTotal = !ignore.includes('total');
  const hasWord = !ignore.includes('has_more');
  const end = 'end' in pages ? pages.end : undefined;
  const isLeft = (end === 'total' && !hasTotal) || (end === 'has_more' && !hasWord);
  return withKeys(pages, {
    ...(hasTotal ? undefined : { total_at: undefined, total_header: undefined }),
    ...(hasWord ? undefined : { has_more_at: undefined, last_at: undefined }),
    end: isLeft ? undefined : end,
    ignore: ignore.length === 0 ? undefined : ignore,
  });
}

/** What to set where equal records of two pages are taken for the same ones. */
export function insteadOfOverlap(pages: Pagination, when: string): Instead {
  return { when, pagination: withKeys(pages, { overlap: 'none' }) };
}

/** What to set where pages differ in one field, and their records are others all the same. */
export function differsBy(pages: Pagination, field: string): readonly Instead[] {
  const hasKey = ('key' in pages || pages.type === 'page') && !field.includes(', ');
  const pagination = hasKey ? withKeys(pages, { key: field }) : ignoring(pages, [{ name: 'repeats' }]);
  return [{ when: `Their records differ in ${field} alone. If they are other records all the same`, pagination }];
}

export function ownRecords(pages: Pagination): readonly Instead[] {
  return [insteadOfOverlap(pages, 'If equal records of two pages are records of their own')];
}
