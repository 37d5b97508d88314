import { describe, expect, test } from 'vitest';
import type { DeltaField, DeltaMetadata, DeltaType } from '../../../src/delta/table.ts';
import {
  columnNames,
  mappedByName,
  namesAsText,
  physicalNameOf,
  withNamesOf,
  withNewNames,
} from '../../../src/delta/write/column-mapping.ts';

const field = (name: string, type: DeltaType = 'long', metadata: DeltaField['metadata'] = {}): DeltaField => ({
  name,
  type,
  nullable: true,
  metadata,
});
const known = (name: string, id: number) =>
  field(name, 'long', { 'delta.columnMapping.id': id, 'delta.columnMapping.physicalName': `col-${id}`, comment: 'kept' });

function table(fields: readonly DeltaField[], configuration: DeltaMetadata['configuration'] = mappedByName): DeltaMetadata {
  return { id: 't', name: null, description: null, schema: { type: 'struct', fields }, partitionColumns: [], configuration };
}

const nested: DeltaType = {
  type: 'struct',
  fields: [field('x'), field('l', { type: 'array', elementType: { type: 'struct', fields: [field('y')] }, containsNull: true })],
};

describe('new columns of a table that maps its columns', () => {
  test('get a name and an id each, in structs and lists as well, and the table the largest id', () => {
    const named = withNewNames(table([field('a'), field('s', nested)]), 'seed');
    const names = columnNames(named.schema.fields);
    const ids = [names.get('a')?.id, names.get('s')?.id, names.get('s')?.fields.get('x')?.id, names.get('s')?.fields.get('l')?.id];
    expect(ids).toEqual([1, 2, 3, 4]);
    expect(names.get('s')?.fields.get('l')?.fields.get('y')).toMatchObject({ id: 5, name: expect.stringMatching(/^col-[0-9a-f-]{36}$/) });
    expect(named.configuration).toEqual({ 'delta.columnMapping.mode': 'name', 'delta.columnMapping.maxColumnId': '5' });
  });

  test('get ids above all that were given, also to columns that are gone', () => {
    const told = { ...mappedByName, 'delta.columnMapping.maxColumnId': '9' };
    const named = withNewNames(table([known('a', 3), field('b')], told), 'seed');
    expect(named.schema.fields.map(({ metadata }) => metadata['delta.columnMapping.id'])).toEqual([3, 10]);
    expect(named.schema.fields[0]).toEqual(known('a', 3));
    expect(withNewNames(table([known('a', 12), field('b')], told), 'seed').configuration).toMatchObject({
      'delta.columnMapping.maxColumnId': '13',
    });
  });

  test('have the same name in each process of a commit, and another one in the next commit', () => {
    const nameBy = (seed: string) => withNewNames(table([field('a')]), seed).schema.fields.map(physicalNameOf);
    expect(nameBy('one')).toEqual(nameBy('one'));
    expect(nameBy('one')).not.toEqual(nameBy('two'));
  });
});

test('a type keeps the names of the table where it has its fields', () => {
  const there = withNewNames(table([field('s', nested)]), 'seed').schema.fields[0] as DeltaField;
  expect(withNamesOf(nested, there.type)).toEqual(there.type);
});

test('names as a text do not depend on the order of the columns', () => {
  const { fields } = withNewNames(table([field('a'), field('b')]), 'seed').schema;
  expect(namesAsText(fields, ['a', 'b'])).toBe(namesAsText([...fields].reverse(), ['b', 'a']));
  expect(namesAsText(fields, ['a', 'b'])).not.toBe(
    namesAsText(withNewNames(table([field('a'), field('b')]), 'other').schema.fields, ['a', 'b']),
  );
});
