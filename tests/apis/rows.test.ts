import { describe, expect, test } from 'vitest';
import type { Body } from '../../src/apis/answers/document.ts';
import { parentOf } from '../../src/apis/parents/parents.ts';
import { isDeleted, type RowRules, rowsOf } from '../../src/apis/parents/rows.ts';

const rows = (text: string, rules: RowRules, members: readonly string[] = []) => {
  const bytes = Buffer.from(`${text}\0`);
  const body: Body = { bytes, length: bytes.length - 1 };
  return rowsOf(body, { start: 0, end: body.length }, rules, members).map(String);
};

describe('the rows of a record', () => {
  test('are the objects of an array inside it, with fields of the record, digit by digit', () => {
    const record = '{"id": 9007199254740993, "no": 1.10, "name": "a\\"\\u00e9", "lines": [{"sku":1}, { }, {"sku":2}]}';
    expect(rows(record, { each: 'lines', parent: { order_id: 'id', total: 'no', customer: 'name', gone: 'nothing' } })).toEqual([
      '{"order_id":9007199254740993,"total":1.10,"customer":"a\\"é","gone":null,"sku":1}',
      '{"order_id":9007199254740993,"total":1.10,"customer":"a\\"é","gone":null }',
      '{"order_id":9007199254740993,"total":1.10,"customer":"a\\"é","gone":null,"sku":2}',
    ]);
  });

  test('are found through objects and arrays on the way', () => {
    const record = '{"a":{"b":[{"c":[{"x":1}]},{"c":null},{},{"c":[{"x":2},{"x":3}]}]}}';
    expect(rows(record, { each: 'a.b[].c' })).toEqual(['{"x":1}', '{"x":2}', '{"x":3}']);
  });

  test.each(['{}', '{"lines":null}', '{"lines":[]}', '{"other":{"lines":[{}]}}'])('are none in %s', (record) => {
    expect(rows(record, { each: 'lines', parent: { id: 'id' } })).toEqual([]);
  });

  test.each([
    ['{"lines":7}', '[7]'],
    ['{"lines":"a"}', '["a"]'],
    ['{"lines":{"x":1}}', '[{"x":1}]'],
    ['{"lines":[7]}', '7'],
    ['{"lines":[[{"x":1}]]}', '[{"x":1}]'],
    ['[1]', '[1]'],
  ])('of %s are no object, so that the decoder refuses them', (record, row) => {
    expect(rows(record, { each: 'lines' })).toEqual([row]);
  });

  test.each([
    ['{"id":1,"id":2,"lines":[{}]}', { each: 'lines', parent: { order_id: 'id' } }],
    ['{"lines":[{}],"lines":[]}', { each: 'lines' }],
    ['{"state":{"archived":true,"archived":false}}', { deleted: { at: 'state.archived' } }],
  ])('of %s, which has a name twice, are refused by the decoder', (record, rules) => {
    expect(rows(record, rules)).toEqual([`[${record}]`]);
  });

  test('stay where another row of the record has a name twice', () => {
    const rules = { each: 'lines', deleted: { at: 'gone', is: true } };
    expect(rows('{"lines":[{"x":1},{"gone":1,"gone":2}]}', rules)).toEqual(['{"_deleted":false,"x":1}', '[{"gone":1,"gone":2}]']);
  });

  test('bear the mark of the field that says so', () => {
    const marked = { deleted: { at: 'state.archived', is: true } };
    expect(rows('{"id":1,"state":{"archived":true}}', marked)).toEqual(['{"_deleted":true,"id":1,"state":{"archived":true}}']);
    expect(rows('{"id":1}', marked)).toEqual(['{"_deleted":false,"id":1}']);
  });
});

test.each([
  [undefined, true, false],
  [{ kind: 'bool', text: 'true' }, true, true],
  [{ kind: 'bool', text: 'false' }, true, false],
  [{ kind: 'string', text: 'true' }, true, false],
  [{ kind: 'string', text: 'trash' }, 'trash', true],
  [{ kind: 'number', text: '1' }, 1, true],
  [{ kind: 'null', text: 'null' }, undefined, false],
  [{ kind: 'string', text: '' }, undefined, false],
  [{ kind: 'bool', text: 'false' }, undefined, false],
  [{ kind: 'object', text: '{"reason":"deleted"}' }, undefined, true],
  [{ kind: 'string', text: '2026-01-01' }, undefined, true],
] as const)('%j is a mark of is: %j: %j', (found, is, marked) => {
  expect(isDeleted(found, { at: 'gone', ...(is === undefined ? {} : { is }) })).toBe(marked);
});

test.each(['0', '1', '1.0', '-0'])('the number %s is not a mark where is does not say what it means', (text) => {
  expect(() => isDeleted({ kind: 'number', text }, { at: 'gone' })).toThrow('HYG-3642');
});

test('a parent with a name twice is refused', () => {
  const bytes = Buffer.from('{"id":1,"id":2}\0');
  const fields = { braces: ['id'], columns: {}, changedBy: undefined, key: [] };
  expect(() => parentOf({ bytes, length: bytes.length - 1 }, fields, 'repos')).toThrow('HYG-3602');
});

test('a number that counts time is a mark', () => {
  expect(isDeleted({ kind: 'number', text: '1764000000' }, { at: 'deleted_at' })).toBe(true);
});
