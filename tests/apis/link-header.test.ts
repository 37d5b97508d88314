/** The header `Link`, as RFC 8288 has it and as servers write it. */
import { describe, expect, test } from 'vitest';
import { linkSaid, linkTo } from '../../src/apis/answers/link-header.ts';

const of = new URL('https://a/items?page=1');
const next = '<https://a/?p=2>';
const addressOf = (header: string) => linkTo('next', header, of);

describe('the address of the next page is read where', () => {
  test.each<[string, string, string]>([
    ['links follow each other', `${next}; rel="next", <https://a/?p=9>; rel="last"`, 'https://a/?p=2'],
    [
      'it is the last link, as of several headers',
      `<https://a/?p=1>; rel="prev", <https://a/?p=9>; rel=last, ${next}; rel=next`,
      'https://a/?p=2',
    ],
    ['the address has commas and semicolons', '<https://a/?p=1>; rel="prev", </?p=2,3;x>; title="a, b"; rel="nofollow next"', '/?p=2,3;x'],
    ['the relation stands without quotes', `${next}; rel=next`, 'https://a/?p=2'],
    ['a title has quotes behind a backslash', String.raw`${next}; title="say \"hi\""; rel="next"`, 'https://a/?p=2'],
    ['a title ends in a backslash', String.raw`${next}; title="C:\\"; rel="next"`, 'https://a/?p=2'],
    ['a title has another link in it', `<https://a/?p=9>; title="<https://x>; rel=next, "; rel=last, ${next}; rel=next`, 'https://a/?p=2'],
    ['the relation has a quoted pair', String.raw`${next}; rel="ne\xt"`, 'https://a/?p=2'],
    ['parameters are any tokens', `${next}; x.y="1"; a!#$&'^_|~=2; flag; rel="next"`, 'https://a/?p=2'],
    ['names and relations are in capitals', `${next}; REL="NEXT"`, 'https://a/?p=2'],
    ['relations are several', `${next}; rel="last  next"`, 'https://a/?p=2'],
    [
      'the relation is a second one of its name',
      `<https://a/?p=9>; rel="last"; rel="next", ${next}; rel="next"; rel="last"`,
      'https://a/?p=2',
    ],
    ['blanks stand everywhere', ` ,, <https://a/?p=2>\t ; rel = "next" ; , `, 'https://a/?p=2'],
    ['blanks stand inside of the brackets', '< https://a/?p=2 >; rel=next', 'https://a/?p=2'],
    ['the relation is encoded', `${next}; rel*=UTF-8''next`, 'https://a/?p=2'],
    ['single quotes stand for double ones', `${next}; rel='next'`, 'https://a/?p=2'],
    ['a quote is never closed', `${next}; rel="next`, 'https://a/?p=2'],
    ['the anchor is the answer itself', `${next}; rel=next; anchor="/items?page=1#list"`, 'https://a/?p=2'],
    [
      'another link of the relation is of another resource',
      `<https://a/other>; rel=next; anchor="/x", ${next}; rel=next`,
      'https://a/?p=2',
    ],
    ['it is relative', '<?page=2>; rel=next', '?page=2'],
  ])('%s', (_, header, address) => {
    expect(addressOf(header)).toBe(address);
  });
});

describe('a header names no next page where', () => {
  test.each<[string, string]>([
    ['it is empty', ''],
    ['the link is to the last page', '<https://a/?p=9>; rel="last"'],
    ['the word is in a title', '<https://a/?p=9>; title="rel=next"; rel=last'],
    ['the word is in the address', '<https://a/?rel=next>; rel=self'],
    ['the relation is an extension', '<https://a/?p=9>; rel="https://a/rels/next next-archive"'],
    ['the relation is the reverse one', '<https://a/?p=9>; rev=next'],
    ['nothing in it is a link', 'none'],
  ])('%s', (_, header) => {
    expect(linkSaid('next', header, of)).toBeUndefined();
  });
});

describe('a header names a next page, and no address of it, where', () => {
  test.each<[string, string]>([
    ['there are no brackets', 'https://a/?p=2; rel="next"'],
    ['the brackets are not closed', '<https://a/?p=2; rel="next"'],
    ['the brackets are closed by the next link', '<https://a/?p=2; rel="next", <https://a/?p=9>; rel="last"'],
    ['the address is empty', '<>; rel="next"'],
    ['the address is none', '<https://[>; rel="next"'],
    ['the link is of another resource', `${next}; rel=next; anchor="https://a/other"`],
    ['something stands behind the link before', `<https://a/?p=9>; rel="last" or ${next}; rel="next"`],
  ])('%s', (_, header) => {
    expect(linkSaid('next', header, of)).toEqual({ address: undefined });
  });
});

test('a link to a next page that says that it has no results is none', () => {
  expect(linkSaid('next', `${next}; rel="next"; results="false"; cursor="0:100:0"`, of)).toBeUndefined();
  expect(addressOf(`${next}; rel="next"; results="true"; cursor="0:100:0"`)).toBe('https://a/?p=2');
});
