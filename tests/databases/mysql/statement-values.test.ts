import { describe, expect, test } from 'vitest';
import { withValues } from '../../../src/databases/mysql/connect.ts';
import { quoteText } from '../../../src/databases/mysql/dialect.ts';

describe('values in a statement', () => {
  test.each<readonly [string, string, readonly (string | null)[], readonly (string | null)[]]>([
    ['a text', 'a = $1', ['x'], ['a = ', 'x']],
    ['null', 'a <=> $1', [null], ['a <=> ', null]],
    ['what looks like another place', 'a = $1 and b = $2', ['$2', '$1'], ['a = ', '$2', ' and b = ', '$1']],
    ['what a replacement takes for a sign', 'a = $1', ["$& $' $$"], ['a = ', "$& $' $$"]],
    ['the same value twice', '$1 + $1', ['1'], ['', '1', ' + ', '1']],
    ['the tenth value', '$10, $1', ['1', '2', '3', '4', '5', '6', '7', '8', '9', 'ten'], ['', 'ten', ', ', '1']],
    ['a value that was not given', 'a = $2', ['x'], ['a = ', null]],
  ])('are put into their places: %s', (_, sql, values, expected) => {
    const written = expected.map((one, at) => (at % 2 === 0 ? one : one === null ? 'NULL' : quoteText(one)));
    expect(withValues(sql, values)).toBe(written.join(''));
  });

  test.each([
    ['a name', '`net$1`'],
    ['a name with a backtick', '`a``$1`'],
    ['a name with a quote', "`it's $1`"],
    ['a text', "'$1'"],
    ['a text with a quote', "'it''s $1'"],
    ['a text with a backslash before its quote', "'a\\' $1'"],
    ['a text with a backtick', "'a ` $1'"],
    ['a text of several lines', "'a\n$1'"],
  ])('leave what stands in quotes as it is: %s', (_, quoted) => {
    expect(withValues(`select ${quoted} from t where a = $1`, ['x'])).toBe(`select ${quoted} from t where a = ${quoteText('x')}`);
    expect(withValues(`select ${quoted}`, [])).toBe(`select ${quoted}`);
  });
});
