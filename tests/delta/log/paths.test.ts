import { describe, expect, test } from 'vitest';
import { resolvePath } from '../../../src/delta/log/log.ts';

const lake = 'abfss://raw@lake.dfs.core.windows.net/shop/orders';
const here = 'file:///data/my%20tables/t';

const inTable = (path: string) => ({ within: 'table', path });
const inContainer = (path: string) => ({ within: 'container', path });

describe('a relative path', () => {
  test.each([
    ['a.parquet', 'a.parquet'],
    ['p=with%20space/a.parquet', 'p=with space/a.parquet'],
    ['p=a%252Fb/a.parquet', 'p=a%2Fb/a.parquet'],
    ['p=é/a+b.parquet', 'p=é/a+b.parquet'],
    ['%70art.parquet', 'part.parquet'],
    ['./a.parquet', 'a.parquet'],
    ['a/./b//c.parquet', 'a/b/c.parquet'],
    ['a/../b.parquet', 'b.parquet'],
    ['my file.parquet', 'my file.parquet'],
    ['p=x:y/a.parquet', 'p=x:y/a.parquet'],
    ['p=2024-01-01 00%3A00%3A00/a.parquet', 'p=2024-01-01 00:00:00/a.parquet'],
    ['p=a%3Fb%23c/a.parquet', 'p=a?b#c/a.parquet'],
  ])('%s', (path, wanted) => {
    for (const table of [lake, here]) expect(resolvePath(table, path)).toEqual(inTable(wanted));
  });

  test.each([
    ['../a.parquet', /leaves the folder of the table/],
    ['a/../../t/a.parquet', /leaves the folder of the table/],
    ['%2E%2E/a.parquet', /leaves the folder of the table/],
    ['..%2Fa.parquet', /leaves the folder of the table/],
    ['a\\..\\..\\b.parquet', /backslash/],
    ['a%00.parquet', /NUL/],
    ['100%.parquet', /% without an encoded/],
    ['%FF.parquet', /% without an encoded/],
    ['a?b.parquet', /not encoded/],
    ['a#b.parquet', /not encoded/],
    ['', /names no file/],
    ['a/', /names no file/],
    ['.', /names no file/],
  ])('%j is refused', (path, why) => {
    expect(() => resolvePath(lake, path)).toThrow(expect.objectContaining({ code: 'HYG-3710', why: [expect.stringMatching(why)] }));
  });
});

describe('an absolute path', () => {
  test.each([
    [lake, 'abfss://raw@lake.dfs.core.windows.net/shop/orders/p=1/a%20b.parquet', inTable('p=1/a b.parquet')],
    [lake, 'abfss://raw@LAKE.dfs.core.windows.net/shop/orders2/a.parquet', inContainer('shop/orders2/a.parquet')],
    [lake, 'wasbs://raw@lake.blob.core.windows.net/shop/a.parquet', inContainer('shop/a.parquet')],
    [lake, 'https://lake.dfs.core.windows.net/raw/shop/orders/a.parquet', inTable('a.parquet')],
    ['https://lake.blob.core.windows.net/raw/shop', 'abfss://raw@lake.dfs.core.windows.net/shop/a.parquet', inTable('a.parquet')],
    ['s3://bucket/t', 's3a://bucket/t/a.parquet', inTable('a.parquet')],
    ['s3://bucket/t', 's3://bucket/u/../t/a.parquet', inTable('a.parquet')],
    ['s3://bucket', 's3://bucket/a.parquet', inTable('a.parquet')],
    ['gs://bucket/t', 'gs://bucket/other/a.parquet', inContainer('other/a.parquet')],
    [here, 'file:/data/my%20tables/t/a.parquet', inTable('a.parquet')],
    [here, 'file:///data/my%20tables/source/a.parquet', inContainer('data/my tables/source/a.parquet')],
    [here, '/data/my%20tables/t/a.parquet', inTable('a.parquet')],
    [here, 'file://localhost/x/a.parquet', inContainer('x/a.parquet')],
    // A folder of an object store may be named with a percent sign: the table's own address is not encoded.
    ['s3://bucket/a%20b', 's3://bucket/a%2520b/c.parquet', inTable('c.parquet')],
  ])('in %s: %s', (table, path, wanted) => {
    expect(resolvePath(table, path)).toEqual(wanted);
  });

  test.each([
    [lake, 'abfss://raw@evil.dfs.core.windows.net/shop/orders/a.parquet'],
    [lake, 'abfss://raw@lake.dfs.core.windows.net.evil.example/shop/orders/a.parquet'],
    [lake, 'abfss://other@lake.dfs.core.windows.net/shop/orders/a.parquet'],
    [lake, 'https://lake.example/raw/shop/orders/a.parquet'],
    [lake, 'file:///etc/passwd'],
    [lake, '/shop/orders/a.parquet'],
    [lake, '//evil.example/a.parquet'],
    [lake, 'javascript:a.parquet'],
    [lake, 's3://raw/shop/orders/a.parquet'],
    ['s3://bucket/t', 's3://bucket2/t/a.parquet'],
    ['s3://bucket/t', 'gs://bucket/t/a.parquet'],
    ['s3://bucket/t', 's3://user@bucket/t/a.parquet'],
    [here, 'file://server/share/a.parquet'],
    [here, '//server/share/a.parquet'],
    [here, 'http://127.0.0.1/a.parquet'],
    [here, 'file:///../../a.parquet'],
    ['ftp://h/t', 's3://bucket/a.parquet'],
  ])('in %s: %s is refused', (table, path) => {
    expect(() => resolvePath(table, path)).toThrow(expect.objectContaining({ code: 'HYG-3710' }));
  });
});
