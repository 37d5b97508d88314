/** Writes `pagination` as YAML, for advice that a person can paste into a config. */
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

/** The value of `pagination` as YAML. Keys whose value is undefined are left out. */
export function pagesAsYaml(keys: PageKeys | Values): string {
  return mapAsYaml(keyOrder, keys);
}

/** The `pagination` of the config as YAML, with other values for some keys, and without default values. */
export function withKeys(pages: Pagination, changed: Values): string {
  const given: Values = { ...pages, ...changed };
  const hasOwnParam = pages.type === 'page' || pages.type === 'offset';
  return pagesAsYaml({
    ...given,
    param: hasOwnParam && given.param === pages.type ? undefined : given.param,
    end: given.end === 'empty' ? undefined : given.end,
  });
}

/** The `pagination` of the config as YAML, changed to pages by position. */
export function byPosition(pages: Pagination): string {
  const { start: _start, overlap: _overlap, param, ...rest } = pages as Pagination & Values;
  return withKeys({ ...rest, type: 'offset' } as Pagination, { param });
}

/** The `pagination` of the config as YAML, changed to pages by number. */
export function byNumber(pages: Pagination): string {
  return withKeys({ ...pages, type: 'page' } as Pagination, {});
}

/** The names of the signs that the config ignores, and of the given signs. */
export function ignoredWith({ ignore = [] }: Pagination, by: readonly Pick<Sign, 'name'>[]): readonly Sign['name'][] {
  return [...new Set([...ignore, ...by.map(({ name }) => name)])];
}

/** The `pagination` of the config as YAML, ignoring the given signs too. */
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

/** The setting to use if equal records on two pages are different records. */
export function insteadOfOverlap(pages: Pagination, when: string): Instead {
  return { when, pagination: withKeys(pages, { overlap: 'none' }) };
}

/** The setting to use if pages differ only in one field, although their records are different. */
export function differsBy(pages: Pagination, field: string): readonly Instead[] {
  const hasKey = ('key' in pages || pages.type === 'page') && !field.includes(', ');
  const pagination = hasKey ? withKeys(pages, { key: field }) : ignoring(pages, [{ name: 'repeats' }]);
  return [{ when: `The records of these pages differ only in ${field}. If they are different records`, pagination }];
}

export function ownRecords(pages: Pagination): readonly Instead[] {
  return [insteadOfOverlap(pages, 'If equal records on two pages are separate records')];
}
